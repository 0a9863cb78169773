#include "experiment/unit_text.h"

#include "engine/error.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { EXTRA_BYTES_MAX = 16 << 20 };

static void write_histogram(const struct histogram *histogram, FILE *out)
{
    unsigned used = 0;
    for (unsigned i = 0; i < HISTOGRAM_BUCKETS; i++)
        used += histogram->bucket[i] > 0;
    fprintf(out, " %.17g %u", histogram->sum, used);
    for (unsigned i = 0; i < HISTOGRAM_BUCKETS; i++)
        if (histogram->bucket[i] > 0)
            fprintf(out, " %u %llu", i, (unsigned long long)histogram->bucket[i]);
}

static void write_series(const struct series *series, FILE *out)
{
    fprintf(out, " %u %zu %llu %.17g", series->log_width, series->cells,
            (unsigned long long)series->begun, series->begun_sum);
    for (size_t i = 0; i < series->cells; i++)
        fprintf(out, " %.17g", series->sum[i]);
}

void unit_text_write(const struct unit_result *unit, FILE *out)
{
    const struct model_tables *tables = unit->tables;
    fprintf(out, "unit %u %u %u %llu", unit->point, unit->scheme, unit->replication,
            (unsigned long long)unit->fingerprint);
    for (size_t i = 0; i < tables->measure_count; i++) {
        fprintf(out, " %.17g %.17g", unit->numerator[i], unit->denominator[i]);
        if (unit->times[i] != NULL)
            write_histogram(unit->times[i], out);
        if (unit->series[i] != NULL)
            write_series(unit->series[i], out);
    }
    for (size_t i = 0; i < tables->curve_count; i++)
        for (unsigned bin = 0; bin < tables->curves[i].bins; bin++)
            fprintf(out, " %.17g %.17g", unit->cells[i][bin].n, unit->cells[i][bin].sum);
    for (size_t i = 0; i < tables->stage_count; i++)
        write_histogram(&unit->stages[i], out);
    fprintf(out, " %zu ", unit->extra_bytes);
    for (size_t i = 0; i < unit->extra_bytes; i++)
        fprintf(out, "%02x", ((const unsigned char *)unit->extra)[i]);
}

/* --- reading: a cursor that remembers whether all went well --- */

struct cursor {
    const char *at;
    bool good;
};

static uint64_t take_whole(struct cursor *cursor)
{
    char *end;
    unsigned long long value = strtoull(cursor->at, &end, 10);
    cursor->good = cursor->good && end != cursor->at;
    cursor->at = end;
    return value;
}

static double take_number(struct cursor *cursor)
{
    char *end;
    double value = strtod(cursor->at, &end);
    cursor->good = cursor->good && end != cursor->at;
    cursor->at = end;
    return value;
}

static void take_histogram(struct cursor *cursor, struct histogram *histogram)
{
    histogram->sum = take_number(cursor);
    uint64_t used = take_whole(cursor);
    cursor->good = cursor->good && used <= HISTOGRAM_BUCKETS;
    for (uint64_t i = 0; cursor->good && i < used; i++) {
        uint64_t bucket = take_whole(cursor), count = take_whole(cursor);
        cursor->good = cursor->good && bucket < HISTOGRAM_BUCKETS;
        if (!cursor->good)
            return;
        histogram->bucket[bucket] = count;
        histogram->n += count;
    }
}

/* Only what a series can be: when its room was full once, half of it at least is in use. */
static void take_series(struct cursor *cursor, struct series *series)
{
    uint64_t log_width = take_whole(cursor), cells = take_whole(cursor);
    uint64_t begun = take_whole(cursor);
    double begun_sum = take_number(cursor);
    cursor->good = cursor->good && log_width <= SERIES_MOST_LOG && cells < SERIES_ROOM &&
                   (log_width == 0 || cells >= SERIES_ROOM / 2) &&
                   begun < UINT64_C(1) << log_width && isfinite(begun_sum);
    if (!cursor->good)
        return;
    *series = (struct series){(unsigned)log_width, cells, begun, begun_sum, {0}};
    for (uint64_t i = 0; cursor->good && i < cells; i++) {
        series->sum[i] = take_number(cursor);
        cursor->good = cursor->good && isfinite(series->sum[i]);
    }
}

static void take_extra(struct cursor *cursor, struct unit_result *unit)
{
    uint64_t bytes = take_whole(cursor);
    cursor->good = cursor->good && bytes <= EXTRA_BYTES_MAX && *cursor->at == ' ' &&
                   strlen(cursor->at + 1) == 2 * bytes;
    if (!cursor->good || bytes == 0)
        return;
    unsigned char *extra = malloc(bytes);
    CHECK(extra != NULL);
    for (uint64_t i = 0; i < bytes; i++) {
        char pair[3] = {cursor->at[1 + 2 * i], cursor->at[2 + 2 * i], '\0'};
        char *end;
        extra[i] = (unsigned char)strtoul(pair, &end, 16);
        cursor->good = cursor->good && end == pair + 2;
    }
    unit->extra = extra;
    unit->extra_bytes = bytes;
}

static bool take_key(struct cursor *cursor, struct unit_key *key)
{
    uint64_t part[3];
    for (int i = 0; i < 3; i++) {
        part[i] = take_whole(cursor);
        cursor->good = cursor->good && part[i] <= UINT32_MAX;
    }
    *key = (struct unit_key){(unsigned)part[0], (unsigned)part[1], (unsigned)part[2]};
    return cursor->good;
}

static bool open_line(struct cursor *cursor, const char *line)
{
    *cursor = (struct cursor){line + 5, true};
    return strncmp(line, "unit ", 5) == 0;
}

bool unit_text_key(const char *line, struct unit_key *key)
{
    struct cursor cursor;
    return open_line(&cursor, line) && take_key(&cursor, key);
}

bool unit_text_read(struct unit_result *unit, const char *line)
{
    const struct model_tables *tables = unit->tables;
    struct cursor cursor;
    struct unit_key key;
    if (!open_line(&cursor, line) || !take_key(&cursor, &key) || key.point != unit->point ||
        key.scheme != unit->scheme || key.replication != unit->replication)
        return false;
    unit->fingerprint = take_whole(&cursor);
    for (size_t i = 0; i < tables->measure_count; i++) {
        unit->numerator[i] = take_number(&cursor);
        unit->denominator[i] = take_number(&cursor);
        if (unit->times[i] != NULL)
            take_histogram(&cursor, unit->times[i]);
        if (unit->series[i] != NULL)
            take_series(&cursor, unit->series[i]);
    }
    for (size_t i = 0; i < tables->curve_count; i++)
        for (unsigned bin = 0; bin < tables->curves[i].bins; bin++) {
            unit->cells[i][bin].n = take_number(&cursor);
            unit->cells[i][bin].sum = take_number(&cursor);
        }
    for (size_t i = 0; i < tables->stage_count; i++)
        take_histogram(&cursor, &unit->stages[i]);
    take_extra(&cursor, unit);
    return cursor.good;
}
