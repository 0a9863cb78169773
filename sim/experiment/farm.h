/*
 * The farm: units in child processes, so that replications fill the processors.
 *
 * Units are independent: each child runs one, writes its numbers as a line of text to a pipe
 * (experiment/unit_text.h) and ends; the parent puts them in their place. What comes out does not
 * depend on how many processes there were or who finished first. A child that dies takes its unit
 * with it and nothing else: the run fails with its number and can be resumed.
 */
#ifndef CASHPOINT_FARM_H
#define CASHPOINT_FARM_H

#include "experiment/design.h"

/* Called in the parent for every unit that is done, before the next one is begun: the journal. */
typedef bool unit_keeper(void *model, const struct unit_result *unit, struct error *error);

struct farm {
    unsigned processes; /* 1: none but this one */
    unit_function *run; /* in a child, or here where processes is 1 */
    unit_keeper *keep;
    void *model;               /* of both */
    const volatile bool *stop; /* set by a signal: end in order */
    /* Is this unit (an index of the design's) still wanted, after all that is done by now? Null:
     * every unit is. One that is not is not begun, and dropped where it runs already. */
    bool (*wanted)(void *model, size_t unit);
    void (*idle)(void *model); /* called a few times a second while waiting; or null */
};

/* Runs the units that are left and wanted. The process must have no threads where processes > 1. */
enum unit_end farm_run(const struct farm *farm, struct design *design, struct error *error);

#endif
