/* From what units count to rows with intervals that may be believed. */
#include "tests/chance.h"
#include "tests/summary_sample.h"

#include <string.h>

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
    assert_false(row.has_percentiles);
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
    for (int i = 1; i <= 100; i++) /* 1 .. 100 s, the short ones in one replication */
        unit_time(experiment.units[i <= 50 ? 0 : 1], WAIT, i * SIMTIME_SECOND);
    summary_make(&summary, &experiment);
    const struct summary_row *row = summary_find(&summary, &tables, OLD, "wait");
    assert_non_null(row);
    assert_true(row->has_percentiles);
    assert_close(row->mean, 50.5, 1e-12);
    assert_close(row->p50, 50.0, 0.004);
    assert_close(row->p95, 95.0, 0.004);
    assert_close(row->p99, 99.0, 0.004);
    summary_free(&summary);
    experiment_fini(&experiment);
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
    row = summary_find(&summary, &tables, SUMMARY_DIFFERENCE, "paid");
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_values),
        cmocka_unit_test(test_curves),
        cmocka_unit_test(test_units_by_scheme),
        cmocka_unit_test(test_student_rows),
        cmocka_unit_test(test_shares_stay_shares),
        cmocka_unit_test(test_none_or_all_are_pooled),
        cmocka_unit_test(test_one_event_is_not_pooled),
        cmocka_unit_test(test_a_rate_may_exceed_its_denominator),
        cmocka_unit_test(test_one_replication),
        cmocka_unit_test(test_missing_replications_are_dropped),
        cmocka_unit_test(test_percentiles_are_pooled),
        cmocka_unit_test(test_difference_is_paired),
        cmocka_unit_test(test_no_difference_of_one_scheme),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
