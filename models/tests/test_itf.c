/*
 * Interleaved 2 of 5: words as libzint draws them, symbols read, and what is no symbol.
 */
#include "bars_pictures.h"
#include "symbology/book.h"
#include "symbology/itf.h"

static void words_are_those_of_libzint(void **state)
{
    (void)state;
    for (unsigned pair = 0; pair < BOOK_PAIRS; pair++) {
        char text[3] = {(char)('0' + pair / 10), (char)('0' + pair % 10), '\0'};
        struct bars bars;
        assert_true(itf_draw(text, &bars, NULL));
        assert_int_equal(bars.count, 4 + 18 + 5);
        for (unsigned i = 0; i < 18; i++)
            assert_int_equal(book_itf.word[pair] >> (17 - i) & 1, bars.dark[4 + i]);
    }
}

static void itf_is_read(void **state)
{
    (void)state;
    struct decoder *decoder = decoder_new();
    struct decoded decoded;
    static const struct bars_case cases[] = {
        {3, 0, 2, 0},   {3, 10, 2, 0},  {3, -20, 2, 0}, {3, 45, 2, 0}, {3, 90, 2, 0},
        {3, 180, 2, 0}, {3, 202, 5, 0}, {2, 3, 5, 0},   {3, 4, 30, 0}, {3, 1, 2, 4}};
    struct decode_rules rules = decode_rules_strict(SYMBOLOGY_ITF, 12);
    for (size_t i = 0; i < 10 * sizeof cases / sizeof cases[0]; i++) {
        struct stream stream = bars_stream(i, 5);
        char text[16];
        bars_digits(&stream, 12, text);
        struct code_image image = bars_draw_as(SYMBOLOGY_ITF, text);
        struct frame frame = bars_case_frame(&cases[i / 10], &image, &stream);
        decoder_read(decoder, &frame, &rules, &decoded);
        assert_string_equal(decode_status_name(decoded.status), "decoded");
        assert_string_equal(decoded.text, text);
        assert_int_equal(decoded.symbology, SYMBOLOGY_ITF);
        free(frame.pixels);
    }
    decoder_free(decoder);
}

/* Lines that leave the symbol early must not pass for a shorter one. */
static void a_part_of_itf_is_no_number(void **state)
{
    (void)state;
    struct decoder *decoder = decoder_new();
    struct decoded decoded;
    for (unsigned i = 0; i < 60; i++) {
        /* Of what is cut off, only the length tells. */
        struct decode_rules rules = decode_rules_strict(SYMBOLOGY_ITF, i % 2 ? 12 : 0);
        struct stream stream = bars_stream(i, 6);
        char text[16];
        bars_digits(&stream, 12, text);
        struct frame frame = bars_frame(480, 460);
        struct code_image image = bars_draw_as(SYMBOLOGY_ITF, text);
        double degrees = 30 * stream_uniform(&stream) - 15;
        painted_code(&frame, &image, (struct painted_place){240, 230, 3, degrees, 0});
        unsigned cut = 200 + stream_below(&stream, 60); /* all that is right of it is bright */
        for (unsigned y = 0; i % 2 && y < frame.height; y++)
            memset(frame.pixels + (size_t)y * frame.stride + cut, PAINTED_BRIGHT,
                   frame.width - cut);
        decoder_read(decoder, &frame, &rules, &decoded);
        assert_true(decoded.status != DECODE_OK || strcmp(decoded.text, text) == 0);
        assert_true(i % 2 || decoded.status == DECODE_OK);
        free(frame.pixels);
    }
    decoder_free(decoder);
}

/* Bars and spaces of any width, not sharp. */
static struct frame a_few_bars(uint64_t number)
{
    struct stream stream;
    stream_init(&stream, (struct stream_key){.seed = 9, .entity = number, .purpose = 2});
    struct frame frame = bars_frame(480, 360);
    unsigned bars = 3 + stream_below(&stream, 6), left = 100;
    double unit = (2 + 6 * stream_uniform(&stream)) / 1.5;
    for (unsigned i = 0; i < bars; i++) {
        unsigned width = 1 + (unsigned)(unit * (0.4 + 2.6 * stream_uniform(&stream)));
        for (unsigned y = 80; y < 280; y++)
            memset(frame.pixels + (size_t)y * frame.stride + left, PAINTED_DARK, width);
        left += width + 1 + (unsigned)(unit * (0.4 + 2.6 * stream_uniform(&stream)));
    }
    painted_blur(&frame, 0.3 + 3 * stream_uniform(&stream));
    painted_noise(&frame, 20 * stream_uniform(&stream), &stream);
    return frame;
}

/* Those of 600 such pictures from which 2 or 4 digits are read where any number is believed. */
static void few_bars_are_no_number(void **state)
{
    (void)state;
    struct decoder *decoder = decoder_new();
    struct decoded decoded;
    static const uint64_t numbers[] = {17, 65, 97, 182, 301, 302, 497, 544, 584};
    struct decode_rules rules = decode_rules_strict(SYMBOLOGY_ITF, 0);
    rules.min_module_px = 0;
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        struct frame frame = a_few_bars(numbers[i]);
        decoder_read(decoder, &frame, &rules, &decoded);
        assert_int_not_equal(decoded.status, DECODE_OK);
        free(frame.pixels);
    }
    decoder_free(decoder);
}

/* Six digits are the least that a line is believed without being asked. */
static void short_numbers_want_their_length(void **state)
{
    (void)state;
    static const char *const texts[] = {"4711", "471108", "47110815"};
    for (unsigned i = 0; i < 3; i++)
        for (int asked = 0; asked < 2; asked++) {
            unsigned length = (unsigned)strlen(texts[i]);
            struct decode_rules rules = decode_rules_strict(SYMBOLOGY_ITF, asked ? length : 0);
            struct frame frame = bars_frame(480, 300);
            struct code_image image = bars_draw_as(SYMBOLOGY_ITF, texts[i]);
            painted_code(&frame, &image, (struct painted_place){240, 150, 2, 0, 0});
            struct decoded decoded = bars_read_by(&frame, &rules);
            assert_int_equal(decoded.status == DECODE_OK, asked || length > 4);
            free(frame.pixels);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_are_those_of_libzint),      cmocka_unit_test(itf_is_read),
        cmocka_unit_test(a_part_of_itf_is_no_number),      cmocka_unit_test(few_bars_are_no_number),
        cmocka_unit_test(short_numbers_want_their_length),
    };
    return cmocka_run_group_tests_name("itf", tests, NULL, NULL);
}
