/*
 * Code 128: set C drawn, which is even numbers of digits, by libzint; all sets read.
 *
 * Two digits make one symbol character of 11 modules; start and check character take 11 each and
 * the stop 13 (ISO/IEC 15417). A character is 3 bars and 3 spaces, the stop has a fourth bar.
 *
 * What other people's symbols say may hold any byte from 0 to 255: set A has control characters,
 * zero among them, and FNC4 adds 128 (Latin 1). So a text is bytes and their number.
 */
#ifndef CASHPOINT_CODE128_H
#define CASHPOINT_CODE128_H

#include "engine/error.h"
#include "symbology/bars.h"
#include "symbology/symbology.h"

#include <stddef.h>

enum { CODE128_MAX_DIGITS = 62 };

unsigned code128_module_count(size_t digits);

/* What `count` words (without start, check and stop) say, after `start`: the bytes, cut to `room`,
 * and a zero. As the standard has readers tell it: FNC1 as the first or second character names the
 * application (GS1, AIM) and is not told, later ones are separators and told as GS (0x1d); FNC2 and
 * FNC3 speak to the reader. `set_c` tells whether all of it was digits in set C. Returns the bytes
 * there were, uncut. */
unsigned code128_text(unsigned start, const uint8_t *words, unsigned count, char *text,
                      unsigned room, bool *set_c);

/* False with a message where `text` cannot be drawn. */
bool code128_draw(const char *text, struct bars *code, struct error *error);

#endif
