#include "experiment/summary.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double confidence = 0.95;

/* The values of one measure by replication; NAN where a replication has none. */
static void collect(const struct experiment *experiment, unsigned scheme, size_t measure,
                    double *values)
{
    for (unsigned i = 0; i < experiment->replications; i++)
        values[i] = unit_value(experiment_unit(experiment, scheme, i), measure);
}

static unsigned drop_missing(double *values, unsigned count)
{
    unsigned kept = 0;
    for (unsigned i = 0; i < count; i++)
        if (!isnan(values[i]))
            values[kept++] = values[i];
    return kept;
}

static double mean_of(const double *values, unsigned count)
{
    struct tally tally = {0};
    for (unsigned i = 0; i < count; i++)
        tally_add(&tally, values[i]);
    return tally.mean;
}

static void take_student(struct summary_row *row, const double *values)
{
    row->mean = mean_of(values, row->n);
    row->interval = interval_student(values, row->n, confidence);
    row->method = row->n < 2 ? "none" : "t";
}

static void pool(const struct experiment *experiment, unsigned scheme, size_t measure,
                 double *events, double *trials)
{
    *events = *trials = 0.0;
    for (unsigned i = 0; i < experiment->replications; i++) {
        const struct unit_result *unit = experiment_unit(experiment, scheme, i);
        *events += unit->numerator[measure];
        *trials += unit->denominator[measure];
    }
}

/* Did they count nothing, or everything? A rate has no everything: its events need not be among its
 * trials (thefts for each withdrawal paid to its owner). */
static bool none_or_all(const struct measure *measure, double events, double trials)
{
    return events == 0.0 || (measure->kind == MEASURE_RATIO && events >= trials);
}

/* Replaces the interval of a proportion whose replications all counted nothing, or everything. */
static void take_clopper_pearson(const struct experiment *experiment, struct summary_row *row)
{
    const struct measure *measure = &experiment->tables->measures[row->measure];
    double events, trials;
    pool(experiment, (unsigned)row->scheme, row->measure, &events, &trials);
    if (!measure->proportion || !(trials > 0.0) || !none_or_all(measure, events, trials))
        return;
    row->interval = interval_clopper_pearson((uint64_t)events, (uint64_t)trials, confidence);
    row->interval.low *= measure->scale;
    row->interval.high *= measure->scale;
    row->method = "clopper-pearson";
}

/* A share cannot leave 0 .. 1 (times its scale); nor a count or a time fall below 0. */
static void clip(const struct measure *measure, struct summary_row *row)
{
    if (!isfinite(row->interval.low))
        return;
    row->interval.low = fmax(row->interval.low, 0.0);
    if (measure->kind == MEASURE_RATIO)
        row->interval.high = fmin(row->interval.high, measure->scale);
}

static void take_percentiles(const struct experiment *experiment, struct summary_row *row)
{
    struct histogram *pooled = calloc(1, sizeof *pooled);
    CHECK(pooled != NULL);
    for (unsigned i = 0; i < experiment->replications; i++)
        histogram_merge(pooled,
                        experiment_unit(experiment, (unsigned)row->scheme, i)->times[row->measure]);
    row->has_percentiles = pooled->n > 0;
    row->p50 = histogram_quantile(pooled, 0.50) * 1e-9;
    row->p95 = histogram_quantile(pooled, 0.95) * 1e-9;
    row->p99 = histogram_quantile(pooled, 0.99) * 1e-9;
    free(pooled);
}

static void add_scheme_row(struct summary *summary, const struct experiment *experiment,
                           unsigned scheme, size_t measure, double *values)
{
    const struct measure *of = &experiment->tables->measures[measure];
    struct summary_row row = {.scheme = (int)scheme, .measure = measure, .method = "none"};
    collect(experiment, scheme, measure, values);
    row.n = drop_missing(values, experiment->replications);
    if (row.n > 0) {
        take_student(&row, values);
        take_clopper_pearson(experiment, &row);
        clip(of, &row);
    }
    if (of->kind == MEASURE_TIME)
        take_percentiles(experiment, &row);
    summary->rows[summary->count++] = row;
}

static void add_difference_row(struct summary *summary, const struct experiment *experiment,
                               size_t measure, double *values, double *other)
{
    struct summary_row row = {.scheme = SUMMARY_DIFFERENCE, .measure = measure, .method = "none"};
    collect(experiment, 0, measure, values);
    collect(experiment, 1, measure, other);
    for (unsigned i = 0; i < experiment->replications; i++)
        values[i] = other[i] - values[i];
    row.n = drop_missing(values, experiment->replications);
    if (row.n > 0)
        take_student(&row, values);
    /* Replications that all agree to the last bit share more than their random numbers: their spread
     * of 0 is no interval. */
    if (row.interval.low == row.interval.high) {
        row.interval = (struct interval){-INFINITY, INFINITY};
        row.method = "none";
    }
    summary->rows[summary->count++] = row;
}

void summary_make(struct summary *summary, const struct experiment *experiment)
{
    const struct model_tables *tables = experiment->tables;
    double *values = calloc(experiment->replications, 2 * sizeof *values);
    *summary = (struct summary){0};
    summary->rows =
        calloc(tables->measure_count * (tables->scheme_count + 1), sizeof *summary->rows);
    CHECK(values != NULL && summary->rows != NULL);
    for (unsigned scheme = 0; scheme < tables->scheme_count; scheme++)
        for (size_t i = 0; i < tables->measure_count; i++)
            if (experiment->schemes >> scheme & 1)
                add_scheme_row(summary, experiment, scheme, i, values);
    for (size_t i = 0; i < tables->measure_count; i++)
        if ((experiment->schemes & 3) == 3)
            add_difference_row(summary, experiment, i, values, values + experiment->replications);
    free(values);
}

void summary_free(struct summary *summary)
{
    free(summary->rows);
    *summary = (struct summary){0};
}

const struct summary_row *summary_find(const struct summary *summary,
                                       const struct model_tables *tables, int scheme,
                                       const char *measure)
{
    for (size_t i = 0; i < summary->count; i++)
        if (summary->rows[i].scheme == scheme &&
            strcmp(tables->measures[summary->rows[i].measure].name, measure) == 0)
            return &summary->rows[i];
    return NULL;
}
