/*
 * One line across a Code 128, read by its edges.
 *
 * Every word is measured for itself, in modules of its own width, so that perspective and a lens do
 * no harm, and is taken for the word whose edges lie nearest. How far the worst edge of a line lies
 * off (the idea of decodability, ISO/IEC 15416) tells lines that may err: Code 128's own check lets
 * one error of 103 through.
 */
#ifndef CASHPOINT_LINE128_H
#define CASHPOINT_LINE128_H

#include "symbology/edges.h"
#include "symbology/symbology.h"

enum { LINE_MAX_WORDS = PAYLOAD_MAX_BYTES + 3 };

struct line_read {
    unsigned count;                /* words from the first after the start to the check word */
    uint8_t words[LINE_MAX_WORDS]; /* the words, the last one the check word */
    uint8_t start;                 /* start word: which set it begins in */
    float off;                     /* the worst edge, modules */
    float first, last;             /* where the symbol begins and ends, samples */
    bool backward;                 /* read from the far end */
};

/* Reads the first symbol from edge `from` on in either direction, with quiet zones of at least
 * QUIET_MODULES on both sides where the line goes on. */
bool line128_read(const struct edges *edges, struct line_read *line);

#endif
