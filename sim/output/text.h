/*
 * Text that grows: how the report's files are put together before they are written in one piece.
 *
 * A `struct text` starts as {0}; its owner calls text_free. The bytes always end with a NUL that
 * does not count. Running out of memory is a CHECK.
 */
#ifndef CASHPOINT_TEXT_H
#define CASHPOINT_TEXT_H

#include <stddef.h>

struct text {
    char *bytes; /* null until something is added */
    size_t length, capacity;
};

void text_add(struct text *text, const char *bytes, size_t length);
void text_put(struct text *text, const char *string);
void text_format(struct text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));
void text_free(struct text *text);

/* Base64 of RFC 4648, section 4, with padding: for pictures inside an HTML file. */
void text_base64(struct text *text, const unsigned char *bytes, size_t length);

#endif
