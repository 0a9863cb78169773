#include "experiment/measure.h"

#include "engine/error.h"

#include <math.h>
#include <stdlib.h>

static void *zeroed(size_t count, size_t bytes)
{
    void *memory = calloc(count > 0 ? count : 1, bytes);
    CHECK(memory != NULL);
    return memory;
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
    result->stages = zeroed(tables->stage_count, sizeof *result->stages);
    for (size_t i = 0; i < tables->measure_count; i++) {
        if (tables->measures[i].kind == MEASURE_TIME)
            result->times[i] = zeroed(1, sizeof **result->times);
        if (tables_keep_series(tables, scheme, i))
            result->series[i] = zeroed(1, sizeof **result->series);
    }
    for (size_t i = 0; i < tables->curve_count; i++)
        result->cells[i] = zeroed(tables->curves[i].bins, sizeof **result->cells);
    return result;
}

void unit_result_free(struct unit_result *result)
{
    if (result == NULL)
        return;
    for (size_t i = 0; i < result->tables->measure_count; i++) {
        free(result->times[i]);
        free(result->series[i]);
    }
    for (size_t i = 0; i < result->tables->curve_count; i++)
        free(result->cells[i]);
    free(result->numerator);
    free(result->denominator);
    free(result->times);
    free(result->series);
    free(result->cells);
    free(result->stages);
    free(result->extra);
    free(result);
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
