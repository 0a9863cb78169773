/*
 * Curves of all replications put together, with intervals.
 *
 * Successes are pooled: each trial counts once, and the interval is Wilson's. A ratio (withdrawals
 * an hour, seconds waited a customer) is sum / n of all replications; its interval is Student's t
 * over replications of the linearised ratio (Cochran 1977, section 6.4), since values within a
 * replication are not independent.
 */
#ifndef CASHPOINT_POOL_H
#define CASHPOINT_POOL_H

#include "output/report_data.h"

enum pool_kind { POOL_SUCCESS, POOL_RATIO };

struct pool_bin {
    double x_lo, x_hi;
    double n, sum;
    double value, low, high; /* 95%; low and high are NAN where one replication says nothing */
};

struct pool {
    struct pool_bin *bins; /* owned; by ascending bin; only bins with n > 0 */
    size_t count;
    double n, sum;
    const char *x_unit; /* null where there are no bins */
};

void pool_curve(struct pool *pool, const struct report_data *data, const char *curve,
                const char *scheme, enum pool_kind kind);
void pool_free(struct pool *pool);

#endif
