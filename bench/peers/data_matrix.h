/*
 * Data Matrix (square), which only peers read, drawn by libzint.
 */
#ifndef CASHPOINT_DATA_MATRIX_H
#define CASHPOINT_DATA_MATRIX_H

#include "symbology/code_image.h"

#include <stddef.h>

/* Any bytes, in the middle of a display of width x height pixels, one module as many of them as
 * fit. What does not fit is a CHECK. */
void data_matrix_draw(const char *bytes, size_t length, unsigned width, unsigned height,
                      struct code_image *image);

#endif
