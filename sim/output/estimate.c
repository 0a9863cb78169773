#include "output/estimate.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

bool estimate_get(struct estimate *estimate, const struct report_data *data, const char *scheme,
                  const char *metric)
{
    const struct summary_row *row = report_data_find(data, scheme, metric);
    if (!row || isnan(row->mean))
        return false;
    *estimate = (struct estimate){.value = row->mean, .low = row->ci_lo, .high = row->ci_hi};
    return true;
}

double estimate_half_width(const struct estimate *estimate)
{
    return fmax(estimate->high - estimate->value, estimate->value - estimate->low);
}

double estimate_largest(const struct report_data *data, const char *metric)
{
    double largest = -1.0;
    for (size_t i = 0; i < data->scheme_count; i++) {
        struct estimate estimate;
        if (estimate_get(&estimate, data, data->schemes[i], metric))
            largest = fmax(largest, fabs(estimate.value));
    }
    return largest;
}

size_t estimate_replications(const struct report_data *data)
{
    double most = 0.0;
    for (size_t i = 0; i < data->summary_rows; i++)
        most = fmax(most, data->summary[i].n);
    return (size_t)fmin(most, 1e9);
}

struct outcome {
    const char *metric;
    double share;
};

static int by_share(const void *left, const void *right)
{
    const struct outcome *a = left, *b = right;
    if (a->share != b->share)
        return a->share > b->share ? -1 : 1;
    return strcmp(a->metric, b->metric);
}

/* Of the two schemes' rows of an outcome, the first one stands for both. */
static bool is_new_outcome(const struct report_data *data, const struct summary_row *row,
                           const struct outcome *list, size_t count)
{
    if (strncmp(row->metric, "outcome.", 8) != 0 || row->metric[8] == '\0' ||
        strcmp(row->kind, "ratio") != 0 || !(estimate_largest(data, row->metric) > 0.0))
        return false;
    for (size_t i = 0; i < count; i++)
        if (strcmp(list[i].metric, row->metric) == 0)
            return false;
    return true;
}

size_t estimate_outcomes(const struct report_data *data, const char *names[ESTIMATE_OUTCOMES])
{
    struct outcome list[ESTIMATE_OUTCOMES];
    size_t count = 0;
    for (size_t i = 0; i < data->summary_rows && count < ESTIMATE_OUTCOMES; i++) {
        const char *metric = data->summary[i].metric;
        if (is_new_outcome(data, &data->summary[i], list, count))
            list[count++] = (struct outcome){metric, estimate_largest(data, metric)};
    }
    qsort(list, count, sizeof *list, by_share);
    for (size_t i = 0; i < count; i++)
        names[i] = list[i].metric;
    return count;
}
