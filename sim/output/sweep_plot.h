/*
 * Plots of a sweep: a metric against one swept key, a line for each scheme and each level of the
 * other factors. The x axis is logarithmic where the values stand more evenly so, the y axis where
 * it shows shares of something rare that differ by decades.
 */
#ifndef CASHPOINT_SWEEP_PLOT_H
#define CASHPOINT_SWEEP_PLOT_H

#include "output/plot_file.h"
#include "output/sweep_data.h"

/* False where there is nothing to draw. Metrics: an index of data->metrics. */
bool sweep_plot_draw(struct plot_files *files, const struct sweep_data *data, size_t metric);

#endif
