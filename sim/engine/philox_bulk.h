/*
 * Blocks of Philox4x32-10 in bulk, eight to a sheaf, for noise that is made by address and not in
 * sequence.
 *
 * A sheaf is laid down as vectors make it, so that nothing is transposed: first the words 0 and 1
 * of each of its blocks, block after block, then the words 2 and 3. The words are the same on every
 * processor; where it has AVX2 or AVX-512 (asked while running), four or eight blocks stand in the
 * lanes of a vector.
 */
#ifndef CASHPOINT_PHILOX_BULK_H
#define CASHPOINT_PHILOX_BULK_H

#include "engine/random.h"

enum { SHEAF_BLOCKS = 8, SHEAF_WORDS = 4 * SHEAF_BLOCKS };

/* Sheaf i holds the blocks from 8 (first + i) on, modulo 2^32; `words` has SHEAF_WORDS for each. */
void philox_sheaves(struct stream_key key, uint32_t first, size_t count, uint32_t *words);

/* What it chooses from: one for each kind of vector that this processor has, the plainest first.
 * All give the same words. */
typedef void philox_binder(struct stream_key key, uint32_t first, size_t count, uint32_t *words);
enum { PHILOX_BINDERS_MAX = 3 };
int philox_binders(philox_binder *binders[PHILOX_BINDERS_MAX]);

#endif
