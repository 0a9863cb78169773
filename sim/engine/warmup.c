#include "engine/warmup.h"

#include "engine/statistics.h"

#include <math.h>

enum { LAST_BATCHES = 5 };

static double batch_at(const double *values, size_t batch)
{
    double sum = 0.0;
    for (size_t i = 0; i < WARMUP_BATCH; i++)
        sum += values[batch * WARMUP_BATCH + i];
    return sum / WARMUP_BATCH;
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
        tally_add(&kept, batch_at(values, d));
        double statistic = kept.m2 / ((double)kept.n * (double)kept.n);
        if (kept.n > LAST_BATCHES && statistic <= warmup.statistic) {
            warmup.statistic = statistic;
            warmup.best = d * WARMUP_BATCH;
        }
    }
    warmup.verdict = 2 * warmup.best > n ? WARMUP_UNSETTLED : WARMUP_FOUND;
    warmup.truncate = warmup.verdict == WARMUP_FOUND ? warmup.best : 0;
    return warmup;
}

const char *warmup_text(enum warmup_verdict verdict)
{
    switch (verdict) {
    case WARMUP_FOUND:
        return "the warm-up ends within the first half of the run";
    case WARMUP_SHORT:
        return "under 100 observations say nothing of a warm-up: run longer";
    case WARMUP_UNSETTLED:
        break;
    }
    return "the run had not settled by its half: run longer, or more replications";
}
