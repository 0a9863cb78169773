#include "certificate/certificate.h"

#include "certificate/parsed.h"
#include "engine/error.h"

#include <openssl/err.h>
#include <stdlib.h>
#include <string.h>

enum { CARD_DIGITS = 16, MOBILE_DIGITS = 11 };

const char *certificate_reason_name(enum certificate_reason reason)
{
    static const char *const names[] = {
#define X(reason, name, text) name,
        CERTIFICATE_REASONS(X)
#undef X
    };
    return names[reason];
}

void der_fini(struct der *der)
{
    free(der->bytes);
    *der = (struct der){NULL, 0};
}

time_t certificate_date(simtime now)
{
    int64_t whole = now / SIMTIME_SECOND - (now % SIMTIME_SECOND < 0);
    return (time_t)(CERTIFICATE_EPOCH_S + whole);
}

int64_t certificate_seconds(const ASN1_TIME *time)
{
    struct tm calendar;
    return ASN1_TIME_to_tm(time, &calendar) == 1 ? (int64_t)timegm(&calendar) : INT64_MIN;
}

/* The one entry of this kind, as so many digits; false where it is not that. */
static bool read_number(const X509 *x509, int nid, int digits, uint64_t *number)
{
    const X509_NAME *name = X509_get_subject_name(x509);
    int at = X509_NAME_get_index_by_NID(name, nid, -1);
    if (at < 0 || X509_NAME_get_index_by_NID(name, nid, at) >= 0)
        return false;
    const ASN1_STRING *text = X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, at));
    const unsigned char *characters = ASN1_STRING_get0_data(text);
    if (ASN1_STRING_length(text) != digits)
        return false;
    uint64_t value = 0;
    for (int i = 0; i < digits; i++) {
        if (characters[i] < '0' || characters[i] > '9')
            return false;
        value = value * 10 + (uint64_t)(characters[i] - '0');
    }
    *number = value;
    return true;
}

/* Which kind a key is of: by its algorithm, and its curve. */
static bool read_kind(X509_PUBKEY *public, enum signature_kind *kind)
{
    ASN1_OBJECT *algorithm;
    X509_ALGOR *identifier;
    const void *curve;
    int type;
    if (X509_PUBKEY_get0_param(&algorithm, NULL, NULL, &identifier, public) != 1)
        return false;
    X509_ALGOR_get0(NULL, &type, &curve, identifier);
    int nid = OBJ_obj2nid(algorithm);
    if (nid == NID_X9_62_id_ecPublicKey && type == V_ASN1_OBJECT)
        nid = OBJ_obj2nid(curve);
    else if (nid != NID_ED25519 || type != V_ASN1_UNDEF)
        return false;
    *kind = nid == NID_X9_62_prime256v1 ? SIGNATURE_ECDSA_P256
            : nid == NID_sm2            ? SIGNATURE_SM2
                                        : SIGNATURE_ED25519;
    return nid == NID_X9_62_prime256v1 || nid == NID_sm2 || nid == NID_ED25519;
}

static bool read_key(struct signature_engine *engine, struct certificate *certificate)
{
    enum signature_kind kind;
    const ASN1_BIT_STRING *bits = X509_get0_pubkey_bitstr(certificate->x509);
    if (bits == NULL || !read_kind(X509_get_X509_PUBKEY(certificate->x509), &kind))
        return false;
    certificate->key = signature_public_new(engine, kind, ASN1_STRING_get0_data(bits),
                                            (size_t)ASN1_STRING_length(bits), NULL);
    return certificate->key != NULL;
}

static bool read_fields(struct signature_engine *engine, struct certificate *certificate)
{
    const X509 *x509 = certificate->x509;
    if (ASN1_INTEGER_get_uint64(&certificate->serial, X509_get0_serialNumber(x509)) != 1)
        return false;
    read_number(x509, NID_telephoneNumber, MOBILE_DIGITS, &certificate->mobile);
    certificate->names_card = read_number(x509, NID_serialNumber, CARD_DIGITS, &certificate->card);
    return read_key(engine, certificate);
}

struct certificate *certificate_parse(struct signature_engine *engine, const uint8_t *bytes,
                                      size_t count)
{
    const unsigned char *at = bytes;
    if (count == 0 || count > INT32_MAX)
        return NULL;
    struct certificate *certificate = calloc(1, sizeof *certificate);
    CHECK(certificate != NULL);
    certificate->x509 = d2i_X509(NULL, &at, (long)count);
    if (certificate->x509 == NULL || at != bytes + count || !read_fields(engine, certificate)) {
        ERR_clear_error();
        certificate_free(certificate);
        return NULL;
    }
    certificate->der = (struct der){malloc(count), count};
    CHECK(certificate->der.bytes != NULL);
    memcpy(certificate->der.bytes, bytes, count);
    return certificate;
}

void certificate_free(struct certificate *certificate)
{
    if (certificate == NULL)
        return;
    X509_free(certificate->x509);
    signature_public_free(certificate->key);
    der_fini(&certificate->der);
    free(certificate);
}

uint64_t certificate_serial(const struct certificate *certificate)
{
    return certificate->serial;
}

uint64_t certificate_mobile(const struct certificate *certificate)
{
    return certificate->mobile;
}

bool certificate_is_of(const struct certificate *certificate, uint64_t mobile, uint64_t card)
{
    return certificate->mobile == mobile && certificate->names_card && certificate->card == card;
}

const struct signature_public *certificate_key(const struct certificate *certificate)
{
    return certificate->key;
}
