#include "signature/signed.h"

const char *signed_reason_name(enum signed_reason reason)
{
    static const char *const names[] = {
#define X(reason, name, text) name,
        SIGNED_REASONS(X)
#undef X
    };
    return names[reason];
}

void signed_make(struct signature_engine *engine, const struct signature_private *key,
                 const struct transaction *transaction, uint8_t bytes[SIGNED_BYTES])
{
    transaction_encode(transaction, bytes);
    signature_sign(engine, key, bytes, TRANSACTION_BYTES, bytes + TRANSACTION_BYTES);
}

/* The first field that differs; SIGNED_GOOD: none. */
static enum signed_reason compare(const struct transaction *a, const struct transaction *b)
{
    if (a->reservation != b->reservation)
        return SIGNED_WRONG_RESERVATION;
    if (a->mobile != b->mobile)
        return SIGNED_WRONG_MOBILE;
    if (a->card != b->card)
        return SIGNED_WRONG_CARD;
    if (a->amount_minor != b->amount_minor)
        return SIGNED_WRONG_AMOUNT;
    if (a->expires != b->expires)
        return SIGNED_WRONG_EXPIRY;
    if (a->has_terminal != b->has_terminal || a->terminal != b->terminal)
        return SIGNED_WRONG_TERMINAL;
    if (a->has_nonce != b->has_nonce || a->nonce != b->nonce)
        return SIGNED_WRONG_NONCE;
    return SIGNED_GOOD;
}

static enum signed_reason conclude(enum signed_reason field, enum signature_reason signature,
                                   bool in_time)
{
    if (signature == SIGNATURE_MISMATCH)
        return field == SIGNED_GOOD ? SIGNED_WRONG_KEY : SIGNED_ALTERED;
    if (signature != SIGNATURE_GOOD)
        return SIGNED_BAD_SIGNATURE;
    return field == SIGNED_GOOD && !in_time ? SIGNED_EXPIRED : field;
}

struct signed_verdict signed_check(struct signature_engine *engine,
                                   const struct signature_public *key,
                                   const struct transaction *expected, int64_t now,
                                   const uint8_t *bytes, size_t count)
{
    struct signed_verdict verdict = {.reason = SIGNED_MALFORMED};
    struct transaction carried;
    if (count != SIGNED_BYTES) {
        verdict.reason = count < SIGNED_BYTES ? SIGNED_TRUNCATED : SIGNED_OVERLONG;
        return verdict;
    }
    verdict.fault = transaction_decode(bytes, TRANSACTION_BYTES, &carried);
    if (verdict.fault != TRANSACTION_SOUND)
        return verdict;
    verdict.signature = signature_verify(engine, key, bytes, TRANSACTION_BYTES,
                                         bytes + TRANSACTION_BYTES, SIGNATURE_BYTES);
    verdict.reason =
        conclude(compare(&carried, expected), verdict.signature, now <= expected->expires);
    return verdict;
}
