/*
 * The codes that the bank's verification module knows, and what it finds in one.
 *
 *     hotp    looks ahead of the counter on its books, and back to tell an old code from a wrong
 * one totp    a window of steps about its own clock; never a step that is not later than the last
 *             one accepted. The account's counter is the first step that is still acceptable
 *     ocra    the code of the reserved transaction, and of no other
 *     ecdsa, sm2, ed25519
 *             first the certificate on its books (certificates.h), then the signature on the
 *             transaction that was reserved: signature/signed.h names what is wrong with it
 *
 * Of a one-time code that is wrong nothing can be said but that; a signature says what was signed.
 */
#ifndef CASHPOINT_CODES_H
#define CASHPOINT_CODES_H

#include "bank/certificates.h"

struct bank;
struct reservation;

struct codes {
    struct hotp *hotp; /* of these, those that are needed */
    struct totp *totp;
    struct ocra *ocra;
    struct certificates certificates;
};

/* As the bank's rules say; false with an error where OpenSSL does not start. */
bool codes_open(struct bank *bank, struct error *error);
void codes_close(struct codes *codes);

/* REASON_NONE: it is the code of this reservation. `*matched`: which counter or step is used up by
 * that (codes_count()). */
enum reason codes_check(struct bank *bank, const struct reservation *reservation,
                        const struct presentation *presentation, simtime now, uint64_t *matched);

/* Whether the bank keeps a counter of each token. */
static inline bool codes_count(enum code_kind kind)
{
    return kind == CODE_HOTP || kind == CODE_TOTP;
}

#endif
