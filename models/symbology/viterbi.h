/*
 * The convolutional code of constraint length 9 and rate 1/3, and its soft decoder.
 *
 * A bit is shifted into a register of 9, from the right; each of three polynomials (V39POLYA, B, C
 * of libfec: 0x1ed, 0x19b, 0x127, free distance 18) makes the parity of some of them one coded bit.
 * Eight zero bits after the message bring the register back to zero. The decoder finds the message
 * whose coded bits agree best with what was seen (Viterbi 1967): of 256 states it keeps the best
 * way to each.
 *
 * Why not libfec's decoder: it is slower by an order of magnitude without 32-bit SIMD, fills a
 * table of the whole program when first used (a race between threads), and cannot leave out bits.
 * Here vectors of 16-bit numbers do 8 or 16 states at once; the plain loop gives the same answer.
 */
#ifndef CASHPOINT_VITERBI_H
#define CASHPOINT_VITERBI_H

#include <stdbool.h>
#include <stdint.h>

enum {
    VITERBI_RATE = 3,
    VITERBI_TAIL = 8,         /* zero bits after the message */
    VITERBI_MAX_BITS = 2048,  /* of a message */
    VITERBI_SOFT_LIMIT = 127, /* beyond: cut */
};

/* Makes VITERBI_RATE * (bits + VITERBI_TAIL) coded bits, each a byte 0 or 1, of `bits` message
 * bits, the highest of the first byte first. */
void viterbi_encode(const uint8_t *message, unsigned bits, uint8_t *coded);

/* What the decoder remembers of every step: 32 bytes each, 64 kB. */
struct viterbi {
    uint16_t chosen[VITERBI_MAX_BITS + VITERBI_TAIL][2][8];
};

/* The likeliest message. `soft`: for each coded bit how sure it is a 1 (below 0: a 0), -127 to 127;
 * 0: not seen. */
void viterbi_decode(struct viterbi *viterbi, const int8_t *soft, unsigned bits, uint8_t *message);

/* The same in one way, for tests: 0 without vectors, then ever wider ones. False where this
 * processor has not got it. */
enum { VITERBI_WAYS = 3 };
bool viterbi_decode_by(unsigned which, struct viterbi *viterbi, const int8_t *soft, unsigned bits,
                       uint8_t *message);

#endif
