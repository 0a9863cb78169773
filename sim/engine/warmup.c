#include "engine/warmup.h"

#include "engine/statistics.h"

#include <math.h>

enum { LAST_BATCHES = 5 };

static double batch_at(const double *values, size_t batch, size_t length)
{
    double sum = 0.0;
    for (size_t i = 0; i < length; i++)
        sum += values[batch * length + i];
    return sum / (double)length;
}

static void judge(struct warmup *warmup, size_t n)
{
    warmup->verdict = 2 * warmup->best > n ? WARMUP_UNSETTLED : WARMUP_FOUND;
    warmup->truncate = warmup->verdict == WARMUP_FOUND ? warmup->best : 0;
}

/* From the end to the front, so that each d costs one step. */
struct warmup warmup_mser5(const double *values, size_t n)
{
    size_t batches = n / WARMUP_BATCH;
    struct warmup warmup = {.verdict = WARMUP_SHORT, .statistic = INFINITY};
    struct tally kept = {0};
    if (n < WARMUP_LEAST)
        return warmup;
    for (size_t d = batches; d-- > 0;) {
        tally_add(&kept, batch_at(values, d, WARMUP_BATCH));
        double statistic = kept.m2 / ((double)kept.n * (double)kept.n);
        if (kept.n > LAST_BATCHES && statistic <= warmup.statistic) {
            warmup.statistic = statistic;
            warmup.best = d * WARMUP_BATCH;
        }
    }
    judge(&warmup, n);
    return warmup;
}

struct warmup warmup_first_minimum(const double *values, size_t n)
{
    struct warmup warmup = {.verdict = WARMUP_SHORT, .statistic = INFINITY};
    double statistic[WARMUP_MEANS];
    struct tally kept = {0};
    size_t length = n / WARMUP_MEANS, d = 0;
    if (n < WARMUP_LEAST)
        return warmup;
    for (size_t i = WARMUP_MEANS; i-- > 0;) {
        tally_add(&kept, batch_at(values, i, length));
        statistic[i] = kept.m2 / ((double)kept.n * (double)kept.n);
    }
    while (d + 1 < WARMUP_MEANS - LAST_BATCHES && statistic[d + 1] < statistic[d])
        d++;
    warmup.best = d * length;
    warmup.statistic = statistic[d];
    judge(&warmup, n);
    return warmup;
}
