/*
 * Arrivals by the hour: a non-homogeneous Poisson process from a daily profile.
 *
 * The 24 weights give the shape, repeated every day; the mean rate is the caller's. The process
 * runs at rate 1 on an operational clock that is fast in busy hours and slow at night (its mean
 * speed is 1); a step on that clock is turned back into simulated time by inverting the cumulated
 * profile, exactly, without thinning: an arrival costs one exponential number, in every scheme
 * the same.
 */
#ifndef CASHPOINT_PROFILE_H
#define CASHPOINT_PROFILE_H

#include "engine/simtime.h"

struct profile {
    double start[25]; /* operational seconds at the start of each hour; [24]: of a whole day */
};

/* `weights`: 24 numbers, none negative, not all 0. */
void profile_init(struct profile *profile, const double *weights);

/* The simulated time `operational_s` after `now` on the operational clock. */
simtime profile_after(const struct profile *profile, simtime now, double operational_s);

#endif
