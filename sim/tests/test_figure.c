/* Numbers as people read them, pooled curves, and the description of a scenario. */
#include "output/figure.h"
#include "output/pool.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void assert_near(double got, double expected, double within)
{
    if (!(fabs(got - expected) <= within))
        fail_msg("%.12g where %.12g was expected", got, expected);
}

static void assert_figure(const char *unit, const char *kind, double value, double half,
                          const char *text, const char *shown_unit)
{
    struct figure_scale scale = figure_scale(unit, kind, fabs(value));
    char out[FIGURE_BYTES];
    figure_write(out, &scale, value, half, 0);
    assert_string_equal(out, text);
    assert_string_equal(scale.unit, shown_unit);
}

static void test_figures(void **state)
{
    (void)state;
    assert_figure("1", "ratio", 0.01827, 0.0006, "1.827", "%");
    assert_figure("1", "ratio", 0.5, NAN, "50.00", "%");
    assert_figure("s", "time", 46.482, 0.3, "46.48", "s");
    assert_figure("s", "time", 0.0123, 0.001, "12.3", "ms");
    assert_figure("s", "time", 1230.0, 60.0, "20.5", "min");
    assert_figure("per 1000 withdrawals", "rate", 1.4462, 0.22, "1.45", "per 1,000 withdrawals");
    assert_figure("1/1000 withdrawals", "rate", 0.0, 0.1, "0", "per 1,000 withdrawals");
    assert_figure("CNY per 1000 withdrawals", "rate", -2054.3, 207.0,
                  "\xE2\x88\x92"
                  "2054",
                  "CNY per 1,000 withdrawals");
    assert_figure("1", "count", 1234567.0, 900.0,
                  "1\xE2\x80\xAF"
                  "234\xE2\x80\xAF"
                  "567",
                  "a replication");
    assert_figure("1", "rate", NAN, NAN, "\xE2\x80\x93", "");
    char out[FIGURE_BYTES];
    figure_time(out, 1304000.0);
    assert_string_equal(out, "1.30 ms");
    figure_time(out, 402.0);
    assert_string_equal(out, "402 ns");
}

static struct curve_row row(const char *scheme, double replication, double bin, double n,
                            double sum)
{
    return (struct curve_row){.curve = "c",
                              .scheme = scheme,
                              .x_unit = "mm",
                              .replication = replication,
                              .bin = bin,
                              .x_lo = bin,
                              .x_hi = bin + 1.0,
                              .n = n,
                              .sum = sum};
}

/* Wilson's interval for 8 of 10 is 0.4902 to 0.9433 (Brown, Cai and DasGupta 2001, formula 4). */
static void test_successes_are_pooled(void **state)
{
    (void)state;
    struct curve_row rows[] = {row("a", 1, 2, 6, 5), row("a", 0, 1, 3, 0), row("b", 0, 2, 9, 9),
                               row("a", 0, 2, 4, 3), row("a", 1, 1, 0, 0)};
    struct report_data data = {.curves = rows, .curve_rows = 5};
    struct pool pool;
    pool_curve(&pool, &data, "c", "a", POOL_SUCCESS);
    assert_int_equal(pool.count, 2);
    assert_near(pool.bins[0].n, 3.0, 0.0);
    assert_near(pool.bins[0].low, 0.0, 0.0);
    assert_near(pool.bins[1].x_lo, 2.0, 0.0);
    assert_near(pool.bins[1].value, 0.8, 1e-12);
    assert_near(pool.bins[1].low, 0.4902, 5e-5);
    assert_near(pool.bins[1].high, 0.9433, 5e-5);
    pool_free(&pool);
    pool_curve(&pool, &data, "c", "nobody", POOL_SUCCESS);
    assert_int_equal(pool.count, 0);
    pool_free(&pool);
}

/* Equal n: the interval is the t interval of 10, 12, 14: 12 +- 4.303 x 2 / sqrt(3) = 4.968. */
static void test_ratio_interval(void **state)
{
    (void)state;
    struct curve_row rows[] = {row("a", 0, 0, 1, 10), row("a", 1, 0, 1, 12), row("a", 2, 0, 1, 14)};
    struct report_data data = {.curves = rows, .curve_rows = 3};
    struct pool pool;
    pool_curve(&pool, &data, "c", "a", POOL_RATIO);
    assert_near(pool.bins[0].value, 12.0, 1e-12);
    assert_near(pool.bins[0].low, 12.0 - 4.968, 1e-3);
    assert_near(pool.bins[0].high, 12.0 + 4.968, 1e-3);
    pool_free(&pool);
    data.curve_rows = 1;
    pool_curve(&pool, &data, "c", "a", POOL_RATIO);
    assert_true(isnan(pool.bins[0].low) && isnan(pool.bins[0].high));
    pool_free(&pool);
}

static void assert_description(const char *yaml, const char *expected)
{
    char out[64];
    report_data_description(out, sizeof out, yaml);
    assert_string_equal(out, expected);
}

static void test_description(void **state)
{
    (void)state;
    assert_description("seed: 1\ndescription: One day\nx: 2\n", "One day");
    assert_description("\n\ndescription: 'It''s a day'\n", "It's a day");
    assert_description("description: \"a \\\"b\\\" c\"\n", "a \"b\" c");
    assert_description("description: >\n  two\n  lines\nseed: 1\n", "two lines");
    assert_description("description: a long\n  value\n", "a long value");
    assert_description("x:\n  description: not this\n", "");
    assert_description("description:\n", "");
    assert_description("", "");
    assert_description("\n", "");
    char out[8];
    report_data_description(out, sizeof out, "description: far too long for this");
    assert_string_equal(out, "far too");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_figures),
        cmocka_unit_test(test_successes_are_pooled),
        cmocka_unit_test(test_ratio_interval),
        cmocka_unit_test(test_description),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
