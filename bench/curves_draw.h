/*
 * How each plot of curves.h is drawn; false where the rows hold nothing for it.
 */
#ifndef CASHPOINT_CURVES_DRAW_H
#define CASHPOINT_CURVES_DRAW_H

#include "bench/measure.h"
#include "bench/symbols.h"
#include "output/plot_file.h"

struct rows_view {
    const struct row *rows;
    size_t count;
};

/* The row of that name; null where there is none. */
const struct row *view_find(const struct rows_view *view, const char *name);

/* Reads of Code 128 against noise, blur, rotation and size of a module, a panel each. */
bool curves_code128(struct plot_files *files, const struct rows_view *view);

/* Reads of 132 bytes as dot matrix, QR Code and Data Matrix against the pixels a display pixel, a
 * panel for each kind of degradation. */
bool curves_matrix(struct plot_files *files, const struct rows_view *view);

/* Reads against misreads, of one symbology, by safety rules. */
bool curves_misreads(struct plot_files *files, const struct rows_view *view, enum symbol symbol);

#endif
