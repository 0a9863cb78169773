#include "output/page_frame.h"

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
    "td:first-child code,td:first-child .small{white-space:nowrap}\n"
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

void page_head(struct text *page, const char *title)
{
    html_put(page, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                   "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
                   "img-src data:; style-src 'unsafe-inline'\">\n"
                   "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                   "<title>");
    html_text(page, title);
    html_put(page, " &#183; cashpoint</title>\n");
    html_put(page, style);
    html_put(page, "</head>\n<body>\n<main>\n");
}

void page_foot(struct text *page)
{
    html_put(page, "</main>\n</body>\n</html>\n");
}

void page_fingerprint(struct text *page, const struct file_bytes *fingerprint)
{
    if (fingerprint->data == NULL)
        return;
    html_put(page, "<p class=\"facts\">Fingerprint of the records: <code>");
    size_t length = strcspn((const char *)fingerprint->data, "\n");
    html_bytes(page, (const char *)fingerprint->data, length);
    html_put(page, "</code></p>\n");
}

void page_section(struct text *page, const char *id, const char *title)
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

bool page_figure(struct text *page, const struct plot *plot, const char *caption,
                 struct error *error)
{
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

static void put_text(struct text *page, const struct file_bytes *bytes)
{
    html_put(page, "<pre>");
    html_bytes(page, (const char *)bytes->data, bytes->length);
    html_put(page, "</pre>\n</section>\n");
}

void page_texts(struct text *page, const struct file_bytes *scenario,
                const struct file_bytes *manifest)
{
    page_section(page, "scenario", "Scenario");
    html_put(page, "<p class=\"how\"><code>scenario.yaml</code>, with every default resolved; it "
                   "reads back to the same run.</p>\n");
    put_text(page, scenario);
    page_section(page, "manifest", "Manifest");
    html_put(page, "<p class=\"how\"><code>manifest.json</code>: command, build, libraries and "
                   "machine.</p>\n");
    put_text(page, manifest);
}
