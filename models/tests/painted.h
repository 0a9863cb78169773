/*
 * Frames painted without the camera model, so that a mistake there cannot hide one in a reader.
 */
#ifndef CASHPOINT_PAINTED_H
#define CASHPOINT_PAINTED_H

#include "engine/random.h"
#include "symbology/symbology.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { PAINTED_BRIGHT = 210, PAINTED_DARK = 40 };

static inline struct frame painted_new(unsigned width, unsigned height, int grey)
{
    struct frame frame = {width, height, width, malloc((size_t)width * height + 1)};
    CHECK(frame.pixels != NULL);
    memset(frame.pixels, grey, (size_t)width * height);
    return frame;
}

struct painted_place {
    double x, y;    /* of the image's centre, pixels */
    double scale;   /* pixels a display pixel there */
    double degrees; /* clockwise */
    double tilt; /* perspective: the scale grows by this share from the centre across the frame */
};

/* Paints a code image over what is there, 9 samples a pixel. */
static inline void painted_code(const struct frame *frame, const struct code_image *image,
                                struct painted_place at)
{
    double c = cos(at.degrees * 3.14159265358979 / 180) / at.scale;
    double s = sin(at.degrees * 3.14159265358979 / 180) / at.scale;
    for (unsigned y = 0; y < frame->height; y++)
        for (unsigned x = 0; x < frame->width; x++) {
            int inside = 0, dark = 0;
            for (int i = 0; i < 9; i++) {
                double u = x + (i % 3 + 0.5) / 3 - at.x, v = y + (i / 3 + 0.5) / 3 - at.y;
                double w = 1 + at.tilt * u / frame->width;
                double column = floor((c * u + s * v) / w + image->width / 2.0);
                double row = floor((c * v - s * u) / w + image->height / 2.0);
                if (column < 0 || row < 0 || column >= image->width || row >= image->height)
                    continue;
                inside++;
                dark += code_image_dark(image, (unsigned)column, (unsigned)row);
            }
            if (inside > 0)
                frame->pixels[(size_t)y * frame->stride + x] =
                    (uint8_t)(PAINTED_BRIGHT - (PAINTED_BRIGHT - PAINTED_DARK) * dark / 9);
        }
}

static inline void painted_noise(const struct frame *frame, double sd, struct stream *stream)
{
    for (size_t i = 0; i < (size_t)frame->stride * frame->height; i++) {
        double value = floor(frame->pixels[i] + stream_normal(stream, 0, sd) + 0.5);
        frame->pixels[i] = (uint8_t)fmin(fmax(value, 0), 255);
    }
}

/* A Gauss curve of standard deviation `sd` pixels, rows then columns; edges repeat. */
static inline void painted_blur(const struct frame *frame, double sd)
{
    enum { REACH = 12 };
    double weights[2 * REACH + 1], sum = 0;
    int width = (int)frame->width, height = (int)frame->height;
    uint8_t *before = malloc((size_t)width * (size_t)height);
    CHECK(before != NULL);
    for (int i = -REACH; i <= REACH; i++)
        sum += weights[i + REACH] = exp(-0.5 * i * i / (sd * sd));
    for (int turn = 0; turn < 2; turn++) {
        memcpy(before, frame->pixels, (size_t)width * (size_t)height);
        for (int y = 0; y < height; y++)
            for (int x = 0; x < width; x++) {
                double value = 0;
                for (int i = -REACH; i <= REACH; i++) {
                    int at_x = turn ? x : x + i, at_y = turn ? y + i : y;
                    at_x = at_x < 0 ? 0 : at_x >= width ? width - 1 : at_x;
                    at_y = at_y < 0 ? 0 : at_y >= height ? height - 1 : at_y;
                    value += weights[i + REACH] * before[at_y * width + at_x];
                }
                frame->pixels[y * width + x] = (uint8_t)(value / sum + 0.5);
            }
    }
    free(before);
}

#endif
