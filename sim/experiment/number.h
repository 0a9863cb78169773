/*
 * Numbers as a scenario writes them: -12, 0.25, 1e-3. The point is a point in every locale, and
 * what C or YAML would read besides (nan, inf, 0x1f, 0123, +5, .5) is refused with its reason.
 */
#ifndef CASHPOINT_NUMBER_H
#define CASHPOINT_NUMBER_H

#include "engine/error.h"

#include <stddef.h>

/* How many bytes of `text` are a number; 0 where it does not start with one. */
size_t number_length(const char *text);

/* Reads the number that opens `text`; `*length` receives its bytes. On failure `*at` is the byte
 * offset that the message speaks of. */
bool number_parse(const char *text, double *value, size_t *length, size_t *at, struct error *error);

/* The value as a decimal of at most `digits` (15 to 17) significant digits. */
void number_text(double value, int digits, char *text, size_t bytes);

#endif
