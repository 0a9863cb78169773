/*
 * One metric of one scheme, as the report shows it: the mean and 95% interval of summary.csv.
 */
#ifndef CASHPOINT_ESTIMATE_H
#define CASHPOINT_ESTIMATE_H

#include "output/report_data.h"

struct estimate {
    double value, low, high; /* as recorded; low and high are NAN where there is no interval */
};

/* False where the run does not have it, or no replication has a value. */
bool estimate_get(struct estimate *estimate, const struct report_data *data, const char *scheme,
                  const char *metric);

/* The larger arm of the interval; NAN without one. */
double estimate_half_width(const struct estimate *estimate);

/* The largest value of any scheme; below 0 where none has the metric. */
double estimate_largest(const struct report_data *data, const char *metric);

/* How many replications the run has: the most of any metric. */
size_t estimate_replications(const struct report_data *data);

enum { ESTIMATE_OUTCOMES = 40 };

/* The outcomes (metrics outcome.REASON, ratios) that happened at all, most frequent first: the full
 * names of at most ESTIMATE_OUTCOMES of them; the number is returned. */
size_t estimate_outcomes(const struct report_data *data, const char *names[ESTIMATE_OUTCOMES]);

#endif
