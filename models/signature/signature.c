#include "signature/signature.h"

#include "engine/error.h"
#include "signature/engine.h"

#include <openssl/err.h>
#include <stdlib.h>
#include <string.h>

const char *signature_kind_name(enum signature_kind kind)
{
    static const char *const names[SIGNATURE_KIND_COUNT] = {"ecdsa-p256", "sm2", "ed25519"};
    return names[kind];
}

const char *signature_reason_name(enum signature_reason reason)
{
    static const char *const names[] = {
#define X(reason, name, text) name,
        SIGNATURE_REASONS(X)
#undef X
    };
    return names[reason];
}

/* ---- the engine ---- */

static void open_curve(struct curve *curve, int nid, const char *digest, enum mac_digest mac)
{
    curve->group = EC_GROUP_new_by_curve_name(nid);
    curve->digest = EVP_MD_fetch(NULL, digest, NULL);
    curve->half_order = BN_new();
    CHECK(curve->group != NULL && curve->digest != NULL && curve->half_order != NULL);
    curve->order = EC_GROUP_get0_order(curve->group);
    CHECK(BN_rshift1(curve->half_order, curve->order) == 1);
    curve->mac = mac_new(mac);
}

static EVP_KDF_CTX *open_kdf(void)
{
    EVP_KDF *kdf = EVP_KDF_fetch(NULL, "HKDF", NULL);
    EVP_KDF_CTX *context = EVP_KDF_CTX_new(kdf);
    EVP_KDF_free(kdf);
    CHECK(context != NULL);
    return context;
}

struct signature_engine *signature_engine_new(bool low_s)
{
    struct signature_engine *engine = calloc(1, sizeof *engine);
    CHECK(engine != NULL);
    engine->low_s = low_s;
    open_curve(&engine->curves[SIGNATURE_ECDSA_P256], NID_X9_62_prime256v1, "SHA256", MAC_SHA256);
    open_curve(&engine->curves[SIGNATURE_SM2], NID_sm2, "SM3", MAC_SM3);
    engine->numbers = BN_CTX_new();
    /* multiples of G: a verification of SM2 takes 3 % fewer instructions; P-256 has them built in
     */
    CHECK(EC_GROUP_precompute_mult(engine->curves[SIGNATURE_SM2].group, engine->numbers) == 1);
    engine->digest = EVP_MD_CTX_new();
    engine->edwards = EVP_MD_CTX_new();
    engine->kdf = open_kdf();
    engine->pair = ECDSA_SIG_new();
    engine->r = BN_new();
    engine->s = BN_new();
    engine->sm2_point = EC_POINT_new(engine->curves[SIGNATURE_SM2].group);
    CHECK(engine->numbers != NULL && engine->digest != NULL && engine->edwards != NULL &&
          engine->pair != NULL && engine->r != NULL && engine->s != NULL &&
          engine->sm2_point != NULL);
    CHECK(ECDSA_SIG_set0(engine->pair, engine->r, engine->s) == 1);
    return engine;
}

void signature_engine_free(struct signature_engine *engine)
{
    if (engine == NULL)
        return;
    EC_POINT_free(engine->sm2_point);
    for (int i = 0; i < CURVE_KINDS; i++) {
        EC_GROUP_free(engine->curves[i].group);
        EVP_MD_free(engine->curves[i].digest);
        BN_free(engine->curves[i].half_order);
        mac_free(engine->curves[i].mac);
    }
    BN_CTX_free(engine->numbers);
    EVP_MD_CTX_free(engine->digest);
    EVP_MD_CTX_free(engine->edwards);
    EVP_KDF_CTX_free(engine->kdf);
    ECDSA_SIG_free(engine->pair); /* and r and s */
    free(engine);
}

void engine_digest(struct signature_engine *engine, EVP_MD *digest, const uint8_t *a,
                   size_t a_bytes, const uint8_t *b, size_t b_bytes, uint8_t out[DIGEST_BYTES])
{
    CHECK(EVP_DigestInit_ex2(engine->digest, digest, NULL) == 1);
    CHECK(a == NULL || EVP_DigestUpdate(engine->digest, a, a_bytes) == 1);
    CHECK(EVP_DigestUpdate(engine->digest, b, b_bytes) == 1);
    CHECK(EVP_DigestFinal_ex(engine->digest, out, NULL) == 1);
}

void engine_times_generator(struct signature_engine *engine, const struct curve *curve,
                            const BIGNUM *scalar, BIGNUM *x)
{
    EC_POINT *point = EC_POINT_new(curve->group);
    CHECK(point != NULL);
    CHECK(EC_POINT_mul(curve->group, point, scalar, NULL, NULL, engine->numbers) == 1);
    CHECK(EC_POINT_get_affine_coordinates(curve->group, point, x, NULL, engine->numbers) == 1);
    EC_POINT_clear_free(point);
}

/* ---- Ed25519 ---- */

/* A context that has had a key keeps it, whatever key it is initialised with: so there is one for
 * each public key, and for signing it is reset. */
static void edwards_sign(struct signature_engine *engine, const struct signature_private *key,
                         const uint8_t *message, size_t message_bytes, uint8_t *signature)
{
    size_t count = SIGNATURE_BYTES;
    CHECK(EVP_MD_CTX_reset(engine->edwards) == 1);
    CHECK(EVP_DigestSignInit(engine->edwards, NULL, NULL, NULL, key->edwards) == 1);
    CHECK(EVP_DigestSign(engine->edwards, signature, &count, message, message_bytes) == 1);
    CHECK(count == SIGNATURE_BYTES);
}

static bool edwards_holds(const struct signature_public *key, const uint8_t *message,
                          size_t message_bytes, const uint8_t *signature)
{
    CHECK(EVP_DigestVerifyInit(key->verifying, NULL, NULL, NULL, key->edwards) == 1);
    return EVP_DigestVerify(key->verifying, signature, SIGNATURE_BYTES, message, message_bytes) ==
           1;
}

/* Whether s, little-endian in the second half, is below the order
 * L = 2^252 + 27742317777372353535851937790883648493 (RFC 8032, 5.1). */
static bool edwards_in_range(const uint8_t *signature)
{
    static const uint8_t order[SCALAR_BYTES] = {0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58,
                                                0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14,
                                                0,    0,    0,    0,    0,    0,    0,    0,
                                                0,    0,    0,    0,    0,    0,    0,    0x10};
    const uint8_t *s = signature + SCALAR_BYTES;
    for (int i = SCALAR_BYTES - 1; i >= 0; i--)
        if (s[i] != order[i])
            return s[i] < order[i];
    return false;
}

/* ---- any ---- */

void signature_sign(struct signature_engine *engine, const struct signature_private *key,
                    const uint8_t *message, size_t message_bytes,
                    uint8_t signature[SIGNATURE_BYTES])
{
    switch (key->public->kind) {
    case SIGNATURE_ECDSA_P256:
        p256_sign(engine, key, message, message_bytes, signature);
        break;
    case SIGNATURE_SM2:
        sm2_sign(engine, key, message, message_bytes, signature);
        break;
    case SIGNATURE_ED25519:
    case SIGNATURE_KIND_COUNT:
        edwards_sign(engine, key, message, message_bytes, signature);
        break;
    }
}

static bool is_zero(const uint8_t *signature)
{
    unsigned any = 0;
    for (int i = 0; i < SIGNATURE_BYTES; i++)
        any |= signature[i];
    return any == 0;
}

/* Takes r and s into the engine. */
static enum signature_reason load_pair(struct signature_engine *engine, const struct curve *curve,
                                       bool low_s, const uint8_t *signature)
{
    CHECK(BN_bin2bn(signature, SCALAR_BYTES, engine->r) != NULL);
    CHECK(BN_bin2bn(signature + SCALAR_BYTES, SCALAR_BYTES, engine->s) != NULL);
    if (BN_is_zero(engine->r) || BN_is_zero(engine->s) || BN_cmp(engine->r, curve->order) >= 0 ||
        BN_cmp(engine->s, curve->order) >= 0)
        return SIGNATURE_RANGE;
    if (low_s && BN_cmp(engine->s, curve->half_order) > 0)
        return SIGNATURE_HIGH_S;
    return SIGNATURE_GOOD;
}

static enum signature_reason verify_pair(struct signature_engine *engine,
                                         const struct signature_public *key, const uint8_t *message,
                                         size_t message_bytes, const uint8_t *signature)
{
    bool p256 = key->kind == SIGNATURE_ECDSA_P256;
    enum signature_reason reason =
        load_pair(engine, &engine->curves[key->kind], p256 && engine->low_s, signature);
    if (reason != SIGNATURE_GOOD)
        return reason;
    bool good = p256 ? p256_holds(engine, key, message, message_bytes)
                     : sm2_holds(engine, key, message, message_bytes);
    return good ? SIGNATURE_GOOD : SIGNATURE_MISMATCH;
}

enum signature_reason signature_verify(struct signature_engine *engine,
                                       const struct signature_public *key, const uint8_t *message,
                                       size_t message_bytes, const uint8_t *signature,
                                       size_t signature_bytes)
{
    if (signature_bytes != SIGNATURE_BYTES)
        return signature_bytes < SIGNATURE_BYTES ? SIGNATURE_TRUNCATED : SIGNATURE_OVERLONG;
    if (is_zero(signature))
        return SIGNATURE_ZERO;
    enum signature_reason reason;
    if (key->kind != SIGNATURE_ED25519)
        reason = verify_pair(engine, key, message, message_bytes, signature);
    else if (!edwards_in_range(signature))
        reason = SIGNATURE_RANGE;
    else
        reason = edwards_holds(key, message, message_bytes, signature) ? SIGNATURE_GOOD
                                                                       : SIGNATURE_MISMATCH;
    if (reason != SIGNATURE_GOOD)
        ERR_clear_error(); /* what OpenSSL says of a bad signature is no error of ours */
    return reason;
}
