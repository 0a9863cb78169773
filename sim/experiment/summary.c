#include "experiment/summary.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double confidence = 0.95;

const struct summary_percentile summary_percentiles[SUMMARY_PERCENTILES] = {
    {"p50", 0.50}, {"p90", 0.90}, {"p95", 0.95}, {"p99", 0.99}, {"p999", 0.999}, {"p9999", 0.9999},
};

static void *zeroed(size_t count, size_t bytes)
{
    void *memory = calloc(count > 0 ? count : 1, bytes);
    CHECK(memory != NULL);
    return memory;
}

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

static bool is_supported(uint64_t n, double fraction)
{
    return (1.0 - fraction) * (double)n >= SUMMARY_LEAST_BEYOND - 1e-6;
}

static void take_percentiles(const struct experiment *experiment, struct summary_row *row)
{
    struct histogram *pooled = zeroed(1, sizeof *pooled);
    for (unsigned i = 0; i < experiment->replications; i++)
        histogram_merge(pooled,
                        experiment_unit(experiment, (unsigned)row->scheme, i)->times[row->measure]);
    for (int i = 0; i < SUMMARY_PERCENTILES; i++)
        if (is_supported(pooled->n, summary_percentiles[i].fraction))
            row->percentile[i] = 1e-9 * histogram_quantile(pooled, summary_percentiles[i].fraction);
    free(pooled);
}

static struct summary_row empty_row(int scheme, size_t measure)
{
    struct summary_row row = {.scheme = scheme, .measure = measure, .method = "none", .gain = NAN};
    for (int i = 0; i < SUMMARY_PERCENTILES; i++)
        row.percentile[i] = NAN;
    return row;
}

/* --- the steady state --- */

static void add_steady(struct summary *summary, const struct experiment *experiment,
                       unsigned scheme, size_t measure)
{
    struct summary_steady *of = &summary->steady[summary->steady_count++];
    const struct series **series = zeroed(experiment->replications, sizeof *series);
    for (unsigned i = 0; i < experiment->replications; i++)
        series[i] = experiment_unit(experiment, scheme, i)->series[measure];
    of->scheme = scheme;
    of->measure = measure;
    of->means = zeroed(experiment->replications, sizeof *of->means);
    of->average = zeroed(SERIES_ROOM, sizeof *of->average);
    of->steady =
        steady_estimate(series, experiment->replications, confidence, of->means, of->average);
    free(series);
}

static void make_steady(struct summary *summary, const struct experiment *experiment)
{
    const struct model_tables *tables = experiment->tables;
    summary->steady = zeroed(tables->scheme_count * tables->measure_count, sizeof *summary->steady);
    for (unsigned scheme = 0; scheme < tables->scheme_count; scheme++)
        for (size_t i = 0; i < tables->measure_count; i++)
            if (experiment->schemes >> scheme & 1 && tables_keep_series(tables, scheme, i))
                add_steady(summary, experiment, scheme, i);
}

const struct summary_steady *summary_steady(const struct summary *summary, int scheme,
                                            size_t measure)
{
    for (size_t i = 0; i < summary->steady_count; i++)
        if ((int)summary->steady[i].scheme == scheme && summary->steady[i].measure == measure)
            return &summary->steady[i];
    return NULL;
}

static void take_steady(struct summary_row *row, const struct steady *steady)
{
    bool deleted = steady->warmup.verdict == WARMUP_FOUND;
    row->n = (unsigned)steady->n;
    row->mean = steady->mean;
    row->interval = steady->interval;
    if (isfinite(steady->interval.low))
        row->method = steady->n > 1 ? (deleted ? "t-after-mser5" : "t")
                                    : (deleted ? "batch-means-after-mser" : "batch-means");
}

/* --- the rows --- */

static void add_scheme_row(struct summary *summary, const struct experiment *experiment,
                           unsigned scheme, size_t measure, double *values)
{
    const struct measure *of = &experiment->tables->measures[measure];
    const struct summary_steady *steady = summary_steady(summary, (int)scheme, measure);
    struct summary_row row = empty_row((int)scheme, measure);
    collect(experiment, scheme, measure, values);
    row.n = drop_missing(values, experiment->replications);
    if (steady != NULL) {
        take_steady(&row, &steady->steady);
    } else if (row.n > 0) {
        take_student(&row, values);
        take_clopper_pearson(experiment, &row);
    }
    clip(of, &row);
    if (of->kind == MEASURE_TIME)
        take_percentiles(experiment, &row);
    summary->rows[summary->count++] = row;
}

/* Both in the steady state, or neither. The pairs that are whole; how many. */
static unsigned collect_pairs(const struct summary *summary, const struct experiment *experiment,
                              size_t measure, double *first, double *second)
{
    const struct summary_steady *one = summary_steady(summary, 0, measure);
    const struct summary_steady *two = summary_steady(summary, 1, measure);
    unsigned pairs = 0;
    collect(experiment, 0, measure, first);
    collect(experiment, 1, measure, second);
    for (unsigned i = 0; i < experiment->replications; i++) {
        double a = one != NULL && two != NULL ? one->means[i] : first[i];
        double b = one != NULL && two != NULL ? two->means[i] : second[i];
        if (isnan(a) || isnan(b))
            continue;
        first[pairs] = a;
        second[pairs++] = b;
    }
    return pairs;
}

static void add_difference_row(struct summary *summary, const struct experiment *experiment,
                               size_t measure, double *values, double *other)
{
    struct summary_row row = empty_row(SUMMARY_DIFFERENCE, measure);
    row.n = collect_pairs(summary, experiment, measure, values, other);
    if (row.n > 1)
        row.gain = paired_gain(other, values, row.n);
    for (unsigned i = 0; i < row.n; i++)
        values[i] = other[i] - values[i];
    if (row.n > 0)
        take_student(&row, values);
    /* Replications that all agree to the last bit share more than their random numbers: their
     * spread of 0 is no interval. */
    if (row.interval.low == row.interval.high) {
        row.interval = (struct interval){-INFINITY, INFINITY};
        row.method = "none";
    }
    if (!isfinite(row.gain))
        row.gain = NAN;
    summary->rows[summary->count++] = row;
}

void summary_make(struct summary *summary, const struct experiment *experiment)
{
    const struct model_tables *tables = experiment->tables;
    double *values = zeroed(experiment->replications, 2 * sizeof *values);
    *summary = (struct summary){0};
    summary->rows =
        zeroed(tables->measure_count * (tables->scheme_count + 1), sizeof *summary->rows);
    make_steady(summary, experiment);
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
    for (size_t i = 0; i < summary->steady_count; i++) {
        free(summary->steady[i].means);
        free(summary->steady[i].average);
    }
    free(summary->steady);
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
