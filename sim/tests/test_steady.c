/* A mean in the steady state: against its parts put together by hand, and each doubt. */
#include "engine/steady.h"

#include "engine/batch.h"
#include "engine/random.h"
#include "tests/chance.h"

#include <string.h>

enum { MOST = 12 };

static struct stream stream_of(uint64_t seed, uint32_t replication)
{
    struct stream stream;
    stream_init(&stream, (struct stream_key){seed, 0, replication, 0});
    return stream;
}

/* Some replications, kept in full and as series. */
struct sample {
    size_t count, length[MOST];
    double *values[MOST], means[MOST], average[SERIES_ROOM];
    struct series *series[MOST];
};

static struct sample *sample_new(size_t count, const size_t *length)
{
    struct sample *sample = chance_room(1, sizeof *sample);
    sample->count = count;
    for (size_t i = 0; i < count; i++) {
        sample->length[i] = length[i];
        sample->values[i] = chance_room(length[i] + 1, sizeof(double));
        sample->series[i] = chance_room(1, sizeof(struct series));
    }
    return sample;
}

static struct steady estimate(struct sample *sample)
{
    for (size_t i = 0; i < sample->count; i++) {
        memset(sample->series[i], 0, sizeof(struct series));
        for (size_t j = 0; j < sample->length[i]; j++)
            series_add(sample->series[i], sample->values[i][j]);
    }
    return steady_estimate((const struct series *const *)sample->series, sample->count, 0.95,
                           sample->means, sample->average);
}

static void sample_free(struct sample *sample)
{
    for (size_t i = 0; i < sample->count; i++) {
        free(sample->values[i]);
        free(sample->series[i]);
    }
    free(sample);
}

/* Noise about 10, after a start that is far off. */
static void fill_settling(struct sample *sample, size_t start)
{
    for (size_t i = 0; i < sample->count; i++) {
        struct stream stream = stream_of(12, (uint32_t)i);
        for (size_t j = 0; j < sample->length[i]; j++)
            sample->values[i][j] = stream_normal(&stream, 10.0, 1.0) + (j < start ? 30.0 : 0.0);
    }
}

static double mean_of(const double *values, size_t from, size_t to)
{
    double sum = 0.0;
    for (size_t i = from; i < to; i++)
        sum += values[i];
    return sum / (double)(to - from);
}

/* Cells of four, since the longest needs them; 625 of them, since the shortest has no more. */
static void test_replications(void **state)
{
    (void)state;
    struct sample *sample = sample_new(3, (size_t[]){3000, 5000, 2503});
    fill_settling(sample, 137);
    struct steady steady = estimate(sample);
    assert_int_equal(steady.n, 3);
    assert_int_equal(steady.observations, 10503);
    assert_int_equal(steady.log_width, 2);
    assert_int_equal(steady.cells, 625);
    double average[625], means[3];
    for (size_t cell = 0; cell < 625; cell++) {
        average[cell] = 0.0;
        for (size_t i = 0; i < 3; i++)
            average[cell] += mean_of(sample->values[i], 4 * cell, 4 * cell + 4) / 3.0;
        assert_close(sample->average[cell], average[cell], 1e-12);
    }
    struct warmup warmup = warmup_mser5(average, 625);
    assert_int_equal(steady.warmup.truncate, warmup.truncate);
    assert_int_equal(steady.deleted, 140); /* 137, rounded up to five cells of four */
    for (size_t i = 0; i < 3; i++) {
        means[i] = mean_of(sample->values[i], 140, sample->length[i]);
        assert_close(sample->means[i], means[i], 1e-12);
    }
    struct interval interval = interval_student(means, 3, 0.95);
    assert_close(steady.mean, (means[0] + means[1] + means[2]) / 3.0, 1e-12);
    assert_close(steady.interval.low, interval.low, 1e-9);
    assert_close(steady.interval.high, interval.high, 1e-9);
    assert_int_equal(steady.doubts, STEADY_TRUSTED);
    sample_free(sample);
}

/* The one among others that have no observations. */
static void test_one_replication(void **state)
{
    (void)state;
    struct sample *sample = sample_new(3, (size_t[]){0, 1803, 0});
    fill_settling(sample, 98);
    struct steady steady = estimate(sample);
    assert_int_equal(steady.n, 1);
    assert_int_equal(steady.observations, 1803);
    assert_int_equal(steady.deleted, 135); /* 98, rounded up to three means of 45 */
    assert_true(isnan(sample->means[0]) && isnan(sample->means[2]));
    struct batch_means batches = batch_means(sample->values[1] + 135, 1668, STEADY_BATCHES, 0.95);
    assert_close(steady.mean, mean_of(sample->values[1], 135, 1803), 1e-12);
    assert_close(steady.interval.high - steady.interval.low,
                 batches.interval.high - batches.interval.low, 1e-9);
    assert_close(steady.interval.high + steady.interval.low, 2.0 * steady.mean, 1e-12);
    assert_int_equal(steady.batches, STEADY_BATCHES);
    assert_close(steady.correlation, batches.correlation, 1e-9);
    assert_int_equal(steady.doubts, STEADY_TRUSTED);
    sample_free(sample);
}

static void test_nothing(void **state)
{
    (void)state;
    struct sample *sample = sample_new(2, (size_t[]){0, 0});
    struct steady steady = estimate(sample);
    assert_int_equal(steady.n, 0);
    assert_int_equal(steady.doubts, STEADY_SHORT);
    assert_true(isinf(steady.interval.low) && isnan(sample->means[0]));
    const struct series *none[2] = {NULL, NULL};
    assert_int_equal(steady_estimate(none, 2, 0.95, sample->means, sample->average).n, 0);
    sample_free(sample);
}

/* All the same: a width of nothing, and nothing to doubt about it. */
static void test_constant(void **state)
{
    (void)state;
    struct sample *sample = sample_new(2, (size_t[]){500, 700});
    for (size_t i = 0; i < 2; i++)
        for (size_t j = 0; j < sample->length[i]; j++)
            sample->values[i][j] = 3.0;
    struct steady steady = estimate(sample);
    assert_true(steady.mean == 3.0 && steady.interval.low == 3.0 && steady.interval.high == 3.0);
    assert_int_equal(steady.doubts, STEADY_TRUSTED);
    assert_int_equal(steady.deleted, 0);
    for (size_t j = 0; j < 500; j++) /* the last bit alone */
        sample->values[0][j] = nextafter(3.0, j / 100 % 2 == 0 ? 4.0 : 2.0);
    assert_int_equal(estimate(sample).doubts, STEADY_TRUSTED);
    sample_free(sample);
}

/* --- each doubt, where it belongs --- */

static void test_short(void **state)
{
    (void)state;
    struct sample *sample = sample_new(3, (size_t[]){500, 500, 99}); /* the shortest counts */
    fill_settling(sample, 0);
    struct steady steady = estimate(sample);
    assert_int_equal(steady.doubts, STEADY_SHORT);
    assert_true(steady.deleted == 0 && isfinite(steady.interval.low));
    sample_free(sample);
    sample = sample_new(1, (size_t[]){79});
    fill_settling(sample, 0);
    steady = estimate(sample);
    assert_int_equal(steady.doubts, STEADY_SHORT | STEADY_FEW);
    assert_true(isinf(steady.interval.low) && isfinite(steady.mean));
    sample_free(sample);
}

static void test_unsettled(void **state)
{
    (void)state;
    struct sample *sample = sample_new(2, (size_t[]){1000, 1000});
    fill_settling(sample, 600);
    struct steady steady = estimate(sample);
    assert_int_equal(steady.doubts & STEADY_UNSETTLED, STEADY_UNSETTLED);
    assert_int_equal(steady.deleted, 0);
    sample_free(sample);
}

/* An autoregressive process whose memory, 1 / (1 - 0.98), is long beside a part and short beside
 * none. */
static void fill_sluggish(struct sample *sample)
{
    for (size_t i = 0; i < sample->count; i++) {
        struct stream stream = stream_of(12, (uint32_t)i);
        double value = 0.0;
        for (size_t j = 0; j < sample->length[i]; j++)
            sample->values[i][j] = value = 0.98 * value + stream_normal(&stream, 0.0, 1.0);
    }
}

static void test_brief(void **state)
{
    (void)state;
    struct sample *sample = sample_new(5, (size_t[]){1500, 1500, 1500, 1500, 1500});
    fill_sluggish(sample);
    struct steady steady = estimate(sample);
    assert_int_equal(steady.doubts, STEADY_BRIEF);
    assert_within(steady.correlation, 0.5, 1.0);
    sample_free(sample);
    sample = sample_new(5, (size_t[]){20000, 20000, 20000, 20000, 20000});
    fill_sluggish(sample);
    steady = estimate(sample);
    assert_int_equal(steady.doubts, STEADY_TRUSTED);
    assert_within(steady.correlation, -0.1, 0.3);
    sample_free(sample);
}

static void test_one_correlated(void **state)
{
    (void)state;
    struct sample *sample = sample_new(1, (size_t[]){1500});
    fill_sluggish(sample);
    struct steady steady = estimate(sample);
    assert_int_equal(steady.doubts & STEADY_BRIEF, STEADY_BRIEF);
    for (size_t j = 0; j < 1500; j++) /* slower still: batch to batch */
        sample->values[0][j] = 9.0 * sin((double)j / 60.0) + sample->values[0][j];
    steady = estimate(sample);
    assert_int_equal(steady.doubts & STEADY_CORRELATED, STEADY_CORRELATED);
    sample_free(sample);
}

/* Each replication once in a while sees a number 100 times the others; three see too few of them,
 * twelve do not. */
static void test_skewed(void **state)
{
    (void)state;
    size_t lengths[MOST];
    for (size_t i = 0; i < MOST; i++)
        lengths[i] = 800;
    for (size_t count = 3; count <= MOST; count += 9) {
        struct sample *sample = sample_new(count, lengths);
        for (size_t i = 0; i < count; i++)
            for (size_t j = 0; j < 800; j++)
                sample->values[i][j] = (i * 800 + j) % 300 == 299 ? 100.0 : 1.0;
        struct steady steady = estimate(sample);
        assert_int_equal(steady.doubts & STEADY_SKEWED, count == 3 ? STEADY_SKEWED : 0);
        /* of 80 parts of ten observations, one in 30 differs: a Bernoulli variable's skewness */
        double p = 1.0 / 30.0;
        assert_close(steady.skewness, (1.0 - 2.0 * p) / sqrt(p * (1.0 - p)) / sqrt(80.0), 0.15);
        sample_free(sample);
    }
}

static void test_words(void **state)
{
    (void)state;
    for (unsigned i = 0; i < STEADY_DOUBTS; i++) {
        assert_int_equal(strspn(steady_word(1u << i), "abcdefghijklmnopqrstuvwxyz-"),
                         strlen(steady_word(1u << i)));
        assert_true(strlen(steady_text(1u << i)) > 20);
    }
}

static void ask_for_two(void)
{
    (void)steady_word(STEADY_SHORT | STEADY_FEW);
}

static void test_misuse(void **state)
{
    (void)state;
    assert_aborts(ask_for_two);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_replications), cmocka_unit_test(test_one_replication),
        cmocka_unit_test(test_nothing),      cmocka_unit_test(test_constant),
        cmocka_unit_test(test_short),        cmocka_unit_test(test_unsettled),
        cmocka_unit_test(test_brief),        cmocka_unit_test(test_one_correlated),
        cmocka_unit_test(test_skewed),       cmocka_unit_test(test_words),
        cmocka_unit_test(test_misuse),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
