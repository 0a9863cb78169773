/*
 * The decoder: what it refuses whichever reader sees it, and that its answers depend on the frame
 * alone.
 */
#include "bars_pictures.h"
#include "symbology/check_digits.h"

/* Rows `stride` pixels apart. */
static struct frame wide_frame(unsigned width, unsigned height, unsigned stride)
{
    struct frame frame = painted_new(stride, height, PAINTED_BRIGHT);
    frame.width = width;
    return frame;
}

static void length_must_match(void **state)
{
    (void)state;
    struct frame frame = bars_frame(420, 200);
    struct code_image image = bars_draw("12345678901234");
    painted_code(&frame, &image, (struct painted_place){210, 100, 3, 0, 0});
    struct decoded decoded = bars_read(&frame, 12);
    assert_int_equal(decoded.status, DECODE_WRONG_LENGTH);
    assert_string_equal(decoded.text, "12345678901234");
    assert_int_equal(bars_read(&frame, 16).status, DECODE_WRONG_LENGTH);
    assert_int_equal(bars_read(&frame, 14).status, DECODE_OK);
    assert_int_equal(bars_read(&frame, 0).status, DECODE_OK);
    free(frame.pixels);
}

static void two_codes_are_ambiguous(void **state)
{
    (void)state;
    struct frame frame = bars_frame(420, 400);
    struct code_image first = bars_draw("12345678901234");
    struct code_image second = bars_draw("12345678901235");
    painted_code(&frame, &first, (struct painted_place){210, 100, 3, 0, 0});
    painted_code(&frame, &second, (struct painted_place){210, 300, 3, 0, 0});
    struct decoded decoded = bars_read(&frame, 14);
    assert_int_equal(decoded.status, DECODE_AMBIGUOUS);
    assert_string_equal(decoded.text, "");
    painted_code(&frame, &first, (struct painted_place){210, 300, 3, 0, 0});
    bars_assert_read(&frame, "12345678901234"); /* the same string twice is one answer */
    free(frame.pixels);
}

/* Whichever family of readers sees them, and in whichever order. */
static void three_strings_are_ambiguous(void **state)
{
    (void)state;
    static const struct code_format formats[] = {
        {.symbology = SYMBOLOGY_CODE128}, {.symbology = SYMBOLOGY_QR}, {.symbology = SYMBOLOGY_QR}};
    static const char *const texts[] = {"123456789012", "210987654321", "555555555555"};
    struct frame frame = bars_frame(1300, 260);
    struct decode_rules rules = decode_rules_strict(SYMBOLOGY_CODE128, 12);
    struct decoder *decoder = decoder_new();
    struct decoded decoded;
    rules.symbologies = 1u << SYMBOLOGY_CODE128 | 1u << SYMBOLOGY_QR;
    for (unsigned i = 0; i < 3; i++) {
        struct code_image image;
        assert_true(symbology_draw(&formats[i], texts[i], 12, 128, 64, &image, NULL));
        painted_code(&frame, &image, (struct painted_place){220 + 430 * (float)i, 130, 3, 0, 0});
        decoder_read(decoder, &frame, &rules, &decoded);
        assert_int_equal(decoded.status, i == 0 ? DECODE_OK : DECODE_AMBIGUOUS);
    }
    decoder_free(decoder);
    free(frame.pixels);
}

/* A frame that is read easily, hardly or not at all, by its number. */
static struct frame mixed_frame(unsigned number)
{
    struct stream stream = bars_stream(number, 4);
    char text[16];
    bars_digits(&stream, 14, text);
    struct frame frame = bars_frame(400, 240);
    struct code_image image = bars_draw(text);
    double scale = 0.7 + 1.7 * stream_uniform(&stream);
    double degrees = 40 * stream_uniform(&stream) - 20;
    painted_code(&frame, &image, (struct painted_place){200, 120, scale, degrees, 0});
    painted_noise(&frame, 150 * stream_uniform(&stream), &stream);
    return frame;
}

static void answers_do_not_depend_on_order(void **state)
{
    (void)state;
    enum { FRAMES = 60 };
    struct decoder *decoder = decoder_new();
    struct decode_rules rules = decode_rules_strict(SYMBOLOGY_CODE128, 14);
    struct frame frames[FRAMES];
    struct decoded alone[FRAMES];
    int read = 0;
    for (unsigned i = 0; i < FRAMES; i++) {
        frames[i] = mixed_frame(i);
        alone[i] = bars_read(&frames[i], 14);
        read += alone[i].status == DECODE_OK;
    }
    assert_in_range(read, 10, FRAMES - 10); /* or the frames would show little */
    for (unsigned i = 0; i < FRAMES; i++) {
        unsigned j = (i * 7 + 3) % FRAMES;
        const unsigned order[] = {i, j, i, j, i, i};
        for (size_t k = 0; k < sizeof order / sizeof order[0]; k++) {
            struct decoded decoded;
            memset(&decoded, (int)k, sizeof decoded);
            decoder_read(decoder, &frames[order[k]], &rules, &decoded);
            assert_memory_equal(&decoded, &alone[order[k]], sizeof decoded);
        }
    }
    for (unsigned i = 0; i < FRAMES; i++)
        free(frames[i].pixels);
    decoder_free(decoder);
}

static void stride_is_respected(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 20; i++) {
        struct frame narrow = mixed_frame(i);
        struct frame wide = wide_frame(narrow.width, narrow.height, narrow.width + 37);
        for (unsigned y = 0; y < wide.height; y++) {
            uint8_t *row = wide.pixels + (size_t)y * wide.stride;
            memcpy(row, narrow.pixels + (size_t)y * narrow.stride, narrow.width);
            memset(row + wide.width, y % 2 ? 255 : 0, 37); /* must not be looked at */
        }
        struct decoded a = bars_read(&narrow, 14), b = bars_read(&wide, 14);
        assert_memory_equal(&a, &b, sizeof a);
        free(narrow.pixels);
        free(wide.pixels);
    }
}

static void tiny_frames_hold_nothing(void **state)
{
    (void)state;
    static const unsigned sizes[][2] = {{0, 0}, {0, 5}, {5, 0},   {1, 1},   {1, 2},   {3, 1},
                                        {1, 3}, {3, 3}, {2, 700}, {700, 1}, {700, 2}, {17, 17}};
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        struct frame frame = bars_frame(sizes[i][0], sizes[i][1]);
        for (size_t j = 0; j < (size_t)frame.width * frame.height; j++)
            frame.pixels[j] = (uint8_t)(j * 97);
        assert_int_equal(bars_read(&frame, 12).status, DECODE_NO_SYMBOL);
        free(frame.pixels);
    }
    struct frame nothing = {0, 0, 0, NULL};
    assert_int_equal(bars_read(&nothing, 12).status, DECODE_NO_SYMBOL);
    struct frame endless = {4000000, 1, 4000000, NULL}; /* refused before it is looked at */
    assert_int_equal(bars_read(&endless, 12).status, DECODE_NO_SYMBOL);
}

static void a_large_photograph_is_read(void **state)
{
    (void)state;
    struct frame small = bars_frame(500, 375), large = wide_frame(4000, 3000, 4003);
    struct code_image image = bars_draw("98765432109876");
    painted_code(&small, &image, (struct painted_place){250, 190, 2.5, 10, 0});
    for (unsigned y = 0; y < 3000; y++)
        for (unsigned x = 0; x < 4000; x++)
            large.pixels[(size_t)y * 4003 + x] = small.pixels[y / 8 * 500 + x / 8];
    bars_assert_read(&large, "98765432109876");
    struct decoded decoded = bars_read(&large, 14);
    assert_true(bars_left(&decoded) > 500 && bars_left(&decoded) < 1200);
    assert_true(bars_right(&decoded) > 2900 && bars_right(&decoded) < 3500);
    free(small.pixels);
    free(large.pixels);
}

/* A frame beyond two megapixels is read at half its size; its modules are still measured in its own
 * pixels. */
static void modules_are_of_the_frames_own_pixels(void **state)
{
    (void)state;
    struct frame frame = bars_frame(2400, 1200);
    struct code_image image = bars_draw("123456789012");
    struct decode_rules rules = decode_rules_strict(SYMBOLOGY_CODE128, 12);
    struct decoder *decoder = decoder_new();
    struct decoded decoded;
    painted_code(&frame, &image, (struct painted_place){1200, 600, 4, 0, 0});
    rules.min_module_px = 3;
    decoder_read(decoder, &frame, &rules, &decoded);
    assert_int_equal(decoded.status, DECODE_OK);
    rules.min_module_px = 5;
    decoder_read(decoder, &frame, &rules, &decoded);
    assert_int_equal(decoded.status, DECODE_TOO_SMALL);
    decoder_free(decoder);
    free(frame.pixels);
}

static void statuses_have_names(void **state)
{
    (void)state;
    assert_string_equal(decode_status_name(DECODE_OK), "decoded");
    assert_string_equal(decode_status_name(DECODE_AMBIGUOUS), "ambiguous");
    assert_string_equal(decode_status_text(DECODE_NO_SYMBOL), "no symbol found in the frame");
    assert_string_equal(symbology_names[SYMBOLOGY_CODE128], "code128");
    assert_null(symbology_names[SYMBOLOGY_COUNT]);
}

/* ISO 7064's own example is 794 with 44; an account number of the ECBS's IBAN standard has its
 * check digits moved to the end. */
static void check_digits_are_known(void **state)
{
    (void)state;
    char check[CHECK_DIGITS];
    assert_true(check_digits_of("794", 3, check));
    assert_memory_equal(check, "44", CHECK_DIGITS);
    assert_true(check_digits_fit("79444", 5));
    assert_true(
        check_digits_fit("3214282912345698765432161182", 28)); /* GB82 WEST 1234 5698 7654 32 */
    assert_false(check_digits_of("79a", 3, check));
    assert_false(check_digits_fit("44", 2));
    for (unsigned i = 0; i < 5; i++)
        for (char digit = '0'; digit <= '9'; digit++) {
            char wrong[] = "79444";
            if (wrong[i] == digit)
                continue;
            wrong[i] = digit;
            assert_false(check_digits_fit(wrong, 5));
        }
}

static void codes_with_wrong_check_digits_are_refused(void **state)
{
    (void)state;
    static const struct code_format checked = {.symbology = SYMBOLOGY_CODE128,
                                               .check_digits = true};
    static const struct code_format plain = {.symbology = SYMBOLOGY_CODE128};
    struct decode_rules rules = decode_rules_strict(SYMBOLOGY_CODE128, 12);
    rules.check_digits = true;
    struct frame frame = bars_frame(420, 200);
    struct decoder *decoder = decoder_new();
    struct decoded decoded;
    struct code_image image;
    assert_true(symbology_draw(&checked, "123456789012", 12, 128, 64, &image, NULL));
    painted_code(&frame, &image, (struct painted_place){210, 100, 3, 0, 0});
    decoder_read(decoder, &frame, &rules, &decoded);
    assert_int_equal(decoded.status, DECODE_OK);
    assert_int_equal(decoded.length, 12);
    assert_string_equal(decoded.text, "123456789012");
    assert_true(symbology_draw(&plain, "12345678901234", 14, 128, 64, &image, NULL));
    painted_code(&frame, &image, (struct painted_place){210, 100, 3, 0, 0});
    decoder_read(decoder, &frame, &rules, &decoded);
    assert_int_equal(decoded.status, DECODE_WRONG_CHECK);
    decoder_free(decoder);
    free(frame.pixels);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(length_must_match),
        cmocka_unit_test(two_codes_are_ambiguous),
        cmocka_unit_test(three_strings_are_ambiguous),
        cmocka_unit_test(answers_do_not_depend_on_order),
        cmocka_unit_test(stride_is_respected),
        cmocka_unit_test(tiny_frames_hold_nothing),
        cmocka_unit_test(a_large_photograph_is_read),
        cmocka_unit_test(modules_are_of_the_frames_own_pixels),
        cmocka_unit_test(statuses_have_names),
        cmocka_unit_test(check_digits_are_known),
        cmocka_unit_test(codes_with_wrong_check_digits_are_refused),
    };
    return cmocka_run_group_tests_name("symbology", tests, NULL, NULL);
}
