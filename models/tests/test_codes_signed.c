/* Signed transactions at the bank's desk: forgeries, and certificates that are no good any more,
 * not yet, or not this customer's. */
#include "codes_desk.h"

#include <unistd.h>

/* What a thief can do to a signed transaction: to alter it, to sign it with another key, to send
 * what is none. */
static void test_forgeries(void **state)
{
    (void)state;
    for (int i = 3; i < KINDS; i++) {
        struct desk desk = open_desk(kinds[i], PASSCODE_DIGITS, 12);
        struct transaction reserved = reserve(&desk, 0);
        struct presentation right = make(&desk, &reserved, 0), wrong = right;
        wrong.code[33] ^= 1; /* the amount */
        expect(&desk, wrong, 0, REASON_ALTERED);
        wrong = right;
        signed_make(desk.engine, desk.foreign, &reserved, (uint8_t *)wrong.code);
        expect(&desk, wrong, 0, REASON_WRONG_KEY);
        expect(&desk, right, 0, REASON_NONE);

        reserved = reserve(&desk, SIMTIME_SECOND);
        right = wrong = make(&desk, &reserved, SIMTIME_SECOND);
        wrong.code_bytes = SIGNED_BYTES - 1;
        expect(&desk, wrong, SIMTIME_SECOND, REASON_MALFORMED_CODE);
        wrong.code_bytes = 100000; /* more than a message holds: nothing is read beyond it */
        expect(&desk, wrong, SIMTIME_SECOND, REASON_MALFORMED_CODE);
        expect(&desk, right, SIMTIME_SECOND, REASON_NONE);
        close_desk(&desk);
    }
}

/* The hold is released, and what was said stands, though another certificate would do by now. */
static void expect_over(struct desk *desk, struct presentation presentation, simtime now,
                        enum reason said)
{
    assert_int_equal(bank_audit(desk->bank).held_minor, 0);
    certify(desk, mobile, desk->own, 0, SIMTIME_DAY);
    presentation.trace = desk->trace;
    struct verdict again = bank_present(desk->bank, &presentation, now);
    assert_int_equal(again.reason, said);
    assert_true(again.final);
    expect(desk, presentation, now, REASON_CERTIFICATE_INVALID);
}

static void test_expired_and_early_certificates(void **state)
{
    (void)state;
    for (int i = 3; i < KINDS; i++) {
        struct desk desk = open_desk(kinds[i], PASSCODE_DIGITS, 12);
        simtime noon = SIMTIME_DAY / 2;
        certify(&desk, mobile, desk.own, 0, noon);
        struct transaction reserved = reserve(&desk, noon - SIMTIME_HOUR);
        struct presentation right = make(&desk, &reserved, noon);
        struct verdict verdict = present(&desk, right, noon);
        assert_int_equal(verdict.reason, REASON_CERTIFICATE_EXPIRED);
        assert_true(verdict.final);
        expect_over(&desk, right, noon, REASON_CERTIFICATE_EXPIRED);
        reserved = reserve(&desk, noon);
        right = make(&desk, &reserved, noon);
        certify(&desk, mobile, desk.own, noon + SIMTIME_HOUR, SIMTIME_DAY);
        expect(&desk, right, noon, REASON_CERTIFICATE_EARLY);
        expect_over(&desk, right, noon, REASON_CERTIFICATE_EARLY);
        reserved = reserve(&desk, noon);
        expect(&desk, make(&desk, &reserved, noon), noon, REASON_NONE);
        close_desk(&desk);
    }
}

/* What is revoked at 10:20 stands on the list of 11:00; then another certificate helps. */
static void test_revoked_certificates(void **state)
{
    (void)state;
    const simtime ten = 10 * SIMTIME_HOUR, eleven = 11 * SIMTIME_HOUR;
    struct desk desk = open_desk(CODE_ED25519, PASSCODE_DIGITS, 12);
    struct transaction reserved = reserve(&desk, ten);
    struct presentation wrong = make(&desk, &reserved, ten);
    assert_true(bank_revoke(desk.bank, mobile, ten + SIMTIME_HOUR / 3));
    assert_false(bank_revoke(desk.bank, mobile, ten + SIMTIME_HOUR / 3));
    assert_false(bank_revoke(desk.bank, mobile + 99, ten));
    struct transaction changed = reserved;
    changed.amount_minor += 10000;
    struct presentation altered = make(&desk, &changed, ten);
    altered.reservation = reserved.reservation;
    expect(&desk, altered, eleven - 1, REASON_WRONG_AMOUNT); /* still good */
    expect(&desk, wrong, eleven, REASON_CERTIFICATE_REVOKED);
    certify(&desk, mobile, desk.foreign, ten, SIMTIME_DAY);
    reserved = reserve(&desk, eleven);
    wrong = make(&desk, &reserved, eleven);
    expect(&desk, wrong, eleven, REASON_WRONG_KEY); /* by the lost token */
    signed_make(desk.engine, desk.foreign, &reserved, (uint8_t *)wrong.code);
    expect(&desk, wrong, eleven, REASON_NONE);
    close_desk(&desk);
}

/* A certificate for another number or card, put into the books: it is not this customer's. */
static void test_a_certificate_of_somebody_else(void **state)
{
    (void)state;
    struct desk desk = open_desk(CODE_ED25519, PASSCODE_DIGITS, 12);
    struct transaction reserved = reserve(&desk, 0);
    struct presentation right = make(&desk, &reserved, 0);
    struct sqlite3 *books = desk.bank->database.handle;
    assert_int_equal(sqlite3_exec(books,
                                  "UPDATE account SET key = (SELECT key FROM account"
                                  " WHERE mobile = 13000000002) WHERE mobile = 13000000001",
                                  NULL, NULL, NULL),
                     SQLITE_OK);
    expect(&desk, right, 0, REASON_CERTIFICATE_SUBJECT);
    assert_int_equal(
        sqlite3_exec(books, "UPDATE account SET key = zeroblob(700)", NULL, NULL, NULL), SQLITE_OK);
    reserved = reserve(&desk, 0);
    right = make(&desk, &reserved, 0);
    expect(&desk, right, 0, REASON_CERTIFICATE_INVALID);
    close_desk(&desk);
}

/* Bound to the certificate, a card cannot be reserved with when that is not good; bound to the
 * number, it can. */
static void test_bindings(void **state)
{
    (void)state;
    for (int binding = BINDING_MOBILE; binding <= BINDING_CERTIFICATE; binding++) {
        struct desk desk = open_desk(CODE_ED25519, PASSCODE_DIGITS, 12);
        desk.bank->rules.binding = (enum bank_binding)binding;
        assert_int_equal(ask(&desk, mobile, card, 0).reason, REASON_NONE);
        certify(&desk, other_mobile, desk.foreign, -SIMTIME_DAY, SIMTIME_HOUR);
        enum reason reason = ask(&desk, other_mobile, card + 1, SIMTIME_HOUR).reason;
        assert_int_equal(reason,
                         binding == BINDING_MOBILE ? REASON_NONE : REASON_CERTIFICATE_EXPIRED);
        close_desk(&desk);
    }
}

/* What was revoked stays so when the bank opens its file again, and certificates are the same. */
static void test_a_restart_forgets_nothing(void **state)
{
    char path[] = "codes-XXXXXX";
    struct error error;
    int file = mkstemp(path);
    (void)state;
    assert_true(file >= 0);
    close(file);
    struct desk desk = open_desk(CODE_ED25519, PASSCODE_DIGITS, 12);
    struct bank_place place = {path, false, 0};
    bank_free(desk.bank);
    desk.bank = bank_open(&desk.rules, (struct stream_key){.seed = 1}, &place, &error);
    assert_non_null(desk.bank);
    enrol(&desk, mobile, card);
    enrol(&desk, other_mobile, card + 1);
    certify(&desk, mobile, desk.own, 0, SIMTIME_DAY);
    certify(&desk, other_mobile, desk.foreign, 0, SIMTIME_DAY);
    assert_true(bank_revoke(desk.bank, mobile, SIMTIME_SECOND));
    bank_free(desk.bank);
    desk.bank = bank_open(&desk.rules, (struct stream_key){.seed = 1}, &place, &error);
    assert_non_null(desk.bank);
    desk.bank->rules.binding = BINDING_CERTIFICATE;
    simtime noon = SIMTIME_DAY / 2;
    assert_int_equal(ask(&desk, mobile, card, noon).reason, REASON_CERTIFICATE_REVOKED);
    assert_int_equal(ask(&desk, other_mobile, card + 1, noon).reason, REASON_NONE);
    close_desk(&desk);
    unlink(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_forgeries),
        cmocka_unit_test(test_expired_and_early_certificates),
        cmocka_unit_test(test_revoked_certificates),
        cmocka_unit_test(test_a_certificate_of_somebody_else),
        cmocka_unit_test(test_bindings),
        cmocka_unit_test(test_a_restart_forgets_nothing),
    };
    return cmocka_run_group_tests_name("codes_signed", tests, NULL, NULL);
}
