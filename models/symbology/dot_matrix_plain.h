/*
 * Reading the patent's own dot matrix, for comparison: bits in order on the whole display, and
 * nothing to find it by, to turn it by or to check it with.
 *
 * What can be done is done: the display's bright bezel is found before a darker ground, and taken
 * to be DOT_MATRIX_BEZEL display pixels wide (assumption: the bezel of this project's displays).
 * The length must be known. The way round is told by the blocks behind the string, which are
 * bright, as far as there are any. Every wrong bit is a wrong string: nobody notices.
 */
#ifndef CASHPOINT_DOT_MATRIX_PLAIN_H
#define CASHPOINT_DOT_MATRIX_PLAIN_H

#include "symbology/budget.h"
#include "symbology/dot_matrix_layout.h"

enum { DOT_MATRIX_BEZEL = 6 };

struct dot_matrix_plain;
struct dot_matrix_plain *dot_matrix_plain_new(void);
void dot_matrix_plain_free(struct dot_matrix_plain *plain);

/* Reads one frame; `decoded` comes filled with no symbol. */
void dot_matrix_plain_read(struct dot_matrix_plain *plain, const struct dot_matrix_layout *layout,
                           const struct frame *frame, const struct decode_rules *rules,
                           struct budget *budget, struct decoded *decoded);

#endif
