/*
 * The yard: child processes, each of which runs one unit, says in a line what came out, and ends.
 *
 * The line is "unit ..." (experiment/unit_text.h), "stopped", or "failed: WHY"; of a child that
 * died without a word it is "died STATUS". A child cannot outlive its parent.
 */
#ifndef CASHPOINT_YARD_H
#define CASHPOINT_YARD_H

#include "experiment/design.h"

/* Called for every child that has ended, with the number of its unit; may start the next. */
typedef void yard_taker(void *whose, size_t unit, const char *line);

struct yard_child;

struct yard {
    unit_function *run; /* in the child */
    void *model;
    struct design *design;
    yard_taker *take;
    void *whose;
    unsigned processes, running;
    struct yard_child *children; /* owned */
};

/* Fill run, model, design, take, whose and processes (at most so many at a time) first. */
void yard_init(struct yard *yard);
void yard_fini(struct yard *yard); /* no child may be running */

/* Starts a child, where fewer than `processes` run. The process should have no threads of its own.
 */
bool yard_start(struct yard *yard, size_t unit, struct error *error);

/* Takes what children have to say, once; waits for it, at most so long. A signal ends the waiting.
 */
void yard_listen(struct yard *yard, int64_t most_ns);

/* Asks the child that runs this unit to end, where one does; or all of them. */
void yard_drop(struct yard *yard, size_t unit);
void yard_stop(struct yard *yard);

#endif
