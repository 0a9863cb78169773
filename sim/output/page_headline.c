/* The figures that decide, both schemes side by side, and what they say about thefts. */
#include "output/estimate.h"
#include "output/figure.h"
#include "output/html.h"
#include "output/page.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* Which way is better: 1 more, -1 less. */
struct headline {
    const char *metric, *name;
    int better;
};

static const struct headline headlines[] = {
    {"withdrawals-paid", "Withdrawals paid", 1},
    {"completion", "Left with their cash", 1},
    {"false-refusal", "Entitled customers refused", -1},
    {"presentations-per-withdrawal", "Presentations a withdrawal", -1},
    {"session-time", "Session at the terminal", -1},
    {"queue-wait", "Wait for a terminal", -1},
    {"exposure-time", "Code exposed to view", -1},
    {"thefts", "Thefts", -1},
    {"theft-loss", "Loss to thefts", -1},
    {"decode-success", "Pictures read", 1},
    {"bit-errors", "Dots read wrongly", -1},
};

/* Of a scheme that has a value; null where none has. */
static const struct summary_row *any_row(const struct report_data *data, const char *metric)
{
    for (size_t i = 0; i < data->scheme_count; i++) {
        const struct summary_row *row = report_data_find(data, data->schemes[i], metric);
        struct estimate estimate;
        if (row && estimate_get(&estimate, data, data->schemes[i], metric))
            return row;
    }
    return NULL;
}

static struct figure_scale row_scale(const struct report_data *data, const struct summary_row *row)
{
    return figure_scale(row->unit, row->kind, estimate_largest(data, row->metric));
}

static void put_interval(struct text *page, const struct figure_scale *scale,
                         const struct estimate *estimate, int sign)
{
    if (isnan(estimate->low))
        return;
    char low[FIGURE_BYTES], high[FIGURE_BYTES];
    double half = estimate_half_width(estimate);
    figure_write(low, scale, estimate->low, half, sign);
    figure_write(high, scale, estimate->high, half, sign);
    html_format(page, "%s to %s", low, high);
}

/* Those that there are observations for. */
static void put_percentiles(struct text *page, const struct figure_scale *scale,
                            const struct summary_row *row)
{
    if (!row || isnan(row->percentile[0]))
        return;
    html_put(page, "<span class=\"small\">");
    for (size_t i = 0; i < REPORT_PERCENTILES && !isnan(row->percentile[i]); i++) {
        char value[FIGURE_BYTES];
        figure_write(value, scale, row->percentile[i], row->percentile[i] * 0.1, 0);
        html_put(page, i == 0 ? "" : i % 2 == 0 ? "<br>" : ", ");
        html_format(page, "%s %s", report_percentiles[i], value);
    }
    html_put(page, "</span>");
}

static void put_value(struct text *page, const struct report_data *data, const char *scheme,
                      const struct headline *headline, const struct figure_scale *scale)
{
    struct estimate estimate;
    html_put(page, "<td class=\"n\">");
    if (!estimate_get(&estimate, data, scheme, headline->metric)) {
        html_put(page, "&#8211;</td>");
        return;
    }
    char value[FIGURE_BYTES];
    figure_write(value, scale, estimate.value, estimate_half_width(&estimate), 0);
    html_text(page, value);
    html_put(page, "<span class=\"ci\">");
    put_interval(page, scale, &estimate, 0);
    html_put(page, "</span>");
    put_percentiles(page, scale, report_data_find(data, scheme, headline->metric));
    html_put(page, "</td>");
}

/* 1: one of the schemes knows no such thing, and nothing was paired. */
static void put_gain(struct text *page, const struct summary_row *row)
{
    if (row == NULL || isnan(row->gain) || row->gain == 1.0)
        return;
    html_put(page, "<span class=\"small\">");
    html_format(page, "gain %.3g", row->gain);
    html_put(page, "</span>");
}

static void put_difference(struct text *page, const struct report_data *data,
                           const struct headline *headline, const struct figure_scale *scale)
{
    struct estimate estimate;
    html_put(page, "<td class=\"n\">");
    if (!estimate_get(&estimate, data, "difference", headline->metric)) {
        html_put(page, "&#8211;</td>");
        return;
    }
    char value[FIGURE_BYTES];
    figure_write(value, scale, estimate.value, estimate_half_width(&estimate), 1);
    html_text(page, value);
    html_put(page, "<span class=\"ci\">");
    put_interval(page, scale, &estimate, 1);
    html_put(page, "</span>");
    if (estimate.low > 0.0 || estimate.high < 0.0) {
        bool better = (estimate.value > 0.0) == (headline->better > 0);
        html_put(page, better ? "<span class=\"mark better\">&#9670; better</span>"
                              : "<span class=\"mark worse\">&#9670; worse</span>");
    }
    put_gain(page, report_data_find(data, "difference", headline->metric));
    html_put(page, "</td>");
}

static bool has_differences(const struct report_data *data)
{
    for (size_t i = 0; i < data->summary_rows; i++)
        if (strcmp(data->summary[i].scheme, "difference") == 0)
            return true;
    return false;
}

static void put_row(struct text *page, const struct report_data *data,
                    const struct headline *headline, bool differences)
{
    const struct summary_row *row = any_row(data, headline->metric);
    if (!row)
        return;
    struct figure_scale scale = row_scale(data, row);
    html_put(page, "<tr><td>");
    html_text(page, headline->name);
    html_put(page, "<span class=\"small\"><code>");
    html_text(page, headline->metric);
    html_put(page, "</code></span></td><td class=\"unit\">");
    html_text(page, scale.unit);
    html_put(page, "</td>");
    for (size_t i = 0; i < data->scheme_count; i++)
        put_value(page, data, data->schemes[i], headline, &scale);
    if (differences)
        put_difference(page, data, headline, &scale);
    html_put(page, "</tr>\n");
}

void page_headline(struct text *page, const struct report_data *data)
{
    bool differences = has_differences(data);
    html_put(page,
             "<div class=\"wide headline\"><table>\n<thead><tr><th>Measure</th><th>Unit</th>");
    for (size_t i = 0; i < data->scheme_count; i++) {
        html_put(page, "<th class=\"n\">");
        html_text(page, data->schemes[i]);
        html_put(page, "</th>");
    }
    html_put(page, differences ? "<th class=\"n\">Difference</th></tr></thead>\n"
                                 "<tbody>\n"
                               : "</tr></thead>\n<tbody>\n");
    for (size_t i = 0; i < sizeof headlines / sizeof *headlines; i++)
        put_row(page, data, &headlines[i], differences);
    html_put(page, "</tbody></table></div>\n<p class=\"how\">");
    html_format(page,
                "Mean over %zu replication%s, below it the 95%% interval (Student's t, or "
                "Clopper-Pearson on pooled counts where all replications agree on none or "
                "all); p50, p90 and so on are percentiles of single customers, as far as at least "
                "ten of them lie above. ",
                estimate_replications(data), estimate_replications(data) == 1 ? "" : "s");
    if (differences)
        html_put(page,
                 "The difference is image-code minus sms-code, paired by replication since these "
                 "share their random numbers; "
                 "differences of percentages are percentage points. &#9670; stands where the "
                 "interval excludes 0, and says whether that is better or worse for "
                 "image-code. Each interval stands for itself: where nothing differs, about "
                 "one in twenty would be marked by chance. Gain: how many times the replications "
                 "the same width would need without common random numbers.");
    html_put(page, "</p>\n");
}

static void put_theft_words(struct text *page, const struct report_data *data, const char *scheme,
                            const struct figure_scale *scale)
{
    struct estimate estimate;
    if (!estimate_get(&estimate, data, scheme, "thefts"))
        return;
    char value[FIGURE_BYTES];
    figure_write(value, scale, estimate.value, estimate_half_width(&estimate), 0);
    struct report_count count = report_data_count(data, scheme, "thefts");
    html_put(page, "<b>");
    html_text(page, scheme);
    html_put(page, "</b>: ");
    html_format(page, "%s thefts %s", value, scale->unit);
    if (!isnan(estimate.low)) {
        html_put(page, " (95% interval ");
        put_interval(page, scale, &estimate, 0);
        html_put(page, ")");
    }
    char events[FIGURE_BYTES];
    figure_count(events, count.numerator);
    if (count.replications > 0)
        html_format(page, ", %s in all", events);
    html_put(page, ". ");
}

void page_security_words(struct text *page, const struct report_data *data)
{
    const struct summary_row *row = any_row(data, "thefts");
    if (!row)
        return;
    struct figure_scale scale = row_scale(data, row);
    html_put(page, "<p>");
    for (size_t i = 0; i < data->scheme_count; i++)
        put_theft_words(page, data, data->schemes[i], &scale);
    struct estimate difference;
    if (estimate_get(&difference, data, "difference", "thefts") && !isnan(difference.low)) {
        char value[FIGURE_BYTES];
        figure_write(value, &scale, difference.value, estimate_half_width(&difference), 1);
        html_format(page, "Replication by replication, the image code changes this by %s (", value);
        put_interval(page, &scale, &difference, 1);
        html_put(page, difference.high < 0.0  ? "): fewer thefts."
                       : difference.low > 0.0 ? "): more thefts."
                                              : "): this run cannot tell them apart.");
    }
    html_put(page, "</p>\n");
}
