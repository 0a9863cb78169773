/*
 * Statistics: tallies, time averages, and intervals that may be believed.
 *
 * Everything here is a plain value that the caller owns. Sums are made in the order in which values
 * are given, so that the same run gives the same last bit.
 */
#ifndef CASHPOINT_STATISTICS_H
#define CASHPOINT_STATISTICS_H

#include "engine/simtime.h"

#include <stddef.h>
#include <stdint.h>

/* Count, mean and sum of squared deviations (Welford 1962), smallest and largest. */
struct tally {
    uint64_t n;
    double mean, m2, minimum, maximum;
};

/* Here, not behind a call, as the steps below: a run takes them all the time. */
static inline void tally_add(struct tally *tally, double value)
{
    if (tally->n++ == 0)
        tally->minimum = tally->maximum = value;
    double off = value - tally->mean;
    tally->mean += off / (double)(int64_t)tally->n;
    tally->m2 += off * (value - tally->mean);
    tally->minimum = value < tally->minimum ? value : tally->minimum;
    tally->maximum = value > tally->maximum ? value : tally->maximum;
}

double tally_variance(const struct tally *tally); /* of the sample (n - 1); 0 below two values */

__extension__ typedef __int128 time_average_sum;

/*
 * The average over time of a whole number that changes in steps: a queue's length, servers busy.
 *
 * The area under it up to a moment is value x moment less the sum of (step x when it was taken),
 * all of them whole numbers of 128 bits: exact, whatever the length of the run, and a step is an
 * addition.
 */
struct time_average {
    uint64_t value;
    time_average_sum steps; /* of step x nanoseconds */
};

static inline void time_average_rise(struct time_average *average, simtime now)
{
    average->value++;
    average->steps += now;
}

static inline void time_average_fall(struct time_average *average, simtime now)
{
    average->value--;
    average->steps -= now;
}

/* Value x seconds from the start of the run. The average of a part, without a warm-up, is the
 * difference of two areas over the time between them. */
double time_average_area(const struct time_average *average, simtime now);
double time_average_mean(const struct time_average *average, simtime now);

struct interval {
    double low, high;
};

/* Student's t interval of a mean over independent replications: mean +- t(n-1) sd / sqrt(n).
 * Below two values it is [-inf, inf]. `confidence` as 0.95. */
struct interval interval_student(const double *values, size_t n, double confidence);

/* Of the mean difference a - b of two variants whose replications share their random numbers:
 * Student's interval of the n differences. (Values that go together cancel; the interval that
 * ignores the pairing would be wider by the root of paired_gain().) */
struct interval interval_paired(const double *a, const double *b, size_t n, double confidence);

/* How many times the replications independent numbers would need for the same width: (var a + var
 * b) / var(a - b). 1 where pairing brought nothing, below where it did harm; INFINITY where every
 * difference is the same. */
double paired_gain(const double *a, const double *b, size_t n);

/* Of a proportion, `hits` in `n`. Wilson (1927) score interval: for plots. */
struct interval interval_wilson(uint64_t hits, uint64_t n, double confidence);

/* Clopper and Pearson (1934), never below its nominal coverage: for claims. By bisection on the
 * regularised incomplete beta function: GSL's inverse fails on part of the arguments, and GSL's
 * function itself for large n. */
struct interval interval_clopper_pearson(uint64_t hits, uint64_t n, double confidence);

#endif
