/* ECDSA on P-256: OpenSSL signs and verifies; the nonce is ours. */
#include "signature/engine.h"
#include "signature/nonce.h"

#include "engine/error.h"

/* Where s came out as zero (never seen), there is none: the next nonce is tried. */
static ECDSA_SIG *sign_with(struct signature_engine *engine, const struct signature_private *key,
                            const uint8_t digest[DIGEST_BYTES], const BIGNUM *k)
{
    const struct curve *curve = &engine->curves[SIGNATURE_ECDSA_P256];
    BN_CTX_start(engine->numbers);
    BIGNUM *x = BN_CTX_get(engine->numbers), *r = BN_CTX_get(engine->numbers),
           *inverse = BN_CTX_get(engine->numbers);
    CHECK(inverse != NULL);
    engine_times_generator(engine, curve, k, x);
    CHECK(BN_nnmod(r, x, curve->order, engine->numbers) == 1);
    CHECK(BN_mod_inverse(inverse, k, curve->order, engine->numbers) != NULL);
    ECDSA_SIG *pair =
        BN_is_zero(r) ? NULL : ECDSA_do_sign_ex(digest, DIGEST_BYTES, inverse, r, key->p256);
    BN_clear(inverse);
    BN_CTX_end(engine->numbers);
    return pair;
}

static void put_pair(const struct signature_engine *engine, const ECDSA_SIG *pair,
                     uint8_t *signature)
{
    const struct curve *curve = &engine->curves[SIGNATURE_ECDSA_P256];
    const BIGNUM *r, *s;
    ECDSA_SIG_get0(pair, &r, &s);
    BIGNUM *low = BN_dup(s);
    CHECK(low != NULL);
    if (engine->low_s && BN_cmp(low, curve->half_order) > 0)
        CHECK(BN_sub(low, curve->order, s) == 1);
    CHECK(BN_bn2binpad(r, signature, SCALAR_BYTES) == SCALAR_BYTES);
    CHECK(BN_bn2binpad(low, signature + SCALAR_BYTES, SCALAR_BYTES) == SCALAR_BYTES);
    BN_free(low);
}

void p256_sign(struct signature_engine *engine, const struct signature_private *key,
               const uint8_t *message, size_t message_bytes, uint8_t *signature)
{
    const struct curve *curve = &engine->curves[SIGNATURE_ECDSA_P256];
    uint8_t digest[DIGEST_BYTES];
    struct nonce nonce;
    BIGNUM *k = BN_secure_new();
    CHECK(k != NULL);
    BN_set_flags(k, BN_FLG_CONSTTIME);
    engine_digest(engine, curve->digest, NULL, 0, message, message_bytes, digest);
    nonce_start(&nonce, curve, key->secret, digest);
    ECDSA_SIG *pair = NULL;
    while (pair == NULL) {
        nonce_next(&nonce, k);
        pair = sign_with(engine, key, digest, k);
    }
    put_pair(engine, pair, signature);
    ECDSA_SIG_free(pair);
    BN_clear_free(k);
}

bool p256_holds(struct signature_engine *engine, const struct signature_public *key,
                const uint8_t *message, size_t message_bytes)
{
    uint8_t digest[DIGEST_BYTES];
    engine_digest(engine, engine->curves[SIGNATURE_ECDSA_P256].digest, NULL, 0, message,
                  message_bytes, digest);
    return ECDSA_do_verify(digest, DIGEST_BYTES, engine->pair, key->p256) == 1;
}
