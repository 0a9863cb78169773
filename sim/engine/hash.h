/*
 * FNV-1a, 64 bits: a checksum and a fingerprint, not a defence against an adversary
 * (Fowler, Noll and Vo, 1991).
 */
#ifndef CASHPOINT_HASH_H
#define CASHPOINT_HASH_H

#include <stddef.h>
#include <stdint.h>

#define HASH_START UINT64_C(0xcbf29ce484222325)

/* Goes on from `sum`: HASH_START, or the hash of what came before. */
static inline uint64_t hash_bytes(uint64_t sum, const void *bytes, size_t length)
{
    const unsigned char *at = bytes;
    for (size_t i = 0; i < length; i++)
        sum = (sum ^ at[i]) * UINT64_C(0x100000001b3);
    return sum;
}

#endif
