/*
 * How each plot is drawn: its data as CSV and its script, side by side.
 *
 * A drawing function returns false where the records hold nothing to draw. The scripts of all plots
 * begin with the same prelude (colours, fonts, grid), so that they look like one family.
 */
#ifndef CASHPOINT_PLOT_DRAW_H
#define CASHPOINT_PLOT_DRAW_H

#include "output/plot_file.h"
#include "output/report_data.h"

/* The opening of a script: names of the files, size, title, and a line on how it was made. */
void plot_begin(struct plot_files *files, int height_px, const char *title, const char *note);

/* Any text as a string of gnuplot's, in quotes. */
void plot_quote(struct text *script, const char *value);

/* The schemes of a plot as gnuplot's lists of words. `drawn`: which of them have anything to show,
 * so that the legend names no others. */
void plot_schemes(struct text *script, const struct report_data *data,
                  const bool drawn[REPORT_SCHEMES]);

bool plot_security(struct plot_files *files, const struct report_data *data);
bool plot_photographer(struct plot_files *files, const struct report_data *data);
bool plot_withdrawals(struct plot_files *files, const struct report_data *data);
bool plot_queue_wait(struct plot_files *files, const struct report_data *data);
bool plot_wait_distribution(struct plot_files *files, const struct report_data *data);
bool plot_outcomes(struct plot_files *files, const struct report_data *data);
bool plot_decode_distance(struct plot_files *files, const struct report_data *data);
bool plot_decode_defocus(struct plot_files *files, const struct report_data *data);
bool plot_decode_module(struct plot_files *files, const struct report_data *data);
bool plot_warmup(struct plot_files *files, const struct report_data *data);
bool plot_stages(struct plot_files *files, const struct report_data *data);

#endif
