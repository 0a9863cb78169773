/*
 * report.html of a sweep: what was varied, what responded, and all points.
 */
#ifndef CASHPOINT_SWEEP_PAGE_H
#define CASHPOINT_SWEEP_PAGE_H

#include "output/plot_file.h"
#include "output/sweep_data.h"

/* `plots`: one a metric of `chosen`. */
bool sweep_page_write(struct text *page, const struct sweep_data *data, const size_t *chosen,
                      const struct plot *plots, size_t count, struct error *error);

#endif
