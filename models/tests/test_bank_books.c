/* The bank's books: what fails leaves nothing behind, what is booked adds up, and the audit sees
 * where it does not. */
#include "bank_fixture.h"

static void test_stray_dispense(void **state)
{
    struct fixture *fixture = *state;
    struct reservation_reply reply = reserve(fixture, 0);
    assert_false(dispense(fixture, reply.reservation, 1, amount_minor)); /* no permit */
    assert_int_equal(show(fixture, reply.reservation, 0, 1, 1).reason, REASON_NONE);
    assert_false(dispense(fixture, reply.reservation, 2, amount_minor)); /* not there */
    assert_false(dispense(fixture, reply.reservation, 1, amount_minor + 10000));
    assert_true(dispense(fixture, reply.reservation, 1, amount_minor));
    assert_true(dispense(fixture, reply.reservation, 1, amount_minor)); /* the same again */
    assert_int_equal(bank_audit(fixture->bank).strays, 3);
    assert_books(fixture, opening_minor - amount_minor, 0, amount_minor);
}

/* What is paid at a POS is credited to its merchant once, and to nobody elsewhere. */
static void test_merchant(void **state)
{
    struct fixture *fixture = *state;
    assert_true(bank_add_merchant(fixture->bank, 2));
    assert_true(bank_add_merchant(fixture->bank, 2)); /* is one already */
    struct reservation_reply reply = reserve(fixture, 0);
    assert_int_equal(show(fixture, reply.reservation, 0, 1, 1).reason, REASON_NONE);
    assert_true(dispense(fixture, reply.reservation, 1, amount_minor)); /* an ATM */
    assert_int_equal(bank_credit_minor(fixture->bank, 2), 0);
    reply = reserve(fixture, at_minute(30));
    assert_int_equal(show(fixture, reply.reservation, 1, 2, at_minute(31)).reason, REASON_NONE);
    assert_false(dispense(fixture, reply.reservation, 2, amount_minor + 10000));
    assert_int_equal(bank_credit_minor(fixture->bank, 2), 0);
    assert_true(dispense(fixture, reply.reservation, 2, amount_minor));
    assert_true(dispense(fixture, reply.reservation, 2, amount_minor)); /* the same again */
    assert_int_equal(bank_credit_minor(fixture->bank, 2), amount_minor);
    assert_int_equal(bank_credit_minor(fixture->bank, 1), 0);
    assert_books(fixture, opening_minor - 2 * amount_minor, 0, 2 * amount_minor);
    struct bank_totals totals = bank_audit(fixture->bank);
    assert_int_equal(totals.miscredited, 0);
    assert_int_equal(totals.credited_minor, amount_minor);
    struct error error;
    assert_int_equal(sqlite3_exec(fixture->bank->database.handle,
                                  "UPDATE merchant SET credit = credit - 1", NULL, NULL, NULL),
                     SQLITE_OK);
    totals = bank_audit(fixture->bank);
    assert_false(bank_totals_check(&totals, &error));
    assert_non_null(strstr(error.text, "merchants are not credited"));
}

static void test_registered_once(void **state)
{
    struct fixture *fixture = *state;
    struct registration again = {mobile, card, 1, {0}, false};
    assert_false(bank_register(fixture->bank, &again));
    assert_true(bank_is_registered(fixture->bank, mobile));
    assert_false(bank_is_registered(fixture->bank, mobile + 1));
    assert_books(fixture, opening_minor, 0, 0);
}

/* A statement that fails in the middle of a step leaves nothing of the step behind. */
static void test_half_done(void **state)
{
    static const char fails[] = "CREATE TRIGGER fails BEFORE INSERT ON payment"
                                " BEGIN SELECT RAISE(ABORT, 'the disk is full'); END;"
                                "CREATE TRIGGER fails_too BEFORE UPDATE ON account"
                                " WHEN new.counter <> old.counter"
                                " BEGIN SELECT RAISE(ABORT, 'the disk is full'); END;"
                                "CREATE TRIGGER fails_first BEFORE UPDATE OF held ON account"
                                " BEGIN SELECT RAISE(ABORT, 'the disk is full'); END;";
    struct fixture *fixture = *state;
    sqlite3 *handle = fixture->bank->database.handle;
    assert_int_equal(sqlite3_exec(handle, fails, NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(reserve_as(fixture, SCHEME_IMAGE_CODE, amount_minor, 0).reason,
                     REASON_DATABASE);
    assert_int_equal(begin(fixture, 0), REASON_NO_RESERVATION);
    assert_books(fixture, opening_minor, 0, 0);
    assert_int_equal(sqlite3_exec(handle, "DROP TRIGGER fails_first", NULL, NULL, NULL), SQLITE_OK);
    struct reservation_reply reply = reserve(fixture, 0);
    assert_int_equal(show(fixture, reply.reservation, 0, 1, 1).reason, REASON_DATABASE);
    assert_int_equal(begin(fixture, 1), REASON_NONE); /* no permit without its counter */
    assert_int_equal(sqlite3_exec(handle, "DROP TRIGGER fails_too", NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(show(fixture, reply.reservation, 0, 1, 1).reason, REASON_NONE);
    assert_false(dispense(fixture, reply.reservation, 1, amount_minor));
    assert_books(fixture, opening_minor - amount_minor, amount_minor, 0);
    assert_int_equal(sqlite3_exec(handle, "DROP TRIGGER fails", NULL, NULL, NULL), SQLITE_OK);
    assert_true(dispense(fixture, reply.reservation, 1, amount_minor));
    assert_books(fixture, opening_minor - amount_minor, 0, amount_minor);
}

/* The sweep goes along the reservations and must not lose one that stays open beside others that
 * are used up, nor release one twice: many customers, several sweeps. */
static void test_sweeps(void **state)
{
    enum { CUSTOMERS = 3000 };
    struct fixture *fixture = *state;
    unsigned released = 0, withdrawn = 0;
    for (unsigned i = 1; i <= CUSTOMERS; i++) {
        uint64_t number = mobile + i * UINT64_C(618033989) % UINT64_C(1000000000);
        simtime now = at_minute(0.1 * i);
        struct registration registration = {number, card + i, opening_minor, {0}, true};
        struct reservation_request request = {SCHEME_SMS_CODE, number, card + i,       10000,
                                              "1234",          0,      REQUESTER_PHONE};
        assert_true(bank_register(fixture->bank, &registration));
        struct reservation_reply reply = bank_reserve(fixture->bank, &request, now);
        assert_int_equal(reply.reason, REASON_NONE);
        struct presentation presentation = {.reservation = reply.reservation, .terminal = i};
        strcpy(presentation.sms_code, reply.sms_code);
        strcpy(presentation.reservation_code, "1234");
        struct dispense_report report = {reply.reservation, i, i, 10000};
        if (i % 3 != 0) {
            assert_int_equal(present(fixture, &presentation, now).reason, REASON_NONE);
            report.trace = fixture->permitted;
            assert_int_equal(bank_dispensed(fixture->bank, &report, now), REASON_NONE);
            withdrawn++;
        }
        if (i % 97 == 0)
            released += bank_expire(fixture->bank, now);
    }
    struct bank_totals totals = bank_audit(fixture->bank);
    assert_int_equal(totals.held_minor, totals.open_minor);
    assert_true(released > 0 && released < CUSTOMERS / 3);
    assert_int_equal(totals.open_minor, (int64_t)(CUSTOMERS / 3 - released) * 10000);
    released += bank_expire(fixture->bank, at_minute(CUSTOMERS));
    assert_int_equal(released, CUSTOMERS / 3);
    totals = bank_audit(fixture->bank);
    assert_int_equal(totals.held_minor, 0);
    assert_int_equal(totals.open_minor, 0);
    assert_int_equal(totals.payments, withdrawn);
    assert_int_equal(totals.unbalanced, 0);
}

/* The audit sees what the two deliberate defects do. */
static void test_audit_sees_defects(void **state)
{
    struct fixture broken;
    (void)state;
    open_bank(&broken, BANK_PAYS_TWICE);
    struct reservation_reply reply = reserve(&broken, 0);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(show(&broken, reply.reservation, 0, 1, 1).reason, REASON_NONE);
        assert_true(dispense(&broken, reply.reservation, 1, amount_minor));
    }
    assert_int_equal(bank_audit(broken.bank).paid_twice, 1);
    bank_free(broken.bank);
    hotp_free(broken.hotp);
    open_bank(&broken, BANK_FORGETS_HOLD);
    reply = reserve(&broken, 0);
    assert_int_equal(show(&broken, reply.reservation, 0, 1, 1).reason, REASON_NONE);
    assert_true(dispense(&broken, reply.reservation, 1, amount_minor));
    struct bank_totals totals = bank_audit(broken.bank);
    assert_int_not_equal(totals.held_minor, totals.open_minor);
    assert_int_not_equal(totals.paid_minor, totals.payments_minor);
    bank_free(broken.bank);
    hotp_free(broken.hotp);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_stray_dispense), TEST(test_merchant), TEST(test_registered_once),
        TEST(test_half_done),      TEST(test_sweeps),   cmocka_unit_test(test_audit_sees_defects)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
