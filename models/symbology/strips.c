#include "symbology/strips.h"

#include "engine/error.h"

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

static void halve_row(const uint8_t *restrict above, const uint8_t *restrict below, unsigned width,
                      uint8_t *restrict out)
{
    for (unsigned x = 0; x < width; x++)
        out[x] =
            (uint8_t)((above[2 * x] + above[2 * x + 1] + below[2 * x] + below[2 * x + 1] + 2) / 4);
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
        else if (factor == 2)
            halve_row(frame_row(frame, 2 * y), frame_row(frame, 2 * y + 1), out->width,
                      out->pixels + (size_t)y * out->width);
        else
            shrink_row(frame, factor, y, out);
    }
}
