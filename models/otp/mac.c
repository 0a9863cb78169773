/* OpenSSL 3.0 calls SHA256_Init() and its kin deprecated; see mac.h for why they are called. */
#define OPENSSL_SUPPRESS_DEPRECATED

#include "otp/mac.h"

#include "engine/error.h"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <openssl/sha.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *name;
    size_t bytes;
} digests[MAC_DIGEST_COUNT] = {[MAC_SHA1] = {"SHA1", 20},
                               [MAC_SHA256] = {"SHA256", 32},
                               [MAC_SHA512] = {"SHA512", 64},
                               [MAC_SM3] = {"SM3", 32}};

struct mac {
    EVP_MAC_CTX *context; /* null: SHA-256 */
};

size_t mac_bytes(enum mac_digest digest)
{
    return digests[digest].bytes;
}

static EVP_MAC_CTX *new_context(const char *digest)
{
    EVP_MAC *hmac = EVP_MAC_fetch(NULL, "HMAC", NULL);
    CHECK(hmac != NULL);
    EVP_MAC_CTX *context = EVP_MAC_CTX_new(hmac);
    EVP_MAC_free(hmac);
    OSSL_PARAM parameters[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, (char *)digest, 0), OSSL_PARAM_END};
    CHECK(context != NULL && EVP_MAC_CTX_set_params(context, parameters) == 1);
    return context;
}

struct mac *mac_new(enum mac_digest digest)
{
    struct mac *mac = calloc(1, sizeof *mac);
    CHECK(mac != NULL);
    if (digest != MAC_SHA256)
        mac->context = new_context(digests[digest].name);
    return mac;
}

void mac_free(struct mac *mac)
{
    if (mac == NULL)
        return;
    EVP_MAC_CTX_free(mac->context);
    free(mac);
}

/* ---- HMAC-SHA-256 (RFC 2104) ---- */

/* The key as one block: a longer one is its digest. */
static void make_block(const uint8_t *key, size_t key_bytes, uint8_t block[SHA256_CBLOCK])
{
    SHA256_CTX sha;
    memset(block, 0, SHA256_CBLOCK);
    if (key_bytes <= SHA256_CBLOCK) {
        memcpy(block, key, key_bytes);
        return;
    }
    SHA256_Init(&sha);
    SHA256_Update(&sha, key, key_bytes);
    SHA256_Final(block, &sha);
}

/* Digest of the block with every byte turned by `turn`, and of the message. */
static void hash(const uint8_t block[SHA256_CBLOCK], uint8_t turn, const uint8_t *message,
                 size_t message_bytes, uint8_t out[SHA256_DIGEST_LENGTH])
{
    uint8_t turned[SHA256_CBLOCK];
    SHA256_CTX sha;
    for (int i = 0; i < SHA256_CBLOCK; i++)
        turned[i] = block[i] ^ turn;
    SHA256_Init(&sha);
    SHA256_Update(&sha, turned, sizeof turned);
    SHA256_Update(&sha, message, message_bytes);
    SHA256_Final(out, &sha);
}

static size_t hmac_sha256(const uint8_t *key, size_t key_bytes, const uint8_t *message,
                          size_t message_bytes, uint8_t *out)
{
    uint8_t block[SHA256_CBLOCK], inner[SHA256_DIGEST_LENGTH];
    make_block(key, key_bytes, block);
    hash(block, 0x36, message, message_bytes, inner);
    hash(block, 0x5c, inner, sizeof inner, out);
    return SHA256_DIGEST_LENGTH;
}

size_t mac_compute(struct mac *mac, const uint8_t *key, size_t key_bytes, const uint8_t *message,
                   size_t message_bytes, uint8_t *out)
{
    size_t bytes = 0;
    if (mac->context == NULL)
        return hmac_sha256(key, key_bytes, message, message_bytes, out);
    CHECK(EVP_MAC_init(mac->context, key, key_bytes, NULL) == 1);
    CHECK(EVP_MAC_update(mac->context, message, message_bytes) == 1);
    CHECK(EVP_MAC_final(mac->context, out, &bytes, MAC_MAX_BYTES) == 1);
    return bytes;
}
