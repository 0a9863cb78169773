#include "engine/series.h"

#include "engine/error.h"

#include <math.h>

static uint64_t width_of(const struct series *series)
{
    return UINT64_C(1) << series->log_width;
}

/* Twice the width: the room is even, so that no cell is left without a neighbour. */
static void halve(struct series *series)
{
    CHECK(series->log_width < SERIES_MOST_LOG);
    for (size_t i = 0; i < SERIES_ROOM / 2; i++)
        series->sum[i] = series->sum[2 * i] + series->sum[2 * i + 1];
    for (size_t i = SERIES_ROOM / 2; i < SERIES_ROOM; i++)
        series->sum[i] = 0.0;
    series->cells = SERIES_ROOM / 2;
    series->log_width++;
}

void series_add(struct series *series, double value)
{
    series->begun_sum += value;
    if (++series->begun < width_of(series))
        return;
    series->sum[series->cells++] = series->begun_sum;
    series->begun_sum = 0.0;
    series->begun = 0;
    if (series->cells == SERIES_ROOM)
        halve(series);
}

uint64_t series_count(const struct series *series)
{
    return series->cells * width_of(series) + series->begun;
}

size_t series_cells(const struct series *series, unsigned log_width)
{
    CHECK(log_width >= series->log_width && log_width <= SERIES_MOST_LOG);
    return series->cells >> (log_width - series->log_width);
}

double series_cell_mean(const struct series *series, unsigned log_width, size_t cell)
{
    CHECK(cell < series_cells(series, log_width));
    size_t each = (size_t)1 << (log_width - series->log_width);
    double sum = 0.0;
    for (size_t i = 0; i < each; i++)
        sum += series->sum[cell * each + i];
    return ldexp(sum, -(int)log_width);
}

double series_mean_after(const struct series *series, unsigned log_width, size_t deleted)
{
    CHECK(deleted <= series_cells(series, log_width));
    size_t first = deleted << (log_width - series->log_width);
    double sum = 0.0;
    for (size_t i = first; i < series->cells; i++)
        sum += series->sum[i];
    sum += series->begun_sum;
    uint64_t count = (series->cells - first) * width_of(series) + series->begun;
    return count > 0 ? sum / (double)count : NAN;
}
