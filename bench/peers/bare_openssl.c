#include "signature/engine.h" /* first: it says which of OpenSSL is used */

#include "bench/peers/bare_openssl.h"

#include "engine/error.h"

#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/hmac.h>
#include <openssl/params.h>
#include <openssl/x509.h>
#include <stdlib.h>
#include <string.h>

/* ---- HMAC ---- */

struct bare_mac {
    EVP_MAC_CTX *context;
};

struct bare_mac *bare_mac_new(void)
{
    struct bare_mac *bare = calloc(1, sizeof *bare);
    EVP_MAC *mac = EVP_MAC_fetch(NULL, "HMAC", NULL);
    CHECK(bare != NULL && mac != NULL);
    bare->context = EVP_MAC_CTX_new(mac);
    EVP_MAC_free(mac);
    OSSL_PARAM parameters[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, (char *)"SHA256", 0),
        OSSL_PARAM_END};
    CHECK(bare->context != NULL && EVP_MAC_CTX_set_params(bare->context, parameters) == 1);
    return bare;
}

void bare_mac_free(struct bare_mac *bare)
{
    EVP_MAC_CTX_free(bare->context);
    free(bare);
}

uint64_t bare_mac_first(struct bare_mac *bare, const uint8_t *key, size_t key_bytes,
                        const uint8_t *message, size_t message_bytes)
{
    uint8_t mac[32];
    size_t bytes;
    uint64_t first;
    if (EVP_MAC_init(bare->context, key, key_bytes, NULL) != 1 ||
        EVP_MAC_update(bare->context, message, message_bytes) != 1 ||
        EVP_MAC_final(bare->context, mac, &bytes, sizeof mac) != 1)
        return 0;
    memcpy(&first, mac, sizeof first);
    return first;
}

void bare_hmac(const uint8_t *key, size_t key_bytes, const uint8_t *message, size_t message_bytes,
               uint8_t mac[32])
{
    CHECK(HMAC(EVP_sha256(), key, (int)key_bytes, message, message_bytes, mac, NULL) != NULL);
}

/* ---- signatures ---- */

struct bare_key {
    enum signature_kind kind;
    EC_KEY *p256;
    EVP_PKEY *key;
    EVP_PKEY_CTX *sm2;
    EVP_MD_CTX *edwards;
};

static EC_KEY *ec_key(int nid, const struct signature_public *key)
{
    EC_KEY *ec = EC_KEY_new_by_curve_name(nid);
    CHECK(ec != NULL && EC_KEY_oct2key(ec, key->bytes, key->count, NULL) == 1);
    return ec;
}

struct bare_key *bare_key_new(const struct signature_public *key)
{
    struct bare_key *bare = calloc(1, sizeof *bare);
    CHECK(bare != NULL);
    bare->kind = key->kind;
    if (key->kind == SIGNATURE_ECDSA_P256) {
        bare->p256 = ec_key(NID_X9_62_prime256v1, key);
    } else if (key->kind == SIGNATURE_SM2) {
        bare->key = EVP_PKEY_new();
        CHECK(bare->key != NULL && EVP_PKEY_assign_EC_KEY(bare->key, ec_key(NID_sm2, key)) == 1);
        bare->sm2 = EVP_PKEY_CTX_new(bare->key, NULL);
        CHECK(bare->sm2 != NULL && EVP_PKEY_verify_init(bare->sm2) == 1);
    } else {
        bare->key = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, key->bytes, key->count);
        bare->edwards = EVP_MD_CTX_new();
        CHECK(bare->key != NULL && bare->edwards != NULL &&
              EVP_DigestVerifyInit(bare->edwards, NULL, NULL, NULL, bare->key) == 1);
    }
    return bare;
}

void bare_key_free(struct bare_key *key)
{
    EC_KEY_free(key->p256);
    EVP_PKEY_CTX_free(key->sm2);
    EVP_MD_CTX_free(key->edwards);
    EVP_PKEY_free(key->key);
    free(key);
}

static size_t to_der(const uint8_t *signature, uint8_t *der)
{
    ECDSA_SIG *pair = ECDSA_SIG_new();
    BIGNUM *r = BN_bin2bn(signature, 32, NULL), *s = BN_bin2bn(signature + 32, 32, NULL);
    CHECK(pair != NULL && ECDSA_SIG_set0(pair, r, s) == 1);
    int length = i2d_ECDSA_SIG(pair, &der);
    CHECK(length > 0);
    ECDSA_SIG_free(pair);
    return (size_t)length;
}

struct bare_signature bare_prepare(struct signature_engine *engine,
                                   const struct signature_public *key, const uint8_t *message,
                                   size_t message_bytes, const uint8_t *signature)
{
    struct bare_signature bare = {.count = SIGNATURE_BYTES, .subject_bytes = message_bytes};
    if (key->kind == SIGNATURE_ED25519) {
        CHECK(message_bytes <= sizeof bare.subject);
        memcpy(bare.subject, message, message_bytes);
        memcpy(bare.bytes, signature, SIGNATURE_BYTES);
        return bare;
    }
    bool sm2 = key->kind == SIGNATURE_SM2;
    engine_digest(engine, engine->curves[key->kind].digest, sm2 ? key->z : NULL,
                  sm2 ? DIGEST_BYTES : 0, message, message_bytes, bare.subject);
    bare.subject_bytes = DIGEST_BYTES;
    bare.count = to_der(signature, bare.bytes);
    return bare;
}

bool bare_verify(struct bare_key *key, const struct bare_signature *signature)
{
    if (key->kind == SIGNATURE_ECDSA_P256)
        return ECDSA_verify(0, signature->subject, (int)signature->subject_bytes, signature->bytes,
                            (int)signature->count, key->p256) == 1;
    if (key->kind == SIGNATURE_SM2)
        return EVP_PKEY_verify(key->sm2, signature->bytes, signature->count, signature->subject,
                               signature->subject_bytes) == 1;
    return EVP_DigestVerify(key->edwards, signature->bytes, signature->count, signature->subject,
                            signature->subject_bytes) == 1;
}

/* ---- certificates ---- */

struct bare_chain {
    X509_STORE *store;
    X509_STORE_CTX *context;
    STACK_OF(X509) * issuing;
    STACK_OF(X509_CRL) * lists;
};

void *bare_x509_new(const struct der *der)
{
    const unsigned char *at = der->bytes;
    X509 *x509 = d2i_X509(NULL, &at, (long)der->count);
    CHECK(x509 != NULL);
    return x509;
}

void bare_x509_free(void *x509)
{
    X509_free(x509);
}

struct bare_chain *bare_chain_new(const struct der *authorities, const struct der *lists)
{
    struct bare_chain *chain = calloc(1, sizeof *chain);
    CHECK(chain != NULL);
    chain->store = X509_STORE_new();
    chain->context = X509_STORE_CTX_new();
    chain->issuing = sk_X509_new_null();
    chain->lists = sk_X509_CRL_new_null();
    X509 *root = bare_x509_new(&authorities[0]);
    CHECK(chain->store != NULL && chain->context != NULL &&
          X509_STORE_add_cert(chain->store, root) == 1 &&
          sk_X509_push(chain->issuing, bare_x509_new(&authorities[1])) > 0);
    X509_free(root);
    X509_STORE_set_flags(chain->store, X509_V_FLAG_CRL_CHECK | X509_V_FLAG_CRL_CHECK_ALL |
                                           X509_V_FLAG_X509_STRICT);
    for (int i = 0; i < 2; i++) {
        const unsigned char *at = lists[i].bytes;
        X509_CRL *crl = d2i_X509_CRL(NULL, &at, (long)lists[i].count);
        CHECK(crl != NULL && sk_X509_CRL_push(chain->lists, crl) > 0);
    }
    return chain;
}

void bare_chain_free(struct bare_chain *chain)
{
    X509_STORE_CTX_free(chain->context);
    X509_STORE_free(chain->store);
    sk_X509_pop_free(chain->issuing, X509_free);
    sk_X509_CRL_pop_free(chain->lists, X509_CRL_free);
    free(chain);
}

bool bare_verify_certificate(struct bare_chain *chain, void *x509, int64_t date_s)
{
    if (X509_STORE_CTX_init(chain->context, chain->store, x509, chain->issuing) != 1)
        return false;
    X509_STORE_CTX_set0_crls(chain->context, chain->lists);
    X509_VERIFY_PARAM_set_time(X509_STORE_CTX_get0_param(chain->context), (time_t)date_s);
    bool good = X509_verify_cert(chain->context) == 1;
    X509_STORE_CTX_cleanup(chain->context);
    if (!good)
        ERR_clear_error();
    return good;
}
