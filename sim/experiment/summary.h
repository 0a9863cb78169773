/*
 * The summary: one row a scheme and metric, over replications, with an interval that may be
 * believed.
 *
 *  - Student's t over the replications' values, as a rule. Replications are independent by their
 *    random streams, whatever happens inside one.
 *  - Where every replication counted no event at all (or, of a ratio, nothing but events), their
 *    spread says nothing: then Clopper and Pearson's interval of the pooled count, which at zero
 *    events is the rule of three.
 *  - The difference of two schemes is paired by replication: they share their random numbers.
 */
#ifndef CASHPOINT_SUMMARY_H
#define CASHPOINT_SUMMARY_H

#include "engine/statistics.h"
#include "experiment/experiment.h"

enum { SUMMARY_DIFFERENCE = -1 };

struct summary_row {
    int scheme; /* or SUMMARY_DIFFERENCE: the second scheme minus the first */
    size_t measure;
    unsigned n; /* replications that have a value; 0: none below is meant */
    double mean;
    struct interval interval; /* 95% */
    const char *method;
    bool has_percentiles;
    double p50, p95, p99; /* of the pooled observations, s */
};

struct summary {
    struct summary_row *rows; /* owned */
    size_t count;
};

void summary_make(struct summary *summary, const struct experiment *experiment);
void summary_free(struct summary *summary);

/* Null where there is no such row. */
const struct summary_row *summary_find(const struct summary *summary,
                                       const struct model_tables *tables, int scheme,
                                       const char *measure);

#endif
