#include "engine/batch.h"

#include "engine/error.h"

#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdlib.h>

static const double alarm = 0.05;
static const double most_quarter_correlation = 0.25;

static double mean_of(const double *values, size_t n)
{
    double sum = 0.0;
    for (size_t i = 0; i < n; i++)
        sum += values[i];
    return sum / (double)n;
}

/* 1 less half von Neumann's ratio; 0 of values that are all the same. */
static double neumann_correlation(const double *values, size_t n)
{
    struct tally tally = {0};
    double steps = 0.0;
    for (size_t i = 0; i < n; i++) {
        tally_add(&tally, values[i]);
        if (i > 0)
            steps += (values[i] - values[i - 1]) * (values[i] - values[i - 1]);
    }
    return tally.m2 > 0.0 ? 1.0 - steps / (2.0 * tally.m2) : 0.0;
}

static double highest_of_independent(size_t n)
{
    double count = (double)n;
    return gsl_cdf_ugaussian_Qinv(alarm) * sqrt((count - 2.0) / (count * count - 1.0));
}

static unsigned doubts_of(const struct batch_means *result)
{
    unsigned doubts = result->batches < BATCH_LEAST ? BATCH_FEW : BATCH_TRUSTED;
    if (result->batches > 2 && result->correlation > highest_of_independent(result->batches))
        doubts |= BATCH_CORRELATED;
    if (result->quarter_correlation > most_quarter_correlation)
        doubts |= BATCH_SHORT;
    return doubts;
}

struct batch_means batch_means(const double *values, size_t n, size_t batches, double confidence)
{
    CHECK(batches >= 2);
    size_t quarter = n / (batches * BATCH_QUARTERS), quarters = batches * BATCH_QUARTERS;
    struct batch_means result = {.interval = {-INFINITY, INFINITY}, .doubts = BATCH_FEW};
    if (quarter == 0)
        return result;
    double *means = malloc((quarters + batches) * sizeof *means), *whole = means + quarters;
    CHECK(means != NULL);
    const double *first = values + (n - quarter * quarters);
    for (size_t i = 0; i < quarters; i++)
        means[i] = mean_of(first + i * quarter, quarter);
    for (size_t i = 0; i < batches; i++)
        whole[i] = mean_of(means + i * BATCH_QUARTERS, BATCH_QUARTERS);
    result.batches = batches;
    result.length = quarter * BATCH_QUARTERS;
    result.mean = mean_of(whole, batches);
    result.interval = interval_student(whole, batches, confidence);
    result.correlation = neumann_correlation(whole, batches);
    result.quarter_correlation = neumann_correlation(means, quarters);
    result.doubts = doubts_of(&result);
    free(means);
    return result;
}
