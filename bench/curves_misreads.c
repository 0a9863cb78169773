/* Reads against misreads: a point for each set of safety rules. */
#include "bench/curves_draw.h"
#include "bench/survey.h"
#include "engine/statistics.h"
#include "output/figure.h"
#include "output/plot_draw.h"

#include <math.h>
#include <stdio.h>

/* Where nothing was read wrongly there is no rate, but an upper limit. */
static void put_point(struct text *csv, const struct row *row, const char *name)
{
    uint64_t accepted = row->right + row->wrong;
    struct interval read = interval_wilson(row->right, row->items, 0.95);
    struct interval wrong = interval_clopper_pearson(row->wrong, accepted, 0.95);
    text_format(csv, "%s,%llu,%llu,%llu,%.6g,%.6g,%.6g,", name, (unsigned long long)row->items,
                (unsigned long long)row->right, (unsigned long long)row->wrong,
                (double)row->right / (double)row->items, read.low, read.high);
    if (row->wrong > 0)
        text_format(csv, "%.6g,%.6g,%.6g\n", (double)row->wrong / (double)accepted, wrong.low,
                    wrong.high);
    else
        text_format(csv, ",,%.6g\n", wrong.high);
}

static const char script[] =
    "array shades[9] = ['#000000', '#0072B2', '#56B4E9', '#009E73', '#CC79A7', '#E69F00', "
    "'#999999', '#D55E00', '#8B4513']\n"
    "array marks[9] = [5, 6, 4, 8, 10, 12, 14, 7, 9]\n"
    "set logscale x\n"
    "set format x '%g'\n"
    "set xlabel 'wrong, of the strings accepted'\n"
    "set ylabel 'read rightly, % of all frames' offset 1, 0\n"
    "set xrange [leftmost:rightmost]\n"
    "set yrange [lowest:highest]\n"
    "set rmargin at screen 0.69\n"
    "set key at screen 0.7, screen 1 - 66.0 / height left top vertical Left reverse samplen 0.5\n"
    "known(i, name) = column('wrong') > 0 ? of(i, name) : NaN\n"
    "limit(i, name) = column('wrong') == 0 ? of(i, name) : NaN\n"
    "plot for [i = 1:words(schemes)] data \\\n"
    "    using (known(i, 'rate')):(100 * of(i, 'read')):(of(i, 'rate_low')):\\\n"
    "    (of(i, 'rate_high')):(100 * of(i, 'low')):(100 * of(i, 'high')) \\\n"
    "    with xyerrorbars lc rgb shades[i] pt marks[i] ps 1 lw 1.5 notitle, \\\n"
    "    for [i = 1:words(schemes)] data \\\n"
    "    using (limit(i, 'rate_high')):(100 * of(i, 'read')):(leftmost - of(i, 'rate_high')):(0) "
    "\\\n"
    "    with vectors head filled size screen 0.012, 20 lc rgb shades[i] lw 1.5 notitle, \\\n"
    "    for [i = 1:words(schemes)] data \\\n"
    "    using (limit(i, 'rate_high')):(100 * of(i, 'read')):(100 * of(i, 'low')):\\\n"
    "    (100 * of(i, 'high')) \\\n"
    "    with yerrorbars lc rgb shades[i] pt marks[i] ps 1 lw 1.5 notitle, \\\n"
    "    for [i = 1:words(schemes)] NaN with points lc rgb shades[i] pt marks[i] ps 1 \\\n"
    "    title texts[i]\n";

struct range {
    double left, right, low, high;
};

static void widen(struct range *range, const struct row *row)
{
    uint64_t accepted = row->right + row->wrong;
    struct interval read = interval_wilson(row->right, row->items, 0.95);
    struct interval wrong = interval_clopper_pearson(row->wrong, accepted, 0.95);
    range->left = fmin(range->left, row->wrong > 0 ? wrong.low : wrong.high / 30);
    range->right = fmax(range->right, wrong.high);
    range->low = fmin(range->low, read.low);
    range->high = fmax(range->high, read.high);
}

static void put_frame(struct text *out, const struct range *range)
{
    text_format(out, "leftmost = %.3g\nrightmost = %.3g\n",
                pow(10, floor(log10(range->left) * 2) / 2),
                pow(10, ceil(log10(range->right) * 2) / 2));
    text_format(out, "lowest = %.3g\nhighest = %.3g\n", floor(100 * range->low - 0.5),
                fmin(100, ceil(100 * range->high + 0.5)));
}

bool curves_misreads(struct plot_files *files, const struct rows_view *view, enum symbol symbol)
{
    struct range range = {INFINITY, -INFINITY, INFINITY, -INFINITY};
    struct text names = {0}, texts = {0};
    int count = 0;
    double items = 0;
    text_put(&files->csv, "scheme,n,right,wrong,read,low,high,rate,rate_low,rate_high\n");
    for (size_t i = 0; i < survey_rules_count; i++) {
        char name[ROW_NAME_BYTES];
        (void)snprintf(name, sizeof name, "misreads/%s/%s", symbol_names[symbol],
                       survey_rules[i].name);
        const struct row *row = view_find(view, name);
        if (row == NULL || row->right + row->wrong == 0)
            continue;
        put_point(&files->csv, row, survey_rules[i].name);
        widen(&range, row);
        items = (double)row->items;
        text_format(&names, "%s%s", count > 0 ? " " : "", survey_rules[i].name);
        text_format(&texts, "texts[%d] = '%s'\n", ++count, survey_rules[i].text);
    }
    if (count > 0) {
        char n[FIGURE_BYTES], note[160], title[96];
        figure_count(n, items);
        (void)snprintf(note, sizeof note,
                       "%s hard frames; 95%% intervals (Wilson; Clopper and Pearson); arrows: none "
                       "wrong, from the upper limit down",
                       n);
        (void)snprintf(title, sizeof title, "%s: what each safety rule costs and saves",
                       symbol_names[symbol]);
        plot_begin(files, 430, title, note);
        text_format(&files->script, "schemes = '%s'\narray texts[%d]\n%s", names.bytes, count,
                    texts.bytes);
        put_frame(&files->script, &range);
        text_put(&files->script, script);
    }
    text_free(&names);
    text_free(&texts);
    return count > 0;
}
