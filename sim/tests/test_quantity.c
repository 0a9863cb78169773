/* Quantities, counts and distributions: what is read, what is refused and in which words. */
#include "experiment/quantity.h"
#include "experiment/utf8.h"

#include <float.h>
#include <locale.h>
#include <math.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <setjmp.h>

#include <cmocka.h>

static void assert_double(double expected, double actual)
{
    if (memcmp(&expected, &actual, sizeof expected) != 0)
        fail_msg("expected %.17g, got %.17g", expected, actual);
}

static void assert_reads(double expected, const char *text, enum dimension dimension)
{
    double value = NAN;
    size_t at;
    struct error error = {{0}};
    if (!quantity_parse(text, dimension, &value, &at, &error))
        fail_msg("\"%s\" is refused: %s", text, error.text);
    assert_double(expected, value);
}

/* `words`: what the message must hold; `expected_at`: the byte it must point at. */
static void assert_refused(const char *text, enum dimension dimension, size_t expected_at,
                           const char *words)
{
    double value;
    size_t at = 999;
    struct error error = {{0}};
    if (quantity_parse(text, dimension, &value, &at, &error))
        fail_msg("\"%s\" is accepted as %g", text, value);
    if (strstr(error.text, words) == NULL)
        fail_msg("\"%s\": \"%s\" does not say \"%s\"", text, error.text, words);
    if (at != expected_at)
        fail_msg("\"%s\": points at %zu, not at %zu", text, at, expected_at);
}

static void test_units(void **state)
{
    (void)state;
    /* Whole numbers of a unit give the double nearest to the decimal. */
    assert_reads(30.0, "30 s", DIMENSION_TIME);
    assert_reads(8e-9, "8 ns", DIMENSION_TIME);
    assert_reads(0.009, "9 ms", DIMENSION_TIME);
    assert_reads(90.0, "1.5 min", DIMENSION_TIME);
    assert_reads(172800.0, "2 day", DIMENSION_TIME);
    assert_reads(6e-6, "6 um", DIMENSION_LENGTH);
    assert_reads(0.1, "10cm", DIMENSION_LENGTH);
    assert_reads(1.1e-3, "1.1 mm", DIMENSION_LENGTH);
    assert_reads(8.0 * (M_PI / 180.0), "8 deg", DIMENSION_ANGLE);
    assert_reads(-0.5, "-0.5 rad", DIMENSION_ANGLE);
    assert_reads(0.03, "30 mm/s", DIMENSION_SPEED);
    assert_reads(0.4 / 86400.0, "0.4 /day", DIMENSION_RATE);
    assert_reads(3000.0, "3e3 CNY", DIMENSION_MONEY);
    assert_reads(0.02, "2 %", DIMENSION_RATIO);
    assert_reads(20.0, "20 e-", DIMENSION_CHARGE);
    assert_reads(20.0, "20e-", DIMENSION_CHARGE);
    assert_reads(2e-2, "20e-3 e-", DIMENSION_CHARGE);
    assert_reads(2.8, " 2.8\n", DIMENSION_NUMBER);
    assert_reads(-0.0, "-0", DIMENSION_NUMBER);
    assert_reads(DBL_MAX, "1.7976931348623157e308", DIMENSION_NUMBER);
    assert_reads(5e-324, "4.9406564584124654e-324", DIMENSION_NUMBER);
}

static void test_first_unit_is_the_base(void **state)
{
    (void)state;
    bool seen[DIMENSION_COUNT] = {false};
    size_t count;
    const struct unit *units = quantity_units(&count);
    for (size_t i = 0; i < count; ++i) {
        if (!seen[units[i].dimension] && units[i].dimension != DIMENSION_RATIO)
            assert_double(1.0, units[i].factor);
        seen[units[i].dimension] = true;
        if (units[i].divisor > 0.0)
            assert_double(1.0 / units[i].divisor, units[i].factor);
    }
    for (int dimension = DIMENSION_TIME; dimension < DIMENSION_COUNT; ++dimension)
        assert_true(seen[dimension]);
}

static void test_refusals(void **state)
{
    (void)state;
    assert_refused("30", DIMENSION_TIME, 0, "a unit is missing");
    assert_refused(" 30", DIMENSION_TIME, 1, "time is written in s, ns, us, ms, min, h or day");
    assert_refused("10 mm", DIMENSION_TIME, 3, "\"mm\" is a unit of length");
    assert_refused("10 sec", DIMENSION_TIME, 3, "did you mean \"s\"?");
    assert_refused("10 \xC2\xB5m", DIMENSION_LENGTH, 3, "did you mean \"um\"?");
    assert_refused("5 cny", DIMENSION_MONEY, 2, "did you mean \"CNY\"?");
    assert_refused("5 days", DIMENSION_TIME, 2, "did you mean \"day\"?");
    assert_refused("5 kg", DIMENSION_LENGTH, 2, "unknown unit \"kg\": length is written in");
    assert_refused("5 s s", DIMENSION_TIME, 4, "is too much");
    assert_refused("0.4 / day", DIMENSION_RATE, 4, "without a space behind the /: /day");
    assert_refused("5 s", DIMENSION_NUMBER, 2, "a pure number takes no unit");
    assert_refused("", DIMENSION_NUMBER, 0, "missing");
    assert_refused("abc", DIMENSION_NUMBER, 0, "\"abc\" is not a number");
    assert_refused("nan", DIMENSION_NUMBER, 0, "NaN");
    assert_refused("-.NaN", DIMENSION_NUMBER, 0, "NaN");
    assert_refused("inf s", DIMENSION_TIME, 0, "infinity");
    assert_refused(".inf", DIMENSION_NUMBER, 0, "infinity");
    assert_refused("-Infinity", DIMENSION_NUMBER, 0, "infinity");
    assert_refused("0123", DIMENSION_NUMBER, 0, "leading 0 is not accepted: write 123");
    assert_refused("-00.5 s", DIMENSION_TIME, 0, "leading 0 is not accepted: write -0.5 s");
    assert_refused("+5", DIMENSION_NUMBER, 0, "leading +");
    assert_refused("0x1f", DIMENSION_NUMBER, 0, "hexadecimal");
    assert_refused(".5", DIMENSION_NUMBER, 0, "write 0.5");
    assert_refused("5.", DIMENSION_NUMBER, 1, "one point");
    assert_refused("1.2.3", DIMENSION_NUMBER, 3, "one point");
    assert_refused("3,000 CNY", DIMENSION_MONEY, 1, "no separators");
    assert_refused("1_000", DIMENSION_NUMBER, 1, "no separators");
    assert_refused("1e999", DIMENSION_NUMBER, 0, "too large");
    assert_refused("1e306 day", DIMENSION_TIME, 0, "too large");
    assert_refused("1e-999", DIMENSION_NUMBER, 0, "too small");
    assert_refused("4.9406564584124654e-324 ns", DIMENSION_TIME, 0, "too small");
    assert_refused("-", DIMENSION_NUMBER, 0, "is not a number");
}

static void assert_count(const char *text, int64_t expected)
{
    int64_t value = 0;
    size_t at;
    assert_true(quantity_parse_count(text, &value, &at, NULL));
    assert_true(value == expected);
}

static void assert_count_refused(const char *text, size_t expected_at, const char *words)
{
    int64_t value;
    size_t at = 999;
    struct error error = {{0}};
    assert_false(quantity_parse_count(text, &value, &at, &error));
    if (strstr(error.text, words) == NULL || at != expected_at)
        fail_msg("\"%s\": %zu \"%s\", not %zu \"%s\"", text, at, error.text, expected_at, words);
}

static void test_counts(void **state)
{
    (void)state;
    assert_count("0", 0);
    assert_count("-7", -7);
    assert_count("9223372036854775807", INT64_MAX);
    assert_count("-9223372036854775808", INT64_MIN);
    assert_count_refused("9223372036854775808", 0, "too large");
    assert_count_refused("1.5", 0, "no fraction");
    assert_count_refused("1e3", 0, "digits alone");
    assert_count_refused("2.0", 0, "digits alone");
    assert_count_refused("5 s", 2, "takes no unit");
    assert_count_refused("007", 0, "leading 0");
    assert_count_refused("+7", 0, "leading +");
    assert_count_refused("0x7", 0, "hexadecimal");
    assert_count_refused("seven", 0, "is not a number");
}

static void test_distributions(void **state)
{
    (void)state;
    struct distribution d;
    size_t at;

    assert_true(quantity_parse_distribution("20 s", DIMENSION_TIME, &d, &at, NULL));
    assert_int_equal(d.kind, DISTRIBUTION_CONSTANT);
    assert_double(20.0, d.parameter[0]);
    assert_true(isnan(d.parameter[1]));
    assert_true(quantity_parse_distribution("-3 deg", DIMENSION_ANGLE, &d, &at, NULL));

    assert_true(quantity_parse_distribution("lognormal ( sd 8 s,mean 1 min )", DIMENSION_TIME, &d,
                                            &at, NULL));
    assert_int_equal(d.kind, DISTRIBUTION_LOGNORMAL);
    assert_double(60.0, d.parameter[0]);
    assert_double(8.0, d.parameter[1]);

    assert_true(quantity_parse_distribution("normal(mean 100 mm, sd 20 mm, max 0.2 m)",
                                            DIMENSION_LENGTH, &d, &at, NULL));
    assert_true(isnan(d.parameter[2]));
    assert_double(0.2, d.parameter[3]);

    assert_true(
        quantity_parse_distribution("erlang(mean 20 s, stages 4)", DIMENSION_TIME, &d, &at, NULL));
    assert_double(4.0, d.parameter[1]);
    for (int kind = 0; kind < DISTRIBUTION_KINDS; ++kind)
        assert_true(quantity_parse_distribution(distribution_forms[kind].example, DIMENSION_TIME,
                                                &d, &at, NULL));
}

static void assert_distribution_refused(const char *text, size_t expected_at, const char *words)
{
    struct distribution d;
    size_t at = 999;
    struct error error = {{0}};
    if (quantity_parse_distribution(text, DIMENSION_TIME, &d, &at, &error))
        fail_msg("\"%s\" is accepted", text);
    if (strstr(error.text, words) == NULL || at != expected_at)
        fail_msg("\"%s\": %zu \"%s\", not %zu \"%s\"", text, at, error.text, expected_at, words);
}

static void test_distribution_refusals(void **state)
{
    (void)state;
    char lengthy[400];

    assert_distribution_refused("lognorml(mean 1 s, sd 1 s)", 0, "did you mean \"lognormal\"?");
    assert_distribution_refused("Normal(mean 1 s, sd 1 s)", 0, "did you mean \"normal\"?");
    assert_distribution_refused("zipf(mean 1 s)", 0, "there are constant, uniform,");
    assert_distribution_refused("soon", 0, "neither a number with its unit nor a distribution");
    assert_distribution_refused("nan", 0, "NaN");
    assert_distribution_refused("lognormal 20 s", 10, "( is missing");
    assert_distribution_refused("lognormal(mean 1 s, sd 1 s", 26, ") is missing");
    assert_distribution_refused("lognormal(mean 1 s, sd 1 s) s", 28, "too much behind the )");
    assert_distribution_refused("lognormal(mean 1 s, ds 1 s)", 20, "lognormal has no \"ds\"");
    assert_distribution_refused("erlang(mean 1 s, stage 3)", 17, "did you mean \"stages\"?");
    assert_distribution_refused("lognormal(mean 1 s, 1 s)", 20, "name of a parameter is missing");
    assert_distribution_refused("lognormal()", 10, "name of a parameter is missing");
    assert_distribution_refused("lognormal(mean 1 s, mean 1 s)", 20, "mean is given twice");
    assert_distribution_refused("lognormal(mean 1 s)", 0, "sd is missing");
    assert_distribution_refused("lognormal(mean 1, sd 1 s)", 15, "a unit is missing");
    assert_distribution_refused("lognormal(mean 1 s, sd 1 mm)", 25, "unit of length");
    assert_distribution_refused("erlang(mean 1 s, stages 4 s)", 26, "takes no unit");
    assert_distribution_refused("erlang(mean 1 s, stages 1.5)", 0, "whole number");
    assert_distribution_refused("uniform(min 4 s, max 1 s)", 0, "min must not exceed max");
    assert_distribution_refused("normal(mean 1 s, sd -1 s)", 0, "sd must not be negative");
    assert_distribution_refused("exponential(mean 0 s)", 0, "above 0");

    /* What is too long to hold is refused, not cut. */
    snprintf(lengthy, sizeof lengthy, "exponential(mean 1 s%200s)", "x");
    assert_distribution_refused(lengthy, 17, "too long");
}

static double random_double(unsigned short state[3])
{
    return (erand48(state) - 0.5) * pow(10.0, floor(40.0 * erand48(state) - 20.0));
}

static void test_text_reads_back(void **state)
{
    (void)state;
    static const char *const likes[DIMENSION_COUNT] = {
        NULL,  "3 min", "normal(mean 6 um, sd 1 mm)", "8 deg", "3 mm/s", "0.4 /day", "3 CNY",
        "2 %", "2 e-"};
    static const char *const units[DIMENSION_COUNT] = {"",    " min", " nm", " deg", " cm/s",
                                                       " /h", " CNY", " %",  " e-"};
    unsigned short seed[3] = {1, 2, 3};

    for (int dimension = 0; dimension < DIMENSION_COUNT; ++dimension) {
        for (int i = 0; i < 4000; ++i) {
            char text[64];
            double value = 0.0, again;
            size_t at;
            snprintf(text, sizeof text, "%.17g%s", random_double(seed), units[dimension]);
            assert_true(quantity_parse(text, (enum dimension)dimension, &value, &at, NULL));
            struct quantity_text written =
                quantity_text(value, (enum dimension)dimension, likes[dimension]);
            assert_true(quantity_parse(written.text, (enum dimension)dimension, &again, &at, NULL));
            assert_double(value, again);
        }
    }
    double most = DBL_MAX / 100.0;
    assert_non_null(strstr(quantity_text(most, DIMENSION_RATIO, NULL).text, "e+308 %"));
}

static void assert_text(const char *expected, double value, enum dimension dimension,
                        const char *like)
{
    assert_string_equal(expected, quantity_text(value, dimension, like).text);
}

static void test_text_is_pleasant(void **state)
{
    (void)state;
    assert_text("120 mm", 0.12, DIMENSION_LENGTH, "100 mm");
    assert_text("0.12 m", 0.12, DIMENSION_LENGTH, NULL);
    assert_text("8 deg", 8.0 * (M_PI / 180.0), DIMENSION_ANGLE, "1 deg");
    assert_text("0.4 /day", 0.4 / 86400.0, DIMENSION_RATE, "1 /day");
    assert_text("2 %", 0.02, DIMENSION_RATIO, "5 %");
    assert_text("20000", 20000.0, DIMENSION_NUMBER, NULL);
    assert_text("90 min", 5400.0, DIMENSION_TIME, "1 min");
    assert_text("1 s", 1.0, DIMENSION_TIME, "1 min"); /* and not 0.016666666666666666 min */

    struct distribution d;
    size_t at;
    const char *text = "normal(mean 100 mm, sd 20 mm, min 10 mm)";
    assert_true(quantity_parse_distribution(text, DIMENSION_LENGTH, &d, &at, NULL));
    char written[64] = "";
    FILE *out = fmemopen(written, sizeof written, "w");
    assert_non_null(out);
    quantity_write_distribution(&d, DIMENSION_LENGTH, "1 mm", out);
    assert_int_equal(fclose(out), 0);
    assert_string_equal(text, written);
}

static void test_nearest_name(void **state)
{
    (void)state;
    const char *const names[] = {"f_number", "focus", "distance", "f_stop", NULL};
    assert_string_equal("f_number", nearest_name("f_numbr", names));
    assert_string_equal("f_number", nearest_name("F-Number", names));
    assert_string_equal("focus", nearest_name("fcous", names)); /* a swap is one edit */
    assert_null(nearest_name("temperature", names));
    assert_null(nearest_name("", names));
    char lengthy[1000];
    memset(lengthy, 'f', sizeof lengthy - 1);
    lengthy[sizeof lengthy - 1] = '\0';
    assert_null(nearest_name(lengthy, names));
}

/* Where a locale with a decimal comma is installed (none need be), nothing may change. */
static void test_locale(void **state)
{
    static const char *const locales[] = {"de_DE.UTF-8", "fr_FR.UTF-8", "de_DE.utf8"};
    (void)state;
    for (size_t i = 0; i < sizeof locales / sizeof *locales; ++i) {
        if (setlocale(LC_ALL, locales[i]) == NULL)
            continue;
        assert_reads(2.8, "2.8", DIMENSION_NUMBER);
        assert_text("2.8", 2.8, DIMENSION_NUMBER, NULL);
        assert_refused("2,8", DIMENSION_NUMBER, 1, "no separators");
    }
    setlocale(LC_ALL, "C");
}

static void test_visible_text(void **state)
{
    (void)state;
    static const struct {
        const char *bytes, *shown;
        size_t columns;
    } cases[] = {
        {"a", "a", 1},
        {"\t", " ", 1},
        {"\x1b", "\\x1b", 4},
        {"\x7f", "\\x7f", 4},
        {"\xff", "\\xff", 4},
        {"\xc2\x9b", "\\u009b", 6},
        {"\xe2\x80\xae", "\\u202e", 6},
        {"\xe4\xb8\xad", "\xe4\xb8\xad", 2},
        {"\xcc\x81", "\xcc\x81", 0},
        {"\xc0\xaf", "\\xc0", 4},
        {"\xed\xa0\x80", "\\xed", 4},
        {"\xe4\xb8", "\\xe4", 4},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; ++i) {
        struct utf8_glyph glyph = utf8_glyph(cases[i].bytes, strlen(cases[i].bytes));
        assert_string_equal(cases[i].shown, glyph.text);
        assert_int_equal(cases[i].columns, glyph.columns);
    }
    assert_string_equal("abc", utf8_shorten("abc").text);
    char lengthy[300];
    memset(lengthy, 'x', sizeof lengthy - 1);
    lengthy[sizeof lengthy - 1] = '\0';
    assert_int_equal(71, strlen(utf8_shorten(lengthy).text));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_units),           cmocka_unit_test(test_first_unit_is_the_base),
        cmocka_unit_test(test_refusals),        cmocka_unit_test(test_counts),
        cmocka_unit_test(test_distributions),   cmocka_unit_test(test_distribution_refusals),
        cmocka_unit_test(test_text_reads_back), cmocka_unit_test(test_text_is_pleasant),
        cmocka_unit_test(test_nearest_name),    cmocka_unit_test(test_locale),
        cmocka_unit_test(test_visible_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
