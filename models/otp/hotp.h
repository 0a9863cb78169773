/*
 * HOTP: a one-time code from a shared key and a counter (RFC 4226).
 *
 * Up to 9 digits the code is RFC 4226's: dynamic truncation to 31 bits. A 10-digit code cut from 31
 * bits would have only 2^31 values (best guess 4.66e-10 instead of 1e-10), so from 10 digits on the
 * truncation is ours: eight bytes at the offset, top bit off, 63 bits. Eight bytes at an offset of
 * up to 15 need 23 bytes of MAC, which SHA-1 (20) does not have: from 10 digits on the MAC is
 * HMAC-SHA-256.
 *
 * Token and bank must agree on this to the last digit, so it stands in a room of its own that both
 * may see: the one thing they share besides messages.
 */
#ifndef CASHPOINT_HOTP_H
#define CASHPOINT_HOTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    HOTP_KEY_BYTES = 32,
    HOTP_MIN_DIGITS = 6,
    HOTP_LONG_DIGITS = 10, /* from here on: SHA-256 and 63 bits */
    HOTP_MAX_DIGITS = 16,
    HOTP_TEXT_BYTES = HOTP_MAX_DIGITS + 1
};

/* An engine holds OpenSSL's MAC context, re-keyed for every code: one a thread. */
struct hotp;
struct hotp *hotp_new(unsigned digits); /* never null; digits within the limits above */
void hotp_free(struct hotp *hotp);

/* Writes the code of `counter` as digits, NUL-terminated, into `code` (HOTP_TEXT_BYTES). */
void hotp_code(struct hotp *hotp, const uint8_t *key, size_t key_bytes, uint64_t counter,
               char *code);

/* Compares in constant time: only the lengths may be learnt from how long it takes. */
bool hotp_equal(const char *a, const char *b);

#endif
