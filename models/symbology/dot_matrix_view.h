/*
 * How a display lies in a frame: display pixels to pixels of the frame.
 *
 * A projective map from four corners; the radial distortion of a lens whose axis meets the middle
 * of the frame, from how the sides are bowed; and, where cells have shown that they lie a little
 * elsewhere, a bend: a polynomial of second degree that is added to a display point before.
 */
#ifndef CASHPOINT_DOT_MATRIX_VIEW_H
#define CASHPOINT_DOT_MATRIX_VIEW_H

#include "symbology/quad_edges.h"

enum { BEND_TERMS = 6 }; /* 1, u, v, u u, u v, v v; u and v from -1 to 1 over the display */

struct dot_matrix_view {
    float h[9]; /* (h0 x + h1 y + h2, h3 x + h4 y + h5) / (h6 x + h7 y + h8), without a lens */
    float middle_x, middle_y, radial; /* then away from the middle by 1 + radial r^2 */
    float width, height;              /* of the display */
    float bend[2][BEND_TERMS];        /* display pixels across and down */
};

/* The view in which corner i + turn of the quad is corner i (clockwise, from the upper left) of the
 * rectangle that lies `inset` pixels inside of a display. False where there is none. */
bool dot_matrix_view_make(const struct quad *quad, unsigned turn, const struct frame *frame,
                          float width, float height, float inset, struct dot_matrix_view *view);

/* The points (first + i * step, y), i from 0 to count - 1. */
void dot_matrix_view_row(const struct dot_matrix_view *view, float y, float first, float step,
                         unsigned count, float *xs, float *ys);

/* One point. */
struct corner dot_matrix_view_point(const struct dot_matrix_view *view, float x, float y);

#endif
