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

void tally_add(struct tally *tally, double value);
double tally_variance(const struct tally *tally); /* of the sample (n - 1); 0 below two values */

/* The average over time of something that changes in steps: a queue's length, servers busy. */
struct time_average {
    simtime since;
    double value;
    double area; /* value x seconds, up to `since` */
};

/* Here, not behind a call: every step of every queue passes it. */
static inline void time_average_set(struct time_average *average, simtime now, double value)
{
    average->area += average->value * simtime_to_seconds(now - average->since);
    average->since = now;
    average->value = value;
}

/* From the start of the run. The average of a part, without a warm-up, is the difference of two
 * areas over the time between them. */
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
