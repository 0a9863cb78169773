/*
 * The dot matrix: a string as black and white blocks of display pixels (paragraph 73 of the
 * patent), drawn as a robust two-dimensional code, and as the patent has it.
 *
 * The symbol, on a display of W x H pixels (128 x 64 unless said), from outside to inside:
 *     quiet zone  `quiet` pixels, bright (0: the bezel does it)
 *     frame       2 pixels, dark, all around: what the reader looks for
 *     gap         1 pixel, bright
 *     timing      along the top of what is left a row 2 pixels high, along its left side a column
 *                 2 pixels wide, where they meet dark; from there on 2 pixels dark, 2 bright, ...
 *                 They tell the half turns apart, and how well the reader's grid lies
 *     cells       the rest, in blocks of block_width x block_height pixels from its upper left
 *                 corner; what is over at the right and at the bottom stays bright
 * so that columns = (W - 2 quiet - 8) / block_width, rows = (H - 2 quiet - 8) / block_height, each
 * rounded down. 128 x 64 and blocks of 1 x 2 give 120 x 28 = 3360 cells.
 *
 * A cell is dark where its bit, whitened, is 1. Cells are counted along the rows, from the top:
 *     whitening   cell c is turned over where bit c of a linear feedback register is 1: 16 bits,
 *                 from 0xace1 on; its lowest bit is bit c, and then it is moved down by one, and,
 *                 where that bit was 1, 0xb400 added bit by bit (x^16 + x^14 + x^13 + x^11 + 1)
 *     order       bit j of the code stands in cell j * s modulo the number of cells, s being the
 *                 first whole number from 0.618 of that number on that shares no factor with it
 *
 * The code: first the header, in 128 bits (64 where there are fewer than 1024 cells): bit i is the
 * parity of the header byte AND a^i, where a^i are the powers of x modulo x^8+x^4+x^3+x^2+1, from 1
 * on. Then the message, protected, to fill all cells.
 *     header      1 to 132: so many bytes; 133 to 255: 1 to 123 digits
 *     message     bytes of 8 bits; or digits, three in 10 bits, two over in 7, one in 4; then
 *                 CRC-32 of the header byte and the string (IEEE 802.3: of "123456789" it is
 *                 cbf43926). All numbers with the highest bit first. Strings of up to 123 digits
 *                 are always written as digits
 *     viterbi     n coded bits of the convolutional code of viterbi.h, spread over the M bits that
 *                 are left: bit j is coded bit j * n / M rounded down, so that each is there about
 *                 M / n times, or, where M < n, some are left out (at most half)
 *     rs          the message, filled up with zero bits, is K bytes; T = M / 8 bytes fit. Of
 *                 B = ceil(T / 255) Reed-Solomon codes over GF(256) (polynomial 0x11d, roots a^0 to
 *                 a^(p-1)) number b has the bytes b, b + B, ... of T: first its part of the K bytes
 *                 (b, b + B, ...), then its parity. What is left of M is 0
 *     none        the message, then zeros
 *
 * Plain, the patent's own: no quiet zone, no frame, no header, no CRC, no correction: the string's
 * bits (bytes of 8, highest first) in the order of the blocks, from the display's upper left corner
 * on; the rest bright. Whoever reads it has to know how long it is, and where it lies.
 */
#ifndef CASHPOINT_DOT_MATRIX_H
#define CASHPOINT_DOT_MATRIX_H

#include "symbology/budget.h"
#include "symbology/symbology.h"

/* Draws `length` bytes. False with a message where they cannot be drawn or do not fit. */
bool dot_matrix_draw(const struct matrix_format *format, const char *bytes, size_t length,
                     unsigned width, unsigned height, struct code_image *image,
                     struct error *error);

/* A reader: the scratch of one decoder, and what the frames of this presentation told. */
struct dot_matrix;
struct dot_matrix *dot_matrix_new(void);
void dot_matrix_free(struct dot_matrix *matrix);

/* A new presentation. */
void dot_matrix_forget(struct dot_matrix *matrix);

/* Reads one frame; `decoded` comes filled with no symbol. */
void dot_matrix_read(struct dot_matrix *matrix, const struct frame *frame,
                     const struct decode_rules *rules, struct budget *budget,
                     struct decoded *decoded);

#endif
