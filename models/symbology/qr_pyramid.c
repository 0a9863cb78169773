#include "symbology/qr_pyramid.h"

#include "engine/error.h"

#include <stdlib.h>
#include <string.h>

enum { MIN_PIXELS = 21 }; /* the least symbol at a pixel a module */

void qr_pyramid_fini(struct qr_pyramid *pyramid)
{
    for (int level = 0; level < QR_LEVELS; level++)
        for (int form = 0; form < QR_FORMS; form++)
            qr_field_fini(&pyramid->fields[level][form]);
}

void qr_pyramid_begin(struct qr_pyramid *pyramid, const struct frame *frame)
{
    pyramid->frame = frame;
    pyramid->levels = 0;
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
    for (unsigned x = 1; x + 1 < width; x++) {
        uint16_t sum = (uint16_t)(sums[x - 1] + sums[x] + sums[x + 1]);
        out[x] = (uint8_t)(uint16_t)(((uint32_t)sum * NINTH) >> 16);
    }
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

enum { REACH = 3, WINDOW = 2 * REACH + 1 };

static unsigned clamped(int at, unsigned count)
{
    return at < 0 ? 0 : at >= (int)count ? count - 1 : (unsigned)at;
}

/* Adds or takes away a row, from the sums of columns. */
static void move_sums(const struct grey *in, int leaving, int coming, uint16_t *restrict sums)
{
    const uint8_t *out = in->pixels + (size_t)clamped(leaving, in->height) * in->width;
    const uint8_t *row = in->pixels + (size_t)clamped(coming, in->height) * in->width;
    for (unsigned x = 0; x < in->width; x++)
        sums[x] = (uint16_t)(sums[x] + row[x] - out[x]);
}

/* `sums` has REACH more columns on either side. */
static void sharpen_row(const uint8_t *restrict row, const uint16_t *restrict sums, unsigned width,
                        uint8_t *restrict out)
{
    /* 42800 / 2^21 is 1 / 49, exactly enough for whole results up to 49 x 255. */
    enum { GAIN = 2, INVERSE = 42800, SHIFT = 5 };
    for (unsigned x = 0; x < width; x++) {
        const uint16_t *s = sums + x;
        uint16_t sum = (uint16_t)(s[0] + s[1] + s[2] + s[3] + s[4] + s[5] + s[6]);
        uint16_t mean = (uint16_t)((uint16_t)(((uint32_t)sum * INVERSE) >> 16) >> SHIFT);
        int16_t value = (int16_t)((1 + GAIN) * row[x] - GAIN * mean);
        value = value < 0 ? 0 : value;
        out[x] = (uint8_t)(value > 255 ? 255 : value);
    }
}

static void repeat_ends(uint16_t *sums, unsigned width)
{
    for (int i = 0; i < REACH; i++) {
        sums[i] = sums[REACH];
        sums[REACH + width + (unsigned)i] = sums[REACH + width - 1];
    }
}

static void sharpen_grey(const struct grey *in, struct grey *out)
{
    uint16_t *columns = calloc((size_t)in->width + 2 * REACH, sizeof *columns);
    CHECK(columns != NULL);
    uint16_t *sums = columns + REACH;
    grey_resize(out, in->width, in->height);
    for (unsigned x = 0; x < in->width; x++)
        for (int y = -REACH - 1; y < REACH; y++)
            sums[x] =
                (uint16_t)(sums[x] + in->pixels[(size_t)clamped(y, in->height) * in->width + x]);
    for (unsigned y = 0; y < in->height; y++) {
        move_sums(in, (int)y - REACH - 1, (int)y + REACH, sums);
        repeat_ends(columns, in->width);
        sharpen_row(in->pixels + (size_t)y * in->width, columns, in->width,
                    out->pixels + (size_t)y * in->width);
    }
    free(columns);
}

static void copy_frame(const struct frame *frame, struct grey *out)
{
    grey_resize(out, frame->width, frame->height);
    for (unsigned y = 0; y < frame->height; y++)
        memcpy(out->pixels + (size_t)y * out->width, frame->pixels + (size_t)y * frame->stride,
               out->width);
}

/* Means of 2 x 2 pixels. */
static void halve_grey(const struct grey *in, struct grey *out)
{
    grey_resize(out, in->width / 2, in->height / 2);
    for (unsigned y = 0; y < out->height; y++) {
        const uint8_t *upper = in->pixels + (size_t)(2 * y) * in->width, *lower = upper + in->width;
        uint8_t *row = out->pixels + (size_t)y * out->width;
        for (unsigned x = 0; x < out->width; x++)
            row[x] =
                (uint8_t)((upper[2 * x] + upper[2 * x + 1] + lower[2 * x] + lower[2 * x + 1] + 2) >>
                          2);
    }
}

static double pixels_of(const struct qr_pyramid *pyramid, unsigned level)
{
    return (double)(pyramid->frame->width >> level) * (pyramid->frame->height >> level);
}

/* The frame as it is, without thresholds; null where the budget does not allow it. */
static const struct grey *plain_grey(struct qr_pyramid *pyramid, unsigned level,
                                     struct budget *budget)
{
    static const double COPY_NS = 0.1, HALVE_NS = 0.8;
    struct grey *grey = &pyramid->fields[level][QR_PLAIN].grey;
    if (pyramid->levels > level)
        return grey;
    const struct grey *finer = level > 0 ? plain_grey(pyramid, level - 1, budget) : NULL;
    if ((level > 0 && finer == NULL) ||
        !budget_spend(budget, pixels_of(pyramid, level) * (level > 0 ? HALVE_NS : COPY_NS)))
        return NULL;
    if (level > 0)
        halve_grey(finer, grey);
    else
        copy_frame(pyramid->frame, grey);
    pyramid->levels = level + 1;
    return grey;
}

/* The pixels of a form; false where the budget does not allow it. */
static bool make_grey(struct qr_pyramid *pyramid, unsigned level, enum qr_form form,
                      struct budget *budget)
{
    static const double SMOOTH_NS = 0.3, SHARPEN_NS = 0.7;
    struct qr_field *fields = pyramid->fields[level];
    const struct grey *plain = plain_grey(pyramid, level, budget);
    if (plain == NULL || form == QR_PLAIN)
        return plain != NULL;
    if (form == QR_SHARP) {
        const struct qr_field *smooth = qr_pyramid_field(pyramid, level, QR_SMOOTH, budget);
        if (smooth == NULL || !budget_spend(budget, pixels_of(pyramid, level) * SHARPEN_NS))
            return false;
        sharpen_grey(&smooth->grey, &fields[QR_SHARP].grey);
        return true;
    }
    if (!budget_spend(budget, pixels_of(pyramid, level) * SMOOTH_NS))
        return false;
    smooth_grey(plain, &fields[QR_SMOOTH].grey);
    return true;
}

static void negate_grey(const struct grey *in, struct grey *out)
{
    size_t count = (size_t)in->width * in->height;
    grey_resize(out, in->width, in->height);
    const uint8_t *restrict pixels = in->pixels;
    uint8_t *restrict negative = out->pixels;
    for (size_t i = 0; i < count; i++)
        negative[i] = (uint8_t)(255 - pixels[i]);
}

/* Made of the field it is the negative of, thresholds and all; tiles without a threshold stay so.
 */
static const struct qr_field *negative_field(struct qr_pyramid *pyramid, unsigned level,
                                             enum qr_form form, struct budget *budget)
{
    static const double NEGATE_NS = 0.1;
    struct qr_field *field = &pyramid->fields[level][form];
    enum qr_form of = (enum qr_form)(form - QR_PLAIN_NEGATIVE);
    const struct qr_field *positive = qr_pyramid_field(pyramid, level, of, budget);
    if (positive == NULL || !budget_spend(budget, pixels_of(pyramid, level) * NEGATE_NS))
        return NULL;
    negate_grey(&positive->grey, &field->grey);
    negate_grey(&positive->highs, &field->lows);
    negate_grey(&positive->lows, &field->highs);
    negate_grey(&positive->thresholds, &field->thresholds);
    for (size_t i = 0; i < (size_t)field->lows.width * field->lows.height; i++)
        if (positive->thresholds.pixels[i] == 0)
            field->thresholds.pixels[i] = 0;
    field->scale = positive->scale;
    field->contrast = positive->contrast;
    pyramid->ready[level][form] = true;
    return field;
}

const struct qr_field *qr_pyramid_field(struct qr_pyramid *pyramid, unsigned level,
                                        enum qr_form form, struct budget *budget)
{
    static const double THRESHOLD_NS = 0.5;
    CHECK(level < QR_LEVELS && form < QR_FORMS);
    struct qr_field *field = &pyramid->fields[level][form];
    if (pyramid->frame->width >> level < MIN_PIXELS || pyramid->frame->height >> level < MIN_PIXELS)
        return NULL;
    if (pyramid->ready[level][form])
        return field;
    if (qr_is_negative(form))
        return negative_field(pyramid, level, form, budget);
    if (!make_grey(pyramid, level, form, budget) ||
        !budget_spend(budget, pixels_of(pyramid, level) * THRESHOLD_NS))
        return NULL;
    field->scale = 1u << level;
    qr_field_threshold(field);
    pyramid->ready[level][form] = true;
    return field;
}
