/*
 * Plots of a sweep: a metric against one swept key, a line for each scheme and each level of the
 * other factors. The x axis is logarithmic where the values stand more evenly so, the y axis where
 * it shows shares of something rare that differ by decades.
 */
#ifndef CASHPOINT_SWEEP_PLOT_H
#define CASHPOINT_SWEEP_PLOT_H

#include "output/plot_file.h"
#include "output/sweep_data.h"

/* The key that is the x axis of all plots: a numeric one, of the most levels. Never null. */
const struct sweep_axis *sweep_plot_axis(const struct sweep_data *data);

/* False where there is nothing to draw. Metrics: an index of data->metrics. */
bool sweep_plot_draw(struct plot_files *files, const struct sweep_data *data, size_t metric);

#endif
