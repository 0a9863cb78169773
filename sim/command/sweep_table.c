#include "sweep_table.h"

#include "command.h"
#include "experiment/colour.h"
#include "output/figure.h"
#include "output/sweep_data.h"

#include <math.h>
#include <string.h>

enum {
    METRICS = 4,
    POINTS_MOST = 40,
    LABEL_LEAST = 28,
    LABEL_MOST = 72,
    VALUE_MOST = 24,
    CELL_COLUMNS = 24
};

static void print_cell(FILE *out, const struct summary_row *row, const struct figure_scale *scale)
{
    char text[128] = "-", value[FIGURE_BYTES], low[FIGURE_BYTES], high[FIGURE_BYTES];
    if (row != NULL) {
        double half = fmax(row->ci_hi - row->mean, row->mean - row->ci_lo);
        figure_write(value, scale, row->mean, half, 0);
        figure_write(low, scale, row->ci_lo, half, 0);
        figure_write(high, scale, row->ci_hi, half, 0);
        snprintf(text, sizeof text, isnan(row->ci_lo) ? "%s" : "%s [%s, %s]", value, low, high);
    }
    fprintf(out, "  %-*s", CELL_COLUMNS, text);
}

static struct figure_scale scale_of(const struct sweep_data *data, size_t metric)
{
    double largest = 0.0;
    for (size_t point = 0; point < data->points; point++)
        for (size_t s = 0; s < data->scheme_count; s++) {
            const struct summary_row *row = sweep_data_cell(data, point, s, metric);
            largest = row != NULL ? fmax(largest, row->mean) : largest;
        }
    return figure_scale(data->metrics[metric].unit, data->metrics[metric].kind, largest);
}

/* "capture_focus 120 mm, pitch 0.3 mm"; a long value is cut, so that the others are seen. */
struct label {
    char text[256];
};

static struct label label_of(const struct sweep_data *data, size_t point)
{
    struct label label = {{0}};
    size_t at = 0;
    for (size_t i = 0; i < data->axis_count && at < sizeof label.text; i++) {
        const char *value = data->axes[i].text[point];
        at += (size_t)snprintf(label.text + at, sizeof label.text - at, "%s%s %.*s%s",
                               i > 0 ? ", " : "", data->axes[i].name, VALUE_MOST, value,
                               strlen(value) > VALUE_MOST ? "..." : "");
    }
    return label;
}

/* As wide as the longest label, within reason. */
static int label_columns(const struct sweep_data *data)
{
    size_t widest = LABEL_LEAST;
    for (size_t point = 0; point < data->points; point++) {
        size_t length = strlen(label_of(data, point).text);
        widest = length > widest ? length : widest;
    }
    return widest < LABEL_MOST ? (int)widest : LABEL_MOST;
}

static void print_metric(FILE *out, const struct sweep_data *data, size_t metric)
{
    struct figure_scale scale = scale_of(data, metric);
    char head[256];
    snprintf(head, sizeof head, "%s%s%s", data->metrics[metric].name, scale.unit[0] ? ", " : "",
             scale.unit);
    int columns = label_columns(data);
    fprintf(out, "%s%-*s", colour_on(out, COLOUR_STRONG), columns + 6, head);
    for (size_t s = 0; s < data->scheme_count; s++)
        if (sweep_data_has(data, s, metric))
            fprintf(out, "  %-*s", CELL_COLUMNS, data->schemes[s]);
    fprintf(out, "%s\n", colour_off(out));
    for (size_t point = 0; point < data->points; point++) {
        fprintf(out, "%4zu  %-*.*s", point + 1, columns, columns, label_of(data, point).text);
        for (size_t s = 0; s < data->scheme_count; s++)
            if (sweep_data_has(data, s, metric))
                print_cell(out, sweep_data_cell(data, point, s, metric), &scale);
        fputc('\n', out);
    }
    fputc('\n', out);
}

static void print_all(FILE *out, const struct sweep_data *data)
{
    size_t metrics[METRICS], count = sweep_data_choose(data, metrics, METRICS);
    if (count == 0)
        fputs("no metric responds: the 95 % intervals of all points overlap\n", out);
    if (data->points > POINTS_MOST)
        fprintf(out, "%zu design points: see summary.csv and the report\n", data->points);
    for (size_t i = 0; i < count && data->points <= POINTS_MOST; i++)
        if (data->metrics[metrics[i]].of_factor == 0) /* a need is of no single point */
            print_metric(out, data, metrics[i]);
}

void sweep_table_print(FILE *out, const char *directory)
{
    struct folder folder;
    struct sweep_data data;
    struct error error;
    if (!folder_open(&folder, directory, &error)) {
        warn("%s", error.text);
        return;
    }
    if (sweep_data_load(&data, &folder, &error)) {
        print_all(out, &data);
        sweep_data_free(&data);
    } else {
        warn("%s", error.text);
    }
    folder_close(&folder);
}
