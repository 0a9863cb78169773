#include "output/page.h"

#include "output/estimate.h"
#include "output/figure.h"
#include "output/html.h"

#include <stdio.h>
#include <string.h>

static const char style[] =
    "<style>\n"
    ":root{--ink:#222;--soft:#666;--line:#dcdcdc;--wash:#f6f7f8;--blue:#0072B2;--red:#B04A00;"
    "--green:#00664d}\n"
    "*{box-sizing:border-box}\n"
    "body{margin:0;background:#fff;color:var(--ink);font:15px/1.55 system-ui,-apple-system,"
    "'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif}\n"
    "main{max-width:1000px;margin:0 auto;padding:36px 28px 72px}\n"
    "h1{font-size:26px;line-height:1.3;margin:4px 0 12px;font-weight:650;text-wrap:balance}\n"
    "h2{font-size:20px;margin:52px 0 10px;padding-top:14px;border-top:1px solid var(--line)}\n"
    "h3{font-size:15px;margin:26px 0 8px}\n"
    ".kicker,.facts,.how,figcaption,nav{color:var(--soft)}\n"
    ".kicker{font-size:13px;letter-spacing:.04em;margin:0}\n"
    ".facts{font-size:13.5px;margin:0 0 4px}\n"
    ".facts code{overflow-wrap:anywhere}\n"
    "nav{margin:18px 0 0;font-size:14px;display:flex;flex-wrap:wrap;gap:4px 18px}\n"
    "a{color:var(--blue);text-decoration:none}a:hover{text-decoration:underline}\n"
    "p{max-width:760px;margin:10px 0}\n"
    ".how,figcaption{font-size:13.5px}\n"
    "code,pre{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace;"
    "font-size:12.5px}\n"
    "pre{background:var(--wash);border:1px solid var(--line);border-radius:6px;padding:14px 16px;"
    "overflow:auto;max-height:520px;line-height:1.45}\n"
    ".wide{overflow-x:auto}\n"
    "table{border-collapse:collapse;width:100%;margin:14px 0 6px;font-size:14px;"
    "font-variant-numeric:tabular-nums}\n"
    "th{text-align:left;font-weight:600;font-size:13px;color:var(--soft);vertical-align:bottom}\n"
    "th,td{padding:7px 10px;border-bottom:1px solid var(--line)}\n"
    "td{vertical-align:top}\n"
    "th:first-child,td:first-child{padding-left:0}\n"
    ".headline td:first-child{min-width:225px}\n"
    ".dense table{font-size:12px}.dense th{font-size:12px}.dense td,.dense th{padding:3px 8px}\n"
    ".dense code{font-size:11.5px}.dense code,.dense td:nth-child(2){white-space:nowrap}\n"
    ".n{text-align:right;white-space:nowrap}\n"
    ".unit{color:var(--soft)}\n"
    ".ci,.small{display:block;color:var(--soft);font-size:12.5px}\n"
    ".mark{font-size:12.5px;font-weight:600;display:block}\n"
    ".better{color:var(--green)}.worse{color:var(--red)}\n"
    ".swatch{display:inline-block;width:10px;height:10px;margin-right:6px;border-radius:50%}\n"
    ".s1{background:#D55E00}.s2{background:#0072B2;border-radius:1px}.s3{background:#009E73}"
    ".s4{background:#CC79A7}\n"
    "figure{margin:20px 0 8px;break-inside:avoid}\n"
    "figure svg{display:block;width:100%;max-width:860px;height:auto}\n"
    "figcaption{max-width:760px;margin-top:4px}\n"
    ".none{background:var(--wash);border-radius:6px;padding:10px 14px;color:var(--soft);"
    "font-size:14px;max-width:none}\n"
    ".gallery{display:grid;grid-template-columns:repeat(auto-fill,minmax(220px,1fr));gap:20px}\n"
    ".gallery figure{margin:0}\n"
    ".gallery img{display:block;width:100%;border:1px solid var(--line);background:var(--wash)}\n"
    ".gallery figcaption{font-size:12.5px;line-height:1.45;margin-top:6px}\n"
    ".gallery b{color:var(--ink)}\n"
    "details summary{cursor:pointer;color:var(--blue)}\n"
    "@media print{main{max-width:none;padding:0}body{font-size:10.5pt}nav{display:none}"
    "pre{max-height:none;white-space:pre-wrap}h2{break-after:avoid}"
    "table,tr{break-inside:avoid}}\n"
    "</style>\n";

static void put_head(struct text *page, const struct report_data *data)
{
    html_put(page, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                   "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
                   "img-src data:; style-src 'unsafe-inline'\">\n"
                   "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                   "<title>");
    html_text(page, data->description[0] ? data->description : "Report of a run");
    html_put(page, " &#183; cashpoint</title>\n");
    html_put(page, style);
    html_put(page, "</head>\n<body>\n<main>\n");
}

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
    if (data->fingerprint.data) {
        html_put(page, "<p class=\"facts\">Fingerprint of the records: <code>");
        size_t length = strcspn((const char *)data->fingerprint.data, "\n");
        html_bytes(page, (const char *)data->fingerprint.data, length);
        html_put(page, "</code></p>\n");
    }
    html_put(page, "<nav>"
                   "<a href=\"#headline\">Headline figures</a> <a href=\"#security\">Security</a> "
                   "<a href=\"#service\">Service</a> <a href=\"#outcomes\">Outcomes</a> "
                   "<a href=\"#decoding\">Decoding</a> <a href=\"#stages\">CPU time</a> "
                   "<a href=\"#gallery\">Frames</a> <a href=\"#metrics\">All metrics</a> "
                   "<a href=\"#scenario\">Scenario</a> <a href=\"#manifest\">Manifest</a>"
                   "</nav>\n</header>\n");
}

static void put_section(struct text *page, const char *id, const char *title)
{
    text_format(page, "\n<section id=\"%s\">\n<h2>%s</h2>\n", id, title);
}

static bool put_picture(struct text *page, const struct plot *plot, struct error *error)
{
    char prefix[64];
    (void)snprintf(prefix, sizeof prefix, "%.60s--", plot->name);
    if (html_svg(page, (const char *)plot->svg.data, prefix, plot->title))
        return true;
    return error_set(error,
                     "plots/%s.svg: not the kind of picture this gnuplot should draw; use "
                     "gnuplot 5.4, or report without gnuplot",
                     plot->name);
}

/* A plot with its caption, or a word on why it is not there. */
static bool put_plot(struct text *page, const struct plots *plots, enum plot_id id,
                     const char *caption, struct error *error)
{
    const struct plot *plot = &plots->plot[id];
    if (plot->state == PLOT_NO_DATA) {
        text_format(page, "<p class=\"none\">%s: no data in this run.</p>\n", plot->title);
        return true;
    }
    html_put(page, "<figure>\n");
    if (plot->state == PLOT_DRAWN && !put_picture(page, plot, error))
        return false;
    if (plot->state == PLOT_NO_PICTURE)
        text_format(page,
                    "<p class=\"none\">%s: not drawn, because gnuplot was not found. Install "
                    "it and run <code>cashpoint report</code> on this folder; the data are "
                    "in <code>plots/%s.csv</code>.</p>\n",
                    plot->title, plot->name);
    text_format(page,
                "<figcaption>%s <span class=\"unit\">Data and script: "
                "<code>plots/%s.csv</code>, <code>.gp</code>.</span></figcaption>\n"
                "</figure>\n",
                caption, plot->name);
    return true;
}

static bool put_security(struct text *page, const struct report_data *data,
                         const struct plots *plots, struct error *error)
{
    put_section(page, "security", "Security");
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
    put_section(page, "service", "Service through the day");
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

static bool put_outcomes(struct text *page, const struct report_data *data,
                         const struct plots *plots, struct error *error)
{
    put_section(page, "outcomes", "Outcomes by reason");
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
    put_section(page, "decoding", "Decoding");
    bool good = put_plot(page, plots, PLOT_DECODE_DISTANCE, caption, error) &&
                put_plot(page, plots, PLOT_DECODE_DEFOCUS, caption, error) &&
                put_plot(page, plots, PLOT_DECODE_MODULE, caption, error);
    html_put(page, "</section>\n");
    return good;
}

static bool put_stages(struct text *page, const struct report_data *data, const struct plots *plots,
                       struct error *error)
{
    put_section(page, "stages", "CPU time by stage");
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
    put_section(page, "metrics", "All metrics");
    html_put(page, "<details>\n<summary>The whole of summary.csv, as recorded</summary>\n");
    page_metric_table(page, data);
    html_put(page, "</details>\n</section>\n");
    put_section(page, "scenario", "Scenario");
    html_put(page, "<p class=\"how\"><code>scenario.yaml</code>, with every default resolved; it "
                   "reads back to the same run.</p>\n<pre>");
    html_bytes(page, (const char *)data->scenario.data, data->scenario.length);
    html_put(page, "</pre>\n</section>\n");
    put_section(page, "manifest", "Manifest");
    html_put(page, "<p class=\"how\"><code>manifest.json</code>: command, build, libraries and "
                   "machine.</p>\n<pre>");
    html_bytes(page, (const char *)data->manifest.data, data->manifest.length);
    html_put(page, "</pre>\n</section>\n");
}

bool page_write(struct text *page, const struct report_data *data, const struct plots *plots,
                const struct folder *run, struct error *error)
{
    put_head(page, data);
    put_title(page, data);
    put_section(page, "headline", "Headline figures");
    page_headline(page, data);
    html_put(page, "</section>\n");
    if (!put_security(page, data, plots, error) || !put_service(page, plots, error) ||
        !put_outcomes(page, data, plots, error) || !put_decoding(page, plots, error) ||
        !put_stages(page, data, plots, error))
        return false;
    put_section(page, "gallery", "What the camera saw");
    if (!page_gallery(page, data, run, error))
        return false;
    html_put(page, "</section>\n");
    put_files(page, data);
    html_put(page, "</main>\n</body>\n</html>\n");
    return true;
}
