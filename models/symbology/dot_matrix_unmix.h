/*
 * Cells out of focus: taking the light of the neighbours out of each.
 *
 * Blur spreads a cell's light over its neighbours: what is seen is the cells, folded with a kernel.
 * The kernel is found without knowing the cells: they are dark or bright by the toss of a coin
 * (whitening), so whatever likeness there is between the values of neighbours is the kernel's, and
 * its width follows from the covariance of neighbours across and down, given how far bright and
 * dark would lie apart without blur (the quiet zone is bright all over).
 *
 * Then what the cells are is guessed and, guess by guess, improved: the light that all guesses
 * would cast is taken from what is seen; what remains near a cell, gathered as the kernel spreads
 * it, says how the guess errs (a matched filter; soft parallel interference cancellation).
 */
#ifndef CASHPOINT_DOT_MATRIX_UNMIX_H
#define CASHPOINT_DOT_MATRIX_UNMIX_H

#include "symbology/dot_matrix_layout.h"

struct dot_matrix_unmix;
struct dot_matrix_unmix *dot_matrix_unmix_new(void);
void dot_matrix_unmix_free(struct dot_matrix_unmix *scratch);

/* Counted work for each cell. */
#define DOT_MATRIX_UNMIX_NS 60.0

/* Changes values and weights (see dot_matrix_soft.h) to those without neighbours. `part`: how far
 * the values -1 and 1 lie apart, of what bright and dark would without blur; at most 1. */
void dot_matrix_unmix(struct dot_matrix_unmix *scratch, const struct dot_matrix_layout *layout,
                      float part, float *values, float *weights);

#endif
