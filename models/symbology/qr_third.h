/*
 * The third finder pattern, where two are seen and the other is not.
 *
 * Under a reflection a pattern is lighter all over than what is light around it, and no threshold
 * of its neighbourhood tells its dark from its light. But two patterns say where the third can lie:
 * at six places, as they are the ends of a side or of the diagonal. What lies there is cut out and
 * held against a threshold of its own.
 */
#ifndef CASHPOINT_QR_THIRD_H
#define CASHPOINT_QR_THIRD_H

#include "symbology/qr_grid.h"

/* Corners of two of the clearest finders and a third that was looked for, at most QR_CORNERS;
 * returns how many. `window` is scratch, a field that the caller frees. */
unsigned qr_third_corners(const struct qr_field *field, const struct qr_finder *finders,
                          unsigned count, struct budget *budget, struct qr_field *window,
                          struct qr_corner corners[QR_CORNERS]);

#endif
