/*
 * Grey images of our own, and frames shrunk into them.
 */
#ifndef CASHPOINT_STRIPS_H
#define CASHPOINT_STRIPS_H

#include <stddef.h>
#include <stdint.h>

#include "optics/frame.h"

/* A grey image without gaps between rows, whose memory grows to what was largest. */
struct grey {
    unsigned width, height;
    uint8_t *pixels; /* owned */
    size_t capacity;
};

void grey_fini(struct grey *grey);

/* Makes it width x height pixels, whose values are not set. */
void grey_resize(struct grey *grey, unsigned width, unsigned height);

/* Means of factor x factor pixels; factor 1 copies. */
void strips_shrink(const struct frame *frame, unsigned factor, struct grey *out);

#endif
