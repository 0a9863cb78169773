/*
 * Blocks of Philox4x32-10, four side by side.
 *
 * A block is a chain of multiplications in which the processor mostly waits; others beside it fill
 * its time. Where the processor has AVX2 (asked while running) four stand in the lanes of its
 * vectors, elsewhere they are made by two. The words are the same, as they are whole numbers.
 */
#ifndef CASHPOINT_PHILOX_H
#define CASHPOINT_PHILOX_H

#include "engine/random.h"

/* In which order the words of a block are laid down: one after the other, or so that two make a
 * number of 64 bits with the first in its high half. */
enum philox_order { PHILOX_WORDS, PHILOX_PAIRS };

void philox_one(struct stream_key key, uint32_t block, uint32_t words[4]);

/* The blocks from `block` on (modulo 2^32): 64 bytes, to a place of 16 words or of 8 pairs. */
void philox_four(struct stream_key key, uint32_t block, enum philox_order order, void *place);

/* What it chooses from; the first where there is no other. */
typedef void philox_maker(struct stream_key key, uint32_t block, enum philox_order order,
                          void *place);
philox_maker philox_four_anywhere;
philox_maker *philox_four_here(void);

#endif
