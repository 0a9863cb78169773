#include "experiment/farm.h"

#include "experiment/unit_text.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum { READ_BYTES = 65536, WAIT_MS = 100 };

struct child {
    pid_t pid; /* 0: nobody */
    int pipe;
    size_t unit;
    char *text;
    size_t length, room;
    bool dropped; /* nobody wants its unit any more */
};

struct yard {
    const struct farm *farm;
    struct design *design;
    struct child *children;
    unsigned running;
    size_t next;       /* the next unit to look at */
    enum unit_end end; /* UNIT_DONE until something else happens */
    struct error *error;
};

/* In the child: one line, "unit ...", "stopped" or "failed: WHY", whole with its end of line. */
static void report(FILE *pipe, enum unit_end end, const struct unit_result *unit,
                   const struct error *error)
{
    if (end == UNIT_DONE)
        unit_text_write(unit, pipe);
    else if (end == UNIT_STOPPED)
        fputs("stopped", pipe);
    else
        fprintf(pipe, "failed: %s", error->text);
    fputc('\n', pipe);
}

static _Noreturn void be_child(const struct yard *yard, struct unit_result *unit, int descriptor,
                               pid_t parent)
{
    struct error error = {{0}};
    prctl(PR_SET_PDEATHSIG, SIGKILL); /* nobody would read what it makes */
    if (getppid() != parent)
        _exit(EXIT_FAILED);
    enum unit_end end = yard->farm->run(yard->farm->model, unit, &error);
    FILE *pipe = fdopen(descriptor, "w");
    if (pipe == NULL)
        _exit(EXIT_FAILED);
    report(pipe, end, unit, &error);
    _exit(fclose(pipe) == 0 ? EXIT_DONE : EXIT_FAILED);
}

static bool spawn(struct yard *yard, struct child *child, size_t unit)
{
    int ends[2];
    pid_t parent = getpid();
    fflush(NULL);
    if (pipe(ends) != 0)
        return error_set(yard->error, "cannot make a pipe: %s", strerror(errno));
    pid_t pid = fork();
    if (pid == 0) {
        close(ends[0]);
        be_child(yard, yard->design->units[unit], ends[1], parent);
    }
    close(ends[1]);
    if (pid < 0) {
        close(ends[0]);
        return error_set(yard->error, "cannot start a process: %s; try fewer --jobs",
                         strerror(errno));
    }
    *child = (struct child){.pid = pid, .pipe = ends[0], .unit = unit};
    yard->running++;
    return true;
}

static void end_children(struct yard *yard)
{
    for (unsigned i = 0; i < yard->farm->processes; i++)
        if (yard->children[i].pid != 0)
            kill(yard->children[i].pid, SIGTERM);
}

static void fail(struct yard *yard, enum unit_end end)
{
    if (yard->end == UNIT_DONE)
        yard->end = end;
    end_children(yard);
}

static bool is_wanted(const struct farm *farm, size_t unit)
{
    return farm->wanted == NULL || farm->wanted(farm->model, unit);
}

static void drop_unwanted(struct yard *yard)
{
    for (unsigned i = 0; i < yard->farm->processes; i++) {
        struct child *child = &yard->children[i];
        if (child->pid == 0 || child->dropped || is_wanted(yard->farm, child->unit))
            continue;
        child->dropped = true;
        kill(child->pid, SIGTERM);
    }
}

static bool keep(const struct farm *farm, struct design *design, struct unit_result *unit,
                 struct error *error)
{
    unit->done = true;
    design->done++;
    return farm->keep(farm->model, unit, error);
}

/* Puts what a child said in its place. */
static void take(struct yard *yard, struct child *child, int status)
{
    struct unit_result *unit = yard->design->units[child->unit];
    bool whole = child->length > 0 && child->text[child->length - 1] == '\n';
    if (whole)
        child->text[child->length - 1] = '\0';
    if (whole && unit_text_read(unit, child->text)) {
        if (!keep(yard->farm, yard->design, unit, yard->error))
            fail(yard, UNIT_FAILED);
        drop_unwanted(yard);
    } else if (child->dropped) {
        return;
    } else if (whole && strcmp(child->text, "stopped") == 0) {
        fail(yard, UNIT_STOPPED);
    } else if (yard->end == UNIT_DONE) {
        if (whole && strncmp(child->text, "failed: ", 8) == 0)
            error_set(yard->error, "%.500s", child->text + 8);
        else
            error_set(yard->error, "the process of replication %u of %s died (status %d)",
                      unit->replication, unit->tables->schemes[unit->scheme], status);
        fail(yard, UNIT_FAILED);
    }
}

static void reap(struct yard *yard, struct child *child)
{
    int status = 0;
    while (waitpid(child->pid, &status, 0) < 0 && errno == EINTR)
        continue;
    close(child->pipe);
    child->pid = 0;
    yard->running--;
    take(yard, child, status);
    free(child->text);
    child->text = NULL;
}

/* Reads what is there; the end of the pipe is the end of the child. */
static void listen_to(struct yard *yard, struct child *child)
{
    if (child->room - child->length < READ_BYTES + 1) {
        child->room = child->length + 2 * READ_BYTES;
        child->text = realloc(child->text, child->room);
        CHECK(child->text != NULL);
    }
    ssize_t got = read(child->pipe, child->text + child->length, READ_BYTES);
    if (got > 0) {
        child->length += (size_t)got;
        child->text[child->length] = '\0';
    } else if (got == 0 || errno != EINTR) {
        reap(yard, child);
    }
}

static void listen_to_all(struct yard *yard)
{
    unsigned processes = yard->farm->processes, count = 0;
    struct pollfd *polls = calloc(processes, sizeof *polls);
    struct child **who = calloc(processes, sizeof(struct child *));
    CHECK(polls != NULL && who != NULL);
    for (unsigned i = 0; i < processes; i++)
        if (yard->children[i].pid != 0) {
            who[count] = &yard->children[i];
            polls[count++] = (struct pollfd){.fd = yard->children[i].pipe, .events = POLLIN};
        }
    if (poll(polls, count, WAIT_MS) > 0)
        for (unsigned i = 0; i < count; i++)
            if (polls[i].revents != 0)
                listen_to(yard, who[i]);
    free(polls);
    free(who);
}

static bool is_left(const struct farm *farm, const struct design *design, size_t unit)
{
    return !design->units[unit]->done && design_is_mine(design, unit) && is_wanted(farm, unit);
}

static void fill(struct yard *yard)
{
    struct design *design = yard->design;
    for (unsigned i = 0; i < yard->farm->processes && yard->end == UNIT_DONE; i++) {
        while (yard->next < design->count && !is_left(yard->farm, design, yard->next))
            yard->next++;
        if (yard->children[i].pid == 0 && yard->next < design->count &&
            !spawn(yard, &yard->children[i], yard->next++))
            fail(yard, UNIT_FAILED);
    }
}

static enum unit_end run_forked(const struct farm *farm, struct design *design, struct error *error)
{
    struct yard yard = {.farm = farm, .design = design, .error = error};
    yard.end = UNIT_DONE;
    yard.children = calloc(farm->processes, sizeof *yard.children);
    CHECK(yard.children != NULL);
    fill(&yard);
    while (yard.running > 0) {
        listen_to_all(&yard);
        if (farm->idle != NULL)
            farm->idle(farm->model);
        if (*farm->stop && yard.end == UNIT_DONE)
            fail(&yard, UNIT_STOPPED);
        fill(&yard);
    }
    free(yard.children);
    return yard.end;
}

static enum unit_end run_here(const struct farm *farm, struct design *design, struct error *error)
{
    for (size_t i = 0; i < design->count; i++) {
        struct unit_result *unit = design->units[i];
        if (!is_left(farm, design, i))
            continue;
        enum unit_end end = farm->run(farm->model, unit, error);
        if (end != UNIT_DONE) { /* what it counted so far is no unit's */
            unit_result_clear(unit);
            return end;
        }
        if (!keep(farm, design, unit, error))
            return UNIT_FAILED;
    }
    return UNIT_DONE;
}

enum unit_end farm_run(const struct farm *farm, struct design *design, struct error *error)
{
    CHECK(farm->processes >= 1);
    return farm->processes == 1 ? run_here(farm, design, error) : run_forked(farm, design, error);
}
