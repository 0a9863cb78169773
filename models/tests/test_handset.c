/* The phone's leg of a reservation at the terminal: how long it takes, what becomes of it on a
 * channel that loses and repeats, and that no fault there harms anybody's money. */
#include "tests/units.h"

enum { CONFIRM_S = 6, SERVICE_S = 1, WAY_S = 2 };

/* Nobody is in anybody's way, and every time is known. */
static struct settings plain_world(void)
{
    struct settings settings = small_world();
    settings.order = ORDER_AT_TERMINAL;
    settings.code = CODE_OCRA;
    settings.symbology = SYMBOLOGY_QR;
    settings.attacks.watchers = settings.attacks.photographers = 0;
    settings.customers.typing_error = 0.0;
    settings.customers.confirm = distribution_constant(CONFIRM_S);
    settings.terminals.atms = 40;
    settings.terminals.card_customers = 0.0;
    settings.bank.service = distribution_constant(SERVICE_S);
    settings.phone_channel.delay = distribution_constant(WAY_S);
    settings.phone_channel.timeout = 60.0;
    return settings;
}

static struct outcome run_sound(const struct settings *settings, bool timed)
{
    struct world_watch watch = {.timed = timed};
    struct outcome it = watch_unit(settings, SCHEME_IMAGE_CODE, 2, &watch);
    if (it.end != WORLD_DONE)
        print_error("%s\n", it.error.text);
    assert_int_equal(it.end, WORLD_DONE);
    return it;
}

static double mean(const struct unit_result *result, size_t measure)
{
    return result->numerator[measure] / result->denominator[measure];
}

/* There, the owner, and back to be worked on; with timers or without them. */
static void test_code_time(void **state)
{
    struct settings settings = plain_world();
    (void)state;
    for (int timed = 0; timed <= 1; timed++) {
        struct outcome it = run_sound(&settings, timed);
        assert_true(it.result->numerator[M_PAID] > 20.0);
        assert_true(fabs(mean(it.result, M_CODE_TIME) - (2 * WAY_S + CONFIRM_S + SERVICE_S)) <
                    1e-6);
        assert_true(it.result->numerator[M_RETRIES] == 0.0);
        unit_result_free(it.result);
    }
}

/* An attempt succeeds where question and answer come through, each by itself: of n sessions a share
 * of (1 - (1 - p)^2)^2 is given up after one repetition, which is 0.26 for p = 0.3. At 5 standard
 * deviations a false alarm has a probability below 1e-6. Who is given up is told so, and nobody
 * else is refused for it. */
static void test_loss(void **state)
{
    struct settings settings = plain_world();
    double p = 0.3, expected = pow(1.0 - (1.0 - p) * (1.0 - p), 2.0);
    (void)state;
    settings.customers.count = 1000;
    settings.terminals.atms = 200;
    settings.phone_channel.loss = p;
    settings.phone_channel.retries = 1;
    struct outcome it = run_sound(&settings, false);
    const double *n = it.result->numerator;
    double silent = n[measure_refused(REASON_NO_ANSWER)];
    double sessions = silent + it.result->denominator[M_CODE_TIME];
    assert_true(sessions > 500.0);
    assert_true(fabs(silent - sessions * expected) <
                5.0 * sqrt(sessions * expected * (1.0 - expected)));
    assert_true(n[M_UNANSWERED] == silent);
    assert_true(n[M_RETRIES] > silent);
    assert_true(n[M_MESSAGES_LOST] > n[M_RETRIES]);
    unit_result_free(it.result);
}

/* Every question and every answer comes twice: the owner is asked once, and nobody notices. */
static void test_duplicates_are_harmless(void **state)
{
    struct settings settings = plain_world();
    (void)state;
    struct outcome once = run_sound(&settings, true);
    settings.phone_channel.duplicate = 1.0;
    struct outcome twice = run_sound(&settings, true);
    for (size_t i = M_OUTCOME_PAID; i < M_ATTACK; i++)
        assert_true(once.result->numerator[i] == twice.result->numerator[i]);
    assert_true(once.result->numerator[M_PAID] > 20.0);
    assert_true(fabs(mean(once.result, M_CODE_TIME) - mean(twice.result, M_CODE_TIME)) < 1e-6);
    assert_true(twice.result->numerator[M_EVENTS] > once.result->numerator[M_EVENTS] + 100.0);
    unit_result_free(once.result);
    unit_result_free(twice.result);
}

/* A question that is repeated before its owner has answered does not begin anew: with a timeout
 * shorter than the owner takes, the code is there as soon as without one. */
static void test_impatience_does_not_help(void **state)
{
    struct settings settings = plain_world();
    (void)state;
    settings.phone_channel.timeout = CONFIRM_S / 2.0;
    settings.phone_channel.back_off = 1.0;
    settings.phone_channel.retries = 10;
    struct outcome it = run_sound(&settings, true);
    assert_true(it.result->numerator[M_PAID] > 20.0);
    assert_true(it.result->numerator[M_RETRIES] >= 3.0 * it.result->numerator[M_PAID]);
    assert_true(fabs(mean(it.result, M_CODE_TIME) - (2 * WAY_S + CONFIRM_S + SERVICE_S)) < 1e-6);
    unit_result_free(it.result);
}

/* A dead network: each question is repeated as often as it may be, and nobody is paid. */
static void test_dead_phones(void **state)
{
    struct settings settings = plain_world();
    (void)state;
    settings.phone_channel.loss = 1.0;
    settings.phone_channel.retries = 3;
    struct outcome it = run_sound(&settings, false);
    const double *n = it.result->numerator;
    assert_true(n[M_PAID] == 0.0 && it.result->denominator[M_CODE_TIME] == 0.0);
    assert_true(n[measure_refused(REASON_NO_ANSWER)] > 20.0);
    assert_true(n[M_RETRIES] >= 3.0 * n[M_UNANSWERED]);
    unit_result_free(it.result);
}

/* The bank is down, the machines crash, messages get lost, come twice and late, and the bank is too
 * busy for its answers: the books are right, and the same for any jobs. */
static void test_heavy_faults(void **state)
{
    struct settings settings = plain_world();
    (void)state;
    settings.customers.count = 200;
    settings.terminals.atms = 12;
    settings.phone_channel.loss = settings.phone_channel.duplicate = 0.15;
    settings.phone_channel.timeout = 10.0;
    settings.terminal_channel = settings.phone_channel;
    settings.bank.workers = 1;
    settings.bank.queue = 1;
    settings.faults.bank_crash = 1.0 / 1200.0;
    settings.faults.bank_restart = distribution_constant(30.0);
    settings.faults.terminal_crash = 1.0 / 600.0;
    settings.faults.terminal_restart = distribution_constant(20.0);
    settings.faults.dispense_crash = 0.05;
    struct outcome one = run_sound(&settings, false);
    const double *n = one.result->numerator;
    assert_true(n[M_PAID] > 20.0 && n[M_CRASHES] > 50.0 && n[M_BANK_SHED] > 0.0);
    assert_true(n[measure_refused(REASON_NO_ANSWER)] > 0.0);
    assert_true(n[measure_refused(REASON_TERMINAL)] > 0.0);
    struct world_watch watch = {.timed = false};
    struct outcome more = watch_unit(&settings, SCHEME_IMAGE_CODE, 1, &watch);
    assert_same_units(one.result, more.result);
    unit_result_free(one.result);
    unit_result_free(more.result);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_code_time),
                                       cmocka_unit_test(test_loss),
                                       cmocka_unit_test(test_duplicates_are_harmless),
                                       cmocka_unit_test(test_impatience_does_not_help),
                                       cmocka_unit_test(test_dead_phones),
                                       cmocka_unit_test(test_heavy_faults)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
