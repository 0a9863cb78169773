/*
 * Pictures that commands write, and a shot in words.
 */
#ifndef CASHPOINT_PICTURE_H
#define CASHPOINT_PICTURE_H

#include "pipeline.h"

#include <stdio.h>

/* A frame of one grey; the caller frees its pixels. */
struct frame picture_new(unsigned width, unsigned height, uint8_t grey);

/* A code image enlarged, with a margin; the caller frees its pixels. */
struct frame picture_of_code(const struct code_image *image);

/* Two lines: how it was held up, and what that makes of it on the sensor. */
void picture_describe(FILE *out, const struct shot *shot);

#endif
