/*
 * The grade of a dot matrix that was read, after ISO/IEC 15415 (see grade.h).
 *
 * What the standard leaves to each symbology, or takes from a calibrated instrument, is taken so:
 *     symbol contrast         of all cells, the brightest but one in a hundred less the darkest but
 *                             one in a hundred, of full scale
 *     modulation              2 |grey - middle| / contrast, as 95 % of the cells have it at least
 *     axial nonuniformity     pixels of a display pixel across against down, in the middle: a tilt
 *                             foreshortens, by 6 % at 20 degrees, and that counts
 *     grid nonuniformity      the farthest that a point of the grid lies from the projective map
 *                             through its corners, in display pixels: what a lens or a bent display
 *                             does, and a tilt does not
 *     unused error correction 1 - wrong bits / as many as a code of this rate could bear at best
 *     fixed pattern damage    half of what the timing's agreement lacks to be perfect
 */
#ifndef CASHPOINT_DOT_MATRIX_GRADE_H
#define CASHPOINT_DOT_MATRIX_GRADE_H

#include "symbology/dot_matrix_layout.h"
#include "symbology/dot_matrix_shots.h"

/* `greys` of all cells; `wrong` of the code's bits were turned over, the message has `bits`. */
void dot_matrix_grade(const struct dot_matrix_layout *layout, const float *greys,
                      const struct dot_matrix_sight *sight, unsigned wrong, unsigned bits,
                      struct grade *grade);

#endif
