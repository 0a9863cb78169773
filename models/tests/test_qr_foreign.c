/*
 * QR Codes as other people print them, light on dark and in mirrors, and what failing to read one
 * costs. Pictures are painted, all chance comes from fixed seeds.
 */
#include "painted.h"
#include "symbology/qr.h"
#include "symbology/qr_code.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

enum { WIDTH = 640, HEIGHT = 480 };

static const char text[] = "https://example.com/a?b=1";

static struct code_image draw(enum qr_level level)
{
    struct code_image image;
    struct error error = {""};
    struct code_format format = {.symbology = SYMBOLOGY_QR, .qr_level = level};
    if (!symbology_draw(&format, text, sizeof text - 1, 128, 64, &image, &error))
        fail_msg("%s", error.text);
    return image;
}

enum change { INVERTED = 1, MIRRORED = 2 };

static void change_frame(const struct frame *frame, unsigned changes)
{
    for (unsigned y = 0; y < frame->height; y++) {
        uint8_t *row = frame->pixels + (size_t)y * frame->stride;
        for (unsigned x = 0; x < frame->width && changes & INVERTED; x++)
            row[x] = (uint8_t)(255 - row[x]);
        for (unsigned x = 0; x < frame->width / 2 && changes & MIRRORED; x++) {
            uint8_t kept = row[x];
            row[x] = row[frame->width - 1 - x];
            row[frame->width - 1 - x] = kept;
        }
    }
}

static struct frame photograph(double px, double degrees, unsigned changes, struct stream *stream)
{
    struct code_image image = draw((enum qr_level)stream_below(stream, QR_LEVEL_COUNT));
    struct frame frame = painted_new(WIDTH, HEIGHT, PAINTED_BRIGHT);
    painted_code(&frame, &image,
                 (struct painted_place){300, 250, px / image.module_px, degrees, 0.1});
    painted_blur(&frame, 0.7);
    painted_noise(&frame, 8, stream);
    change_frame(&frame, changes);
    return frame;
}

static struct decoded read_once(const struct frame *frame)
{
    struct decode_rules rules = decode_rules_strict(SYMBOLOGY_QR, 0);
    struct decoder *decoder = decoder_new();
    struct decoded decoded;
    decoder_read(decoder, frame, &rules, &decoded);
    decoder_free(decoder);
    return decoded;
}

static void inverted_and_mirrored_codes_are_read(void **state)
{
    (void)state;
    for (unsigned changes = 0; changes < 4; changes++)
        for (unsigned i = 0; i < 12; i++) {
            struct stream stream;
            stream_init(&stream, (struct stream_key){.seed = 2027, .entity = i});
            struct frame frame = photograph(2.5 + i % 6, 31.0 * i, changes, &stream);
            struct decoded decoded = read_once(&frame);
            if (decoded.status != DECODE_OK)
                fail_msg("changes %u, number %u: %s", changes, i,
                         decode_status_name(decoded.status));
            assert_int_equal(decoded.length, sizeof text - 1);
            assert_string_equal(decoded.text, text);
            free(frame.pixels);
        }
}

/* Corners are the symbol's own: what goes round clockwise in print goes the other way in a mirror.
 */
static void corners_are_the_symbols_own(void **state)
{
    (void)state;
    struct decoded decoded[2];
    for (unsigned mirrored = 0; mirrored < 2; mirrored++) {
        struct stream stream;
        stream_init(&stream, (struct stream_key){.seed = 2028});
        struct frame frame = photograph(4, 10, mirrored ? MIRRORED : 0, &stream);
        decoded[mirrored] = read_once(&frame);
        assert_int_equal(decoded[mirrored].status, DECODE_OK);
        free(frame.pixels);
    }
    for (int i = 0; i < 4; i++) {
        const struct place *a = &decoded[0].corners[i], *b = &decoded[1].corners[i];
        assert_true(fabsf(WIDTH - a->x - b->x) < 2 && fabsf(a->y - b->y) < 2);
    }
}

/* With more modules wrong than error correction mends. */
static void few_errors_do_not_make_a_mirror(void **state)
{
    (void)state;
    static struct qr_code code;
    for (unsigned i = 0; i < 400; i++) {
        struct stream stream;
        stream_init(&stream, (struct stream_key){.seed = 2029, .entity = i});
        struct qr_choice choice = {.level = (enum qr_level)(i % 4), .mask = (int)(i / 4 % 8)};
        assert_true(qr_code_draw(&choice, text, sizeof text - 1, &code, NULL));
        for (unsigned k = 0; k < code.side * code.side; k++) /* 12 % of modules are wrong */
            code.dark[k] ^= stream_below(&stream, 100) < 12;
        assert_false(qr_code_mirrored(&code));
    }
}

/* ---- what failing costs ---- */

/* Counted work of one frame, ns: the same on every machine. */
static double work_of(const struct frame *frame, enum decode_status *status)
{
    struct decode_rules rules = decode_rules_strict(SYMBOLOGY_QR, 0);
    struct budget budget = budget_begin(1e6, false);
    struct decoded decoded = {.status = DECODE_NO_SYMBOL};
    int64_t before = budget.left_ns;
    struct qr *qr = qr_new();
    qr_read(qr, frame, &rules, &budget, &decoded);
    qr_free(qr);
    *status = decoded.status;
    return (double)(before - budget.left_ns);
}

/* Finders every `pitch` modules of `px` pixels. */
static void paint_finders(const struct frame *frame, unsigned px, unsigned pitch)
{
    for (unsigned y = 0; y < frame->height; y++)
        for (unsigned x = 0; x < frame->width; x++) {
            unsigned u = x / px % pitch, v = y / px % pitch;
            unsigned edge_u = u < 6 - u ? u : 6 - u, edge_v = v < 6 - v ? v : 6 - v;
            bool dark = u < 7 && v < 7 && (edge_u < edge_v ? edge_u : edge_v) != 1;
            frame->pixels[(size_t)y * frame->stride + x] = dark ? PAINTED_DARK : PAINTED_BRIGHT;
        }
}

static int by_size(const void *a, const void *b)
{
    double one = *(const double *)a, other = *(const double *)b;
    return (one > other) - (one < other);
}

/* Against reading a clean frame: ten times as much in the median, twenty in the worst. */
static void failing_costs_ten_times_as_much(void **state)
{
    (void)state;
    enum { TILINGS = 16 };
    static const unsigned pitches[] = {8, 9, 14, 20};
    enum decode_status status;
    struct stream stream;
    double work[TILINGS + 1];
    struct code_image image = draw(QR_LEVEL_M);
    struct frame frame = painted_new(WIDTH, HEIGHT, PAINTED_BRIGHT);
    painted_code(&frame, &image, (struct painted_place){300, 250, 1.5, 3, 0});
    double clean = work_of(&frame, &status);
    assert_int_equal(status, DECODE_OK);
    for (unsigned i = 0; i <= TILINGS; i++) {
        stream_init(&stream, (struct stream_key){.seed = 2030, .entity = i});
        if (i < TILINGS)
            paint_finders(&frame, 1 + i / 4, pitches[i % 4]);
        else
            memset(frame.pixels, 128, (size_t)WIDTH * HEIGHT);
        painted_noise(&frame, i == TILINGS ? 60 : i % 2 ? 6 : 0, &stream);
        work[i] = work_of(&frame, &status) / clean;
        assert_int_not_equal(status, DECODE_OK);
    }
    qsort(work, TILINGS + 1, sizeof *work, by_size);
    print_message("failing: %.1f times as much in the median, %.1f at most\n", work[TILINGS / 2],
                  work[TILINGS]);
    assert_true(work[TILINGS / 2] <= 10 && work[TILINGS] <= 20);
    free(frame.pixels);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(inverted_and_mirrored_codes_are_read),
        cmocka_unit_test(corners_are_the_symbols_own),
        cmocka_unit_test(few_errors_do_not_make_a_mirror),
        cmocka_unit_test(failing_costs_ten_times_as_much),
    };
    return cmocka_run_group_tests_name("qr_foreign", tests, NULL, NULL);
}
