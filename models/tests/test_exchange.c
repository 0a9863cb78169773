/* Exchanges with the bank while messages are lost, repeated and late and both sides crash: nothing
 * is lost, nothing is paid twice, and whoever breaks a rule is caught by name. */
#include "listed_fault.h"
#include "tests/units.h"

/* A busy day of few people, in which everything fails. */
static struct settings bad_world(void)
{
    struct settings settings = small_world();
    struct channel_settings *channel = &settings.terminal_channel;
    settings.customers.count = 400;
    settings.duration = 30.0 * 3600.0;
    settings.terminals.atms = 8;
    settings.terminals.card_customers = 0.0;
    channel->delay =
        (struct distribution){.kind = DISTRIBUTION_HYPEREXPONENTIAL, .parameter = {5.0, 3.0}};
    channel->again = (struct distribution){.kind = DISTRIBUTION_EXPONENTIAL, .parameter = {30.0}};
    channel->loss = channel->duplicate = 0.15;
    channel->timeout = 10.0;
    channel->retries = 1;
    settings.phone_channel = *channel;
    settings.faults.bank_crash = 20.0 / 86400.0;
    settings.faults.terminal_crash = 10.0 / 86400.0;
    settings.faults.dispense_crash = 0.05;
    settings.faults.power = 2.0 / 86400.0;
    settings.faults.database_busy = 0.05;
    settings.faults.camera = 0.05;
    return settings;
}

static struct settings quiet_world(void)
{
    struct settings settings = small_world();
    settings.attacks.watchers = settings.attacks.photographers = 0;
    settings.customers.count = 300;
    return settings;
}

static struct outcome run_with(const struct settings *settings, enum scheme scheme, int jobs,
                               const struct world_watch *how)
{
    struct world_watch watch = *how;
    FILE *nowhere = fopen("/dev/null", "w");
    assert_non_null(nowhere);
    watch.story = nowhere;
    struct outcome outcome = watch_unit(settings, scheme, jobs, &watch);
    fclose(nowhere);
    return outcome;
}

static struct outcome run_sound(const struct settings *settings, enum scheme scheme, int jobs)
{
    return run_with(settings, scheme, jobs, &(struct world_watch){.story = NULL});
}

static void assert_outcomes_add_up(const struct unit_result *result)
{
    double sum = 0.0;
    for (size_t i = M_OUTCOME_PAID; i < M_ATTACK; i++)
        sum += result->numerator[i];
    assert_true(sum == result->numerator[M_RESERVATIONS]);
}

/* Everything happened, and nothing broke; the same for any jobs. */
static void test_heavy_faults(void **state)
{
    struct settings settings = bad_world();
    (void)state;
    for (int scheme = 0; scheme < SCHEME_COUNT; scheme++) {
        struct outcome one = run_sound(&settings, (enum scheme)scheme, 1);
        if (one.end != WORLD_DONE)
            print_error("%s\n", one.error.text);
        assert_int_equal(one.end, WORLD_DONE);
        const double *n = one.result->numerator;
        assert_true(n[M_PAID] > 100.0 && n[M_THEFTS] > 0.0);
        assert_true(n[M_RETRIES] > 100.0 && n[M_REVERSALS] > 10.0 && n[M_LATE_PERMITS] > 0.0);
        assert_true(n[M_UNANSWERED] > 10.0 && n[M_CRASHES] > 20.0);
        assert_true(n[measure_refused(REASON_NO_ANSWER)] > 0.0);
        assert_true(n[measure_refused(REASON_TERMINAL)] > 0.0);
        assert_outcomes_add_up(one.result);
        settings.pending_set = EVENTS_HEAP;
        struct outcome more = run_sound(&settings, (enum scheme)scheme, 3);
        assert_int_equal(more.end, WORLD_DONE);
        assert_same_units(one.result, more.result);
        unit_result_free(more.result);
        unit_result_free(one.result);
    }
}

/* Each rule that a terminal, or the bank, may break is caught by the invariant it breaks. */
static void test_mutants(void **state)
{
    static const struct {
        enum terminal_defect terminal;
        enum bank_defect bank;
        const char *caught; /* any of the numbers, as text */
    } mutants[] = {
        {TERMINAL_PAYS_LATE, BANK_SOUND, "7"},        {TERMINAL_NO_COUNTER, BANK_SOUND, "10"},
        {TERMINAL_REVERSES_PAID, BANK_SOUND, "7"},    {TERMINAL_FORGETS_REVERSAL, BANK_SOUND, "3"},
        {TERMINAL_PAYS_EACH_PERMIT, BANK_SOUND, "1"}, {TERMINAL_NEW_TRACE, BANK_SOUND, "4"},
        {TERMINAL_SOUND, BANK_PAYS_TWICE, "1"},       {TERMINAL_SOUND, BANK_FORGETS_HOLD, "2"},
        {TERMINAL_SOUND, BANK_NO_TOMBSTONE, "6"},     {TERMINAL_SOUND, BANK_LOCK_HOLDS, "2"},
        {TERMINAL_SOUND, BANK_PAYS_OVERDUE, "8"},     {TERMINAL_SOUND, BANK_PERMITS_ANYBODY, "1"},
        {TERMINAL_SOUND, BANK_COUNTS_RETRIES, "4"},   {TERMINAL_SOUND, BANK_BOOKS_AGAIN, "2"},
    };
    struct settings settings = bad_world();
    (void)state;
    settings.customers.typing_error = 0.1; /* some are locked out */
    for (size_t i = 0; i < sizeof mutants / sizeof mutants[0]; i++) {
        struct world_watch watch = {.terminal_defect = mutants[i].terminal,
                                    .defect = mutants[i].bank};
        bool overdue = mutants[i].bank == BANK_PAYS_OVERDUE; /* then some come a minute too late */
        settings.bank.code_lifetime = overdue ? 1260.0 : 2400.0;
        struct outcome it = run_with(&settings, SCHEME_SMS_CODE, 1, &watch);
        char expected[48];
        snprintf(expected, sizeof expected, "oracle: invariant %s (", mutants[i].caught);
        if (it.end != WORLD_FAILED || strstr(it.error.text, expected) == NULL)
            print_error("mutant %zu: %d, %s\n", i, it.end,
                        it.end == WORLD_FAILED ? it.error.text : "");
        assert_int_equal(it.end, WORLD_FAILED);
        assert_non_null(strstr(it.error.text, expected));
        assert_non_null(strstr(it.error.text, "reservation "));
        unit_result_free(it.result);
    }
}

/* Where an invariant breaks, the story of its reservation is told. */
static void test_story_of_a_breach(void **state)
{
    struct settings settings = bad_world();
    char *text = NULL;
    size_t length;
    FILE *file = open_memstream(&text, &length);
    struct world_watch watch = {.terminal_defect = TERMINAL_PAYS_LATE, .story = file};
    (void)state;
    assert_non_null(file);
    struct outcome it = watch_unit(&settings, SCHEME_SMS_CODE, 1, &watch);
    assert_int_equal(it.end, WORLD_FAILED);
    fclose(file);
    assert_true(strncmp(text, "# the story of reservation ", 27) == 0);
    assert_non_null(strstr(text, " send "));
    assert_non_null(strstr(text, " reversing "));
    unit_result_free(it.result);
    free(text);
}

/* With timers and acknowledgements, but nothing ever lost: the same people get the same. */
static void test_lossless_equals_direct(void **state)
{
    struct settings settings = quiet_world();
    (void)state;
    for (int scheme = 0; scheme < SCHEME_COUNT; scheme++) {
        struct outcome direct = run_sound(&settings, (enum scheme)scheme, 2);
        struct outcome timed =
            run_with(&settings, (enum scheme)scheme, 2, &(struct world_watch){.timed = true});
        assert_int_equal(direct.end, WORLD_DONE);
        assert_int_equal(timed.end, WORLD_DONE);
        assert_true(direct.result->numerator[M_PAID] > 100.0);
        for (size_t i = M_OUTCOME_PAID; i < M_ATTACK; i++)
            assert_true(direct.result->numerator[i] == timed.result->numerator[i]);
        assert_true(timed.result->numerator[M_RETRIES] == 0.0);
        assert_true(timed.result->numerator[M_REVERSALS] == 0.0);
        assert_true(timed.result->denominator[M_SETTLING] == timed.result->numerator[M_PAID]);
        unit_result_free(direct.result);
        unit_result_free(timed.result);
    }
}

/* Every message comes twice, or thrice: nobody notices. */
static void test_duplicates_are_harmless(void **state)
{
    struct settings settings = quiet_world();
    (void)state;
    struct outcome once =
        run_with(&settings, SCHEME_SMS_CODE, 1, &(struct world_watch){.timed = true});
    settings.terminal_channel.duplicate = settings.phone_channel.duplicate = 1.0;
    struct outcome twice = run_sound(&settings, SCHEME_SMS_CODE, 1);
    assert_int_equal(once.end, WORLD_DONE);
    assert_int_equal(twice.end, WORLD_DONE);
    for (size_t i = M_OUTCOME_PAID; i < M_ATTACK; i++)
        assert_true(once.result->numerator[i] == twice.result->numerator[i]);
    assert_true(twice.result->numerator[M_RETRIES] == 0.0);
    unit_result_free(once.result);
    unit_result_free(twice.result);
}

/* A dead network: each request is repeated as often as it may be, and then given up. */
static void test_retries_are_bounded(void **state)
{
    struct settings settings = quiet_world();
    (void)state;
    settings.phone_channel.loss = 1.0;
    settings.phone_channel.retries = 3;
    struct outcome dead = run_sound(&settings, SCHEME_SMS_CODE, 1);
    const double *n = dead.result->numerator;
    assert_int_equal(dead.end, WORLD_DONE);
    assert_true(n[measure_refused(REASON_NO_ANSWER)] + n[M_OUTCOME_UNFINISHED] ==
                n[M_RESERVATIONS]);
    assert_true(n[measure_refused(REASON_NO_ANSWER)] > 100.0);
    assert_true(n[M_RETRIES] <= 3.0 * n[M_RESERVATIONS]);
    assert_true(n[M_RETRIES] >= 3.0 * n[M_UNANSWERED]);
    unit_result_free(dead.result);
    /* The terminals' is lost: people come, and are sent away; nobody's transaction hangs. */
    settings.phone_channel.loss = 0.0;
    settings.terminal_channel.loss = 1.0;
    struct outcome silent = run_sound(&settings, SCHEME_SMS_CODE, 1);
    n = silent.result->numerator;
    assert_int_equal(silent.end, WORLD_DONE);
    assert_true(n[M_PAID] == 0.0 && n[M_REVERSALS] == 0.0);
    assert_true(n[measure_refused(REASON_NO_ANSWER)] > 100.0);
    unit_result_free(silent.result);
}

/* The machine crashes over every payment, half the time before the notes and half after: each is
 * settled as its counter says, and the customers of the first half get nothing. */
static void test_crash_at_the_dispenser(void **state)
{
    struct settings settings = quiet_world();
    (void)state;
    settings.faults.dispense_crash = 1.0;
    settings.faults.terminal_restart = distribution_constant(30.0);
    struct outcome it = run_sound(&settings, SCHEME_SMS_CODE, 1);
    const double *n = it.result->numerator;
    assert_int_equal(it.end, WORLD_DONE);
    assert_true(n[M_PAID] > 50.0 && n[measure_refused(REASON_TERMINAL)] > 50.0);
    /* Who was not paid, and was not next in line when the machine went, is taken back. */
    assert_true(n[M_REVERSALS] > 50.0);
    assert_true(n[M_REVERSALS] <= n[measure_refused(REASON_TERMINAL)]);
    unit_result_free(it.result);
}

/* A crash at each state, by a rate so high that every moment of a session is hit. */
/* The machine has failed too, and is taken out of service before it crashes: after the repair it
 * finds out what became of the notes. */
static void test_crash_of_a_failing_machine(void **state)
{
    struct settings settings = bad_world();
    (void)state;
    settings.faults.dispense_crash = 0.5;
    settings.terminals.failures = 500.0 / 86400.0;
    settings.terminals.repair =
        (struct distribution){.kind = DISTRIBUTION_EXPONENTIAL, .parameter = {60.0}};
    for (int scheme = 0; scheme < SCHEME_COUNT; scheme++) {
        struct outcome it = run_sound(&settings, (enum scheme)scheme, 1);
        if (it.end != WORLD_DONE)
            print_error("%s\n", it.error.text);
        assert_int_equal(it.end, WORLD_DONE);
        assert_true(it.result->numerator[M_PAID] > 100.0);
        unit_result_free(it.result);
    }
}

static void test_crashes_at_any_moment(void **state)
{
    struct settings settings = quiet_world();
    (void)state;
    settings.faults.terminal_crash = 1.0 / 200.0;
    settings.faults.terminal_restart = distribution_constant(10.0);
    settings.faults.bank_crash = 1.0 / 600.0;
    settings.faults.bank_restart = distribution_constant(20.0);
    settings.terminals.failures = 1.0 / 600.0;
    settings.terminals.repair = distribution_constant(60.0);
    for (int scheme = 0; scheme < SCHEME_COUNT; scheme++) {
        struct outcome it = run_sound(&settings, (enum scheme)scheme, 2);
        assert_int_equal(it.end, WORLD_DONE);
        assert_true(it.result->numerator[M_PAID] > 50.0);
        assert_true(it.result->numerator[M_CRASHES] > 300.0);
        assert_true(it.result->numerator[M_REVERSALS] > 0.0);
        assert_outcomes_add_up(it.result);
        unit_result_free(it.result);
    }
}

/* Twice as much comes as one worker can do: the queue stays short, the rest is turned away, and
 * what is taken is done. With enough workers nothing is turned away. */
static void test_a_busy_bank_sheds(void **state)
{
    struct settings settings = quiet_world();
    double paid[2], shed[2];
    (void)state;
    settings.terminals.atms = 60;
    settings.customers.reservations = 20.0 / 86400.0;
    settings.bank.daily_limit = 100000.0;
    settings.bank.service = distribution_constant(8.0);
    settings.bank.queue = 1;
    for (int enough = 0; enough < 2; enough++) {
        settings.bank.workers = enough ? 8 : 1;
        settings.terminal_channel.timeout = settings.phone_channel.timeout = 20.0;
        struct outcome it = run_sound(&settings, SCHEME_SMS_CODE, 1);
        const double *n = it.result->numerator, *of = it.result->denominator;
        assert_int_equal(it.end, WORLD_DONE);
        paid[enough] = n[M_PAID];
        shed[enough] = n[M_BANK_SHED] / of[M_BANK_SHED];
        assert_true(n[M_BANK_WAIT] / of[M_BANK_WAIT] <= 8.0);
        assert_true(n[M_BANK_WAIT_99] <= 8.1); /* one waits at most for one other */
        assert_true(n[M_BANK_UTILISATION] / of[M_BANK_UTILISATION] <= 1.0);
        unit_result_free(it.result);
    }
    assert_true(shed[0] > 0.2 && shed[1] < 0.01);
    assert_true(paid[0] > 0.1 * paid[1] && paid[0] < 0.9 * paid[1]);
}

/* Faults at given times: the bank is down for an hour, then one machine, then a whole site. */
static void test_listed_faults(void **state)
{
    struct settings settings = quiet_world();
    struct listed_fault fault;
    struct error error;
    (void)state;
    strcpy(settings.faults.at[0], "1:00 bank-crash 1 h");
    strcpy(settings.faults.at[1], "2:30 terminal-crash atm:3 30 min");
    strcpy(settings.faults.at[2], "3:00 power site:5 20 min");
    strcpy(settings.faults.at[3], "3:10 power site:5 20 min"); /* is down already */
    struct outcome it = run_sound(&settings, SCHEME_SMS_CODE, 1);
    const double *n = it.result->numerator, *of = it.result->denominator;
    assert_int_equal(it.end, WORLD_DONE);
    assert_true(n[M_CRASHES] == 3.0);
    assert_true(fabs(n[M_BANK_UP] / of[M_BANK_UP] - 5.0 / 6.0) < 1e-9);
    assert_true(n[M_AVAILABILITY] / of[M_AVAILABILITY] < 1.0);
    assert_true(n[measure_refused(REASON_NO_ANSWER)] > 10.0 && n[M_PAID] > 50.0);
    unit_result_free(it.result);
    static const char *const wrong[] = {
        "10:61 bank-crash 5 min",     "10:30 bank-crash",  "bank-crash",
        "10:30 terminal-crash 5 min", "10:30 flood 5 min", "10:30 power site:x 5 min",
        "10:30 bank-crash 5 mm"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        assert_false(listed_fault_parse(wrong[i], &fault, &error));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_heavy_faults),
                                       cmocka_unit_test(test_mutants),
                                       cmocka_unit_test(test_story_of_a_breach),
                                       cmocka_unit_test(test_lossless_equals_direct),
                                       cmocka_unit_test(test_duplicates_are_harmless),
                                       cmocka_unit_test(test_retries_are_bounded),
                                       cmocka_unit_test(test_crash_at_the_dispenser),
                                       cmocka_unit_test(test_crash_of_a_failing_machine),
                                       cmocka_unit_test(test_crashes_at_any_moment),
                                       cmocka_unit_test(test_a_busy_bank_sheds),
                                       cmocka_unit_test(test_listed_faults)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
