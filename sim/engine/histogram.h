/*
 * A log-linear histogram of durations: 128 buckets an octave, so that any percentile is within 0.4%
 * of the value, from a nanosecond to 292 years. Merging the counts is adding integers: exact, in
 * any order. The sum is a double, exact up to 2^53 ns (104 days): beyond, merge in order of index.
 */
#ifndef CASHPOINT_HISTOGRAM_H
#define CASHPOINT_HISTOGRAM_H

#include <stdint.h>

enum {
    HISTOGRAM_SUB_BITS = 7,
    HISTOGRAM_BUCKETS = (64 - HISTOGRAM_SUB_BITS) << HISTOGRAM_SUB_BITS
};

struct histogram {
    uint64_t n;
    double sum;
    uint64_t bucket[HISTOGRAM_BUCKETS]; /* 57 kB: allocate it, or let it lie in a larger object */
};

void histogram_add(struct histogram *histogram, int64_t value_ns); /* below 0 counts as 0 */
void histogram_merge(struct histogram *into, const struct histogram *from);

/* The value below which `fraction` (0..1) of the observations lie: the middle of its bucket; 0 of
 * an empty histogram. */
double histogram_quantile(const struct histogram *histogram, double fraction);

#endif
