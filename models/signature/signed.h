/*
 * A signed transaction, as it stands in an image: 54 bytes of transaction (otp/transaction.h) and
 * 64 bytes of signature on them. 118 in all.
 *
 * The bank does not only ask whether the signature is good: it knows the transaction it expects,
 * and says what is wrong. Where the fields differ and the signature is the registered key's, the
 * customer signed something else, and the first differing field is named; where they differ and it
 * is not, somebody altered the bytes; where the fields are right and it is not, another key signed
 * (or nobody: a random forgery looks the same).
 */
#ifndef CASHPOINT_SIGNED_H
#define CASHPOINT_SIGNED_H

#include "otp/transaction.h"
#include "signature/signature.h"

enum { SIGNED_BYTES = TRANSACTION_BYTES + SIGNATURE_BYTES };

/* X-macro: what comes of the check, its name in records, what it means. */
#define SIGNED_REASONS(X)                                                                       \
    X(SIGNED_GOOD, "good", "the transaction expected, signed by the registered key, in time")   \
    X(SIGNED_TRUNCATED, "truncated", "fewer than 118 bytes")                                    \
    X(SIGNED_OVERLONG, "overlong", "more than 118 bytes")                                       \
    X(SIGNED_MALFORMED, "malformed", "the bytes are no transaction: see `fault`")               \
    X(SIGNED_BAD_SIGNATURE, "bad-signature", "the bytes are no signature: see `signature`")     \
    X(SIGNED_WRONG_KEY, "wrong-key", "the transaction expected, but not by the registered key") \
    X(SIGNED_ALTERED, "altered", "another transaction, and not what the registered key signed") \
    X(SIGNED_WRONG_RESERVATION, "wrong-reservation", "signed for another reservation")          \
    X(SIGNED_WRONG_MOBILE, "wrong-mobile", "signed for another mobile number")                  \
    X(SIGNED_WRONG_CARD, "wrong-card", "signed for another card")                               \
    X(SIGNED_WRONG_AMOUNT, "wrong-amount", "signed for another amount")                         \
    X(SIGNED_WRONG_EXPIRY, "wrong-expiry", "signed for another expiry")                         \
    X(SIGNED_WRONG_TERMINAL, "wrong-terminal", "signed for another terminal, or for none")      \
    X(SIGNED_WRONG_NONCE, "wrong-nonce", "signed for another challenge, or for none")           \
    X(SIGNED_EXPIRED, "expired", "all is right, but too late")

enum signed_reason {
#define X(reason, name, text) reason,
    SIGNED_REASONS(X)
#undef X
        SIGNED_REASON_COUNT
};

const char *signed_reason_name(enum signed_reason reason);

struct signed_verdict {
    enum signed_reason reason;
    enum transaction_fault fault;    /* of SIGNED_MALFORMED */
    enum signature_reason signature; /* of all that is neither of these lengths nor malformed */
};

/* The transaction must be sound (transaction_check()). */
void signed_make(struct signature_engine *engine, const struct signature_private *key,
                 const struct transaction *transaction, uint8_t bytes[SIGNED_BYTES]);

/* `expected`: what the bank has on its books for this reservation, with terminal and nonce where
 * the code was to be made for them; `now` in the time of its `expires`. That a reservation is used
 * once is not looked at here. */
struct signed_verdict signed_check(struct signature_engine *engine,
                                   const struct signature_public *key,
                                   const struct transaction *expected, int64_t now,
                                   const uint8_t *bytes, size_t count);

#endif
