/* Every kind of code at the bank's desk: the right one is paid, once; what is wrong is refused for
 * its own reason. */
#include "codes_desk.h"

static void test_every_kind_is_paid_once(void **state)
{
    (void)state;
    for (int i = 0; i < KINDS; i++) {
        struct desk desk = open_desk(kinds[i], PASSCODE_DIGITS, 12);
        struct transaction reserved = reserve(&desk, 0);
        struct presentation right = make(&desk, &reserved, SIMTIME_SECOND);
        struct verdict verdict = present(&desk, right, SIMTIME_SECOND);
        assert_int_equal(verdict.reason, REASON_NONE);
        assert_int_equal(verdict.amount_minor, AMOUNT);
        expect(&desk, right, SIMTIME_SECOND, REASON_USED);
        struct dispense_report report = {reserved.reservation, TERMINAL, 1, AMOUNT};
        assert_int_equal(bank_dispensed(desk.bank, &report, SIMTIME_SECOND), REASON_NONE);
        close_desk(&desk);
    }
}

static void test_every_form_is_paid(void **state)
{
    static const enum passcode_kind alphabets[] = {PASSCODE_DIGITS, PASSCODE_CHARACTERS};
    (void)state;
    for (int kind = CODE_HOTP; kind <= CODE_OCRA; kind++)
        for (int alphabet = 0; alphabet < 2; alphabet++)
            for (unsigned length = 10; length <= 20; length++) {
                struct desk desk = open_desk((enum code_kind)kind, alphabets[alphabet], length);
                struct transaction reserved = reserve(&desk, 0);
                struct presentation right = make(&desk, &reserved, 0);
                assert_int_equal(strlen(right.code), length);
                struct presentation wrong = right;
                wrong.code[length - 1] = wrong.code[length - 1] == '0' ? '1' : '0';
                expect(&desk, wrong, 0, REASON_WRONG_CODE);
                wrong = right; /* as a text that is cut short, or not over where it should be */
                wrong.code[length - 1] = '\0';
                expect(&desk, wrong, 0, REASON_WRONG_CODE);
                expect(&desk, right, 0, REASON_NONE);
                close_desk(&desk);
            }
}

/* A code is the reservation's whose transaction it was made of; a code of an earlier one is old. */
static void test_a_code_of_another_reservation(void **state)
{
    static const enum reason reasons[] = {REASON_STALE_CODE, REASON_REPLAYED_CODE,
                                          REASON_WRONG_CODE, REASON_STALE_CODE,
                                          REASON_STALE_CODE, REASON_STALE_CODE};
    (void)state;
    for (int i = 0; i < KINDS; i++) {
        struct desk desk = open_desk(kinds[i], PASSCODE_DIGITS, 12);
        struct transaction first = reserve(&desk, 0);
        struct presentation old = make(&desk, &first, 0);
        expect(&desk, old, 0, REASON_NONE);
        struct transaction second = reserve(&desk, SIMTIME_SECOND);
        old.reservation = second.reservation;
        desk.counter = 1;
        expect(&desk, old, SIMTIME_SECOND, reasons[i]);
        simtime later = (STEP_S + 1) * SIMTIME_SECOND;
        expect(&desk, make(&desk, &second, later), later, REASON_NONE);
        close_desk(&desk);
    }
}

/* The third wrong code locks, whatever the kind. */
static void test_wrong_codes_lock(void **state)
{
    (void)state;
    for (int i = 0; i < KINDS; i++) {
        struct desk desk = open_desk(kinds[i], PASSCODE_DIGITS, 12);
        struct transaction reserved = reserve(&desk, 0);
        struct presentation right = make(&desk, &reserved, 0), wrong = right;
        wrong.code[wrong.code_bytes - 1] ^= 1;
        for (int tries = 0; tries < 3; tries++) {
            struct verdict verdict = present(&desk, wrong, 0);
            assert_int_equal(verdict.reason,
                             code_is_signature(kinds[i]) ? REASON_WRONG_KEY : REASON_WRONG_CODE);
            assert_int_equal(verdict.final, tries == 2);
        }
        expect(&desk, right, 0, REASON_LOCKED);
        close_desk(&desk);
    }
}

/* A window of one step: 0 s to 59 s after the step in which the code was made, and 30 s before. */
static void test_the_window_of_time(void **state)
{
    static const struct {
        int made_s, shown_s;
        enum reason reason;
    } cases[] = {{300, 300, REASON_NONE},       {300, 359, REASON_NONE},
                 {300, 360, REASON_STALE_CODE}, {300, 899, REASON_STALE_CODE},
                 {300, 960, REASON_WRONG_CODE}, {329, 270, REASON_NONE},
                 {330, 299, REASON_WRONG_CODE}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct desk desk = open_desk(CODE_TOTP, PASSCODE_DIGITS, 12);
        struct transaction reserved = reserve(&desk, 0);
        expect(&desk, make(&desk, &reserved, cases[i].made_s * SIMTIME_SECOND),
               cases[i].shown_s * SIMTIME_SECOND, cases[i].reason);
        close_desk(&desk);
    }
}

/* Each field that is bound: with another value, the code is no good. */
struct change {
    void (*to)(struct transaction *transaction);
    enum reason reason;
};

static void another_reservation(struct transaction *transaction)
{
    transaction->reservation++;
}
static void another_mobile(struct transaction *transaction)
{
    transaction->mobile++;
}
static void another_card(struct transaction *transaction)
{
    transaction->card++;
}
static void another_amount(struct transaction *transaction)
{
    transaction->amount_minor += 10000;
}
static void another_expiry(struct transaction *transaction)
{
    transaction->expires++;
}
static void a_terminal(struct transaction *transaction)
{
    transaction->has_terminal = true;
    transaction->terminal = TERMINAL;
}
static void a_challenge(struct transaction *transaction)
{
    transaction->has_nonce = true;
    transaction->nonce = 1;
}

static const struct change changes[] = {
    {another_reservation, REASON_STALE_CODE}, {another_mobile, REASON_WRONG_MOBILE},
    {another_card, REASON_CARD_MISMATCH},     {another_amount, REASON_WRONG_AMOUNT},
    {another_expiry, REASON_WRONG_EXPIRY},    {a_terminal, REASON_WRONG_TERMINAL},
    {a_challenge, REASON_WRONG_CHALLENGE}};

static void test_what_is_bound(void **state)
{
    (void)state;
    for (int i = 2; i < KINDS; i++)
        for (size_t j = 0; j < sizeof changes / sizeof changes[0]; j++) {
            struct desk desk = open_desk(kinds[i], PASSCODE_DIGITS, 12);
            struct transaction reserved = reserve(&desk, 0), changed = reserved;
            changes[j].to(&changed);
            struct presentation wrong = make(&desk, &changed, 0);
            wrong.reservation = reserved.reservation;
            expect(&desk, wrong, 0, kinds[i] == CODE_OCRA ? REASON_WRONG_CODE : changes[j].reason);
            expect(&desk, make(&desk, &reserved, 0), 0, REASON_NONE);
            close_desk(&desk);
        }
}

/* Reserved at a terminal: good there alone, and made of it and of its challenge. */
static struct capture_order begin_here(struct desk *desk, uint32_t terminal, uint64_t challenge)
{
    struct withdrawal_request request = {SCHEME_IMAGE_CODE, terminal, mobile, AMOUNT, challenge};
    return bank_begin(desk->bank, &request, 0);
}

static void test_at_the_terminal(void **state)
{
    (void)state;
    for (int i = 0; i < KINDS; i++) {
        struct desk desk = open_desk(kinds[i], PASSCODE_DIGITS, 12);
        struct capture_order order = begin_here(&desk, TERMINAL, 99), again;
        assert_int_equal(order.reason, REASON_NONE);
        again = begin_here(&desk, TERMINAL, 99); /* the reply was lost */
        assert_int_equal(again.reason, REASON_NONE);
        assert_int_equal(again.reservation, order.reservation);
        assert_int_equal(again.expires, order.expires);
        assert_int_equal(begin_here(&desk, TERMINAL, 98).reason, REASON_OLD_REQUEST);
        assert_int_equal(begin_here(&desk, TERMINAL + 1, 99).reason, REASON_OLD_REQUEST);
        assert_int_equal(begin_here(&desk, TERMINAL, 100).reason, REASON_ALREADY_OPEN);
        struct withdrawal_request elsewhere = {SCHEME_IMAGE_CODE, TERMINAL + 1, mobile, 0, 0};
        assert_int_equal(bank_begin(desk.bank, &elsewhere, 0).reason, REASON_WRONG_TERMINAL);

        struct transaction reserved = {
            order.reservation, mobile, card, AMOUNT, order.expires, true, true, TERMINAL, 99};
        struct presentation right = make(&desk, &reserved, 0), wrong = right;
        wrong.terminal++;
        expect(&desk, wrong, 0, REASON_WRONG_TERMINAL);
        struct transaction other = reserved;
        other.nonce++;
        if (!codes_count(kinds[i]))
            expect(&desk, make(&desk, &other, 0), 0,
                   kinds[i] == CODE_OCRA ? REASON_WRONG_CODE : REASON_WRONG_CHALLENGE);
        other = reserved;
        other.terminal++;
        if (!codes_count(kinds[i]))
            expect(&desk, make(&desk, &other, 0), 0,
                   kinds[i] == CODE_OCRA ? REASON_WRONG_CODE : REASON_WRONG_TERMINAL);
        expect(&desk, right, 0, REASON_NONE);
        again = begin_here(&desk, TERMINAL, 99); /* a copy that comes late reserves nothing */
        assert_int_equal(again.reservation, order.reservation);
        assert_int_equal(bank_audit(desk.bank).held_minor, AMOUNT);
        close_desk(&desk);
    }
}

/* A terminal is not believed everything. */
static void test_bad_requests_at_the_terminal(void **state)
{
    (void)state;
    struct desk desk = open_desk(CODE_OCRA, PASSCODE_DIGITS, 12);
    static const struct {
        struct withdrawal_request request;
        enum reason reason;
    } cases[] = {
        {{SCHEME_SMS_CODE, 1, UINT64_C(13000000001), AMOUNT, 1}, REASON_WRONG_SCHEME},
        {{SCHEME_IMAGE_CODE, 1, UINT64_C(13000000001), AMOUNT, 0}, REASON_WRONG_SCHEME},
        {{SCHEME_IMAGE_CODE, 1, UINT64_C(13000000001), AMOUNT, UINT64_MAX}, REASON_WRONG_SCHEME},
        {{SCHEME_IMAGE_CODE, 1, UINT64_C(13000000099), AMOUNT, 1}, REASON_UNKNOWN_MOBILE},
        {{SCHEME_IMAGE_CODE, 1, UINT64_C(13000000001), -AMOUNT, 1}, REASON_BAD_AMOUNT},
        {{SCHEME_IMAGE_CODE, UINT32_MAX, UINT64_C(13000000001), AMOUNT, 1}, REASON_NONE}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_int_equal(bank_begin(desk.bank, &cases[i].request, 0).reason, cases[i].reason);
    close_desk(&desk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_kind_is_paid_once),
        cmocka_unit_test(test_every_form_is_paid),
        cmocka_unit_test(test_a_code_of_another_reservation),
        cmocka_unit_test(test_wrong_codes_lock),
        cmocka_unit_test(test_the_window_of_time),
        cmocka_unit_test(test_what_is_bound),
        cmocka_unit_test(test_at_the_terminal),
        cmocka_unit_test(test_bad_requests_at_the_terminal),
    };
    return cmocka_run_group_tests_name("codes", tests, NULL, NULL);
}
