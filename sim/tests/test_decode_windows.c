/* Small codes on large pictures: found in a window, where it lies, and never two as one. */
#include "decode_windows.h"

#include "tests/painted.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { WIDTH = 2560, HEIGHT = 1440, SCALE = 2 };

/* A QR Code of 2 pixels a module: nothing is left of it in the picture shrunk. */
static void paint(const struct frame *frame, const char *text, unsigned x, unsigned y)
{
    struct code_format format = {.symbology = SYMBOLOGY_QR};
    struct code_image image;
    assert_true(symbology_draw(&format, text, strlen(text), 40, 40, &image, NULL));
    for (unsigned row = 0; row < SCALE * image.height; row++)
        for (unsigned column = 0; column < SCALE * image.width; column++)
            frame->pixels[(size_t)(y + row) * frame->stride + x + column] =
                code_image_dark(&image, column / SCALE, row / SCALE) ? PAINTED_DARK
                                                                     : PAINTED_BRIGHT;
}

static struct decode_rules rules_for_qr(void)
{
    struct decode_rules rules = decode_rules_strict(SYMBOLOGY_QR, 0);
    rules.budget_ms = 0;
    return rules;
}

static struct decoded read_picture(const struct frame *frame, const struct decode_rules *rules,
                                   bool whole)
{
    struct decoder *decoder = decoder_new();
    struct decoded decoded;
    if (whole)
        decoder_read(decoder, frame, rules, &decoded);
    else
        decode_windows_read(decoder, frame, rules, &decoded);
    decoder_free(decoder);
    return decoded;
}

static void small_codes_are_found(void **state)
{
    (void)state;
    static const unsigned places[][2] = {{3, 5}, {1265, 700}, {630, 1350}, {2470, 1350}};
    struct decode_rules rules = rules_for_qr();
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        struct frame frame = painted_new(WIDTH, HEIGHT, PAINTED_BRIGHT);
        paint(&frame, "012345678901", places[i][0], places[i][1]);
        assert_int_not_equal(read_picture(&frame, &rules, true).status, DECODE_OK);
        struct decoded decoded = read_picture(&frame, &rules, false);
        assert_int_equal(decoded.status, DECODE_OK);
        assert_string_equal(decoded.text, "012345678901");
        float off_x = decoded.corners[0].x - (float)places[i][0];
        float off_y = decoded.corners[0].y - (float)places[i][1];
        assert_true(off_x > 0 && off_x < 24 && off_y > 0 && off_y < 24); /* the quiet zone */
        free(frame.pixels);
    }
}

static void two_strings_are_ambiguous(void **state)
{
    (void)state;
    struct decode_rules rules = rules_for_qr();
    struct frame frame = painted_new(WIDTH, HEIGHT, PAINTED_BRIGHT);
    paint(&frame, "012345678901", 100, 100);
    paint(&frame, "012345678901", 2000, 1200); /* the same once more is no other */
    assert_int_equal(read_picture(&frame, &rules, false).status, DECODE_OK);
    paint(&frame, "012345678902", 2000, 100);
    struct decoded decoded = read_picture(&frame, &rules, false);
    assert_int_equal(decoded.status, DECODE_AMBIGUOUS);
    assert_string_equal(decoded.text, "");
    rules.several = true;
    assert_int_equal(read_picture(&frame, &rules, false).status, DECODE_OK);
    free(frame.pixels);
}

static void no_time_is_told(void **state)
{
    (void)state;
    struct decode_rules rules = rules_for_qr();
    struct frame frame = painted_new(WIDTH, HEIGHT, PAINTED_BRIGHT);
    paint(&frame, "012345678901", 2000, 1200);
    rules.budget_ms = 1e-6;
    assert_int_equal(read_picture(&frame, &rules, false).status, DECODE_OVER_BUDGET);
    free(frame.pixels);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(small_codes_are_found),
        cmocka_unit_test(two_strings_are_ambiguous),
        cmocka_unit_test(no_time_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
