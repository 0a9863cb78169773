/*
 * Interleaved 2 of 5 (ISO/IEC 16390): even numbers of digits, drawn by libzint; for comparison.
 *
 * The start is four narrow elements, the stop a wide bar, a narrow space and a narrow bar; wide is
 * 3 modules. The symbol carries no check, and a line that leaves it through its upper or lower edge
 * reads the beginning as a shorter symbol where the stop happens to look like digits: so readers
 * want the exact length and quiet zones on both sides.
 */
#ifndef CASHPOINT_ITF_H
#define CASHPOINT_ITF_H

#include "engine/error.h"
#include "symbology/bars.h"
#include "symbology/edges.h"
#include "symbology/line128.h"

enum { ITF_MAX_DIGITS = 62, ITF_MIN_DIGITS = 4 };

unsigned itf_module_count(unsigned digits);

/* False with a message where `text` cannot be drawn. */
bool itf_draw(const char *text, struct bars *bars, struct error *error);

/* Reads a line by its edges, in either direction: the words are pairs of digits. */
bool itf_read_line(const struct edges *edges, struct line_read *line);

#endif
