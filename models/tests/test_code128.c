/*
 * Code 128 of anybody: words by the standard's table, all code sets, and bytes that do not print.
 */
#include "bars_pictures.h"
#include "code128_table.h"
#include "symbology/book.h"
#include "symbology/code128.h"
#include "symbology/scan.h"

/* What a word looks like to the reader is what libzint draws, and the standard says. */
static void words_are_those_of_the_standard(void **state)
{
    (void)state;
    for (unsigned word = 0; word < BOOK_MAX_WORDS; word++) {
        char modules[32] = "";
        append_pattern(modules, word);
        for (unsigned i = 0; i < 11; i++)
            assert_int_equal(book_code128.word[word] >> (10 - i) & 1, modules[i] == '1');
    }
}

/* A symbol in set B, drawn by the table. */
static struct code_image set_b_image(const char *text)
{
    char modules[1024];
    reference_modules(text, false, modules);
    return bars_image(modules);
}

/* The bank issues set C only: neither letters, nor digits of another set. */
static void other_sets_are_refused(void **state)
{
    static const char *const texts[] = {"12345X", "123456"};
    (void)state;
    for (int i = 0; i < 2; i++) {
        struct frame frame = bars_frame(640, 200);
        struct code_image image = set_b_image(texts[i]);
        painted_code(&frame, &image, (struct painted_place){320, 100, 3, 0, 0});
        struct decoded decoded = bars_read(&frame, 6);
        assert_int_equal(decoded.status, DECODE_WRONG_ALPHABET);
        assert_string_equal(decoded.text, texts[i]);
        free(frame.pixels);
    }
}

enum { A_TO_B = 100, A_TO_C = 99, B_TO_A = 101, B_TO_C = 99, C_TO_A = 101, C_TO_B = 100 };
enum { A_FNC4 = 101, B_FNC4 = 100, SHIFT = 98, FNC1 = 102, FNC2 = 97, FNC3 = 96 };

/* Start, words, and the bytes that they say (ISO/IEC 15417, tables 1 to 3). */
static const struct {
    uint8_t words[12];
    unsigned count, length;
    const char *says;
    bool set_c;
} symbols[] = {
    {{START_C, 12, 34, 0}, 4, 6, "123400", true},
    {{START_A, 'A' - 32, 64, 65, 95, 'Z' - 32}, 6, 5, "A\0\1\x1fZ", false},
    {{START_B, 'a' - 32, 95, 'z' - 32}, 4, 3, "a\x7fz", false},
    {{START_B, 'a' - 32, SHIFT, 64 + 10, 'b' - 32}, 5, 3, "a\nb", false},
    {{START_A, 64 + 9, SHIFT, 'q' - 32, 64 + 13}, 5, 3, "\tq\r", false},
    {{START_A, 64, A_TO_C, 1, C_TO_B, '~' - 32, B_TO_A, 64 + 27, A_TO_B, 'x' - 32},
     10,
     6,
     "\0"
     "01~\x1bx",
     false},
    {{START_C, FNC1, 1, 23, FNC1, 45},
     6,
     7,
     "0123\x1d"
     "45",
     false},
    {{START_B, 'x' - 32, FNC1, 'y' - 32}, 4, 2, "xy", false},
    {{START_B, FNC3, 'x' - 32, FNC2, 'y' - 32}, 5, 2, "xy", false},
    {{START_B, 'e' - 32, B_FNC4, 'i' - 32, 'e' - 32},
     5,
     3,
     "e\xe9"
     "e",
     false},
    {{START_A, A_FNC4, A_FNC4, 'I' - 32, A_FNC4, 'E' - 32, 64, A_FNC4, A_FNC4, 'O' - 32},
     10,
     4,
     "\xc9"
     "E\x80O",
     false},
    {{START_B, B_FNC4, B_TO_A, 64 + 5, 64}, 5, 2, "\x85\0", false},
};
enum { SYMBOLS = sizeof symbols / sizeof symbols[0] };

static void words_say_bytes(void **state)
{
    (void)state;
    for (int i = 0; i < SYMBOLS; i++) {
        char text[16];
        bool set_c;
        memset(text, 'x', sizeof text);
        unsigned length = code128_text(symbols[i].words[0], symbols[i].words + 1,
                                       symbols[i].count - 1, text, sizeof text - 1, &set_c);
        assert_int_equal(length, symbols[i].length);
        assert_memory_equal(text, symbols[i].says, length + 1);
        assert_int_equal(set_c, symbols[i].set_c);
    }
}

static void all_sets_are_read_as_bytes(void **state)
{
    (void)state;
    struct decode_rules rules = decode_rules_strict(SYMBOLOGY_CODE128, 0);
    rules.any_characters = true;
    for (int i = 0; i < SYMBOLS; i++) {
        char modules[512];
        reference_words(symbols[i].words, symbols[i].count, modules);
        struct code_image image = bars_image(modules);
        struct frame frame = bars_frame(640, 260);
        painted_code(&frame, &image, (struct painted_place){320, 130, 3, 4, 0});
        struct decoded decoded = bars_read_by(&frame, &rules);
        assert_string_equal(decode_status_name(decoded.status), "decoded");
        assert_int_equal(decoded.length, symbols[i].length);
        assert_memory_equal(decoded.text, symbols[i].says, decoded.length + 1);
        free(frame.pixels);
    }
}

/* As they differ behind a zero only. */
static void bytes_behind_a_zero_count(void **state)
{
    (void)state;
    static const uint8_t words[2][5] = {{START_A, 'A' - 32, 64, 'B' - 32, 'C' - 32},
                                        {START_A, 'A' - 32, 64, 'B' - 32, 'D' - 32}};
    struct decode_rules rules = decode_rules_strict(SYMBOLOGY_CODE128, 0);
    rules.any_characters = true;
    struct frame frame = bars_frame(420, 400);
    for (int i = 0; i < 2; i++) {
        char modules[512];
        reference_words(words[i], 5, modules);
        struct code_image image = bars_image(modules);
        painted_code(&frame, &image, (struct painted_place){210, 100 + 200 * i, 3, 0, 0});
    }
    assert_int_equal(bars_read_by(&frame, &rules).status, DECODE_AMBIGUOUS);
    free(frame.pixels);
}

/* By ZBar, which the last step of the cascade asks: no byte is lost there either. */
static void zbar_tells_all_bytes(void **state)
{
    (void)state;
    uint8_t words[100] = {START_A};
    static struct scan_result result;
    char modules[2048];
    unsigned count = 80;
    for (unsigned i = 1; i < count; i++)
        words[i] = (uint8_t)(i % 5 == 2 ? 64 + i % 32 : i % 60); /* controls among letters */
    words[2] = 64;
    reference_words(words, count, modules);
    unsigned width = 2 * (unsigned)strlen(modules) + 80;
    struct frame frame = bars_frame(width, 8);
    for (unsigned y = 0; y < frame.height; y++)
        for (unsigned x = 0; modules[x / 2] != '\0'; x++)
            if (modules[x / 2] == '1')
                frame.pixels[(size_t)y * width + 40 + x] = PAINTED_DARK;
    scan_image(frame.pixels, width, frame.height, 2, false, 0.5f, &result);
    assert_int_equal(result.count, 1);
    assert_int_equal(result.found[0].length, count - 1);
    assert_false(result.found[0].digits);
    for (unsigned i = 1; i < count; i++)
        assert_int_equal(result.found[0].text[i - 1],
                         words[i] < 64 ? words[i] + 32 : words[i] - 64);
    free(frame.pixels);
}

/* Where anybody's symbols are read, light bars on dark are; never where a bank's are. */
static void light_bars_are_read_of_anybody(void **state)
{
    (void)state;
    struct decode_rules rules = decode_rules_strict(SYMBOLOGY_CODE128, 0);
    struct frame frame = bars_frame(480, 300);
    struct code_image image = bars_draw("31415926535897");
    painted_code(&frame, &image, (struct painted_place){240, 150, 3, 7, 0});
    for (size_t i = 0; i < (size_t)frame.stride * frame.height; i++)
        frame.pixels[i] = (uint8_t)(255 - frame.pixels[i]);
    assert_int_not_equal(bars_read_by(&frame, &rules).status, DECODE_OK);
    rules.any_characters = true;
    struct decoded decoded = bars_read_by(&frame, &rules);
    assert_string_equal(decode_status_name(decoded.status), "decoded");
    assert_string_equal(decoded.text, "31415926535897");
    free(frame.pixels);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_are_those_of_the_standard),
        cmocka_unit_test(other_sets_are_refused),
        cmocka_unit_test(words_say_bytes),
        cmocka_unit_test(all_sets_are_read_as_bytes),
        cmocka_unit_test(bytes_behind_a_zero_count),
        cmocka_unit_test(zbar_tells_all_bytes),
        cmocka_unit_test(light_bars_are_read_of_anybody),
    };
    return cmocka_run_group_tests_name("code128", tests, NULL, NULL);
}
