/*
 * A transaction as bytes: what a code is bound to, and what a signature signs.
 *
 * Token, network terminal and bank must make the same bytes of the same transaction, and different
 * bytes of different ones, so there is exactly one encoding of each: 54 bytes, all integers
 * unsigned and big-endian.
 *
 *     at  bytes  field        values
 *      0      1  version      1; amounts are in fen, times in simulated nanoseconds
 *      1      1  flags        bit 0: a terminal is named; bit 1: a nonce is there; the rest 0
 *      2      8  reservation  1 .. 2^64 - 1
 *     10      8  mobile       10^10 .. 10^11 - 1 (11 digits, the first not 0)
 *     18      8  card         0 .. 10^16 - 1 (16 digits)
 *     26      8  amount       1 .. 2^63 - 1
 *     34      8  expires      0 .. 2^63 - 1
 *     42      4  terminal     any where bit 0 of the flags is set, else 0
 *     46      8  nonce        any where bit 1 of the flags is set, else 0
 *
 * The nonce is the terminal's (or the bank's) challenge for this one presentation. A code that was
 * reserved ahead knows neither terminal nor nonce: nothing binds it to a place.
 *
 * Decoding is strict: what it accepts encodes to the same bytes again. 64 bytes of signature and
 * the transaction make 118 bytes, which an image of 132 bytes holds.
 */
#ifndef CASHPOINT_TRANSACTION_H
#define CASHPOINT_TRANSACTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { TRANSACTION_BYTES = 54 };

struct transaction {
    uint64_t reservation, mobile, card;
    int64_t amount_minor; /* fen */
    int64_t expires;      /* simulated time */
    bool has_terminal, has_nonce;
    uint32_t terminal; /* 0 where there is none */
    uint64_t nonce;    /* 0 where there is none */
};

/* X-macro: what is wrong with bytes that claim to be a transaction, and its name. */
#define TRANSACTION_FAULTS(X)                 \
    X(TRANSACTION_SOUND, "sound")             \
    X(TRANSACTION_LENGTH, "length")           \
    X(TRANSACTION_VERSION, "version")         \
    X(TRANSACTION_FLAGS, "flags")             \
    X(TRANSACTION_RESERVATION, "reservation") \
    X(TRANSACTION_MOBILE, "mobile")           \
    X(TRANSACTION_CARD, "card")               \
    X(TRANSACTION_AMOUNT, "amount")           \
    X(TRANSACTION_EXPIRES, "expires")         \
    X(TRANSACTION_TERMINAL, "terminal")       \
    X(TRANSACTION_NONCE, "nonce")

enum transaction_fault {
#define X(fault, name) fault,
    TRANSACTION_FAULTS(X)
#undef X
        TRANSACTION_FAULT_COUNT
};

const char *transaction_fault_name(enum transaction_fault fault);

/* The first field, in the order of the bytes, that holds what no transaction may. */
enum transaction_fault transaction_check(const struct transaction *transaction);

/* A transaction that transaction_check() finds sound, as TRANSACTION_BYTES bytes. */
void transaction_encode(const struct transaction *transaction, uint8_t *bytes);

/* Fills `transaction` where it returns TRANSACTION_SOUND, and only there. */
enum transaction_fault transaction_decode(const uint8_t *bytes, size_t count,
                                          struct transaction *transaction);

#endif
