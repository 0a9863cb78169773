/*
 * A frame made small, and for each of its pixels the level below which it counts as dark.
 */
#ifndef CASHPOINT_SHRUNK_H
#define CASHPOINT_SHRUNK_H

#include "optics/frame.h"

#include <stdbool.h>
#include <stddef.h>

enum { SHRUNK_TILE = 4 };

struct shrunk {
    unsigned width, height; /* pixels, whole tiles */
    unsigned tiles_wide, tiles_high;
    uint8_t *pixels; /* rows of `width` */
    uint8_t *levels; /* of tiles; 0: nothing there is dark */
    uint8_t *low, *high;
    uint8_t *rows; /* three of the frame */
    size_t capacity;
};

/* Of the darkest and the brightest pixel within a tile and those around it, the level is */
enum shrunk_level {
    SHRUNK_BETWEEN, /* between them, nearer to the bright */
    SHRUNK_BELOW /* a little below the brightest: faint on bright, with something darker near by */
};

/* Means of factor x factor pixels, factor 2 or 4. What does not fill a tile is left out. */
void shrunk_make(struct shrunk *shrunk, const struct frame *frame, unsigned factor,
                 enum shrunk_level level);

void shrunk_fini(struct shrunk *shrunk);

#endif
