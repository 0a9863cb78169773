/* Network terminals: who reserves on a personal computer takes longer to log in, has a channel of
 * its own, and is paid as anybody else. */
#include "network/banking.h"
#include "tests/units.h"

/* Nobody is in anybody's way, and every time is known. */
static struct settings plain_world(void)
{
    struct settings settings = small_world();
    settings.attacks.watchers = settings.attacks.photographers = 0;
    settings.customers.count = 400;
    settings.customers.typing_error = 0.0;
    settings.terminals.atms = 40;
    settings.terminals.card_customers = 0.0;
    settings.bank.service = distribution_constant(0.0);
    settings.phone.login = distribution_constant(5.0);
    settings.computer.login = distribution_constant(40.0);
    settings.phone_channel.delay = distribution_constant(2.0);
    settings.computer_channel.delay = distribution_constant(0.5);
    return settings;
}

static double reserve_time_s(const struct unit_result *result)
{
    return result->numerator[M_RESERVE_TIME] / result->denominator[M_RESERVE_TIME];
}

/* To log in and one round trip, whether the reply is waited for or heard at once. */
static void test_reserve_time(void **state)
{
    (void)state;
    for (int share = 0; share <= 1; share++)
        for (int timed = 0; timed <= 1; timed++) {
            struct settings settings = plain_world();
            struct world_watch watch = {.timed = timed};
            settings.computer.share = share;
            struct outcome it = watch_unit(&settings, SCHEME_SMS_CODE, 1, &watch);
            assert_int_equal(it.end, WORLD_DONE);
            assert_true(it.result->numerator[M_PAID] > 100.0);
            assert_true(fabs(reserve_time_s(it.result) - (share ? 41.0 : 9.0)) < 1e-6);
            unit_result_free(it.result);
        }
}

/* Where the computers' channel is dead and the phones' is not, exactly those who have a computer
 * hear nothing. Of the customers they are binomial, and of their reservations (Poisson with mean
 * 0.83 each) wider by the root of mean square over mean, 1.35: at twice 5 standard deviations a
 * false alarm has a probability below 1e-6. */
static void test_each_has_its_channel(void **state)
{
    struct settings settings = plain_world();
    (void)state;
    settings.customers.count = 4000;
    settings.customers.reservations = 1.0 / 86400.0;
    settings.duration = 20.0 * 3600.0;
    settings.computer.share = 0.3;
    settings.computer_channel.loss = 1.0;
    settings.computer_channel.retries = 0;
    struct outcome it = run_unit(&settings, SCHEME_SMS_CODE, 1, BANK_SOUND);
    const double *n = it.result->numerator;
    double tried = n[M_RESERVATIONS], silent = n[measure_refused(REASON_NO_ANSWER)];
    assert_int_equal(it.end, WORLD_DONE);
    assert_true(tried > 2000.0);
    assert_true(fabs(silent - 0.3 * tried) < 2.0 * 5.0 * sqrt(0.3 * 0.7 * tried));
    assert_true(n[M_UNANSWERED] == silent);
    unit_result_free(it.result);

    settings.computer_channel.loss = 0.0;
    settings.phone_channel.loss = 1.0;
    settings.phone_channel.retries = 0;
    it = run_unit(&settings, SCHEME_SMS_CODE, 1, BANK_SOUND);
    double others = it.result->numerator[measure_refused(REASON_NO_ANSWER)];
    /* The same customers and wishes: whoever was heard then is not now, but for those whom the end
     * of a run finds logging in or waiting. */
    assert_true(fabs(silent + others - tried) <= 10.0);
    unit_result_free(it.result);
}

/* Which network terminal it is changes when a customer comes, not what happens at the machine; and
 * the records are the same for any jobs, lossy or not. */
static void test_jobs_change_nothing(void **state)
{
    struct settings settings = plain_world();
    (void)state;
    settings.customers.count = 60;
    settings.computer.share = 0.5;
    for (int lossy = 0; lossy <= 1; lossy++) {
        settings.computer_channel.loss = settings.computer_channel.duplicate = lossy * 0.1;
        struct outcome one = run_unit(&settings, SCHEME_IMAGE_CODE, 1, BANK_SOUND);
        struct outcome more = run_unit(&settings, SCHEME_IMAGE_CODE, 3, BANK_SOUND);
        assert_int_equal(one.end, WORLD_DONE);
        assert_true(one.result->numerator[M_PAID] > 20.0);
        assert_same_units(one.result, more.result);
        unit_result_free(one.result);
        unit_result_free(more.result);
    }
}

/* Both send the same message, cut to its room. */
static void test_request(void **state)
{
    struct reservation_request request =
        banking_reserve(SCHEME_SMS_CODE, 13800000000, 6222020000000000, 30000, "123456", 7);
    (void)state;
    assert_true(request.mobile == 13800000000 && request.card == 6222020000000000);
    assert_true(request.amount_minor == 30000 && request.request == 7);
    assert_string_equal(request.reservation_code, "123456");
    request = banking_reserve(SCHEME_IMAGE_CODE, 1, 2, 3, NULL, 4);
    assert_string_equal(request.reservation_code, "");
    request = banking_reserve(SCHEME_SMS_CODE, 1, 2, 3, "1234567890123456789", 4);
    assert_string_equal(request.reservation_code, "1234567890123456");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_reserve_time), cmocka_unit_test(test_each_has_its_channel),
        cmocka_unit_test(test_jobs_change_nothing), cmocka_unit_test(test_request)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
