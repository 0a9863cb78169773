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

/* Fills `to` with `from`, reduced by averaging over the area of each of its pixels. `to` is no
 * larger than `from` in either direction. */
void picture_shrink(const struct frame *from, struct frame *to);

/* What of `from` lies around (x, y), or as near to it as the frame's borders allow, each pixel as
 * `times` x `times` of `to`, whose size is a multiple of that and which shows no more than `from`
 * has. */
void picture_magnify(const struct frame *from, double x, double y, unsigned times,
                     struct frame *to);

/* Two lines: how it was held up, and what that makes of it on the sensor. */
void picture_describe(FILE *out, const struct shot *shot);

#endif
