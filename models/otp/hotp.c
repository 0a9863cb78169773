#include "otp/hotp.h"

#include "engine/error.h"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <stdlib.h>
#include <string.h>

struct hotp {
    unsigned digits;
    EVP_MAC_CTX *context;
};

struct hotp *hotp_new(unsigned digits)
{
    CHECK(digits >= HOTP_MIN_DIGITS && digits <= HOTP_MAX_DIGITS);
    struct hotp *hotp = calloc(1, sizeof *hotp);
    EVP_MAC *mac = EVP_MAC_fetch(NULL, "HMAC", NULL);
    CHECK(hotp != NULL && mac != NULL);
    hotp->digits = digits;
    hotp->context = EVP_MAC_CTX_new(mac);
    EVP_MAC_free(mac);
    CHECK(hotp->context != NULL);
    char digest[8] = "SHA1";
    if (digits >= HOTP_LONG_DIGITS)
        strcpy(digest, "SHA256");
    OSSL_PARAM parameters[] = {OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0),
                               OSSL_PARAM_END};
    CHECK(EVP_MAC_CTX_set_params(hotp->context, parameters) == 1);
    return hotp;
}

void hotp_free(struct hotp *hotp)
{
    if (hotp == NULL)
        return;
    EVP_MAC_CTX_free(hotp->context);
    free(hotp);
}

static uint64_t big_endian(const uint8_t *bytes, unsigned count)
{
    uint64_t value = 0;
    for (unsigned i = 0; i < count; i++)
        value = value << 8 | bytes[i];
    return value;
}

/* Dynamic truncation: the last byte's low nibble says where the bytes are taken from. */
static uint64_t truncate_mac(const uint8_t *mac, size_t bytes, bool longer)
{
    const uint8_t *at = mac + (mac[bytes - 1] & 0xf);
    return longer ? big_endian(at, 8) & INT64_MAX : big_endian(at, 4) & INT32_MAX;
}

void hotp_code(struct hotp *hotp, const uint8_t *key, size_t key_bytes, uint64_t counter,
               char *code)
{
    uint8_t message[8], mac[32];
    size_t mac_bytes = 0;
    for (int i = 0; i < 8; i++)
        message[i] = (uint8_t)(counter >> (56 - 8 * i));
    CHECK(EVP_MAC_init(hotp->context, key, key_bytes, NULL) == 1);
    CHECK(EVP_MAC_update(hotp->context, message, sizeof message) == 1);
    CHECK(EVP_MAC_final(hotp->context, mac, &mac_bytes, sizeof mac) == 1);
    uint64_t value = truncate_mac(mac, mac_bytes, hotp->digits >= HOTP_LONG_DIGITS);
    for (unsigned i = hotp->digits; i > 0; i--) {
        code[i - 1] = (char)('0' + value % 10);
        value /= 10;
    }
    code[hotp->digits] = '\0';
}

bool hotp_equal(const char *a, const char *b)
{
    size_t length = strlen(a);
    return length == strlen(b) && CRYPTO_memcmp(a, b, length) == 0;
}
