#include "summary_table.h"

#include "experiment/colour.h"

#include <math.h>
#include <string.h>

/* What is worth a line on the terminal; the rest is in summary.csv. */
static const struct {
    const char *measure, *label, *unit;
    double scale;
} lines[] = {
    {"reservations", "reservations", "", 1},
    {"withdrawals-paid", "withdrawals paid", "", 1},
    {"completion", "came and got their cash", "%", 100},
    {"false-refusal", "false refusals", "%", 100},
    {"decode-success", "pictures read", "%", 100},
    {"presentations", "presentations to a camera", "", 1},
    {"frames-decoded", "frames decoded", "", 1},
    {"queue-wait", "queue wait", "s", 1},
    {"session-time", "session", "s", 1},
    {"exposure-time", "code exposed", "s", 1},
    {"attacks", "attacks", "", 1},
    {"thefts", "thefts per 1000", "", 1},
    {"theft-loss", "loss per 1000", "CNY", 1},
};

static void print_cell(FILE *out, const struct summary_row *row, double scale)
{
    char text[64] = "-";
    if (row != NULL && row->n > 0 && isfinite(row->interval.low))
        snprintf(text, sizeof text, "%.4g [%.4g, %.4g]", row->mean * scale,
                 row->interval.low * scale, row->interval.high * scale);
    else if (row != NULL && row->n > 0)
        snprintf(text, sizeof text, "%.4g", row->mean * scale);
    fprintf(out, "  %-26s", text);
}

void summary_table_print(FILE *out, const struct summary *summary,
                         const struct experiment *experiment)
{
    const struct model_tables *tables = experiment->tables;
    fprintf(out, "%s%-34s", colour_on(out, COLOUR_STRONG), "mean of replications [95 %]");
    for (unsigned scheme = 0; scheme < tables->scheme_count; scheme++)
        if (experiment->schemes >> scheme & 1)
            fprintf(out, "  %-26s", tables->schemes[scheme]);
    fprintf(out, "%s\n", colour_off(out));
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        char label[64];
        snprintf(label, sizeof label, "%s%s%s", lines[i].label, lines[i].unit[0] ? ", " : "",
                 lines[i].unit);
        fprintf(out, "%-34s", label);
        for (unsigned scheme = 0; scheme < tables->scheme_count; scheme++)
            if (experiment->schemes >> scheme & 1)
                print_cell(out, summary_find(summary, tables, (int)scheme, lines[i].measure),
                           lines[i].scale);
        fputc('\n', out);
    }
}
