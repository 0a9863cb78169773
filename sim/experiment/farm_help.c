/* The farm on a rank that helps: runs the units that rank 0 names, and sends it their lines. */
#include "experiment/farm.h"
#include "experiment/yard.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

struct help {
    const struct farm *farm;
    struct yard yard;
    bool dismissed, gone; /* by rank 0; goodbye was said */
};

static void send_line(struct help *help, size_t unit, const char *line)
{
    char *text;
    int length = asprintf(&text, "%zu %s", unit, line);
    CHECK(length > 0);
    ranks_send(help->farm->ranks, 0, LETTER_LINE, text, (size_t)length);
    free(text);
}

/* Ends with the rank that it was on, where something is wrong. */
static void take(void *whose, size_t unit, const char *line)
{
    struct help *help = whose;
    char wrong[600];
    if (strncmp(line, "failed: ", 8) == 0) {
        snprintf(wrong, sizeof wrong, "%.500s (on rank %d)", line, help->farm->ranks->rank);
        line = wrong;
    }
    send_line(help, unit, line);
}

static void begin(struct help *help, size_t unit)
{
    struct error error;
    char line[600];
    if (*help->farm->stop || help->dismissed) {
        send_line(help, unit, "stopped");
    } else if (!yard_start(&help->yard, unit, &error)) {
        snprintf(line, sizeof line, "failed: rank %d: %s", help->farm->ranks->rank, error.text);
        send_line(help, unit, line);
    }
}

static double seconds(struct timeval time)
{
    return (double)time.tv_sec + (double)time.tv_usec * 1e-6;
}

double farm_cpu_s(void)
{
    struct rusage self, children;
    getrusage(RUSAGE_SELF, &self);
    getrusage(RUSAGE_CHILDREN, &children);
    return seconds(self.ru_utime) + seconds(self.ru_stime) + seconds(children.ru_utime) +
           seconds(children.ru_stime);
}

/* True with the verdict. */
static bool obey(struct help *help, const struct letter *letter, enum exit_code *code)
{
    if (letter->kind == LETTER_UNIT) {
        begin(help, strtoull(letter->text, NULL, 10));
    } else if (letter->kind == LETTER_DROP) {
        yard_drop(&help->yard, strtoull(letter->text, NULL, 10));
    } else if (letter->kind == LETTER_DISMISS) {
        help->dismissed = true;
        yard_stop(&help->yard);
    } else if (letter->kind == LETTER_VERDICT) {
        *code = (enum exit_code)atoi(letter->text);
        return true;
    }
    return false;
}

static void say_goodbye(struct help *help)
{
    char text[32];
    int length = snprintf(text, sizeof text, "%.6f", farm_cpu_s());
    ranks_send(help->farm->ranks, 0, LETTER_BYE, text, (size_t)length);
    help->gone = true;
}

static enum exit_code work(struct help *help)
{
    struct ranks *ranks = help->farm->ranks;
    bool stopping = false;
    enum exit_code code = EXIT_FAILED;
    struct letter letter;
    for (bool over = false; !over;) {
        yard_listen(&help->yard, ranks_pause_ns(ranks));
        if (*help->farm->stop && !stopping)
            yard_stop(&help->yard);
        stopping = *help->farm->stop;
        while (!over && ranks_poll(ranks, &letter)) {
            over = obey(help, &letter, &code);
            free(letter.text);
        }
        if (help->dismissed && help->yard.running == 0 && !help->gone)
            say_goodbye(help);
    }
    return code;
}

enum exit_code farm_help(const struct farm *farm, struct design *design, const char *trouble)
{
    struct help help = {.farm = farm};
    char hello[512];
    help.yard = (struct yard){.run = farm->run,
                              .model = farm->model,
                              .design = design,
                              .take = take,
                              .whose = &help,
                              .processes = farm->processes};
    yard_init(&help.yard);
    int length = trouble != NULL ? snprintf(hello, sizeof hello, "%s", trouble)
                                 : snprintf(hello, sizeof hello, "%u", farm->processes);
    ranks_send(farm->ranks, 0, LETTER_HELLO, hello, (size_t)length);
    enum exit_code code = work(&help);
    yard_fini(&help.yard);
    return code;
}
