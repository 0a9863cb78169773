/* Plots with one line a name: thefts by attack, outcomes by reason, stages of the pipeline. */
#include "output/estimate.h"
#include "output/figure.h"
#include "output/plot_draw.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { NAMES = ESTIMATE_OUTCOMES, OUTCOMES_SHOWN = 14, LINE_PX = 44 };

/* Names in the order in which they are drawn, top to bottom. */
struct names {
    const char *of[NAMES];
    size_t count;
};

/* The line of a name, a new one if need be; false where all lines are taken. */
static bool add_name(struct names *names, const char *name, size_t *line)
{
    for (*line = 0; *line < names->count; ++*line)
        if (strcmp(names->of[*line], name) == 0)
            return true;
    if (names->count == NAMES)
        return false;
    names->of[*line] = name;
    names->count++;
    return true;
}

/* Where the mark of scheme `s` stands on line `line`: schemes one below the other. */
static double position(const struct report_data *data, size_t line, size_t s)
{
    double middle = 0.5 * ((double)data->scheme_count - 1.0);
    double step = 0.7 / (double)data->scheme_count;
    return -(double)line - ((double)s - middle) * step;
}

/* The label of a metric: what follows its first `cut` bytes. */
static const char *line_label(const char *name, size_t cut)
{
    return strlen(name) > cut ? name + cut : "all attacks";
}

static void put_lines(struct text *script, const struct names *names, const char *strip)
{
    text_put(script, "set ytics (");
    for (size_t i = 0; i < names->count; i++)
        text_format(script, "%s'%.24s' %d", i ? ", " : "", line_label(names->of[i], strlen(strip)),
                    -(int)i);
    text_format(script, ") scale 0\nset yrange [%.1f:0.55]\n", -(double)names->count + 0.45);
    text_put(script, "set grid noytics\nset lmargin at screen 0.22\n");
}

static int height_for(size_t lines)
{
    return 130 + LINE_PX * (int)(lines < 2 ? 2 : lines);
}

/* thefts, thefts-watcher, thefts-photographer: of these "thefts" is cut off in the labels. */
static struct names find_thefts(const struct report_data *data)
{
    struct names names = {0};
    size_t line;
    if (estimate_largest(data, "thefts") >= 0.0)
        (void)add_name(&names, "thefts", &line);
    for (size_t i = 0; i < data->summary_rows; i++)
        if (strncmp(data->summary[i].metric, "thefts-", 7) == 0 &&
            estimate_largest(data, data->summary[i].metric) >= 0.0)
            (void)add_name(&names, data->summary[i].metric, &line);
    return names;
}

static bool put_theft(struct text *csv, const struct report_data *data, const char *metric,
                      size_t line, size_t s)
{
    struct estimate estimate;
    if (!estimate_get(&estimate, data, data->schemes[s], metric))
        return false;
    char label[FIGURE_BYTES];
    struct figure_scale scale = {.factor = 1.0};
    figure_write(label, &scale, estimate.value, estimate_half_width(&estimate), 0);
    double place = position(data, line, s);
    double right = isnan(estimate.high) ? estimate.value : estimate.high;
    text_format(csv, "%s,%s,mean,%.3f,%.6g,%.6g,%.6g,%.6g,%s\n", data->schemes[s], metric, place,
                estimate.value, isnan(estimate.low) ? estimate.value : estimate.low, right, right,
                label);
    for (size_t i = 0; i < data->replication_rows; i++) {
        const struct replication_row *row = &data->replications[i];
        if (strcmp(row->metric, metric) == 0 && strcmp(row->scheme, data->schemes[s]) == 0 &&
            !isnan(row->value))
            text_format(csv, "%s,%s,replication,%.3f,%.6g,,,%.6g,\n", row->scheme, metric,
                        place - 0.13, row->value, row->value);
    }
    return true;
}

static const char security_script[] =
    "set xlabel axis\n"
    "set xrange [0:*]\n"
    "set offsets 0, graph 0.12, 0, 0\n"
    "is(i, what, name) = strcol('what') eq what ? of(i, name) : NaN\n"
    "plot for [i = 1:words(schemes)] data using (is(i, 'replication', 'value')):'place' \\\n"
    "        with points lt type(i) pt 6 ps 0.4 lw 1 notitle, \\\n"
    "    for [i = 1:words(schemes)] data using (is(i, 'mean', 'value')):'place':'low':'high' \\\n"
    "        with xerrorbars lt type(i) ps 0.9 title scheme(i), \\\n"
    "    for [i = 1:words(schemes)] data using (is(i, 'mean', 'right')):'place':(strcol('label'))"
    " \\\n"
    "        with labels left offset 1, 0.3 font ',12' textcolor rgb ink notitle\n";

bool plot_security(struct plot_files *files, const struct report_data *data)
{
    struct names names = find_thefts(data);
    if (names.count == 0)
        return false;
    text_put(&files->csv, "scheme,metric,what,place,value,low,high,right,label\n");
    const char *unit = "";
    bool drawn[REPORT_SCHEMES] = {false};
    for (size_t line = 0; line < names.count; line++)
        for (size_t s = 0; s < data->scheme_count; s++) {
            drawn[s] |= put_theft(&files->csv, data, names.of[line], line, s);
            const struct summary_row *row =
                report_data_find(data, data->schemes[s], names.of[line]);
            unit = row ? row->unit : unit;
        }
    char note[160], axis[FIGURE_UNIT_BYTES];
    (void)snprintf(note, sizeof note,
                   "mean and 95%% interval over %zu replications; small rings: single replications",
                   estimate_replications(data));
    (void)snprintf(axis, sizeof axis, "%s", figure_scale(unit, "rate", 1.0).unit);
    plot_begin(files, height_for(names.count) + 20, "Thefts that succeeded", note);
    plot_schemes(&files->script, data, drawn);
    put_lines(&files->script, &names, "thefts-");
    text_format(&files->script, "axis = 'thefts %s'\n", axis);
    text_put(&files->script, security_script);
    return true;
}

/* An outcome of most customers would press all others against the axis: it is told in words. */
static void leave_out_first(struct names *names, const struct report_data *data, char *note,
                            size_t size)
{
    if (names->count < 3 || estimate_largest(data, names->of[0]) < 0.5)
        return;
    size_t at = (size_t)snprintf(note, size, "not drawn: %.24s (", names->of[0] + 8);
    for (size_t s = 0; s < data->scheme_count && at < size; s++) {
        struct estimate share;
        if (estimate_get(&share, data, data->schemes[s], names->of[0]))
            at += (size_t)snprintf(note + at, size - at, "%s%.16s %.1f %%", s ? ", " : "",
                                   data->schemes[s], 100.0 * share.value);
    }
    if (at < size)
        (void)snprintf(note + at, size - at, "); ");
    names->count--;
    memmove(names->of, names->of + 1, names->count * sizeof *names->of);
}

static bool put_outcome(struct text *csv, const struct report_data *data, const char *metric,
                        size_t line, size_t s)
{
    struct estimate share;
    if (!estimate_get(&share, data, data->schemes[s], metric))
        return false;
    char label[FIGURE_BYTES];
    struct figure_scale scale = {.factor = 100.0};
    figure_write(label, &scale, share.value, estimate_half_width(&share), 0);
    double low = isnan(share.low) ? share.value : share.low;
    double high = isnan(share.high) ? share.value : share.high;
    text_format(csv, "%s,%s,%.3f,%.6g,%.6g,%.6g,%s\n", data->schemes[s], metric + 8,
                position(data, line, s), share.value, low, high, label);
    return true;
}

static const char outcomes_script[] =
    "set xlabel 'share of all reservations, %'\n"
    "set xrange [0:*]\n"
    "set offsets 0, graph 0.1, 0, 0\n"
    "half = 0.3 / words(schemes)\n"
    "plot for [i = 1:words(schemes)] data using (0):'place':(0):(100 * of(i, 'share')):\\\n"
    "        (column('place') - half):(column('place') + half) \\\n"
    "        with boxxyerror lt type(i) fs transparent solid 0.55 noborder title scheme(i), \\\n"
    "    for [i = 1:words(schemes)] data using (100 * of(i, 'share')):'place':\\\n"
    "        (100 * column('low')):(100 * column('high')) \\\n"
    "        with xerrorbars lt type(i) pt -1 lw 1.2 notitle, \\\n"
    "    for [i = 1:words(schemes)] data using (100 * of(i, 'high')):'place':(strcol('label')) \\\n"
    "        with labels left offset 0.6, 0 font ',11' textcolor rgb ink notitle\n";

bool plot_outcomes(struct plot_files *files, const struct report_data *data)
{
    struct names names = {.count = 0};
    names.count = estimate_outcomes(data, names.of);
    if (names.count == 0)
        return false;
    char note[240] = "";
    bool drawn[REPORT_SCHEMES] = {false};
    leave_out_first(&names, data, note, sizeof note);
    if (names.count > OUTCOMES_SHOWN)
        names.count = OUTCOMES_SHOWN;
    size_t at = strlen(note);
    (void)snprintf(note + at, sizeof note - at, "whiskers: 95%% intervals over replications");
    text_put(&files->csv, "scheme,outcome,place,share,low,high,label\n");
    for (size_t line = 0; line < names.count; line++)
        for (size_t s = 0; s < data->scheme_count; s++)
            drawn[s] |= put_outcome(&files->csv, data, names.of[line], line, s);
    plot_begin(files, height_for(names.count), "How a reservation ends", note);
    plot_schemes(&files->script, data, drawn);
    put_lines(&files->script, &names, "outcome.");
    text_put(&files->script, outcomes_script);
    return true;
}

static const char stages_script[] =
    "set xlabel 'CPU time a call (log scale)'\n"
    "set logscale x\n"
    "set grid noytics xtics\n"
    "plot for [i = 1:words(schemes)] data using (of(i, 'p50_ns')):'place':\\\n"
    "        (column('p99_ns') - column('p50_ns')):(0) \\\n"
    "        with vectors nohead lt type(i) lw 3 notitle, \\\n"
    "    for [i = 1:words(schemes)] data using (of(i, 'p50_ns')):'place' \\\n"
    "        with points lt type(i) ps 1 title scheme(i), \\\n"
    "    for [i = 1:words(schemes)] data using (of(i, 'p99_ns')):'place' \\\n"
    "        with points lt type(i) pt 2 ps 0.8 lw 2 notitle\n";

static void put_time_axis(struct text *script, double lowest, double highest)
{
    static const char *const names[] = {"1 ns",         "10 ns",         "100 ns", "1 \xC2\xB5s",
                                        "10 \xC2\xB5s", "100 \xC2\xB5s", "1 ms",   "10 ms",
                                        "100 ms",       "1 s",           "10 s",   "100 s"};
    text_format(script, "set xrange [%.6g:%.6g]\nset xtics (", lowest / 1.5, highest * 1.5);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        text_format(script, "%s'%s' 1e%zu", i ? ", " : "", names[i], i);
    text_put(script, ")\n");
}

bool plot_stages(struct plot_files *files, const struct report_data *data)
{
    struct names names = {0};
    bool drawn[REPORT_SCHEMES] = {false};
    double lowest = INFINITY, highest = 1.0;
    text_put(&files->csv, "scheme,stage,place,n,mean_ns,p50_ns,p99_ns\n");
    for (size_t i = 0; i < data->timing_rows; i++) {
        const struct timing_row *row = &data->timings[i];
        size_t line, s = 0;
        if (!(row->n > 0.0) || isnan(row->mean_ns + row->p50_ns + row->p99_ns) ||
            !add_name(&names, row->stage, &line))
            continue;
        while (s + 1 < data->scheme_count && strcmp(data->schemes[s], row->scheme) != 0)
            s++;
        double p50 = fmax(1.0, row->p50_ns), p99 = fmax(1.0, row->p99_ns); /* 0 has no logarithm */
        text_format(&files->csv, "%s,%s,%.3f,%.10g,%.6g,%.6g,%.6g\n", row->scheme, row->stage,
                    position(data, line, s), row->n, row->mean_ns, p50, p99);
        drawn[s] = true;
        lowest = fmin(lowest, p50);
        highest = fmax(highest, p99);
    }
    if (names.count == 0)
        return false;
    plot_begin(files, height_for(names.count), "CPU time of each stage",
               "filled mark: median; cross: 99th percentile; measured while the run went on");
    plot_schemes(&files->script, data, drawn);
    put_lines(&files->script, &names, "");
    put_time_axis(&files->script, lowest, highest);
    text_put(&files->script, stages_script);
    return true;
}
