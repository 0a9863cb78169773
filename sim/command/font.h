/*
 * Letters for pictures: the printable characters of ASCII as 5 x 7 dots, each in a cell of 6 x 9.
 */
#ifndef CASHPOINT_FONT_H
#define CASHPOINT_FONT_H

#include "optics/frame.h"

enum { FONT_ADVANCE = 6, FONT_LINE = 9 }; /* dots from letter to letter, from line to line */

/* How many pixels wide `text` is with dots of `scale` x `scale` pixels. */
unsigned font_width(const char *text, unsigned scale);

/* Draws one line with its top left corner at (x, y); what lies beyond the frame is cut, and what is
 * not ASCII becomes '?'. */
void font_draw(struct frame *frame, unsigned x, unsigned y, unsigned scale, uint8_t grey,
               const char *text);

#endif
