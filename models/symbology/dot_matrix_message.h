/*
 * The message of a dot matrix: a string as bits with its check, and back. See dot_matrix.h.
 */
#ifndef CASHPOINT_DOT_MATRIX_MESSAGE_H
#define CASHPOINT_DOT_MATRIX_MESSAGE_H

#include "symbology/symbology.h"

enum { MESSAGE_MAX_BITS = 8 * PAYLOAD_MAX_BYTES + 32 };

struct dot_matrix_message {
    uint8_t header;
    unsigned bits; /* with the check */
    uint8_t bytes[MESSAGE_MAX_BITS / 8];
};

/* IEEE 802.3, going on from `crc` (0 at the start). */
uint32_t dot_matrix_crc(uint32_t crc, const uint8_t *bytes, size_t count);

/* `length` is 1 to PAYLOAD_MAX_BYTES. */
void dot_matrix_pack(const char *bytes, size_t length, struct dot_matrix_message *message);

/* Bits of a message with this header, its check included; 0: there is no such message. */
unsigned dot_matrix_message_bits(uint8_t header);

/* The characters that a header promises. */
unsigned dot_matrix_message_length(uint8_t header);

/* The headers of a string of `length` characters: of bytes, and of digits (0: none). */
void dot_matrix_headers(unsigned length, uint8_t headers[2]);

/* Writes the string and a zero; false where the check fails. */
bool dot_matrix_unpack(const struct dot_matrix_message *message, char bytes[PAYLOAD_MAX_BYTES + 1]);

#endif
