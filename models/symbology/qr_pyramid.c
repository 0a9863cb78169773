#include "symbology/qr_pyramid.h"

#include "engine/error.h"

#include <stdlib.h>
#include <string.h>

enum { MIN_PIXELS = 21 }; /* the least symbol at a pixel a module */

void qr_pyramid_fini(struct qr_pyramid *pyramid)
{
    for (int level = 0; level < QR_LEVELS; level++)
        for (int smooth = 0; smooth < 2; smooth++)
            qr_field_fini(&pyramid->fields[level][smooth]);
}

void qr_pyramid_begin(struct qr_pyramid *pyramid, const struct frame *frame)
{
    pyramid->frame = frame;
    memset(pyramid->ready, 0, sizeof pyramid->ready);
}

static void sum_rows(const uint8_t *above, const uint8_t *row, const uint8_t *below, unsigned width,
                     uint16_t *restrict sums)
{
    for (unsigned x = 0; x < width; x++)
        sums[x] = (uint16_t)(above[x] + row[x] + below[x]);
}

static void mean_of_three(const uint16_t *restrict sums, unsigned width, uint8_t *restrict out)
{
    enum { NINTH = 7282 }; /* of 65536 */
    for (unsigned x = 1; x + 1 < width; x++)
        out[x] = (uint8_t)(((uint32_t)(sums[x - 1] + sums[x] + sums[x + 1]) * NINTH) >> 16);
    out[0] = out[1];
    out[width - 1] = out[width - 2];
}

/* Means of 3 x 3 pixels; the outermost repeat their neighbours. Both sides have 3 or more. */
static void smooth_grey(const struct grey *in, struct grey *out)
{
    unsigned width = in->width, height = in->height;
    uint16_t *sums = malloc(width * sizeof *sums);
    CHECK(sums != NULL);
    grey_resize(out, width, height);
    for (unsigned y = 0; y < height; y++) {
        unsigned middle = y == 0 ? 1 : y == height - 1 ? height - 2 : y;
        const uint8_t *row = in->pixels + (size_t)middle * width;
        sum_rows(row - width, row, row + width, width, sums);
        mean_of_three(sums, width, out->pixels + (size_t)y * width);
    }
    free(sums);
}

const struct qr_field *qr_pyramid_field(struct qr_pyramid *pyramid, unsigned level, bool smooth,
                                        struct budget *budget)
{
    static const double MAKE_NS = 0.8, SHRINK_NS = 1.2;
    struct qr_field *field = &pyramid->fields[level][smooth];
    unsigned width = pyramid->frame->width >> level, height = pyramid->frame->height >> level;
    double pixels = (double)width * height;
    CHECK(level < QR_LEVELS);
    if (width < MIN_PIXELS || height < MIN_PIXELS)
        return NULL;
    if (pyramid->ready[level][smooth])
        return field;
    const struct qr_field *plain = smooth ? qr_pyramid_field(pyramid, level, false, budget) : NULL;
    double shrinking = smooth ? 0 : SHRINK_NS * (double)(1u << 2 * level);
    if ((smooth && plain == NULL) || !budget_spend(budget, pixels * (MAKE_NS + shrinking)))
        return NULL;
    field->scale = 1u << level;
    if (smooth)
        smooth_grey(&plain->grey, &field->grey);
    else
        strips_shrink(pyramid->frame, 1u << level, &field->grey);
    qr_field_threshold(field);
    pyramid->ready[level][smooth] = true;
    return field;
}
