/* SM2 (GB/T 32918.2): the equations of the standard, by OpenSSL's points and numbers. */
#include "signature/engine.h"
#include "signature/nonce.h"

#include "engine/error.h"

#include <string.h>

enum { ID_MAX_BYTES = 8191 /* its length in bits is two bytes */ };

/* Two bytes of length in bits, the identifier, a, b, G, the public key. */
void sm2_identify(struct signature_engine *engine, struct signature_public *key, const char *id)
{
    const struct curve *curve = &engine->curves[SIGNATURE_SM2];
    uint8_t head[2 + ID_MAX_BYTES], tail[6 * SCALAR_BYTES], generator[SIGNATURE_PUBLIC_MAX_BYTES];
    size_t length = strlen(id);
    CHECK(length <= ID_MAX_BYTES);
    head[0] = (uint8_t)(length * 8 >> 8);
    head[1] = (uint8_t)(length * 8);
    memcpy(head + 2, id, length);
    BIGNUM *a = BN_new(), *b = BN_new();
    CHECK(a != NULL && b != NULL &&
          EC_GROUP_get_curve(curve->group, NULL, a, b, engine->numbers) == 1);
    CHECK(BN_bn2binpad(a, tail, SCALAR_BYTES) == SCALAR_BYTES);
    CHECK(BN_bn2binpad(b, tail + SCALAR_BYTES, SCALAR_BYTES) == SCALAR_BYTES);
    BN_free(a);
    BN_free(b);
    CHECK(EC_POINT_point2oct(curve->group, EC_GROUP_get0_generator(curve->group),
                             POINT_CONVERSION_UNCOMPRESSED, generator, sizeof generator,
                             engine->numbers) == sizeof generator);
    memcpy(tail + 2 * SCALAR_BYTES, generator + 1, 2 * SCALAR_BYTES);
    memcpy(tail + 4 * SCALAR_BYTES, key->bytes + 1, 2 * SCALAR_BYTES);
    engine_digest(engine, curve->digest, head, 2 + length, tail, sizeof tail, key->z);
}

static void digest_of(struct signature_engine *engine, const struct signature_public *key,
                      const uint8_t *message, size_t message_bytes, uint8_t *digest)
{
    engine_digest(engine, engine->curves[SIGNATURE_SM2].digest, key->z, DIGEST_BYTES, message,
                  message_bytes, digest);
}

/* r = (e + x(kG)) mod n; s = (k - r d) / (1 + d) mod n */
bool sm2_sign_with(struct signature_engine *engine, const struct signature_private *key,
                   const uint8_t digest[DIGEST_BYTES], const BIGNUM *k, uint8_t *signature)
{
    const BIGNUM *n = engine->curves[SIGNATURE_SM2].order;
    BN_CTX *numbers = engine->numbers;
    BIGNUM *r = engine->r, *s = engine->s;
    BN_CTX_start(numbers);
    BIGNUM *x = BN_CTX_get(numbers), *e = BN_CTX_get(numbers), *t = BN_CTX_get(numbers);
    CHECK(t != NULL && BN_bin2bn(digest, DIGEST_BYTES, e) != NULL);
    engine_times_generator(engine, &engine->curves[SIGNATURE_SM2], k, x);
    CHECK(BN_mod_add(r, e, x, n, numbers) == 1 && BN_mod_add(t, r, k, n, numbers) == 1);
    bool good = !BN_is_zero(r) && !BN_is_zero(t);
    CHECK(BN_mod_mul(t, r, key->secret, n, numbers) == 1 && BN_mod_sub(t, k, t, n, numbers) == 1 &&
          BN_mod_mul(s, t, key->inverse, n, numbers) == 1);
    good = good && !BN_is_zero(s);
    CHECK(BN_bn2binpad(r, signature, SCALAR_BYTES) == SCALAR_BYTES);
    CHECK(BN_bn2binpad(s, signature + SCALAR_BYTES, SCALAR_BYTES) == SCALAR_BYTES);
    BN_clear(t);
    BN_CTX_end(numbers);
    return good;
}

void sm2_sign(struct signature_engine *engine, const struct signature_private *key,
              const uint8_t *message, size_t message_bytes, uint8_t *signature)
{
    uint8_t digest[DIGEST_BYTES];
    struct nonce nonce;
    BIGNUM *k = BN_secure_new();
    CHECK(k != NULL);
    BN_set_flags(k, BN_FLG_CONSTTIME);
    digest_of(engine, key->public, message, message_bytes, digest);
    nonce_start(&nonce, &engine->curves[SIGNATURE_SM2], key->secret, digest);
    do
        nonce_next(&nonce, k);
    while (!sm2_sign_with(engine, key, digest, k, signature));
    BN_clear_free(k);
}

/* t = r + s mod n, not zero; (e + x(sG + tP)) mod n = r */
static bool equation(struct signature_engine *engine, const EC_POINT *public, const BIGNUM *e)
{
    const struct curve *curve = &engine->curves[SIGNATURE_SM2];
    BN_CTX *numbers = engine->numbers;
    BN_CTX_start(numbers);
    BIGNUM *t = BN_CTX_get(numbers), *x = BN_CTX_get(numbers);
    CHECK(x != NULL);
    bool good =
        BN_mod_add(t, engine->r, engine->s, curve->order, numbers) == 1 && !BN_is_zero(t) &&
        EC_POINT_mul(curve->group, engine->sm2_point, engine->s, public, t, numbers) == 1 &&
        EC_POINT_get_affine_coordinates(curve->group, engine->sm2_point, x, NULL, numbers) == 1 &&
        BN_mod_add(t, e, x, curve->order, numbers) == 1 && BN_cmp(t, engine->r) == 0;
    BN_CTX_end(numbers);
    return good;
}

bool sm2_holds(struct signature_engine *engine, const struct signature_public *key,
               const uint8_t *message, size_t message_bytes)
{
    uint8_t digest[DIGEST_BYTES];
    digest_of(engine, key, message, message_bytes, digest);
    BN_CTX_start(engine->numbers);
    BIGNUM *e = BN_CTX_get(engine->numbers);
    CHECK(e != NULL && BN_bin2bn(digest, DIGEST_BYTES, e) != NULL);
    bool good = equation(engine, key->sm2, e);
    BN_CTX_end(engine->numbers);
    return good;
}
