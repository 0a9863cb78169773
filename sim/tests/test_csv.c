/* The reader of CSV files: what it must refuse, and that it says where. */
#include "output/csv.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const struct csv_column columns[] = {{"name", CSV_NAME, false},
                                            {"n", CSV_COUNT, false},
                                            {"mean", CSV_NUMBER, true},
                                            {"note", CSV_NOTE, true}};

enum { COLUMNS = 4, ROWS = 3 };

static bool parse_bytes(struct csv *csv, const char *bytes, size_t length, struct error *error)
{
    char *copy = malloc(length + 1);
    assert_non_null(copy);
    memcpy(copy, bytes, length);
    copy[length] = '\0';
    return csv_parse(csv, copy, length, "dir/x.csv", columns, COLUMNS, ROWS, error);
}

static void assert_refused(const char *text, const char *where, const char *why)
{
    struct csv csv;
    struct error error = {{0}};
    assert_false(parse_bytes(&csv, text, strlen(text), &error));
    if (!strstr(error.text, where) || !strstr(error.text, why))
        fail_msg("\"%s\" names neither \"%s\" nor \"%s\"", error.text, where, why);
}

static void test_good_file(void **state)
{
    (void)state;
    const char *text = "name,n,mean,note\na.b-c_D,3,-1.5e-3,free text; with signs <>\nz,0,,\n";
    struct csv csv;
    struct error error = {{0}};
    assert_true(parse_bytes(&csv, text, strlen(text), &error));
    assert_int_equal(csv.rows, 2);
    assert_string_equal(csv_text(&csv, 0, 0), "a.b-c_D");
    assert_true(csv_number(&csv, 0, 1) == 3.0);
    assert_true(fabs(csv_number(&csv, 0, 2) + 1.5e-3) < 1e-18);
    assert_string_equal(csv_text(&csv, 0, 3), "free text; with signs <>");
    assert_true(isnan(csv_number(&csv, 1, 2)));
    csv_free(&csv);
}

static void test_header(void **state)
{
    (void)state;
    assert_refused("name,n,note\n", "dir/x.csv:1", "column 3 is 'note' and should be 'mean'");
    assert_refused("name,n,mean\n", "dir/x.csv:1", "'note' is missing");
    assert_refused("name,n,mean,note,more\n", "dir/x.csv:1", "5 columns where 4 are known");
    assert_refused("", "dir/x.csv:1", "empty");
}

static void test_rows(void **state)
{
    (void)state;
    assert_refused("name,n,mean,note\na,1,2,\nb,1,2\n", "dir/x.csv:3", "3 columns");
    assert_refused("name,n,mean,note\na,1,2,x,y\n", "dir/x.csv:2", "5 columns");
    assert_refused("name,n,mean,note\n\n", "dir/x.csv:2", "1 columns");
    assert_refused("name,n,mean,note\na,1,2,", "dir/x.csv:2", "ends within this line");
    assert_refused("name,n,mean,note\na,1,2,\na,1,2,\na,1,2,\na,1,2,\n", "dir/x.csv:5",
                   "more than 3 rows");
}

static void test_numbers(void **state)
{
    (void)state;
    static const char *const junk[] = {
        "abc", "1x",  " 1", "nan", "inf", "0x10", "1e999",
        "+1",  "1 2", "-",  ".",   "1e",  "--1",  "123456789012345678901234567890123"};
    for (size_t i = 0; i < sizeof junk / sizeof *junk; i++) {
        char text[128];
        (void)snprintf(text, sizeof text, "name,n,mean,note\na,1,%s,\n", junk[i]);
        assert_refused(text, "dir/x.csv:2: column 'mean'", "not a number");
    }
    assert_refused("name,n,mean,note\na,1.5,,\n", "column 'n'", "whole number");
    assert_refused("name,n,mean,note\na,-1,,\n", "column 'n'", "whole number");
    assert_refused("name,n,mean,note\na,,,\n", "column 'n'", "whole number");
    assert_refused("name,n,mean,note\na,1e17,,\n", "column 'n'", "whole number");
}

static void test_names(void **state)
{
    (void)state;
    static const char *const bad[] = {"`id`", "$(id)", "a'b",  "a\"b", "a b",
                                      "a/b",  "",      "a\\n", "<b>",  "\xC3\xA9"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        char text[128];
        (void)snprintf(text, sizeof text, "name,n,mean,note\n%s,1,,\n", bad[i]);
        assert_refused(text, "dir/x.csv:2: column 'name'", "not a name");
    }
}

static void test_bytes(void **state)
{
    (void)state;
    static const char nul[] = "name,n,mean,note\na\0b,1,,\n";
    struct csv csv;
    struct error error = {{0}};
    assert_false(parse_bytes(&csv, nul, sizeof nul - 1, &error));
    assert_non_null(strstr(error.text, "dir/x.csv:2"));
    assert_non_null(strstr(error.text, "NUL"));
    assert_refused("name,n,mean,note\r\na,1,,\r\n", "dir/x.csv:1", "carriage return");
    assert_refused("name,n,mean,note\na,1,,a\tb\n", "column 'note'", "control");
    char text[1024];
    (void)snprintf(text, sizeof text, "name,n,mean,note\na,1,,%0300d\n", 7);
    assert_refused(text, "dir/x.csv:2: column 'note'", "longer than 256");
    (void)snprintf(text, sizeof text, "name,n,mean,note\n%065d,1,,\n", 7);
    assert_refused(text, "dir/x.csv:2: column 'name'", "not a name");
}

static void test_pictures_stay_in_their_folder(void **state)
{
    (void)state;
    static const struct csv_column picture[] = {{"file", CSV_PICTURE, false}};
    static const struct {
        const char *path;
        bool good;
    } cases[] = {{"gallery/0-1.png", true},
                 {"gallery/../x.png", false},
                 {"/etc/x.png", false},
                 {"gallery/.png", false},
                 {"gallery/a/b.png", false},
                 {"gallery/a.svg", false},
                 {"gallery/..png", false},
                 {"x.png", false},
                 {"gallery/a\"onload=.png", false},
                 {"gallery//a.png", false}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[128];
        int length = snprintf(text, sizeof text, "file\n%s\n", cases[i].path);
        char *copy = strdup(text);
        assert_non_null(copy);
        struct csv csv;
        struct error error;
        bool good = csv_parse(&csv, copy, (size_t)length, "gallery.csv", picture, 1, 9, &error);
        if (good != cases[i].good)
            fail_msg("%s: %s", cases[i].path, good ? "taken" : "refused");
        if (good)
            csv_free(&csv);
    }
}

static void test_messages_quote_nothing_dangerous(void **state)
{
    (void)state;
    struct csv csv;
    struct error error;
    const char *text = "name,n,mean,note\na\x1B[2J\x07,1,,\n";
    assert_false(parse_bytes(&csv, text, strlen(text), &error));
    for (const char *c = error.text; *c; c++)
        assert_true(*c >= ' ' && *c <= '~');
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_good_file),
        cmocka_unit_test(test_header),
        cmocka_unit_test(test_rows),
        cmocka_unit_test(test_numbers),
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_bytes),
        cmocka_unit_test(test_pictures_stay_in_their_folder),
        cmocka_unit_test(test_messages_quote_nothing_dangerous),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
