/*
 * Robust figures of a sample of times: a few slow outliers (another program, a page fault) must not
 * move them, so a median stands where a mean would, and a MAD where a standard deviation would.
 */
#ifndef CASHPOINT_SAMPLE_H
#define CASHPOINT_SAMPLE_H

#include <stddef.h>

/* Values in the order measured; the memory grows and is the sample's. */
struct sample {
    double *values;
    size_t count, capacity;
};

void sample_add(struct sample *sample, double value);
void sample_clear(struct sample *sample);
void sample_fini(struct sample *sample);

/* Quantile `q` in [0, 1] with linear interpolation between the order statistics (type 7 of Hyndman
 * and Fan 1996); NaN of an empty sample. */
double sample_quantile(const struct sample *sample, double q);
double sample_median(const struct sample *sample);

/* Median of the distances from the median, unscaled. */
double sample_mad(const struct sample *sample);
double sample_sum(const struct sample *sample);

#endif
