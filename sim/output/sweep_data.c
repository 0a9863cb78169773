#include "output/sweep_data.h"

#include "experiment/table.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MIB = 1 << 20, DESIGN_ROWS = 64000, SUMMARY_ROWS = 1000000 };
enum { POINT, FACTOR, KEY, LEVEL, VALUE, NUMBER, UNIT, DESIGN_COLUMNS };

static const struct csv_column design_columns[DESIGN_COLUMNS] = {
    [POINT] = {"point", CSV_COUNT, false}, [FACTOR] = {"factor", CSV_COUNT, false},
    [KEY] = {"key", CSV_NAME, false},      [LEVEL] = {"level", CSV_COUNT, false},
    [VALUE] = {"value", CSV_NOTE, false},  [NUMBER] = {"number", CSV_NUMBER, true},
    [UNIT] = {"unit", CSV_UNIT, true}};

static bool refuse(struct error *error, const char *what)
{
    return error_set(error, "%s; restore the file or run the scenario again", what);
}

static void *allocate(size_t count, size_t bytes)
{
    void *memory = calloc(count + 1, bytes);
    CHECK(memory != NULL);
    return memory;
}

static bool read_table(struct csv *table, const struct folder *run, const char *file,
                       size_t bytes_limit, const struct csv_column *columns, size_t count,
                       size_t rows, struct error *error)
{
    struct file_bytes bytes;
    if (!folder_read(run, file, bytes_limit, &bytes, error))
        return false;
    char path[sizeof run->path + 32];
    (void)snprintf(path, sizeof path, "%.*s/%s", (int)sizeof run->path, run->path, file);
    return csv_parse(table, (char *)bytes.data, bytes.length, path, columns, count, rows, error);
}

/* --- design.csv --- */

static struct sweep_axis *find_axis(struct sweep_data *data, const char *key)
{
    for (size_t i = 0; i < data->axis_count; i++)
        if (strcmp(data->axes[i].key, key) == 0)
            return &data->axes[i];
    if (data->axis_count == SWEEP_DATA_KEYS)
        return NULL;
    struct sweep_axis *axis = &data->axes[data->axis_count++];
    *axis = (struct sweep_axis){.key = key,
                                .name = table_key_ending(key, 1),
                                .numeric = true,
                                .unit = "",
                                .level = allocate(data->points, sizeof *axis->level),
                                .number = allocate(data->points, sizeof *axis->number),
                                .text = allocate(data->points, sizeof *axis->text)};
    return axis;
}

static bool take_value(struct sweep_data *data, size_t row, struct error *error)
{
    const struct csv *t = &data->design;
    struct sweep_axis *axis = find_axis(data, csv_text(t, row, KEY));
    size_t point = (size_t)csv_number(t, row, POINT), level = (size_t)csv_number(t, row, LEVEL);
    if (axis == NULL || point < 1 || level < 1 || level > data->points ||
        axis->text[point - 1] != NULL)
        return refuse(error, "design.csv: a point has a key twice, too many keys, or a level that "
                             "cannot be");
    axis->factor = (size_t)csv_number(t, row, FACTOR);
    axis->level[point - 1] = level - 1;
    axis->levels = level > axis->levels ? level : axis->levels;
    axis->number[point - 1] = csv_number(t, row, NUMBER);
    axis->text[point - 1] = csv_text(t, row, VALUE);
    axis->unit = csv_text(t, row, UNIT);
    axis->numeric = axis->numeric && !isnan(axis->number[point - 1]);
    return true;
}

/* Where the last words of two keys are the same, the last two of each. */
static void tell_apart(struct sweep_data *data)
{
    for (size_t i = 0; i < data->axis_count; i++)
        for (size_t j = 0; j < data->axis_count; j++)
            if (j != i && strcmp(table_key_ending(data->axes[i].key, 1),
                                 table_key_ending(data->axes[j].key, 1)) == 0)
                data->axes[i].name = table_key_ending(data->axes[i].key, 2);
}

static bool take_design(struct sweep_data *data, struct error *error)
{
    const struct csv *t = &data->design;
    for (size_t i = 0; i < t->rows; i++)
        data->points = (size_t)fmax((double)data->points, csv_number(t, i, POINT));
    if (data->points == 0 || data->points > t->rows)
        return refuse(error, "design.csv: holds no points, or not all of them");
    for (size_t i = 0; i < t->rows; i++)
        if (!take_value(data, i, error))
            return false;
    for (size_t i = 0; i < data->axis_count; i++)
        for (size_t point = 0; point < data->points; point++)
            if (data->axes[i].text[point] == NULL)
                return refuse(error, "design.csv: a point lacks a key");
    tell_apart(data);
    return true;
}

/* --- summary.csv --- */

static size_t find_scheme(struct sweep_data *data, const char *name)
{
    for (size_t i = 0; i < data->scheme_count; i++)
        if (strcmp(data->schemes[i], name) == 0)
            return i;
    if (data->scheme_count < SWEEP_DATA_SCHEMES)
        data->schemes[data->scheme_count] = name;
    return data->scheme_count < SWEEP_DATA_SCHEMES ? data->scheme_count++ : SWEEP_DATA_SCHEMES;
}

static size_t metric_of(const struct sweep_data *data, const char *name)
{
    size_t i = 0;
    while (i < data->metric_count && strcmp(data->metrics[i].name, name) != 0)
        i++;
    return i;
}

static size_t find_metric(struct sweep_data *data, const struct summary_row *row)
{
    size_t known = metric_of(data, row->metric);
    if (known < data->metric_count)
        return known;
    if (data->metric_count < SWEEP_DATA_METRICS)
        data->metrics[data->metric_count] =
            (struct sweep_metric){row->metric, row->unit, row->kind, false, 0};
    return data->metric_count < SWEEP_DATA_METRICS ? data->metric_count++ : SWEEP_DATA_METRICS;
}

static size_t place(size_t point, size_t scheme, size_t metric)
{
    return (point * SWEEP_DATA_SCHEMES + scheme) * SWEEP_DATA_METRICS + metric;
}

static bool take_summary(struct sweep_data *data, struct error *error)
{
    const struct csv *t = &data->summary;
    data->rows = allocate(t->rows, sizeof *data->rows);
    data->cells = allocate(place(data->points, 0, 0), sizeof *data->cells);
    for (size_t i = 0; i < t->rows; i++) {
        size_t point = (size_t)csv_number(t, i, 0);
        data->rows[i] = report_data_summary_row(t, i, 1);
        const struct summary_row *row = &data->rows[i];
        if (strcmp(row->scheme, "difference") == 0)
            continue;
        size_t scheme = find_scheme(data, row->scheme), metric = find_metric(data, row);
        if (point < 1 || point > data->points || scheme == SWEEP_DATA_SCHEMES ||
            metric == SWEEP_DATA_METRICS)
            return refuse(error, "summary.csv: a point that design.csv does not have, or too many "
                                 "schemes or metrics");
        if (row->n > 0.0 && !isnan(row->mean))
            data->cells[place(point - 1, scheme, metric)] = row;
    }
    return true;
}

const struct summary_row *sweep_data_cell(const struct sweep_data *data, size_t point,
                                          size_t scheme, size_t metric)
{
    return data->cells[place(point, scheme, metric)];
}

bool sweep_data_has(const struct sweep_data *data, size_t scheme, size_t metric)
{
    for (size_t point = 0; point < data->points; point++)
        if (sweep_data_cell(data, point, scheme, metric) != NULL)
            return true;
    return false;
}

/* Do the intervals of two points lie apart? */
static bool responds(const struct sweep_data *data, size_t scheme, size_t metric)
{
    double highest_low = -INFINITY, lowest_high = INFINITY;
    for (size_t point = 0; point < data->points; point++) {
        const struct summary_row *row = sweep_data_cell(data, point, scheme, metric);
        if (row == NULL || isnan(row->ci_lo) || isnan(row->ci_hi))
            continue;
        highest_low = fmax(highest_low, row->ci_lo);
        lowest_high = fmin(lowest_high, row->ci_hi);
    }
    return highest_low > lowest_high;
}

static void find_responses(struct sweep_data *data)
{
    for (size_t metric = 0; metric < data->metric_count; metric++)
        for (size_t scheme = 0; scheme < data->scheme_count; scheme++)
            data->metrics[metric].responds |= responds(data, scheme, metric);
}

/* Rates and times before plain counts; shares of single reasons last. */
static int rank(const struct sweep_metric *metric)
{
    bool reason =
        strncmp(metric->name, "outcome.", 8) == 0 || strncmp(metric->name, "attack.", 7) == 0;
    return reason ? 2 : strcmp(metric->kind, "count") == 0 ? 1 : 0;
}

static bool is_asked(const struct sweep_data *data, size_t metric)
{
    for (size_t i = 0; i < data->asked.rows; i++)
        if (strcmp(csv_text(&data->asked, i, 0), data->metrics[metric].name) == 0)
            return true;
    return data->metrics[metric].of_factor > 0;
}

size_t sweep_data_choose(const struct sweep_data *data, size_t *metrics, size_t room)
{
    size_t count = 0;
    for (size_t i = 0; i < data->metric_count && count < room; i++)
        if (data->metrics[i].of_factor > 0)
            metrics[count++] = i;
    for (size_t i = 0; i < data->asked.rows && count < room; i++) {
        size_t metric = metric_of(data, csv_text(&data->asked, i, 0));
        if (metric < data->metric_count)
            metrics[count++] = metric;
    }
    for (int wanted = 0; wanted <= 2; wanted++)
        for (size_t i = 0; i < data->metric_count && count < room; i++)
            if (data->metrics[i].responds && !is_asked(data, i) &&
                rank(&data->metrics[i]) == wanted)
                metrics[count++] = i;
    return count;
}

bool sweep_data_is_there(const struct folder *run)
{
    return folder_has(run, "design.csv");
}

static bool take_doubts(struct sweep_data *data, struct error *error)
{
    enum { DOUBTS = 10 }; /* the column */
    data->doubts = allocate(data->steady.rows, sizeof *data->doubts);
    data->doubt_count = data->steady.rows;
    for (size_t i = 0; i < data->doubt_count; i++) {
        double point = csv_number(&data->steady, i, 0);
        if (point < 1.0 || point > (double)data->points)
            return refuse(error, "steady.csv: a point that design.csv does not have");
        data->doubts[i] =
            (struct sweep_doubt){(size_t)point - 1, csv_text(&data->steady, i, 1),
                                 csv_text(&data->steady, i, 2), csv_text(&data->steady, i, DOUBTS)};
    }
    return true;
}

static bool load_steady(struct sweep_data *data, const struct folder *run, struct error *error)
{
    struct csv_column columns[CSV_COLUMNS + 1] = {{"point", CSV_COUNT, false}};
    size_t count = 1 + report_data_steady_columns(columns + 1);
    return read_table(&data->steady, run, "steady.csv", 16 * MIB, columns, count, SUMMARY_ROWS,
                      error) &&
           take_doubts(data, error);
}

/* --- asked.csv, needed.csv: where the scenario asked --- */

enum { NEED_POINT, NEED_KEY, NEED_QUESTION, NEED_MEAN, NEED_BEST, NEED_WORST, NEED_COLUMNS };

static const struct csv_column needed_columns[NEED_COLUMNS] = {
    {"point", CSV_COUNT, false},  {"key", CSV_NAME, false},      {"question", CSV_NOTE, false},
    {"needed", CSV_NUMBER, true}, {"at_best", CSV_NUMBER, true}, {"at_worst", CSV_NUMBER, true}};

static struct summary_row needed_row(const struct sweep_data *data, size_t row, const char *unit)
{
    const struct csv *t = &data->needed;
    return (struct summary_row){.scheme = data->schemes[0],
                                .metric = csv_text(t, row, NEED_QUESTION),
                                .unit = unit,
                                .kind = "need",
                                .n = 1.0,
                                .mean = csv_number(t, row, NEED_MEAN),
                                .ci_lo = csv_number(t, row, NEED_BEST),
                                .ci_hi = csv_number(t, row, NEED_WORST)};
}

/* As one more metric, under the first scheme. */
static bool take_needed(struct sweep_data *data, struct error *error)
{
    const struct csv *t = &data->needed;
    if (t->rows == 0 || data->metric_count == SWEEP_DATA_METRICS)
        return true;
    size_t key = 0;
    while (key < data->axis_count && strcmp(data->axes[key].key, csv_text(t, 0, NEED_KEY)) != 0)
        key++;
    if (key == data->axis_count || data->scheme_count == 0)
        return refuse(error, "needed.csv: speaks of a key that design.csv does not have");
    const struct sweep_axis *axis = &data->axes[key];
    data->needed_rows = allocate(t->rows, sizeof *data->needed_rows);
    for (size_t i = 0; i < t->rows; i++) {
        size_t point = (size_t)csv_number(t, i, NEED_POINT);
        if (point < 1 || point > data->points)
            return refuse(error, "needed.csv: a point that design.csv does not have");
        data->needed_rows[i] = needed_row(data, i, axis->unit[0] != '\0' ? axis->unit : "1");
        if (!isnan(data->needed_rows[i].mean))
            data->cells[place(point - 1, 0, data->metric_count)] = &data->needed_rows[i];
    }
    data->metrics[data->metric_count++] = (struct sweep_metric){
        csv_text(t, 0, NEED_QUESTION), data->needed_rows[0].unit, "need", false, axis->factor};
    return true;
}

static bool load_question(struct sweep_data *data, const struct folder *run, struct error *error)
{
    static const struct csv_column asked_columns[] = {{"metric", CSV_NAME, false}};
    if (folder_has(run, "asked.csv") && !read_table(&data->asked, run, "asked.csv", MIB,
                                                    asked_columns, 1, SWEEP_DATA_METRICS, error))
        return false;
    return !folder_has(run, "needed.csv") ||
           (read_table(&data->needed, run, "needed.csv", MIB, needed_columns, NEED_COLUMNS,
                       DESIGN_ROWS, error) &&
            take_needed(data, error));
}

static bool load_tables(struct sweep_data *data, const struct folder *run, struct error *error)
{
    struct csv_column columns[CSV_COLUMNS + 1] = {{"point", CSV_COUNT, false}};
    size_t count = 1 + report_data_summary_columns(columns + 1);
    return read_table(&data->design, run, "design.csv", 16 * MIB, design_columns, DESIGN_COLUMNS,
                      DESIGN_ROWS, error) &&
           read_table(&data->summary, run, "summary.csv", 256 * MIB, columns, count, SUMMARY_ROWS,
                      error) &&
           take_design(data, error) && take_summary(data, error) && load_steady(data, run, error) &&
           load_question(data, run, error);
}

static bool load_texts(struct sweep_data *data, const struct folder *run, struct error *error)
{
    return folder_read(run, "scenario.yaml", MIB, &data->scenario, error) &&
           folder_read(run, "manifest.json", MIB, &data->manifest, error) &&
           (!folder_has(run, "fingerprint.txt") ||
            folder_read(run, "fingerprint.txt", 4096, &data->fingerprint, error));
}

bool sweep_data_load(struct sweep_data *data, const struct folder *run, struct error *error)
{
    *data = (struct sweep_data){0};
    if (!load_tables(data, run, error) || !load_texts(data, run, error)) {
        sweep_data_free(data);
        return false;
    }
    find_responses(data);
    report_data_description(data->description, sizeof data->description,
                            (const char *)data->scenario.data);
    return true;
}

void sweep_data_free(struct sweep_data *data)
{
    for (size_t i = 0; i < data->axis_count; i++) {
        free(data->axes[i].level);
        free(data->axes[i].number);
        free(data->axes[i].text);
    }
    csv_free(&data->design);
    csv_free(&data->summary);
    csv_free(&data->steady);
    csv_free(&data->asked);
    csv_free(&data->needed);
    free(data->needed_rows);
    free(data->doubts);
    free(data->rows);
    free(data->cells);
    free(data->scenario.data);
    free(data->manifest.data);
    free(data->fingerprint.data);
    *data = (struct sweep_data){0};
}
