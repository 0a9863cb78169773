/*
 * Tests of goodness of fit, for numbers drawn by chance.
 *
 * Both fail with a probability of CHANCE_ALARM (one in a million) where the numbers are what they
 * should be and the seed were free; seeds are fixed, so that a test that passes goes on passing.
 */
#ifndef CASHPOINT_CHANCE_H
#define CASHPOINT_CHANCE_H

#include "engine/error.h"
#include "tests/asserts.h"

#include <gsl/gsl_cdf.h>
#include <stdlib.h>

static const double chance_alarm = 1e-6;

/* In standard errors, the normal deviate that is exceeded (either way) with the same rate. */
#define CHANCE_DEVIATE 4.8916

static inline int chance_order(const void *a, const void *b)
{
    double left = *(const double *)a, right = *(const double *)b;
    return (left > right) - (left < right);
}

/* Kolmogorov and Smirnov: `shares` are the values' places in their distribution, which must be
 * uniform on 0 .. 1; they get sorted. The limit with Stephens' (1970) correction for finite n. */
static inline void assert_uniform(double *shares, size_t n, const char *what)
{
    qsort(shares, n, sizeof *shares, chance_order);
    double distance = 0.0, count = (double)n, root = sqrt(count);
    for (size_t i = 0; i < n; i++) {
        distance = fmax(distance, shares[i] - (double)i / count);
        distance = fmax(distance, (double)(i + 1) / count - shares[i]);
    }
    double statistic = distance * (root + 0.12 + 0.11 / root);
    double limit = sqrt(-0.5 * log(chance_alarm / 2.0));
    if (!(statistic <= limit))
        fail_msg("%s: Kolmogorov-Smirnov %g over %g", what, statistic, limit);
}

/* Pearson's chi-square; cells that expect nothing must be empty. */
static inline void assert_fits(const double *seen, const double *expected, size_t cells,
                               const char *what)
{
    double sum = 0.0;
    size_t used = 0;
    for (size_t i = 0; i < cells; i++) {
        if (expected[i] == 0.0 && seen[i] != 0.0)
            fail_msg("%s: cell %zu should be empty", what, i);
        if (expected[i] == 0.0)
            continue;
        sum += (seen[i] - expected[i]) * (seen[i] - expected[i]) / expected[i];
        used++;
    }
    if (used > 1 && gsl_cdf_chisq_Q(sum, (double)(used - 1)) < chance_alarm)
        fail_msg("%s: chi-square %g over %zu cells", what, sum, used);
}

/* The mean of n values whose true mean and standard deviation are known. */
static inline void assert_mean(double mean, double expected, double sd, size_t n, const char *what)
{
    double off = (mean - expected) / (sd / sqrt((double)n));
    if (!(fabs(off) <= CHANCE_DEVIATE))
        fail_msg("%s: mean %g is %g standard errors from %g", what, mean, off, expected);
}

static inline void *chance_room(size_t count, size_t bytes)
{
    void *room = calloc(count, bytes);
    CHECK(room != NULL);
    return room;
}

#endif
