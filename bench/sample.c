#include "bench/sample.h"

#include "engine/error.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

void sample_add(struct sample *sample, double value)
{
    if (sample->count == sample->capacity) {
        sample->capacity = sample->capacity == 0 ? 256 : 2 * sample->capacity;
        sample->values = realloc(sample->values, sample->capacity * sizeof *sample->values);
        CHECK(sample->values != NULL);
    }
    sample->values[sample->count++] = value;
}

void sample_clear(struct sample *sample)
{
    sample->count = 0;
}

void sample_fini(struct sample *sample)
{
    free(sample->values);
    *sample = (struct sample){0};
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double quantile_of(double *values, size_t count, double q)
{
    qsort(values, count, sizeof *values, compare);
    double place = q * (double)(count - 1);
    size_t below = (size_t)place;
    size_t above = below + 1 < count ? below + 1 : below;
    return values[below] + (place - (double)below) * (values[above] - values[below]);
}

static double *copy_values(const struct sample *sample)
{
    double *copy = malloc(sample->count * sizeof *copy);
    CHECK(copy != NULL);
    memcpy(copy, sample->values, sample->count * sizeof *copy);
    return copy;
}

double sample_quantile(const struct sample *sample, double q)
{
    CHECK(q >= 0 && q <= 1);
    if (sample->count == 0)
        return NAN;
    double *copy = copy_values(sample);
    double quantile = quantile_of(copy, sample->count, q);
    free(copy);
    return quantile;
}

double sample_median(const struct sample *sample)
{
    return sample_quantile(sample, 0.5);
}

double sample_mad(const struct sample *sample)
{
    if (sample->count == 0)
        return NAN;
    double median = sample_median(sample);
    double *distances = copy_values(sample);
    for (size_t i = 0; i < sample->count; i++)
        distances[i] = fabs(distances[i] - median);
    double mad = quantile_of(distances, sample->count, 0.5);
    free(distances);
    return mad;
}

double sample_sum(const struct sample *sample)
{
    double sum = 0;
    for (size_t i = 0; i < sample->count; i++)
        sum += sample->values[i];
    return sum;
}
