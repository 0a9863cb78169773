#include "signature/nonce.h"

#include "engine/error.h"

#include <string.h>

/* key = HMAC(key, value, mark, rest); value = HMAC(key, value) */
static void stir(struct nonce *nonce, uint8_t mark, const uint8_t *rest, size_t rest_bytes)
{
    uint8_t data[DIGEST_BYTES + 1 + SCALAR_BYTES + DIGEST_BYTES], out[MAC_MAX_BYTES];
    memcpy(data, nonce->value, DIGEST_BYTES);
    data[DIGEST_BYTES] = mark;
    if (rest_bytes > 0)
        memcpy(data + DIGEST_BYTES + 1, rest, rest_bytes);
    mac_compute(nonce->mac, nonce->key, DIGEST_BYTES, data, DIGEST_BYTES + 1 + rest_bytes, out);
    memcpy(nonce->key, out, DIGEST_BYTES);
    mac_compute(nonce->mac, nonce->key, DIGEST_BYTES, nonce->value, DIGEST_BYTES, out);
    memcpy(nonce->value, out, DIGEST_BYTES);
    OPENSSL_cleanse(data, sizeof data);
}

void nonce_start(struct nonce *nonce, const struct curve *curve, const BIGNUM *secret,
                 const uint8_t digest[DIGEST_BYTES])
{
    uint8_t seed[SCALAR_BYTES + DIGEST_BYTES];
    BIGNUM *reduced = BN_bin2bn(digest, DIGEST_BYTES, NULL);
    CHECK(reduced != NULL && BN_num_bits(curve->order) == 256);
    if (BN_cmp(reduced, curve->order) >= 0) /* below 2^256 < 2 n */
        CHECK(BN_sub(reduced, reduced, curve->order) == 1);
    CHECK(BN_bn2binpad(secret, seed, SCALAR_BYTES) == SCALAR_BYTES);
    CHECK(BN_bn2binpad(reduced, seed + SCALAR_BYTES, DIGEST_BYTES) == DIGEST_BYTES);
    BN_free(reduced);
    *nonce = (struct nonce){.mac = curve->mac, .order = curve->order};
    memset(nonce->value, 1, DIGEST_BYTES);
    stir(nonce, 0, seed, sizeof seed);
    stir(nonce, 1, seed, sizeof seed);
    OPENSSL_cleanse(seed, sizeof seed);
}

void nonce_next(struct nonce *nonce, BIGNUM *k)
{
    do {
        uint8_t out[MAC_MAX_BYTES];
        if (nonce->used)
            stir(nonce, 0, NULL, 0);
        mac_compute(nonce->mac, nonce->key, DIGEST_BYTES, nonce->value, DIGEST_BYTES, out);
        memcpy(nonce->value, out, DIGEST_BYTES);
        nonce->used = true;
        CHECK(BN_bin2bn(nonce->value, DIGEST_BYTES, k) != NULL);
    } while (BN_is_zero(k) || BN_cmp(k, nonce->order) >= 0);
}
