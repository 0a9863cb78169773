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
    fprintf(table, "%s, %s, flags: %s\nZBar %s, zxing-cpp %s, libdmtx %s, GSL %s\n\n",
            context.compiler, context.build_type, context.flags, context.zbar, context.zxing,
            context.dmtx, context.gsl);
}

static void header_of_items(FILE *table, int jobs, const char *reference)
{
    fprintf(table,
            "CPU time an item in us; /s core: items a second of CPU time; /s all: by the clock, "
            "%d threads; instr.: instructions an item (n/a: not available on this machine); "
            "x ref.: median against %s\n",
            jobs, reference);
    fprintf(table, "  %-25s %6s %7s %15s %5s %9s %8s %9s %9s %9s %9s %8s\n", "row", "items",
            "right %", "95 % interval", "wrong", "median", "MAD", "p99", "/s core", "/s all",
            "instr.", "x ref.");
}

static void header_of_operations(FILE *table, int jobs, const char *operation,
                                 const char *reference)
{
    fprintf(table,
            "\nCPU time in ns %s; M/s core: millions a second of CPU time; M/s all: by the "
            "clock, %d threads; x ref.: median against %s, measured in the same run\n",
            operation, jobs, reference);
    fprintf(table, "  %-36s %8s %6s %8s %7s %8s %8s %8s %7s %8s\n", "row", "batches", "wrong",
            "median", "MAD", "p99", "M/s core", "M/s all", "instr.", "x ref.");
}

void rows_header(FILE *table, int jobs, const char *operation, const char *reference)
{
    if (operation == NULL)
        header_of_items(table, jobs, reference != NULL ? reference : "nothing");
    else
        header_of_operations(table, jobs, operation, reference);
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

static void print_item(FILE *table, const struct row *row)
{
    fprintf(table, "%c %-25s %6llu", flagged(row) ? '!' : ' ', row->name,
            (unsigned long long)row->items);
    print_answers(table, row);
    fprintf(table, " %9.2f %8.2f %9.2f %9.0f", 1e6 * row->median_s, 1e6 * row->mad_s,
            1e6 * row->p99_s, row->rate_core);
    if (isnan(row->rate_all))
        fprintf(table, " %9s", "-");
    else
        fprintf(table, " %9.0f", row->rate_all);
    if (isnan(row->instructions))
        fprintf(table, " %9s", "n/a");
    else
        fprintf(table, " %9.3g", row->instructions);
    if (isnan(row->ratio))
        fprintf(table, " %8s", "-");
    else
        fprintf(table, " %8.1f", row->ratio);
}

static void print_operation(FILE *table, const struct row *row)
{
    fprintf(table, "%c %-36s %8llu", flagged(row) ? '!' : ' ', row->name,
            (unsigned long long)row->items);
    if (row->answers)
        fprintf(table, " %6llu", (unsigned long long)(row->items - row->right));
    else
        fprintf(table, " %6s", "-");
    fprintf(table, " %8.2f %7.2f %8.2f %8.2f %8.2f", 1e9 * row->median_s, 1e9 * row->mad_s,
            1e9 * row->p99_s, 1e-6 * row->rate_core, 1e-6 * row->rate_all);
    if (isnan(row->instructions))
        fprintf(table, " %7s", "n/a");
    else
        fprintf(table, " %7.1f", row->instructions);
    if (isnan(row->ratio))
        fprintf(table, " %8s", "-");
    else
        fprintf(table, " %8.2f", row->ratio);
}

void rows_print(FILE *table, const struct row *row)
{
    if (row->operations > 0)
        print_operation(table, row);
    else
        print_item(table, row);
    if (row->wrong > 0)
        fprintf(table, "  WRONG %s: do not trust the speed",
                row->operations > 0 ? "ANSWERS" : "READS");
    if (row->unstable > 0)
        fprintf(table, "  %llu ANSWERS CHANGED", (unsigned long long)row->unstable);
    fputc('\n', table);
    if (row->note[0] != '\0')
        fprintf(table, "    %s\n", row->note);
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
    write_string(file, "zxing_version", context.zxing, ",\n    ");
    write_string(file, "dmtx_version", context.dmtx, ",\n    ");
    write_string(file, "gsl_version", context.gsl, ",\n    ");
    fprintf(file, "\"quick\": %s\n  },\n  \"benchmarks\": [", quick ? "true" : "false");
}

static void write_answers(FILE *file, const struct row *row)
{
    struct interval interval = interval_wilson(row->right, row->items, 0.95);
    write_number(file, "success", (double)row->right / (double)row->items);
    write_number(file, "success_low", interval.low);
    write_number(file, "success_high", interval.high);
    write_number(file, "wrong", (double)row->wrong);
    uint64_t accepted = row->right + row->wrong;
    write_number(file, "wrong_below",
                 accepted > 0 ? interval_clopper_pearson(row->wrong, accepted, 0.90).high : NAN);
}

static void write_row(FILE *file, const struct row *row, bool first)
{
    double units = row->operations > 0 ? 1e9 : 1e6; /* a second */
    char ratio[64];
    fprintf(file, "%s\n    {", first ? "" : ",");
    write_string(file, "name", row->name, "");
    fprintf(file, ", \"run_type\": \"aggregate\", ");
    write_string(file, "time_unit", row->operations > 0 ? "ns" : "us", "");
    write_number(file, "items", (double)row->items);
    if (row->operations > 0)
        write_number(file, "operations_per_item", row->operations);
    write_number(file, "samples", (double)row->samples);
    write_number(file, "cpu_time", units * row->median_s);
    write_number(file, "median", units * row->median_s);
    write_number(file, "mad", units * row->mad_s);
    write_number(file, "p99", units * row->p99_s);
    write_number(file, "items_per_second", row->rate_core);
    write_number(file, "items_per_second_all_cores", row->rate_all);
    write_number(file, "threads", row->jobs);
    if (isnan(row->instructions))
        fprintf(file, ", \"instructions\": \"not available\"");
    else
        write_number(file, "instructions", row->instructions);
    snprintf(ratio, sizeof ratio, "%s_ratio", row->reference);
    write_number(file, ratio, row->ratio);
    if (row->answers)
        write_answers(file, row);
    write_number(file, "changed_answers", (double)row->unstable);
    if (row->note[0] != '\0') {
        fprintf(file, ", ");
        write_string(file, "note", row->note, "");
    }
    fprintf(file, ", \"error_occurred\": %s}", flagged(row) ? "true" : "false");
}

/* The file beside `path` that is renamed to it when it is whole; null with an error. */
static FILE *open_temporary(const char *path, char *temporary, size_t room, struct error *error)
{
    if (snprintf(temporary, room, "%s.tmp", path) >= (int)room) {
        error_set(error, "cannot write the JSON: its path is too long");
        return NULL;
    }
    FILE *file = fopen(temporary, "w");
    if (file == NULL)
        error_set(error, "cannot write %s: %s", temporary, strerror(errno));
    return file;
}

bool rows_try_json(const char *path, struct error *error)
{
    char temporary[4096];
    FILE *file = open_temporary(path, temporary, sizeof temporary, error);
    if (file == NULL)
        return false;
    fclose(file);
    unlink(temporary);
    return true;
}

bool rows_write_json(const char *path, const struct row *rows, size_t count, bool quick,
                     struct error *error)
{
    char temporary[4096];
    FILE *file = open_temporary(path, temporary, sizeof temporary, error);
    if (file == NULL)
        return false;
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
