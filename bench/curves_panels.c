/* Success against one degradation after the other: a panel each, a line a decoder. */
#include "bench/cells.h"
#include "bench/curves_draw.h"
#include "engine/statistics.h"
#include "output/plot_draw.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct panel {
    const char *key; /* the row of its cells; of matrices their value */
    const char *axis;
    double usual; /* what the clean cell has of it; NaN: it is not on this panel */
    double from, to;
};

struct line {
    enum symbol symbol;
    const char *decoder, *label;
};

enum { PANELS_MAX = 6, LINES_MAX = 6 };

struct figure {
    const char *title, *note; /* the note begins after "N frames a point" */
    int height_px;
    int ticks; /* from one to the next; 0: as gnuplot likes */
    struct panel panels[PANELS_MAX];
    struct line lines[LINES_MAX];
    bool (*place)(const struct cell *cell, const struct panel *panel, double *x);
};

static bool place_barcode(const struct cell *cell, const struct panel *panel, double *x)
{
    bool usual = strcmp(cell->row, "clean") == 0 && !isnan(panel->usual);
    *x = usual || cell->value == NULL ? panel->usual : strtod(cell->value, NULL);
    return cell->size == SIZE_VGA && (usual || strcmp(cell->row, panel->key) == 0);
}

static bool place_matrix(const struct cell *cell, const struct panel *panel, double *x)
{
    *x = strtod(cell->row, NULL);
    return cell->payload == PAYLOAD_SIGNED && *x > 0 && strcmp(cell->value, panel->key) == 0;
}

static const struct figure code128 = {
    .title = "Code 128: what is read of degraded frames",
    .note = "640 x 480, 12 to 20 digits; lax: cashpoint without its safety rules; bars: 95% "
            "intervals (Wilson)",
    .height_px = 620,
    .ticks = 0,
    .panels = {{"noise", "noise, grey levels (of 200 from dark to bright)", 2, 0, 92},
               {"blur", "gaussian blur, pixels (sd)", 0.5, 0, 4.1},
               {"rotation", "rotation, degrees", 0, -1, 46},
               {"module", "pixels a module", NAN, 0.75, 3.6}},
    .lines = {{SYMBOL_CODE128, "cashpoint", "cashpoint"},
              {SYMBOL_CODE128, "lax", "lax"},
              {SYMBOL_CODE128, "zbar", "zbar"},
              {SYMBOL_CODE128, "zxing", "zxing"},
              {SYMBOL_CODE128, "zxing-fast", "zxing-fast"}},
    .place = place_barcode,
};

#define PX "pixels a display pixel: "

static const struct figure matrix = {
    .title = "132 bytes on a display of 128 x 64: what is read of degraded frames",
    .note = "640 x 480, each symbol as large as fits; libdmtx: a tenth of the frames; bars: 95% "
            "intervals (Wilson)",
    .height_px = 880,
    .ticks = 1,
    .panels = {{"noise10-blur0.7", PX "noise 10, blur 0.7", NAN, 1.9, 4.1},
               {"noise20-blur1", PX "noise 20, blur 1", NAN, 1.9, 4.1},
               {"noise30-blur1", PX "noise 30, blur 1", NAN, 1.9, 4.1},
               {"noise10-blur1.5", PX "noise 10, blur 1.5", NAN, 1.9, 4.1},
               {"noise10-blur2", PX "noise 10, blur 2", NAN, 1.9, 4.1},
               {"contrast0.25-noise8", PX "contrast 0.25, noise 8", NAN, 1.9, 4.1}},
    .lines = {{SYMBOL_DOT_MATRIX, "cashpoint", "dot-matrix"},
              {SYMBOL_QR, "cashpoint", "qr"},
              {SYMBOL_QR, "zbar", "qr:zbar"},
              {SYMBOL_QR, "zxing", "qr:zxing"},
              {SYMBOL_DATA_MATRIX, "zxing", "datamatrix:zxing"},
              {SYMBOL_DATA_MATRIX, "libdmtx", "datamatrix:libdmtx"}},
    .place = place_matrix,
};

static const struct row *find(const struct rows_view *view, const struct cell *cell,
                              const char *decoder)
{
    char path[CELL_PATH_BYTES], name[ROW_NAME_BYTES];
    cell_path(cell, path);
    (void)snprintf(name, sizeof name, "decode/%s/%s", path, decoder);
    return view_find(view, name);
}

static void put_point(struct text *csv, const struct panel *panel, const struct line *line,
                      double x, const struct row *row)
{
    struct interval share = interval_wilson(row->right, row->items, 0.95);
    text_format(csv, "%s,%s,%.10g,%llu,%llu,%.6g,%.6g,%.6g\n", panel->key, line->label, x,
                (unsigned long long)row->items, (unsigned long long)row->right,
                (double)row->right / (double)row->items, share.low, share.high);
}

/* From left to right; how many points, and of how many frames at most. */
static size_t put_line(struct text *csv, const struct figure *figure, size_t panel, size_t line,
                       const struct rows_view *view, uint64_t *items)
{
    size_t points = 0;
    double x;
    for (size_t i = 0; i < cell_count; i++) {
        if (cells[i].symbol != figure->lines[line].symbol || cells[i].camera ||
            !figure->place(&cells[i], &figure->panels[panel], &x))
            continue;
        const struct row *row = find(view, &cells[i], figure->lines[line].decoder);
        if (row == NULL)
            continue;
        put_point(csv, &figure->panels[panel], &figure->lines[line], x, row);
        *items = row->items > *items ? row->items : *items;
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
    "set linetype 6 lc rgb '#E69F00' pt 12 ps 0.7 lw 2 dt (2,3)\n"
    "set yrange [-2:102]\n"
    "here(i, name) = strcol('panel') eq panel ? of(i, name) : NaN\n"
    "above = 76.0 + 18 * key_rows\n"
    "rows = (height - above - 6) / height / ceil(words(panels) / 2.0)\n"
    "place(n) = 1 - (above / height + rows * n)\n"
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
    "if (ticks > 0) { set xtics ticks }\n"
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

static void put_panels(struct text *out, const struct figure *figure)
{
    text_format(out, "array axes[%d]\narray froms[%d]\narray tos[%d]\n", PANELS_MAX, PANELS_MAX,
                PANELS_MAX);
    text_format(out, "ticks = %d\npanels = '", figure->ticks);
    for (size_t i = 0; i < PANELS_MAX && figure->panels[i].key != NULL; i++)
        text_format(out, "%s%s", i > 0 ? " " : "", figure->panels[i].key);
    text_put(out, "'\n");
    for (size_t i = 0; i < PANELS_MAX && figure->panels[i].key != NULL; i++)
        text_format(out, "axes[%zu] = '%s'\nfroms[%zu] = %.10g\ntos[%zu] = %.10g\n", i + 1,
                    figure->panels[i].axis, i + 1, figure->panels[i].from, i + 1,
                    figure->panels[i].to);
}

static void put_lines(struct text *out, const struct figure *figure, const bool drawn[LINES_MAX])
{
    struct text types = {0};
    text_put(out, "schemes = '");
    for (size_t i = 0; i < LINES_MAX; i++) {
        if (!drawn[i])
            continue;
        text_format(out, "%s%s", types.length > 0 ? " " : "", figure->lines[i].label);
        text_format(&types, "%s%zu", types.length > 0 ? " " : "", i + 1);
    }
    text_format(out, "'\ntypes = '%s'\n", types.bytes);
    text_put(out, "key_rows = words(schemes) > 5 ? 2 : 1\n"
                  "set key at screen 0.53, screen 1 - 52.0 / height center top vertical "
                  "maxrows key_rows samplen 1.5 width -2\n");
    text_free(&types);
}

static bool draw(struct plot_files *files, const struct rows_view *view,
                 const struct figure *figure)
{
    bool drawn[LINES_MAX] = {false}, anything = false;
    uint64_t items = 0;
    text_put(&files->csv, "panel,scheme,x,n,right,share,low,high\n");
    for (size_t i = 0; i < PANELS_MAX && figure->panels[i].key != NULL; i++)
        for (size_t j = 0; j < LINES_MAX && figure->lines[j].label != NULL; j++)
            if (put_line(&files->csv, figure, i, j, view, &items) > 0)
                drawn[j] = anything = true;
    if (!anything)
        return false;
    char note[200];
    (void)snprintf(note, sizeof note, "%llu frames a point, %s", (unsigned long long)items,
                   figure->note);
    plot_begin(files, figure->height_px, figure->title, note);
    put_panels(&files->script, figure);
    put_lines(&files->script, figure, drawn);
    text_put(&files->script, script);
    return true;
}

bool curves_code128(struct plot_files *files, const struct rows_view *view)
{
    return draw(files, view, &code128);
}

bool curves_matrix(struct plot_files *files, const struct rows_view *view)
{
    return draw(files, view, &matrix);
}
