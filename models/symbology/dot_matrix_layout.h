/*
 * Where the cells of a dot matrix lie, which of them are turned over, and in what order they are
 * filled: see dot_matrix.h.
 */
#ifndef CASHPOINT_DOT_MATRIX_LAYOUT_H
#define CASHPOINT_DOT_MATRIX_LAYOUT_H

#include "symbology/symbology.h"

enum {
    DOT_MATRIX_FRAME = 2, /* display pixels */
    DOT_MATRIX_GAP = 1,
    DOT_MATRIX_TIMING = 2,
    DOT_MATRIX_PERIOD = 4,
    DOT_MATRIX_MAX_CELLS = CODE_IMAGE_MAX_WIDTH * CODE_IMAGE_MAX_HEIGHT,
};

struct dot_matrix_layout {
    unsigned width, height; /* of the display, pixels */
    unsigned block_width, block_height;
    unsigned quiet;
    bool plain;
    unsigned left, top;     /* of the first cell, display pixels */
    unsigned columns, rows; /* of cells */
    unsigned cells;
    unsigned stride; /* bit j of the code is in cell j * stride % cells */
};

/* False with a message where the display is too small, or the blocks are. */
bool dot_matrix_lay_out(const struct matrix_format *format, unsigned width, unsigned height,
                        struct dot_matrix_layout *layout, struct error *error);

/* What every symbol has alike: whether this pixel of the display is dark, as far as it is no cell.
 */
bool dot_matrix_fixed_dark(const struct dot_matrix_layout *layout, unsigned x, unsigned y);

/* mask[c] is 1 where cell c is turned over; of a plain one, none. */
void dot_matrix_mask(const struct dot_matrix_layout *layout, uint8_t *mask);

#endif
