/* Distributions: every form is the one it says, within its bounds, and nonsense is refused. */
#include "engine/distribution.h"

#include "tests/chance.h"

#include <gsl/gsl_sf_gamma.h>
#include <string.h>

enum { DRAWS = 40000 };

static double cdf_uniform(double x, const double *p)
{
    return (x - p[0]) / (p[1] - p[0]);
}

static double cdf_exponential(double x, const double *p)
{
    return gsl_cdf_exponential_P(x, p[0]);
}

/* Of the normal cut to min .. max, where they are given. */
static double cdf_normal(double x, const double *p)
{
    double below = isnan(p[2]) ? 0.0 : gsl_cdf_ugaussian_P((p[2] - p[0]) / p[1]);
    double above = isnan(p[3]) ? 0.0 : gsl_cdf_ugaussian_Q((p[3] - p[0]) / p[1]);
    return (gsl_cdf_ugaussian_P((x - p[0]) / p[1]) - below) / (1.0 - below - above);
}

static double cdf_lognormal(double x, const double *p)
{
    double variance = log(1.0 + p[1] * p[1] / (p[0] * p[0]));
    return gsl_cdf_lognormal_P(x, log(p[0]) - 0.5 * variance, sqrt(variance));
}

static double cdf_erlang(double x, const double *p)
{
    return gsl_cdf_gamma_P(x, p[1], p[0] / p[1]);
}

static double cdf_gamma(double x, const double *p)
{
    return gsl_cdf_gamma_P(x, (p[0] / p[1]) * (p[0] / p[1]), p[1] * p[1] / p[0]);
}

static double cdf_weibull(double x, const double *p)
{
    return gsl_cdf_weibull_P(x, p[0] / gsl_sf_gamma(1.0 + 1.0 / p[1]), p[1]);
}

/* Whitt's p1 = (1 + sqrt((c^2 - 1) / (c^2 + 1))) / 2, each phase with half the mean to give. */
static double cdf_hyperexponential(double x, const double *p)
{
    double square = p[1] * p[1], often = 0.5 * (1.0 + sqrt((square - 1.0) / (square + 1.0)));
    return often * gsl_cdf_exponential_P(x, p[0] / (2.0 * often)) +
           (1.0 - often) * gsl_cdf_exponential_P(x, p[0] / (2.0 * (1.0 - often)));
}

/* A form with its true mean, sd and kurtosis (fourth central moment over the squared variance). */
struct form_case {
    const char *name;
    struct distribution distribution;
    double (*cdf)(double x, const double *p);
    double mean, sd, kurtosis;
};

/* Gamma kurtosis: 3 + 6 sd^2 / mean^2; Weibull's and the hyperexponential's are computed from their
 * raw moments, scale^n Gamma(1 + n / shape) and n! sum of p (mean / 2 p)^n.
 * Lognormal kurtosis: w^4 + 2 w^3 + 3 w^2 - 3, w = 1 + sd^2 / mean^2. The cut normals' moments are
 * the textbook ones of the two-sided truncation (Johnson, Kotz and Balakrishnan 1994, 13.10). */
static const struct form_case form_cases[] = {
    {"uniform",
     {DISTRIBUTION_UNIFORM, {1.0, 4.0, NAN, NAN}, NULL},
     cdf_uniform,
     2.5,
     0.86602540378443865,
     1.8},
    {"uniform below 0",
     {DISTRIBUTION_UNIFORM, {-0.3, 0.1, NAN, NAN}, NULL},
     cdf_uniform,
     -0.1,
     0.11547005383792516,
     1.8},
    {"exponential",
     {DISTRIBUTION_EXPONENTIAL, {20.0, NAN, NAN, NAN}, NULL},
     cdf_exponential,
     20.0,
     20.0,
     9.0},
    {"normal", {DISTRIBUTION_NORMAL, {20.0, 8.0, NAN, NAN}, NULL}, cdf_normal, 20.0, 8.0, 3.0},
    {"normal, min",
     {DISTRIBUTION_NORMAL, {20.0, 8.0, 20.0, NAN}, NULL},
     cdf_normal,
     26.383076486422924,
     4.8224821999626958,
     3.8691773},
    {"normal, max",
     {DISTRIBUTION_NORMAL, {20.0, 8.0, NAN, 20.0}, NULL},
     cdf_normal,
     13.616923513577076,
     4.8224821999626958,
     3.8691773},
    {"normal, min and max",
     {DISTRIBUTION_NORMAL, {0.0, 1.0, -1.0, 1.0}, NULL},
     cdf_normal,
     0.0,
     0.53956053, /* sqrt(1 - 2 phi(1) / (2 Phi(1) - 1)) */
     1.9409199},
    {"lognormal",
     {DISTRIBUTION_LOGNORMAL, {20.0, 8.0, NAN, NAN}, NULL},
     cdf_lognormal,
     20.0,
     8.0,
     5.969},
    {"erlang 1", {DISTRIBUTION_ERLANG, {20.0, 1.0, NAN, NAN}, NULL}, cdf_erlang, 20.0, 20.0, 9.0},
    {"erlang 4", {DISTRIBUTION_ERLANG, {20.0, 4.0, NAN, NAN}, NULL}, cdf_erlang, 20.0, 10.0, 4.5},
    {"erlang 1000",
     {DISTRIBUTION_ERLANG, {1.0, 1000.0, NAN, NAN}, NULL},
     cdf_erlang,
     1.0,
     0.031622776601683794,
     3.006},
    {"gamma", {DISTRIBUTION_GAMMA, {20.0, 8.0, NAN, NAN}, NULL}, cdf_gamma, 20.0, 8.0, 3.96},
    {"gamma, wide", {DISTRIBUTION_GAMMA, {1.0, 2.0, NAN, NAN}, NULL}, cdf_gamma, 1.0, 2.0, 27.0},
    {"weibull 1.5",
     {DISTRIBUTION_WEIBULL, {20.0, 1.5, NAN, NAN}, NULL},
     cdf_weibull,
     20.0,
     13.579373861946916,
     4.3904036},
    {"weibull 0.7",
     {DISTRIBUTION_WEIBULL, {20.0, 0.7, NAN, NAN}, NULL},
     cdf_weibull,
     20.0,
     29.24849146093635,
     23.542015},
    {"weibull 10",
     {DISTRIBUTION_WEIBULL, {1.0, 10.0, NAN, NAN}, NULL},
     cdf_weibull,
     1.0,
     0.1203102189311583,
     3.5701665},
    {"hyperexponential 1.2",
     {DISTRIBUTION_HYPEREXPONENTIAL, {20.0, 1.2, NAN, NAN}, NULL},
     cdf_hyperexponential,
     20.0,
     24.0,
     17.666574},
    {"hyperexponential 2",
     {DISTRIBUTION_HYPEREXPONENTIAL, {20.0, 2.0, NAN, NAN}, NULL},
     cdf_hyperexponential,
     20.0,
     40.0,
     52.3125},
    {"hyperexponential 4",
     {DISTRIBUTION_HYPEREXPONENTIAL, {1.0, 4.0, NAN, NAN}, NULL},
     cdf_hyperexponential,
     1.0,
     4.0,
     197.61328},
};

enum { FORM_CASES = sizeof form_cases / sizeof *form_cases };

static void draw_all(const struct form_case *form, uint64_t entity, double *values)
{
    struct stream stream;
    stream_init(&stream, (struct stream_key){31, entity, 0, 0});
    for (int i = 0; i < DRAWS; i++)
        values[i] = distribution_draw(&form->distribution, &stream);
}

/* Mean, variance about the true mean, and shape: each with the false-alarm rate of chance.h (that
 * of the variance by the central limit, so only roughly that for the skewed forms). */
static void check_form(const struct form_case *form, uint64_t entity)
{
    double *values = chance_room(DRAWS, sizeof *values);
    draw_all(form, entity, values);
    double sum = 0.0, square = 0.0, variance = form->sd * form->sd;
    for (int i = 0; i < DRAWS; i++) {
        sum += values[i];
        square += (values[i] - form->mean) * (values[i] - form->mean);
        values[i] = form->cdf(values[i], form->distribution.parameter);
    }
    assert_mean(sum / DRAWS, form->mean, form->sd, DRAWS, form->name);
    assert_mean(square / DRAWS, variance, variance * sqrt(form->kurtosis - 1.0), DRAWS, form->name);
    assert_uniform(values, DRAWS, form->name);
    free(values);
}

static void test_forms(void **state)
{
    (void)state;
    for (size_t i = 0; i < FORM_CASES; i++) {
        struct error error = {{0}};
        if (!distribution_check(&form_cases[i].distribution, &error))
            fail_msg("%s: %s", form_cases[i].name, error.text);
        check_form(&form_cases[i], i);
    }
}

static void test_draws_stay_in_the_support(void **state)
{
    (void)state;
    double *values = chance_room(DRAWS, sizeof *values);
    for (size_t i = 0; i < FORM_CASES; i++) {
        double low, high;
        distribution_support(&form_cases[i].distribution, &low, &high);
        draw_all(&form_cases[i], i, values);
        for (int k = 0; k < DRAWS; k++)
            assert_within(values[k], low, high);
    }
    free(values);
}

static void test_supports(void **state)
{
    (void)state;
    const struct {
        struct distribution distribution;
        double low, high, mean;
    } cases[] = {
        {{DISTRIBUTION_CONSTANT, {-2.0, NAN, NAN, NAN}, NULL}, -2.0, -2.0, -2.0},
        {{DISTRIBUTION_UNIFORM, {-1.0, 4.0, NAN, NAN}, NULL}, -1.0, 4.0, 1.5},
        {{DISTRIBUTION_EXPONENTIAL, {3.0, NAN, NAN, NAN}, NULL}, 0.0, INFINITY, 3.0},
        {{DISTRIBUTION_NORMAL, {1.0, 2.0, NAN, NAN}, NULL}, -INFINITY, INFINITY, 1.0},
        {{DISTRIBUTION_NORMAL, {1.0, 2.0, 0.0, NAN}, NULL}, 0.0, INFINITY, 1.0},
        {{DISTRIBUTION_NORMAL, {1.0, 2.0, NAN, 3.0}, NULL}, -INFINITY, 3.0, 1.0},
        {{DISTRIBUTION_LOGNORMAL, {5.0, 2.0, NAN, NAN}, NULL}, 0.0, INFINITY, 5.0},
        {{DISTRIBUTION_ERLANG, {6.0, 3.0, NAN, NAN}, NULL}, 0.0, INFINITY, 6.0},
        {{DISTRIBUTION_GAMMA, {6.0, 3.0, NAN, NAN}, NULL}, 0.0, INFINITY, 6.0},
        {{DISTRIBUTION_WEIBULL, {6.0, 3.0, NAN, NAN}, NULL}, 0.0, INFINITY, 6.0},
        {{DISTRIBUTION_HYPEREXPONENTIAL, {6.0, 3.0, NAN, NAN}, NULL}, 0.0, INFINITY, 6.0},
        {distribution_empirical((struct distribution_pair[]){{6.0, 1.0}, {-2.0, 3.0}}, 2), -2.0,
         6.0, 0.0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        double low, high;
        distribution_support(&cases[i].distribution, &low, &high);
        assert_close(low, cases[i].low, 0.0);
        assert_close(high, cases[i].high, 0.0);
        assert_close(distribution_mean(&cases[i].distribution), cases[i].mean, 0.0);
    }
}

static void test_no_spread(void **state)
{
    (void)state;
    const struct distribution still[] = {
        {DISTRIBUTION_CONSTANT, {20.0, NAN, NAN, NAN}, NULL},
        {DISTRIBUTION_UNIFORM, {20.0, 20.0, NAN, NAN}, NULL},
        {DISTRIBUTION_NORMAL, {20.0, 0.0, NAN, NAN}, NULL},
        {DISTRIBUTION_NORMAL, {20.0, 0.0, 20.0, 20.0}, NULL},
        {DISTRIBUTION_LOGNORMAL, {20.0, 0.0, NAN, NAN}, NULL},
        {DISTRIBUTION_GAMMA, {20.0, 0.0, NAN, NAN}, NULL},
        distribution_empirical(&(struct distribution_pair){20.0, 0.5}, 1),
    };
    struct stream stream;
    stream_init(&stream, (struct stream_key){.seed = 1});
    for (size_t i = 0; i < sizeof still / sizeof *still; i++) {
        assert_true(distribution_check(&still[i], NULL));
        for (int k = 0; k < 100; k++)
            assert_close(distribution_draw(&still[i], &stream), 20.0, 1e-15);
    }
    struct distribution constant = distribution_constant(-4.5);
    assert_close(distribution_draw(&constant, &stream), -4.5, 0.0);
}

static struct distribution two_pairs(double value0, double weight0, double value1, double weight1)
{
    return distribution_empirical(
        (struct distribution_pair[]){{value0, weight0}, {value1, weight1}}, 2);
}

static void test_refusals(void **state)
{
    (void)state;
    const struct {
        struct distribution distribution;
        const char *why;
    } cases[] = {
        {{DISTRIBUTION_UNIFORM, {4.0, 1.0, NAN, NAN}, NULL}, "min must not exceed max"},
        {{DISTRIBUTION_EXPONENTIAL, {0.0, NAN, NAN, NAN}, NULL}, "mean must be above 0"},
        {{DISTRIBUTION_EXPONENTIAL, {-1.0, NAN, NAN, NAN}, NULL}, "mean must be above 0"},
        {{DISTRIBUTION_NORMAL, {1.0, -1.0, NAN, NAN}, NULL}, "sd must not be negative"},
        {{DISTRIBUTION_NORMAL, {1.0, 1.0, 3.0, 2.0}, NULL}, "min must not exceed max"},
        {{DISTRIBUTION_NORMAL, {0.0, 1.0, 4.1, NAN}, NULL}, "over 4 sd"},
        {{DISTRIBUTION_NORMAL, {0.0, 1.0, NAN, -4.1}, NULL}, "over 4 sd"},
        {{DISTRIBUTION_NORMAL, {20.0, 0.0, 21.0, NAN}, NULL}, "over 4 sd"},
        {{DISTRIBUTION_LOGNORMAL, {0.0, 1.0, NAN, NAN}, NULL}, "mean must be above 0"},
        {{DISTRIBUTION_LOGNORMAL, {1.0, -1.0, NAN, NAN}, NULL}, "sd must not be negative"},
        {{DISTRIBUTION_ERLANG, {0.0, 2.0, NAN, NAN}, NULL}, "mean must be above 0"},
        {{DISTRIBUTION_ERLANG, {1.0, 0.0, NAN, NAN}, NULL}, "stages must be a whole number"},
        {{DISTRIBUTION_ERLANG, {1.0, 2.5, NAN, NAN}, NULL}, "stages must be a whole number"},
        {{DISTRIBUTION_ERLANG, {1.0, 1001.0, NAN, NAN}, NULL}, "stages must be a whole number"},
        {{DISTRIBUTION_GAMMA, {0.0, 1.0, NAN, NAN}, NULL}, "mean must be above 0"},
        {{DISTRIBUTION_GAMMA, {1.0, -1.0, NAN, NAN}, NULL}, "sd must not be negative"},
        {{DISTRIBUTION_GAMMA, {1.0, 31.0, NAN, NAN}, NULL}, "30 times"},
        {{DISTRIBUTION_GAMMA, {1.0, 1e-7, NAN, NAN}, NULL}, "millionth"},
        {{DISTRIBUTION_GAMMA, {INFINITY, 1.0, NAN, NAN}, NULL}, "millionth"},
        {{DISTRIBUTION_WEIBULL, {-1.0, 1.0, NAN, NAN}, NULL}, "mean must be above 0"},
        {{DISTRIBUTION_WEIBULL, {1.0, 0.05, NAN, NAN}, NULL}, "shape must lie"},
        {{DISTRIBUTION_WEIBULL, {1.0, 1001.0, NAN, NAN}, NULL}, "shape must lie"},
        {{DISTRIBUTION_HYPEREXPONENTIAL, {0.0, 2.0, NAN, NAN}, NULL}, "mean must be above 0"},
        {{DISTRIBUTION_HYPEREXPONENTIAL, {1.0, 1.0, NAN, NAN}, NULL}, "cv must be above 1"},
        {{DISTRIBUTION_HYPEREXPONENTIAL, {1.0, 1001.0, NAN, NAN}, NULL}, "cv must be above 1"},
        {{DISTRIBUTION_EMPIRICAL, {NAN, NAN, NAN, NAN}, NULL}, "at least one pair"},
        {two_pairs(1.0, 0.0, 2.0, 1.0), "weight 1 must be above 0"},
        {two_pairs(1.0, 1.0, 2.0, NAN), "weight 2 must be above 0"},
        {two_pairs(1.0, 1.0, INFINITY, 1.0), "value 2"},
        {two_pairs(1.0, 1e308, 2.0, 1e308), "weights are too large"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct error error = {{0}};
        assert_false(distribution_check(&cases[i].distribution, &error));
        if (strstr(error.text, cases[i].why) == NULL)
            fail_msg("case %zu says \"%s\", not \"%s\"", i, error.text, cases[i].why);
    }
}

/* A window that hardly any draw hits would be drawn for without end. */
static void test_narrow_windows_are_refused(void **state)
{
    (void)state;
    static const struct distribution narrow[] = {
        {DISTRIBUTION_NORMAL, {20.0, 8.0, 20.0, 20.0}, NULL},
        {DISTRIBUTION_NORMAL, {0.0, 1.0, 0.0, 1e-9}, NULL},
        {DISTRIBUTION_NORMAL, {0.0, 1.0, 3.9, 3.91}, NULL},
        {DISTRIBUTION_NORMAL, {0.0, INFINITY, 0.0, 1.0}, NULL},
    };
    for (size_t i = 0; i < sizeof narrow / sizeof *narrow; i++) {
        struct error error = {{0}};
        assert_false(distribution_check(&narrow[i], &error));
        assert_non_null(strstr(error.text, "min..max"));
    }
    const struct distribution wide = {DISTRIBUTION_NORMAL, {0.0, 1.0, 0.0, 0.001}, NULL};
    assert_true(distribution_check(&wide, NULL));
}

/* What the parser would have to let slip: a parameter that is not given. */
static void test_missing_parameters_are_refused(void **state)
{
    (void)state;
    for (int kind = 0; kind < DISTRIBUTION_KINDS; kind++)
        for (int i = 0; i < DISTRIBUTION_PARAMETERS; i++) {
            const struct distribution_form *form = &distribution_forms[kind];
            if (form->parameter[i].name == NULL || form->parameter[i].optional)
                continue;
            struct distribution distribution = {
                (enum distribution_kind)kind, {1.0, 2.0, NAN, NAN}, NULL};
            assert_true(distribution_check(&distribution, NULL));
            distribution.parameter[i] = NAN;
            if (distribution_check(&distribution, NULL))
                fail_msg("%s is taken without its %s", form->name, form->parameter[i].name);
        }
}

static void test_delays_are_whole_nanoseconds(void **state)
{
    (void)state;
    static const struct {
        double seconds;
        simtime delay;
    } cases[] = {
        {0.0, 0},
        {0.4e-9, 0},
        {0.6e-9, 1},
        {1.0, SIMTIME_SECOND},
        {1.23456789049, 1234567890},
        {1.23456789051, 1234567891},
        {-3.0, 0},
        {NAN, 0},
        {3600.0, SIMTIME_HOUR},
        {INFINITY, INT64_C(3155760000) * SIMTIME_SECOND},
        {1e300, INT64_C(3155760000) * SIMTIME_SECOND},
    };
    struct stream stream;
    stream_init(&stream, (struct stream_key){.seed = 1});
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct distribution constant = distribution_constant(cases[i].seconds);
        assert_true(distribution_delay(&constant, &stream) == cases[i].delay);
    }
    assert_int_equal(stream.block, 0); /* a constant costs nothing */
}

static void test_delays_are_the_draws(void **state)
{
    (void)state;
    for (size_t i = 0; i < FORM_CASES; i++) {
        struct stream stream, twin;
        stream_init(&stream, (struct stream_key){32, i, 0, 0});
        twin = stream;
        for (int k = 0; k < 100; k++) {
            simtime delay = distribution_delay(&form_cases[i].distribution, &stream);
            double seconds = distribution_draw(&form_cases[i].distribution, &twin);
            assert_true(delay >= 0);
            assert_within(simtime_to_seconds(delay) - fmax(seconds, 0.0), -0.51e-9, 0.51e-9);
        }
    }
}

/* The grammar reads what the table says: required ones first, examples that begin with the name. */
static void test_table_of_forms(void **state)
{
    (void)state;
    for (int kind = 0; kind < DISTRIBUTION_KINDS; kind++) {
        const struct distribution_form *form = &distribution_forms[kind];
        assert_non_null(form->name);
        assert_memory_equal(form->example, form->name, strlen(form->name));
        assert_true(form->pairs == (form->parameter[0].name == NULL));
        bool optional = false, ended = false;
        for (int i = 0; i < DISTRIBUTION_PARAMETERS; i++) {
            ended = ended || form->parameter[i].name == NULL;
            assert_true(!ended || form->parameter[i].name == NULL);
            assert_true(ended || !optional || form->parameter[i].optional);
            optional = optional || form->parameter[i].optional;
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_forms),
        cmocka_unit_test(test_draws_stay_in_the_support),
        cmocka_unit_test(test_supports),
        cmocka_unit_test(test_no_spread),
        cmocka_unit_test(test_refusals),
        cmocka_unit_test(test_narrow_windows_are_refused),
        cmocka_unit_test(test_missing_parameters_are_refused),
        cmocka_unit_test(test_delays_are_whole_nanoseconds),
        cmocka_unit_test(test_delays_are_the_draws),
        cmocka_unit_test(test_table_of_forms),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
