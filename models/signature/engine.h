/*
 * Inside the signature room: what its files share, and nobody else sees.
 *
 * OpenSSL 3.0 calls EC_KEY and ECDSA_do_sign_ex() deprecated, but its new interface neither takes a
 * nonce nor a signature that is not DER; hence the macro, before any header of OpenSSL.
 */
#ifndef CASHPOINT_SIGNATURE_ENGINE_H
#define CASHPOINT_SIGNATURE_ENGINE_H

#define OPENSSL_SUPPRESS_DEPRECATED

#include "otp/mac.h"
#include "signature/signature.h"

#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>

enum { DIGEST_BYTES = 32, SCALAR_BYTES = 32, CURVE_KINDS = 2 /* P-256 and SM2 */ };

/* One of the two curves, and what goes with it. */
struct curve {
    EC_GROUP *group;
    const BIGNUM *order; /* the group's */
    BIGNUM *half_order;  /* rounded down */
    EVP_MD *digest;
    struct mac *mac; /* for nonces */
};

struct signature_engine {
    bool low_s;
    struct curve curves[CURVE_KINDS];
    BN_CTX *numbers;
    EVP_MD_CTX *digest;  /* re-initialised for every message */
    EVP_MD_CTX *edwards; /* for signing */
    EVP_KDF_CTX *kdf;
    ECDSA_SIG *pair; /* owns r and s, which are overwritten in place */
    BIGNUM *r, *s;
    EC_POINT *sm2_point;
};

struct signature_public {
    enum signature_kind kind;
    size_t count;
    uint8_t bytes[SIGNATURE_PUBLIC_MAX_BYTES];
    EC_KEY *p256; /* this and the next two: null for the other kinds */
    EC_POINT *sm2;
    uint8_t z[DIGEST_BYTES]; /* SM2: of curve, key and identifier */
    EVP_PKEY *edwards;
    EVP_MD_CTX *verifying; /* Ed25519 */
};

struct signature_private {
    struct signature_public *public;
    BIGNUM *secret;    /* P-256 and SM2 */
    BIGNUM *inverse;   /* SM2: 1 / (1 + secret) */
    EC_KEY *p256;      /* with the secret */
    EVP_PKEY *edwards; /* with the secret */
};

/* Digest of a (null: nothing) and b. */
void engine_digest(struct signature_engine *engine, EVP_MD *digest, const uint8_t *a,
                   size_t a_bytes, const uint8_t *b, size_t b_bytes, uint8_t out[DIGEST_BYTES]);

/* The x coordinate of scalar * generator. */
void engine_times_generator(struct signature_engine *engine, const struct curve *curve,
                            const BIGNUM *scalar, BIGNUM *x);

/* SM2's part of a key: Z for this identifier. The bytes are the public key's. */
void sm2_identify(struct signature_engine *engine, struct signature_public *key, const char *id);

void p256_sign(struct signature_engine *engine, const struct signature_private *key,
               const uint8_t *message, size_t message_bytes, uint8_t *signature);
void sm2_sign(struct signature_engine *engine, const struct signature_private *key,
              const uint8_t *message, size_t message_bytes, uint8_t *signature);

/* SM2 with this nonce; false where r, r + k or s is zero (never seen): the next one is to be tried.
 */
bool sm2_sign_with(struct signature_engine *engine, const struct signature_private *key,
                   const uint8_t digest[DIGEST_BYTES], const BIGNUM *k, uint8_t *signature);

/* Whether the equation holds for engine->r and engine->s, which are in range. */
bool p256_holds(struct signature_engine *engine, const struct signature_public *key,
                const uint8_t *message, size_t message_bytes);
bool sm2_holds(struct signature_engine *engine, const struct signature_public *key,
               const uint8_t *message, size_t message_bytes);

#endif
