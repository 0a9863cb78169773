/*
 * What a report is made from: the records of one run, read and checked.
 *
 * The formats are those of output/records.h; a file that does not keep to them is refused with its
 * name and line. Everything belongs to the `struct report_data` and is freed by report_data_free.
 * Numbers that a file leaves empty are NAN.
 */
#ifndef CASHPOINT_REPORT_DATA_H
#define CASHPOINT_REPORT_DATA_H

#include "output/csv.h"
#include "output/folder.h"

enum { REPORT_SCHEMES = 4, REPORT_TABLES = 7, REPORT_PERCENTILES = 6 };

/* As a reader should see them: "p99.9". */
extern const char *const report_percentiles[REPORT_PERCENTILES];

struct summary_row {
    const char *scheme, *metric, *unit, *kind, *method;
    double n, mean, ci_lo, ci_hi, gain;
    double percentile[REPORT_PERCENTILES];
};

struct steady_row {
    const char *scheme, *metric, *warmup, *doubts; /* words apart by a blank, or "" */
    double n, observations, deleted, batches, correlation, skewness;
};

/* An average over observations `from` .. `to`. */
struct warmup_row {
    const char *scheme, *metric;
    double from, to, mean;
};

struct replication_row {
    const char *scheme, *metric, *kind;
    double replication, numerator, denominator, value;
};

struct curve_row {
    const char *curve, *scheme, *x_unit;
    double replication, bin, x_lo, x_hi, n, sum;
};

struct timing_row {
    const char *scheme, *stage;
    double n, mean_ns, p50_ns, p99_ns, total_s;
};

struct gallery_row {
    const char *picture; /* without gallery/ */
    const char *scheme, *capture, *who, *outcome, *note;
    double replication, distance_mm, module_px, defocus_px, motion_px, tilt_deg;
};

struct report_data {
    struct csv tables[REPORT_TABLES]; /* own the texts of the rows */
    struct summary_row *summary;
    struct replication_row *replications;
    struct curve_row *curves;
    struct timing_row *timings; /* in the order of the pipeline */
    struct gallery_row *gallery;
    struct steady_row *steady; /* of this and the next: none where the run asked for none */
    struct warmup_row *warmup;
    size_t summary_rows, replication_rows, curve_rows, timing_rows, gallery_rows;
    size_t steady_rows, warmup_rows;
    const char *schemes[REPORT_SCHEMES]; /* sms-code and image-code first; no "difference" */
    size_t scheme_count;
    struct file_bytes scenario, manifest, fingerprint; /* the last may be missing: null data */
    char description[1024];                            /* of the scenario; may be "" */
};

bool report_data_load(struct report_data *data, const struct folder *run, struct error *error);
void report_data_free(struct report_data *data);

/* Null where the run has no such metric. Scheme "difference" works too. */
const struct summary_row *report_data_find(const struct report_data *data, const char *scheme,
                                           const char *metric);

/* What all replications counted together. */
struct report_count {
    double numerator, denominator;
    size_t replications; /* that have both */
};
struct report_count report_data_count(const struct report_data *data, const char *scheme,
                                      const char *metric);

/* The columns of summary.csv, into room for CSV_COLUMNS; returns how many. And a row of a table
 * that has them from column `first` on. */
size_t report_data_summary_columns(struct csv_column *columns);
/* The same of steady.csv. */
size_t report_data_steady_columns(struct csv_column *columns);
struct summary_row report_data_summary_row(const struct csv *table, size_t row, size_t first);

/* The description: of a resolved scenario, in one line; plain, quoted or a block. */
void report_data_description(char *out, size_t size, const char *yaml);

#endif
