/* Ranks in `cashpoint run`: rank 0 has the run, the others help it. */
#include "run.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* The task of the other ranks: "BUILD\nRESOLVED SCENARIO". They are not sent a path: on another
 * machine it may be another file, and settings of the command line are resolved already. */
char *run_task(const struct run *run, size_t *length)
{
    struct journal_identity identity = run_identify(run);
    char *task;
    int written = asprintf(&task, "%s\n%s", identity.build, run->resolved);
    CHECK(written > 0);
    *length = (size_t)written;
    return task;
}

/* Reads the scenario as if it lay in a file: scenarios are read from files alone. */
static bool read_task(struct run *run, const char *text)
{
    char path[64];
    int memory = memfd_create("scenario", MFD_CLOEXEC);
    size_t length = strlen(text);
    snprintf(path, sizeof path, "/proc/self/fd/%d", memory);
    bool good = memory >= 0 && write(memory, text, length) == (ssize_t)length &&
                run_read_scenario(run, path, NULL, 0) == EXIT_DONE;
    if (memory >= 0)
        close(memory);
    return good;
}

static enum exit_code help_with(struct run *run, char *task)
{
    struct journal_identity own = run_identify(run);
    char trouble[400] = "", host[64] = "";
    char *scenario = task + strcspn(task, "\n");
    CHECK(*scenario == '\n');
    *scenario++ = '\0';
    gethostname(host, sizeof host - 1);
    if (strcmp(own.build, task) != 0)
        snprintf(trouble, sizeof trouble,
                 "on %s is build %s, rank 0 is %s: only the same build gives the same bytes", host,
                 own.build, task);
    else if (!read_task(run, scenario))
        snprintf(trouble, sizeof trouble, "on %s cannot read the scenario that rank 0 sent", host);
    return run_help(run, trouble[0] != '\0' ? trouble : NULL);
}

/* Rank 0 may come to its verdict before there is anything to do: a mistake in the scenario. */
static enum exit_code help(struct run *run)
{
    struct letter letter;
    ranks_wait(run->ranks, &letter);
    CHECK(letter.kind == LETTER_TASK || letter.kind == LETTER_VERDICT);
    enum exit_code code = letter.kind == LETTER_TASK ? help_with(run, letter.text)
                                                     : (enum exit_code)atoi(letter.text);
    free(letter.text);
    return code;
}

/* Every rank says it: it may be the only one in trouble. */
static enum exit_code tell_alone(const struct error *error)
{
    int rank, size;
    ranks_started(&rank, &size);
    fprintf(stderr, "cashpoint: error: rank %d: %s\n", rank, error->text);
    return EXIT_FAILED;
}

bool run_join(struct run *run, bool jobs_given, enum exit_code *code)
{
    struct error error;
    bool good = ranks_join(&run->ranks, &error);
    if (good && run->ranks == NULL)
        return true;
    if (good && !jobs_given) /* mpirun was told how many there shall be */
        run->jobs = 1;
    if (good && run->ranks->rank == 0)
        return true;
    *code = good ? help(run) : tell_alone(&error);
    return false;
}

void run_tell_ranks(struct run *run, enum exit_code code)
{
    char verdict[16];
    int length = snprintf(verdict, sizeof verdict, "%d", (int)code);
    fflush(stdout); /* mpirun ends what is left as soon as one rank has failed */
    if (run->ranks != NULL)
        ranks_send_all(run->ranks, LETTER_VERDICT, verdict, (size_t)length);
}
