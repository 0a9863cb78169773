/* Success against one degradation after the other, a panel each, a line a decoder. */
#include "bench/contest.h"
#include "bench/curves_draw.h"
#include "engine/statistics.h"
#include "output/plot_draw.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct panel {
    const char *row, *axis;
    double usual; /* what the clean cell has of it; NaN: the row has a cell that is as usual */
    double from, to;
} panels[] = {
    {"noise", "noise, grey levels (of 200 from dark to bright)", 2, 0, 62},
    {"blur", "gaussian blur, pixels (sd)", 0.5, 0, 3.1},
    {"rotation", "rotation, degrees", 0, -1, 46},
    {"module", "pixels a module", NAN, 1, 3.6},
};

enum { PANELS = sizeof panels / sizeof panels[0] };

static bool on_panel(const struct cell *cell, const struct panel *panel, double *x)
{
    if (cell->symbol != SYMBOL_CODE128 || cell->size != SIZE_VGA)
        return false;
    bool usual = strcmp(cell->row, "clean") == 0 && !isnan(panel->usual);
    *x = usual || cell->value == NULL ? panel->usual : strtod(cell->value, NULL);
    return usual || strcmp(cell->row, panel->row) == 0;
}

static const struct row *find(const struct rows_view *view, const struct cell *cell, size_t decoder)
{
    char path[CELL_PATH_BYTES], name[ROW_NAME_BYTES];
    cell_path(cell, path);
    (void)snprintf(name, sizeof name, "decode/%s/%s", path, decoders[decoder].subject->name);
    return view_find(view, name);
}

/* Lines of one decoder on one panel, from left to right; how many. */
static size_t put_line(struct text *csv, const struct rows_view *view, size_t panel, size_t decoder)
{
    size_t points = 0;
    double x;
    for (size_t i = 0; i < cell_count; i++) {
        if (!on_panel(&cells[i], &panels[panel], &x))
            continue;
        const struct row *row = find(view, &cells[i], decoder);
        if (row == NULL)
            continue;
        struct interval share = interval_wilson(row->right, row->items, 0.95);
        text_format(csv, "%s,%s,%.10g,%llu,%llu,%.6g,%.6g,%.6g\n", panels[panel].row,
                    decoders[decoder].subject->name, x, (unsigned long long)row->items,
                    (unsigned long long)row->right, (double)row->right / (double)row->items,
                    share.low, share.high);
        points++;
    }
    return points;
}

static const char script[] =
    "set linetype 1 lc rgb '#0072B2' pt 5 ps 0.5 lw 2.5 dt 1\n"
    "set linetype 2 lc rgb '#56B4E9' pt 4 ps 0.6 lw 2 dt (6,4)\n"
    "set linetype 3 lc rgb '#D55E00' pt 7 ps 0.5 lw 2 dt 1\n"
    "set linetype 4 lc rgb '#009E73' pt 9 ps 0.6 lw 2 dt 1\n"
    "set linetype 5 lc rgb '#CC79A7' pt 8 ps 0.7 lw 2 dt (6,4)\n"
    "set yrange [-2:102]\n"
    "here(i, name) = strcol('panel') eq panel ? of(i, name) : NaN\n"
    "rows = 0.5 * (height - 100.0) / height\n"
    "place(n) = 1 - (94.0 / height + rows * n)\n"
    "set multiplot\n"
    "# The key alone, as wide as the picture.\n"
    "set lmargin at screen 0.02\n"
    "set rmargin at screen 0.98\n"
    "set border 0\n"
    "unset xtics; unset ytics\n"
    "plot [0:1] for [i = 1:words(schemes)] NaN with linespoints lt type(i) title scheme(i)\n"
    "unset key; unset label 1; unset label 2\n"
    "set border 3\n"
    "set xtics nomirror out scale 0.5 offset 0, 0.3 textcolor rgb ink\n"
    "set ytics nomirror out scale 0.5 25 textcolor rgb ink\n"
    "do for [n = 0:words(panels) - 1] {\n"
    "    panel = word(panels, n + 1)\n"
    "    set lmargin at screen (n % 2 == 0 ? 0.085 : 0.565)\n"
    "    set rmargin at screen (n % 2 == 0 ? 0.495 : 0.975)\n"
    "    set tmargin at screen place(n / 2)\n"
    "    set bmargin at screen place(n / 2) - rows + 58.0 / height\n"
    "    set xlabel axes[n + 1]\n"
    "    set xrange [froms[n + 1]:tos[n + 1]]\n"
    "    if (n % 2 == 0) { set ylabel 'read, %' offset 1.5, 0 } else { unset ylabel }\n"
    "    plot for [i = 1:words(schemes)] data \\\n"
    "        using (here(i, 'x')):(100 * of(i, 'share')):(100 * of(i, 'low')):\\\n"
    "        (100 * of(i, 'high')) with yerrorlines lt type(i)\n"
    "}\n"
    "unset multiplot\n";

static void put_lists(struct text *out, const bool drawn[CONTEST_MAX_DECODERS])
{
    struct text types = {0};
    int count = 0;
    text_put(out, "schemes = '");
    for (size_t i = 0; i < decoder_count; i++) {
        if (!drawn[i] || count == 5)
            continue;
        text_format(out, "%s%s", count > 0 ? " " : "", decoders[i].subject->name);
        text_format(&types, "%s%d", count > 0 ? " " : "", count + 1);
        count++;
    }
    text_format(out, "'\ntypes = '%s'\n", types.bytes);
    text_free(&types);
    text_format(out, "array axes[%d]\narray froms[%d]\narray tos[%d]\npanels = '", PANELS, PANELS,
                PANELS);
    for (size_t i = 0; i < PANELS; i++)
        text_format(out, "%s%s", i > 0 ? " " : "", panels[i].row);
    text_put(out, "'\n");
    for (size_t i = 0; i < PANELS; i++)
        text_format(out, "axes[%zu] = '%s'\nfroms[%zu] = %.10g\ntos[%zu] = %.10g\n", i + 1,
                    panels[i].axis, i + 1, panels[i].from, i + 1, panels[i].to);
    text_put(out, "set key at screen 0.53, screen 1 - 52.0 / height center top vertical maxrows 1 "
                  "samplen 1.5 width -2\n");
}

bool curves_success(struct plot_files *files, const struct rows_view *view)
{
    bool drawn[CONTEST_MAX_DECODERS] = {false};
    size_t points = 0, items = 0;
    text_put(&files->csv, "panel,scheme,x,n,right,share,low,high\n");
    for (size_t i = 0; i < PANELS; i++)
        for (size_t j = 0; j < decoder_count; j++) {
            size_t line = put_line(&files->csv, view, i, j);
            drawn[j] = drawn[j] || line > 0;
            points += line;
        }
    if (points == 0)
        return false;
    for (size_t i = 0; i < view->count; i++)
        if (strncmp(view->rows[i].name, "decode/code128/", 15) == 0)
            items = view->rows[i].items;
    char note[160];
    (void)snprintf(note, sizeof note,
                   "%zu frames a point, 640 x 480, 12 to 20 digits; lax: cashpoint without its "
                   "safety rules; bars: 95%% intervals (Wilson)",
                   items);
    plot_begin(files, 620, "Code 128: what is read of degraded frames", note);
    put_lists(&files->script, drawn);
    text_put(&files->script, script);
    return true;
}
