/* Expectations: what is understood, what is refused with which words, and when one is met. */
#include "asserts.h"
#include "experiment/expectation.h"

#include <math.h>
#include <string.h>

#include <cmocka.h>

enum { PAID, SHARE, WAIT, LOSS, MEASURES };

static const struct measure measures[MEASURES] = {
    [PAID] = {"withdrawals-paid", "1", "", MEASURE_COUNT, 1, false},
    [SHARE] = {"false-refusal", "1", "", MEASURE_RATIO, 1, true},
    [WAIT] = {"queue-wait", "s", "", MEASURE_TIME, 1, false},
    [LOSS] = {"theft-loss", "CNY", "", MEASURE_RATE, 1, false},
};
static const char *const schemes[] = {"sms-code", "image-code", NULL};
static const struct model_tables tables = {measures, NULL, schemes, NULL, MEASURES, 0, 2, 0, NULL};

static struct expectation understood(const char *text)
{
    struct expectation expectation;
    struct error error;
    if (!expectation_parse(&expectation, &tables, text, &error))
        fail_msg("%s: %s", text, error.text);
    return expectation;
}

static void test_understood(void **state)
{
    (void)state;
    struct expectation it = understood("image-code.false_refusal <= 2 %");
    assert_true(it.scheme == 1 && it.measure == SHARE && it.relation == RELATION_AT_MOST);
    assert_true(it.value == 0.02 && isinf(it.within));
    it = understood("  sms-code.queue-wait>1.5 min ");
    assert_true(it.scheme == 0 && it.measure == WAIT && it.relation == RELATION_ABOVE);
    assert_true(it.value == 90.0);
    it = understood("difference.theft-loss < -20");
    assert_true(it.scheme == SUMMARY_DIFFERENCE && it.value == -20.0);
    assert_true(it.relation == RELATION_BELOW);
    it = understood("sms-code.queue-wait contains 9 s within 2 %");
    assert_true(it.relation == RELATION_CONTAINS && it.value == 9.0 && it.within == 0.02);
    assert_true(understood("sms-code.withdrawals-paid >= 10").relation == RELATION_AT_LEAST);
}

static void test_refused(void **state)
{
    static const struct {
        const char *text, *why;
    } rows[] = {
        {"", "write SCHEME.METRIC"},
        {"queue-wait < 3 s", "write SCHEME.METRIC"},
        {"sms-code. < 3", "write SCHEME.METRIC"},
        {"sms-cod.queue-wait < 3 s", "did you mean \"sms-code\"?"},
        {"sms-code.queue-wai < 3 s", "did you mean \"queue-wait\"?"},
        {"sms-code.nothing < 3 s", "there is no metric \"nothing\""},
        {"sms-code.queue-wait 3 s", "a relation is missing"},
        {"sms-code.queue-wait = 3 s", "a relation is missing"},
        {"sms-code.queue-wait <=", "a value is missing"},
        {"sms-code.queue-wait <= 3", "unit"},
        {"sms-code.queue-wait <= 3 mm", "unit"},
        {"sms-code.false-refusal <= 0.02", "unit"},
        {"sms-code.theft-loss <= nan", "NaN"},
        {"sms-code.queue-wait < 9 s within 2 %", "goes with \"contains\""},
        {"sms-code.queue-wait contains 9 s within", "too much"},
        {"sms-code.queue-wait contains 9 s within 2", "unit"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct expectation expectation;
        struct error error = {{0}};
        if (expectation_parse(&expectation, &tables, rows[i].text, &error))
            fail_msg("accepted: %s", rows[i].text);
        if (strstr(error.text, rows[i].why) == NULL)
            fail_msg("%s: said \"%s\", not \"%s\"", rows[i].text, error.text, rows[i].why);
    }
}

static void assert_met(const char *text, const struct summary_row *row, bool met)
{
    struct summary_row copy = *row;
    struct summary summary = {.rows = &copy, .count = 1};
    struct expectation expectation = understood(text);
    if (expectation_is_met(&expectation, &summary) != met)
        fail_msg("%s: should %sbe met", text, met ? "" : "not ");
}

static void test_met(void **state)
{
    struct summary_row row = {
        .scheme = 0, .measure = WAIT, .n = 10, .mean = 9.1, .interval = {8.9, 9.3}, .method = "t"};
    (void)state;
    assert_met("sms-code.queue-wait <= 9.1 s", &row, true);
    assert_met("sms-code.queue-wait < 9.1 s", &row, false);
    assert_met("sms-code.queue-wait >= 9.1 s", &row, true);
    assert_met("sms-code.queue-wait > 9.1 s", &row, false);
    assert_met("sms-code.queue-wait contains 9 s", &row, true);
    assert_met("sms-code.queue-wait contains 8.8 s", &row, false);
    assert_met("sms-code.queue-wait contains 9 s within 3 %", &row, true);
    assert_met("sms-code.queue-wait contains 9 s within 2 %", &row, false);
    assert_met("image-code.queue-wait < 100 s", &row, false); /* did not run */
    row.interval = (struct interval){-INFINITY, INFINITY};
    assert_met("sms-code.queue-wait contains 9 s", &row, false); /* one replication knows nothing */
    row.n = 0;
    assert_met("sms-code.queue-wait < 100 s", &row, false);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_understood),
                                       cmocka_unit_test(test_refused), cmocka_unit_test(test_met)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
