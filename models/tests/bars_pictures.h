/*
 * Barcodes painted for the tests of their readers, and what came of reading them.
 *
 * All chance comes from fixed seeds, so no test of these can fail by luck once it has passed.
 */
#ifndef CASHPOINT_BARS_PICTURES_H
#define CASHPOINT_BARS_PICTURES_H

#include "painted.h"
#include "symbology/symbology.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

static inline struct code_image bars_draw_as(enum symbology symbology, const char *text)
{
    struct code_image image;
    struct error error = {""};
    if (!symbology_draw(&(struct code_format){.symbology = symbology}, text, strlen(text), 128, 64,
                        &image, &error))
        fail_msg("%s", error.text);
    return image;
}

static inline struct code_image bars_draw(const char *text)
{
    return bars_draw_as(SYMBOLOGY_CODE128, text);
}

/* A bar for each '1', a space for each '0'. */
static inline struct code_image bars_image(const char *modules)
{
    struct code_image image = {.width = (uint16_t)strlen(modules), .height = 64, .module_px = 1};
    for (unsigned y = 0; y < 64; y++)
        for (unsigned x = 0; x < image.width; x++)
            if (modules[x] == '1')
                image.bits[y][x / 8] |= (uint8_t)(0x80 >> x % 8);
    return image;
}

static inline struct frame bars_frame(unsigned width, unsigned height)
{
    return painted_new(width, height, PAINTED_BRIGHT);
}

/* Means of 3 x 3 pixels, `passes` times. */
static inline void bars_blur(const struct frame *frame, int passes)
{
    size_t bytes = (size_t)frame->stride * frame->height;
    uint8_t *before = malloc(bytes);
    assert_non_null(before);
    while (passes-- > 0) {
        memcpy(before, frame->pixels, bytes);
        for (unsigned y = 1; y + 1 < frame->height; y++)
            for (unsigned x = 1; x + 1 < frame->width; x++) {
                const uint8_t *p = before + (size_t)y * frame->stride + x;
                unsigned sum = 4;
                for (int dy = -1; dy <= 1; dy++)
                    for (int dx = -1; dx <= 1; dx++)
                        sum += p[dy * (int)frame->stride + dx];
                frame->pixels[(size_t)y * frame->stride + x] = (uint8_t)(sum / 9);
            }
    }
    free(before);
}

static inline void bars_digits(struct stream *stream, unsigned count, char *text)
{
    for (unsigned i = 0; i < count; i++)
        text[i] = (char)('0' + stream_below(stream, 10));
    text[count] = '\0';
}

static inline struct stream bars_stream(uint64_t entity, uint16_t purpose)
{
    struct stream stream;
    stream_init(&stream, (struct stream_key){.seed = 2026, .entity = entity, .purpose = purpose});
    return stream;
}

static inline float bars_left(const struct decoded *decoded)
{
    return fminf(decoded->corners[0].x, decoded->corners[3].x);
}

static inline float bars_right(const struct decoded *decoded)
{
    return fmaxf(decoded->corners[1].x, decoded->corners[2].x);
}

static inline float bars_top(const struct decoded *decoded)
{
    return fminf(decoded->corners[0].y, decoded->corners[1].y);
}

static inline float bars_bottom(const struct decoded *decoded)
{
    return fmaxf(decoded->corners[2].y, decoded->corners[3].y);
}

static inline struct decoded bars_read_by(const struct frame *frame,
                                          const struct decode_rules *rules)
{
    struct decoder *decoder = decoder_new();
    struct decoded decoded;
    decoder_read(decoder, frame, rules, &decoded);
    decoder_free(decoder);
    return decoded;
}

static inline struct decoded bars_read(const struct frame *frame, unsigned length)
{
    struct decode_rules rules = decode_rules_strict(SYMBOLOGY_CODE128, length);
    return bars_read_by(frame, &rules);
}

static inline void bars_assert_read(const struct frame *frame, const char *text)
{
    struct decoded decoded = bars_read(frame, (unsigned)strlen(text));
    assert_string_equal(decode_status_name(decoded.status), "decoded");
    assert_string_equal(decoded.text, text);
    assert_true(decoded.margin.lines >= 2);
}

/* How a code lies in a frame, and what was done to the frame. */
struct bars_case {
    double scale, degrees, noise;
    int blur;
};

static inline struct frame bars_case_frame(const struct bars_case *how,
                                           const struct code_image *image, struct stream *stream)
{
    struct frame frame = bars_frame(480, 460);
    painted_code(&frame, image, (struct painted_place){240.3, 229.8, how->scale, how->degrees, 0});
    bars_blur(&frame, how->blur);
    painted_noise(&frame, how->noise, stream);
    return frame;
}

/* Each case with 14 digits of its own. */
static inline void bars_assert_cases(const struct bars_case *cases, size_t count, uint16_t purpose)
{
    for (size_t i = 0; i < count; i++) {
        struct stream stream = bars_stream(i, purpose);
        char text[16];
        bars_digits(&stream, 14, text);
        struct code_image image = bars_draw(text);
        struct frame frame = bars_case_frame(&cases[i], &image, &stream);
        bars_assert_read(&frame, text);
        free(frame.pixels);
    }
}

#endif
