#include "symbology/strips.h"

#include "engine/error.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

void grey_resize(struct grey *grey, unsigned width, unsigned height)
{
    size_t bytes = (size_t)width * height;
    if (bytes > grey->capacity) {
        free(grey->pixels);
        grey->pixels = malloc(bytes);
        CHECK(grey->pixels != NULL);
        grey->capacity = bytes;
    }
    grey->width = width;
    grey->height = height;
}

void grey_fini(struct grey *grey)
{
    free(grey->pixels);
    *grey = (struct grey){0};
}

static const uint8_t *frame_row(const struct frame *frame, unsigned y)
{
    return frame->pixels + (size_t)y * frame->stride;
}

static uint32_t *new_sums(unsigned count)
{
    uint32_t *sums = calloc((size_t)count + 1, sizeof *sums);
    CHECK(sums != NULL);
    return sums;
}

/* ---- shrinking ---- */

static void shrink_row(const struct frame *frame, unsigned factor, unsigned row, struct grey *out)
{
    unsigned area = factor * factor;
    for (unsigned x = 0; x < out->width; x++) {
        unsigned sum = area / 2;
        for (unsigned dy = 0; dy < factor; dy++) {
            const uint8_t *pixels = frame_row(frame, row * factor + dy) + (size_t)x * factor;
            for (unsigned dx = 0; dx < factor; dx++)
                sum += pixels[dx];
        }
        out->pixels[(size_t)row * out->width + x] = (uint8_t)(sum / area);
    }
}

void strips_shrink(const struct frame *frame, unsigned factor, struct grey *out)
{
    CHECK(factor > 0);
    grey_resize(out, frame->width / factor, frame->height / factor);
    if (out->width == 0)
        return;
    for (unsigned y = 0; y < out->height; y++) {
        if (factor == 1)
            memcpy(out->pixels + (size_t)y * out->width, frame_row(frame, y), out->width);
        else
            shrink_row(frame, factor, y, out);
    }
}

/* ---- sums to means ---- */

/* [1 2 1] along a row: every pass makes the sums four times as large. */
static void smooth_sums(const uint32_t *restrict sums, unsigned width, uint32_t *restrict out)
{
    for (unsigned x = 1; x + 1 < width; x++)
        out[x] = sums[x - 1] + 2 * sums[x] + sums[x + 1];
    if (width == 0)
        return;
    unsigned last = width - 1;
    out[0] = 3 * sums[0] + sums[last > 0 ? 1 : 0];
    if (last > 0)
        out[last] = sums[last - 1] + 3 * sums[last];
}

/* Means of `count` pixels from their sums, by a 16-bit reciprocal; `passes` of smoothing first.
 * Uses up both rows of sums. */
static void write_means(uint32_t *sums, uint32_t *spare, unsigned width, unsigned count,
                        unsigned passes, uint8_t *out)
{
    for (unsigned pass = 0; pass < passes; pass++) {
        smooth_sums(sums, width, spare);
        uint32_t *swap = sums;
        sums = spare;
        spare = swap;
    }
    uint32_t reciprocal = 65536 / (count << 2 * passes);
    for (unsigned x = 0; x < width; x++)
        out[x] = (uint8_t)((sums[x] * reciprocal + 32768) >> 16);
}

/* ---- rows ---- */

void strips_rows(const struct frame *frame, unsigned thickness, unsigned smooth, struct grey *out,
                 struct strips_map *map)
{
    CHECK(thickness > 0 && thickness <= STRIPS_MAX_THICKNESS);
    *map = (struct strips_map){.across_x = 1, .along_y = thickness};
    grey_resize(out, frame->width, (frame->height + thickness - 1) / thickness);
    uint32_t *sums = new_sums(2 * frame->width), *spare = sums + frame->width;
    for (unsigned strip = 0; strip < out->height; strip++) {
        unsigned first = strip * thickness;
        unsigned rows = frame->height - first < thickness ? frame->height - first : thickness;
        memset(sums, 0, frame->width * sizeof *sums);
        for (unsigned y = first; y < first + rows; y++) {
            const uint8_t *pixels = frame_row(frame, y);
            for (unsigned x = 0; x < frame->width; x++)
                sums[x] += pixels[x];
        }
        write_means(sums, spare, frame->width, rows, smooth,
                    out->pixels + (size_t)strip * out->width);
    }
    free(sums);
}

/* ---- turned ---- */

void strips_direction(const struct frame *frame, double *across_x, double *across_y)
{
    int64_t xx = 0, xy = 0, yy = 0;
    for (unsigned y = 1; y + 1 < frame->height; y += 2) {
        const uint8_t *above = frame_row(frame, y - 1), *row = frame_row(frame, y);
        const uint8_t *below = frame_row(frame, y + 1);
        int32_t row_xx = 0, row_xy = 0, row_yy = 0; /* 16384 x 255^2 fits */
        for (unsigned x = 1; x + 1 < frame->width; x++) {
            int gx = row[x + 1] - row[x - 1], gy = below[x] - above[x];
            row_xx += gx * gx;
            row_xy += gx * gy;
            row_yy += gy * gy;
        }
        xx += row_xx;
        xy += row_xy;
        yy += row_yy;
    }
    /* The main axis of the tensor, by half angles. */
    double a = (double)(xx - yy), b = 2.0 * (double)xy, r = sqrt(a * a + b * b);
    *across_x = r > 0 ? sqrt(0.5 * (1 + a / r)) : 1;
    *across_y = r > 0 ? copysign(sqrt(fmax(0, 0.5 * (1 - a / r))), b) : 0;
}

enum { FIXED = 65536 };

/* Adds the frame's pixels along one line to the sums, where the line lies inside the frame. */
static void add_line(const struct frame *frame, double x0, double y0, double dx, double dy,
                     unsigned length, uint32_t *sums, uint32_t *counts)
{
    int64_t x = (int64_t)floor(x0 * FIXED), y = (int64_t)floor(y0 * FIXED);
    int64_t step_x = (int64_t)floor(dx * FIXED + 0.5), step_y = (int64_t)floor(dy * FIXED + 0.5);
    for (unsigned i = 0; i < length; i++, x += step_x, y += step_y) {
        uint64_t column = (uint64_t)(x >> 16), row = (uint64_t)(y >> 16);
        if (column < frame->width && row < frame->height) {
            sums[i] += frame->pixels[row * frame->stride + column];
            counts[i]++;
        }
    }
}

/* Brings sums of fewer pixels (at the frame's edge) to sums of `thickness`; where the strip lies
 * outside the frame it repeats its neighbour, which makes no edge. */
static void even_out(uint32_t *sums, const uint32_t *counts, unsigned length, unsigned thickness)
{
    unsigned first = 0;
    while (first < length && counts[first] == 0)
        first++;
    for (unsigned i = first; i < length; i++) {
        if (counts[i] == 0)
            sums[i] = sums[i - 1];
        else if (counts[i] < thickness)
            sums[i] = (sums[i] * thickness + counts[i] / 2) / counts[i];
    }
    for (unsigned i = 0; i < first && first < length; i++)
        sums[i] = sums[first];
}

static void turned_map(const struct frame *frame, double across_x, double across_y,
                       unsigned thickness, unsigned *width, unsigned *height,
                       struct strips_map *map)
{
    double w = frame->width, h = frame->height;
    double length = w * fabs(across_x) + h * fabs(across_y);
    double depth = w * fabs(across_y) + h * fabs(across_x);
    *width = (unsigned)ceil(length);
    *height = (unsigned)ceil(depth / thickness);
    double half_width = 0.5 * *width, half_height = 0.5 * *height * thickness;
    *map = (struct strips_map){
        .left = 0.5 * w - half_width * across_x + half_height * across_y,
        .top = 0.5 * h - half_width * across_y - half_height * across_x,
        .across_x = across_x,
        .across_y = across_y,
        .along_x = -across_y * thickness,
        .along_y = across_x * thickness,
    };
}

void strips_turned(const struct frame *frame, double across_x, double across_y, unsigned thickness,
                   unsigned smooth, struct grey *out, struct strips_map *map)
{
    CHECK(thickness > 0 && thickness <= STRIPS_MAX_THICKNESS);
    unsigned width, height;
    turned_map(frame, across_x, across_y, thickness, &width, &height, map);
    grey_resize(out, width, height);
    uint32_t *sums = new_sums(2 * width), *counts = sums + width;
    for (unsigned strip = 0; strip < height; strip++) {
        memset(sums, 0, 2 * (size_t)width * sizeof *sums);
        for (unsigned i = 0; i < thickness; i++) {
            double along = strip + (i + 0.5) / thickness;
            add_line(frame, map->left + 0.5 * across_x + along * map->along_x,
                     map->top + 0.5 * across_y + along * map->along_y, across_x, across_y, width,
                     sums, counts);
        }
        even_out(sums, counts, width, thickness);
        write_means(sums, counts, width, thickness, smooth, out->pixels + (size_t)strip * width);
    }
    free(sums);
}
