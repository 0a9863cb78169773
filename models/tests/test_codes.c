/* Every kind of code at the bank's desk: the right one is paid, once; what is wrong is refused for
 * its own reason. */
#include "bank/core.h"
#include "otp/hotp.h"
#include "otp/ocra.h"
#include "otp/totp.h"
#include "signature/signed.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

enum { AMOUNT = 80000, TERMINAL = 7, STEP_S = 30 };

static const uint64_t mobile = UINT64_C(13000000001), card = UINT64_C(6222020000000001),
                      other_mobile = UINT64_C(13000000002);
static const enum code_kind kinds[] = {CODE_HOTP,  CODE_TOTP, CODE_OCRA,
                                       CODE_ECDSA, CODE_SM2,  CODE_ED25519};
enum { KINDS = sizeof kinds / sizeof kinds[0] };

/* A bank, two customers, and what is in the first one's token. */
struct desk {
    struct bank *bank;
    struct bank_rules rules;
    uint8_t key[MESSAGE_KEY_BYTES];
    struct signature_engine *engine;
    struct signature_private *own, *foreign; /* of signatures */
    uint32_t trace;
    uint64_t counter;
};

static enum signature_kind signature_of(enum code_kind kind)
{
    return kind == CODE_ECDSA ? SIGNATURE_ECDSA_P256
           : kind == CODE_SM2 ? SIGNATURE_SM2
                              : SIGNATURE_ED25519;
}

static struct signature_private *key_of(struct desk *desk, uint64_t owner)
{
    uint8_t secret[SIGNATURE_SECRET_BYTES];
    enum signature_kind kind = signature_of(desk->rules.code);
    signature_derive(desk->engine, kind, desk->key, owner, secret);
    struct signature_private *key = signature_private_new(desk->engine, kind, secret, NULL);
    assert_non_null(key);
    return key;
}

static void certify(struct desk *desk, uint64_t whose, const struct signature_private *key,
                    simtime from, simtime until)
{
    struct certification certification = {.mobile = whose, .not_before = from, .not_after = until};
    certification.public_bytes = signature_public_bytes(key, certification.public_key);
    assert_true(bank_certify(desk->bank, &certification));
}

static void enrol(struct desk *desk, uint64_t whose, uint64_t its_card)
{
    struct registration registration = {.mobile = whose, .card = its_card, .opening_minor = 500000};
    registration.without_token = code_is_signature(desk->rules.code);
    memcpy(registration.token_key, desk->key, sizeof desk->key);
    assert_true(bank_register(desk->bank, &registration));
}

static struct desk open_desk(enum code_kind kind, enum passcode_kind alphabet, unsigned digits)
{
    struct error error;
    struct desk desk = {.rules = {.code = kind,
                                  .code_digits = digits,
                                  .code_alphabet = alphabet,
                                  .totp_step_s = STEP_S,
                                  .totp_window = 1,
                                  .list_interval = SIMTIME_HOUR,
                                  .sms_digits = 6,
                                  .tries = 3,
                                  .look_ahead = 5,
                                  .code_lifetime = 2 * SIMTIME_HOUR,
                                  .note_minor = 10000,
                                  .daily_limit_minor = 300000,
                                  .audit_each = true}};
    memset(desk.key, 0x5a, sizeof desk.key);
    memset(desk.rules.authority_seed, 3, sizeof desk.rules.authority_seed);
    desk.bank = bank_new(&desk.rules, (struct stream_key){.seed = 1}, &error);
    assert_non_null(desk.bank);
    enrol(&desk, mobile, card);
    enrol(&desk, other_mobile, card + 1);
    if (!code_is_signature(kind))
        return desk;
    desk.engine = signature_engine_new(false);
    desk.own = key_of(&desk, 0);
    desk.foreign = key_of(&desk, 1);
    certify(&desk, mobile, desk.own, -SIMTIME_DAY, SIMTIME_DAY);
    certify(&desk, other_mobile, desk.foreign, -SIMTIME_DAY, SIMTIME_DAY);
    return desk;
}

static void close_desk(struct desk *desk)
{
    struct error error;
    struct bank_totals totals = bank_audit(desk->bank);
    assert_true(bank_totals_check(&totals, &error));
    assert_int_equal(bank_breach(desk->bank).mobile, 0);
    bank_free(desk->bank);
    signature_private_free(desk->own);
    signature_private_free(desk->foreign);
    signature_engine_free(desk->engine);
}

static struct reservation_reply ask(struct desk *desk, uint64_t whose, uint64_t its_card,
                                    simtime now)
{
    struct reservation_request request = {SCHEME_IMAGE_CODE, whose, its_card, AMOUNT, "", 0,
                                          REQUESTER_PHONE};
    return bank_reserve(desk->bank, &request, now);
}

static struct transaction reserve(struct desk *desk, simtime now)
{
    struct reservation_reply reply = ask(desk, mobile, card, now);
    assert_int_equal(reply.reason, REASON_NONE);
    return (struct transaction){.reservation = reply.reservation,
                                .mobile = mobile,
                                .card = card,
                                .amount_minor = AMOUNT,
                                .expires = reply.expires};
}

static void make_passcode(struct desk *desk, const struct transaction *transaction, simtime now,
                          char *code)
{
    struct passcode_form form = {desk->rules.code_alphabet, desk->rules.code_digits};
    if (desk->rules.code == CODE_HOTP) {
        struct hotp *hotp = hotp_new_form(form, MAC_SHA256);
        hotp_code(hotp, desk->key, sizeof desk->key, desk->counter, code);
        hotp_free(hotp);
    } else if (desk->rules.code == CODE_TOTP) {
        struct totp_rules rules = {form, MAC_SHA256, STEP_S, 0, 0};
        struct totp *totp = totp_new(&rules);
        totp_code(totp, desk->key, sizeof desk->key, message_clock_s(now), code);
        totp_free(totp);
    } else {
        uint8_t question[TRANSACTION_BYTES];
        struct ocra_suite suite = ocra_transaction_suite(form);
        struct ocra *ocra = ocra_new(&suite);
        struct ocra_input input = {.question = question, .question_bytes = sizeof question};
        transaction_encode(transaction, question);
        assert_true(ocra_code(ocra, desk->key, sizeof desk->key, &input, code));
        ocra_free(ocra);
    }
}

/* What the token makes of this transaction at this moment. */
static struct presentation make(struct desk *desk, const struct transaction *transaction,
                                simtime now)
{
    struct presentation presentation = {.reservation = transaction->reservation,
                                        .terminal = TERMINAL};
    if (code_is_signature(desk->rules.code)) {
        signed_make(desk->engine, desk->own, transaction, (uint8_t *)presentation.code);
        presentation.code_bytes = SIGNED_BYTES;
    } else {
        make_passcode(desk, transaction, now, presentation.code);
        presentation.code_bytes = desk->rules.code_digits;
    }
    return presentation;
}

/* A transaction of its own. */
static struct verdict present(struct desk *desk, struct presentation presentation, simtime now)
{
    presentation.trace = ++desk->trace;
    return bank_present(desk->bank, &presentation, now);
}

static void expect(struct desk *desk, struct presentation presentation, simtime now,
                   enum reason reason)
{
    assert_int_equal(present(desk, presentation, now).reason, reason);
}

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
    another_amount(&changed);
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
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_every_kind_is_paid_once),
                                       cmocka_unit_test(test_every_form_is_paid),
                                       cmocka_unit_test(test_a_code_of_another_reservation),
                                       cmocka_unit_test(test_wrong_codes_lock),
                                       cmocka_unit_test(test_the_window_of_time),
                                       cmocka_unit_test(test_what_is_bound),
                                       cmocka_unit_test(test_forgeries),
                                       cmocka_unit_test(test_expired_and_early_certificates),
                                       cmocka_unit_test(test_revoked_certificates),
                                       cmocka_unit_test(test_a_certificate_of_somebody_else),
                                       cmocka_unit_test(test_bindings),
                                       cmocka_unit_test(test_at_the_terminal),
                                       cmocka_unit_test(test_bad_requests_at_the_terminal),
                                       cmocka_unit_test(test_a_restart_forgets_nothing)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
