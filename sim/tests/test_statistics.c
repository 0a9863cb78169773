/* Statistics and histogram: known answers, exact coverage, and intervals at their edges. */
#include "engine/statistics.h"

#include "engine/histogram.h"
#include "engine/random.h"
#include "tests/chance.h"

#include <gsl/gsl_randist.h>
#include <string.h>

/* Clopper-Pearson at 95%, by a root of the integrated beta density with 40 digits (mpmath). */
static void test_clopper_pearson_known_answers(void **state)
{
    (void)state;
    static const struct {
        uint64_t hits, n;
        double low, high;
    } cases[] = {
        {3, 1000, 6.19099931649571263e-4, 8.74202323847830358e-3},
        {0, 1000000, 0.0, 3.68887265020649e-6},
        {0, 1000000000, 0.0, 3.68887944731e-9},
        {1000000000, 1000000000, 0.99999999631112055, 1.0},
        {50000, 1000000, 0.0495736395473264025, 0.0504289693684639252},
        {9999900, 10000000, 0.999987837333772768, 0.999991863593700205},
        {5000000, 10000000, 0.499690052521371089, 0.500309947478628911},
        {500000000, 1000000000, 0.499969009748422282, 0.500030990251577718},
        {1, 1, 0.025, 1.0},
        {0, 1, 0.0, 0.975},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct interval ci = interval_clopper_pearson(cases[i].hits, cases[i].n, 0.95);
        assert_close(ci.low, cases[i].low, 1e-9);
        assert_close(ci.high, cases[i].high, 1e-9);
    }
}

/* Newcombe (1998), Statistics in Medicine 17, table I, methods 3 and 5: four printed digits. */
static void test_newcombe_examples(void **state)
{
    (void)state;
    static const struct {
        uint64_t hits, n;
        struct interval wilson, exact;
    } cases[] = {
        {81, 263, {0.2553, 0.3662}, {0.2527, 0.3676}},
        {15, 148, {0.0624, 0.1605}, {0.0578, 0.1617}},
        {0, 20, {0.0, 0.1611}, {0.0, 0.1684}},
        {1, 29, {0.0061, 0.1718}, {0.0009, 0.1776}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct interval wilson = interval_wilson(cases[i].hits, cases[i].n, 0.95);
        struct interval exact = interval_clopper_pearson(cases[i].hits, cases[i].n, 0.95);
        assert_within(wilson.low - cases[i].wilson.low, -5.1e-5, 5.1e-5);
        assert_within(wilson.high - cases[i].wilson.high, -5.1e-5, 5.1e-5);
        assert_within(exact.low - cases[i].exact.low, -5.1e-5, 5.1e-5);
        assert_within(exact.high - cases[i].exact.high, -5.1e-5, 5.1e-5);
    }
    struct interval ci = interval_wilson(3, 1000, 0.95);
    assert_close(ci.low, 0.001020783881138619, 1e-12);
    assert_close(ci.high, 0.008783014053503174, 1e-12);
}

static void test_proportions_at_their_edges(void **state)
{
    (void)state;
    static const uint64_t sizes[] = {1, 2, 10, 1000, 1000000, UINT64_C(1) << 40};
    struct interval empty[] = {interval_wilson(0, 0, 0.95), interval_clopper_pearson(0, 0, 0.95)};
    for (int i = 0; i < 2; i++)
        assert_true(empty[i].low == 0.0 && empty[i].high == 1.0);
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        uint64_t n = sizes[i];
        struct interval none[] = {interval_wilson(0, n, 0.95),
                                  interval_clopper_pearson(0, n, 0.95)};
        struct interval all[] = {interval_wilson(n, n, 0.95), interval_clopper_pearson(n, n, 0.95)};
        for (int k = 0; k < 2; k++) {
            assert_true(none[k].low == 0.0 && none[k].high > 0.0 && none[k].high < 1.0);
            assert_true(all[k].high == 1.0 && all[k].low < 1.0 && all[k].low > 0.0);
            assert_close(none[k].high, 1.0 - all[k].low, 1e-3);
        }
    }
}

static void more_hits_than_trials(void)
{
    (void)interval_clopper_pearson(2, 1, 0.95);
}

static void more_hits_than_trials_wilson(void)
{
    (void)interval_wilson(2, 1, 0.95);
}

static void test_impossible_counts_are_bugs(void **state)
{
    (void)state;
    assert_aborts(more_hits_than_trials);
    assert_aborts(more_hits_than_trials_wilson);
}

/* Order, symmetry, and the share itself inside: over nine decades of n. */
static void test_proportions_over_a_grid(void **state)
{
    (void)state;
    for (uint64_t n = 1; n <= 1000000000; n = n * 7 + 1)
        for (int part = 0; part <= 10; part++) {
            uint64_t hits = (uint64_t)((double)n * part / 10.0);
            double share = (double)hits / (double)n;
            struct interval exact = interval_clopper_pearson(hits, n, 0.95);
            struct interval mirror = interval_clopper_pearson(n - hits, n, 0.95);
            struct interval wilson = interval_wilson(hits, n, 0.95);
            assert_within(share, exact.low, exact.high);
            assert_within(share, wilson.low, wilson.high);
            assert_within(exact.low, 0.0, 1.0);
            assert_within(exact.high, 0.0, 1.0);
            assert_within(exact.low + mirror.high, 1.0 - 1e-12, 1.0 + 1e-12);
        }
}

/* For large n both tend to the normal interval: they agree within a few 1 / n. */
static void test_exact_and_score_intervals_meet(void **state)
{
    (void)state;
    for (uint64_t n = 1000; n <= 1000000000; n *= 10)
        for (int part = 1; part < 10; part++) {
            uint64_t hits = n / 10 * (uint64_t)part;
            struct interval exact = interval_clopper_pearson(hits, n, 0.95);
            struct interval score = interval_wilson(hits, n, 0.95);
            assert_within((exact.low - score.low) * (double)n, -3.0, 3.0);
            assert_within((exact.high - score.high) * (double)n, -3.0, 3.0);
        }
}

/* The probability that an interval from `n` trials covers the true share, summed over all counts.
 */
static double coverage(struct interval (*make)(uint64_t, uint64_t, double), unsigned n,
                       double share)
{
    double sum = 0.0;
    for (unsigned hits = 0; hits <= n; hits++) {
        struct interval ci = make(hits, n, 0.95);
        if (ci.low <= share && share <= ci.high)
            sum += gsl_ran_binomial_pdf(hits, share, n);
    }
    return sum;
}

/* No chance in here: Clopper-Pearson never covers less than it says, Wilson does so on average. */
static void test_coverage_of_proportions(void **state)
{
    (void)state;
    double wilson = 0.0;
    for (int i = 1; i < 100; i++) {
        assert_within(coverage(interval_clopper_pearson, 50, i / 100.0), 0.95, 1.0);
        wilson += coverage(interval_wilson, 50, i / 100.0) / 99.0;
    }
    assert_within(wilson, 0.945, 0.96);
}

static void test_student_known_answers(void **state)
{
    (void)state;
    /* t(0.975, 4) = 2.7764451051977987, sd^2 = 2.5: half width 2.776... sqrt(2.5 / 5). */
    const double values[] = {1.0, 2.0, 3.0, 4.0, 5.0};
    struct interval ci = interval_student(values, 5, 0.95);
    assert_close(ci.low, 3.0 - 1.9632431614775, 1e-12);
    assert_close(ci.high, 3.0 + 1.9632431614775, 1e-12);
    /* t(0.995, 1) = 63.656741162871584, sd = 1 / sqrt(2). */
    ci = interval_student(values, 2, 0.99);
    assert_close(ci.low, 1.5 - 31.828370581435792, 1e-12);
    assert_close(ci.high, 1.5 + 31.828370581435792, 1e-12);
    const double same[] = {0.25, 0.25, 0.25};
    ci = interval_student(same, 3, 0.95);
    assert_true(ci.low == 0.25 && ci.high == 0.25);
}

static void test_student_of_too_few(void **state)
{
    (void)state;
    const double value = 7.0;
    for (size_t n = 0; n < 2; n++) {
        struct interval ci = interval_student(&value, n, 0.95);
        assert_true(isinf(ci.low) && ci.low < 0.0 && isinf(ci.high) && ci.high > 0.0);
    }
}

/* Of 20,000 experiments of 10 normal values, 95% cover: 94.3 .. 95.7% is 4.5 standard errors each
 * way, left by chance for 7 of 10^6 seeds. The first 1,000 alone must give 93.5 .. 96.5%, which
 * 3 of 100 seeds would not. */
static void test_coverage_of_student(void **state)
{
    (void)state;
    struct stream stream;
    stream_init(&stream, (struct stream_key){.seed = 41});
    unsigned covered = 0;
    for (unsigned i = 1; i <= 20000; i++) {
        double values[10];
        for (int k = 0; k < 10; k++)
            values[k] = stream_normal(&stream, 5.0, 3.0);
        struct interval ci = interval_student(values, 10, 0.95);
        covered += ci.low <= 5.0 && 5.0 <= ci.high;
        if (i == 1000)
            assert_within(covered / 1000.0, 0.935, 0.965);
    }
    assert_within(covered / 20000.0, 0.943, 0.957);
}

/* A large offset with a small spread: what the naive sum of squares would get wrong. */
static void test_tally_against_two_passes(void **state)
{
    (void)state;
    enum { N = 10000 };
    double *values = chance_room(N, sizeof *values);
    struct stream stream;
    stream_init(&stream, (struct stream_key){.seed = 42});
    struct tally tally = {0};
    long double sum = 0.0L, square = 0.0L;
    double least = INFINITY, most = -INFINITY;
    for (int i = 0; i < N; i++) {
        values[i] = stream_normal(&stream, -1e9, 1.0);
        tally_add(&tally, values[i]);
        sum += values[i];
        least = fmin(least, values[i]);
        most = fmax(most, values[i]);
    }
    for (int i = 0; i < N; i++)
        square += (values[i] - sum / N) * (values[i] - sum / N);
    assert_int_equal(tally.n, N);
    assert_close(tally.mean, (double)(sum / N), 1e-14);
    assert_close(tally_variance(&tally), (double)(square / (N - 1)), 1e-6);
    assert_true(tally.minimum == least && tally.maximum == most);
    free(values);
}

static void test_tally_of_few(void **state)
{
    (void)state;
    struct tally tally = {0};
    assert_true(tally_variance(&tally) == 0.0);
    tally_add(&tally, -4.0);
    assert_true(tally.mean == -4.0 && tally.minimum == -4.0 && tally.maximum == -4.0);
    assert_true(tally_variance(&tally) == 0.0);
    tally_add(&tally, -2.0);
    assert_true(tally.mean == -3.0 && tally_variance(&tally) == 2.0);
    assert_true(tally.minimum == -4.0 && tally.maximum == -2.0);
}

static void step_to(struct time_average *average, simtime now, uint64_t value)
{
    while (average->value < value)
        time_average_rise(average, now);
    while (average->value > value)
        time_average_fall(average, now);
}

static void test_time_average(void **state)
{
    (void)state;
    struct time_average average = {0};
    assert_true(time_average_mean(&average, 0) == 0.0);
    step_to(&average, 2 * SIMTIME_SECOND, 3); /* 0 until then */
    assert_close(time_average_mean(&average, 2 * SIMTIME_SECOND), 0.0, 1e-15);
    assert_close(time_average_mean(&average, 6 * SIMTIME_SECOND), 2.0, 1e-15);
    step_to(&average, 6 * SIMTIME_SECOND, 1);
    step_to(&average, 6 * SIMTIME_SECOND, 5); /* two steps in one moment */
    step_to(&average, 8 * SIMTIME_SECOND, 0);
    assert_close(time_average_area(&average, 8 * SIMTIME_SECOND), 22.0, 1e-15);
    assert_close(time_average_mean(&average, 11 * SIMTIME_SECOND), 2.0, 1e-15);
}

/* A million in a queue for 250 years: 8 x 10^24 customer-nanoseconds, and not one of them lost. */
static void test_time_average_is_exact(void **state)
{
    (void)state;
    struct time_average average = {0};
    simtime end = 250 * 365 * SIMTIME_DAY;
    for (int i = 0; i < 1000000; i++)
        time_average_rise(&average, i);
    double area_s = (1e6 * (double)end - 1e6 * 999999 / 2) * 1e-9;
    assert_close(time_average_area(&average, end), area_s, 1e-15);
    for (int i = 0; i < 1000000; i++)
        time_average_fall(&average, end - i);
    double falls_s = 1e6 * 999999 / 2 * 1e-9;
    assert_close(time_average_area(&average, end), area_s - falls_s, 1e-15);
    time_average_rise(&average, end); /* and what comes after is seen beside it */
    time_average_sum exact = (time_average_sum)average.value * (end + 1) - average.steps;
    time_average_fall(&average, end + 1);
    assert_true((time_average_sum)0 * (end + 1) - average.steps == exact);
}

static struct histogram *new_histogram(void)
{
    return chance_room(1, sizeof(struct histogram));
}

/* The one value's own quantile. */
static double seen_as(int64_t value)
{
    struct histogram *histogram = new_histogram();
    histogram_add(histogram, value);
    double quantile = histogram_quantile(histogram, 0.5);
    uint64_t inside = 0;
    for (unsigned i = 0; i < HISTOGRAM_BUCKETS; i++)
        inside += histogram->bucket[i];
    assert_true(histogram->n == 1 && inside == 1);
    free(histogram);
    return quantile;
}

static void test_histogram_extremes(void **state)
{
    (void)state;
    assert_true(seen_as(-1) == 0.0);
    assert_true(seen_as(INT64_MIN) == 0.0);
    for (int64_t value = 0; value < 256; value++)
        assert_true(seen_as(value) == (double)value);
    assert_true(seen_as(256) == 256.5 && seen_as(257) == 256.5 && seen_as(258) == 258.5);
    assert_close(seen_as(INT64_MAX), (double)INT64_MAX, 0.004);
    for (int bit = 8; bit < 63; bit++)
        for (int off = -1; off <= 1; off++) {
            int64_t value = (INT64_C(1) << bit) + off;
            assert_close(seen_as(value), (double)value, 0.004);
        }
}

static int order_numbers(const void *a, const void *b)
{
    int64_t left = *(const int64_t *)a, right = *(const int64_t *)b;
    return (left > right) - (left < right);
}

enum { OBSERVATIONS = 50001 };

/* Log-uniform over nine decades, from a microsecond to a quarter of an hour. */
static void draw_durations(int64_t *values)
{
    struct stream stream;
    stream_init(&stream, (struct stream_key){.seed = 43});
    for (int i = 0; i < OBSERVATIONS; i++)
        values[i] = (int64_t)pow(10.0, 3.0 + 9.0 * stream_uniform(&stream));
}

static void test_histogram_quantiles(void **state)
{
    (void)state;
    int64_t *values = chance_room(OBSERVATIONS, sizeof *values);
    struct histogram *histogram = new_histogram();
    draw_durations(values);
    double sum = 0.0;
    for (int i = 0; i < OBSERVATIONS; i++) {
        histogram_add(histogram, values[i]);
        sum += (double)values[i];
    }
    assert_close(histogram->sum, sum, 1e-15);
    qsort(values, OBSERVATIONS, sizeof *values, order_numbers);
    for (int i = 0; i <= 1000; i++) {
        double fraction = i / 1000.0;
        int64_t rank = (int64_t)fmax(ceil(fraction * OBSERVATIONS), 1.0);
        assert_close(histogram_quantile(histogram, fraction), (double)values[rank - 1], 0.004);
    }
    assert_close(histogram_quantile(histogram, 0.99999), (double)values[OBSERVATIONS - 1], 0.004);
    assert_true(histogram_quantile(histogram, 1.5) == histogram_quantile(histogram, 1.0));
    free(histogram);
    free(values);
}

static void test_histogram_ranks(void **state)
{
    (void)state;
    struct histogram *histogram = new_histogram();
    assert_true(histogram_quantile(histogram, 0.5) == 0.0);
    for (int64_t value = 1; value <= 100; value++)
        histogram_add(histogram, value);
    assert_true(histogram_quantile(histogram, 0.0) == 1.0);
    assert_true(histogram_quantile(histogram, 0.50) == 50.0);
    assert_true(histogram_quantile(histogram, 0.501) == 51.0);
    assert_true(histogram_quantile(histogram, 0.95) == 95.0);
    assert_true(histogram_quantile(histogram, 0.99) == 99.0);
    assert_true(histogram_quantile(histogram, 1.0) == 100.0);
    free(histogram);
}

/* Parts merged in any order are, to the last byte, what one histogram of everything is. */
static void test_histogram_merge(void **state)
{
    (void)state;
    int64_t *values = chance_room(OBSERVATIONS, sizeof *values);
    struct histogram *whole = new_histogram(), *merged = new_histogram();
    struct histogram *parts = chance_room(3, sizeof *parts);
    draw_durations(values);
    for (int i = 0; i < OBSERVATIONS; i++) {
        histogram_add(whole, values[i] / 1000); /* the sum stays below 2^53: exact */
        histogram_add(&parts[i % 3], values[i] / 1000);
    }
    for (int part = 2; part >= 0; part--)
        histogram_merge(merged, &parts[part]);
    assert_memory_equal(merged, whole, sizeof *whole);
    free(parts);
    free(merged);
    free(whole);
    free(values);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_clopper_pearson_known_answers),
        cmocka_unit_test(test_newcombe_examples),
        cmocka_unit_test(test_proportions_at_their_edges),
        cmocka_unit_test(test_impossible_counts_are_bugs),
        cmocka_unit_test(test_proportions_over_a_grid),
        cmocka_unit_test(test_exact_and_score_intervals_meet),
        cmocka_unit_test(test_coverage_of_proportions),
        cmocka_unit_test(test_student_known_answers),
        cmocka_unit_test(test_student_of_too_few),
        cmocka_unit_test(test_coverage_of_student),
        cmocka_unit_test(test_tally_against_two_passes),
        cmocka_unit_test(test_tally_of_few),
        cmocka_unit_test(test_time_average),
        cmocka_unit_test(test_time_average_is_exact),
        cmocka_unit_test(test_histogram_extremes),
        cmocka_unit_test(test_histogram_quantiles),
        cmocka_unit_test(test_histogram_ranks),
        cmocka_unit_test(test_histogram_merge),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
