/*
 * JSON as it is written: strings escaped, numbers that JSON has, nothing more.
 */
#ifndef CASHPOINT_JSON_H
#define CASHPOINT_JSON_H

#include "output/text.h"

#include <stdbool.h>

/* Adds the string in quotes, escaped (control characters as \u00xx); bytes may be zero. They must
 * be UTF-8. */
void json_string(struct text *text, const char *string);
void json_bytes(struct text *text, const char *bytes, size_t length);

/* Adds the number as "%.10g", or null where it is not finite. */
void json_number(struct text *text, double number);

/* Adds "key": and leaves the value to the caller; `first` false puts a comma before. */
void json_key(struct text *text, const char *key, bool first);

#endif
