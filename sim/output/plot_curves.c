/* Plots of curves: success against distance and its like, and the hours of a day. */
#include "output/figure.h"
#include "output/plot_draw.h"
#include "output/pool.h"

#include <math.h>
#include <stdio.h>

struct success_plot {
    const char *curve, *title, *axis, *trials;
};

struct hour_plot {
    const char *curve, *title, *axis, *what;
};

/* One curve, of every scheme. */
struct pools {
    struct pool of[REPORT_SCHEMES];
    bool drawn[REPORT_SCHEMES];
    double n, most, x_lo, x_hi; /* most: trials of one bin */
    const char *x_unit;
};

static void pool_schemes(struct pools *pools, const struct report_data *data, const char *curve,
                         enum pool_kind kind)
{
    *pools = (struct pools){.x_lo = INFINITY, .x_hi = -INFINITY};
    for (size_t i = 0; i < data->scheme_count; i++) {
        struct pool *pool = &pools->of[i];
        pool_curve(pool, data, curve, data->schemes[i], kind);
        pools->n += pool->n;
        if (pool->count == 0)
            continue;
        for (size_t b = 0; b < pool->count; b++)
            pools->most = fmax(pools->most, pool->bins[b].n);
        pools->drawn[i] = true;
        pools->x_unit = pool->x_unit;
        pools->x_lo = fmin(pools->x_lo, pool->bins[0].x_lo);
        pools->x_hi = fmax(pools->x_hi, pool->bins[pool->count - 1].x_hi);
    }
}

static void free_pools(struct pools *pools)
{
    for (size_t i = 0; i < REPORT_SCHEMES; i++)
        pool_free(&pools->of[i]);
}

static void put_cell(struct text *csv, double value)
{
    if (isfinite(value))
        text_format(csv, ",%.6g", value);
    else
        text_put(csv, ",");
}

static void put_bins(struct text *csv, const struct report_data *data, const struct pools *pools,
                     const char *header)
{
    text_put(csv, header);
    for (size_t i = 0; i < data->scheme_count; i++)
        for (size_t b = 0; b < pools->of[i].count; b++) {
            const struct pool_bin *bin = &pools->of[i].bins[b];
            text_format(csv, "%s,%.10g,%.10g,%s,%.10g,%.10g", data->schemes[i], bin->x_lo,
                        bin->x_hi, pools->x_unit, bin->n, bin->sum);
            put_cell(csv, bin->value);
            put_cell(csv, bin->low);
            put_cell(csv, bin->high);
            text_put(csv, "\n");
        }
}

static void put_x_axis(struct text *script, const struct pools *pools, const char *axis)
{
    text_format(script, "set xrange [%.10g:%.10g]\n", pools->x_lo, pools->x_hi);
    text_format(script, "axis = '%s, %s'\n", axis, pools->x_unit);
}

static const char success_script[] =
    "set multiplot\n"
    "set bmargin at screen 148.0 / height\n"
    "set ylabel 'read, %' offset 1, 0\n"
    "set yrange [0:100]\n"
    "set ytics 20\n"
    "set format x ''\n"
    "plot for [i = 1:words(schemes)] data using (of(i, 'x_lo')):(0):(of(i, 'x_lo')):\\\n"
    "        (of(i, 'x_hi')):(100 * of(i, 'low')):(100 * of(i, 'high')) \\\n"
    "        with boxxyerror lt type(i) notitle, \\\n"
    "    for [i = 1:words(schemes)] data using (middle(i)):(100 * of(i, 'share')) \\\n"
    "        with linespoints lt type(i) lw 1.5 title scheme(i)\n"
    "# The lower strip: how many trials each of these shares stands on.\n"
    "unset label 1; unset label 2; unset key\n"
    "set tmargin at screen 132.0 / height\n"
    "set bmargin at screen 54.0 / height\n"
    "set format x '%g'\n"
    "set xlabel axis\n"
    "set ylabel 'n' offset 1, 0\n"
    "set yrange [0:top * 1.15]\n"
    "set ytics (0, sprintf('%.0f', top) top)\n"
    "plot for [i = 1:words(schemes)] data using (middle(i)):(0):(of(i, 'x_lo')):\\\n"
    "        (of(i, 'x_hi')):(0):(of(i, 'n')) with boxxyerror lt type(i)\n"
    "unset multiplot\n";

static bool draw_success(struct plot_files *files, const struct report_data *data,
                         const struct success_plot *plot)
{
    struct pools pools;
    pool_schemes(&pools, data, plot->curve, POOL_SUCCESS);
    if (pools.n > 0.0) {
        char count[FIGURE_BYTES], note[160];
        figure_count(count, pools.n);
        (void)snprintf(note, sizeof note,
                       "n = %s %s, all replications; bands: 95%% intervals (Wilson)", count,
                       plot->trials);
        put_bins(&files->csv, data, &pools, "scheme,x_lo,x_hi,x_unit,n,read,share,low,high\n");
        plot_begin(files, 470, plot->title, note);
        plot_schemes(&files->script, data, pools.drawn);
        put_x_axis(&files->script, &pools, plot->axis);
        text_format(&files->script, "top = %.0f.0\n", pools.most);
        text_put(&files->script, success_script);
    }
    bool drawn = pools.n > 0.0;
    free_pools(&pools);
    return drawn;
}

bool plot_photographer(struct plot_files *files, const struct report_data *data)
{
    return draw_success(files, data,
                        &(struct success_plot){"photographer-distance",
                                               "Photographs the thief can read",
                                               "distance of the photographer", "photographs"});
}

bool plot_decode_distance(struct plot_files *files, const struct report_data *data)
{
    return draw_success(files, data,
                        &(struct success_plot){"decode-distance", "Decoding against distance",
                                               "distance from screen to lens", "frames"});
}

bool plot_decode_defocus(struct plot_files *files, const struct report_data *data)
{
    return draw_success(files, data,
                        &(struct success_plot){"decode-defocus", "Decoding against defocus",
                                               "diameter of the defocus disc", "frames"});
}

bool plot_decode_module(struct plot_files *files, const struct report_data *data)
{
    return draw_success(files, data,
                        &(struct success_plot){"decode-module", "Decoding against module size",
                                               "camera pixels a module", "frames"});
}

static const char hour_script[] =
    "set xlabel axis\n"
    "set ylabel yaxis offset 1, 0\n"
    "set yrange [0:*]\n"
    "set xtics 3\n"
    "set mxtics 3\n"
    "plot for [i = 1:words(schemes)] data using (of(i, 'x_lo')):(0):(of(i, 'x_lo')):\\\n"
    "        (of(i, 'x_hi')):(of(i, 'low')):(of(i, 'high')) \\\n"
    "        with boxxyerror lt type(i) notitle, \\\n"
    "    for [i = 1:words(schemes)] data using (middle(i)):(of(i, 'mean')) \\\n"
    "        with linespoints lt type(i) lw 1.5 title scheme(i)\n";

static bool draw_hours(struct plot_files *files, const struct report_data *data,
                       const struct hour_plot *plot)
{
    struct pools pools;
    pool_schemes(&pools, data, plot->curve, POOL_RATIO);
    if (pools.n > 0.0) {
        char note[160];
        (void)snprintf(note, sizeof note, "%s; bands: 95%% intervals over replications (t)",
                       plot->what);
        put_bins(&files->csv, data, &pools, "scheme,x_lo,x_hi,x_unit,n,sum,mean,low,high\n");
        plot_begin(files, 400, plot->title, note);
        plot_schemes(&files->script, data, pools.drawn);
        put_x_axis(&files->script, &pools, "hour of the day");
        text_format(&files->script, "yaxis = '%s'\n", plot->axis);
        text_put(&files->script, hour_script);
    }
    bool drawn = pools.n > 0.0;
    free_pools(&pools);
    return drawn;
}

bool plot_withdrawals(struct plot_files *files, const struct report_data *data)
{
    return draw_hours(files, data,
                      &(struct hour_plot){"withdrawals", "Withdrawals through the day",
                                          "withdrawals paid an hour", "mean over replications"});
}

bool plot_queue_wait(struct plot_files *files, const struct report_data *data)
{
    return draw_hours(files, data,
                      &(struct hour_plot){"queue-wait", "Mean wait by hour of arrival",
                                          "wait for a terminal, s", "mean over customers"});
}

/* From the right, so that the share is a sum of counts and never a difference near 0. */
static double put_tail(struct text *csv, const char *scheme, const struct pool *pool)
{
    double smallest = 1.0, below = 0.0;
    text_format(csv, "%s,%.10g,1,%.10g\n", scheme, pool->bins[0].x_lo, pool->n);
    for (size_t b = 0; b < pool->count; b++) {
        below += pool->bins[b].n;
        double longer = pool->n - below;
        if (longer < 0.5)
            break;
        smallest = fmin(smallest, longer / pool->n);
        text_format(csv, "%s,%.10g,%.6g,%.10g\n", scheme, pool->bins[b].x_hi, longer / pool->n,
                    longer);
    }
    return smallest;
}

static const char tail_script[] =
    "set xlabel axis\n"
    "set ylabel 'customers who wait longer, %' offset 1, 0\n"
    "set logscale y\n"
    "set format y '%g'\n"
    "set xrange [0:*]\n"
    "plot for [i = 1:words(schemes)] data using (of(i, 'wait')):(100 * of(i, 'longer')) \\\n"
    "        with linespoints lt type(i) ps 0.35 lw 1.5 title scheme(i)\n";

bool plot_wait_distribution(struct plot_files *files, const struct report_data *data)
{
    struct pools pools;
    pool_schemes(&pools, data, "wait-distribution", POOL_RATIO);
    double smallest = 1.0;
    if (pools.n > 0.0) {
        text_put(&files->csv, "scheme,wait,longer,n_longer\n");
        for (size_t i = 0; i < data->scheme_count; i++)
            if (pools.of[i].count > 0)
                smallest = fmin(smallest, put_tail(&files->csv, data->schemes[i], &pools.of[i]));
        char count[FIGURE_BYTES], note[160];
        figure_count(count, pools.n);
        (void)snprintf(note, sizeof note,
                       "n = %s customers, all replications; no interval: waits in one queue depend "
                       "on each other",
                       count);
        plot_begin(files, 400, "How many wait longer", note);
        plot_schemes(&files->script, data, pools.drawn);
        text_format(&files->script, "axis = 'wait for a terminal, %s'\n", pools.x_unit);
        text_format(&files->script, "set yrange [%.3g:100]\n", 100.0 * smallest / 1.5);
        text_put(&files->script, tail_script);
    }
    bool drawn = pools.n > 0.0;
    free_pools(&pools);
    return drawn;
}
