/*
 * Strips: a frame made small by averaging along the bars of a barcode.
 *
 * Pixels along a bar all say the same, so the mean of 16 rows has a quarter of the noise and leaves
 * ZBar, whose cost grows with the rows, a sixteenth of the work. Bars that stand upright need only
 * rows added up; bars that lean are averaged along their own direction, found from the gradients of
 * the frame.
 *
 * All sizes are in pixels. An image without pixels is fine everywhere and gives one without pixels.
 */
#ifndef CASHPOINT_STRIPS_H
#define CASHPOINT_STRIPS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "optics/frame.h"

enum { STRIPS_MAX_THICKNESS = 64 };

/* A grey image without gaps between rows, whose memory grows to what was largest. */
struct grey {
    unsigned width, height;
    uint8_t *pixels; /* owned */
    size_t capacity;
};

void grey_fini(struct grey *grey);

/* Makes it width x height pixels, whose values are not set. */
void grey_resize(struct grey *grey, unsigned width, unsigned height);

/* Where an image made from a frame came from: pixel (x, y) of the image lies in the frame at
 *     (left, top) + x (across_x, across_y) + y (along_x, along_y). */
struct strips_map {
    double left, top, across_x, across_y, along_x, along_y;
};

/* Means of factor x factor pixels; factor 1 copies. */
void strips_shrink(const struct frame *frame, unsigned factor, struct grey *out);

/* Means of `thickness` rows; `smooth` runs [1 2 1] / 4 along each row. */
void strips_rows(const struct frame *frame, unsigned thickness, unsigned smooth, struct grey *out,
                 struct strips_map *map);

/* The unit vector across the bars: the main direction of the gradients (structure tensor), which
 * uniform noise does not turn. (1, 0) where there is none. */
void strips_direction(const struct frame *frame, double *across_x, double *across_y);

/* Like strips_rows in a frame turned so that the x axis lies along (across_x, across_y). */
void strips_turned(const struct frame *frame, double across_x, double across_y, unsigned thickness,
                   unsigned smooth, struct grey *out, struct strips_map *map);

#endif
