/*
 * Several shots of one presentation: what they tell of each bit, added up.
 *
 * Odds multiply, so soft bits add, whatever the hand did between the frames, for they stand in the
 * order of the code. A frame alone may not know its half turn for sure; the one that agrees with
 * the frames before it is taken, for thousands of bits know that better than its timing.
 */
#ifndef CASHPOINT_DOT_MATRIX_SHOTS_H
#define CASHPOINT_DOT_MATRIX_SHOTS_H

#include "symbology/dot_matrix_view.h"

#include <stdint.h>

/* A symbol as it was seen. */
struct dot_matrix_sight {
    float timing;   /* how well that agrees, of 1 */
    float pixel_px; /* of a display pixel */
    float contrast; /* DN */
    struct dot_matrix_view view;
};

struct dot_matrix_shots;
struct dot_matrix_shots *dot_matrix_shots_new(void);
void dot_matrix_shots_free(struct dot_matrix_shots *shots);

/* A new presentation; the next frame of one. */
void dot_matrix_shots_forget(struct dot_matrix_shots *shots);
void dot_matrix_shots_next(struct dot_matrix_shots *shots);

/* A symbol of this frame that could not be read; `turned`: the same, after another, the other way
 * round. Of several the one with the best timing is kept. */
void dot_matrix_shots_offer(struct dot_matrix_shots *shots, const struct dot_matrix_sight *sight,
                            bool turned, const int16_t *soft, unsigned cells);

/* Adds this frame's to those before. False where there is nothing new to be had: no symbol in this
 * frame, or none before. Else writes the sums, and this frame's sight. */
bool dot_matrix_shots_add(struct dot_matrix_shots *shots, unsigned cells, int16_t *soft,
                          struct dot_matrix_sight *sight);

#endif
