/*
 * Colour on a terminal, and only there: not into files or pipes, nor where NO_COLOR is set
 * (no-color.org) or TERM is "dumb".
 */
#ifndef CASHPOINT_COLOUR_H
#define CASHPOINT_COLOUR_H

#include <stdio.h>

enum colour { COLOUR_ERROR, COLOUR_WARNING, COLOUR_STRONG, COLOUR_MARK };

/* What to print before and after coloured text on `out`: an escape sequence, or "". */
const char *colour_on(FILE *out, enum colour colour);
const char *colour_off(FILE *out);

#endif
