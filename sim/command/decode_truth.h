/*
 * What pictures really hold: a CSV file of two columns, file and text, to count a decoder's answers
 * by.
 *
 * A name stands for the picture whose path it is or ends; an empty text says that a picture holds
 * no code; a text that begins with "hex:" is bytes. Cells may stand in double quotes (RFC 4180). A
 * first line "file,text" is a header.
 */
#ifndef CASHPOINT_DECODE_TRUTH_H
#define CASHPOINT_DECODE_TRUTH_H

#include "engine/error.h"

#include <stddef.h>

struct decode_truth {
    struct truth_line {
        char *file, *bytes; /* owned; bytes are followed by a zero */
        size_t length;      /* of bytes */
        size_t line;        /* of the file, from 1 */
        bool met;           /* a picture has asked for it */
    } * lines;
    size_t count, capacity;
};

/* False with a message that names file and line. */
bool decode_truth_read(struct decode_truth *truth, const char *path, struct error *error);

void decode_truth_fini(struct decode_truth *truth);

/* The line of a picture; null where there is none. */
struct truth_line *decode_truth_find(struct decode_truth *truth, const char *path);

#endif
