#include "experiment/measure.h"

#include "engine/error.h"

#include <math.h>
#include <stdlib.h>
#include <sys/mman.h>

static void *zeroed(size_t count, size_t bytes)
{
    void *memory = calloc(count > 0 ? count : 1, bytes);
    CHECK(memory != NULL);
    return memory;
}

/* How many TIMEs and series the unit has; the bytes of them and of its stages. */
static size_t count_observed(const struct unit_result *result, size_t *times, size_t *series)
{
    const struct model_tables *tables = result->tables;
    *times = *series = 0;
    for (size_t i = 0; i < tables->measure_count; i++) {
        *times += tables->measures[i].kind == MEASURE_TIME;
        *series += tables_keep_series(tables, result->scheme, i);
    }
    return (tables->stage_count + *times) * sizeof(struct histogram) +
           *series * sizeof(struct series) + 1;
}

/* Histograms and series come in one piece, straight from the system, where a page that stays 0
 * takes no memory. Else each of the many thousand units that a design may have would hold 400 kB,
 * done or not, and every child would be given the map of them. */
static void lay_out(struct unit_result *result)
{
    const struct model_tables *tables = result->tables;
    size_t times, series, bytes = count_observed(result, &times, &series);
    void *piece = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    CHECK(piece != MAP_FAILED);
    struct histogram *histogram = result->stages = piece;
    struct series *next = (struct series *)(histogram + tables->stage_count + times);
    histogram += tables->stage_count;
    for (size_t i = 0; i < tables->measure_count; i++) {
        if (tables->measures[i].kind == MEASURE_TIME)
            result->times[i] = histogram++;
        if (tables_keep_series(tables, result->scheme, i))
            result->series[i] = next++;
    }
}

struct unit_result *unit_result_new(const struct model_tables *tables, unsigned scheme,
                                    unsigned replication)
{
    struct unit_result *result = zeroed(1, sizeof *result);
    result->tables = tables;
    result->scheme = scheme;
    result->replication = replication;
    result->numerator = zeroed(tables->measure_count, sizeof *result->numerator);
    result->denominator = zeroed(tables->measure_count, sizeof *result->denominator);
    result->times = zeroed(tables->measure_count, sizeof *result->times);
    result->series = zeroed(tables->measure_count, sizeof *result->series);
    result->cells = zeroed(tables->curve_count, sizeof *result->cells);
    lay_out(result);
    for (size_t i = 0; i < tables->curve_count; i++)
        result->cells[i] = zeroed(tables->curves[i].bins, sizeof **result->cells);
    return result;
}

void unit_result_free(struct unit_result *result)
{
    size_t times, series;
    if (result == NULL)
        return;
    for (size_t i = 0; i < result->tables->curve_count; i++)
        free(result->cells[i]);
    free(result->numerator);
    free(result->denominator);
    free(result->times);
    free(result->series);
    free(result->cells);
    munmap(result->stages, count_observed(result, &times, &series));
    free(result->extra);
    free(result);
}

void unit_result_finish(struct unit_result *result)
{
    size_t times, series;
    result->done = true;
    madvise(result->stages, count_observed(result, &times, &series), MADV_DONTFORK); /* a wish */
}

void unit_result_clear(struct unit_result *result)
{
    struct unit_result *fresh =
        unit_result_new(result->tables, result->scheme, result->replication);
    struct unit_result old = *result;
    fresh->point = old.point;
    *result = *fresh;
    *fresh = old;
    unit_result_free(fresh);
}

void unit_count(struct unit_result *result, size_t measure, double events)
{
    result->numerator[measure] += events;
}

void unit_ratio(struct unit_result *result, size_t measure, double events, double trials)
{
    result->numerator[measure] += events;
    result->denominator[measure] += trials;
}

void unit_time(struct unit_result *result, size_t measure, simtime duration)
{
    unit_ratio(result, measure, simtime_to_seconds(duration), 1.0);
    histogram_add(result->times[measure], duration);
    if (result->series[measure] != NULL)
        series_add(result->series[measure], simtime_to_seconds(duration));
}

void unit_curve(struct unit_result *result, size_t curve, double x, double n, double sum)
{
    const struct curve *of = &result->tables->curves[curve];
    double place = (x - of->low) / (of->high - of->low) * of->bins;
    unsigned bin = (unsigned)fmin(fmax(place, 0.0), of->bins - 1.0);
    result->cells[curve][bin].n += n;
    result->cells[curve][bin].sum += sum;
}

double unit_value(const struct unit_result *result, size_t measure)
{
    const struct measure *of = &result->tables->measures[measure];
    if (of->kind == MEASURE_COUNT)
        return of->scale * result->numerator[measure];
    double trials = result->denominator[measure];
    return trials > 0.0 ? of->scale * result->numerator[measure] / trials : NAN;
}

double curve_edge(const struct curve *curve, unsigned bin)
{
    return curve->low + (curve->high - curve->low) * bin / curve->bins;
}
