/*
 * The plots of a report: for each a CSV file with the plotted data, a script of gnuplot that runs
 * by itself in their folder (`gnuplot -d NAME.gp`), and the picture it makes.
 *
 * Scripts hold single-quoted strings only (gnuplot runs what stands between backticks, also within
 * double quotes), and what comes from the records reaches a script only as a checked name.
 */
#ifndef CASHPOINT_PLOTS_H
#define CASHPOINT_PLOTS_H

#include "output/plot_file.h"
#include "output/report_data.h"

enum plot_id {
    PLOT_SECURITY,
    PLOT_PHOTOGRAPHER,
    PLOT_WITHDRAWALS,
    PLOT_QUEUE_WAIT,
    PLOT_WAIT_DISTRIBUTION,
    PLOT_OUTCOMES,
    PLOT_DECODE_DISTANCE,
    PLOT_DECODE_DEFOCUS,
    PLOT_DECODE_MODULE,
    PLOT_STAGES,
    PLOT_WARMUP,
    PLOTS
};

struct plots {
    struct plot plot[PLOTS];
    bool gnuplot_missing;
};

/* Writes all files into `folder` and reads the pictures back; plots_free afterwards, whatever it
 * returned. */
bool plots_make(struct plots *plots, const struct report_data *data, const struct folder *folder,
                struct error *error);
void plots_free(struct plots *plots);

#endif
