/* Messages that come again, late, or not at all: the same answer for the same transaction, and
 * nothing twice. */
#include "bank_fixture.h"

/* As `show`, but of a transaction of one's choice. */
static struct verdict show_as(struct fixture *fixture, uint64_t reservation, uint64_t counter,
                              uint32_t terminal, uint32_t trace, simtime now)
{
    struct presentation presentation = {
        .reservation = reservation, .terminal = terminal, .trace = trace};
    hotp_code(fixture->hotp, fixture->key, sizeof fixture->key, counter, presentation.code);
    return bank_present(fixture->bank, &presentation, now);
}

static enum reason reverse(struct fixture *fixture, uint64_t reservation, uint32_t terminal,
                           uint32_t trace)
{
    struct reversal_request request = {reservation, terminal, trace};
    return bank_reverse(fixture->bank, &request, 2);
}

static enum reason report(struct fixture *fixture, uint64_t reservation, uint32_t terminal,
                          uint32_t trace)
{
    struct dispense_report notes = {reservation, terminal, trace, amount_minor};
    return bank_dispensed(fixture->bank, &notes, 3);
}

static void test_same_request_same_reply(void **state)
{
    struct fixture *fixture = *state;
    struct reservation_request request = {SCHEME_SMS_CODE, mobile, card,           amount_minor,
                                          "0042",          7,      REQUESTER_PHONE};
    struct reservation_reply first = bank_reserve(fixture->bank, &request, 0), again;
    assert_int_equal(first.reason, REASON_NONE);
    again = bank_reserve(fixture->bank, &request, at_minute(1));
    assert_int_equal(again.reason, REASON_NONE);
    assert_int_equal(again.reservation, first.reservation);
    assert_int_equal(again.expires, first.expires);
    assert_string_equal(again.sms_code, first.sms_code);
    assert_books(fixture, opening_minor - amount_minor, amount_minor, 0);
    /* Not the same: another amount, another card; nor an older one. */
    request.amount_minor += 10000;
    assert_int_equal(bank_reserve(fixture->bank, &request, 1).reason, REASON_OLD_REQUEST);
    request.amount_minor -= 10000;
    request.card++;
    assert_int_equal(bank_reserve(fixture->bank, &request, 1).reason, REASON_OLD_REQUEST);
    request.card--;
    request.request--;
    assert_int_equal(bank_reserve(fixture->bank, &request, 1).reason, REASON_OLD_REQUEST);
    request.request = 8;
    assert_int_equal(bank_reserve(fixture->bank, &request, 1).reason, REASON_ALREADY_OPEN);
    /* The first one again, when its reservation is long over: no new one is made. */
    request.request = 7;
    assert_int_equal(bank_expire(fixture->bank, at_minute(31)), 1);
    assert_int_equal(bank_reserve(fixture->bank, &request, at_minute(40)).reservation,
                     first.reservation);
    assert_books(fixture, opening_minor, 0, 0);
}

/* What was refused stays so: a late copy makes no reservation, though there is money by then. */
static void test_same_request_same_refusal(void **state)
{
    struct fixture *fixture = *state;
    struct reservation_request first = {SCHEME_SMS_CODE, mobile, card,           amount_minor,
                                        "0042",          7,      REQUESTER_PHONE},
                               second = first, third = first;
    second.request = 8, third.request = 9;
    assert_int_equal(bank_reserve(fixture->bank, &first, 0).reason, REASON_NONE);
    assert_int_equal(bank_reserve(fixture->bank, &second, 0).reason, REASON_ALREADY_OPEN);
    assert_int_equal(bank_expire(fixture->bank, at_minute(31)), 1);
    for (int i = 0; i < 2; i++)
        assert_int_equal(bank_reserve(fixture->bank, &second, at_minute(32)).reason,
                         REASON_ALREADY_OPEN);
    assert_books(fixture, opening_minor, 0, 0);
    assert_int_equal(bank_reserve(fixture->bank, &third, at_minute(33)).reason, REASON_NONE);
    assert_int_equal(bank_reserve(fixture->bank, &second, at_minute(34)).reason,
                     REASON_ALREADY_OPEN); /* still what was said to it */
    assert_int_equal(bank_reserve(fixture->bank, &first, at_minute(34)).reason, REASON_OLD_REQUEST);
    third.request = 0; /* not numbered */
    assert_int_equal(bank_reserve(fixture->bank, &third, at_minute(35)).reason,
                     REASON_ALREADY_OPEN);
    assert_books(fixture, opening_minor - amount_minor, amount_minor, 0);
}

/* Phone, computer and terminals number by themselves: neither a small number nor a late copy of one
 * gets in the way of another's. */
static void test_requesters_number_by_themselves(void **state)
{
    struct fixture *fixture = *state;
    struct reservation_request phone = {SCHEME_IMAGE_CODE, mobile, card, amount_minor, "", 5,
                                        REQUESTER_PHONE},
                               computer = phone;
    struct withdrawal_request here = {SCHEME_IMAGE_CODE, 1, mobile, amount_minor,
                                      UINT64_C(1) << 60};
    computer.requester = REQUESTER_COMPUTER, computer.request = 1;
    uint64_t first = bank_reserve(fixture->bank, &phone, 0).reservation;
    assert_int_equal(first, 1);
    assert_int_equal(bank_reserve(fixture->bank, &computer, at_minute(31)).reservation, 2);
    assert_int_equal(bank_begin(fixture->bank, &here, at_minute(62)).reservation, 3);
    /* Late copies, of what is over: no new reservation, for whoever the latest is. */
    assert_int_equal(bank_reserve(fixture->bank, &phone, at_minute(93)).reason, REASON_OLD_REQUEST);
    assert_int_equal(bank_reserve(fixture->bank, &computer, at_minute(93)).reason,
                     REASON_OLD_REQUEST);
    assert_int_equal(bank_begin(fixture->bank, &here, at_minute(93)).reservation, 3);
    /* The phone's next one is new, though a terminal's number is the largest by far. */
    phone.request = 6;
    assert_int_equal(bank_reserve(fixture->bank, &phone, at_minute(94)).reservation, 4);
    computer.request = 2;
    assert_int_equal(bank_reserve(fixture->bank, &computer, at_minute(95)).reason,
                     REASON_ALREADY_OPEN);
    here.challenge++;
    assert_int_equal(bank_begin(fixture->bank, &here, at_minute(130)).reservation, 5);
    assert_int_equal(bank_reserve(fixture->bank, &computer, at_minute(170)).reason,
                     REASON_ALREADY_OPEN); /* as it was said */
    assert_books(fixture, opening_minor - amount_minor, amount_minor, 0);
}

static void test_permit_again(void **state)
{
    struct fixture *fixture = *state;
    uint64_t reservation = reserve(fixture, 0).reservation;
    for (int i = 0; i < 3; i++) {
        struct verdict verdict = show_as(fixture, reservation, 0, 1, 5, at_minute(29 + i));
        assert_int_equal(verdict.reason, REASON_NONE);
        assert_int_equal(verdict.amount_minor, amount_minor);
    }
    assert_int_equal(show_as(fixture, reservation, 0, 1, 6, 1).reason, REASON_USED);
    assert_int_equal(show_as(fixture, reservation, 0, 2, 5, 1).reason, REASON_USED);
    for (int i = 0; i < 3; i++)
        assert_int_equal(report(fixture, reservation, 1, 5), REASON_NONE);
    assert_int_equal(show_as(fixture, reservation, 0, 1, 5, at_minute(90)).reason, REASON_NONE);
    assert_books(fixture, opening_minor - amount_minor, 0, amount_minor);
    assert_int_equal(bank_audit(fixture->bank).payments, 1);
}

static void test_wrong_try_counts_once(void **state)
{
    struct fixture *fixture = *state;
    uint64_t reservation = reserve(fixture, 0).reservation;
    for (int i = 0; i < 5; i++) {
        struct verdict verdict = show_as(fixture, reservation, 99, 1, 1, i);
        assert_int_equal(verdict.reason, REASON_WRONG_CODE);
        assert_false(verdict.final);
    }
    /* The right code under the same number is no new attempt. */
    assert_int_equal(show_as(fixture, reservation, 0, 1, 1, 9).reason, REASON_WRONG_CODE);
    assert_false(show_as(fixture, reservation, 99, 2, 1, 9).final);
    for (int i = 0; i < 3; i++) {
        struct verdict verdict = show_as(fixture, reservation, 99, 1, 2, 10 + i);
        assert_int_equal(verdict.reason, REASON_WRONG_CODE);
        assert_true(verdict.final);
    }
    assert_int_equal(show_as(fixture, reservation, 0, 1, 3, 20).reason, REASON_LOCKED);
    assert_int_equal(show_as(fixture, reservation, 99, 1, 1, 20).reason, REASON_WRONG_CODE);
    assert_books(fixture, opening_minor, 0, 0);
}

static void test_reversal(void **state)
{
    struct fixture *fixture = *state;
    uint64_t reservation = reserve_as(fixture, SCHEME_IMAGE_CODE, 300000, 0).reservation;
    assert_int_equal(show_as(fixture, reservation, 0, 1, 1, 1).reason, REASON_NONE);
    assert_int_equal(reverse(fixture, reservation, 2, 1), REASON_NONE); /* not its transaction */
    assert_books(fixture, opening_minor - 300000, 300000, 0);
    for (int i = 0; i < 3; i++)
        assert_int_equal(reverse(fixture, reservation, 1, 1), REASON_NONE);
    assert_books(fixture, opening_minor, 0, 0);
    /* The code is used up, for everybody; the day's limit is given back. */
    assert_int_equal(show_as(fixture, reservation, 0, 1, 1, 3).reason, REASON_REVERSED);
    assert_int_equal(show_as(fixture, reservation, 0, 2, 9, 3).reason, REASON_REVERSED);
    assert_int_equal(begin(fixture, 3), REASON_REVERSED);
    assert_int_equal(reserve_as(fixture, SCHEME_IMAGE_CODE, 300000, 4).reason, REASON_NONE);
    /* Notes that come out all the same are an alarm. */
    assert_int_equal(report(fixture, reservation, 1, 1), REASON_NO_PERMIT);
    assert_int_equal(bank_audit(fixture->bank).strays, 1);
}

static void test_tombstone(void **state)
{
    struct fixture *fixture = *state;
    uint64_t reservation = reserve(fixture, 0).reservation;
    assert_int_equal(reverse(fixture, reservation, 1, 1), REASON_NONE);
    assert_int_equal(reverse(fixture, reservation, 1, 1), REASON_NONE);
    struct verdict late = show_as(fixture, reservation, 0, 1, 1, 5);
    assert_int_equal(late.reason, REASON_REVERSED);
    assert_true(late.final);
    /* No wrong try, and another transaction may have the money. */
    assert_false(show_as(fixture, reservation, 99, 1, 2, 6).final);
    assert_int_equal(show_as(fixture, reservation, 0, 1, 3, 7).reason, REASON_NONE);
    assert_int_equal(report(fixture, reservation, 1, 3), REASON_NONE);
    assert_books(fixture, opening_minor - amount_minor, 0, amount_minor);
}

static void test_reversal_after_payment(void **state)
{
    struct fixture *fixture = *state;
    uint64_t reservation = reserve(fixture, 0).reservation;
    assert_int_equal(show_as(fixture, reservation, 0, 1, 1, 1).reason, REASON_NONE);
    assert_int_equal(report(fixture, reservation, 1, 1), REASON_NONE);
    assert_int_equal(reverse(fixture, reservation, 1, 1), REASON_NO_PERMIT);
    assert_int_equal(reverse(fixture, reservation + 1, 1, 1), REASON_NO_RESERVATION);
    assert_int_equal(bank_audit(fixture->bank).strays, 2);
    assert_books(fixture, opening_minor - amount_minor, 0, amount_minor);
}

static void test_named(void **state)
{
    struct fixture *fixture = *state;
    struct presentation presentation = {.reservation = reserve(fixture, 0).reservation,
                                        .amount_minor = amount_minor + 10000};
    hotp_code(fixture->hotp, fixture->key, sizeof fixture->key, 0, presentation.code);
    for (int i = 0; i < 5; i++) /* no wrong tries */
        assert_int_equal(present(fixture, &presentation, 1).reason, REASON_WRONG_AMOUNT);
    presentation.amount_minor = amount_minor;
    presentation.card = card + 1;
    assert_int_equal(present(fixture, &presentation, 1).reason, REASON_CARD_MISMATCH);
    presentation.card = card;
    assert_int_equal(present(fixture, &presentation, 1).reason, REASON_NONE);
}

static void test_named_typed(void **state)
{
    struct fixture *fixture = *state;
    struct reservation_reply reply = reserve_as(fixture, SCHEME_SMS_CODE, amount_minor, 0);
    struct presentation presentation = {.reservation = reply.reservation,
                                        .amount_minor = amount_minor + 10000,
                                        .reservation_code = "246810"};
    memcpy(presentation.sms_code, reply.sms_code, sizeof presentation.sms_code);
    assert_int_equal(present(fixture, &presentation, 1).reason, REASON_WRONG_AMOUNT);
    presentation.amount_minor = amount_minor;
    presentation.card = card + 1;
    assert_int_equal(present(fixture, &presentation, 1).reason, REASON_CARD_MISMATCH);
    presentation.card = 0;
    assert_int_equal(present(fixture, &presentation, 1).reason, REASON_NONE);
}

static struct reconciliation reconcile(struct fixture *fixture, uint32_t through,
                                       const struct dispense_report *entries, size_t count)
{
    struct dispenser_journal journal = {1, through, entries, count};
    return bank_reconcile(fixture->bank, &journal, 1, SIMTIME_DAY);
}

static uint64_t permitted(struct fixture *fixture, uint64_t counter, uint32_t trace)
{
    uint64_t reservation = reserve(fixture, 0).reservation;
    assert_int_equal(show_as(fixture, reservation, counter, 1, trace, 1).reason, REASON_NONE);
    return reservation;
}

/* Three permits: one booked, one paid out but not booked, one not paid out; and one that is still
 * under way. */
static void test_reconciliation(void **state)
{
    struct fixture *fixture = *state;
    struct bank_rules *rules = &fixture->bank->rules;
    rules->daily_limit_minor = opening_minor;
    uint64_t booked = permitted(fixture, 0, 1), unbooked = permitted(fixture, 1, 2);
    permitted(fixture, 2, 3);
    uint64_t under_way = permitted(fixture, 3, 4);
    assert_int_equal(report(fixture, booked, 1, 1), REASON_NONE);
    const struct dispense_report paid_out[] = {{unbooked, 1, 2, amount_minor},
                                               {booked, 1, 1, amount_minor}};
    struct reconciliation day = reconcile(fixture, 3, paid_out, 2);
    assert_int_equal(day.reason, REASON_NONE);
    assert_int_equal(day.matched, 1);
    assert_int_equal(day.paid, 1);
    assert_int_equal(day.reversed, 1);
    assert_int_equal(day.missing + day.strays, 0);
    assert_books(fixture, opening_minor - 3 * amount_minor, amount_minor, 2 * amount_minor);
    /* The same again changes nothing, and a late report is booked already. */
    day = reconcile(fixture, 3, paid_out, 2);
    assert_int_equal(day.matched + day.paid + day.reversed + day.missing + day.strays, 0);
    assert_int_equal(report(fixture, unbooked, 1, 2), REASON_NONE);
    assert_int_equal(report(fixture, under_way, 1, 4), REASON_NONE);
    const struct dispense_report next[] = {{under_way, 1, 4, amount_minor}};
    assert_int_equal(reconcile(fixture, 4, next, 1).matched, 1);
    assert_books(fixture, opening_minor - 3 * amount_minor, 0, 3 * amount_minor);
}

/* What dispenser and bank do not agree on is an alarm. */
static void test_reconciliation_alarms(void **state)
{
    struct fixture *fixture = *state;
    uint64_t booked = permitted(fixture, 0, 1);
    assert_int_equal(report(fixture, booked, 1, 1), REASON_NONE);
    const struct dispense_report other[] = {{booked, 1, 2, amount_minor}};
    struct reconciliation day = reconcile(fixture, 2, other, 1);
    assert_int_equal(day.missing, 1);
    assert_int_equal(day.strays, 1);
    assert_int_equal(bank_audit(fixture->bank).strays, 1);
    uint64_t reservation = permitted(fixture, 1, 3);
    const struct dispense_report more[] = {{reservation, 1, 3, amount_minor + 10000}};
    day = reconcile(fixture, 3, more, 1);
    assert_int_equal(day.strays, 1);
    assert_int_equal(day.paid + day.reversed, 0); /* people must look at it */
    assert_books(fixture, opening_minor - 2 * amount_minor, amount_minor, amount_minor);
}

int main(void)
{
    const struct CMUnitTest tests[] = {TEST(test_same_request_same_reply),
                                       TEST(test_same_request_same_refusal),
                                       TEST(test_requesters_number_by_themselves),
                                       TEST(test_permit_again),
                                       TEST(test_wrong_try_counts_once),
                                       TEST(test_reversal),
                                       TEST(test_tombstone),
                                       TEST(test_reversal_after_payment),
                                       TEST(test_named),
                                       TEST(test_named_typed),
                                       TEST(test_reconciliation),
                                       TEST(test_reconciliation_alarms)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
