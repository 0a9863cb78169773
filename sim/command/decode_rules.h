/*
 * What `cashpoint decode` was asked to look for, and by which rules: its options, read.
 */
#ifndef CASHPOINT_DECODE_RULES_H
#define CASHPOINT_DECODE_RULES_H

#include "symbology/symbology.h"

/* Rows of the command's table of options. */
enum {
    DECODE_SYMBOLOGY,
    DECODE_LENGTH,
    DECODE_DIGITS,
    DECODE_MIN_MODULE,
    DECODE_MIN_LINES,
    DECODE_MAX_OFF,
    DECODE_SEVERAL,
    DECODE_CHECK_DIGITS,
    DECODE_DISPLAY,
    DECODE_BLOCK,
    DECODE_FEC,
    DECODE_QUIET,
    DECODE_PLAIN,
    DECODE_BUDGET,
    DECODE_JSON,
    DECODE_TRUTH,
};

/* False with a message on stderr. */
bool decode_rules_choose(const char *const *options, struct decode_rules *rules);

#endif
