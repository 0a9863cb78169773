/* From what units count to rows with intervals that may be believed. */
#include "engine/random.h"
#include "tests/chance.h"
#include "tests/summary_sample.h"

#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

/* The row of one measure and scheme, alone in an experiment of that scheme. */
static struct summary_row row_of(const struct counts *counts, unsigned replications)
{
    struct experiment experiment;
    struct summary summary;
    experiment_init(&experiment, &tables, OLD_ONLY, replications);
    fill(&experiment, OLD, counts);
    summary_make(&summary, &experiment);
    assert_int_equal(summary.count, MEASURES);
    const struct summary_row *row =
        summary_find(&summary, &tables, OLD, measures[counts->measure].name);
    assert_non_null(row);
    struct summary_row copy = *row;
    summary_free(&summary);
    experiment_fini(&experiment);
    return copy;
}

static void assert_row(const struct summary_row *row, unsigned n, double mean, double low,
                       double high, const char *method)
{
    assert_int_equal(row->n, n);
    assert_close(row->mean, mean, 1e-12);
    assert_close(row->interval.low, low, 1e-9);
    assert_close(row->interval.high, high, 1e-9);
    assert_string_equal(row->method, method);
}

static void test_values(void **state)
{
    (void)state;
    struct unit_result *unit = unit_result_new(&tables, NEW, 3);
    assert_true(unit->scheme == NEW && unit->replication == 3);
    assert_true(unit_value(unit, PAID) == 0.0);
    assert_true(isnan(unit_value(unit, REFUSED)) && isnan(unit_value(unit, WAIT)));
    unit_count(unit, PAID, 3.0);
    unit_count(unit, PAID, 4.0);
    unit_ratio(unit, THEFTS, 1.0, 100.0);
    unit_ratio(unit, THEFTS, 2.0, 50.0);
    unit_time(unit, WAIT, 2 * SIMTIME_SECOND);
    unit_time(unit, WAIT, 3 * SIMTIME_SECOND);
    assert_true(unit_value(unit, PAID) == 7.0);
    assert_close(unit_value(unit, THEFTS), 20.0, 1e-15);
    assert_close(unit_value(unit, WAIT), 2.5, 1e-15);
    assert_int_equal(unit->times[WAIT]->n, 2);
    assert_null(unit->times[PAID]);
    unit_result_free(unit);
    unit_result_free(NULL);
}

static void test_curves(void **state)
{
    (void)state;
    static const struct {
        double x;
        unsigned bin;
    } cases[] = {{50.0, 0},  {149.9, 0},    {150.0, 1},     {249.9, 1}, {250.0, 2}, {349.9, 2},
                 {350.0, 2}, {INFINITY, 2}, {-INFINITY, 0}, {NAN, 0},   {0.0, 0}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct unit_result *unit = unit_result_new(&tables, OLD, 0);
        unit_curve(unit, BY_RANGE, cases[i].x, 2.0, 0.5);
        unit_curve(unit, BY_RANGE, cases[i].x, 1.0, 0.25);
        for (unsigned bin = 0; bin < 3; bin++) {
            assert_true(unit->cells[BY_RANGE][bin].n == (bin == cases[i].bin ? 3.0 : 0.0));
            assert_true(unit->cells[BY_RANGE][bin].sum == (bin == cases[i].bin ? 0.75 : 0.0));
        }
        unit_result_free(unit);
    }
    for (unsigned bin = 0; bin <= 3; bin++)
        assert_close(curve_edge(&curves[BY_RANGE], bin), 50.0 + 100.0 * bin, 1e-15);
}

static void test_units_by_scheme(void **state)
{
    (void)state;
    struct experiment experiment;
    experiment_init(&experiment, &tables, NEW_ONLY, 2);
    assert_int_equal(experiment.count, 2);
    assert_null(experiment_unit(&experiment, OLD, 0));
    assert_null(experiment_unit(&experiment, NEW, 2));
    const struct unit_result *unit = experiment_unit(&experiment, NEW, 1);
    assert_true(unit != NULL && unit->scheme == NEW && unit->replication == 1);
    experiment_fini(&experiment);
}

/* Values 1 .. 5: 3 +- 2.776... sqrt(2.5 / 5). */
static void test_student_rows(void **state)
{
    (void)state;
    const struct counts paid = {PAID, {1, 2, 3, 4, 5}, {0}};
    struct summary_row row = row_of(&paid, 5);
    assert_row(&row, 5, 3.0, 3.0 - 1.9632431614775, 3.0 + 1.9632431614775, "t");
    assert_true(isnan(row.gain) && isnan(row.percentile[0]));
    const struct counts loss = {LOSS, {1, 2, 3, 4, 5}, {10, 10, 10, 10, 10}};
    row = row_of(&loss, 5);
    assert_row(&row, 5, 300.0, 300.0 - 196.32431614775, 300.0 + 196.32431614775, "t");
}

/* t(0.975, 1) = 12.7062047361747: so wide that a share would leave 0 .. 1. */
static void test_shares_stay_shares(void **state)
{
    (void)state;
    const struct counts refused = {REFUSED, {2, 4}, {10, 10}};
    struct summary_row row = row_of(&refused, 2);
    assert_row(&row, 2, 0.3, 0.0, 1.0, "t");
    const struct counts paid = {PAID, {2, 4}, {0}};
    row = row_of(&paid, 2);
    assert_row(&row, 2, 3.0, 0.0, 3.0 + 12.7062047361747, "t");
}

static void test_none_or_all_are_pooled(void **state)
{
    (void)state;
    const struct counts none = {REFUSED, {0, 0, 0, 0}, {250, 250, 250, 250}};
    struct summary_row row = row_of(&none, 4);
    assert_row(&row, 4, 0.0, 0.0, 0.00368208389687, "clopper-pearson"); /* 1 - 0.025^(1/1000) */
    const struct counts all = {REFUSED, {250, 250, 250, 250}, {250, 250, 250, 250}};
    row = row_of(&all, 4);
    assert_row(&row, 4, 1.0, 1.0 - 0.00368208389687, 1.0, "clopper-pearson");
    const struct counts rate = {THEFTS, {0, 0}, {600, 400}};
    row = row_of(&rate, 2);
    assert_row(&row, 2, 0.0, 0.0, 3.68208389687, "clopper-pearson"); /* per 1000 */
    const struct counts once = {REFUSED, {0}, {1000}};
    row = row_of(&once, 1);
    assert_row(&row, 1, 0.0, 0.0, 0.00368208389687, "clopper-pearson");
}

static void test_one_event_is_not_pooled(void **state)
{
    (void)state;
    const struct counts some = {REFUSED, {0, 0, 0, 1}, {250, 250, 250, 250}};
    assert_string_equal(row_of(&some, 4).method, "t");
    const struct counts most = {REFUSED, {250, 250, 250, 249}, {250, 250, 250, 250}};
    assert_string_equal(row_of(&most, 4).method, "t");
    const struct counts loss = {LOSS, {0, 0}, {600, 400}}; /* money is no proportion */
    struct summary_row row = row_of(&loss, 2);
    assert_row(&row, 2, 0.0, 0.0, 0.0, "t");
}

/* More thefts than withdrawals, or as many: a bad day for the bank, but no share of anything. */
static void test_a_rate_may_exceed_its_denominator(void **state)
{
    (void)state;
    const struct counts more = {THEFTS, {3, 2}, {1, 2}};
    struct summary_row row = row_of(&more, 2);
    assert_row(&row, 2, 2000.0, 0.0, 2000.0 + 12706.2047361747, "t");
    const struct counts as_many = {THEFTS, {2, 1}, {2, 1}};
    row = row_of(&as_many, 2);
    assert_row(&row, 2, 1000.0, 1000.0, 1000.0, "t");
}

static void test_one_replication(void **state)
{
    (void)state;
    const struct counts refused = {REFUSED, {3}, {10}};
    struct summary_row row = row_of(&refused, 1);
    assert_int_equal(row.n, 1);
    assert_close(row.mean, 0.3, 1e-15);
    assert_true(isinf(row.interval.low) && isinf(row.interval.high));
    assert_string_equal(row.method, "none");
}

static void test_missing_replications_are_dropped(void **state)
{
    (void)state;
    const struct counts gaps = {LOSS, {1, 0, 2, 0, 3}, {10, 0, 10, 0, 10}};
    struct summary_row row = row_of(&gaps, 5);
    /* t(0.975, 2) = 4.30265272974946, sd 100: half width t x 100 / sqrt(3). */
    assert_row(&row, 3, 200.0, 0.0, 200.0 + 248.41377119, "t");
    const struct counts nothing = {LOSS, {0}, {0}};
    row = row_of(&nothing, 5);
    assert_int_equal(row.n, 0);
    assert_string_equal(row.method, "none");
}

static void test_percentiles_are_pooled(void **state)
{
    (void)state;
    struct experiment experiment;
    struct summary summary;
    experiment_init(&experiment, &tables, OLD_ONLY, 2);
    for (int i = 1; i <= 1000; i++) /* 1 .. 1000 s, the short ones in one replication */
        unit_time(experiment.units[i <= 500 ? 0 : 1], WAIT, i * SIMTIME_SECOND);
    summary_make(&summary, &experiment);
    const struct summary_row *row = summary_find(&summary, &tables, OLD, "wait");
    assert_non_null(row);
    static const double expected[] = {500.0, 900.0, 950.0, 990.0};
    assert_close(row->mean, 500.5, 1e-12);
    for (int i = 0; i < 4; i++)
        assert_close(row->percentile[i], expected[i], 0.004);
    for (int i = 4; i < SUMMARY_PERCENTILES; i++) /* one observation lies above, or none */
        assert_true(isnan(row->percentile[i]));
    summary_free(&summary);
    experiment_fini(&experiment);
}

/* Ten observations above: 20 for the median, 100,000 for p99.99, and not one fewer. */
static void test_percentiles_need_observations(void **state)
{
    (void)state;
    static const struct {
        uint64_t n;
        int given;
    } cases[] = {{0, 0},   {19, 0},   {20, 1},   {99, 1},    {100, 2},   {199, 2},   {200, 3},
                 {999, 3}, {1000, 4}, {9999, 4}, {10000, 5}, {99999, 5}, {100000, 6}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct experiment experiment;
        struct summary summary;
        experiment_init(&experiment, &tables, OLD_ONLY, 1);
        for (uint64_t k = 0; k < cases[i].n; k++)
            unit_time(experiment.units[0], WAIT, SIMTIME_SECOND);
        summary_make(&summary, &experiment);
        const struct summary_row *row = summary_find(&summary, &tables, OLD, "wait");
        int given = 0;
        for (int k = 0; k < SUMMARY_PERCENTILES; k++)
            given += !isnan(row->percentile[k]);
        assert_int_equal(given, cases[i].given);
        summary_free(&summary);
        experiment_fini(&experiment);
    }
}

/* Differences 1, 2, 3, 4, 5 between values that vary by hundreds: only pairing can see them. */
static void test_difference_is_paired(void **state)
{
    (void)state;
    struct experiment experiment;
    struct summary summary;
    experiment_init(&experiment, &tables, BOTH, 6);
    fill(&experiment, OLD, &(struct counts){LOSS, {.9, .1, .5, .3, .7, 5}, {1, 1, 1, 1, 1, 0}});
    fill(&experiment, NEW,
         &(struct counts){LOSS, {.901, .102, .503, .304, .705, 6}, {1, 1, 1, 1, 1, 1}});
    fill(&experiment, OLD, &(struct counts){PAID, {9, 9, 9, 9, 9, 9}, {0}});
    summary_make(&summary, &experiment);
    assert_int_equal(summary.count, 3 * MEASURES);
    const struct summary_row *row = summary_find(&summary, &tables, SUMMARY_DIFFERENCE, "loss");
    assert_non_null(row); /* the sixth pair is not whole */
    assert_row(row, 5, 3.0, 3.0 - 1.9632431614775, 3.0 + 1.9632431614775, "t");
    /* variances of the schemes 1e5 and a little more, of the differences 2.5 */
    assert_within(row->gain, 79000.0, 81000.0);
    assert_true(isnan(summary_find(&summary, &tables, OLD, "loss")->gain));
    row = summary_find(&summary, &tables, SUMMARY_DIFFERENCE, "paid");
    assert_true(isnan(row->gain));
    assert_int_equal(row->n, 6);
    assert_true(row->mean == -9.0);           /* new minus old, and not cut at 0 */
    assert_string_equal(row->method, "none"); /* no spread, no interval */
    assert_true(isinf(row->interval.low) && isinf(row->interval.high));
    row = summary_find(&summary, &tables, SUMMARY_DIFFERENCE, "refused");
    assert_int_equal(row->n, 0);
    assert_null(summary_find(&summary, &tables, NEW, "no such measure"));
    summary_free(&summary);
    experiment_fini(&experiment);
}

static void test_no_difference_of_one_scheme(void **state)
{
    (void)state;
    struct experiment experiment;
    struct summary summary;
    experiment_init(&experiment, &tables, NEW_ONLY, 2);
    summary_make(&summary, &experiment);
    assert_int_equal(summary.count, MEASURES);
    assert_null(summary_find(&summary, &tables, SUMMARY_DIFFERENCE, "paid"));
    assert_null(summary_find(&summary, &tables, OLD, "paid"));
    summary_free(&summary);
    experiment_fini(&experiment);
}

/* --- in the steady state --- */

static const bool both_waits[SCHEMES * MEASURES] = {[WAIT] = true, [MEASURES + WAIT] = true};

static void fill_unit(struct unit_result *unit, size_t customers)
{
    struct stream stream;
    stream_init(&stream, (struct stream_key){6, 0, unit->replication, 0});
    for (size_t k = 0; k < customers; k++) {
        double wait = k < 150 ? 200.0 : stream_normal(&stream, 10.0, 0.1);
        unit_time(unit, WAIT, simtime_from_seconds(wait + unit->scheme));
    }
}

/* Waits that settle at 10 s after 200 s for the first 150 of them; the new scheme takes 1 s more.
 */
static void fill_waits(struct experiment *experiment, size_t customers)
{
    for (size_t i = 0; i < experiment->count; i++)
        fill_unit(experiment->units[i], customers);
}

static void test_steady_rows(void **state)
{
    (void)state;
    struct model_tables kept = tables;
    struct experiment experiment;
    struct summary summary;
    kept.steady = both_waits;
    experiment_init(&experiment, &kept, BOTH, 3);
    fill_waits(&experiment, 1003);
    summary_make(&summary, &experiment);
    assert_int_equal(summary.steady_count, 2);
    const struct summary_steady *steady = summary_steady(&summary, NEW, WAIT);
    assert_within(steady->steady.deleted, 150, 300);
    assert_int_equal(steady->steady.doubts, STEADY_TRUSTED);
    assert_null(summary_steady(&summary, NEW, PAID));
    assert_null(summary_steady(&summary, SUMMARY_DIFFERENCE, WAIT));
    const struct summary_row *row = summary_find(&summary, &kept, NEW, "wait");
    assert_int_equal(row->n, 3);
    assert_string_equal(row->method, "t-after-mser5");
    assert_within(row->mean, 10.95, 11.05);
    assert_within(row->interval.high - row->interval.low, 1e-3, 0.1);
    row = summary_find(&summary, &kept, SUMMARY_DIFFERENCE, "wait");
    assert_close(row->mean, 1.0, 1e-9); /* both truncated; raw ones would say so, too */
    row = summary_find(&summary, &kept, OLD, "paid");
    assert_string_equal(row->method, "t");
    summary_free(&summary);
    experiment_fini(&experiment);
}

/* A difference of one truncated and one whole mean would compare nothing: both are whole. */
static void test_steady_of_one_scheme(void **state)
{
    (void)state;
    for (int scheme = OLD; scheme <= NEW; scheme++) {
        bool one_wait[SCHEMES * MEASURES] = {false};
        struct model_tables kept = tables;
        struct experiment experiment;
        struct summary summary;
        one_wait[scheme * MEASURES + WAIT] = true;
        kept.steady = one_wait;
        experiment_init(&experiment, &kept, BOTH, 3);
        fill_waits(&experiment, 1003);
        summary_make(&summary, &experiment);
        assert_within(summary_find(&summary, &kept, scheme, "wait")->mean, 9.95, 11.05);
        assert_within(summary_find(&summary, &kept, 1 - scheme, "wait")->mean, 35.0, 40.0);
        const struct summary_row *row = summary_find(&summary, &kept, SUMMARY_DIFFERENCE, "wait");
        assert_close(row->mean, 1.0, 1e-9);
        summary_free(&summary);
        experiment_fini(&experiment);
    }
}

static void test_steady_of_one_replication(void **state)
{
    (void)state;
    struct model_tables kept = tables;
    struct experiment experiment;
    struct summary summary;
    kept.steady = both_waits;
    experiment_init(&experiment, &kept, OLD_ONLY, 1);
    fill_waits(&experiment, 1003);
    summary_make(&summary, &experiment);
    const struct summary_row *row = summary_find(&summary, &kept, OLD, "wait");
    assert_string_equal(row->method, "batch-means-after-mser");
    assert_int_equal(row->n, 1);
    assert_true(row->interval.low < row->mean && row->mean < row->interval.high);
    summary_free(&summary);
    experiment_fini(&experiment);
    experiment_init(&experiment, &kept, OLD_ONLY, 1);
    fill_waits(&experiment, 50);
    summary_make(&summary, &experiment);
    row = summary_find(&summary, &kept, OLD, "wait");
    assert_string_equal(row->method, "none");
    assert_close(row->mean, 200.0, 1e-12);
    summary_free(&summary);
    experiment_fini(&experiment);
}

static size_t resident_bytes(void)
{
    unsigned long whole, resident;
    FILE *file = fopen("/proc/self/statm", "r");
    assert_non_null(file);
    assert_int_equal(fscanf(file, "%lu %lu", &whole, &resident), 2);
    fclose(file);
    return resident * (size_t)sysconf(_SC_PAGESIZE);
}

/* A design of ten thousand units must not fill the memory before the first is run: each has over
 * 100 kB of histograms, which are all 0. */
static void test_units_to_come_take_little_memory(void **state)
{
    (void)state;
    enum { UNITS = 1000 };
    struct experiment experiment;
    size_t before = resident_bytes();
    experiment_init(&experiment, &tables, OLD_ONLY, UNITS);
    assert_true(resident_bytes() < before + UNITS * (size_t)20000);
    for (unsigned i = 0; i < UNITS; i++) {
        assert_int_equal(experiment.units[i]->times[WAIT]->bucket[HISTOGRAM_BUCKETS - 1], 0);
        assert_int_equal(experiment.units[i]->stages[DECODE].n, 0);
    }
    experiment_fini(&experiment);
}

/* Children get a unit that is to be run, and not those that are done. */
static void test_children_get_no_finished_unit(void **state)
{
    (void)state;
    struct unit_result *done = unit_result_new(&tables, OLD, 0);
    struct unit_result *next = unit_result_new(&tables, OLD, 1);
    unit_time(done, WAIT, SIMTIME_SECOND);
    unit_result_finish(done);
    assert_true(done->done && done->times[WAIT]->n == 1);
    pid_t child = fork();
    if (child == 0) {
        unsigned char there;
        size_t page = (size_t)sysconf(_SC_PAGESIZE);
        unit_time(next, WAIT, SIMTIME_SECOND);
        _exit(next->times[WAIT]->n == 1 && mincore(done->stages, page, &there) < 0 ? 0 : 1);
    }
    int status = 1;
    assert_true(child > 0 && waitpid(child, &status, 0) == child);
    assert_int_equal(status, 0);
    unit_result_free(done);
    unit_result_free(next);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_values),
        cmocka_unit_test(test_curves),
        cmocka_unit_test(test_units_by_scheme),
        cmocka_unit_test(test_units_to_come_take_little_memory),
        cmocka_unit_test(test_children_get_no_finished_unit),
        cmocka_unit_test(test_student_rows),
        cmocka_unit_test(test_shares_stay_shares),
        cmocka_unit_test(test_none_or_all_are_pooled),
        cmocka_unit_test(test_one_event_is_not_pooled),
        cmocka_unit_test(test_a_rate_may_exceed_its_denominator),
        cmocka_unit_test(test_one_replication),
        cmocka_unit_test(test_missing_replications_are_dropped),
        cmocka_unit_test(test_percentiles_are_pooled),
        cmocka_unit_test(test_percentiles_need_observations),
        cmocka_unit_test(test_steady_rows),
        cmocka_unit_test(test_steady_of_one_scheme),
        cmocka_unit_test(test_steady_of_one_replication),
        cmocka_unit_test(test_difference_is_paired),
        cmocka_unit_test(test_no_difference_of_one_scheme),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
