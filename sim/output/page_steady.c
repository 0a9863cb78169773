/* The steady state: what was deleted, what is left, and what is doubtful about it. */
#include "engine/steady.h"
#include "output/estimate.h"
#include "output/figure.h"
#include "output/html.h"
#include "output/page.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* Is `word` among the words of `list`, apart by blanks? */
static bool has_word(const char *list, const char *word)
{
    size_t length = strlen(word);
    for (const char *at = strstr(list, word); at != NULL; at = strstr(at + 1, word))
        if ((at == list || at[-1] == ' ') && (at[length] == ' ' || at[length] == '\0'))
            return true;
    return false;
}

void page_doubts(struct text *page, const char *words)
{
    if (words[0] == '\0')
        html_put(page, "none found");
    for (unsigned doubt = 1; doubt < 1u << STEADY_DOUBTS; doubt <<= 1)
        if (has_word(words, steady_word(doubt))) {
            html_put(page, "<span class=\"mark worse\">&#9670; ");
            html_text(page, steady_text(doubt));
            html_put(page, "</span>");
        }
}

static void put_count(struct text *page, double count)
{
    char text[FIGURE_BYTES];
    figure_count(text, count);
    html_put(page, "<td class=\"n\">");
    html_text(page, text);
    html_put(page, "</td>");
}

static void put_mean(struct text *page, const struct report_data *data,
                     const struct steady_row *row)
{
    struct estimate estimate;
    html_put(page, "<td class=\"n\">");
    if (!estimate_get(&estimate, data, row->scheme, row->metric)) {
        html_put(page, "&#8211;</td>");
        return;
    }
    struct figure_scale scale = figure_scale("s", "time", estimate.value);
    double half = estimate_half_width(&estimate);
    char value[FIGURE_BYTES], low[FIGURE_BYTES], high[FIGURE_BYTES];
    figure_write(value, &scale, estimate.value, half, 0);
    figure_write(low, &scale, estimate.low, half, 0);
    figure_write(high, &scale, estimate.high, half, 0);
    html_format(page, "%s %s", value, scale.unit);
    if (!isnan(estimate.low)) {
        html_put(page, "<span class=\"ci\">");
        html_format(page, "%s to %s", low, high);
        html_put(page, "</span>");
    }
    html_put(page, "</td>");
}

static void put_row(struct text *page, const struct report_data *data, const struct steady_row *row)
{
    html_put(page, "<tr><td><code>");
    html_text(page, row->metric);
    html_put(page, "</code><span class=\"small\">");
    html_text(page, row->scheme);
    html_put(page, "</span></td>");
    put_mean(page, data, row);
    put_count(page, row->n);
    put_count(page, row->observations);
    put_count(page, row->deleted);
    html_put(page, "<td class=\"n\">");
    if (!isnan(row->correlation))
        html_format(page, "%.2f", row->correlation);
    html_put(page, "</td>");
    html_put(page, "<td>");
    page_doubts(page, row->doubts);
    html_put(page, "</td></tr>\n");
}

void page_steady_table(struct text *page, const struct report_data *data)
{
    html_put(page, "<div class=\"wide\"><table>\n<thead><tr><th>Metric</th>"
                   "<th class=\"n\">Mean of the rest</th><th class=\"n\">Replications</th>"
                   "<th class=\"n\">Observations</th><th class=\"n\">Deleted of each</th>"
                   "<th class=\"n\">Correlation</th><th>Doubts</th></tr></thead>\n<tbody>\n");
    for (size_t i = 0; i < data->steady_rows; i++)
        put_row(page, data, &data->steady[i]);
    html_put(page,
             "</tbody></table></div>\n<p class=\"how\">MSER-5 on the average of the replications "
             "says what is deleted from each (of a single one, MSER's first minimum); the interval "
             "is Student's over the means of the rest, or of twenty batch means of a single run. "
             "Correlation: from one eightieth of a run to the next, or from batch to batch. A run "
             "without a doubt is no proof: some that saw no busy spell look calm. Percentiles of "
             "these metrics elsewhere on this page count the warm-up, too.</p>\n");
}
