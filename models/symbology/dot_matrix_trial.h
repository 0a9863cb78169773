/*
 * Soft bits to a string: which header, what message, and whether to believe it.
 *
 * Where the bank's length is known, only the two messages that have it are tried; else what the
 * header says. A message of another length is looked for where the header speaks clearly, to be
 * refused as such. What is believed has passed its CRC-32, and its correction has turned over no
 * more bits than the rules allow.
 */
#ifndef CASHPOINT_DOT_MATRIX_TRIAL_H
#define CASHPOINT_DOT_MATRIX_TRIAL_H

#include "symbology/budget.h"
#include "symbology/dot_matrix_fec.h"

struct dot_matrix_found {
    unsigned length;
    char text[PAYLOAD_MAX_BYTES + 1];
    unsigned message_bits;    /* with the check */
    unsigned corrected, bits; /* of the code, header and all */
};

/* `soft` in the order of the code. */
bool dot_matrix_try(struct dot_matrix_fec *scratch, const struct decode_rules *rules,
                    const int16_t *soft, unsigned cells, struct budget *budget,
                    struct dot_matrix_found *found);

#endif
