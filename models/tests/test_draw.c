/* What libzint draws, module by module, against the standard's own table. */
#include "code128_table.h"
#include "symbology/symbology.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static struct code_image draw(const char *text, unsigned width, unsigned height)
{
    struct code_image image;
    struct error error = {""};
    if (!symbology_draw(&(struct code_format){.symbology = SYMBOLOGY_CODE128}, text, strlen(text),
                        width, height, &image, &error))
        fail_msg("%s", error.text);
    return image;
}

static void drawing_follows_the_standard(void **state)
{
    (void)state;
    static const char *const texts[] = {"12",
                                        "00000000",
                                        "123456789012",
                                        "987654321098",
                                        "00112233445566",
                                        "99999999999999",
                                        "3141592653589793"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        char modules[512];
        reference_modules(texts[i], true, modules);
        struct code_image image = draw(texts[i], 128, 64);
        unsigned count = (unsigned)strlen(modules), px = image.module_px;
        assert_int_equal(px, 128 / count);
        unsigned left = (128 - count * px) / 2;
        for (unsigned y = 0; y < 64; y++)
            for (unsigned x = 0; x < 128; x++) {
                bool bar = x >= left && x < left + count * px && modules[(x - left) / px] == '1';
                bool expected = bar && y >= 2 && y < 62;
                assert_int_equal(code_image_dark(&image, x, y), expected);
            }
    }
}

static void drawing_fills_the_display(void **state)
{
    (void)state;
    assert_int_equal(draw("123456789012", 101, 5).module_px, 1);
    assert_int_equal(draw("123456789012", 201, 64).module_px, 1);
    assert_int_equal(draw("123456789012", 202, 64).module_px, 2);
    assert_int_equal(draw("123456789012", 256, 128).module_px, 2);
}

static void drawing_refuses_bad_input(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        unsigned width, height;
        const char *says;
    } cases[] = {
        {"", 128, 64, "empty"},
        {"12345", 128, 64, "even number"},
        {"12345A", 128, 64, "more than digits"},
        {"12 456", 128, 64, "more than digits"},
        {"-1", 128, 64, "more than digits"},
        {"123456789012345678", 128, 64, "134 modules"},
        {"123456789012", 100, 64, "101 modules"},
        {"123456789012", 128, 4, "too low"},
        {"123456789012", 128, 0, "too low"},
        {"123456789012", 257, 64, "larger than"},
        {"123456789012", 128, 129, "larger than"},
        {"1234567890123456789012345678901234567890123456789012345678901234", 256, 64, "at most"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct code_image image;
        struct error error = {""};
        assert_false(symbology_draw(&(struct code_format){.symbology = SYMBOLOGY_CODE128},
                                    cases[i].text, strlen(cases[i].text), cases[i].width,
                                    cases[i].height, &image, &error));
        assert_non_null(strstr(error.text, cases[i].says));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(drawing_follows_the_standard),
        cmocka_unit_test(drawing_fills_the_display),
        cmocka_unit_test(drawing_refuses_bad_input),
    };
    return cmocka_run_group_tests_name("draw", tests, NULL, NULL);
}
