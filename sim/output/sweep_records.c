#include "output/sweep_records.h"

#include "engine/hash.h"
#include "experiment/value.h"
#include "output/records_steady.h"
#include "output/records_write.h"
#include "output/sweep_needed.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A value as a scenario writes it, without the commas that part the cells. */
struct value_cell {
    char text[256];
};

static struct value_cell value_cell(const struct parameter *row, const void *settings)
{
    struct value_cell cell = {{0}};
    FILE *out = fmemopen(cell.text, sizeof cell.text, "w");
    CHECK(out != NULL);
    value_write(row, settings, out);
    fclose(out);
    cell.text[sizeof cell.text - 1] = '\0';
    for (char *at = cell.text; *at != '\0'; at++)
        if (*at == ',' || *at == '\n' || *at == '"')
            *at = *at == ',' ? ';' : ' ';
    return cell;
}

/* The number and the unit that a value consists of; false where it is none. */
static bool split(const char *text, double *number, const char **unit)
{
    char *end;
    *number = strtod(text, &end);
    if (end == text || (*end != '\0' && *end != ' '))
        return false;
    *unit = end + (*end == ' ');
    return strlen(*unit) < 8 && strpbrk(*unit, " ();") == NULL;
}

/* Are all values of a key numbers in the same unit? Only then can they be an axis. */
static bool is_axis(const struct sweep *sweep, const struct sweep_key *key,
                    const struct sweep_point *points)
{
    const struct parameter *row = &sweep->table->rows[key->row];
    struct value_cell first = value_cell(row, points[0].settings), cell;
    const char *unit = "", *other = "";
    double number;
    bool good = split(first.text, &number, &unit);
    for (size_t i = 1; i < sweep_points(sweep) && good; i++) {
        cell = value_cell(row, points[i].settings);
        good = split(cell.text, &number, &other) && strcmp(unit, other) == 0;
    }
    return good;
}

static void design_row(struct text *text, const struct sweep *sweep, size_t factor, size_t key,
                       const struct sweep_point *points, size_t point)
{
    const struct sweep_key *of = &sweep->factors[factor].keys[key];
    const struct parameter *row = &sweep->table->rows[of->row];
    struct value_cell cell = value_cell(row, points[point].settings);
    const char *unit = "";
    double number = 0.0;
    text_format(text, "%zu,%zu,%s,%zu,%s", point + 1, factor + 1, row->key,
                sweep_level(sweep, point, factor) + 1, cell.text);
    if (is_axis(sweep, of, points) && split(cell.text, &number, &unit))
        text_format(text, ",%.10g,%s\n", number, unit);
    else
        text_put(text, ",,\n");
}

static void design_csv(struct text *text, const struct sweep *sweep,
                       const struct sweep_point *points)
{
    text_put(text, "point,factor,key,level,value,number,unit\n");
    for (size_t point = 0; point < sweep_points(sweep); point++)
        for (size_t i = 0; i < sweep->count; i++)
            for (size_t k = 0; k < sweep->factors[i].key_count; k++)
                design_row(text, sweep, i, k, points, point);
}

static void summary_csv(struct text *text, const struct sweep *sweep,
                        const struct sweep_point *points, const struct model_tables *tables)
{
    text_put(text, "point,");
    records_summary_header(text);
    for (size_t point = 0; point < sweep_points(sweep); point++) {
        char prefix[24];
        snprintf(prefix, sizeof prefix, "%zu,", point + 1);
        records_summary_rows(text, prefix, points[point].summary, tables);
    }
}

static void steady_csv(struct text *text, const struct sweep *sweep,
                       const struct sweep_point *points, const struct model_tables *tables)
{
    text_put(text, "point,");
    records_steady_header(text);
    for (size_t point = 0; point < sweep_points(sweep); point++) {
        char prefix[24];
        snprintf(prefix, sizeof prefix, "%zu,", point + 1);
        records_steady_rows(text, prefix, points[point].summary, tables);
    }
}

static bool put(const struct folder *folder, const char *name, struct text *text,
                uint64_t *fingerprint, struct error *error)
{
    *fingerprint = hash_bytes(*fingerprint, text->bytes, text->length);
    bool good = folder_write(folder, name, text->bytes, text->length, error);
    text_free(text);
    return good;
}

static void needed_csv(struct text *text, const struct sweep_question *question,
                       const struct sweep *sweep, const struct sweep_point *points,
                       const struct model_tables *tables)
{
    struct needed needed;
    struct error error;
    CHECK(needed_parse(&needed, tables, question->needed, &error));
    sweep_needed_write(text, question->needed, &needed, sweep, points);
}

static bool put_question(const struct folder *folder, const struct sweep *sweep,
                         const struct sweep_point *points, const struct model_tables *tables,
                         const struct sweep_question *question, uint64_t *fingerprint,
                         struct error *error)
{
    struct text text = {0};
    if (question->count > 0) {
        text_put(&text, "metric\n");
        for (size_t i = 0; i < question->count; i++)
            text_format(&text, "%s\n", question->metrics[i]);
        if (!put(folder, "asked.csv", &text, fingerprint, error))
            return false;
    }
    if (question->needed[0] == '\0')
        return true;
    needed_csv(&text, question, sweep, points, tables);
    return put(folder, "needed.csv", &text, fingerprint, error);
}

bool sweep_records_write(const struct folder *folder, const struct sweep *sweep,
                         const struct sweep_point *points, const struct model_tables *tables,
                         const struct sweep_question *question, uint64_t *fingerprint,
                         struct error *error)
{
    struct text text = {0};
    uint64_t ignored = 0;
    *fingerprint = HASH_START;
    design_csv(&text, sweep, points);
    if (!put(folder, "design.csv", &text, fingerprint, error))
        return false;
    summary_csv(&text, sweep, points, tables);
    if (!put(folder, "summary.csv", &text, fingerprint, error))
        return false;
    steady_csv(&text, sweep, points, tables);
    if (!put(folder, "steady.csv", &text, fingerprint, error) ||
        !put_question(folder, sweep, points, tables, question, fingerprint, error))
        return false;
    for (size_t i = 0; i < sweep_points(sweep); i++)
        *fingerprint = hash_bytes(*fingerprint, &points[i].fingerprint, sizeof(uint64_t));
    text_format(&text, "%016llx\n", (unsigned long long)*fingerprint);
    return put(folder, "fingerprint.txt", &text, &ignored, error);
}
