/* A merchant's POS: paid from the till, credited by the bank, and the books of both add up whatever
 * fails. */
#include "tests/sound_units.h"

/* Nobody is robbed, and shops are where most go. */
static struct settings shops(void)
{
    struct settings settings = small_world();
    settings.attacks.watchers = settings.attacks.photographers = 0;
    settings.customers.count = 300;
    settings.customers.pos_share = 0.7;
    settings.customers.elsewhere = 0.0;
    settings.customers.opening_balance = distribution_constant(1e6);
    settings.customers.amount = distribution_constant(500.0);
    settings.terminals.card_customers = 0.0;
    settings.terminals.pos.count = 6;
    settings.terminals.pos.till = distribution_constant(1e6);
    settings.terminals.pos.shoppers = 0.0;
    return settings;
}

/* Of some 450 reservations 70 % go to a POS: at 5 standard deviations of the binomial a false alarm
 * has a probability below 1e-6. A full till pays all of them, in both schemes and orders. */
static void test_share_and_orders(void **state)
{
    (void)state;
    for (int way = 0; way < 3; way++) {
        struct settings settings = shops();
        settings.order = way == 2 ? ORDER_AT_TERMINAL : ORDER_RESERVE_AHEAD;
        settings.customers.balk_at = 1000;
        struct outcome it = run_sound(&settings, way == 0 ? SCHEME_SMS_CODE : SCHEME_IMAGE_CODE, 2);
        const double *n = it.result->numerator, *of = it.result->denominator;
        assert_true(n[M_PAID] > 150.0);
        assert_true(fabs(n[M_POS_PAID] - 0.7 * n[M_PAID]) < 5.0 * sqrt(0.21 * n[M_PAID]));
        assert_true(of[M_POS_SESSION] == n[M_POS_PAID]);
        assert_true(n[M_POS_SHORT] == 0.0 && of[M_POS_SHORT] >= n[M_POS_PAID]);
        assert_true(n[M_REVERSALS] == 0.0);
        unit_result_free(it.result);
    }
}

/* A till of 2,000 CNY pays four times 500 and no fifth: six tills, 24 payments. Who looks in time
 * leaves no permit behind; who never does has each taken back. */
static void test_till_runs_out(void **state)
{
    (void)state;
    for (int looks = 0; looks <= 1; looks++) {
        struct settings settings = shops();
        settings.customers.typing_error = 0.0;
        settings.terminals.pos.till = distribution_constant(2000.0);
        settings.terminals.pos.looks = looks;
        struct outcome it = run_sound(&settings, SCHEME_SMS_CODE, 1);
        const double *n = it.result->numerator;
        assert_true(n[M_POS_PAID] == 24.0);
        assert_true(n[M_POS_SHORT] == n[measure_refused(REASON_TILL)]);
        assert_true(n[M_POS_SHORT] > 50.0);
        assert_true(n[M_FALSE_REFUSAL] == 0.0); /* no code was refused */
        assert_true(n[M_POS_RETURNED] == (looks ? 0.0 : n[M_POS_SHORT]));
        assert_true(n[M_REVERSALS] == n[M_POS_RETURNED]);
        unit_result_free(it.result);
    }
}

/* Shoppers fill it again. */
static void test_purchases_fill_the_till(void **state)
{
    struct settings settings = shops();
    (void)state;
    settings.terminals.pos.till = distribution_constant(0.0);
    struct outcome empty = run_sound(&settings, SCHEME_SMS_CODE, 1);
    settings.terminals.pos.shoppers = 200.0 / 86400.0;
    settings.terminals.pos.purchase = distribution_constant(100.0);
    struct outcome filled = run_sound(&settings, SCHEME_SMS_CODE, 1);
    assert_true(empty.result->numerator[M_POS_PAID] == 0.0);
    assert_true(filled.result->numerator[M_POS_PAID] > 20.0);
    assert_true(filled.result->denominator[M_CARD_WAITED] == 0.0); /* they have no card */
    unit_result_free(empty.result);
    unit_result_free(filled.result);
}

static struct settings bad_shops(void)
{
    struct settings settings = shops();
    struct channel_settings *channel = &settings.terminal_channel;
    settings.customers.typing_error = 0.03;
    settings.customers.elsewhere = 0.5;
    settings.duration = 30.0 * 3600.0;
    settings.terminals.pos.till = distribution_constant(6000.0);
    settings.terminals.pos.looks = 0.5;
    settings.terminals.pos.shoppers = 100.0 / 86400.0;
    settings.attacks.watchers = settings.attacks.photographers = 4;
    channel->delay =
        (struct distribution){.kind = DISTRIBUTION_HYPEREXPONENTIAL, .parameter = {5.0, 3.0}};
    channel->again = (struct distribution){.kind = DISTRIBUTION_EXPONENTIAL, .parameter = {30.0}};
    channel->loss = channel->duplicate = 0.15;
    channel->timeout = 10.0;
    channel->retries = 1;
    settings.faults.bank_crash = 20.0 / 86400.0;
    settings.faults.terminal_crash = 10.0 / 86400.0;
    settings.faults.dispense_crash = 0.1;
    settings.faults.power = 2.0 / 86400.0;
    settings.faults.database_busy = 0.05;
    settings.terminals.failures = 5.0 / 86400.0;
    return settings;
}

/* Everything fails, between permit and payment too, and nobody's money is lost: not the customers',
 * not the merchants'. The same for any jobs. */
static void test_heavy_faults(void **state)
{
    struct settings settings = bad_shops();
    (void)state;
    for (int scheme = 0; scheme < SCHEME_COUNT; scheme++) {
        struct outcome one = run_sound(&settings, (enum scheme)scheme, 1);
        struct outcome more = run_sound(&settings, (enum scheme)scheme, 3);
        const double *n = one.result->numerator;
        assert_true(n[M_POS_PAID] > 50.0 && n[M_POS_RETURNED] > 10.0);
        assert_true(n[M_REVERSALS] > n[M_POS_RETURNED] && n[M_CRASHES] > 50.0);
        assert_true(n[measure_refused(REASON_TERMINAL)] > 0.0);
        assert_same_units(one.result, more.result);
        unit_result_free(one.result);
        unit_result_free(more.result);
    }
}

/* Whoever cheats a merchant, or the bank at a POS, is found out. */
static void test_mutants(void **state)
{
    static const struct {
        enum terminal_defect terminal;
        enum bank_defect bank;
        const char *caught;
    } mutants[] = {
        {TERMINAL_SOUND, BANK_FORGETS_MERCHANT, "merchants are not credited"},
        {TERMINAL_SOUND, BANK_BOOKS_AGAIN, "invariant 2"},
        {TERMINAL_PAYS_LATE, BANK_SOUND, "invariant 7"},
        {TERMINAL_NO_COUNTER, BANK_SOUND, "invariant 10"},
        {TERMINAL_PAYS_EACH_PERMIT, BANK_SOUND, "invariant 1 "},
    };
    struct settings settings = bad_shops();
    (void)state;
    settings.customers.pos_share = 1.0;
    for (size_t i = 0; i < sizeof mutants / sizeof mutants[0]; i++) {
        struct outcome it = run_watched(&settings, SCHEME_SMS_CODE, 1,
                                        (struct world_watch){.terminal_defect = mutants[i].terminal,
                                                             .defect = mutants[i].bank});
        if (it.end != WORLD_FAILED || strstr(it.error.text, mutants[i].caught) == NULL)
            print_error("mutant %zu: %d, %s\n", i, it.end,
                        it.end == WORLD_FAILED ? it.error.text : "");
        assert_int_equal(it.end, WORLD_FAILED);
        assert_non_null(strstr(it.error.text, mutants[i].caught));
        unit_result_free(it.result);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_share_and_orders), cmocka_unit_test(test_till_runs_out),
        cmocka_unit_test(test_purchases_fill_the_till), cmocka_unit_test(test_heavy_faults),
        cmocka_unit_test(test_mutants)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
