/* Contact sheets: borders, scaling, letters, bounds. */
#include "font.h"
#include "picture.h"
#include "sheet.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct sheet_plan plan_of(unsigned rows, unsigned columns)
{
    return (struct sheet_plan){
        .rows = rows, .columns = columns, .cell_width = 40, .cell_height = 30, .captions = true};
}

static unsigned count(const struct frame *frame, uint8_t grey)
{
    unsigned found = 0;
    for (unsigned y = 0; y < frame->height; y++)
        for (unsigned x = 0; x < frame->width; x++)
            found += frame->pixels[(size_t)y * frame->stride + x] == grey;
    return found;
}

/* Cell (0, column), with its border. */
static struct frame cell_of(const struct sheet *sheet, unsigned column)
{
    unsigned step = (sheet->frame.width - sheet->left) / sheet->columns;
    return (struct frame){52, 42, sheet->frame.stride,
                          sheet->frame.pixels + (size_t)sheet->top * sheet->frame.stride +
                              sheet->left + column * step};
}

static void test_borders(void **state)
{
    (void)state;
    struct sheet_plan plan = plan_of(1, 4);
    struct sheet sheet;
    struct error error;
    struct frame grey = picture_new(40, 30, 77);
    assert_true(sheet_init(&sheet, &plan, &error));
    for (unsigned i = 0; i < 4; i++)
        sheet_put(&sheet, 0, i, &grey, (enum sheet_border)i);
    const unsigned around = 52 * 42 - 40 * 30;
    struct frame read = cell_of(&sheet, BORDER_READ), nothing = cell_of(&sheet, BORDER_NOTHING),
                 wrong = cell_of(&sheet, BORDER_WRONG), none = cell_of(&sheet, BORDER_NONE);
    assert_int_equal(count(&read, 255), around);
    assert_int_equal(count(&nothing, 0), around);
    assert_int_equal(count(&wrong, 255) + count(&wrong, 0), around);
    assert_in_range(count(&wrong, 255), around / 3, 2 * around / 3);
    assert_int_equal(count(&none, 255) + count(&none, 0), 0);
    assert_int_equal(count(&none, 77), 40 * 30);
    free(grey.pixels);
    sheet_fini(&sheet);
}

static struct decoded read_as(enum decode_status status, const char *text)
{
    struct decoded decoded = {.status = status, .length = (unsigned)strlen(text)};
    strcpy(decoded.text, text);
    return decoded;
}

static void test_verdicts(void **state)
{
    (void)state;
    struct decoded good = read_as(DECODE_OK, "1234"), other = read_as(DECODE_OK, "1235");
    struct decoded nothing = read_as(DECODE_NO_SYMBOL, ""), two = read_as(DECODE_AMBIGUOUS, "");
    struct token_code code = token_code_of("1234");
    assert_int_equal(sheet_border_of(&good, &code), BORDER_READ);
    assert_int_equal(sheet_border_of(&other, &code), BORDER_WRONG);
    assert_int_equal(sheet_border_of(&nothing, &code), BORDER_NOTHING);
    assert_int_equal(sheet_border_of(&two, &code), BORDER_WRONG);
    assert_string_equal(sheet_word(&good, &code), "read");
    assert_string_equal(sheet_word(&other, &code), "misread");
    assert_string_equal(sheet_word(&two, &code), "ambiguous");
}

/* Averaging over areas keeps the light: 7 x 5 pixels into 3 x 2, by hand and in sum. */
static void test_shrink(void **state)
{
    (void)state;
    uint8_t pixels[5][7] = {{0}}, small[2][3];
    struct frame from = {7, 5, 7, &pixels[0][0]}, to = {3, 2, 3, &small[0][0]};
    pixels[2][3] = 250; /* the middle: half above, half below, and within the second column */
    picture_shrink(&from, &to);
    const double area = (7.0 / 3.0) * 2.5;
    assert_int_equal(small[0][1], (int)(250 * 0.5 / area + 0.5));
    assert_int_equal(small[1][1], small[0][1]);
    assert_int_equal(small[0][0] + small[0][2] + small[1][0] + small[1][2], 0);
    pixels[2][3] = 0;
    pixels[0][2] = 240; /* a third of it in the first column, the rest in the second */
    picture_shrink(&from, &to);
    assert_int_equal(small[0][0], (int)(240 / 3.0 / area + 0.5));
    assert_int_equal(small[0][1], (int)(240 * 2.0 / 3.0 / area + 0.5));
}

static void test_magnify(void **state)
{
    (void)state;
    uint8_t pixels[4][4] = {{0}}, large[4][4];
    struct frame from = {4, 4, 4, &pixels[0][0]}, to = {4, 4, 4, &large[0][0]};
    pixels[3][3] = 9;
    picture_magnify(&from, 100.0, 100.0, 2, &to); /* beyond the corner: the corner */
    assert_int_equal(large[3][3] + large[2][2] + large[2][3] + large[3][2], 36);
    assert_int_equal(count(&to, 0), 12);
    picture_magnify(&from, -100.0, -100.0, 2, &to);
    assert_int_equal(count(&to, 0), 16);
}

/* Letters are told apart, and stay within the frame. */
static void test_letters(void **state)
{
    (void)state;
    struct frame seen[95];
    for (int i = 0; i < 95; i++) {
        char text[2] = {(char)(' ' + i), '\0'};
        seen[i] = picture_new(FONT_ADVANCE, FONT_LINE, 0);
        font_draw(&seen[i], 0, 0, 1, 1, text);
        assert_true(i == 0 || count(&seen[i], 1) > 0);
        for (int j = 0; j < i; j++)
            assert_memory_not_equal(seen[i].pixels, seen[j].pixels, FONT_ADVANCE * FONT_LINE);
    }
    for (int i = 0; i < 95; i++)
        free(seen[i].pixels);
    struct frame tiny = picture_new(3, 3, 0);
    font_draw(&tiny, 2, 2, 3, 1, "cut \xff");
    assert_int_equal(font_width("60 mm", 2), 5 * 2 * FONT_ADVANCE);
    free(tiny.pixels);
}

static void test_bounds(void **state)
{
    (void)state;
    struct sheet_plan plan = plan_of(1, 1000);
    struct sheet sheet;
    struct error error;
    assert_false(sheet_init(&sheet, &plan, &error));
    assert_non_null(strstr(error.text, "use fewer values"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_borders), cmocka_unit_test(test_verdicts),
        cmocka_unit_test(test_shrink),  cmocka_unit_test(test_magnify),
        cmocka_unit_test(test_letters), cmocka_unit_test(test_bounds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
