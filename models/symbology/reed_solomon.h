/*
 * Reed-Solomon codes of any length, by libfec: bytes that survive a number of wrong bytes.
 *
 * Longer blocks than 255 bytes are dealt out, byte after byte, to as few codes as will do. Bytes
 * that are not sure may be taken as erased, which costs the code half of what a wrong one does:
 * where it fails, the least sure are erased and it is tried again.
 *
 * libfec's byte codecs keep no state but the tables made for them, use no SIMD, and know no byte
 * order. They do not check what they are told, so that is done here.
 */
#ifndef CASHPOINT_REED_SOLOMON_H
#define CASHPOINT_REED_SOLOMON_H

#include <stdbool.h>
#include <stdint.h>

enum { REED_SOLOMON_MAX_BYTES = 4096, REED_SOLOMON_MAX_CODES = 17 };

/* Whether `count` bytes can be protected in `total` (at least two bytes of parity a code). */
bool reed_solomon_fits(unsigned count, unsigned total);

void reed_solomon_encode(const uint8_t *bytes, unsigned count, uint8_t *out, unsigned total);

/* Keeps the tables of the codes last used. */
struct reed_solomon;
struct reed_solomon *reed_solomon_new(void);
void reed_solomon_free(struct reed_solomon *tables);

/* `in` has `total` bytes, sure[i] says how sure each is. False where there are too many errors. */
bool reed_solomon_decode(struct reed_solomon *tables, const uint8_t *in, const uint8_t *sure,
                         unsigned total, uint8_t *bytes, unsigned count);

#endif
