/*
 * What `cashpoint decode` says of a picture: a line of text, or a JSON object on a line.
 */
#ifndef CASHPOINT_DECODE_PRINT_H
#define CASHPOINT_DECODE_PRINT_H

#include "optics/frame.h"
#include "symbology/symbology.h"

#include <stdio.h>

struct decode_answer {
    const char *path;
    unsigned width, height; /* pixels */
    const struct decoded *decoded;
    const char *bytes; /* decoded->length of them */
    double took_ms;
    const char *verdict; /* against the truth; null: not asked */
};

/* Names of files are padded to `name_width` columns. */
void decode_print_text(FILE *out, const struct decode_answer *answer, int name_width);

void decode_print_json(FILE *out, const struct decode_answer *answer);

/* Of a file that is no picture. */
void decode_print_json_error(FILE *out, const char *path, const char *message);

#endif
