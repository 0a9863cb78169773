/*
 * A bank's desk for the tests of codes: customers enrolled, reservations made, and whatever kind of
 * code the bank takes made as the token would.
 */
#ifndef CASHPOINT_CODES_DESK_H
#define CASHPOINT_CODES_DESK_H

#include "bank/core.h"
#include "otp/hotp.h"
#include "otp/ocra.h"
#include "otp/totp.h"
#include "signature/signed.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

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

static inline enum signature_kind signature_of(enum code_kind kind)
{
    return kind == CODE_ECDSA ? SIGNATURE_ECDSA_P256
           : kind == CODE_SM2 ? SIGNATURE_SM2
                              : SIGNATURE_ED25519;
}

static inline struct signature_private *key_of(struct desk *desk, uint64_t owner)
{
    uint8_t secret[SIGNATURE_SECRET_BYTES];
    enum signature_kind kind = signature_of(desk->rules.code);
    signature_derive(desk->engine, kind, desk->key, owner, secret);
    struct signature_private *key = signature_private_new(desk->engine, kind, secret, NULL);
    assert_non_null(key);
    return key;
}

static inline void certify(struct desk *desk, uint64_t whose, const struct signature_private *key,
                           simtime from, simtime until)
{
    struct certification certification = {.mobile = whose, .not_before = from, .not_after = until};
    certification.public_bytes = signature_public_bytes(key, certification.public_key);
    assert_true(bank_certify(desk->bank, &certification));
}

static inline void enrol(struct desk *desk, uint64_t whose, uint64_t its_card)
{
    struct registration registration = {.mobile = whose, .card = its_card, .opening_minor = 500000};
    registration.without_token = code_is_signature(desk->rules.code);
    memcpy(registration.token_key, desk->key, sizeof desk->key);
    assert_true(bank_register(desk->bank, &registration));
}

static inline struct desk open_desk(enum code_kind kind, enum passcode_kind alphabet,
                                    unsigned digits)
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

static inline void close_desk(struct desk *desk)
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

static inline struct reservation_reply ask(struct desk *desk, uint64_t whose, uint64_t its_card,
                                           simtime now)
{
    struct reservation_request request = {SCHEME_IMAGE_CODE, whose, its_card, AMOUNT, "", 0,
                                          REQUESTER_PHONE};
    return bank_reserve(desk->bank, &request, now);
}

static inline struct transaction reserve(struct desk *desk, simtime now)
{
    struct reservation_reply reply = ask(desk, mobile, card, now);
    assert_int_equal(reply.reason, REASON_NONE);
    return (struct transaction){.reservation = reply.reservation,
                                .mobile = mobile,
                                .card = card,
                                .amount_minor = AMOUNT,
                                .expires = reply.expires};
}

static inline void make_passcode(struct desk *desk, const struct transaction *transaction,
                                 simtime now, char *code)
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
static inline struct presentation make(struct desk *desk, const struct transaction *transaction,
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
static inline struct verdict present(struct desk *desk, struct presentation presentation,
                                     simtime now)
{
    presentation.trace = ++desk->trace;
    return bank_present(desk->bank, &presentation, now);
}

static inline void expect(struct desk *desk, struct presentation presentation, simtime now,
                          enum reason reason)
{
    assert_int_equal(present(desk, presentation, now).reason, reason);
}

#endif
