/* The prelude of every script: what makes the plots of a report look like one family. */
#include "output/plot_draw.h"

#include <string.h>

/* The colours are of Okabe and Ito (2008), told apart by all kinds of colour vision; marks differ
 * in shape as well. Line type 1 is sms-code, 2 is image-code, 3 and 4 are any other schemes. */
static const char style[] =
    "set encoding utf8\n"
    "set terminal svg size 720,height noenhanced font 'Helvetica,13' background '#ffffff'\n"
    "set output picture\n"
    "set datafile separator ','\n"
    "set datafile columnheaders\n"
    "set linetype 1 lc rgb '#D55E00' pt 7 ps 0.65 lw 2\n"
    "set linetype 2 lc rgb '#0072B2' pt 5 ps 0.45 lw 2\n"
    "set linetype 3 lc rgb '#009E73' pt 9 ps 0.65 lw 2\n"
    "set linetype 4 lc rgb '#CC79A7' pt 11 ps 0.65 lw 2\n"
    "ink = '#333333'\n"
    "set border 3 lc rgb '#888888' lw 1\n"
    "set grid lt 1 lc rgb '#E6E6E6' lw 1 dt solid\n"
    "set tics nomirror out scale 0.5 textcolor rgb ink\n"
    "set style fill transparent solid 0.22 noborder\n"
    "set label 1 heading at screen 0.012, screen 1 - 21.0 / height font ',16' textcolor rgb ink\n"
    "set label 2 note at screen 0.012, screen 1 - 43.0 / height font ',11.5' "
    "textcolor rgb '#666666'\n"
    "set key at screen 0.98, screen 1 - 12.0 / height right top horizontal samplen 1.2 "
    "textcolor rgb ink\n"
    "set lmargin at screen 0.11\n"
    "set rmargin at screen 0.965\n"
    "set tmargin at screen 1 - 66.0 / height\n"
    "set bmargin at screen 54.0 / height\n"
    "set xtics offset 0, 0.3\n"
    "set xlabel textcolor rgb ink offset 0, 0.9\n"
    "set ylabel textcolor rgb ink\n"
    "scheme(i) = word(schemes, i)\n"
    "type(i) = int(word(types, i))\n"
    "# The cell of a column where the row is of scheme i, else nothing.\n"
    "of(i, name) = strcol('scheme') eq scheme(i) ? column(name) : NaN\n"
    "middle(i) = 0.5 * (of(i, 'x_lo') + of(i, 'x_hi'))\n"
    "\n";

static int line_type(const char *scheme, int *others)
{
    if (strcmp(scheme, "sms-code") == 0)
        return 1;
    if (strcmp(scheme, "image-code") == 0)
        return 2;
    return 3 + (*others)++ % 2;
}

void plot_schemes(struct text *script, const struct report_data *data,
                  const bool drawn[REPORT_SCHEMES])
{
    struct text types = {0};
    int others = 0;
    text_put(script, "schemes = '");
    for (size_t i = 0; i < data->scheme_count; i++) {
        int type = line_type(data->schemes[i], &others);
        if (!drawn[i])
            continue;
        text_format(script, "%s%s", types.length ? " " : "", data->schemes[i]);
        text_format(&types, "%s%d", types.length ? " " : "", type);
    }
    text_format(script, "'\ntypes = '%s'\n\n", types.bytes ? types.bytes : "");
    text_free(&types);
}

/* Gnuplot runs nothing in single quotes and knows one special byte, the quote itself; the others
 * are left out all the same, should a script ever be read by something else. */
void plot_quote(struct text *script, const char *value)
{
    text_put(script, "'");
    for (const char *c = value; *c; c++)
        if (*c == '\'')
            text_put(script, "''");
        else if (!strchr("`\\\"$\n\r", *c))
            text_add(script, c, 1);
    text_put(script, "'");
}

static void put_string(struct text *script, const char *name, const char *value)
{
    text_format(script, "%s = ", name);
    plot_quote(script, value);
    text_put(script, "\n");
}

void plot_begin(struct plot_files *files, int height_px, const char *title, const char *note)
{
    text_format(&files->script, "# Runs by itself in this folder: gnuplot -d %s.gp\n", files->name);
    text_format(&files->script, "data = '%s.csv'\n", files->name);
    text_format(&files->script, "if (!exists('picture')) picture = '%s.svg'\n", files->name);
    put_string(&files->script, "heading", title);
    put_string(&files->script, "note", note);
    text_format(&files->script, "height = %d\n\n", height_px);
    text_put(&files->script, style);
}
