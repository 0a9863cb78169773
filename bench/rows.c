#include "bench/rows.h"

#include "bench/context.h"
#include "engine/statistics.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool flagged(const struct row *row)
{
    return row->wrong > 0 || row->unstable > 0;
}

/* ---- the table ---- */

void rows_context(FILE *table)
{
    struct context context;
    context_fill(&context);
    fprintf(table, "%s, %ld processors, %s\n", context.cpu, context.cpus, context.date);
    fprintf(table, "%s, %s, flags: %s; ZBar %s, GSL %s\n\n", context.compiler, context.build_type,
            context.flags, context.zbar, context.gsl);
}

void rows_header(FILE *table, int jobs)
{
    fprintf(table,
            "CPU time an item in us; /s core: items a second of CPU time; /s all: by the clock, "
            "%d threads; instr.: instructions an item (n/a: not available on this machine); "
            "x memcpy: median against copying the frame\n",
            jobs);
    fprintf(table, "  %-25s %6s %7s %15s %5s %9s %8s %9s %9s %9s %9s %8s\n", "row", "items",
            "right %", "95 % interval", "wrong", "median", "MAD", "p99", "/s core", "/s all",
            "instr.", "x memcpy");
}

static void print_answers(FILE *table, const struct row *row)
{
    if (!row->answers) {
        fprintf(table, " %7s %15s %5s", "-", "-", "-");
        return;
    }
    struct interval interval = interval_wilson(row->right, row->items, 0.95);
    fprintf(table, " %7.2f [%6.2f,%6.2f] %5llu", 100.0 * (double)row->right / (double)row->items,
            100 * interval.low, 100 * interval.high, (unsigned long long)row->wrong);
}

void rows_print(FILE *table, const struct row *row)
{
    fprintf(table, "%c %-25s %6llu", flagged(row) ? '!' : ' ', row->name,
            (unsigned long long)row->items);
    print_answers(table, row);
    fprintf(table, " %9.2f %8.2f %9.2f %9.0f %9.0f", 1e6 * row->median_s, 1e6 * row->mad_s,
            1e6 * row->p99_s, row->rate_core, row->rate_all);
    if (isnan(row->instructions))
        fprintf(table, " %9s", "n/a");
    else
        fprintf(table, " %9.3g", row->instructions);
    if (isnan(row->ratio))
        fprintf(table, " %8s", "-");
    else
        fprintf(table, " %8.1f", row->ratio);
    if (row->wrong > 0)
        fprintf(table, "  WRONG READS: do not trust the speed");
    if (row->unstable > 0)
        fprintf(table, "  %llu ANSWERS CHANGED", (unsigned long long)row->unstable);
    fputc('\n', table);
}

/* ---- JSON ---- */

static void write_string(FILE *file, const char *key, const char *string, const char *after)
{
    fprintf(file, "\"%s\": \"", key);
    for (const unsigned char *c = (const unsigned char *)string; *c != '\0'; c++) {
        if (*c < ' ' || *c == '"' || *c == '\\')
            fprintf(file, "\\u%04x", *c);
        else
            fputc(*c, file);
    }
    fprintf(file, "\"%s", after);
}

/* null where there is no number. */
static void write_number(FILE *file, const char *key, double number)
{
    if (isfinite(number))
        fprintf(file, ", \"%s\": %.10g", key, number);
    else
        fprintf(file, ", \"%s\": null", key);
}

static void write_context(FILE *file, bool quick)
{
    struct context context;
    context_fill(&context);
    fprintf(file, "{\n  \"context\": {\n    ");
    write_string(file, "date", context.date, ",\n    ");
    write_string(file, "cpu", context.cpu, ",\n    ");
    fprintf(file, "\"num_cpus\": %ld,\n    ", context.cpus);
    write_string(file, "compiler", context.compiler, ",\n    ");
    write_string(file, "flags", context.flags, ",\n    ");
    write_string(file, "library_build_type", context.build_type, ",\n    ");
    write_string(file, "zbar_version", context.zbar, ",\n    ");
    write_string(file, "gsl_version", context.gsl, ",\n    ");
    fprintf(file, "\"quick\": %s\n  },\n  \"benchmarks\": [", quick ? "true" : "false");
}

static void write_row(FILE *file, const struct row *row, bool first)
{
    fprintf(file, "%s\n    {", first ? "" : ",");
    write_string(file, "name", row->name, "");
    fprintf(file, ", \"run_type\": \"aggregate\", \"time_unit\": \"us\"");
    write_number(file, "items", (double)row->items);
    write_number(file, "samples", (double)row->samples);
    write_number(file, "cpu_time", 1e6 * row->median_s);
    write_number(file, "median", 1e6 * row->median_s);
    write_number(file, "mad", 1e6 * row->mad_s);
    write_number(file, "p99", 1e6 * row->p99_s);
    write_number(file, "items_per_second", row->rate_core);
    write_number(file, "items_per_second_all_cores", row->rate_all);
    write_number(file, "threads", row->jobs);
    if (isnan(row->instructions))
        fprintf(file, ", \"instructions\": \"not available\"");
    else
        write_number(file, "instructions", row->instructions);
    write_number(file, "memcpy_ratio", row->ratio);
    if (row->answers) {
        struct interval interval = interval_wilson(row->right, row->items, 0.95);
        write_number(file, "success", (double)row->right / (double)row->items);
        write_number(file, "success_low", interval.low);
        write_number(file, "success_high", interval.high);
        write_number(file, "wrong", (double)row->wrong);
    }
    write_number(file, "changed_answers", (double)row->unstable);
    fprintf(file, ", \"error_occurred\": %s}", flagged(row) ? "true" : "false");
}

bool rows_write_json(const char *path, const struct row *rows, size_t count, bool quick,
                     struct error *error)
{
    char temporary[4096];
    if (snprintf(temporary, sizeof temporary, "%s.tmp", path) >= (int)sizeof temporary)
        return error_set(error, "cannot write the JSON: its path is too long");
    FILE *file = fopen(temporary, "w");
    if (file == NULL)
        return error_set(error, "cannot write %s: %s", temporary, strerror(errno));
    write_context(file, quick);
    for (size_t i = 0; i < count; i++)
        write_row(file, &rows[i], i == 0);
    fprintf(file, "\n  ]\n}\n");
    bool written = !ferror(file);
    written = fclose(file) == 0 && written;
    if (written && rename(temporary, path) == 0)
        return true;
    error_set(error, "cannot write %s: %s", path, strerror(errno));
    unlink(temporary);
    return false;
}
