/*
 * Nonces out of a secret and a digest (RFC 6979, 3.2): the same for the same message, unguessable
 * without the secret. For groups whose order has 256 bits and digests of 256 bits.
 */
#ifndef CASHPOINT_NONCE_H
#define CASHPOINT_NONCE_H

#include "signature/engine.h"

struct nonce {
    struct mac *mac; /* borrowed */
    const BIGNUM *order;
    uint8_t key[DIGEST_BYTES], value[DIGEST_BYTES];
    bool used; /* the value has been taken as a nonce */
};

void nonce_start(struct nonce *nonce, const struct curve *curve, const BIGNUM *secret,
                 const uint8_t digest[DIGEST_BYTES]);

/* The next nonce, 1 .. n - 1; the first nearly always does. */
void nonce_next(struct nonce *nonce, BIGNUM *k);

#endif
