/*
 * Check digits: two more digits in a barcode that tell a wrong one from a right one.
 *
 * ISO 7064 MOD 97-10: the whole number is 1 modulo 97. That finds every wrong digit and every pair
 * of digits exchanged, and lets through one in 97 of strings read at random: Code 128's own check
 * (one of 103) times this leaves one in ten thousand. A matrix has its CRC-32 and needs none.
 */
#ifndef CASHPOINT_CHECK_DIGITS_H
#define CASHPOINT_CHECK_DIGITS_H

#include <stdbool.h>
#include <stddef.h>

enum { CHECK_DIGITS = 2 };

/* Writes the two check digits of `length` digits. False where there are none, or others
 * than digits. */
bool check_digits_of(const char *digits, size_t length, char check[CHECK_DIGITS]);

/* Whether the last two of `length` digits check those before them. */
bool check_digits_fit(const char *digits, size_t length);

#endif
