/* The bank's rules: every refusal with its own reason, single use, and money that stays. */
#include "bank_fixture.h"

static void test_withdrawal(void **state)
{
    struct fixture *fixture = *state;
    struct reservation_reply reply = reserve(fixture, 0);
    assert_books(fixture, opening_minor - amount_minor, amount_minor, 0);
    assert_int_equal(begin(fixture, at_minute(5)), REASON_NONE);
    struct verdict verdict = show(fixture, reply.reservation, 0, 1, at_minute(5));
    assert_int_equal(verdict.reason, REASON_NONE);
    assert_int_equal(verdict.amount_minor, amount_minor);
    assert_books(fixture, opening_minor - amount_minor, amount_minor, 0);
    assert_true(dispense(fixture, reply.reservation, 1, amount_minor));
    assert_books(fixture, opening_minor - amount_minor, 0, amount_minor);
}

static void test_reservation_refusals(void **state)
{
    struct fixture *fixture = *state;
    struct reservation_request request = {SCHEME_IMAGE_CODE, mobile + 1, card, amount_minor, "", 0,
                                          REQUESTER_PHONE};
    assert_int_equal(bank_reserve(fixture->bank, &request, 0).reason, REASON_UNKNOWN_MOBILE);
    request = (struct reservation_request){SCHEME_IMAGE_CODE, mobile, card + 1, amount_minor, "", 0,
                                           REQUESTER_PHONE};
    assert_int_equal(bank_reserve(fixture->bank, &request, 0).reason, REASON_CARD_MISMATCH);
    static const int64_t bad[] = {0, -10000, 12345, 310000, INT64_MAX};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_int_equal(reserve_as(fixture, SCHEME_IMAGE_CODE, bad[i], 0).reason,
                         REASON_BAD_AMOUNT);
    assert_books(fixture, opening_minor, 0, 0);
    reserve(fixture, 0);
    assert_int_equal(reserve_as(fixture, SCHEME_IMAGE_CODE, 10000, 1).reason, REASON_ALREADY_OPEN);
}

static void test_daily_limit_and_funds(void **state)
{
    struct fixture *fixture = *state;
    struct reservation_reply reply = reserve_as(fixture, SCHEME_IMAGE_CODE, 200000, 0);
    assert_int_equal(show(fixture, reply.reservation, 0, 1, 1).reason, REASON_NONE);
    assert_true(dispense(fixture, reply.reservation, 1, 200000));
    assert_int_equal(reserve_as(fixture, SCHEME_IMAGE_CODE, 110000, 2).reason, REASON_DAILY_LIMIT);
    assert_int_equal(reserve_as(fixture, SCHEME_IMAGE_CODE, 100000, 2).reason, REASON_NONE);
    /* The next day the limit starts again, but 500,000 - 300,000 are left. */
    assert_int_equal(bank_expire(fixture->bank, SIMTIME_DAY), 1);
    assert_int_equal(reserve_as(fixture, SCHEME_IMAGE_CODE, 300000, SIMTIME_DAY).reason,
                     REASON_NONE);
    assert_int_equal(bank_expire(fixture->bank, 2 * SIMTIME_DAY), 1);
    reply = reserve_as(fixture, SCHEME_IMAGE_CODE, 250000, 2 * SIMTIME_DAY);
    assert_int_equal(show(fixture, reply.reservation, 1, 1, 2 * SIMTIME_DAY).reason, REASON_NONE);
    assert_true(dispense(fixture, reply.reservation, 1, 250000));
    assert_int_equal(reserve_as(fixture, SCHEME_IMAGE_CODE, 60000, 3 * SIMTIME_DAY).reason,
                     REASON_FUNDS);
    assert_books(fixture, 50000, 0, 450000);
}

static void test_expired_gives_the_day_its_limit_back(void **state)
{
    struct fixture *fixture = *state;
    assert_int_equal(reserve_as(fixture, SCHEME_IMAGE_CODE, 300000, 0).reason, REASON_NONE);
    assert_int_equal(bank_expire(fixture->bank, at_minute(30)), 0);
    assert_int_equal(bank_expire(fixture->bank, at_minute(30) + 1), 1);
    assert_int_equal(reserve_as(fixture, SCHEME_IMAGE_CODE, 300000, at_minute(31)).reason,
                     REASON_NONE);
    assert_books(fixture, opening_minor - 300000, 300000, 0);
}

static void test_no_reservation(void **state)
{
    struct fixture *fixture = *state;
    assert_int_equal(begin(fixture, 0), REASON_NO_RESERVATION);
    assert_int_equal(show(fixture, 77, 0, 1, 0).reason, REASON_NO_RESERVATION);
    struct withdrawal_request other = {SCHEME_SMS_CODE, 1, mobile, 0, 0};
    reserve(fixture, 0);
    assert_int_equal(bank_begin(fixture->bank, &other, 0).reason, REASON_WRONG_SCHEME);
}

static void test_replayed_code(void **state)
{
    struct fixture *fixture = *state;
    struct reservation_reply reply = reserve(fixture, 0);
    assert_int_equal(show(fixture, reply.reservation, 0, 1, 1).reason, REASON_NONE);
    /* The same code again, at the same and at another terminal, before and after the cash. */
    assert_int_equal(show(fixture, reply.reservation, 0, 2, 2).reason, REASON_USED);
    assert_true(dispense(fixture, reply.reservation, 1, amount_minor));
    assert_int_equal(show(fixture, reply.reservation, 0, 1, 3).reason, REASON_USED);
    assert_int_equal(begin(fixture, 3), REASON_USED);
    /* The old code for the next reservation. */
    reply = reserve_as(fixture, SCHEME_IMAGE_CODE, 10000, 4);
    assert_int_equal(show(fixture, reply.reservation, 0, 1, 5).reason, REASON_STALE_CODE);
    assert_int_equal(show(fixture, reply.reservation, 1, 1, 6).reason, REASON_NONE);
}

static void test_wrong_code_locks(void **state)
{
    struct fixture *fixture = *state;
    struct reservation_reply reply = reserve(fixture, 0);
    for (int i = 1; i <= 3; i++) {
        struct verdict verdict = show_text(fixture, reply.reservation, "000000000000", i);
        assert_int_equal(verdict.reason, REASON_WRONG_CODE);
        assert_int_equal(verdict.final, i == 3);
    }
    assert_int_equal(show(fixture, reply.reservation, 0, 1, 9).reason, REASON_LOCKED);
    assert_int_equal(begin(fixture, 9), REASON_LOCKED);
    assert_books(fixture, opening_minor, 0, 0);
}

static void test_hostile_codes(void **state)
{
    static const char *const codes[] = {
        "",       "1",       "00000000000000000000000000000000000000000000", "' OR 1=1 --",
        "%s%s%n", "\xff\xfe"};
    struct fixture *fixture = *state;
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
        struct reservation_reply reply = reserve(fixture, at_minute(100.0 * (double)i));
        assert_int_equal(
            show_text(fixture, reply.reservation, codes[i], at_minute(100.0 * (double)i)).reason,
            REASON_WRONG_CODE);
        bank_expire(fixture->bank, at_minute(100.0 * (double)i + 50));
    }
    assert_books(fixture, opening_minor, 0, 0);
}

static void test_look_ahead(void **state)
{
    struct fixture *fixture = *state;
    struct reservation_reply reply = reserve(fixture, 0);
    assert_int_equal(show(fixture, reply.reservation, 6, 1, 1).reason, REASON_WRONG_CODE);
    assert_int_equal(show(fixture, reply.reservation, 5, 1, 1).reason, REASON_NONE);
    assert_true(dispense(fixture, reply.reservation, 1, amount_minor));
    /* What was skipped over is gone with it. */
    reply = reserve_as(fixture, SCHEME_IMAGE_CODE, 10000, 2);
    assert_int_equal(show(fixture, reply.reservation, 3, 1, 3).reason, REASON_STALE_CODE);
    assert_int_equal(show(fixture, reply.reservation, 6, 1, 3).reason, REASON_NONE);
}

static void test_expired_code(void **state)
{
    struct fixture *fixture = *state;
    struct reservation_reply reply = reserve(fixture, 0);
    assert_int_equal(show(fixture, reply.reservation, 0, 1, at_minute(30) + 1).reason,
                     REASON_EXPIRED);
    assert_int_equal(begin(fixture, at_minute(31)), REASON_EXPIRED);
    assert_books(fixture, opening_minor, 0, 0);
    assert_int_equal(bank_expire(fixture->bank, at_minute(32)), 0);
}

static void test_unreadable_is_no_try(void **state)
{
    struct fixture *fixture = *state;
    struct reservation_reply reply = reserve(fixture, 0);
    static const struct {
        enum recognition seen;
        enum reason reason;
    } rows[] = {{RECOGNITION_NOTHING, REASON_NO_SYMBOL},
                {RECOGNITION_FOREIGN, REASON_BAD_SYMBOL},
                {RECOGNITION_AMBIGUOUS, REASON_AMBIGUOUS}};
    for (int i = 0; i < 12; i++) {
        struct presentation presentation = {
            .reservation = reply.reservation, .terminal = 1, .recognition = rows[i % 3].seen};
        struct verdict verdict = present(fixture, &presentation, 1);
        assert_int_equal(verdict.reason, rows[i % 3].reason);
        assert_false(verdict.final);
    }
    assert_int_equal(show(fixture, reply.reservation, 0, 1, 2).reason, REASON_NONE);
}

static void test_sms_code(void **state)
{
    struct fixture *fixture = *state;
    struct reservation_reply reply = reserve_as(fixture, SCHEME_SMS_CODE, amount_minor, 0);
    assert_int_equal(strspn(reply.sms_code, "0123456789"), 6);
    char wrong[MESSAGE_DIGITS_BYTES];
    strcpy(wrong, reply.sms_code);
    wrong[5] = (char)('0' + (wrong[5] - '0' + 1) % 10);
    assert_int_equal(type(fixture, reply.reservation, "246811", reply.sms_code).reason,
                     REASON_WRONG_RESERVATION_CODE);
    assert_int_equal(type(fixture, reply.reservation, "246810", wrong).reason,
                     REASON_WRONG_SMS_CODE);
    assert_int_equal(type(fixture, reply.reservation, "246810", reply.sms_code).reason,
                     REASON_NONE);
    assert_int_equal(type(fixture, reply.reservation, "246810", reply.sms_code).reason,
                     REASON_USED);
    assert_true(dispense(fixture, reply.reservation, 1, amount_minor));
}

/* An empty key is not a key that anybody could have calculated a code with. */
static void test_without_token(void **state)
{
    struct fixture *fixture = *state;
    struct registration without = {mobile + 1, card + 1, opening_minor, {0}, true};
    assert_true(bank_register(fixture->bank, &without));
    struct reservation_request request = {SCHEME_IMAGE_CODE, mobile + 1, card + 1, 10000, "", 0,
                                          REQUESTER_PHONE};
    struct reservation_reply reply = bank_reserve(fixture->bank, &request, 0);
    assert_int_equal(reply.reason, REASON_NONE);
    struct presentation presentation = {.reservation = reply.reservation, .terminal = 1};
    static const uint8_t zeros[MESSAGE_KEY_BYTES];
    hotp_code(fixture->hotp, zeros, sizeof zeros, 0, presentation.code);
    assert_int_equal(present(fixture, &presentation, 1).reason, REASON_WRONG_CODE);
    hotp_code(fixture->hotp, zeros, 1, 0, presentation.code);
    assert_int_equal(present(fixture, &presentation, 1).reason, REASON_WRONG_CODE);
}

/* Codes are kept as numbers, and yet every digit counts: those in front, and how many there are. */
static void test_leading_zeros(void **state)
{
    static const char *const wrong[] = {"42", "042", "00042", "0042 ", "-042", "42e0", ""};
    struct fixture *fixture = *state;
    struct reservation_request request = {SCHEME_SMS_CODE, mobile, card,           amount_minor,
                                          "0042",          0,      REQUESTER_PHONE};
    struct reservation_reply reply;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        simtime now = at_minute(100.0 * (double)i);
        reply = bank_reserve(fixture->bank, &request, now);
        struct presentation presentation = {.reservation = reply.reservation, .terminal = 1};
        strcpy(presentation.sms_code, reply.sms_code);
        strcpy(presentation.reservation_code, wrong[i]);
        assert_int_equal(present(fixture, &presentation, now).reason,
                         REASON_WRONG_RESERVATION_CODE);
        bank_expire(fixture->bank, now + at_minute(50));
    }
    reply = bank_reserve(fixture->bank, &request, at_minute(1000));
    struct presentation presentation = {.reservation = reply.reservation, .terminal = 1};
    strcpy(presentation.sms_code, reply.sms_code);
    strcpy(presentation.reservation_code, "0042");
    assert_int_equal(present(fixture, &presentation, at_minute(1000)).reason, REASON_NONE);
    /* What is not made of digits matches nothing, not even itself. */
    request = (struct reservation_request){SCHEME_SMS_CODE, mobile, card,           10000,
                                           "12a4",          0,      REQUESTER_PHONE};
    reply = bank_reserve(fixture->bank, &request, at_minute(2000));
    assert_int_equal(reply.reason, REASON_NONE);
    presentation.reservation = reply.reservation;
    strcpy(presentation.sms_code, reply.sms_code);
    strcpy(presentation.reservation_code, "12a4");
    assert_int_equal(present(fixture, &presentation, at_minute(2000)).reason,
                     REASON_WRONG_RESERVATION_CODE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {TEST(test_withdrawal),
                                       TEST(test_reservation_refusals),
                                       TEST(test_daily_limit_and_funds),
                                       TEST(test_expired_gives_the_day_its_limit_back),
                                       TEST(test_no_reservation),
                                       TEST(test_replayed_code),
                                       TEST(test_wrong_code_locks),
                                       TEST(test_hostile_codes),
                                       TEST(test_look_ahead),
                                       TEST(test_expired_code),
                                       TEST(test_unreadable_is_no_try),
                                       TEST(test_sms_code),
                                       TEST(test_without_token),
                                       TEST(test_leading_zeros)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
