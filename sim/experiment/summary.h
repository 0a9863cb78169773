/*
 * The summary: one row a scheme and metric, over replications, with an interval that may be
 * believed.
 *
 *  - Student's t over the replications' values, as a rule. Replications are independent by their
 *    random streams, whatever happens inside one.
 *  - Where every replication counted no event at all (or, of a ratio, nothing but events), their
 *    spread says nothing: then Clopper and Pearson's interval of the pooled count, which at zero
 *    events is the rule of three.
 *  - The difference of two schemes is paired by replication: they share their random numbers. The
 *    gain says what that was worth (paired_gain()).
 *  - Where the series of a TIME was kept, its row speaks of the steady state (engine/steady.h):
 *    the warm-up is deleted, and what is doubtful is kept beside it.
 *  - Percentiles are of all observations of all replications together, the warm-up among them.
 */
#ifndef CASHPOINT_SUMMARY_H
#define CASHPOINT_SUMMARY_H

#include "engine/statistics.h"
#include "engine/steady.h"
#include "experiment/experiment.h"

enum {
    SUMMARY_DIFFERENCE = -1,
    SUMMARY_PERCENTILES = 6,
    SUMMARY_LEAST_BEYOND = 10 /* observations above a percentile: with fewer it is not given */
};

/* Names as in records, and fractions. */
extern const struct summary_percentile {
    const char *name;
    double fraction;
} summary_percentiles[SUMMARY_PERCENTILES];

struct summary_row {
    int scheme; /* or SUMMARY_DIFFERENCE: the second scheme minus the first */
    size_t measure;
    unsigned n; /* replications that have a value; 0: none below is meant */
    double mean;
    struct interval interval; /* 95% */
    const char *method;
    double gain; /* of a difference: of its random numbers being common; else NAN */
    double percentile[SUMMARY_PERCENTILES]; /* s; NAN where too few lie beyond, or no TIME */
};

/* One whose series was kept. */
struct summary_steady {
    unsigned scheme;
    size_t measure;
    struct steady steady;
    double *means;   /* by replication, NAN where it has no observations */
    double *average; /* of the replications, by cell; steady.cells of them */
};

struct summary {
    struct summary_row *rows; /* owned, as are these: */
    struct summary_steady *steady;
    size_t count, steady_count;
};

void summary_make(struct summary *summary, const struct experiment *experiment);
void summary_free(struct summary *summary);

/* Null where no series was kept. */
const struct summary_steady *summary_steady(const struct summary *summary, int scheme,
                                            size_t measure);

/* Null where there is no such row. */
const struct summary_row *summary_find(const struct summary *summary,
                                       const struct model_tables *tables, int scheme,
                                       const char *measure);

#endif
