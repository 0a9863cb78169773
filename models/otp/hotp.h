/*
 * HOTP: a one-time code from a shared key and a counter (RFC 4226).
 *
 * Up to 9 digits the code is RFC 4226's, of HMAC-SHA-1. From 10 digits on, and for characters, the
 * truncation is this project's own and the MAC HMAC-SHA-256: see otp/passcode.h, which says how
 * much entropy a form has.
 *
 * Token and bank must agree on this to the last digit, so it stands in a room of its own that both
 * may see: the one thing they share besides messages.
 */
#ifndef CASHPOINT_HOTP_H
#define CASHPOINT_HOTP_H

#include "otp/mac.h"
#include "otp/passcode.h"

enum {
    HOTP_KEY_BYTES = 32,
    HOTP_MIN_DIGITS = 6,
    HOTP_LONG_DIGITS = PASSCODE_LONG_LENGTH, /* from here on: SHA-256 and 63 bits */
    HOTP_MAX_DIGITS = PASSCODE_MAX_LENGTH,
    HOTP_TEXT_BYTES = PASSCODE_TEXT_BYTES
};

/* One engine a thread. */
struct hotp;
struct hotp *hotp_new(unsigned digits); /* never null; digits within the limits above */

/* Of any form and digest that go together (passcode_possible()); never null. */
struct hotp *hotp_new_form(struct passcode_form form, enum mac_digest digest);
void hotp_free(struct hotp *hotp);

/* Writes the code of `counter`, NUL-terminated, into `code` (HOTP_TEXT_BYTES). */
void hotp_code(struct hotp *hotp, const uint8_t *key, size_t key_bytes, uint64_t counter,
               char *code);

/* Compares in constant time: only the lengths may be learnt from how long it takes. */
bool hotp_equal(const char *a, const char *b);

#endif
