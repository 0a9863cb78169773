/*
 * How many replications: stop when the interval is narrow enough.
 *
 * After each replication from the `least` on, Student's interval of the values so far is looked at;
 * the rule stops where its half width is at most `absolute`, or at most `relative` times the
 * magnitude of the mean, whichever of the two was asked for (of both, either will do). With
 * `relative` as g, the half width is held against g / (1 + g) of the estimated mean, so that the
 * error against the true mean is g (Law, Simulation Modeling and Analysis, 5th edition 2015,
 * section 9.4.1).
 *
 * Bias: the rule stops sooner where the sample variance is small by chance, so the interval covers
 * less than its nominal confidence; it is right only in the limit of narrow intervals (Chow and
 * Robbins, On the asymptotic theory of fixed-width sequential confidence intervals, Annals of
 * Mathematical Statistics 36, 1965). Of normal values to 5% of their mean a nominal 95%
 * covers 94.4% where the first look comes at ten replications, 92.0% where it comes at two
 * (tests/test_precision.c). Where the mean and the variance go together (waits, losses), the mean
 * at the stop is a little low, too.
 *
 * The rule looks at values in the order of their index, so it stops at the same one whoever
 * computed them in whatever order: work on those behind it is dropped.
 */
#ifndef CASHPOINT_PRECISION_H
#define CASHPOINT_PRECISION_H

#include "engine/statistics.h"

#include <stdbool.h>

enum { PRECISION_LEAST = 10 };

struct precision {
    double relative; /* 0.05: 5% of the mean; 0: not asked for */
    double absolute; /* in the unit of the values; 0: not asked for */
    double confidence;
    size_t least; /* replications before the first look, 2 or more: PRECISION_LEAST is advised */
    size_t most;  /* and the last */
};

enum precision_verdict {
    PRECISION_MORE,    /* `wanted` replications in all should do */
    PRECISION_REACHED, /* with the first `used` */
    PRECISION_MISSED,  /* `most` were not enough */
};

struct precision_result {
    enum precision_verdict verdict;
    size_t used;              /* replications behind the interval */
    struct interval interval; /* of them */
    double half_width, goal;  /* in the unit of the values */
    size_t wanted;            /* a guess from the variance so far, `most` at most */
};

/* Looks at the first `n` values in order. */
struct precision_result precision_check(const struct precision *precision, const double *values,
                                        size_t n);

#endif
