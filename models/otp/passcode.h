/*
 * From a MAC to the string that is typed or shown: the forms of a one-time code.
 *
 * Digits, 4 to 9 of them: RFC 4226's dynamic truncation. The low nibble of the MAC's last byte is
 * an offset; four bytes there, top bit off, give 31 bits, and their remainder modulo 10^length is
 * written with leading zeros.
 *
 * Digits, 10 to 20 of them, are this project's own: 31 bits have 2^31 values only (best guess at a
 * 10-digit code 4.66e-10 instead of 1e-10), so eight bytes are taken at the offset, top bit off:
 * 63 bits. The best guess is right with probability ceil(2^63 / 10^length) / 2^63: 1.0000000001e-10
 * for 10 digits, 1.08e-18 for 18. 2^63 is 9.22e18: 19 and 20 digits have 63 bits of entropy and no
 * more, and the first of 20 digits is always 0.
 *
 * Characters, 10 to 20 of them, are this project's own too: 32 symbols, 5 bits each, taken from the
 * MAC at the offset on, most significant bit first, without remainder: 5 * length bits of entropy
 * exactly (50 for 10 characters, 100 for 20), each code as likely as any other. The alphabet is
 * 0-9 and A-Z without I, L, O and U: no letter that is taken for the digits 1 and 0 (nor for V).
 * What is typed in lower case is not equal.
 *
 * Eight bytes at an offset of up to 15 need 23 bytes of MAC and twenty characters need 28: the long
 * forms need SHA-256, SM3 or SHA-512; SHA-1 has 20.
 */
#ifndef CASHPOINT_PASSCODE_H
#define CASHPOINT_PASSCODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum passcode_kind { PASSCODE_DIGITS, PASSCODE_CHARACTERS };

enum {
    PASSCODE_MIN_LENGTH = 4,
    PASSCODE_LONG_LENGTH = 10, /* of digits, from here on: 63 bits; characters: the least */
    PASSCODE_MAX_LENGTH = 20,
    PASSCODE_TEXT_BYTES = PASSCODE_MAX_LENGTH + 1
};

struct passcode_form {
    enum passcode_kind kind;
    unsigned length;
};

/* Whether there is such a form, of a MAC of so many bytes. */
bool passcode_possible(struct passcode_form form, size_t mac_bytes);

/* Writes the code, NUL-terminated, into `text` (PASSCODE_TEXT_BYTES). */
void passcode_write(struct passcode_form form, const uint8_t *mac, size_t mac_bytes, char *text);

/* Whether a text that came from outside is of this form at all; looks no further than its length.
 */
bool passcode_valid(struct passcode_form form, const char *text);

/* The probability that the best single guess is right, of a MAC that looks random. */
double passcode_best_guess(struct passcode_form form);

/* Compares in constant time: only the lengths may be learnt from how long it takes. */
bool passcode_equal(const char *a, const char *b);

#endif
