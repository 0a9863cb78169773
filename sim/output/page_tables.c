/* Tables of the page below the headline: outcomes, stages, and the whole of summary.csv. */
#include "output/estimate.h"
#include "output/figure.h"
#include "output/html.h"
#include "output/page.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static void put_share(struct text *page, const struct report_data *data, const char *scheme,
                      const char *metric)
{
    struct estimate share;
    if (!estimate_get(&share, data, scheme, metric)) {
        html_put(page, "<td class=\"n\">&#8211;</td>");
        return;
    }
    struct figure_scale percent = {.factor = 100.0};
    double half = estimate_half_width(&share);
    char value[FIGURE_BYTES], low[FIGURE_BYTES], high[FIGURE_BYTES];
    figure_write(value, &percent, share.value, half, 0);
    figure_write(low, &percent, share.low, half, 0);
    figure_write(high, &percent, share.high, half, 0);
    html_put(page, "<td class=\"n\">");
    html_format(page, "%s %%", value);
    if (!isnan(share.low)) {
        html_put(page, "<span class=\"unit\">");
        html_format(page, " (%s to %s)", low, high);
        html_put(page, "</span>");
    }
    html_put(page, "</td>");
}

static void put_header(struct text *page, const struct report_data *data, const char *first)
{
    html_put(page, "<div class=\"wide\"><table>\n<thead><tr><th>");
    html_text(page, first);
    html_put(page, "</th>");
    for (size_t i = 0; i < data->scheme_count; i++) {
        html_put(page, "<th class=\"n\">");
        html_text(page, data->schemes[i]);
        html_put(page, "</th>");
    }
    html_put(page, "</tr></thead>\n<tbody>\n");
}

void page_outcome_table(struct text *page, const struct report_data *data)
{
    const char *names[ESTIMATE_OUTCOMES];
    size_t count = estimate_outcomes(data, names);
    if (count == 0)
        return;
    put_header(page, data, "Outcome");
    for (size_t i = 0; i < count; i++) {
        html_put(page, "<tr><td><code>");
        html_text(page, names[i] + strlen("outcome."));
        html_put(page, "</code></td>");
        for (size_t s = 0; s < data->scheme_count; s++)
            put_share(page, data, data->schemes[s], names[i]);
        html_put(page, "</tr>\n");
    }
    html_put(page, "</tbody></table></div>\n<p class=\"how\">Shares of all reservations of the "
                   "scheme: mean and, in grey, 95% interval over replications. Outcomes that never "
                   "happened are left out.</p>\n");
}

static void put_cell(struct text *page, const char *text)
{
    html_put(page, "<td class=\"n\">");
    html_text(page, text);
    html_put(page, "</td>");
}

/* Rounded to what a measured time is worth. */
static double three_digits(double value)
{
    if (!(value > 0.0) || !isfinite(value))
        return value;
    double unit = pow(10.0, floor(log10(value)) - 2.0);
    return round(value / unit) * unit;
}

static void put_stage(struct text *page, const struct timing_row *row)
{
    char n[FIGURE_BYTES], mean[FIGURE_BYTES], p50[FIGURE_BYTES], p99[FIGURE_BYTES];
    char rate[FIGURE_BYTES], total[FIGURE_BYTES];
    struct figure_scale plain = {.factor = 1.0};
    double per_s = row->mean_ns > 0.0 ? 1e9 / row->mean_ns : NAN;
    figure_count(n, row->n);
    figure_time(mean, row->mean_ns);
    figure_time(p50, row->p50_ns);
    figure_time(p99, row->p99_ns);
    figure_write(rate, &plain, three_digits(per_s), per_s * 0.1, 0);
    figure_write(total, &plain, three_digits(row->total_s), row->total_s * 0.1, 0);
    html_put(page, "<tr><td><code>");
    html_text(page, row->stage);
    html_put(page, "</code></td><td>");
    html_text(page, row->scheme);
    html_put(page, "</td>");
    const char *cells[] = {n, p50, p99, mean, rate, total};
    for (size_t i = 0; i < sizeof cells / sizeof *cells; i++)
        put_cell(page, cells[i]);
    html_put(page, "</tr>\n");
}

void page_stage_table(struct text *page, const struct report_data *data)
{
    if (data->timing_rows == 0)
        return;
    html_put(page, "<div class=\"wide\"><table>\n<thead><tr><th>Stage</th><th>Scheme</th>"
                   "<th class=\"n\">Calls</th><th class=\"n\">Median</th>"
                   "<th class=\"n\">99th percentile</th><th class=\"n\">Mean</th>"
                   "<th class=\"n\">Throughput a core, /s</th><th class=\"n\">Total, s</th>"
                   "</tr></thead>\n<tbody>\n");
    for (size_t i = 0; i < data->timing_rows; i++)
        put_stage(page, &data->timings[i]);
    html_put(page, "</tbody></table></div>\n<p class=\"how\">CPU time of all calls of the run, on "
                   "the machine of the manifest. Throughput a core is one over the mean.</p>\n");
}

static void put_number(struct text *page, double number)
{
    char text[32] = "";
    if (!isnan(number))
        (void)snprintf(text, sizeof text, "%.5g", number);
    put_cell(page, text);
}

static void put_metric(struct text *page, const struct summary_row *row)
{
    const char *texts[] = {row->metric, row->scheme, row->unit};
    html_put(page, "<tr>");
    for (size_t i = 0; i < 3; i++) {
        html_put(page, i == 0 ? "<td><code>" : "<td>");
        html_text(page, texts[i]);
        html_put(page, i == 0 ? "</code></td>" : "</td>");
    }
    const double numbers[] = {row->n, row->mean, row->ci_lo, row->ci_hi};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        put_number(page, numbers[i]);
    for (size_t i = 0; i < REPORT_PERCENTILES; i++)
        put_number(page, row->percentile[i]);
    put_number(page, row->gain);
    html_put(page, "<td>");
    html_text(page, row->method);
    html_put(page, "</td></tr>\n");
}

void page_metric_table(struct text *page, const struct report_data *data)
{
    html_put(page, "<div class=\"wide dense\"><table>\n<thead><tr><th>Metric</th><th>Scheme</th>"
                   "<th>Unit</th><th class=\"n\">n</th><th class=\"n\">Mean</th>"
                   "<th class=\"n\">95% from</th><th class=\"n\">to</th>");
    for (size_t i = 0; i < REPORT_PERCENTILES; i++) {
        html_put(page, "<th class=\"n\">");
        html_text(page, report_percentiles[i]);
        html_put(page, "</th>");
    }
    html_put(page, "<th class=\"n\">Gain</th><th>Interval</th></tr></thead>\n<tbody>\n");
    for (size_t i = 0; i < data->summary_rows; i++)
        put_metric(page, &data->summary[i]);
    html_put(page, "</tbody></table></div>\n");
}
