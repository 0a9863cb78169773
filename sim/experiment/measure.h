/*
 * What a run measures: the metrics, curves and stages that a model names, and one unit's numbers.
 *
 * A model describes its metrics once; a unit (one scheme, one replication) fills in numerators and
 * denominators, histograms of times, and the cells of curves; of the TIMEs that were asked for,
 * also the series of observations in their order. From there on everything (records, intervals,
 * plots) is made without knowing what a metric means.
 */
#ifndef CASHPOINT_MEASURE_H
#define CASHPOINT_MEASURE_H

#include "engine/histogram.h"
#include "engine/series.h"
#include "engine/simtime.h"

#include <stdbool.h>
#include <stddef.h>

enum measure_kind {
    MEASURE_COUNT, /* the numerator */
    MEASURE_RATIO, /* events among trials: a proportion, 0 .. 1 */
    MEASURE_RATE,  /* numerator / denominator, any */
    MEASURE_TIME,  /* mean of observed durations, s, with percentiles */
};

struct measure {
    const char *name, *unit, *help;
    enum measure_kind kind;
    double scale;    /* value = scale x numerator / denominator */
    bool proportion; /* a RATE that counts events among trials: its zero is worth an interval */
};

struct curve {
    const char *name, *x_unit;
    unsigned bins;
    double low, high; /* of x; values outside fall into the first or the last bin */
};

struct model_tables {
    const struct measure *measures;
    const struct curve *curves;
    const char *const *schemes;
    const char *const *stages; /* of measured CPU time */
    size_t measure_count, curve_count, scheme_count, stage_count;
    const bool *steady; /* by scheme, by measure (TIMEs): keep the series; null: of none */
};

static inline bool tables_keep_series(const struct model_tables *tables, unsigned scheme,
                                      size_t measure)
{
    return tables->steady != NULL && tables->steady[scheme * tables->measure_count + measure];
}

struct curve_cell {
    double n, sum;
};

struct unit_result {
    const struct model_tables *tables;
    unsigned point, scheme, replication; /* which unit; the point is 0 where nothing is swept */
    double *numerator, *denominator;     /* by measure */
    struct histogram **times;            /* by measure: of the TIMEs, else null */
    struct series **series;              /* by measure: of the TIMEs asked for, else null */
    struct curve_cell **cells;           /* by curve, by bin */
    struct histogram *stages;            /* by stage; measured, not simulated; owned, and in the
                                          * same piece what times and series point to */
    uint64_t fingerprint;                /* of the events, in order */
    bool done;                           /* the numbers are whole */
    void *extra; /* the model's own bytes, owned; mean the same to any process of this build */
    size_t extra_bytes;
};

struct unit_result *unit_result_new(const struct model_tables *tables, unsigned scheme,
                                    unsigned replication);
/* The numbers are whole: done. Processes forked from here on do not get its histograms and series,
 * so that the next child starts as fast when ten thousand units are done as when none is. */
void unit_result_finish(struct unit_result *result);
/* Forgets all numbers: the unit is as new. */
void unit_result_clear(struct unit_result *result);
void unit_result_free(struct unit_result *result);

void unit_count(struct unit_result *result, size_t measure, double events);
void unit_ratio(struct unit_result *result, size_t measure, double events, double trials);
void unit_time(struct unit_result *result, size_t measure, simtime duration);
void unit_curve(struct unit_result *result, size_t curve, double x, double n, double sum);

/* The value of a measure in this unit; NAN where there is none (no trials). */
double unit_value(const struct unit_result *result, size_t measure);

/* The x at which bin `bin` of the curve begins. */
double curve_edge(const struct curve *curve, unsigned bin);

#endif
