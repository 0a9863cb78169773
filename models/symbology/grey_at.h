/*
 * Grey values between pixels.
 */
#ifndef CASHPOINT_GREY_AT_H
#define CASHPOINT_GREY_AT_H

#include "optics/frame.h"

#include <stddef.h>

enum { GREY_PARTS = 16 }; /* of a pixel, to which places are rounded */

/* A place across or down in parts of a pixel, from the middle of the first pixel on; beyond the
 * frame its edge goes on, also for what is no number. `side` is at least 2. */
static inline int grey_place(float at, unsigned side)
{
    float most = (float)(GREY_PARTS * ((int)side - 1) - 1);
    at = (at - 0.5f) * GREY_PARTS + 0.5f;
    at = at > 0 ? at : 0;
    at = at < most ? at : most;
    return (int)at;
}

/* Between the four pixels around, in 256ths of a grey level. */
static inline int grey_at_place(const struct frame *frame, int across, int down)
{
    int right = (int)((unsigned)across % GREY_PARTS), below = (int)((unsigned)down % GREY_PARTS);
    const uint8_t *p = frame->pixels + (size_t)((unsigned)down / GREY_PARTS) * frame->stride +
                       (unsigned)across / GREY_PARTS;
    const uint8_t *q = p + frame->stride;
    int upper = p[0] * GREY_PARTS + (p[1] - p[0]) * right;
    int lower = q[0] * GREY_PARTS + (q[1] - q[0]) * right;
    return upper * GREY_PARTS + (lower - upper) * below;
}

/* At (x, y) in pixels, their middles at .5. */
static inline int grey_at(const struct frame *frame, float x, float y)
{
    return grey_at_place(frame, grey_place(x, frame->width), grey_place(y, frame->height));
}

#endif
