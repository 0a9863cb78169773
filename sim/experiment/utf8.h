/*
 * UTF-8 as a terminal may see it.
 *
 * Scenario files and file names come from anywhere. Whatever of them is shown again goes through
 * this page: control characters, bytes that are no UTF-8 and characters that reorder or hide text
 * become escapes such as \x1b, so that a file can neither drive the terminal nor disguise a line.
 */
#ifndef CASHPOINT_UTF8_H
#define CASHPOINT_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum { UTF8_INVALID = 0x110000 }; /* one past the last code point */

/* The code point at `text` (of `length` > 0 bytes) and how many bytes it takes; UTF8_INVALID and 1
 * where the bytes are no UTF-8 (overlong forms and surrogates are none). */
size_t utf8_next(const char *text, size_t length, uint32_t *code);

/* True for a character that drives a terminal or cannot be seen in it. */
bool utf8_is_hidden(uint32_t code);

/* What stands on the terminal for the character at `text`. */
struct utf8_glyph {
    char text[12];
    size_t columns; /* 0 for a combining mark, 2 for an ideograph */
    size_t bytes;   /* taken from `text` */
};
struct utf8_glyph utf8_glyph(const char *text, size_t length);

void utf8_print(const char *text, FILE *out);

/* The first characters of `text`, for a message; "..." says that there was more. */
struct utf8_short {
    char text[72];
};
struct utf8_short utf8_shorten(const char *text);

#endif
