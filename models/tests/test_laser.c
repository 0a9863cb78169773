/*
 * The laser barcode's reader on Code 128: what it reads and how well, and what it does not.
 */
#include "bars_pictures.h"

/* ---- reading ---- */

static void clean_codes_are_read(void **state)
{
    (void)state;
    struct decoder *decoder = decoder_new();
    struct frame frame = bars_frame(128 * 3 + 60, 64 * 3 + 40);
    struct decode_rules rules = decode_rules_strict(SYMBOLOGY_CODE128, 12);
    for (unsigned i = 0; i < 1000; i++) {
        struct stream stream = bars_stream(i, 1);
        char text[16];
        bars_digits(&stream, 12, text);
        struct code_image image = bars_draw(text);
        for (unsigned y = 0; y < 64 * 3; y++)
            for (unsigned x = 0; x < 128 * 3; x++)
                frame.pixels[(y + 20) * frame.stride + x + 30] =
                    code_image_dark(&image, x / 3, y / 3) ? PAINTED_DARK : PAINTED_BRIGHT;
        struct decoded decoded;
        decoder_read(decoder, &frame, &rules, &decoded);
        assert_int_equal(decoded.status, DECODE_OK);
        assert_string_equal(decoded.text, text);
        assert_int_equal(decoded.step, 0);
        assert_int_equal(decoded.margin.lines, 5);
        assert_true(fabsf(decoded.margin.module_px - 3) < 0.02);
        assert_true(fabsf(decoded.margin.contrast - (PAINTED_BRIGHT - PAINTED_DARK) / 255.0f) <
                    0.01);
        assert_true(decoded.margin.off_modules < 0.1);
        assert_int_equal(decoded.grade.count, 6);
        assert_true(decoded.grade.overall == 3); /* for a contrast of 170 / 255 = 0.667 */
        /* 101 modules of 3 pixels from 30 + 13 x 3. */
        assert_true(fabsf(bars_left(&decoded) - 69) < 1 && fabsf(bars_right(&decoded) - 372) < 1);
        assert_true(bars_top(&decoded) >= 10 && bars_top(&decoded) < 45);
        assert_true(bars_bottom(&decoded) > 180 && bars_bottom(&decoded) <= 232);
    }
    free(frame.pixels);
    decoder_free(decoder);
}

static float graded(const struct decoded *decoded, const char *name, float *value)
{
    for (unsigned i = 0; i < decoded->grade.count; i++)
        if (strcmp(decoded->grade.parameters[i].name, name) == 0) {
            *value = decoded->grade.parameters[i].value;
            return decoded->grade.parameters[i].grade;
        }
    fail_msg("%s is not graded", name);
    return 0;
}

/* Grades fall with what they are of: less contrast, blurred bars, a spot on a bar. */
static void grades_follow_the_standard(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        float value, grade;
    } worst[] = {{"symbol contrast", 170 / 255.0f, 3},
                 {"symbol contrast", 57 / 255.0f, 1},
                 {"modulation", 0.26f, 0},
                 {"defects", 15 / 170.0f, 4}};
    for (int kind = 0; kind < 4; kind++) {
        struct frame frame = bars_frame(420, 200);
        struct code_image image = bars_draw("12345678901234");
        painted_code(&frame, &image, (struct painted_place){210, 100, 3, 0, 0});
        for (size_t i = 0; kind == 1 && i < (size_t)420 * 200; i++)
            frame.pixels[i] = (uint8_t)(60 + frame.pixels[i] / 3);
        bars_blur(&frame, kind == 2 ? 4 : 0);
        for (unsigned y = 0; kind == 3 && y < 200; y++) /* in a bar of the stop, 3 modules wide */
            frame.pixels[y * 420 + 357] = PAINTED_DARK + 15;
        struct decoded decoded = bars_read(&frame, 14);
        float value = 0;
        assert_int_equal(decoded.status, DECODE_OK);
        float grade = graded(&decoded, worst[kind].name, &value);
        assert_true(grade == worst[kind].grade && decoded.grade.overall <= grade);
        assert_true(fabsf(value - worst[kind].value) < 0.02f);
        free(frame.pixels);
    }
}

static void noise_is_not_read(void **state)
{
    (void)state;
    struct decoder *decoder = decoder_new();
    struct frame frame = bars_frame(320, 240);
    for (unsigned i = 0; i < 300; i++) { /* 300 frames, noise of 5, 30 and 80 DN */
        struct stream stream = bars_stream(i, 2);
        memset(frame.pixels, 128, (size_t)320 * 240);
        painted_noise(&frame, i % 3 == 0 ? 5 : i % 3 == 1 ? 30 : 80, &stream);
        struct decoded decoded;
        decoder_read(decoder, &frame,
                     &(struct decode_rules[]){decode_rules_strict(SYMBOLOGY_CODE128, 0)}[0],
                     &decoded);
        assert_int_equal(decoded.status, DECODE_NO_SYMBOL);
        assert_string_equal(decoded.text, "");
    }
    free(frame.pixels);
    decoder_free(decoder);
}

static void hard_frames_are_read(void **state)
{
    (void)state;
    static const struct bars_case cases[] = {
        {3, 0, 2, 0},   {3, 0, 2, 2},   {3, 0, 20, 0}, {3, 0, 40, 0},   {3, 8, 2, 0},
        {3, -15, 2, 0}, {3, 30, 2, 0},  {3, 45, 2, 0}, {3, -60, 10, 0}, {3, 90, 2, 0},
        {3, 180, 2, 0}, {3, 270, 2, 1}, {2, 3, 5, 0},  {2, 183, 5, 0},  {1.6, 0, 2, 0},
    };
    bars_assert_cases(cases, sizeof cases / sizeof cases[0], 3);
}

/* Far beyond what edges tell: five and eight means of 3 x 3 pixels at 2 pixels a module, noise as
 * strong as the contrast, modules hardly wider than a pixel. */
static void frames_without_edges_are_read(void **state)
{
    (void)state;
    static const struct bars_case cases[] = {
        {2, 2, 2, 5}, {2, 183, 2, 5}, {3, -7, 2, 9}, {3, 2, 100, 0}, {1.15, 4, 2, 0}};
    bars_assert_cases(cases, sizeof cases / sizeof cases[0], 7);
}

/* Faint stripes that run as the bars do hang together with them: the region is five times as high
 * as the code, which lies near its upper end. */
static void clutter_hides_no_code(void **state)
{
    (void)state;
    struct frame frame = bars_frame(500, 400);
    struct code_image image = bars_draw("12345678901234");
    for (unsigned y = 0; y < frame.height; y++)
        for (unsigned x = 0; x < frame.width; x++)
            frame.pixels[y * frame.stride + x] =
                (uint8_t)(200 - (unsigned)(0.866 * x + 0.5 * y) / 4 % 2 * 20);
    image.height = 16;
    painted_code(&frame, &image, (struct painted_place){300, 130, 2, 30, 0});
    struct decoded decoded = bars_read(&frame, 14);
    assert_int_equal(decoded.status, DECODE_OK);
    assert_string_equal(decoded.text, "12345678901234");
    free(frame.pixels);
}

/* Modules of 0.7 pixels (which no rule would trust): some are read of eight shots of which none is
 * read alone. */
static void several_shots_tell_more(void **state)
{
    (void)state;
    enum { TRIES = 16, SHOTS = 8 };
    struct decoder *decoder = decoder_new(), *other = decoder_new();
    struct decode_rules rules = decode_rules_strict(SYMBOLOGY_CODE128, 14);
    rules.min_module_px = 0;
    unsigned more = 0, less = 0;
    for (unsigned i = 0; i < TRIES; i++) {
        struct stream stream = bars_stream(i, 9);
        char text[16];
        bars_digits(&stream, 14, text);
        struct code_image image = bars_draw(text);
        struct decoded together = {.status = DECODE_NO_SYMBOL}, alone;
        bool any = false;
        for (unsigned shot = 0; shot < SHOTS; shot++) {
            struct frame frame = bars_frame(220, 160);
            painted_code(&frame, &image,
                         (struct painted_place){110 + 0.3 * shot, 80, 0.7, 0.8 * shot, 0});
            bars_blur(&frame, 1);
            painted_noise(&frame, 10, &stream);
            decoder_read(other, &frame, &rules, &alone);
            any = any || alone.status == DECODE_OK;
            if (together.status != DECODE_OK)
                (shot == 0 ? decoder_read : decoder_more)(decoder, &frame, &rules, &together);
            free(frame.pixels);
        }
        if (together.status == DECODE_OK)
            assert_string_equal(together.text, text);
        more += together.status == DECODE_OK && !any;
        less += together.status != DECODE_OK && any;
    }
    assert_true(more >= 2 && more > less);
    decoder_free(other);
    decoder_free(decoder);
}

/* Everywhere something that looks like bars; every frame of 2 million pixels ends within its
 * budget, or says that it did not. */
static void hostile_frames_end(void **state)
{
    (void)state;
    struct decoder *decoder = decoder_new();
    struct decode_rules rules = decode_rules_strict(SYMBOLOGY_CODE128, 0);
    struct frame frame = bars_frame(1600, 1250);
    for (unsigned kind = 0; kind < 6; kind++) {
        struct stream stream = bars_stream(kind, 8);
        for (unsigned y = 0; y < frame.height; y++)
            for (unsigned x = 0; x < frame.width; x++) {
                unsigned wave = kind == 0   ? x / 2
                                : kind == 1 ? x / 3 + y / 3
                                : kind == 2 ? (x + y) / 5
                                : kind == 3 ? x / (2 + y / 100)
                                : kind == 4 ? x * x / 3000 + (y / 90) * (x / 7)
                                            : stream_below(&stream, 2);
                frame.pixels[(size_t)y * frame.stride + x] =
                    wave % 2 ? PAINTED_BRIGHT : PAINTED_DARK;
            }
        struct decoded decoded;
        decoder_read(decoder, &frame, &rules, &decoded);
        assert_int_not_equal(decoded.status, DECODE_OK);
    }
    free(frame.pixels);
    decoder_free(decoder);
}

static void box_follows_a_turned_code(void **state)
{
    (void)state;
    struct frame frame = bars_frame(480, 460);
    struct code_image image = bars_draw("12345678901234");
    painted_code(&frame, &image, (struct painted_place){240, 230, 3, 90, 0});
    struct decoded decoded = bars_read(&frame, 14);
    assert_int_equal(decoded.status, DECODE_OK);
    assert_true(fabsf(bars_top(&decoded) - 62) < 6 && fabsf(bars_bottom(&decoded) - 398) < 6);
    assert_true(bars_left(&decoded) > 130 && bars_left(&decoded) < 190);
    assert_true(bars_right(&decoded) > 290 && bars_right(&decoded) < 350);
    free(frame.pixels);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(clean_codes_are_read),
        cmocka_unit_test(clutter_hides_no_code),
        cmocka_unit_test(grades_follow_the_standard),
        cmocka_unit_test(noise_is_not_read),
        cmocka_unit_test(hard_frames_are_read),
        cmocka_unit_test(frames_without_edges_are_read),
        cmocka_unit_test(several_shots_tell_more),
        cmocka_unit_test(hostile_frames_end),
        cmocka_unit_test(box_follows_a_turned_code),
    };
    return cmocka_run_group_tests_name("laser", tests, NULL, NULL);
}
