#include "output/sweep_page.h"

#include "output/figure.h"
#include "output/html.h"
#include "output/page.h"
#include "output/page_frame.h"
#include "output/sweep_plot.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static void put_title(struct text *page, const struct sweep_data *data)
{
    const char *title = data->description[0] ? data->description : "Report of a sweep";
    page_head(page, title);
    html_put(page, "<header>\n<p class=\"kicker\">cashpoint &#183; report of a sweep</p>\n<h1>");
    html_text(page, title);
    html_put(page, "</h1>\n<p class=\"facts\">");
    html_format(page, "%zu design points, all on the same random numbers", data->points);
    html_put(page, "</p>\n");
    page_fingerprint(page, &data->fingerprint);
    html_put(page, "<nav><a href=\"#varied\">What was varied</a> "
                   "<a href=\"#responds\">What responds</a> <a href=\"#points\">All points</a> "
                   "<a href=\"#scenario\">Scenario</a> <a href=\"#manifest\">Manifest</a></nav>\n"
                   "</header>\n");
}

/* The values of a key, each once, in the order of its levels. */
static void put_levels(struct text *page, const struct sweep_data *data,
                       const struct sweep_axis *axis)
{
    for (size_t level = 0; level < axis->levels; level++)
        for (size_t point = 0; point < data->points; point++)
            if (axis->level[point] == level) {
                html_put(page, level > 0 ? " &#183; " : "");
                html_text(page, axis->text[point]);
                break;
            }
}

static void put_varied(struct text *page, const struct sweep_data *data)
{
    page_section(page, "varied", "What was varied");
    html_put(page, "<div class=\"wide\"><table>\n<thead><tr><th>Factor</th><th>Key</th>"
                   "<th>Values</th></tr></thead>\n<tbody>\n");
    for (size_t i = 0; i < data->axis_count; i++) {
        text_format(page, "<tr><td>%zu</td><td><code>", data->axes[i].factor);
        html_text(page, data->axes[i].key);
        html_put(page, "</code></td><td>");
        put_levels(page, data, &data->axes[i]);
        html_put(page, "</td></tr>\n");
    }
    html_put(page, "</tbody></table></div>\n<p class=\"how\">Keys of one factor go together; every "
                   "combination of factors is a design point. The records of point N, and a report "
                   "of its own (<code>cashpoint report</code>), are in <code>points/N</code>."
                   "</p>\n</section>\n");
}

static void put_silent(struct text *page, const struct sweep_data *data)
{
    bool any = false;
    for (size_t i = 0; i < data->metric_count; i++) {
        bool there = false;
        for (size_t s = 0; s < data->scheme_count; s++)
            there |= sweep_data_has(data, s, i);
        if (data->metrics[i].responds || data->metrics[i].of_factor > 0 || !there)
            continue;
        html_put(page, any ? ", "
                           : "<p class=\"how\">No answer that these replications could "
                             "show: ");
        html_text(page, data->metrics[i].name);
        any = true;
    }
    html_put(page, any ? ".</p>\n" : "");
}

static bool put_responses(struct text *page, const struct sweep_data *data,
                          const struct plot *plots, size_t count, struct error *error)
{
    page_section(page, "responds", "What responds");
    html_put(page, "<p>A metric responds where the 95% intervals of two points lie apart. Points "
                   "share their random numbers, so that differences are clearer than the intervals "
                   "of single points show; among many points and metrics, some lie apart by "
                   "chance.</p>\n");
    if (count == 0)
        html_put(page, "<p class=\"none\">No metric does: take more replications, or values "
                       "further apart.</p>\n");
    for (size_t i = 0; i < count; i++)
        if (!page_figure(page, &plots[i],
                         "Mark: mean over replications; bar: 95% interval as in "
                         "summary.csv.",
                         error))
            return false;
    put_silent(page, data);
    html_put(page, "</section>\n");
    return true;
}

static void put_estimate(struct text *page, const struct sweep_data *data, size_t point,
                         size_t scheme, size_t metric)
{
    const struct summary_row *row = sweep_data_cell(data, point, scheme, metric);
    html_put(page, "<td class=\"n\">");
    if (row != NULL) {
        struct figure_scale scale = figure_scale(row->unit, row->kind, row->mean);
        double half = fmax(row->ci_hi - row->mean, row->mean - row->ci_lo);
        char value[FIGURE_BYTES], low[FIGURE_BYTES], high[FIGURE_BYTES];
        figure_write(value, &scale, row->mean, half, 0);
        figure_write(low, &scale, row->ci_lo, half, 0);
        figure_write(high, &scale, row->ci_hi, half, 0);
        html_format(page, "%s %s", value, scale.unit);
        html_put(page, "<span class=\"ci\">");
        if (!isnan(row->ci_lo))
            html_format(page, "%s to %s", low, high);
        html_put(page, "</span>");
    }
    html_put(page, "</td>");
}

/* A need is of no single point. */
static bool is_column(const struct sweep_data *data, size_t scheme, size_t metric)
{
    return data->metrics[metric].of_factor == 0 && sweep_data_has(data, scheme, metric);
}

static void put_column_heads(struct text *page, const struct sweep_data *data, const size_t *chosen,
                             size_t count)
{
    html_put(page, "<div class=\"wide dense\"><table>\n<thead><tr><th>Point</th>");
    for (size_t i = 0; i < data->axis_count; i++) {
        html_put(page, "<th>");
        html_text(page, data->axes[i].name);
        html_put(page, "</th>");
    }
    for (size_t i = 0; i < count; i++)
        for (size_t s = 0; s < data->scheme_count; s++)
            if (is_column(data, s, chosen[i])) {
                html_put(page, "<th class=\"n\">");
                html_text(page, data->metrics[chosen[i]].name);
                html_put(page, "<span class=\"small\">");
                html_text(page, data->schemes[s]);
                html_put(page, "</span></th>");
            }
    html_put(page, "</tr></thead>\n<tbody>\n");
}

static void put_points(struct text *page, const struct sweep_data *data, const size_t *chosen,
                       size_t count)
{
    page_section(page, "points", "All points");
    put_column_heads(page, data, chosen, count);
    for (size_t point = 0; point < data->points; point++) {
        text_format(page, "<tr><td>%zu</td>", point + 1);
        for (size_t i = 0; i < data->axis_count; i++) {
            html_put(page, "<td>");
            html_text(page, data->axes[i].text[point]);
            html_put(page, "</td>");
        }
        for (size_t i = 0; i < count; i++)
            for (size_t s = 0; s < data->scheme_count; s++)
                if (is_column(data, s, chosen[i]))
                    put_estimate(page, data, point, s, chosen[i]);
        html_put(page, "</tr>\n");
    }
    html_put(page, "</tbody></table></div>\n<p class=\"how\">All metrics of all points: "
                   "<code>summary.csv</code>; what the points are: <code>design.csv</code>.</p>\n"
                   "</section>\n");
}

/* Only where a steady state was asked for. */
static void put_steady(struct text *page, const struct sweep_data *data)
{
    if (data->doubt_count == 0)
        return;
    page_section(page, "steady", "Steady state");
    html_put(page, "<div class=\"wide\"><table>\n<thead><tr><th>Point</th><th>Metric</th>"
                   "<th>Doubts</th></tr></thead>\n<tbody>\n");
    for (size_t i = 0; i < data->doubt_count; i++) {
        const struct sweep_doubt *doubt = &data->doubts[i];
        text_format(page, "<tr><td>%zu</td><td><code>", doubt->point + 1);
        html_text(page, doubt->metric);
        html_put(page, "</code><span class=\"small\">");
        html_text(page, doubt->scheme);
        html_put(page, "</span></td><td>");
        page_doubts(page, doubt->words);
        html_put(page, "</td></tr>\n");
    }
    html_put(page, "</tbody></table></div>\n<p class=\"how\">What was deleted, and by what "
                   "evidence: <code>steady.csv</code>; a plot of each warm-up is in the report of "
                   "its point.</p>\n</section>\n");
}

bool sweep_page_write(struct text *page, const struct sweep_data *data, const size_t *chosen,
                      const struct plot *plots, size_t count, struct error *error)
{
    put_title(page, data);
    put_varied(page, data);
    if (!put_responses(page, data, plots, count, error))
        return false;
    put_points(page, data, chosen, count);
    put_steady(page, data);
    page_texts(page, &data->scenario, &data->manifest);
    page_foot(page);
    return true;
}
