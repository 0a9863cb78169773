/*
 * QR Codes: drawn as the standard says, read back through noise, blur and perspective, and what is
 * refused. All chance comes from fixed seeds, so nothing here can fail by luck once it has passed.
 */
#include "painted.h"
#include "symbology/qr_code.h"
#include "symbology/qr_grid.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

static struct stream new_stream(uint64_t entity)
{
    struct stream stream;
    stream_init(&stream, (struct stream_key){.seed = 2026, .entity = entity, .purpose = 77});
    return stream;
}

static void random_bytes(struct stream *stream, size_t count, char *bytes)
{
    for (size_t i = 0; i < count; i++)
        bytes[i] = (char)stream_below(stream, 256);
}

static void random_digits(struct stream *stream, size_t count, char *text)
{
    for (size_t i = 0; i < count; i++)
        text[i] = (char)('0' + stream_below(stream, 10));
    text[count] = '\0';
}

static struct code_image draw(const char *bytes, size_t length, enum qr_level level, unsigned width,
                              unsigned height)
{
    struct code_image image;
    struct error error = {""};
    struct code_format format = {.symbology = SYMBOLOGY_QR, .qr_level = level};
    if (!symbology_draw(&format, bytes, length, width, height, &image, &error))
        fail_msg("%s", error.text);
    return image;
}

static struct decoded read_with(const struct frame *frame, const struct decode_rules *rules)
{
    struct decoder *decoder = decoder_new();
    struct decoded decoded;
    decoder_read(decoder, frame, rules, &decoded);
    decoder_free(decoder);
    return decoded;
}

static struct decoded read_once(const struct frame *frame, size_t length)
{
    struct decode_rules rules = decode_rules_strict(SYMBOLOGY_QR, (unsigned)length);
    return read_with(frame, &rules);
}

static bool reads(const struct frame *frame, const char *bytes, size_t length)
{
    struct decoded decoded = read_once(frame, length);
    if (decoded.status != DECODE_OK)
        return false;
    assert_int_equal(decoded.length, length);
    assert_memory_equal(decoded.text, bytes, length);
    return true;
}

static void assert_reads(const struct frame *frame, const char *bytes, size_t length)
{
    struct decoded decoded = read_once(frame, length);
    if (decoded.status != DECODE_OK)
        fail_msg("%s", decode_status_text(decoded.status));
    assert_int_equal(decoded.symbology, SYMBOLOGY_QR);
    assert_int_equal(decoded.length, length);
    assert_memory_equal(decoded.text, bytes, length);
    assert_int_equal(decoded.text[length], 0);
}

/* ---- drawing ---- */

static void test_known_modules_are_where_they_are_drawn(void **state)
{
    (void)state;
    static uint8_t kinds[QR_MAX_SIDE * QR_MAX_SIDE];
    static struct qr_code code;
    for (unsigned version = 1; version <= 40; version++) {
        struct qr_choice choice = {.level = QR_LEVEL_L, .version = version, .mask = -1};
        assert_true(qr_code_draw(&choice, "1", 1, &code, NULL));
        assert_int_equal(code.side, 17 + 4 * version);
        qr_code_layout(code.side, kinds);
        unsigned known = 0;
        for (unsigned i = 0; i < code.side * code.side; i++) {
            bool dark = kinds[i] == QR_DARK || kinds[i] == QR_TIMING_DARK;
            if (kinds[i] == QR_DATA || kinds[i] == QR_FORMAT)
                continue;
            known++;
            if (code.dark[i] != dark)
                fail_msg("version %u: module %u, %u", version, i % code.side, i / code.side);
        }
        assert_true(known > 3 * 64);
    }
}

static void test_format_says_level_and_mask(void **state)
{
    (void)state;
    static struct qr_code code;
    for (int i = 0; i < QR_LEVEL_COUNT * QR_MASKS; i++) {
        struct qr_choice choice = {.level = (enum qr_level)(i / QR_MASKS), .mask = i % QR_MASKS};
        enum qr_level level;
        int mask;
        assert_true(qr_code_draw(&choice, "012345678901", 12, &code, NULL));
        assert_int_equal(qr_code_format(&code, &level, &mask), 0);
        assert_int_equal(level, choice.level);
        assert_int_equal(mask, choice.mask);
        code.dark[8 * code.side] ^= 1; /* the copy's first three bits */
        code.dark[8 * code.side + 1] ^= 1;
        code.dark[8 * code.side + 2] ^= 1;
        assert_int_equal(qr_code_format(&code, &level, &mask), 3);
        assert_int_equal(level, choice.level);
        assert_int_equal(mask, choice.mask);
    }
}

static void test_smallest_version_and_whole_pixels(void **state)
{
    (void)state;
    char bytes[PAYLOAD_MAX_BYTES];
    struct stream stream = new_stream(1);
    random_bytes(&stream, sizeof bytes, bytes);
    struct code_image small = draw("012345678901", 12, QR_LEVEL_M, 128, 64);
    assert_int_equal(small.module_px, 3); /* 21 modules */
    /* the finder's frame, centred: 63 of 64 rows, 63 of 128 columns */
    assert_true(code_image_dark(&small, 32, 0));
    assert_false(code_image_dark(&small, 31, 0));
    assert_true(code_image_dark(&small, 32 + 62, 0));
    assert_false(code_image_dark(&small, 32 + 63, 0));
    assert_true(code_image_dark(&small, 32, 62));
    assert_false(code_image_dark(&small, 32, 63));
    struct code_image large = draw(bytes, sizeof bytes, QR_LEVEL_M, 128, 128);
    assert_int_equal(large.module_px, 2); /* 49 modules: version 8 holds 152 bytes with M */
    assert_int_equal(draw(bytes, sizeof bytes, QR_LEVEL_L, 128, 64).module_px, 1);
}

static void test_what_does_not_fit(void **state)
{
    (void)state;
    char bytes[PAYLOAD_MAX_BYTES];
    struct stream stream = new_stream(2);
    struct code_image image;
    struct error error;
    struct code_format format = {.symbology = SYMBOLOGY_QR, .qr_level = QR_LEVEL_H};
    random_bytes(&stream, sizeof bytes, bytes);
    assert_false(symbology_draw(&format, bytes, sizeof bytes, 128, 60, &image, &error));
    assert_non_null(strstr(error.text, "61 x 61 modules"));
    assert_non_null(strstr(error.text, "128 x 60 pixels"));
    assert_false(symbology_draw(&format, "", 0, 128, 64, &image, &error));
    assert_non_null(strstr(error.text, "empty"));
}

/* ---- reading ---- */

static void test_any_bytes_come_back(void **state)
{
    (void)state;
    char bytes[PAYLOAD_MAX_BYTES];
    struct stream stream = new_stream(3);
    for (unsigned i = 0; i < 40; i++) {
        size_t length = i < 20 ? 1 + stream_below(&stream, 20) : sizeof bytes - 10 + i % 11;
        if (i % 4 == 3)
            memset(bytes, i % 8 == 3 ? 0 : 0xff, length);
        else
            random_bytes(&stream, length, bytes);
        struct code_image image = draw(bytes, length, (enum qr_level)(i % 2), 128, 64);
        struct frame frame = painted_new(640, 480, PAINTED_BRIGHT);
        painted_code(&frame, &image, (struct painted_place){320, 240, 4, 0, 0});
        assert_reads(&frame, bytes, length);
        free(frame.pixels);
    }
}

/* Bytes that repeat themselves make much that looks like finders, as a fuzzer found. */
static void test_bytes_that_look_like_finders(void **state)
{
    (void)state;
    char bytes[112] = "307418529630";
    memset(bytes + 12, 0xfd, sizeof bytes - 12);
    memset(bytes + 30, 'h', 8);
    memset(bytes + 85, 0xff, 12);
    memcpy(bytes + 105, "7418529", 7);
    struct code_image image = draw(bytes, sizeof bytes, QR_LEVEL_L, 256, 128);
    struct frame frame = painted_new(828, 444, PAINTED_BRIGHT);
    painted_code(&frame, &image, (struct painted_place){414, 222, 3, 0, 0});
    assert_reads(&frame, bytes, sizeof bytes);
    free(frame.pixels);
}

/* How many of `shots` frames are read; a wrong text fails the test. */
static unsigned count_read(unsigned shots, uint64_t seed, double px, double noise, double blur,
                           double degrees, double tilt, size_t length)
{
    unsigned read = 0;
    char bytes[PAYLOAD_MAX_BYTES];
    for (unsigned i = 0; i < shots; i++) {
        struct stream stream = new_stream(seed + i);
        if (length <= 20)
            random_digits(&stream, length, bytes);
        else
            random_bytes(&stream, length, bytes);
        struct code_image image = draw(bytes, length, QR_LEVEL_M, 128, length > 20 ? 128 : 64);
        struct frame frame = painted_new(640, 480, PAINTED_BRIGHT);
        double turn = degrees * (2 * stream_uniform(&stream) - 1);
        painted_code(&frame, &image,
                     (struct painted_place){320 + 20 * stream_uniform(&stream),
                                            240 + 20 * stream_uniform(&stream),
                                            px / image.module_px, turn, tilt});
        if (blur > 0)
            painted_blur(&frame, blur);
        painted_noise(&frame, noise, &stream);
        read += reads(&frame, bytes, length);
        free(frame.pixels);
    }
    return read;
}

static void test_hard_frames(void **state)
{
    (void)state;
    static const struct {
        const char *what;
        double px, noise, blur, degrees, tilt;
        size_t length;
        unsigned least; /* of 10; measured: all of those with 10 here */
    } cases[] = {
        {"clean", 3, 2, 0.3, 2, 0, 12, 10},
        {"any turn", 3, 2, 0.3, 180, 0, 12, 10},
        {"large", 9, 2, 0.3, 20, 0, 20, 10},
        {"noise 20", 3, 20, 0.5, 2, 0, 12, 10},
        {"blur 1", 3, 4, 1, 2, 0, 12, 10},
        {"tilted", 4, 4, 0.5, 20, 0.4, 12, 10},
        {"132 bytes", 3, 4, 0.5, 180, 0.1, 132, 10},
        {"132 bytes, noise and blur", 3, 20, 1, 2, 0.1, 132, 10},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        unsigned read = count_read(10, 100 * (i + 1), cases[i].px, cases[i].noise, cases[i].blur,
                                   cases[i].degrees, cases[i].tilt, cases[i].length);
        if (read < cases[i].least)
            fail_msg("%s: %u of 10 read", cases[i].what, read);
    }
}

static void test_margin_and_grade(void **state)
{
    (void)state;
    struct code_image image = draw("012345678901", 12, QR_LEVEL_M, 128, 64);
    struct frame frame = painted_new(640, 480, PAINTED_BRIGHT);
    painted_code(&frame, &image, (struct painted_place){300, 200, 2, 0, 0});
    struct decoded decoded = read_once(&frame, 12);
    assert_int_equal(decoded.status, DECODE_OK);
    /* 21 modules of 6 pixels; the display's middle is half a dot right of and below the symbol's */
    const float left = 300 - 64 * 2 + 32 * 2, upper = 200 - 32 * 2, size = 21 * 6;
    const float xs[] = {left, left + size, left + size, left};
    const float ys[] = {upper, upper, upper + size, upper + size};
    for (int i = 0; i < 4; i++) {
        assert_true(fabsf(decoded.corners[i].x - xs[i]) < 1);
        assert_true(fabsf(decoded.corners[i].y - ys[i]) < 1);
    }
    assert_true(fabsf(decoded.margin.module_px - 6) < 0.1f);
    assert_true(fabsf(decoded.margin.contrast - 170 / 255.0f) < 0.02f);
    assert_int_equal(decoded.margin.corrected_bits, 0);
    assert_int_equal(decoded.margin.code_bits, 26 * 8); /* codewords of version 1 */
    assert_int_equal(decoded.grade.count, 5);
    assert_string_equal(decoded.grade.parameters[0].name, "symbol contrast");
    assert_int_equal(grade_letter(decoded.grade.parameters[0].grade), 'B');
    for (unsigned i = 1; i < decoded.grade.count; i++)
        assert_int_equal(grade_letter(decoded.grade.parameters[i].grade), 'A');
    free(frame.pixels);
}

/* Inverts modules in the frame, from the lower right corner on. */
static void invert_modules(const struct frame *frame, unsigned left, unsigned upper, unsigned px,
                           unsigned count)
{
    for (unsigned i = 0; i < count; i++)
        for (unsigned y = 0; y < px; y++)
            for (unsigned x = 0; x < px; x++) {
                uint8_t *pixel = frame->pixels +
                                 (size_t)(upper + (20 - i / 4) * px + y) * frame->stride + left +
                                 (20 - i % 4) * px + x;
                *pixel = (uint8_t)(PAINTED_BRIGHT + PAINTED_DARK - *pixel);
            }
}

static void test_damage_is_corrected_and_counted(void **state)
{
    (void)state;
    struct code_image image = draw("012345678901", 12, QR_LEVEL_M, 128, 64);
    struct frame frame = painted_new(640, 480, PAINTED_BRIGHT);
    painted_code(&frame, &image, (struct painted_place){300, 200, 2, 0, 0});
    /* Two columns of modules hold a codeword in 4 rows: 16 modules here are 4 of M's 5 codewords.
     */
    invert_modules(&frame, 300 - 64, 200 - 64, 6, 16);
    struct decoded decoded = read_once(&frame, 12);
    assert_int_equal(decoded.status, DECODE_OK);
    assert_string_equal(decoded.text, "012345678901");
    assert_int_equal(decoded.margin.corrected_bits, 16);
    assert_true(grade_letter(decoded.grade.overall) < 'G');
    free(frame.pixels);
}

static void test_rules(void **state)
{
    (void)state;
    struct code_image image = draw("012345678901", 12, QR_LEVEL_M, 128, 64);
    struct frame frame = painted_new(640, 480, PAINTED_BRIGHT);
    painted_code(&frame, &image, (struct painted_place){320, 240, 1, 0, 0});
    struct decode_rules rules = decode_rules_strict(SYMBOLOGY_QR, 14);
    assert_int_equal(read_with(&frame, &rules).status, DECODE_WRONG_LENGTH);
    rules.length = 12;
    assert_int_equal(read_with(&frame, &rules).status, DECODE_OK);
    rules.min_module_px = 3.5f;
    assert_int_equal(read_with(&frame, &rules).status, DECODE_TOO_SMALL);
    rules.min_module_px = 2.5f;
    assert_int_equal(read_with(&frame, &rules).status, DECODE_OK);
    rules.budget_ms = 0.05;
    assert_int_equal(read_with(&frame, &rules).status, DECODE_OVER_BUDGET);
    free(frame.pixels);
}

static void test_two_symbols(void **state)
{
    (void)state;
    struct code_image one = draw("012345678901", 12, QR_LEVEL_M, 128, 64);
    struct code_image other = draw("012345678902", 12, QR_LEVEL_M, 128, 64);
    struct decode_rules rules = decode_rules_strict(SYMBOLOGY_QR, 12);
    struct frame frame = painted_new(640, 480, PAINTED_BRIGHT);
    painted_code(&frame, &one, (struct painted_place){180, 240, 2, 10, 0});
    painted_code(&frame, &one, (struct painted_place){460, 240, 2, -20, 0});
    assert_int_equal(read_with(&frame, &rules).status, DECODE_OK); /* the same twice */
    painted_code(&frame, &other, (struct painted_place){460, 240, 2, -20, 0});
    struct decoded decoded = read_with(&frame, &rules);
    assert_int_equal(decoded.status, DECODE_AMBIGUOUS);
    assert_int_equal(decoded.length, 0);
    assert_int_equal(decoded.text[0], 0);
    rules.several = true;
    decoded = read_with(&frame, &rules);
    assert_int_equal(decoded.status, DECODE_OK);
    assert_int_equal(strncmp(decoded.text, "01234567890", 11), 0);
    free(frame.pixels);
}

static void test_no_symbol(void **state)
{
    (void)state;
    struct stream stream = new_stream(5000);
    for (int i = 0; i < 40; i++) {
        struct frame frame = painted_new(320, 240, i < 2 ? i * 255 : PAINTED_BRIGHT);
        if (i >= 2)
            painted_noise(&frame, 2.0 * i, &stream);
        struct decoded decoded = read_once(&frame, 0);
        assert_true(decoded.status == DECODE_NO_SYMBOL || decoded.status == DECODE_UNREADABLE);
        assert_int_equal(decoded.length, 0);
        free(frame.pixels);
    }
}

static void test_order_does_not_matter(void **state)
{
    (void)state;
    enum { FRAMES = 12 };
    struct decoder *decoder = decoder_new();
    struct decode_rules rules = decode_rules_strict(SYMBOLOGY_QR, 12);
    struct frame frames[FRAMES];
    struct decoded first[FRAMES], again;
    memset(first, 0, sizeof first);
    for (int i = 0; i < FRAMES; i++) {
        char digits[16];
        struct stream stream = new_stream(600 + (uint64_t)i);
        random_digits(&stream, 12, digits);
        struct code_image image = draw(digits, 12, QR_LEVEL_M, 128, 64);
        frames[i] = painted_new(i % 3 ? 320 : 200, 240, PAINTED_BRIGHT);
        painted_code(&frames[i], &image, (struct painted_place){110, 120, 0.8, 5.0 * i, 0});
        painted_noise(&frames[i], 5.0 * i, &stream);
        decoder_read(decoder, &frames[i], &rules, &first[i]);
    }
    for (int i = FRAMES - 1; i >= 0; i--) {
        memset(&again, 0, sizeof again);
        decoder_read(decoder, &frames[i], &rules, &again);
        assert_memory_equal(&again, &first[i], sizeof again);
        free(frames[i].pixels);
    }
    decoder_free(decoder);
}

/* Where the modules are found but too many are wrong, four frames tell what one does not. */
static void test_frames_add_up(void **state)
{
    (void)state;
    char bytes[PAYLOAD_MAX_BYTES];
    struct decoder *decoder = decoder_new();
    struct decode_rules rules = decode_rules_strict(SYMBOLOGY_QR, sizeof bytes);
    unsigned alone = 0, together = 0;
    for (uint64_t i = 0; i < 10; i++) {
        struct stream stream = new_stream(700 + i);
        random_bytes(&stream, sizeof bytes, bytes);
        struct code_image image = draw(bytes, sizeof bytes, QR_LEVEL_M, 128, 128);
        bool one = false, all = false;
        for (int shot = 0; shot < 4; shot++) {
            struct decoded decoded;
            struct frame frame = painted_new(320, 240, PAINTED_BRIGHT);
            painted_code(&frame, &image, (struct painted_place){160, 120, 1.5, 3, 0});
            painted_blur(&frame, 1.5);
            painted_noise(&frame, 30, &stream);
            if (shot == 0)
                decoder_read(decoder, &frame, &rules, &decoded);
            else
                decoder_more(decoder, &frame, &rules, &decoded);
            assert_int_equal(decoded.shots, shot + 1);
            if (decoded.status == DECODE_OK)
                assert_memory_equal(decoded.text, bytes, sizeof bytes);
            all |= decoded.status == DECODE_OK;
            one |= reads(&frame, bytes, sizeof bytes);
            free(frame.pixels);
        }
        alone += one;
        together += all;
    }
    decoder_free(decoder);
    print_message("four frames: %u of 10 by one of them, %u together\n", alone, together);
    assert_true(together >= alone + 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_known_modules_are_where_they_are_drawn),
        cmocka_unit_test(test_format_says_level_and_mask),
        cmocka_unit_test(test_smallest_version_and_whole_pixels),
        cmocka_unit_test(test_what_does_not_fit),
        cmocka_unit_test(test_any_bytes_come_back),
        cmocka_unit_test(test_bytes_that_look_like_finders),
        cmocka_unit_test(test_hard_frames),
        cmocka_unit_test(test_margin_and_grade),
        cmocka_unit_test(test_damage_is_corrected_and_counted),
        cmocka_unit_test(test_rules),
        cmocka_unit_test(test_two_symbols),
        cmocka_unit_test(test_no_symbol),
        cmocka_unit_test(test_order_does_not_matter),
        cmocka_unit_test(test_frames_add_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
