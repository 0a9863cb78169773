#include "output/report_data.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SUMMARY, REPLICATIONS, CURVES, TIMINGS, GALLERY, STEADY, WARMUP };
enum { MIB = 1 << 20 };

#define RESTORE "restore the file or run the scenario again"

struct table_form {
    const char *file;
    size_t bytes, rows; /* limits */
    struct csv_column columns[CSV_COLUMNS];
};

static const struct table_form forms[REPORT_TABLES] = {
    [SUMMARY] = {"summary.csv",
                 4 * MIB,
                 4000,
                 {{"scheme", CSV_NAME, false},
                  {"metric", CSV_NAME, false},
                  {"unit", CSV_UNIT, false},
                  {"kind", CSV_NAME, false},
                  {"n", CSV_COUNT, false},
                  {"mean", CSV_NUMBER, true},
                  {"ci_lo", CSV_NUMBER, true},
                  {"ci_hi", CSV_NUMBER, true},
                  {"method", CSV_NAME, false},
                  {"gain", CSV_NUMBER, true},
                  {"p50", CSV_NUMBER, true},
                  {"p90", CSV_NUMBER, true},
                  {"p95", CSV_NUMBER, true},
                  {"p99", CSV_NUMBER, true},
                  {"p999", CSV_NUMBER, true},
                  {"p9999", CSV_NUMBER, true}}},
    [REPLICATIONS] = {"replications.csv",
                      256 * MIB,
                      1000000,
                      {{"scheme", CSV_NAME, false},
                       {"replication", CSV_COUNT, false},
                       {"metric", CSV_NAME, false},
                       {"unit", CSV_UNIT, false},
                       {"kind", CSV_NAME, false},
                       {"numerator", CSV_NUMBER, true},
                       {"denominator", CSV_NUMBER, true},
                       {"value", CSV_NUMBER, true},
                       {"p50", CSV_NUMBER, true},
                       {"p95", CSV_NUMBER, true},
                       {"p99", CSV_NUMBER, true}}},
    [CURVES] = {"curves.csv",
                256 * MIB,
                1000000,
                {{"curve", CSV_NAME, false},
                 {"scheme", CSV_NAME, false},
                 {"replication", CSV_COUNT, false},
                 {"bin", CSV_COUNT, false},
                 {"x_lo", CSV_NUMBER, false},
                 {"x_hi", CSV_NUMBER, false},
                 {"x_unit", CSV_UNIT, false},
                 {"n", CSV_NUMBER, false},
                 {"sum", CSV_NUMBER, false}}},
    [TIMINGS] = {"timings.csv",
                 MIB,
                 1000,
                 {{"scheme", CSV_NAME, false},
                  {"stage", CSV_NAME, false},
                  {"n", CSV_COUNT, false},
                  {"mean_ns", CSV_NUMBER, true},
                  {"p50_ns", CSV_NUMBER, true},
                  {"p99_ns", CSV_NUMBER, true},
                  {"total_s", CSV_NUMBER, true}}},
    [GALLERY] = {"gallery.csv",
                 MIB,
                 200,
                 {{"file", CSV_PICTURE, false},
                  {"scheme", CSV_NAME, false},
                  {"replication", CSV_COUNT, false},
                  {"capture", CSV_NAME, false},
                  {"who", CSV_NAME, false},
                  {"outcome", CSV_NAME, false},
                  {"distance_mm", CSV_NUMBER, true},
                  {"module_px", CSV_NUMBER, true},
                  {"defocus_px", CSV_NUMBER, true},
                  {"motion_px", CSV_NUMBER, true},
                  {"tilt_deg", CSV_NUMBER, true},
                  {"note", CSV_NOTE, true}}},
    [STEADY] = {"steady.csv",
                MIB,
                4000,
                {{"scheme", CSV_NAME, false},
                 {"metric", CSV_NAME, false},
                 {"n", CSV_COUNT, false},
                 {"observations", CSV_COUNT, false},
                 {"deleted", CSV_COUNT, false},
                 {"warmup", CSV_NAME, false},
                 {"batches", CSV_COUNT, true},
                 {"correlation", CSV_NUMBER, true},
                 {"skewness", CSV_NUMBER, true},
                 {"doubts", CSV_NOTE, true}}},
    [WARMUP] = {"warmup.csv",
                64 * MIB,
                1000000,
                {{"scheme", CSV_NAME, false},
                 {"metric", CSV_NAME, false},
                 {"from", CSV_COUNT, false},
                 {"to", CSV_COUNT, false},
                 {"mean", CSV_NUMBER, false}}},
};

const char *const report_percentiles[REPORT_PERCENTILES] = {"p50", "p90",   "p95",
                                                            "p99", "p99.9", "p99.99"};

static size_t form_columns(const struct table_form *form)
{
    size_t count = 0;
    while (count < CSV_COLUMNS && form->columns[count].name)
        count++;
    return count;
}

static bool load_table(struct csv *table, const struct table_form *form, const struct folder *run,
                       struct error *error)
{
    struct file_bytes bytes;
    if (!folder_read(run, form->file, form->bytes, &bytes, error))
        return false;
    char path[sizeof run->path + 32];
    (void)snprintf(path, sizeof path, "%.*s/%s", (int)sizeof run->path, run->path, form->file);
    return csv_parse(table, (char *)bytes.data, bytes.length, path, form->columns,
                     form_columns(form), form->rows, error);
}

static void *allocate_rows(size_t rows, size_t size)
{
    void *block = calloc(rows + 1, size);
    CHECK(block);
    return block;
}

/* A cell of row `i` of table `t`: short forms for the long lists below. */
#define TEXT(t, i, column) csv_text(t, i, column)
#define NUMBER(t, i, column) csv_number(t, i, column)

static bool fail_at(struct error *error, const char *file, size_t row, const char *what)
{
    return error_set(error, "%s:%zu: %s; " RESTORE, file, row + 2, what);
}

struct summary_row report_data_summary_row(const struct csv *t, size_t i, size_t first)
{
    struct summary_row row = {.scheme = TEXT(t, i, first),
                              .metric = TEXT(t, i, first + 1),
                              .unit = TEXT(t, i, first + 2),
                              .kind = TEXT(t, i, first + 3),
                              .n = NUMBER(t, i, first + 4),
                              .mean = NUMBER(t, i, first + 5),
                              .ci_lo = NUMBER(t, i, first + 6),
                              .ci_hi = NUMBER(t, i, first + 7),
                              .method = TEXT(t, i, first + 8),
                              .gain = NUMBER(t, i, first + 9)};
    for (size_t k = 0; k < REPORT_PERCENTILES; k++)
        row.percentile[k] = NUMBER(t, i, first + 10 + k);
    return row;
}

size_t report_data_summary_columns(struct csv_column *columns)
{
    size_t count = form_columns(&forms[SUMMARY]);
    memcpy(columns, forms[SUMMARY].columns, count * sizeof *columns);
    return count;
}

size_t report_data_steady_columns(struct csv_column *columns)
{
    size_t count = form_columns(&forms[STEADY]);
    memcpy(columns, forms[STEADY].columns, count * sizeof *columns);
    return count;
}

static bool check_summary(const struct report_data *data, size_t i, struct error *error)
{
    const struct summary_row *row = &data->summary[i];
    if (isnan(row->ci_lo) != isnan(row->ci_hi) || row->ci_lo > row->ci_hi)
        return fail_at(error, "summary.csv", i, "ci_lo and ci_hi make no interval");
    if (report_data_find(data, row->scheme, row->metric) != row)
        return fail_at(error, "summary.csv", i, "the same scheme and metric a second time");
    return true;
}

static bool take_summary(struct report_data *data, struct error *error)
{
    const struct csv *t = &data->tables[SUMMARY];
    data->summary = allocate_rows(t->rows, sizeof *data->summary);
    for (size_t i = 0; i < t->rows; i++) {
        data->summary[i] = report_data_summary_row(t, i, 0);
        data->summary_rows = i + 1;
        if (!check_summary(data, i, error))
            return false;
    }
    return true;
}

static void take_steady(struct report_data *data)
{
    const struct csv *t = &data->tables[STEADY];
    data->steady = allocate_rows(t->rows, sizeof *data->steady);
    data->steady_rows = t->rows;
    for (size_t i = 0; i < t->rows; i++)
        data->steady[i] = (struct steady_row){.scheme = TEXT(t, i, 0),
                                              .metric = TEXT(t, i, 1),
                                              .n = NUMBER(t, i, 2),
                                              .observations = NUMBER(t, i, 3),
                                              .deleted = NUMBER(t, i, 4),
                                              .warmup = TEXT(t, i, 5),
                                              .batches = NUMBER(t, i, 6),
                                              .correlation = NUMBER(t, i, 7),
                                              .skewness = NUMBER(t, i, 8),
                                              .doubts = TEXT(t, i, 9)};
}

static bool take_warmup(struct report_data *data, struct error *error)
{
    const struct csv *t = &data->tables[WARMUP];
    data->warmup = allocate_rows(t->rows, sizeof *data->warmup);
    for (size_t i = 0; i < t->rows; i++) {
        data->warmup[i] = (struct warmup_row){.scheme = TEXT(t, i, 0),
                                              .metric = TEXT(t, i, 1),
                                              .from = NUMBER(t, i, 2),
                                              .to = NUMBER(t, i, 3),
                                              .mean = NUMBER(t, i, 4)};
        data->warmup_rows = i + 1;
        if (data->warmup[i].from >= data->warmup[i].to)
            return fail_at(error, "warmup.csv", i, "from is not below to");
    }
    return true;
}

static bool take_replications(struct report_data *data, struct error *error)
{
    (void)error;
    const struct csv *t = &data->tables[REPLICATIONS];
    data->replications = allocate_rows(t->rows, sizeof *data->replications);
    data->replication_rows = t->rows;
    for (size_t i = 0; i < t->rows; i++)
        data->replications[i] = (struct replication_row){.scheme = TEXT(t, i, 0),
                                                         .replication = NUMBER(t, i, 1),
                                                         .metric = TEXT(t, i, 2),
                                                         .kind = TEXT(t, i, 4),
                                                         .numerator = NUMBER(t, i, 5),
                                                         .denominator = NUMBER(t, i, 6),
                                                         .value = NUMBER(t, i, 7)};
    return true;
}

static bool is_success_curve(const char *curve)
{
    return strncmp(curve, "decode-", 7) == 0 || strncmp(curve, "photographer-", 13) == 0;
}

static bool check_curve(const struct curve_row *row, size_t i, struct error *error)
{
    if (row->x_lo >= row->x_hi)
        return fail_at(error, "curves.csv", i, "x_lo is not below x_hi");
    if (row->n < 0.0 || row->sum < 0.0)
        return fail_at(error, "curves.csv", i, "n or sum is below 0");
    if (is_success_curve(row->curve) && (row->sum > row->n || floor(row->n) != row->n ||
                                         floor(row->sum) != row->sum || row->n > 0x1p40))
        return fail_at(error, "curves.csv", i, "n and sum are no trials and successes");
    return true;
}

static bool take_curves(struct report_data *data, struct error *error)
{
    const struct csv *t = &data->tables[CURVES];
    data->curves = allocate_rows(t->rows, sizeof *data->curves);
    data->curve_rows = t->rows;
    for (size_t i = 0; i < t->rows; i++) {
        data->curves[i] = (struct curve_row){.curve = TEXT(t, i, 0),
                                             .scheme = TEXT(t, i, 1),
                                             .replication = NUMBER(t, i, 2),
                                             .bin = NUMBER(t, i, 3),
                                             .x_lo = NUMBER(t, i, 4),
                                             .x_hi = NUMBER(t, i, 5),
                                             .x_unit = TEXT(t, i, 6),
                                             .n = NUMBER(t, i, 7),
                                             .sum = NUMBER(t, i, 8)};
        if (!check_curve(&data->curves[i], i, error))
            return false;
    }
    return true;
}

/* Where a stage stands in the pipeline; stages of another name come last. */
static size_t stage_rank(const char *stage)
{
    static const char *const order[] = {"render", "camera", "decode", "verify", "redeem"};
    size_t rank = 0;
    while (rank < sizeof order / sizeof *order && strcmp(order[rank], stage) != 0)
        rank++;
    return rank;
}

static void order_timings(struct report_data *data)
{
    for (size_t i = 1; i < data->timing_rows; i++)
        for (size_t j = i;
             j > 0 && stage_rank(data->timings[j].stage) < stage_rank(data->timings[j - 1].stage);
             j--) {
            struct timing_row row = data->timings[j];
            data->timings[j] = data->timings[j - 1];
            data->timings[j - 1] = row;
        }
}

static bool take_timings(struct report_data *data, struct error *error)
{
    const struct csv *t = &data->tables[TIMINGS];
    data->timings = allocate_rows(t->rows, sizeof *data->timings);
    data->timing_rows = t->rows;
    for (size_t i = 0; i < t->rows; i++) {
        data->timings[i] = (struct timing_row){.scheme = TEXT(t, i, 0),
                                               .stage = TEXT(t, i, 1),
                                               .n = NUMBER(t, i, 2),
                                               .mean_ns = NUMBER(t, i, 3),
                                               .p50_ns = NUMBER(t, i, 4),
                                               .p99_ns = NUMBER(t, i, 5),
                                               .total_s = NUMBER(t, i, 6)};
        const struct timing_row *row = &data->timings[i];
        if (row->mean_ns < 0.0 || row->p50_ns < 0.0 || row->p99_ns < row->p50_ns ||
            row->total_s < 0.0)
            return fail_at(error, "timings.csv", i, "these times are no times");
    }
    order_timings(data);
    return true;
}

static bool take_gallery(struct report_data *data, struct error *error)
{
    (void)error;
    const struct csv *t = &data->tables[GALLERY];
    data->gallery = allocate_rows(t->rows, sizeof *data->gallery);
    data->gallery_rows = t->rows;
    for (size_t i = 0; i < t->rows; i++)
        data->gallery[i] = (struct gallery_row){.picture = strchr(TEXT(t, i, 0), '/') + 1,
                                                .scheme = TEXT(t, i, 1),
                                                .replication = NUMBER(t, i, 2),
                                                .capture = TEXT(t, i, 3),
                                                .who = TEXT(t, i, 4),
                                                .outcome = TEXT(t, i, 5),
                                                .distance_mm = NUMBER(t, i, 6),
                                                .module_px = NUMBER(t, i, 7),
                                                .defocus_px = NUMBER(t, i, 8),
                                                .motion_px = NUMBER(t, i, 9),
                                                .tilt_deg = NUMBER(t, i, 10),
                                                .note = TEXT(t, i, 11)};
    return true;
}

static bool add_scheme(struct report_data *data, const char *scheme, const char *file, size_t row,
                       struct error *error)
{
    if (strcmp(scheme, "difference") == 0)
        return true;
    for (size_t i = 0; i < data->scheme_count; i++)
        if (strcmp(data->schemes[i], scheme) == 0)
            return true;
    if (data->scheme_count == REPORT_SCHEMES)
        return fail_at(error, file, row, "more than 4 schemes, which no plot can show");
    data->schemes[data->scheme_count++] = scheme;
    return true;
}

/* The scheme is column 0 of each table but of curves.csv and gallery.csv. */
static bool collect_schemes(struct report_data *data, struct error *error)
{
    for (size_t form = 0; form < REPORT_TABLES; form++) {
        const struct csv *t = &data->tables[form];
        size_t column = form == CURVES || form == GALLERY ? 1 : 0;
        for (size_t i = 0; i < t->rows; i++)
            if (!add_scheme(data, TEXT(t, i, column), forms[form].file, i, error))
                return false;
    }
    /* The prior art first, then the image code, wherever both are known. */
    static const char *const order[] = {"image-code", "sms-code"};
    for (size_t o = 0; o < 2; o++)
        for (size_t i = 1; i < data->scheme_count; i++)
            if (strcmp(data->schemes[i], order[o]) == 0) {
                const char *scheme = data->schemes[i];
                memmove(data->schemes + 1, data->schemes, i * sizeof *data->schemes);
                data->schemes[0] = scheme;
            }
    return true;
}

static bool load_texts(struct report_data *data, const struct folder *run, struct error *error)
{
    if (!folder_read(run, "scenario.yaml", MIB, &data->scenario, error) ||
        !folder_read(run, "manifest.json", MIB, &data->manifest, error))
        return false;
    if (folder_has(run, "fingerprint.txt") &&
        !folder_read(run, "fingerprint.txt", 4096, &data->fingerprint, error))
        return false;
    report_data_description(data->description, sizeof data->description,
                            (const char *)data->scenario.data);
    return true;
}

bool report_data_load(struct report_data *data, const struct folder *run, struct error *error)
{
    *data = (struct report_data){0};
    bool good = true;
    for (size_t i = 0; i < REPORT_TABLES && good; i++)
        good = load_table(&data->tables[i], &forms[i], run, error);
    if (good)
        take_steady(data);
    good = good && take_summary(data, error) && take_warmup(data, error) &&
           take_replications(data, error) && take_curves(data, error) &&
           take_timings(data, error) && take_gallery(data, error) && collect_schemes(data, error) &&
           load_texts(data, run, error);
    if (!good)
        report_data_free(data);
    return good;
}

void report_data_free(struct report_data *data)
{
    for (size_t i = 0; i < REPORT_TABLES; i++)
        csv_free(&data->tables[i]);
    free(data->summary);
    free(data->replications);
    free(data->curves);
    free(data->timings);
    free(data->gallery);
    free(data->steady);
    free(data->warmup);
    free(data->scenario.data);
    free(data->manifest.data);
    free(data->fingerprint.data);
    *data = (struct report_data){0};
}

const struct summary_row *report_data_find(const struct report_data *data, const char *scheme,
                                           const char *metric)
{
    for (size_t i = 0; i < data->summary_rows; i++)
        if (strcmp(data->summary[i].metric, metric) == 0 &&
            strcmp(data->summary[i].scheme, scheme) == 0)
            return &data->summary[i];
    return NULL;
}

struct report_count report_data_count(const struct report_data *data, const char *scheme,
                                      const char *metric)
{
    struct report_count count = {0};
    for (size_t i = 0; i < data->replication_rows; i++) {
        const struct replication_row *row = &data->replications[i];
        if (isnan(row->numerator) || isnan(row->denominator) || strcmp(row->metric, metric) != 0 ||
            strcmp(row->scheme, scheme) != 0)
            continue;
        count.numerator += row->numerator;
        count.denominator += row->denominator;
        count.replications++;
    }
    return count;
}
