/* The warm-up: the average of the replications in order, and what was deleted of it. */
#include "output/figure.h"
#include "output/plot_draw.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { PANELS = 4, PANEL_PX = 226, TITLE_PX = 62, LABEL_PX = 14, WINDOWS = 40 };

/* One metric: its rows of warmup.csv, which stand together. */
struct panel {
    const struct steady_row *steady;
    const struct summary_row *summary; /* null: none */
    const struct warmup_row *rows;
    size_t count, scheme;
    double low, high; /* of what is drawn */
    struct figure_scale scale;
};

static bool is_of(const struct warmup_row *row, const struct steady_row *steady)
{
    return strcmp(row->scheme, steady->scheme) == 0 && strcmp(row->metric, steady->metric) == 0;
}

static void stretch(struct panel *panel, double value)
{
    if (isnan(value))
        return;
    panel->low = fmin(panel->low, value);
    panel->high = fmax(panel->high, value);
}

static void find_rows(struct panel *panel, const struct report_data *data)
{
    size_t first = 0;
    while (first < data->warmup_rows && !is_of(&data->warmup[first], panel->steady))
        first++;
    panel->rows = data->warmup + first;
    while (first + panel->count < data->warmup_rows &&
           is_of(&panel->rows[panel->count], panel->steady))
        stretch(panel, panel->rows[panel->count++].mean);
}

/* From 0 where that shows no less. */
static void set_range(struct panel *panel)
{
    double room = fmax(0.1 * (panel->high - panel->low), 1e-9 + 0.01 * fabs(panel->high));
    bool from_zero = panel->low >= 0.0 && panel->low < 0.5 * panel->high;
    panel->low = from_zero ? 0.0 : panel->low - room;
    panel->high += 1.5 * room; /* for what is written in it */
}

static struct panel panel_of(const struct report_data *data, const struct steady_row *steady)
{
    struct panel panel = {.steady = steady, .low = INFINITY, .high = -INFINITY};
    find_rows(&panel, data);
    panel.summary = report_data_find(data, steady->scheme, steady->metric);
    while (panel.scheme < data->scheme_count &&
           strcmp(data->schemes[panel.scheme], steady->scheme) != 0)
        panel.scheme++;
    if (panel.scheme == data->scheme_count) /* "difference", which has no series */
        panel.count = 0;
    if (panel.count == 0)
        return panel;
    if (panel.summary != NULL) {
        stretch(&panel, panel.summary->ci_lo);
        stretch(&panel, panel.summary->ci_hi);
    }
    panel.scale = figure_scale("s", "time", panel.high);
    set_range(&panel);
    return panel;
}

/* Welch's moving average: as many on both sides, fewer near the ends. */
static double smooth(const struct panel *panel, size_t at)
{
    size_t reach = panel->count / WINDOWS, behind = panel->count - 1 - at;
    double sum = 0.0;
    reach = at < reach ? at : reach;
    reach = behind < reach ? behind : reach;
    for (size_t i = at - reach; i <= at + reach; i++)
        sum += panel->rows[i].mean;
    return sum / (double)(2 * reach + 1);
}

static void put_rows(struct text *csv, const struct panel *panel, size_t number)
{
    for (size_t i = 0; i < panel->count; i++)
        text_format(csv, "%zu,%s,%s,%.10g,%.10g,%.10g,%.10g,%.10g,%s,%d\n", number,
                    panel->steady->scheme, panel->steady->metric, panel->rows[i].from,
                    panel->rows[i].to, 0.5 * (panel->rows[i].from + panel->rows[i].to),
                    panel->rows[i].mean * panel->scale.factor,
                    smooth(panel, i) * panel->scale.factor, panel->scale.unit,
                    panel->rows[i].to <= panel->steady->deleted);
}

/* The heading of a panel: what the interval says, or why there is none. */
static void put_heading(struct text *script, const struct panel *panel)
{
    const struct summary_row *row = panel->summary;
    text_format(script, "set label 3 '%s, %s", panel->steady->metric, panel->steady->scheme);
    if (row != NULL && !isnan(row->mean) && !isnan(row->ci_lo)) {
        char mean[FIGURE_BYTES], low[FIGURE_BYTES], high[FIGURE_BYTES];
        double half = 0.5 * (row->ci_hi - row->ci_lo);
        figure_write(mean, &panel->scale, row->mean, half, 0);
        figure_write(low, &panel->scale, row->ci_lo, half, 0);
        figure_write(high, &panel->scale, row->ci_hi, half, 0);
        text_format(script, ": mean %s %s, 95%% interval %s to %s", mean, panel->scale.unit, low,
                    high);
    }
    text_format(script, "' at graph 0, graph 1 offset 0, 0.9 font ',12.5' textcolor rgb ink\n");
}

/* The stretch that was deleted, and its end, which is seen however short it is. */
static void put_deleted(struct text *script, const struct panel *panel)
{
    double deleted = panel->steady->deleted, end = panel->rows[panel->count - 1].to;
    if (strcmp(panel->steady->warmup, "found") != 0) {
        text_format(script,
                    "set label 4 '%s: nothing deleted' at graph 0.985, graph 0.92 right font "
                    "',11.5' textcolor rgb '#B04A00'\n",
                    strcmp(panel->steady->warmup, "short") == 0 ? "too short to tell"
                                                                : "not settled by its half");
        return;
    }
    if (!(deleted > 0.0)) {
        text_put(script, "set label 4 'nothing to delete' at graph 0.985, graph 0.92 right font "
                         "',11.5' textcolor rgb '#666666'\n");
        return;
    }
    char count[FIGURE_BYTES];
    figure_count(count, deleted);
    text_format(script,
                "set object 1 rectangle from 0, graph 0 to %.10g, graph 1 fillcolor rgb '#444444' "
                "fillstyle transparent solid 0.12 noborder back\n"
                "set arrow 1 from %.10g, graph 0 to %.10g, graph 1 nohead lc rgb '#444444' lw 1.2 "
                "dt 2 front\n"
                "set label 4 'the first %s deleted' at %.10g, graph 0.92 %s offset %s, 0 font "
                "',11.5' textcolor rgb ink front\n",
                deleted, deleted, deleted, count, deleted, deleted < 0.6 * end ? "left" : "right",
                deleted < 0.6 * end ? "0.7" : "-0.7");
}

/* The interval lies over what it is of: from the end of the warm-up to the end of the run. */
static void put_interval(struct text *script, const struct panel *panel)
{
    const struct summary_row *row = panel->summary;
    double factor = panel->scale.factor;
    if (row == NULL || isnan(row->ci_lo))
        return;
    double from = panel->steady->deleted, to = panel->rows[panel->count - 1].to;
    text_format(script,
                "set object 2 rectangle from %.10g, %.10g to %.10g, %.10g fillcolor lt type(%zu) "
                "fillstyle transparent solid 0.25 noborder back\n"
                "set arrow 2 from %.10g, %.10g to %.10g, %.10g nohead lt type(%zu) lw 1 front\n",
                from, row->ci_lo * factor, to, row->ci_hi * factor, panel->scheme + 1, from,
                row->mean * factor, to, row->mean * factor, panel->scheme + 1);
}

static void put_panel(struct text *script, const struct panel *panel, size_t number, bool last)
{
    size_t top = TITLE_PX + PANEL_PX * number + 26;
    text_format(script, "\n# panel %zu\nset tmargin at screen 1 - %zu.0 / height\n", number + 1,
                top);
    text_format(script, "set bmargin at screen 1 - %zu.0 / height\n", top + PANEL_PX - 76);
    text_format(script, "set xrange [0:%.10g]\nset yrange [%.10g:%.10g]\n",
                panel->rows[panel->count - 1].to, panel->low * panel->scale.factor,
                panel->high * panel->scale.factor);
    text_format(script, "set ylabel '%s, %s' offset 1, 0\n", panel->steady->metric,
                panel->scale.unit);
    if (last)
        text_put(script,
                 "set xlabel 'observation of a replication, in the order in which they were "
                 "made'\n");
    put_heading(script, panel);
    put_deleted(script, panel);
    put_interval(script, panel);
    text_format(script,
                "plot data using (at(%zu, 'middle')):(at(%zu, 'mean')) with lines lc rgb "
                "'#B8B8B8' lw 1, \\\n"
                "    data using (at(%zu, 'middle')):(at(%zu, 'smooth')) with lines lt type(%zu) lw "
                "2\n"
                "unset label 1; unset label 2; unset label 4\n"
                "unset object 1; unset object 2; unset arrow 1; unset arrow 2\n",
                number + 1, number + 1, number + 1, number + 1, panel->scheme + 1);
}

static const char warmup_script[] =
    "set multiplot\n"
    "unset key\n"
    "set format x '%.0f'\n"
    "# The cell of a column where the row is of panel i, else nothing.\n"
    "at(i, name) = column('panel') == i ? column(name) : NaN\n";

static void draw_panels(struct plot_files *files, const struct report_data *data,
                        const struct panel *panels, size_t count, size_t left_out)
{
    bool all[REPORT_SCHEMES] = {true, true, true, true};
    char title[80] = "Where the warm-up ends";
    if (left_out > 0)
        (void)snprintf(title, sizeof title, "Where the warm-up ends (%zu of %zu metrics)", count,
                       count + left_out);
    plot_begin(
        files, TITLE_PX + PANEL_PX * (int)count + LABEL_PX, title,
        "grey: average of the replications; line: its moving average; band: mean of the rest "
        "and its 95% interval");
    plot_schemes(&files->script, data, all);
    text_put(&files->script, warmup_script);
    for (size_t i = 0; i < count; i++)
        put_panel(&files->script, &panels[i], i, i + 1 == count);
    text_put(&files->script, "unset multiplot\n");
}

bool plot_warmup(struct plot_files *files, const struct report_data *data)
{
    struct panel panels[PANELS];
    size_t count = 0, left_out = 0;
    text_put(&files->csv, "panel,scheme,metric,from,to,middle,mean,smooth,unit,deleted\n");
    for (size_t i = 0; i < data->steady_rows; i++) {
        struct panel panel = panel_of(data, &data->steady[i]);
        if (panel.count == 0)
            continue;
        if (count == PANELS) {
            left_out++;
            continue;
        }
        panels[count++] = panel;
        put_rows(&files->csv, &panel, count);
    }
    if (count > 0)
        draw_panels(files, data, panels, count, left_out);
    return count > 0;
}
