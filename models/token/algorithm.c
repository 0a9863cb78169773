/* The algorithm module: what a token makes of its secret and a transaction. */
#include "otp/hotp.h"
#include "otp/ocra.h"
#include "otp/totp.h"
#include "signature/signed.h"
#include "token/token.h"

#include <stdlib.h>
#include <string.h>

_Static_assert((int)MESSAGE_PUBLIC_KEY_BYTES >= (int)SIGNATURE_PUBLIC_MAX_BYTES, "a key fits");
_Static_assert((int)SIGNATURE_SECRET_BYTES == (int)MESSAGE_KEY_BYTES, "one secret for all kinds");
_Static_assert((int)SIGNED_BYTES <= (int)PAYLOAD_MAX_BYTES, "a signature fits into an image");

struct token_algorithm {
    struct token_form form;
    struct hotp *hotp; /* of these, the one that is needed */
    struct totp *totp;
    struct ocra *ocra;
    struct signature_engine *engine;
};

static enum signature_kind signature_of(enum code_kind kind)
{
    CHECK(code_is_signature(kind));
    return kind == CODE_ECDSA ? SIGNATURE_ECDSA_P256
           : kind == CODE_SM2 ? SIGNATURE_SM2
                              : SIGNATURE_ED25519;
}

unsigned token_code_bytes(const struct token_form *form)
{
    return code_is_signature(form->kind) ? (unsigned)SIGNED_BYTES : form->passcode.length;
}

struct token_algorithm *token_algorithm_new(const struct token_form *form)
{
    struct token_algorithm *algorithm = calloc(1, sizeof *algorithm);
    CHECK(algorithm != NULL);
    algorithm->form = *form;
    if (form->kind == CODE_HOTP) {
        algorithm->hotp = hotp_new_form(form->passcode, MAC_SHA256);
    } else if (form->kind == CODE_TOTP) {
        struct totp_rules rules = {form->passcode, MAC_SHA256, form->step_s, 0, 0};
        algorithm->totp = totp_new(&rules);
    } else if (form->kind == CODE_OCRA) {
        struct ocra_suite suite = ocra_transaction_suite(form->passcode);
        algorithm->ocra = ocra_new(&suite);
    } else {
        algorithm->engine = signature_engine_new(false);
    }
    return algorithm;
}

void token_algorithm_free(struct token_algorithm *algorithm)
{
    if (algorithm == NULL)
        return;
    hotp_free(algorithm->hotp);
    totp_free(algorithm->totp);
    ocra_free(algorithm->ocra);
    signature_engine_free(algorithm->engine);
    free(algorithm);
}

static struct signature_private *private_key(struct token_algorithm *algorithm,
                                             const struct token_secret *secret)
{
    uint8_t scalar[SIGNATURE_SECRET_BYTES];
    enum signature_kind kind = signature_of(algorithm->form.kind);
    signature_derive(algorithm->engine, kind, secret->key, secret->issue, scalar);
    struct signature_private *key = signature_private_new(algorithm->engine, kind, scalar, NULL);
    CHECK(key != NULL);
    return key;
}

static void make_ocra(struct token_algorithm *algorithm, const struct token_secret *secret,
                      const struct transaction *transaction, char *code)
{
    uint8_t question[TRANSACTION_BYTES];
    struct ocra_input input = {.question = question, .question_bytes = sizeof question};
    transaction_encode(transaction, question);
    CHECK(ocra_code(algorithm->ocra, secret->key, sizeof secret->key, &input, code));
}

static void sign(struct token_algorithm *algorithm, const struct token_secret *secret,
                 const struct transaction *transaction, struct token_code *code)
{
    struct signature_private *key = private_key(algorithm, secret);
    uint8_t bytes[SIGNED_BYTES];
    signed_make(algorithm->engine, key, transaction, bytes);
    memcpy(code->bytes, bytes, sizeof bytes);
    signature_private_free(key);
}

void token_request(struct token_algorithm *algorithm, const struct token_secret *secret,
                   const struct token_order *order, struct token_code *code)
{
    *code = (struct token_code){.count = token_code_bytes(&algorithm->form)};
    switch (algorithm->form.kind) {
    case CODE_HOTP:
        hotp_code(algorithm->hotp, secret->key, sizeof secret->key, order->counter, code->bytes);
        break;
    case CODE_TOTP:
        totp_code(algorithm->totp, secret->key, sizeof secret->key, order->time_s, code->bytes);
        break;
    case CODE_OCRA:
        make_ocra(algorithm, secret, &order->transaction, code->bytes);
        break;
    default:
        sign(algorithm, secret, &order->transaction, code);
    }
}

size_t token_public_key(struct token_algorithm *algorithm, const struct token_secret *secret,
                        uint8_t bytes[MESSAGE_PUBLIC_KEY_BYTES])
{
    struct signature_private *key = private_key(algorithm, secret);
    size_t count = signature_public_bytes(key, bytes);
    signature_private_free(key);
    return count;
}
