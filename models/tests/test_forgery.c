/* Forgers, who make codes up: they are right as often as closed forms say, the bank locks what they
 * try too often, and with signatures they are never right. */
#include "tests/sound_units.h"

/* A forger comes for every reservation, ten minutes before its owner does. */
static struct settings forgers_world(void)
{
    struct settings settings = small_world();
    settings.attacks.watchers = settings.attacks.photographers = 0;
    settings.attacks.forgers.reach = 1.0;
    settings.attacks.forgers.after = distribution_constant(600.0);
    settings.customers.count = 60;
    settings.customers.typing_error = settings.customers.no_show = 0.0;
    settings.customers.amount = distribution_constant(300.0);
    settings.customers.opening_balance = distribution_constant(1e6);
    settings.bank.daily_limit = 100000.0;
    settings.terminals.atms = 60;
    settings.terminals.card_customers = 0.0;
    settings.symbology = SYMBOLOGY_DOT_MATRIX;
    return settings;
}

/* Of n codes shown, each right with probability p, those that are: at 5 standard deviations a false
 * alarm has a probability below 1e-6 (of a binomial with a mean of 25 or more: below 1e-5). */
static void assert_right(const struct unit_result *result, double p)
{
    double n = result->numerator[M_FORGED], right = result->numerator[M_FORGED_RIGHT];
    assert_true(n * p > 25.0);
    assert_true(fabs(right - n * p) < 5.0 * sqrt(n * p * (1.0 - p)));
    assert_true(result->denominator[M_FORGED_RIGHT] == n);
    /* Whoever is right is paid, but for those whom the end of the run finds at the machine. */
    assert_true(fabs(result->numerator[M_THEFTS_FORGER] - right) <= 3.0);
}

/* Typed: two codes of a digit each, both of which must be right. */
static void test_typed_codes(void **state)
{
    struct settings settings = forgers_world();
    (void)state;
    settings.customers.count = 2000;
    settings.terminals.atms = 400;
    settings.bank.sms_digits = 1;
    struct outcome it = run_sound(&settings, SCHEME_SMS_CODE, 2);
    assert_right(it.result, 1e-2);
    /* All others are locked, and their owners are told so. */
    assert_true(it.result->numerator[M_LOCK_OUTS] > 1000.0);
    assert_true(refused(it.result, REASON_LOCKED) > 0.8 * it.result->numerator[M_LOCK_OUTS]);
    assert_true(refused(it.result, REASON_USED) > 0.0);
    unit_result_free(it.result);
}

/* Images of four digits, of which the bank accepts any of 1,001 counters': 1 - (1 - 1e-4)^1001 =
 * 0.0953 a try. Nobody else comes. */
static void test_image_codes(void **state)
{
    struct settings settings = forgers_world();
    (void)state;
    settings.customers.count = 150;
    settings.customers.no_show = 1.0;
    settings.code_digits = 4;
    settings.bank.look_ahead = 1000;
    struct outcome it = run_sound(&settings, SCHEME_IMAGE_CODE, 2);
    assert_right(it.result, 1.0 - pow(1.0 - 1e-4, 1001.0));
    unit_result_free(it.result);
}

/* The bank locks after the last wrong try: so many codes are shown for each reservation and no
 * more, however many the forger would try; and where he gives up before, nothing is locked. */
static void test_lock_out(void **state)
{
    (void)state;
    for (int patient = 0; patient <= 1; patient++) {
        struct settings settings = forgers_world();
        settings.code = CODE_OCRA;
        settings.bank.tries = patient ? 4 : 5;
        settings.attacks.forgers.tries = patient ? 40 : 4;
        struct outcome it = run_sound(&settings, SCHEME_IMAGE_CODE, 2);
        const double *n = it.result->numerator;
        double ended = n[M_ATTACK + REASON_WRONG_CODE];
        assert_true(ended > 20.0 && n[M_FORGED_RIGHT] == 0.0);
        /* Some are not read: the bank does not count them, the forger does. Those whom the end of
         * the run finds at the machine are on their way to it. */
        double unread = n[M_ATTACK + REASON_NO_SYMBOL] + n[M_ATTACK + REASON_BAD_SYMBOL];
        assert_true(patient ? n[M_FORGED] >= 4.0 * ended
                            : n[M_FORGED] <= 4.0 * (ended + unread) + 12.0);
        assert_true(fabs(n[M_FORGED] - 4.0 * ended) < 0.5 * ended);
        assert_true(patient ? n[M_LOCK_OUTS] == ended : n[M_LOCK_OUTS] == 0.0);
        assert_true((refused(it.result, REASON_LOCKED) > 15.0) == patient);
        assert_true((n[M_PAID] > 15.0) == !patient);
        unit_result_free(it.result);
    }
}

/* A signature is not made up, though all that it signs is known. */
static void test_signatures(void **state)
{
    static const enum code_kind kinds[] = {CODE_ECDSA, CODE_SM2, CODE_ED25519};
    (void)state;
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        for (int order = 0; order <= 1; order++) {
            struct settings settings = forgers_world();
            settings.customers.count = 30;
            settings.attacks.forgers.tries = 20; /* some are not read */
            settings.order = order;
            settings.code = kinds[i];
            struct outcome it = run_sound(&settings, SCHEME_IMAGE_CODE, 2);
            const double *n = it.result->numerator;
            assert_true(n[M_FORGED] > 40.0 && n[M_FORGED_RIGHT] == 0.0 && n[M_THEFTS] == 0.0);
            assert_true(n[M_ATTACK + REASON_WRONG_KEY] + n[M_ATTACK + REASON_MALFORMED_CODE] >
                        10.0);
            assert_true(fabs(n[M_LOCK_OUTS] - n[M_ATTACK + REASON_WRONG_KEY] -
                             n[M_ATTACK + REASON_MALFORMED_CODE]) <= 2.0);
            unit_result_free(it.result);
        }
}

/* Where customers reserve at the terminal, the forger must reserve himself. What he locks is his
 * own: the owner comes later, and is paid. */
static void test_at_the_terminal(void **state)
{
    struct settings settings = forgers_world();
    (void)state;
    settings.order = ORDER_AT_TERMINAL;
    settings.code = CODE_OCRA;
    struct outcome one = run_sound(&settings, SCHEME_IMAGE_CODE, 2);
    const double *n = one.result->numerator;
    assert_true(n[M_FORGED] > 60.0 && n[M_FORGED_RIGHT] == 0.0);
    assert_true(n[M_LOCK_OUTS] > 15.0 && refused(one.result, REASON_LOCKED) == 0.0);
    assert_true(n[M_PAID] > 20.0);
    struct outcome more = run_unit(&settings, SCHEME_IMAGE_CODE, 1, BANK_SOUND);
    assert_same_units(one.result, more.result);
    unit_result_free(one.result);
    unit_result_free(more.result);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_typed_codes), cmocka_unit_test(test_image_codes),
        cmocka_unit_test(test_lock_out), cmocka_unit_test(test_signatures),
        cmocka_unit_test(test_at_the_terminal)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
