/*
 * What the intervals promise, kept on a queue: experiments of ten replications of M/M/1 at rho 0.8,
 * started empty, the warm-up deleted, and the nominal 95% interval of their mean wait.
 *
 * CASHPOINT_LONG=1 in the environment makes 1,000 experiments of 20,000 kept customers a
 * replication; without it 200 of 5,000.
 *
 * The same as a run does it: kernel, resource, series, and the estimate with its doubts, which must
 * be said where coverage fails and not be said where it does not.
 */
#include "engine/statistics.h"
#include "engine/steady.h"
#include "engine/warmup.h"

#include "tests/chance.h"
#include "tests/counter_mm1.h"
#include "tests/lindley.h"

#include <string.h>

enum { REPLICATIONS = 10, DELETED = 2000 };

static const double rho = 0.8;

static bool is_long(void)
{
    const char *wish = getenv("CASHPOINT_LONG");
    return wish != NULL && strcmp(wish, "1") == 0;
}

static bool covers(const double *means)
{
    struct interval ci = interval_student(means, REPLICATIONS, 0.95);
    return ci.low <= lindley_mean(rho) && lindley_mean(rho) <= ci.high;
}

static bool covers_after_fixed(uint32_t experiment, size_t kept)
{
    double means[REPLICATIONS];
    for (uint32_t k = 0; k < REPLICATIONS; k++)
        means[k] = lindley_run(rho, 131, experiment * REPLICATIONS + k, DELETED, kept);
    return covers(means);
}

/* Long: 93.5 .. 96.5%, which 3 seeds of 100 would miss where all is right. Short: 95% less and more
 * four and a half standard errors, which 7 of 10^6 would. */
static void test_fixed_deletion(void **state)
{
    (void)state;
    uint32_t experiments = is_long() ? 1000 : 200, covered = 0;
    for (uint32_t i = 0; i < experiments; i++)
        covered += covers_after_fixed(i, is_long() ? 20000 : 5000);
    double share = (double)covered / experiments;
    print_message("%u experiments, %d deleted: %.1f%% cover\n", experiments, DELETED,
                  100.0 * share);
    assert_within(share, is_long() ? 0.935 : 0.88, is_long() ? 0.965 : 1.0);
}

/* The series of the ten replications, from the start; MSER-5 on their average says what to delete,
 * or that they are too short to tell. */
static bool covers_after_mser5(uint32_t experiment, size_t n, double *series, double *deleted,
                               bool *found)
{
    double means[REPLICATIONS] = {0}, *average = series + REPLICATIONS * n;
    memset(average, 0, n * sizeof *average);
    for (uint32_t k = 0; k < REPLICATIONS; k++) {
        struct lindley queue;
        lindley_start(&queue, rho, 132, experiment * REPLICATIONS + k);
        lindley_fill(&queue, series + k * n, n);
        for (size_t i = 0; i < n; i++)
            average[i] += series[k * n + i] / REPLICATIONS;
    }
    struct warmup warmup = warmup_mser5(average, n);
    *found = warmup.verdict == WARMUP_FOUND;
    *deleted += (double)warmup.truncate;
    for (uint32_t k = 0; k < REPLICATIONS; k++)
        for (size_t i = warmup.truncate; i < n; i++)
            means[k] += series[k * n + i] / (double)(n - warmup.truncate);
    return covers(means);
}

/* MSER-5 deletes less, and what bias is left stays far below the width. Long: 92.9 .. 97.1%, three
 * standard errors, which 3 seeds of 1,000 would miss; short as above. Of the short experiments 3 in
 * 1,000 are told that they are too short: over 3% of them in 4 of 10^6 seeds. */
static void test_mser5_deletion(void **state)
{
    (void)state;
    size_t n = is_long() ? 20000 : 5000;
    uint32_t experiments = is_long() ? 1000 : 200, covered = 0, settled = 0;
    double *series = chance_room((REPLICATIONS + 1) * n, sizeof *series), deleted = 0.0;
    for (uint32_t i = 0; i < experiments; i++) {
        bool found;
        bool covers = covers_after_mser5(i, n, series, &deleted, &found);
        covered += found && covers;
        settled += found;
    }
    double share = (double)covered / settled;
    print_message("%u of %u experiments settled, MSER-5 deletes %.0f in the mean: %.1f%% cover\n",
                  settled, experiments, deleted / settled, 100.0 * share);
    assert_true(settled >= experiments - experiments * 3 / 100);
    assert_within(share, is_long() ? 0.929 : 0.88, is_long() ? 0.971 : 1.0);
    free(series);
}

/* --- the path of a run --- */

struct share {
    double cover, doubted, brief;
};

/* Many experiments of ten replications; the shares that cover, that are doubted, that are called
 * brief. */
static struct share run_experiments(double load, uint64_t seed, uint32_t experiments,
                                    uint64_t customers)
{
    struct series *series = chance_room(REPLICATIONS, sizeof *series);
    const struct series *each[REPLICATIONS];
    double means[REPLICATIONS], average[SERIES_ROOM], truth = lindley_mean(load);
    uint32_t covered = 0, doubted = 0, brief = 0;
    for (uint32_t i = 0; i < experiments; i++) {
        memset(series, 0, REPLICATIONS * sizeof *series);
        for (uint32_t k = 0; k < REPLICATIONS; k++) {
            counter_run(&series[k], load, seed, i * REPLICATIONS + k, customers);
            each[k] = &series[k];
        }
        struct steady steady = steady_estimate(each, REPLICATIONS, 0.95, means, average);
        covered += steady.interval.low <= truth && truth <= steady.interval.high;
        doubted += steady.doubts != STEADY_TRUSTED;
        brief += (steady.doubts & STEADY_BRIEF) != 0;
    }
    free(series);
    struct share share = {(double)covered / experiments, (double)doubted / experiments,
                          (double)brief / experiments};
    print_message("rho %.1f, %u experiments of %llu customers: %.1f%% cover, %.1f%% are doubted\n",
                  load, experiments, (unsigned long long)customers, 100.0 * share.cover,
                  100.0 * share.doubted);
    return share;
}

/* The engine's queue is the recursion's: the same numbers give the same waits, to the nanosecond
 * of each draw. */
static void test_engine_against_recursion(void **state)
{
    (void)state;
    enum { CUSTOMERS = 2000 };
    struct series *series = chance_room(1, sizeof *series);
    struct lindley queue;
    counter_run(series, 0.8, 133, 7, CUSTOMERS);
    lindley_start(&queue, 0.8, 133, 7);
    (void)stream_exponential(&queue.arrivals, 1.0 / queue.rho); /* the first one's arrival */
    assert_int_equal(series_count(series), CUSTOMERS);
    for (size_t i = 0; i < CUSTOMERS; i++)
        assert_within(series_cell_mean(series, 0, i) - lindley_next(&queue), -1e-5, 1e-5);
    free(series);
}

/* Long: what is asked for, 93.5 .. 96.5% (3 seeds of 100 would miss where all is right). Short: 100
 * experiments of 10,000, of which some 93% cover; 4.5 standard errors less, which 7 seeds of 10^6
 * would miss, are 81%. */
static void test_long_runs(void **state)
{
    (void)state;
    struct share share =
        run_experiments(rho, 134, is_long() ? 1000 : 100, is_long() ? 50000 : 10000);
    assert_within(share.cover, is_long() ? 0.935 : 0.81, is_long() ? 0.965 : 1.0);
    assert_within(share.doubted, 0.0, is_long() ? 0.02 : 0.3); /* of the short ones some 10% are */
}

/* At rho 0.9 10,000 customers cover 90%, 3,000 84%: the program warns, practically always. */
static void test_short_runs(void **state)
{
    (void)state;
    uint32_t experiments = is_long() ? 1000 : 50;
    struct share share = run_experiments(0.9, 135, experiments, 3000);
    assert_within(share.cover, 0.6, 0.95);
    assert_within(share.brief, 0.98, 1.0);
    share = run_experiments(0.9, 136, experiments, 10000);
    assert_within(share.brief, 0.94, 1.0);
}

/* Nothing to warn of: not more often than once in twenty (under once in a hundred was measured, so
 * of 50 experiments more than two are doubted for 2 seeds of 100 at most). */
static void test_healthy_runs(void **state)
{
    (void)state;
    struct share share = run_experiments(0.5, 137, is_long() ? 1000 : 50, 5000);
    assert_within(share.doubted, 0.0, 0.05);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_fixed_deletion),
        cmocka_unit_test(test_mser5_deletion),
        cmocka_unit_test(test_engine_against_recursion),
        cmocka_unit_test(test_long_runs),
        cmocka_unit_test(test_short_runs),
        cmocka_unit_test(test_healthy_runs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
