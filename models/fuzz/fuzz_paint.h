/*
 * Codes painted straight into frames, for seeds and round trips.
 */
#ifndef CASHPOINT_FUZZ_PAINT_H
#define CASHPOINT_FUZZ_PAINT_H

#include "symbology/symbology.h"

#include <stdlib.h>
#include <string.h>

enum { PAINT_BRIGHT = 220, PAINT_DARK = 30 };

/* A frame of the code image, `scale` pixels a dot, with a bright margin; the caller frees it. */
static inline struct frame paint_frame(const struct code_image *image, unsigned scale,
                                       unsigned margin)
{
    unsigned width = image->width * scale + 2 * margin, height = image->height * scale + 2 * margin;
    struct frame frame = {width, height, width, malloc((size_t)width * height)};
    CHECK(frame.pixels != NULL);
    memset(frame.pixels, PAINT_BRIGHT, (size_t)width * height);
    for (unsigned y = 0; y < image->height * scale; y++)
        for (unsigned x = 0; x < image->width * scale; x++)
            if (code_image_dark(image, x / scale, y / scale))
                frame.pixels[(size_t)(y + margin) * width + x + margin] = PAINT_DARK;
    return frame;
}

#endif
