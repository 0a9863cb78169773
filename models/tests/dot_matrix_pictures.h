/*
 * Pictures of dot matrices, painted without the camera model, so that a mistake there cannot hide
 * one of the reader's: a tilted display with a bright bezel before a darker ground, blurred, noisy.
 */
#ifndef CASHPOINT_DOT_MATRIX_PICTURES_H
#define CASHPOINT_DOT_MATRIX_PICTURES_H

#include "engine/random.h"
#include "symbology/symbology.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { BRIGHT = 200, GROUND = 60, BEZEL = 6 };

struct picture {
    double x, y;           /* of the display's middle, pixels */
    double scale;          /* pixels a display pixel, in the middle */
    double degrees;        /* clockwise */
    double tilt_x, tilt_y; /* how much nearer one end is than the middle, of 1 */
    double radial;         /* of a lens, a pixel squared, from the frame's middle */
    double contrast;       /* of 1; 0: 0.85 */
    double gradient;       /* of the light, over the frame's width, of 1 */
};

static inline struct frame new_picture(unsigned width, unsigned height)
{
    struct frame frame = {width, height, width, malloc((size_t)width * height)};
    assert_non_null(frame.pixels);
    memset(frame.pixels, GROUND, (size_t)width * height);
    return frame;
}

/* The place on the display of a place in the frame, in display pixels from its middle. */
static inline void place_on_display(const struct frame *frame, const struct picture *at, double x,
                                    double y, double *u, double *v)
{
    double from_x = x - 0.5 * frame->width, from_y = y - 0.5 * frame->height, shrink = 1;
    for (int i = 0; at->radial != 0 && i < 5; i++)
        shrink = 1 / (1 + at->radial * (from_x * from_x + from_y * from_y) * shrink * shrink);
    double turn = at->degrees * 3.14159265358979 / 180, c = cos(turn), s = sin(turn);
    double dx = from_x * shrink + 0.5 * frame->width - at->x;
    double dy = from_y * shrink + 0.5 * frame->height - at->y;
    double p = (c * dx + s * dy) / at->scale, q = (c * dy - s * dx) / at->scale;
    double nearer = 1 - at->tilt_x * p / 64 - at->tilt_y * q / 64;
    *u = p / nearer;
    *v = q / nearer;
}

/* -1: neither display nor bezel; else how dark, 0 or 1. */
static inline int shade_at(const struct code_image *image, double u, double v)
{
    double column = floor(u + image->width / 2.0), row = floor(v + image->height / 2.0);
    if (column < -BEZEL || row < -BEZEL || column >= image->width + BEZEL ||
        row >= image->height + BEZEL)
        return -1;
    if (column < 0 || row < 0 || column >= image->width || row >= image->height)
        return 0;
    return code_image_dark(image, (unsigned)column, (unsigned)row);
}

/* Paints the display over what is there, 9 samples a pixel. */
static inline void paint_picture(const struct frame *frame, const struct code_image *image,
                                 const struct picture *at)
{
    double contrast = at->contrast > 0 ? at->contrast : 0.85;
    for (unsigned y = 0; y < frame->height; y++)
        for (unsigned x = 0; x < frame->width; x++) {
            uint8_t *pixel = &frame->pixels[(size_t)y * frame->stride + x];
            double light = 1 - at->gradient * x / frame->width, sum = 0;
            int touched = 0;
            for (int i = 0; i < 9; i++) {
                double u, v;
                place_on_display(frame, at, x + (i % 3 + 0.5) / 3, y + (i / 3 + 0.5) / 3, &u, &v);
                int shade = shade_at(image, u, v);
                touched += shade >= 0;
                sum += shade < 0 ? *pixel : BRIGHT * light * (1 - contrast * shade);
            }
            if (touched > 0)
                *pixel = (uint8_t)(sum / 9);
        }
}

static inline void blur_line(const uint8_t *from, size_t step, unsigned count, double sigma,
                             float *line, uint8_t *to)
{
    int reach = (int)ceil(3 * sigma);
    for (int i = 0; i < (int)count; i++) {
        double sum = 0, weights = 0;
        for (int k = -reach; k <= reach; k++) {
            int at = i + k < 0 ? 0 : i + k >= (int)count ? (int)count - 1 : i + k;
            double weight = exp(-k * k / (2 * sigma * sigma));
            sum += weight * from[(size_t)at * step];
            weights += weight;
        }
        line[i] = (float)(sum / weights);
    }
    for (unsigned i = 0; i < count; i++)
        to[i * step] = (uint8_t)(line[i] + 0.5f);
}

static inline void blur_picture(const struct frame *frame, double sigma)
{
    float *line = malloc((frame->width + frame->height) * sizeof *line);
    assert_non_null(line);
    for (unsigned y = 0; sigma > 0 && y < frame->height; y++)
        blur_line(frame->pixels + (size_t)y * frame->stride, 1, frame->width, sigma, line,
                  frame->pixels + (size_t)y * frame->stride);
    for (unsigned x = 0; sigma > 0 && x < frame->width; x++)
        blur_line(frame->pixels + x, frame->stride, frame->height, sigma, line, frame->pixels + x);
    free(line);
}

static inline void add_noise(const struct frame *frame, double sd, struct stream *stream)
{
    for (unsigned y = 0; sd > 0 && y < frame->height; y++)
        for (unsigned x = 0; x < frame->width; x++) {
            uint8_t *pixel = &frame->pixels[(size_t)y * frame->stride + x];
            double value = floor(*pixel + stream_normal(stream, 0, sd) + 0.5);
            *pixel = (uint8_t)fmin(fmax(value, 0), 255);
        }
}

static inline struct stream new_stream(uint64_t entity, uint16_t purpose)
{
    struct stream stream;
    stream_init(&stream, (struct stream_key){.seed = 2026, .entity = entity, .purpose = purpose});
    return stream;
}

/* Characters of any value, digits, or digits and capital letters. */
enum alphabet { ANY_BYTES, DIGITS, CHARACTERS };

static inline void random_payload(struct stream *stream, unsigned length, enum alphabet alphabet,
                                  char *bytes)
{
    static const char characters[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    for (unsigned i = 0; i < length; i++)
        bytes[i] = alphabet == ANY_BYTES
                       ? (char)stream_below(stream, 256)
                       : characters[stream_below(stream, alphabet == DIGITS ? 10 : 36)];
    bytes[length] = '\0';
}

#endif
