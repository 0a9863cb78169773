#include "engine/steady.h"

#include "engine/batch.h"
#include "engine/error.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_randist.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

static const double most_correlation = 1.0 / 3.0;
static const double most_loss = 0.02;

static bool has_any(const struct series *series)
{
    return series != NULL && series_count(series) > 0;
}

/* Cells as wide as the widest, as many as the shortest has. */
static void lay_side_by_side(struct steady *steady, const struct series *const *series,
                             size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (has_any(series[i])) {
            steady->n++;
            steady->observations += series_count(series[i]);
            if (series[i]->log_width > steady->log_width)
                steady->log_width = series[i]->log_width;
        }
    steady->cells = SERIES_ROOM;
    for (size_t i = 0; i < count; i++)
        if (has_any(series[i]) && series_cells(series[i], steady->log_width) < steady->cells)
            steady->cells = series_cells(series[i], steady->log_width);
}

static void take_average(const struct steady *steady, const struct series *const *series,
                         size_t count, double *average)
{
    for (size_t cell = 0; cell < steady->cells; cell++) {
        average[cell] = 0.0;
        for (size_t i = 0; i < count; i++)
            if (has_any(series[i]))
                average[cell] += series_cell_mean(series[i], steady->log_width, cell);
        average[cell] /= (double)steady->n;
    }
}

/* --- several replications --- */

/* Means of equal parts of the rest of each replication; how many a replication has. */
static size_t take_parts(const struct steady *steady, const struct series *const *series,
                         size_t count, double *parts)
{
    size_t left = steady->cells - steady->warmup.truncate;
    size_t length = left < STEADY_PARTS ? 1 : left / STEADY_PARTS;
    size_t each = left / length < STEADY_PARTS ? left / length : STEADY_PARTS, used = 0;
    size_t first = steady->cells - each * length;
    for (size_t i = 0; i < count; i++)
        for (size_t part = 0; has_any(series[i]) && part < each; part++, used++) {
            parts[used] = 0.0;
            for (size_t j = 0; j < length; j++)
                parts[used] +=
                    series_cell_mean(series[i], steady->log_width, first + part * length + j) /
                    (double)length;
        }
    return each;
}

/* Parts that are all the same but for the last bits say nothing of what they depend on. */
static bool is_rounding(const struct tally *tally)
{
    double noise = 1e-12 * fmax(fabs(tally->minimum), fabs(tally->maximum));
    return tally->maximum - tally->minimum <= noise;
}

/* Of the parts: `n` times `each`, around their common mean. */
static double correlation_of(const double *parts, size_t n, size_t each, const struct tally *tally)
{
    double steps = 0.0;
    for (size_t i = 0; i < n * each; i++)
        if (i % each > 0)
            steps += (parts[i] - parts[i - 1]) * (parts[i] - parts[i - 1]);
    double full = (double)each / (double)(each - 1);
    return 1.0 - full * steps / (2.0 * tally->m2);
}

/* Of the mean of a replication: as if of as many independent parts as are effective. */
static double skewness_of(const double *parts, size_t each, double correlation,
                          const struct tally *tally)
{
    double cubes = 0.0, bound = fmin(fmax(correlation, 0.0), 0.99);
    double sd = sqrt(tally->m2 / (double)tally->n);
    for (size_t i = 0; i < tally->n; i++)
        cubes += pow(parts[i] - tally->mean, 3.0);
    double effective = (double)each * (1.0 - bound) / (1.0 + bound);
    return cubes / (double)tally->n / pow(sd, 3.0) / sqrt(effective);
}

/* Of an interval of confidence 2 P(z) - 1; at 95% 0.22 g^2 / n. */
static double coverage_lost(double skewness, size_t n, double confidence)
{
    double z = gsl_cdf_ugaussian_Pinv(0.5 + 0.5 * confidence), square = z * z;
    double kurtosis = 1.5 * skewness * skewness;
    return 2.0 * gsl_ran_ugaussian_pdf(z) * z / (double)n *
           (skewness * skewness * (square * square + 2.0 * square - 3.0) / 18.0 -
            kurtosis * (square - 3.0) / 12.0);
}

static void doubt_replications(struct steady *steady, const struct series *const *series,
                               size_t count, double confidence)
{
    double *parts = malloc(steady->n * STEADY_PARTS * sizeof *parts);
    struct tally tally = {0};
    CHECK(parts != NULL);
    size_t each = take_parts(steady, series, count, parts);
    for (size_t i = 0; i < steady->n * each; i++)
        tally_add(&tally, parts[i]);
    if (each > 1 && !is_rounding(&tally)) {
        steady->correlation = correlation_of(parts, steady->n, each, &tally);
        steady->skewness = skewness_of(parts, each, steady->correlation, &tally);
    }
    if (steady->correlation > most_correlation)
        steady->doubts |= STEADY_BRIEF;
    if (coverage_lost(steady->skewness, steady->n, confidence) > most_loss)
        steady->doubts |= STEADY_SKEWED;
    free(parts);
}

static void take_student(struct steady *steady, const struct series *const *series, size_t count,
                         double confidence, const double *means)
{
    struct tally tally = {0};
    double *there = malloc(count * sizeof *there);
    CHECK(there != NULL);
    for (size_t i = 0; i < count; i++)
        if (!isnan(means[i])) {
            there[tally.n] = means[i];
            tally_add(&tally, means[i]);
        }
    steady->mean = tally.mean;
    steady->interval = interval_student(there, tally.n, confidence);
    free(there);
    doubt_replications(steady, series, count, confidence);
}

/* --- one --- */

static void take_batches(struct steady *steady, double confidence, const double *means,
                         size_t count, const double *average)
{
    size_t first = steady->warmup.truncate;
    struct batch_means batches =
        batch_means(average + first, steady->cells - first, STEADY_BATCHES, confidence);
    for (size_t i = 0; i < count; i++)
        if (!isnan(means[i]))
            steady->mean = means[i];
    steady->interval = batches.interval;
    double off = steady->mean - batches.mean; /* what the batches left off at the ends */
    if (batches.batches > 0)
        steady->interval =
            (struct interval){batches.interval.low + off, batches.interval.high + off};
    steady->batches = batches.batches;
    steady->correlation = batches.correlation;
    steady->doubts |= (batches.doubts & BATCH_FEW ? STEADY_FEW : 0) |
                      (batches.doubts & BATCH_CORRELATED ? STEADY_CORRELATED : 0) |
                      (batches.doubts & BATCH_SHORT ? STEADY_BRIEF : 0);
}

struct steady steady_estimate(const struct series *const *series, size_t count, double confidence,
                              double *means, double *average)
{
    struct steady steady = {.interval = {-INFINITY, INFINITY}};
    for (size_t i = 0; i < count; i++)
        means[i] = NAN;
    lay_side_by_side(&steady, series, count);
    if (steady.n == 0)
        return (struct steady){.interval = {-INFINITY, INFINITY}, .doubts = STEADY_SHORT};
    take_average(&steady, series, count, average);
    steady.warmup = steady.n > 1 ? warmup_mser5(average, steady.cells)
                                 : warmup_first_minimum(average, steady.cells);
    steady.deleted = (uint64_t)steady.warmup.truncate << steady.log_width;
    steady.doubts |= steady.warmup.verdict == WARMUP_SHORT       ? STEADY_SHORT
                     : steady.warmup.verdict == WARMUP_UNSETTLED ? STEADY_UNSETTLED
                                                                 : 0;
    for (size_t i = 0; i < count; i++)
        if (has_any(series[i]))
            means[i] = series_mean_after(series[i], steady.log_width, steady.warmup.truncate);
    if (steady.n > 1)
        take_student(&steady, series, count, confidence, means);
    else
        take_batches(&steady, confidence, means, count, average);
    return steady;
}

static const struct {
    const char *word, *text;
} doubt_texts[STEADY_DOUBTS] = {
    {"short", "too few observations to tell where the warm-up ends: run longer"},
    {"unsettled", "the run had not settled by its half, so nothing was deleted: run longer, or "
                  "more replications"},
    {"few-batches", "one run too short for batch means gives no interval: run longer, or use "
                    "replications"},
    {"correlated", "the batch means of the one run are correlated, so the interval is too narrow: "
                   "run longer, or use replications"},
    {"brief",
     "each run is short beside its memory, so the interval covers less than it says: run longer"},
    {"skewed", "too few replications for a metric so skewed, so the interval covers less than it "
               "says: more replications, or run longer"},
};

static size_t number_of(unsigned doubt)
{
    size_t number = 0;
    while (number < STEADY_DOUBTS && doubt != 1u << number)
        number++;
    CHECK(number < STEADY_DOUBTS);
    return number;
}

const char *steady_word(unsigned doubt)
{
    return doubt_texts[number_of(doubt)].word;
}

const char *steady_text(unsigned doubt)
{
    return doubt_texts[number_of(doubt)].text;
}
