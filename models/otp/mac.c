#include "otp/mac.h"

#include "engine/error.h"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <stdlib.h>

static const struct {
    const char *name;
    size_t bytes;
} digests[MAC_DIGEST_COUNT] = {[MAC_SHA1] = {"SHA1", 20},
                               [MAC_SHA256] = {"SHA256", 32},
                               [MAC_SHA512] = {"SHA512", 64},
                               [MAC_SM3] = {"SM3", 32}};

struct mac {
    EVP_MAC_CTX *context;
};

size_t mac_bytes(enum mac_digest digest)
{
    return digests[digest].bytes;
}

struct mac *mac_new(enum mac_digest digest)
{
    struct mac *mac = calloc(1, sizeof *mac);
    EVP_MAC *hmac = EVP_MAC_fetch(NULL, "HMAC", NULL);
    CHECK(mac != NULL && hmac != NULL);
    mac->context = EVP_MAC_CTX_new(hmac);
    EVP_MAC_free(hmac);
    CHECK(mac->context != NULL);
    OSSL_PARAM parameters[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, (char *)digests[digest].name, 0),
        OSSL_PARAM_END};
    CHECK(EVP_MAC_CTX_set_params(mac->context, parameters) == 1);
    return mac;
}

void mac_free(struct mac *mac)
{
    if (mac == NULL)
        return;
    EVP_MAC_CTX_free(mac->context);
    free(mac);
}

size_t mac_compute(struct mac *mac, const uint8_t *key, size_t key_bytes, const uint8_t *message,
                   size_t message_bytes, uint8_t *out)
{
    size_t bytes = 0;
    CHECK(EVP_MAC_init(mac->context, key, key_bytes, NULL) == 1);
    CHECK(EVP_MAC_update(mac->context, message, message_bytes) == 1);
    CHECK(EVP_MAC_final(mac->context, out, &bytes, MAC_MAX_BYTES) == 1);
    return bytes;
}
