/*
 * Codes painted straight into frames, for seeds and round trips.
 */
#ifndef CASHPOINT_FUZZ_PAINT_H
#define CASHPOINT_FUZZ_PAINT_H

#include "symbology/symbology.h"

#include <math.h>
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

/* The same, turned by so many sixteenths of a turn about its middle and a little nearer on its
 * left; each pixel is the mean of 3 x 3 points. The caller frees it. */
static inline struct frame paint_turned(const struct code_image *image, unsigned scale,
                                        unsigned margin, unsigned turn)
{
    enum { POINTS = 3 };
    const float angle = (float)turn * 0.3926991f, c = cosf(angle), s = sinf(angle), near = 0.001f;
    float wide = (float)(image->width * scale), high = (float)(image->height * scale);
    float across = fabsf(c) * wide + fabsf(s) * high, down = fabsf(s) * wide + fabsf(c) * high;
    struct frame frame = {((unsigned)across + 2 * margin) & ~1u, (unsigned)down + 2 * margin, 0,
                          NULL};
    frame.stride = frame.width;
    frame.pixels = malloc((size_t)frame.width * frame.height);
    CHECK(frame.pixels != NULL);
    for (unsigned i = 0; i < frame.width * frame.height; i++) {
        unsigned dark = 0;
        for (unsigned k = 0; k < POINTS * POINTS; k++) {
            float x = (float)(i % frame.width) + ((float)(k % POINTS) + 0.5f) / POINTS;
            float y = (float)(i / frame.width) + ((float)(k / POINTS) + 0.5f) / POINTS;
            x -= 0.5f * (float)frame.width;
            y -= 0.5f * (float)frame.height;
            float far = (float)scale * (1 - near * x);
            float u = (c * x + s * y) / far + 0.5f * (float)image->width;
            float v = (c * y - s * x) / far + 0.5f * (float)image->height;
            dark += u >= 0 && v >= 0 && u < (float)image->width && v < (float)image->height &&
                    code_image_dark(image, (unsigned)u, (unsigned)v);
        }
        frame.pixels[i] =
            (uint8_t)(PAINT_BRIGHT - dark * (PAINT_BRIGHT - PAINT_DARK) / (POINTS * POINTS));
    }
    return frame;
}

#endif
