/*
 * Kills a bank with a file database at random writes, again and again, recovers it, and holds what
 * the new one says against all that the old ones have said (bank_storm.h, in memory that outlives
 * them). Usage: bank_torture FILE KILLS SEED [power] [unsynchronised] [defect N]
 *
 *     power           what was not synchronised is lost at random, as when the power fails
 *     unsynchronised  the bank does not wait for the disk
 *     defect N        a deliberate defect (enum bank_defect)
 *
 * Exit: 0 nothing was lost and nothing paid twice; 3 something was, and is named; 1 trouble.
 */
#include "bank_storm.h"
#include "crash_vfs.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MOST_STEPS = 4000, WRITES = 150, END_BREACH = 3 };

struct shared {
    struct storm storm;
    struct error error;
};

struct torture {
    const char *path;
    unsigned kills;
    uint64_t seed;
    bool power, unsynchronised;
    enum bank_defect defect;
    struct shared *shared;
};

static struct bank *open_bank(const struct torture *torture)
{
    struct bank_rules rules = storm_rules(torture->defect);
    struct bank_place place = {torture->path, !torture->unsynchronised, 5};
    struct bank *bank =
        bank_open(&rules, (struct stream_key){.seed = 1}, &place, &torture->shared->error);
    if (bank == NULL)
        exit(END_BREACH); /* what a crash left behind cannot be opened */
    return bank;
}

/* A bank's life, in a process of its own. The kill may well come during the recovery. */
static void live(const struct torture *torture, unsigned number, unsigned writes)
{
    struct shared *shared = torture->shared;
    crash_vfs_install();
    crash_vfs_arm(writes, torture->power, torture->seed * 1000003 + number);
    struct bank *bank = open_bank(torture);
    storm_enrol(&shared->storm, bank);
    bool good = storm_check(&shared->storm, bank, &shared->error);
    for (unsigned i = 0; good && i < MOST_STEPS; i++)
        good = storm_step(&shared->storm, bank, &shared->error);
    if (good && writes == 0)
        good = storm_finish(&shared->storm, bank, &shared->error);
    bank_free(bank);
    exit(good ? EXIT_SUCCESS : END_BREACH);
}

/* True where it was killed. */
static bool one_life(const struct torture *torture, unsigned number, unsigned writes, int *end)
{
    int status;
    pid_t child = fork();
    CHECK(child >= 0);
    if (child == 0)
        live(torture, number, writes);
    CHECK(waitpid(child, &status, 0) == child);
    bool killed = WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
    *end = killed ? 0 : WIFEXITED(status) ? WEXITSTATUS(status) : 1;
    return killed;
}

static int run(const struct torture *torture)
{
    const struct storm *storm = &torture->shared->storm;
    unsigned killed = 0, lives = 0;
    int end = 0;
    srandom((unsigned)torture->seed);
    while (end == 0 && killed < torture->kills && lives < 2 * torture->kills)
        killed += one_life(torture, ++lives, 1 + (unsigned)random() % WRITES, &end);
    if (end == 0)
        one_life(torture, 0, 0, &end);
    printf("%u kills%s, %llu steps, %llu withdrawals, %llu of them acknowledged: %s\n", killed,
           torture->power ? " with the power" : "", (unsigned long long)storm->steps,
           (unsigned long long)storm->outs, (unsigned long long)storm->booked,
           end == 0            ? "nothing lost, nothing paid twice"
           : end == END_BREACH ? torture->shared->error.text
                               : "trouble");
    if (end == 0 && killed < torture->kills)
        end = 1;
    return end;
}

int main(int count, char **arguments)
{
    struct torture torture = {.kills = 30};
    if (count < 4) {
        fprintf(stderr,
                "usage: bank_torture FILE KILLS SEED [power] [unsynchronised] [defect N]\n");
        return 2;
    }
    torture.path = arguments[1];
    torture.kills = (unsigned)strtoul(arguments[2], NULL, 10);
    torture.seed = strtoull(arguments[3], NULL, 10);
    for (int i = 4; i < count; i++) {
        torture.power |= strcmp(arguments[i], "power") == 0;
        torture.unsynchronised |= strcmp(arguments[i], "unsynchronised") == 0;
        if (strcmp(arguments[i], "defect") == 0 && i + 1 < count)
            torture.defect = (enum bank_defect)strtoul(arguments[++i], NULL, 10);
    }
    torture.shared = mmap(NULL, sizeof *torture.shared, PROT_READ | PROT_WRITE,
                          MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    CHECK(torture.shared != MAP_FAILED);
    storm_init(&torture.shared->storm, torture.seed);
    return run(&torture);
}
