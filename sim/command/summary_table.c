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
    {"bit-errors", "dots read wrongly", "%", 100},
};

enum { LINES = sizeof lines / sizeof lines[0], MATRIX = LINES - 1 };

/* A town's lines, or the one of a world of matrices. */
static bool is_shown(const struct summary *summary, const struct experiment *experiment, size_t i)
{
    bool matrix = false;
    for (unsigned scheme = 0; scheme < experiment->tables->scheme_count; scheme++) {
        const struct summary_row *row =
            summary_find(summary, experiment->tables, (int)scheme, lines[MATRIX].measure);
        matrix = matrix || (row != NULL && row->n > 0);
    }
    return matrix == (i == MATRIX);
}

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

/* "12.3 / 45.6 / -", in one column: percentiles 0, 3 and 4. */
static void print_percentiles(FILE *out, const struct summary_row *row)
{
    static const int shown[] = {0, 3, 4};
    char text[64] = "";
    for (size_t i = 0; i < sizeof shown / sizeof shown[0]; i++) {
        double value = row != NULL ? row->percentile[shown[i]] : NAN;
        size_t end = strlen(text);
        snprintf(text + end, sizeof text - end, isnan(value) ? "%s-" : "%s%.4g", i > 0 ? " / " : "",
                 value);
    }
    fprintf(out, "  %-26s", text);
}

/* Of a TIME that anyone has enough observations of. */
static void print_percentile_line(FILE *out, const struct summary *summary,
                                  const struct experiment *experiment, const char *measure)
{
    const struct model_tables *tables = experiment->tables;
    bool any = false;
    for (unsigned scheme = 0; scheme < tables->scheme_count; scheme++) {
        const struct summary_row *row = summary_find(summary, tables, (int)scheme, measure);
        any = any || (row != NULL && !isnan(row->percentile[0]));
    }
    if (!any)
        return;
    fprintf(out, "%-34s", "  p50 / p99 / p99.9");
    for (unsigned scheme = 0; scheme < tables->scheme_count; scheme++)
        if (experiment->schemes >> scheme & 1)
            print_percentiles(out, summary_find(summary, tables, (int)scheme, measure));
    fputc('\n', out);
}

/* What pairing was worth: how many times the replications other random numbers would need. */
static void print_gains(FILE *out, const struct summary *summary, const struct model_tables *tables)
{
    enum { INDENT = 12, COLUMNS = 96 };
    int column = 0;
    for (size_t i = 0; i < LINES; i++) {
        const struct summary_row *row =
            summary_find(summary, tables, SUMMARY_DIFFERENCE, lines[i].measure);
        char text[80];
        if (row == NULL || isnan(row->gain) || row->gain == 1.0) /* 1: one scheme knows no such */
            continue;
        int length = snprintf(text, sizeof text, "%s %.3g", lines[i].label, row->gain);
        if (column == 0)
            column =
                fprintf(out, "\n%-*sworth so many times the replications: ", INDENT, "pairing") - 1;
        else if (column + length + 2 > COLUMNS)
            column = fprintf(out, ",\n%*s", INDENT, "") - 2;
        else
            column += fprintf(out, ", ");
        column += fprintf(out, "%s", text);
    }
    if (column > 0)
        fputc('\n', out);
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
    for (size_t i = 0; i < LINES; i++) {
        char label[64];
        if (!is_shown(summary, experiment, i))
            continue;
        snprintf(label, sizeof label, "%s%s%s", lines[i].label, lines[i].unit[0] ? ", " : "",
                 lines[i].unit);
        fprintf(out, "%-34s", label);
        for (unsigned scheme = 0; scheme < tables->scheme_count; scheme++)
            if (experiment->schemes >> scheme & 1)
                print_cell(out, summary_find(summary, tables, (int)scheme, lines[i].measure),
                           lines[i].scale);
        fputc('\n', out);
        print_percentile_line(out, summary, experiment, lines[i].measure);
    }
    print_gains(out, summary, tables);
}
