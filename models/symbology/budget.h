/*
 * The budget of a frame: how much work reading it may cause.
 *
 * A hostile frame must not hold up a bank. Work is counted in nanoseconds of a reference machine
 * (the one of the README's figures): every loop over pixels or candidates says what it is about to
 * cost, from its size, before it begins. So the same frame runs out at the same place on every
 * machine, and records stay the same bytes. Where nothing has to repeat, the thread's own CPU clock
 * is held to the budget too.
 */
#ifndef CASHPOINT_BUDGET_H
#define CASHPOINT_BUDGET_H

#include <stdbool.h>
#include <stdint.h>

struct budget {
    int64_t left_ns;   /* of counted work */
    int64_t until_ns;  /* on the thread's CPU clock; INT64_MAX: the clock is not asked */
    double ask_ns;     /* counted work between one look at the clock and the next ... */
    double unasked_ns; /* ... and since the last */
    bool over;         /* something was refused */
};

/* `ms` 0: no limit. */
struct budget budget_begin(double ms, bool clock);

/* Takes off what a piece of work is about to cost; false, and nothing taken, where that is more
 * than is left. Once refused, everything is refused. */
bool budget_spend(struct budget *budget, double cost_ns);

#endif
