/* Keys: derived from a seed, and parsed once. */
#include "signature/engine.h"

#include "engine/error.h"

#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/params.h>
#include <stdlib.h>
#include <string.h>

static const char SALT[] = "cashpoint signature key";

enum { WIDE_BYTES = 48 };

/* ---- derivation ---- */

static void expand(struct signature_engine *engine, enum signature_kind kind,
                   const uint8_t seed[32], uint64_t owner, uint8_t okm[WIDE_BYTES])
{
    char info[32];
    size_t name_bytes = strlen(signature_kind_name(kind)) + 1;
    memcpy(info, signature_kind_name(kind), name_bytes);
    for (int i = 0; i < 8; i++)
        info[name_bytes + (size_t)i] = (char)(owner >> (56 - 8 * i));
    OSSL_PARAM parameters[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, (char *)"SHA256", 0),
        OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_KEY, (void *)seed, 32),
        OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_SALT, (void *)SALT, sizeof SALT - 1),
        OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_INFO, info, name_bytes + 8),
        OSSL_PARAM_END};
    EVP_KDF_CTX_reset(engine->kdf);
    CHECK(EVP_KDF_derive(engine->kdf, okm, WIDE_BYTES, parameters) == 1);
}

void signature_derive(struct signature_engine *engine, enum signature_kind kind,
                      const uint8_t seed[32], uint64_t owner,
                      uint8_t secret[SIGNATURE_SECRET_BYTES])
{
    uint8_t okm[WIDE_BYTES];
    expand(engine, kind, seed, owner, okm);
    if (kind == SIGNATURE_ED25519) {
        memcpy(secret, okm, SIGNATURE_SECRET_BYTES);
        return;
    }
    BIGNUM *wide = BN_bin2bn(okm, WIDE_BYTES, NULL), *most = BN_dup(engine->curves[kind].order);
    CHECK(wide != NULL && most != NULL && BN_sub_word(most, 2) == 1);
    CHECK(BN_nnmod(wide, wide, most, engine->numbers) == 1 && BN_add_word(wide, 1) == 1);
    CHECK(BN_bn2binpad(wide, secret, SIGNATURE_SECRET_BYTES) == SIGNATURE_SECRET_BYTES);
    BN_clear_free(wide);
    BN_free(most);
    OPENSSL_cleanse(okm, sizeof okm);
}

/* ---- public ---- */

static bool parse_point(struct signature_engine *engine, struct signature_public *key)
{
    const struct curve *curve = &engine->curves[key->kind];
    if (key->count != SIGNATURE_PUBLIC_MAX_BYTES || key->bytes[0] != POINT_CONVERSION_UNCOMPRESSED)
        return false;
    EC_POINT *point = EC_POINT_new(curve->group);
    CHECK(point != NULL);
    /* refuses coordinates of no point */
    if (EC_POINT_oct2point(curve->group, point, key->bytes, key->count, engine->numbers) != 1) {
        EC_POINT_free(point);
        return false;
    }
    if (key->kind == SIGNATURE_SM2) {
        key->sm2 = point;
        return true;
    }
    key->p256 = EC_KEY_new_by_curve_name(NID_X9_62_prime256v1);
    CHECK(key->p256 != NULL && EC_KEY_set_public_key(key->p256, point) == 1);
    EC_POINT_free(point);
    return true;
}

static bool parse_edwards(struct signature_public *key)
{
    if (key->count != 32)
        return false;
    key->edwards = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, key->bytes, key->count);
    if (key->edwards == NULL)
        return false;
    key->verifying = EVP_MD_CTX_new();
    CHECK(key->verifying != NULL);
    return true;
}

struct signature_public *signature_public_new(struct signature_engine *engine,
                                              enum signature_kind kind, const uint8_t *bytes,
                                              size_t count, const char *id)
{
    if (count == 0 || count > SIGNATURE_PUBLIC_MAX_BYTES)
        return NULL;
    struct signature_public *key = calloc(1, sizeof *key);
    CHECK(key != NULL);
    key->kind = kind;
    key->count = count;
    memcpy(key->bytes, bytes, count);
    if (kind == SIGNATURE_ED25519 ? !parse_edwards(key) : !parse_point(engine, key)) {
        ERR_clear_error();
        signature_public_free(key);
        return NULL;
    }
    if (kind == SIGNATURE_SM2)
        sm2_identify(engine, key, id != NULL ? id : SIGNATURE_SM2_ID);
    return key;
}

void signature_public_free(struct signature_public *key)
{
    if (key == NULL)
        return;
    EC_KEY_free(key->p256);
    EC_POINT_free(key->sm2);
    EVP_MD_CTX_free(key->verifying);
    EVP_PKEY_free(key->edwards);
    free(key);
}

enum signature_kind signature_public_kind(const struct signature_public *key)
{
    return key->kind;
}

/* ---- private ---- */

/* secret * G, uncompressed */
static void multiply(struct signature_engine *engine, const struct curve *curve,
                     const BIGNUM *secret, uint8_t *bytes)
{
    EC_POINT *point = EC_POINT_new(curve->group);
    CHECK(point != NULL &&
          EC_POINT_mul(curve->group, point, secret, NULL, NULL, engine->numbers) == 1);
    CHECK(EC_POINT_point2oct(curve->group, point, POINT_CONVERSION_UNCOMPRESSED, bytes,
                             SIGNATURE_PUBLIC_MAX_BYTES,
                             engine->numbers) == SIGNATURE_PUBLIC_MAX_BYTES);
    EC_POINT_free(point);
}

/* 1 / (1 + d), which there is for d < n - 1 only. */
static BIGNUM *sm2_inverse(struct signature_engine *engine, const BIGNUM *secret)
{
    BIGNUM *sum = BN_dup(secret), *inverse = BN_secure_new();
    CHECK(sum != NULL && inverse != NULL && BN_add_word(sum, 1) == 1);
    BN_set_flags(sum, BN_FLG_CONSTTIME);
    CHECK(BN_mod_inverse(inverse, sum, engine->curves[SIGNATURE_SM2].order, engine->numbers) !=
          NULL);
    BN_clear_free(sum);
    return inverse;
}

static bool is_scalar(const struct curve *curve, enum signature_kind kind, const BIGNUM *secret)
{
    BIGNUM *limit = BN_dup(curve->order);
    CHECK(limit != NULL && (kind != SIGNATURE_SM2 || BN_sub_word(limit, 1) == 1));
    bool good = !BN_is_zero(secret) && BN_cmp(secret, limit) < 0;
    BN_free(limit);
    return good;
}

static bool fill_curve(struct signature_engine *engine, enum signature_kind kind,
                       const uint8_t *secret, const char *id, struct signature_private *key)
{
    const struct curve *curve = &engine->curves[kind];
    uint8_t bytes[SIGNATURE_PUBLIC_MAX_BYTES];
    key->secret = BN_secure_new();
    CHECK(key->secret != NULL && BN_bin2bn(secret, SCALAR_BYTES, key->secret) != NULL);
    BN_set_flags(key->secret, BN_FLG_CONSTTIME);
    if (!is_scalar(curve, kind, key->secret))
        return false;
    multiply(engine, curve, key->secret, bytes);
    key->public = signature_public_new(engine, kind, bytes, sizeof bytes, id);
    CHECK(key->public != NULL);
    if (kind == SIGNATURE_SM2) {
        key->inverse = sm2_inverse(engine, key->secret);
        return true;
    }
    key->p256 = EC_KEY_dup(key->public->p256);
    CHECK(key->p256 != NULL && EC_KEY_set_private_key(key->p256, key->secret) == 1);
    return true;
}

static void fill_edwards(struct signature_engine *engine, const uint8_t *secret,
                         struct signature_private *key)
{
    uint8_t bytes[32];
    size_t count = sizeof bytes;
    key->edwards =
        EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, secret, SIGNATURE_SECRET_BYTES);
    CHECK(key->edwards != NULL && EVP_PKEY_get_raw_public_key(key->edwards, bytes, &count) == 1);
    key->public = signature_public_new(engine, SIGNATURE_ED25519, bytes, count, NULL);
    CHECK(key->public != NULL);
}

struct signature_private *signature_private_new(struct signature_engine *engine,
                                                enum signature_kind kind,
                                                const uint8_t secret[SIGNATURE_SECRET_BYTES],
                                                const char *id)
{
    struct signature_private *key = calloc(1, sizeof *key);
    CHECK(key != NULL);
    if (kind == SIGNATURE_ED25519) {
        fill_edwards(engine, secret, key);
    } else if (!fill_curve(engine, kind, secret, id, key)) {
        signature_private_free(key);
        return NULL;
    }
    return key;
}

void signature_private_free(struct signature_private *key)
{
    if (key == NULL)
        return;
    signature_public_free(key->public);
    BN_clear_free(key->secret);
    BN_clear_free(key->inverse);
    EC_KEY_free(key->p256);
    EVP_PKEY_free(key->edwards);
    free(key);
}

size_t signature_public_bytes(const struct signature_private *key,
                              uint8_t bytes[SIGNATURE_PUBLIC_MAX_BYTES])
{
    memcpy(bytes, key->public->bytes, key->public->count);
    return key->public->count;
}
