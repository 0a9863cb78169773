#include "output/page.h"

#include "output/estimate.h"
#include "output/figure.h"
#include "output/html.h"
#include "output/page_frame.h"

#include <stdio.h>
#include <string.h>

static void put_title(struct text *page, const struct report_data *data)
{
    html_put(page, "<header>\n<p class=\"kicker\">cashpoint &#183; report of a run</p>\n<h1>");
    html_text(page, data->description[0] ? data->description : "Report of a run");
    html_put(page, "</h1>\n<p class=\"facts\">");
    size_t replications = estimate_replications(data);
    html_format(page, "%zu replication%s of ", replications, replications == 1 ? "" : "s");
    for (size_t i = 0; i < data->scheme_count; i++)
        html_format(page, "%s%s",
                    i == 0                       ? ""
                    : i + 1 < data->scheme_count ? ", "
                                                 : " and ",
                    data->schemes[i]);
    html_put(page, "</p>\n");
    page_fingerprint(page, &data->fingerprint);
    html_put(page, "<nav>"
                   "<a href=\"#headline\">Headline figures</a> <a href=\"#security\">Security</a> "
                   "<a href=\"#service\">Service</a> ");
    if (data->steady_rows > 0)
        html_put(page, "<a href=\"#steady\">Steady state</a> ");
    html_put(page, "<a href=\"#outcomes\">Outcomes</a> "
                   "<a href=\"#decoding\">Decoding</a> <a href=\"#stages\">CPU time</a> "
                   "<a href=\"#gallery\">Frames</a> <a href=\"#metrics\">All metrics</a> "
                   "<a href=\"#scenario\">Scenario</a> <a href=\"#manifest\">Manifest</a>"
                   "</nav>\n</header>\n");
}

static bool put_plot(struct text *page, const struct plots *plots, enum plot_id id,
                     const char *caption, struct error *error)
{
    return page_figure(page, &plots->plot[id], caption, error);
}

static bool put_security(struct text *page, const struct report_data *data,
                         const struct plots *plots, struct error *error)
{
    page_section(page, "security", "Security");
    page_security_words(page, data);
    bool good =
        put_plot(page, plots, PLOT_SECURITY,
                 "Successful thefts for each scheme, all together and by kind of attack. "
                 "Mark: mean over replications; line: 95% interval as in summary.csv. Schemes "
                 "whose intervals lie apart differ; where they overlap, look at the paired "
                 "difference above.",
                 error) &&
        put_plot(page, plots, PLOT_PHOTOGRAPHER,
                 "How often the thief&#39;s own decoder reads the photographed code, by the "
                 "photographer&#39;s distance. Bands are Wilson 95% intervals of pooled "
                 "photographs, wide where few were taken: see the strip below.",
                 error);
    html_put(page, "</section>\n");
    return good;
}

static bool put_service(struct text *page, const struct plots *plots, struct error *error)
{
    page_section(page, "service", "Service through the day");
    bool good = put_plot(page, plots, PLOT_WITHDRAWALS,
                         "Withdrawals paid in each hour of the day: mean over replications with a "
                         "95% interval (Student&#39;s t). Marks that lie on each other mean "
                         "that the code makes no difference to the output.",
                         error) &&
                put_plot(page, plots, PLOT_QUEUE_WAIT,
                         "Mean wait for a terminal by hour of arrival. The interval is over "
                         "replications, since waits within one day depend on each other.",
                         error) &&
                put_plot(page, plots, PLOT_WAIT_DISTRIBUTION,
                         "Share of customers who wait longer than the time on the horizontal axis, "
                         "on a logarithmic scale: read the 1% line for the wait that one customer "
                         "in a hundred exceeds.",
                         error);
    html_put(page, "</section>\n");
    return good;
}

/* Only where it was asked for. */
static bool put_steady(struct text *page, const struct report_data *data, const struct plots *plots,
                       struct error *error)
{
    if (data->steady_rows == 0)
        return true;
    page_section(page, "steady", "Steady state");
    page_steady_table(page, data);
    bool good =
        put_plot(page, plots, PLOT_WARMUP,
                 "Grey: average of the replications, customer by customer (or of some "
                 "consecutive ones); line: Welch&#39;s moving average of it. What is shaded "
                 "was deleted from every replication; band and thin line: 95% interval and "
                 "mean of what is left. A run that has settled stays near that line; if it "
                 "still climbs there, run longer.",
                 error);
    html_put(page, "</section>\n");
    return good;
}

static bool put_outcomes(struct text *page, const struct report_data *data,
                         const struct plots *plots, struct error *error)
{
    page_section(page, "outcomes", "Outcomes by reason");
    bool good = put_plot(page, plots, PLOT_OUTCOMES,
                         "How reservations ended, as a share of all of the scheme, most frequent "
                         "first. An outcome of more than half is told in the line under the title, "
                         "so that the others can be seen.",
                         error);
    page_outcome_table(page, data);
    html_put(page, "</section>\n");
    return good;
}

static bool put_decoding(struct text *page, const struct plots *plots, struct error *error)
{
    static const char caption[] =
        "Upper panel: share of customers&#39; frames that the bank&#39;s decoder read, in bins; "
        "bands are Wilson 95% intervals of pooled frames. Lower panel: frames a bin; the outermost "
        "bins of the records also hold what lies beyond them.";
    page_section(page, "decoding", "Decoding");
    bool good = put_plot(page, plots, PLOT_DECODE_DISTANCE, caption, error) &&
                put_plot(page, plots, PLOT_DECODE_DEFOCUS, caption, error) &&
                put_plot(page, plots, PLOT_DECODE_MODULE, caption, error);
    html_put(page, "</section>\n");
    return good;
}

static bool put_stages(struct text *page, const struct report_data *data, const struct plots *plots,
                       struct error *error)
{
    page_section(page, "stages", "CPU time by stage");
    page_stage_table(page, data);
    bool good = put_plot(page, plots, PLOT_STAGES,
                         "Filled mark: median; cross: 99th percentile. Measured on the machine of "
                         "the manifest while the run went on; these times never feed the "
                         "simulation.",
                         error);
    html_put(page, "</section>\n");
    return good;
}

static void put_files(struct text *page, const struct report_data *data)
{
    page_section(page, "metrics", "All metrics");
    html_put(page, "<details>\n<summary>The whole of summary.csv, as recorded</summary>\n");
    page_metric_table(page, data);
    html_put(page, "</details>\n</section>\n");
    page_texts(page, &data->scenario, &data->manifest);
}

bool page_write(struct text *page, const struct report_data *data, const struct plots *plots,
                const struct folder *run, struct error *error)
{
    page_head(page, data->description[0] ? data->description : "Report of a run");
    put_title(page, data);
    page_section(page, "headline", "Headline figures");
    page_headline(page, data);
    html_put(page, "</section>\n");
    if (!put_security(page, data, plots, error) || !put_service(page, plots, error) ||
        !put_steady(page, data, plots, error) || !put_outcomes(page, data, plots, error) ||
        !put_decoding(page, plots, error) || !put_stages(page, data, plots, error))
        return false;
    page_section(page, "gallery", "What the camera saw");
    if (!page_gallery(page, data, run, error))
        return false;
    html_put(page, "</section>\n");
    put_files(page, data);
    page_foot(page);
    return true;
}
