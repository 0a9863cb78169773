#include "experiment/yard.h"

#include "experiment/unit_text.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { READ_BYTES = 65536 };

struct yard_child {
    pid_t pid; /* 0: nobody */
    int pipe;
    size_t unit;
    char *text;
    size_t length, room;
};

void yard_init(struct yard *yard)
{
    yard->running = 0;
    yard->children = calloc(yard->processes, sizeof *yard->children);
    CHECK(yard->children != NULL && yard->processes > 0);
}

void yard_fini(struct yard *yard)
{
    CHECK(yard->running == 0);
    free(yard->children);
}

/* In the child: one line, whole with its end. */
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
    enum unit_end end = yard->run(yard->model, unit, &error);
    FILE *pipe = fdopen(descriptor, "w");
    if (pipe == NULL)
        _exit(EXIT_FAILED);
    report(pipe, end, unit, &error);
    _exit(fclose(pipe) == 0 ? EXIT_DONE : EXIT_FAILED);
}

static struct yard_child *find_place(struct yard *yard)
{
    CHECK(yard->running < yard->processes);
    struct yard_child *child = yard->children;
    while (child->pid != 0)
        child++;
    return child;
}

bool yard_start(struct yard *yard, size_t unit, struct error *error)
{
    struct yard_child *child = find_place(yard);
    int ends[2];
    pid_t parent = getpid();
    fflush(NULL);
    if (pipe(ends) != 0)
        return error_set(error, "cannot make a pipe: %s", strerror(errno));
    pid_t pid = fork();
    if (pid == 0) {
        close(ends[0]);
        be_child(yard, yard->design->units[unit], ends[1], parent);
    }
    close(ends[1]);
    if (pid < 0) {
        close(ends[0]);
        return error_set(error, "cannot start a process: %s; try fewer --jobs", strerror(errno));
    }
    *child = (struct yard_child){.pid = pid, .pipe = ends[0], .unit = unit};
    yard->running++;
    return true;
}

void yard_drop(struct yard *yard, size_t unit)
{
    for (unsigned i = 0; i < yard->processes; i++)
        if (yard->children[i].pid != 0 && yard->children[i].unit == unit)
            kill(yard->children[i].pid, SIGTERM);
}

void yard_stop(struct yard *yard)
{
    for (unsigned i = 0; i < yard->processes; i++)
        if (yard->children[i].pid != 0)
            kill(yard->children[i].pid, SIGTERM);
}

/* What the child said, if it was said to the end. */
static char *take_line(struct yard_child *child, int status)
{
    char *line = child->text;
    child->text = NULL;
    if (line != NULL && child->length > 0 && line[child->length - 1] == '\n') {
        line[child->length - 1] = '\0';
        return line;
    }
    free(line);
    CHECK(asprintf(&line, "died %d", status) > 0);
    return line;
}

static void reap(struct yard *yard, struct yard_child *child)
{
    int status = 0;
    while (waitpid(child->pid, &status, 0) < 0 && errno == EINTR)
        continue;
    close(child->pipe);
    child->pid = 0;
    yard->running--;
    char *line = take_line(child, status);
    yard->take(yard->whose, child->unit, line);
    free(line);
}

/* Reads what is there; the end of the pipe is the end of the child. */
static void listen_to(struct yard *yard, struct yard_child *child)
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

void yard_listen(struct yard *yard, int64_t most_ns)
{
    struct timespec most = {most_ns / 1000000000, most_ns % 1000000000};
    struct pollfd *polls = calloc(yard->processes, sizeof *polls);
    CHECK(polls != NULL);
    for (unsigned i = 0; i < yard->processes; i++) /* poll passes over a descriptor of -1 */
        polls[i] = (struct pollfd){.fd = yard->children[i].pid != 0 ? yard->children[i].pipe : -1,
                                   .events = POLLIN};
    if (ppoll(polls, yard->processes, &most, NULL) > 0)
        for (unsigned i = 0; i < yard->processes; i++)
            if (polls[i].revents != 0)
                listen_to(yard, &yard->children[i]);
    free(polls);
}
