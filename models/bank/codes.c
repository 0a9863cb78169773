#include "bank/codes.h"

#include "bank/core.h"
#include "otp/hotp.h"
#include "otp/ocra.h"
#include "otp/totp.h"
#include "signature/signed.h"

#include <string.h>

/* Steps before the window in which a code is called old, not wrong. */
enum { STALE_STEPS = 20 };

static struct passcode_form form_of(const struct bank_rules *rules)
{
    return (struct passcode_form){rules->code_alphabet, rules->code_digits};
}

bool codes_open(struct bank *bank, struct error *error)
{
    const struct bank_rules *rules = &bank->rules;
    struct codes *codes = &bank->codes;
    struct passcode_form form = form_of(rules);
    CHECK(rules->binding == BINDING_MOBILE || code_is_signature(rules->code));
    enum mac_digest digest = form.length >= PASSCODE_LONG_LENGTH ? MAC_SHA256 : MAC_SHA1;
    if (rules->code == CODE_HOTP) {
        codes->hotp = hotp_new_form(form, digest);
    } else if (rules->code == CODE_TOTP) {
        struct totp_rules window = {form, digest, rules->totp_step_s, rules->totp_window,
                                    rules->totp_window};
        codes->totp = totp_new(&window);
    } else if (rules->code == CODE_OCRA) {
        struct ocra_suite suite = ocra_transaction_suite(form);
        codes->ocra = ocra_new(&suite);
    } else {
        return certificates_open(bank, error);
    }
    return true;
}

void codes_close(struct codes *codes)
{
    hotp_free(codes->hotp);
    totp_free(codes->totp);
    ocra_free(codes->ocra);
    certificates_close(&codes->certificates);
}

/* What the bank has on its books of a customer's token. */
struct token_row {
    uint64_t counter, card;
    const uint8_t *secret;
    size_t secret_bytes; /* 0: there is no token */
};

/* ---- hotp ---- */

/* Does `code` belong to one of the counters first .. last - 1? `*matched` receives which. */
static bool find_counter(struct bank *bank, const struct token_row *token, const char *code,
                         uint64_t first, uint64_t last, uint64_t *matched)
{
    char expected[HOTP_TEXT_BYTES];
    for (*matched = first; *matched < last; ++*matched) {
        hotp_code(bank->codes.hotp, token->secret, token->secret_bytes, *matched, expected);
        if (hotp_equal(expected, code))
            return true;
    }
    return false;
}

/* Looks at the counters that may come next, then, to name the reason, at those that have been. */
static enum reason check_hotp(struct bank *bank, const struct token_row *token, const char *code,
                              uint64_t *matched)
{
    uint64_t next = token->counter, look = bank->rules.look_ahead, old;
    if (find_counter(bank, token, code, next, next + look + 1, matched))
        return REASON_NONE;
    return find_counter(bank, token, code, next > look ? next - look : 0, next, &old)
               ? REASON_STALE_CODE
               : REASON_WRONG_CODE;
}

/* ---- totp ---- */

static bool is_stale(struct bank *bank, const struct token_row *token, const char *code,
                     int64_t time_s)
{
    int64_t step_s = bank->rules.totp_step_s;
    char expected[HOTP_TEXT_BYTES];
    for (int back = 1; back <= STALE_STEPS; back++) {
        int64_t then_s = time_s - (bank->rules.totp_window + back) * step_s;
        if (then_s < 0)
            return false;
        totp_code(bank->codes.totp, token->secret, token->secret_bytes, then_s, expected);
        if (passcode_equal(expected, code))
            return true;
    }
    return false;
}

static enum reason check_totp(struct bank *bank, const struct token_row *token, const char *code,
                              simtime now, uint64_t *matched)
{
    int64_t time_s = message_clock_s(now);
    struct totp_state state = {.used = token->counter > 0, .last_step = token->counter - 1};
    switch (
        totp_verify(bank->codes.totp, token->secret, token->secret_bytes, time_s, code, &state)) {
    case TOTP_ACCEPTED:
        *matched = state.last_step;
        return REASON_NONE;
    case TOTP_REPLAYED:
        return REASON_REPLAYED_CODE;
    case TOTP_WRONG:
        break;
    }
    return is_stale(bank, token, code, time_s) ? REASON_STALE_CODE : REASON_WRONG_CODE;
}

/* ---- of the transaction ---- */

/* What the bank expects a code to be made of. */
static struct transaction expected_of(const struct reservation *reservation, uint64_t card)
{
    struct transaction expected = {.reservation = reservation->id,
                                   .mobile = reservation->mobile,
                                   .card = card,
                                   .amount_minor = reservation->amount_minor,
                                   .expires = reservation->expires};
    if (reservation_is_bound(reservation)) {
        expected.has_terminal = expected.has_nonce = true;
        expected.terminal = (uint32_t)reservation->terminal;
        expected.nonce = reservation->challenge;
    }
    return expected;
}

static enum reason check_ocra(struct bank *bank, const struct token_row *token,
                              const struct transaction *expected, const char *code)
{
    uint8_t question[TRANSACTION_BYTES];
    struct ocra_input input = {.question = question, .question_bytes = sizeof question};
    char right[PASSCODE_TEXT_BYTES];
    transaction_encode(expected, question);
    bool good = ocra_code(bank->codes.ocra, token->secret, token->secret_bytes, &input, right) &&
                passcode_equal(right, code);
    return good ? REASON_NONE : REASON_WRONG_CODE;
}

static enum reason reason_of(enum signed_reason reason)
{
    static const enum reason reasons[SIGNED_REASON_COUNT] = {
        [SIGNED_GOOD] = REASON_NONE,
        [SIGNED_TRUNCATED] = REASON_MALFORMED_CODE,
        [SIGNED_OVERLONG] = REASON_MALFORMED_CODE,
        [SIGNED_MALFORMED] = REASON_MALFORMED_CODE,
        [SIGNED_BAD_SIGNATURE] = REASON_MALFORMED_CODE,
        [SIGNED_WRONG_KEY] = REASON_WRONG_KEY,
        [SIGNED_ALTERED] = REASON_ALTERED,
        [SIGNED_WRONG_RESERVATION] = REASON_STALE_CODE,
        [SIGNED_WRONG_MOBILE] = REASON_WRONG_MOBILE,
        [SIGNED_WRONG_CARD] = REASON_CARD_MISMATCH,
        [SIGNED_WRONG_AMOUNT] = REASON_WRONG_AMOUNT,
        [SIGNED_WRONG_EXPIRY] = REASON_WRONG_EXPIRY,
        [SIGNED_WRONG_TERMINAL] = REASON_WRONG_TERMINAL,
        [SIGNED_WRONG_NONCE] = REASON_WRONG_CHALLENGE,
        [SIGNED_EXPIRED] = REASON_EXPIRED,
    };
    return reasons[reason];
}

static enum reason check_signed(struct bank *bank, const struct transaction *expected,
                                const struct presentation *presentation, simtime now)
{
    const struct signature_public *key;
    size_t count = presentation->code_bytes;
    enum reason reason = certificates_check(bank, expected->mobile, expected->card, now, &key);
    if (reason != REASON_NONE)
        return reason;
    if (count > sizeof presentation->code)
        return REASON_MALFORMED_CODE;
    struct signed_verdict verdict = signed_check(bank->codes.certificates.engine, key, expected,
                                                 now, (const uint8_t *)presentation->code, count);
    return reason_of(verdict.reason);
}

/* ---- all of them ---- */

static enum reason check_passcode(struct bank *bank, const struct reservation *reservation,
                                  const struct token_row *token, const char *code, simtime now,
                                  uint64_t *matched)
{
    struct transaction expected = expected_of(reservation, token->card);
    if (token->secret_bytes == 0) /* no token: nothing to calculate a code from */
        return REASON_WRONG_CODE;
    switch (bank->rules.code) {
    case CODE_HOTP:
        return check_hotp(bank, token, code, matched);
    case CODE_TOTP:
        return check_totp(bank, token, code, now, matched);
    default:
        return check_ocra(bank, token, &expected, code);
    }
}

/* A text that ends within the message. */
static bool is_text(const struct presentation *presentation)
{
    size_t length = strnlen(presentation->code, sizeof presentation->code);
    return length < sizeof presentation->code &&
           (presentation->code_bytes == 0 || presentation->code_bytes == length);
}

enum reason codes_check(struct bank *bank, const struct reservation *reservation,
                        const struct presentation *presentation, simtime now, uint64_t *matched)
{
    struct database *database = &bank->database;
    int64_t key[] = {(int64_t)reservation->mobile};
    if (!database_row(database, SQL_FIND_KEY, key, 1))
        return REASON_DATABASE;
    sqlite3_stmt *row = database->statements[SQL_FIND_KEY];
    struct token_row token = {(uint64_t)sqlite3_column_int64(row, 0),
                              (uint64_t)sqlite3_column_int64(row, 2), sqlite3_column_blob(row, 1),
                              (size_t)sqlite3_column_bytes(row, 1)};
    enum reason reason = REASON_WRONG_CODE;
    if (code_is_signature(bank->rules.code)) {
        struct transaction expected = expected_of(reservation, token.card);
        reason = check_signed(bank, &expected, presentation, now);
    } else if (is_text(presentation)) {
        reason = check_passcode(bank, reservation, &token, presentation->code, now, matched);
    }
    sqlite3_reset(row);
    return reason;
}
