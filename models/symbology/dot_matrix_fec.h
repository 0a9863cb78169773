/*
 * A dot matrix's code: header and message as as many bits as there are cells, and back from soft
 * bits. See dot_matrix.h.
 *
 * A soft bit says how sure a bit is a 1 (below 0: a 0): the natural logarithm of the odds, times
 * SOFT_ONE, cut at SOFT_LIMIT.
 */
#ifndef CASHPOINT_DOT_MATRIX_FEC_H
#define CASHPOINT_DOT_MATRIX_FEC_H

#include "symbology/dot_matrix_layout.h"
#include "symbology/dot_matrix_message.h"
#include "symbology/viterbi.h"

enum { SOFT_ONE = 256, SOFT_LIMIT = 16384 };

/* Whether a message of so many bits fits into so many cells. */
bool dot_matrix_fits(enum matrix_fec fec, unsigned bits, unsigned cells);

/* Makes `cells` bits, each a byte 0 or 1, in the order of the code. The message must fit. */
void dot_matrix_encode(enum matrix_fec fec, const struct dot_matrix_message *message,
                       unsigned cells, uint8_t *code);

/* How well each header agrees with the soft bits at the start of the code: the sum of the soft
 * bits, each taken as the header has it. Returns what that is at most. */
int32_t dot_matrix_hear_header(const int16_t *soft, unsigned cells, int32_t agree[256]);

/* Scratch, and libfec's tables of the Reed-Solomon codes last used. */
struct dot_matrix_fec;
struct dot_matrix_fec *dot_matrix_fec_new(void);
void dot_matrix_fec_free(struct dot_matrix_fec *scratch);

/* Decodes the message that a header (message->header) promises; the check is the caller's. False
 * where correction gave up. */
bool dot_matrix_correct(struct dot_matrix_fec *scratch, enum matrix_fec fec, const int16_t *soft,
                        unsigned cells, struct dot_matrix_message *message);

#endif
