#include "output/pool.h"

#include "engine/statistics.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static int by_bin(const void *left, const void *right)
{
    const struct curve_row *a = left, *b = right;
    if (a->bin != b->bin)
        return a->bin < b->bin ? -1 : 1;
    return (a->replication > b->replication) - (a->replication < b->replication);
}

/* A copy of the rows of one curve and scheme, ordered by bin and replication. */
static struct curve_row *select_rows(const struct report_data *data, const char *curve,
                                     const char *scheme, size_t *count)
{
    struct curve_row *rows = calloc(data->curve_rows + 1, sizeof *rows);
    CHECK(rows);
    *count = 0;
    for (size_t i = 0; i < data->curve_rows; i++)
        if (data->curves[i].n > 0.0 && strcmp(data->curves[i].curve, curve) == 0 &&
            strcmp(data->curves[i].scheme, scheme) == 0)
            rows[(*count)++] = data->curves[i];
    qsort(rows, *count, sizeof *rows, by_bin);
    return rows;
}

static struct interval ratio_interval(const struct curve_row *rows, size_t count, double ratio)
{
    double n = 0.0;
    for (size_t i = 0; i < count; i++)
        n += rows[i].n;
    double *values = calloc(count, sizeof *values);
    CHECK(values);
    for (size_t i = 0; i < count; i++)
        values[i] = ratio + (rows[i].sum - ratio * rows[i].n) / (n / (double)count);
    struct interval interval = interval_student(values, count, 0.95);
    free(values);
    return interval;
}

static struct pool_bin pool_rows(const struct curve_row *rows, size_t count, enum pool_kind kind)
{
    struct pool_bin bin = {.x_lo = rows[0].x_lo, .x_hi = rows[0].x_hi};
    for (size_t i = 0; i < count; i++) {
        bin.n += rows[i].n;
        bin.sum += rows[i].sum;
    }
    bin.value = bin.sum / bin.n;
    struct interval interval = kind == POOL_SUCCESS
                                   ? interval_wilson((uint64_t)bin.sum, (uint64_t)bin.n, 0.95)
                                   : ratio_interval(rows, count, bin.value);
    bool known = isfinite(interval.low) && isfinite(interval.high);
    bin.low = known ? fmax(0.0, interval.low) : NAN; /* no curve here can be below 0 */
    bin.high = known ? interval.high : NAN;
    return bin;
}

void pool_curve(struct pool *pool, const struct report_data *data, const char *curve,
                const char *scheme, enum pool_kind kind)
{
    size_t count;
    struct curve_row *rows = select_rows(data, curve, scheme, &count);
    *pool = (struct pool){.bins = calloc(count + 1, sizeof *pool->bins)};
    CHECK(pool->bins);
    for (size_t first = 0, next; first < count; first = next) {
        for (next = first + 1; next < count && rows[next].bin == rows[first].bin;)
            next++;
        struct pool_bin bin = pool_rows(rows + first, next - first, kind);
        pool->n += bin.n;
        pool->sum += bin.sum;
        pool->bins[pool->count++] = bin;
        pool->x_unit = rows[first].x_unit;
    }
    free(rows);
}

void pool_free(struct pool *pool)
{
    free(pool->bins);
    *pool = (struct pool){0};
}
