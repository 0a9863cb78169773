/*
 * The farm: units in child processes, and on other ranks, so that replications fill the processors.
 *
 * Units are independent: each child runs one, writes its numbers as a line of text to a pipe
 * (experiment/yard.h) and ends; the parent puts them in their place. Where mpirun started several
 * ranks, the others do the same for rank 0, which hands out numbers of units to whoever is idle and
 * takes their lines (experiment/crew.h). What comes out does not depend on how many processes there
 * were or who finished first. A child that dies takes its unit with it and nothing else: the run
 * fails with its number and can be resumed. A rank that dies takes all ranks with it.
 */
#ifndef CASHPOINT_FARM_H
#define CASHPOINT_FARM_H

#include "experiment/design.h"
#include "experiment/ranks.h"

/* Called in the parent for every unit that is done, before the next one is begun: the journal. */
typedef bool unit_keeper(void *model, const struct unit_result *unit, struct error *error);

struct farm {
    unsigned processes;        /* of this rank; 1, and no ranks: none but this one */
    unit_function *run;        /* in a child, or here */
    unit_keeper *keep;         /* on rank 0 */
    void *model;               /* of both */
    const volatile bool *stop; /* set by a signal: end in order */
    /* Is this unit (an index of the design's) still wanted, after all that is done by now? Null:
     * every unit is. One that is not is not begun, and dropped where it runs already. */
    bool (*wanted)(void *model, size_t unit);
    void (*idle)(void *model); /* called often while waiting; or null */
    struct ranks *ranks;       /* this is rank 0, the others are in farm_help; or null */
    const char *task;          /* what they get to know */
    size_t task_bytes;
    double *helpers_cpu_s; /* CPU time of the other ranks is added; or null */
};

/* Runs the units that are left and wanted. The process must have no threads of its own, but where
 * processes is 1 and ranks null. */
enum unit_end farm_run(const struct farm *farm, struct design *design, struct error *error);

/* On the other ranks, when the task was read: runs what rank 0 says (farm->processes, run, model,
 * stop, ranks), up to its verdict on the run: the exit code. `trouble`: why this rank cannot help,
 * or null; `design` is not looked at then. */
enum exit_code farm_help(const struct farm *farm, struct design *design, const char *trouble);

/* CPU time of this process and of its children that have ended: measured, never simulated. */
double farm_cpu_s(void);

#endif
