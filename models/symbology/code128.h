/*
 * Code 128, set C: even numbers of digits as light and dark modules, drawn by libzint.
 *
 * Two digits make one symbol character of 11 modules; start and check character take 11 each and
 * the stop 13 (ISO/IEC 15417). A character is 3 bars and 3 spaces, the stop has a fourth bar.
 */
#ifndef CASHPOINT_CODE128_H
#define CASHPOINT_CODE128_H

#include "engine/error.h"
#include "symbology/bars.h"
#include "symbology/symbology.h"

#include <stddef.h>

enum { CODE128_MAX_DIGITS = 62 };

/* Whether `text` is an even number of digits, at least two and short enough. */
bool code128_takes(const char *text);

unsigned code128_module_count(size_t digits);

/* What `count` words (without start, check and stop) say, after `start`: the text, cut to `room`
 * characters and a zero; what does not print as '?'. `set_c` tells whether all of it was digits in
 * set C. Returns the characters there were, uncut. */
unsigned code128_text(unsigned start, const uint8_t *words, unsigned count, char *text,
                      unsigned room, bool *set_c);

/* False with a message where `text` cannot be drawn. */
bool code128_draw(const char *text, struct bars *code, struct error *error);

#endif
