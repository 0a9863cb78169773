/* Two units: the same to the last bit, or named in what they differ. */
#include "asserts.h"
#include "experiment/unit_diff.h"

#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { PAID, WAIT, MEASURES };

static const struct measure measures[MEASURES] = {
    [PAID] = {"paid", "1", "", MEASURE_COUNT, 1, false},
    [WAIT] = {"wait", "s", "", MEASURE_TIME, 1, false},
};
static const struct curve curves[] = {{"hours", "h", 3, 0, 24}};
static const char *const schemes[] = {"one", NULL};
static const char *const stages[] = {"work", NULL};
static const bool steady[MEASURES] = {[WAIT] = true};
static const struct model_tables tables = {measures, curves, schemes, stages, MEASURES,
                                           1,        1,      1,       steady};

static struct unit_result *sample(void)
{
    struct unit_result *unit = unit_result_new(&tables, 0, 0);
    unit->fingerprint = 77;
    unit_count(unit, PAID, 1.0 / 3.0);
    for (simtime i = 1; i <= 9; i++)
        unit_time(unit, WAIT, i * SIMTIME_SECOND);
    unit_curve(unit, 0, 12.0, 1.0, 0.5);
    return unit;
}

/* Compares a sample with one that `change` has been at; what is said must begin with `expected`. */
static void assert_found(void (*change)(struct unit_result *unit), const char *expected)
{
    struct unit_result *a = sample(), *b = sample();
    char *text = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&text, &length);
    assert_non_null(out);
    change(b);
    size_t count = unit_diff(a, b, out);
    assert_int_equal(fclose(out), 0);
    assert_int_equal(count, expected[0] != '\0');
    assert_int_equal(strncmp(text, expected, strlen(expected)), 0);
    assert_int_equal(unit_diff(b, a, NULL), count);
    free(text);
    unit_result_free(a);
    unit_result_free(b);
}

static void nothing(struct unit_result *unit)
{
    (void)unit;
}

static void measured(struct unit_result *unit)
{
    histogram_add(&unit->stages[0], 5);
}

static void fingerprint(struct unit_result *unit)
{
    unit->fingerprint++;
}

static void last_bit(struct unit_result *unit)
{
    unit->numerator[PAID] = nextafter(unit->numerator[PAID], 1.0);
}

static void sign(struct unit_result *unit)
{
    unit->denominator[PAID] = -unit->denominator[PAID];
}

static void bucket(struct unit_result *unit)
{
    unsigned last = HISTOGRAM_BUCKETS - 1;
    while (unit->times[WAIT]->bucket[last] == 0)
        last--;
    unit->times[WAIT]->bucket[last]--;
    unit->times[WAIT]->bucket[last + 1]++;
}

static void observation(struct unit_result *unit)
{
    unit->series[WAIT]->sum[0] += 1.0;
}

static void cell(struct unit_result *unit)
{
    unit->cells[0][1].sum += 1e-16;
}

static void test_every_number(void **state)
{
    (void)state;
    assert_found(nothing, "");
    assert_found(measured, "");
    assert_found(fingerprint, "fingerprint: 000000000000004d, not 000000000000004e\n");
    assert_found(last_bit, "paid, numerator: 0.33333333333333331, not 0.33333333333333337\n");
    assert_found(sign, "paid, denominator: 0, not -0\n");
    assert_found(bucket, "wait, histogram: ");
    assert_found(observation, "wait, series: ");
    assert_found(cell, "hours, bin 1, sum: 0.5, not 0.50000000000000011\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_every_number)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
