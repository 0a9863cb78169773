#include "certificate/authority.h"

#include "certificate/parsed.h"
#include "engine/error.h"

#include <openssl/ec.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ROOT_LIFETIME (20 * 365 * SIMTIME_DAY)

struct issuer {
    X509 *x509; /* as read back from `der` */
    struct der der;
    struct signature_private *key;
    STACK_OF(X509_REVOKED) * revoked;
    long lists; /* how many it has made */
};

struct authority {
    struct signature_engine *engine;
    EVP_PKEY *nobody; /* see assemble() */
    struct issuer issuers[AUTHORITY_LEVELS];
};

/* ---- signing ---- */

/* A DER signature as it stands in a certificate. */
static int sign(struct authority *authority, const struct issuer *issuer, const uint8_t *bytes,
                int count, uint8_t **der)
{
    uint8_t signature[SIGNATURE_BYTES];
    signature_sign(authority->engine, issuer->key, bytes, (size_t)count, signature);
    ECDSA_SIG *pair = ECDSA_SIG_new();
    BIGNUM *r = BN_bin2bn(signature, 32, NULL), *s = BN_bin2bn(signature + 32, 32, NULL);
    CHECK(pair != NULL && r != NULL && s != NULL && ECDSA_SIG_set0(pair, r, s) == 1);
    int length = i2d_ECDSA_SIG(pair, der);
    CHECK(length > 0);
    ECDSA_SIG_free(pair);
    return length;
}

/* SEQUENCE { what is signed, the algorithm, BIT STRING { signature } }: a certificate and a list
 * are both of this shape. X509_sign() knows random nonces only, so it signs first with nobody's
 * key, which fills in the algorithm, and the signature is replaced here. Frees `body`. */
static struct der assemble(struct authority *authority, const struct issuer *issuer, uint8_t *body,
                           int body_bytes, const X509_ALGOR *algorithm)
{
    uint8_t *name = NULL, *signature = NULL;
    int name_bytes = i2d_X509_ALGOR((X509_ALGOR *)algorithm, &name);
    int signature_bytes = sign(authority, issuer, body, body_bytes, &signature);
    int inner =
        body_bytes + name_bytes + ASN1_object_size(0, signature_bytes + 1, V_ASN1_BIT_STRING);
    int all = ASN1_object_size(1, inner, V_ASN1_SEQUENCE);
    struct der der = {malloc((size_t)all), (size_t)all};
    CHECK(body_bytes > 0 && name_bytes > 0 && der.bytes != NULL);
    unsigned char *at = der.bytes;
    ASN1_put_object(&at, 1, inner, V_ASN1_SEQUENCE, V_ASN1_UNIVERSAL);
    memcpy(at, body, (size_t)body_bytes);
    memcpy(at + body_bytes, name, (size_t)name_bytes);
    at += body_bytes + name_bytes;
    ASN1_put_object(&at, 0, signature_bytes + 1, V_ASN1_BIT_STRING, V_ASN1_UNIVERSAL);
    *at++ = 0; /* no unused bits */
    memcpy(at, signature, (size_t)signature_bytes);
    OPENSSL_free(body);
    OPENSSL_free(name);
    OPENSSL_free(signature);
    return der;
}

static struct der finish_certificate(struct authority *authority, const struct issuer *issuer,
                                     X509 *x509)
{
    uint8_t *body = NULL;
    const X509_ALGOR *algorithm;
    CHECK(X509_sign(x509, authority->nobody, EVP_sha256()) > 0);
    int body_bytes = i2d_re_X509_tbs(x509, &body);
    X509_get0_signature(NULL, &algorithm, x509);
    return assemble(authority, issuer, body, body_bytes, algorithm);
}

/* ---- what stands in a certificate ---- */

static void add_name(X509_NAME *name, int nid, const char *text)
{
    CHECK(X509_NAME_add_entry_by_NID(name, nid, MBSTRING_ASC, (const unsigned char *)text, -1, -1,
                                     0) == 1);
}

static void add_names(X509_NAME *name, const char *common)
{
    add_name(name, NID_countryName, "CN");
    add_name(name, NID_organizationName, "cashpoint bank");
    add_name(name, NID_commonName, common);
}

static void add_extension(X509 *x509, X509 *issuer, int nid, const char *text)
{
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, issuer, x509, NULL, NULL, 0);
    X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, &context, nid, (char *)text);
    CHECK(extension != NULL && X509_add_ext(x509, extension, -1) == 1);
    X509_EXTENSION_free(extension);
}

static void set_key(X509 *x509, enum signature_kind kind, const uint8_t *bytes, size_t count)
{
    uint8_t *copy = OPENSSL_memdup(bytes, count);
    bool edwards = kind == SIGNATURE_ED25519;
    int curve = kind == SIGNATURE_SM2 ? NID_sm2 : NID_X9_62_prime256v1;
    CHECK(copy != NULL);
    CHECK(X509_PUBKEY_set0_param(X509_get_X509_PUBKEY(x509),
                                 OBJ_nid2obj(edwards ? NID_ED25519 : NID_X9_62_id_ecPublicKey),
                                 edwards ? V_ASN1_UNDEF : V_ASN1_OBJECT,
                                 edwards ? NULL : OBJ_nid2obj(curve), copy, (int)count) == 1);
}

/* A certificate without subject and extensions. */
static X509 *begin(uint64_t serial, const X509_NAME *issuer, simtime not_before, simtime not_after)
{
    X509 *x509 = X509_new();
    CHECK(x509 != NULL && X509_set_version(x509, X509_VERSION_3) == 1);
    CHECK(ASN1_INTEGER_set_uint64(X509_get_serialNumber(x509), serial) == 1);
    CHECK(ASN1_TIME_set(X509_getm_notBefore(x509), certificate_date(not_before)) != NULL);
    CHECK(ASN1_TIME_set(X509_getm_notAfter(x509), certificate_date(not_after)) != NULL);
    if (issuer != NULL)
        CHECK(X509_set_issuer_name(x509, issuer) == 1);
    return x509;
}

/* ---- the authorities themselves ---- */

/* The extensions of a certificate that signs others. */
static void add_authority_extensions(X509 *x509, X509 *parent, enum authority_level level)
{
    add_extension(x509, parent, NID_basic_constraints,
                  level == AUTHORITY_ROOT ? "critical,CA:TRUE" : "critical,CA:TRUE,pathlen:0");
    add_extension(x509, parent, NID_key_usage, "critical,keyCertSign,cRLSign");
    add_extension(x509, parent, NID_subject_key_identifier, "hash");
    add_extension(x509, parent, NID_authority_key_identifier, "keyid:always");
}

static void establish(struct authority *authority, enum authority_level level,
                      const uint8_t seed[32], uint64_t owner, simtime lifetime)
{
    struct issuer *issuer = &authority->issuers[level], *parent = &authority->issuers[0];
    uint8_t secret[SIGNATURE_SECRET_BYTES], public[SIGNATURE_PUBLIC_MAX_BYTES];
    signature_derive(authority->engine, SIGNATURE_ECDSA_P256, seed, owner, secret);
    issuer->key = signature_private_new(authority->engine, SIGNATURE_ECDSA_P256, secret, NULL);
    CHECK(issuer->key != NULL);
    size_t count = signature_public_bytes(issuer->key, public);
    bool root = level == AUTHORITY_ROOT;
    X509 *x509 = begin(root ? AUTHORITY_ROOT_SERIAL : AUTHORITY_ISSUING_SERIAL,
                       root ? NULL : X509_get_subject_name(parent->x509), -SIMTIME_DAY,
                       lifetime - SIMTIME_DAY);
    add_names(X509_get_subject_name(x509), root ? "root" : "issuing");
    if (root)
        CHECK(X509_set_issuer_name(x509, X509_get_subject_name(x509)) == 1);
    set_key(x509, SIGNATURE_ECDSA_P256, public, count);
    add_authority_extensions(x509, root ? x509 : parent->x509, level);
    issuer->der = finish_certificate(authority, parent, x509);
    X509_free(x509);
    const unsigned char *at = issuer->der.bytes;
    issuer->x509 = d2i_X509(NULL, &at, (long)issuer->der.count);
    issuer->revoked = sk_X509_REVOKED_new_null();
    CHECK(issuer->x509 != NULL && issuer->revoked != NULL);
}

struct authority *authority_new(const uint8_t seed[32], simtime issuing_lifetime)
{
    struct authority *authority = calloc(1, sizeof *authority);
    CHECK(authority != NULL);
    authority->engine = signature_engine_new(false);
    authority->nobody = EVP_EC_gen("P-256");
    CHECK(authority->nobody != NULL);
    establish(authority, AUTHORITY_ROOT, seed, AUTHORITY_ROOT_OWNER, ROOT_LIFETIME);
    establish(authority, AUTHORITY_ISSUING, seed, AUTHORITY_ISSUING_OWNER, issuing_lifetime);
    return authority;
}

void authority_free(struct authority *authority)
{
    if (authority == NULL)
        return;
    for (int i = 0; i < AUTHORITY_LEVELS; i++) {
        struct issuer *issuer = &authority->issuers[i];
        X509_free(issuer->x509);
        der_fini(&issuer->der);
        signature_private_free(issuer->key);
        sk_X509_REVOKED_pop_free(issuer->revoked, X509_REVOKED_free);
    }
    EVP_PKEY_free(authority->nobody);
    signature_engine_free(authority->engine);
    free(authority);
}

const struct der *authority_certificate(const struct authority *authority,
                                        enum authority_level level)
{
    return &authority->issuers[level].der;
}

/* ---- customers ---- */

static void add_customer(X509_NAME *name, const struct certificate_request *request)
{
    char text[24];
    CHECK(request->card <= UINT64_C(9999999999999999) && request->mobile <= UINT64_C(99999999999));
    add_names(name, "customer");
    snprintf(text, sizeof text, "%016llu", (unsigned long long)request->card);
    add_name(name, NID_serialNumber, text);
    snprintf(text, sizeof text, "%011llu", (unsigned long long)request->mobile);
    add_name(name, NID_telephoneNumber, text);
}

struct der authority_issue(struct authority *authority, const struct certificate_request *request)
{
    struct issuer *issuer = &authority->issuers[AUTHORITY_ISSUING];
    CHECK(request->serial >= AUTHORITY_FIRST_SERIAL && request->serial <= INT64_MAX);
    X509 *x509 = begin(request->serial, X509_get_subject_name(issuer->x509), request->not_before,
                       request->not_after);
    add_customer(X509_get_subject_name(x509), request);
    set_key(x509, request->kind, request->public, request->public_bytes);
    add_extension(x509, issuer->x509, NID_basic_constraints, "critical,CA:FALSE");
    add_extension(x509, issuer->x509, NID_key_usage,
                  request->usage == CERTIFICATE_FOR_SIGNATURES
                      ? "critical,digitalSignature,nonRepudiation"
                      : "critical,keyAgreement");
    add_extension(x509, issuer->x509, NID_subject_key_identifier, "hash");
    add_extension(x509, issuer->x509, NID_authority_key_identifier, "keyid:always");
    struct der der = finish_certificate(authority, issuer, x509);
    X509_free(x509);
    return der;
}

/* ---- revocation ---- */

void authority_revoke(struct authority *authority, enum authority_level level, uint64_t serial,
                      simtime when)
{
    X509_REVOKED *revoked = X509_REVOKED_new();
    ASN1_INTEGER *number = ASN1_INTEGER_new();
    ASN1_TIME *date = ASN1_TIME_set(NULL, certificate_date(when));
    CHECK(revoked != NULL && number != NULL && date != NULL);
    CHECK(ASN1_INTEGER_set_uint64(number, serial) == 1);
    CHECK(X509_REVOKED_set_serialNumber(revoked, number) == 1 &&
          X509_REVOKED_set_revocationDate(revoked, date) == 1);
    CHECK(sk_X509_REVOKED_push(authority->issuers[level].revoked, revoked) > 0);
    ASN1_INTEGER_free(number);
    ASN1_TIME_free(date);
}

static void add_list_extensions(X509_CRL *crl, struct issuer *issuer)
{
    X509V3_CTX context;
    ASN1_INTEGER *number = ASN1_INTEGER_new();
    CHECK(number != NULL && ASN1_INTEGER_set(number, ++issuer->lists) == 1);
    CHECK(X509_CRL_add1_ext_i2d(crl, NID_crl_number, number, 0, 0) == 1);
    ASN1_INTEGER_free(number);
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, issuer->x509, NULL, NULL, crl, 0);
    X509_EXTENSION *extension =
        X509V3_EXT_conf_nid(NULL, &context, NID_authority_key_identifier, (char *)"keyid:always");
    CHECK(extension != NULL && X509_CRL_add_ext(crl, extension, -1) == 1);
    X509_EXTENSION_free(extension);
}

struct der authority_list(struct authority *authority, enum authority_level level, simtime now,
                          simtime next)
{
    struct issuer *issuer = &authority->issuers[level];
    X509_CRL *crl = X509_CRL_new();
    ASN1_TIME *from = ASN1_TIME_set(NULL, certificate_date(now)),
              *until = ASN1_TIME_set(NULL, certificate_date(next));
    CHECK(crl != NULL && from != NULL && until != NULL);
    CHECK(X509_CRL_set_version(crl, X509_CRL_VERSION_2) == 1 &&
          X509_CRL_set_issuer_name(crl, X509_get_subject_name(issuer->x509)) == 1 &&
          X509_CRL_set1_lastUpdate(crl, from) == 1 && X509_CRL_set1_nextUpdate(crl, until) == 1);
    ASN1_TIME_free(from);
    ASN1_TIME_free(until);
    for (int i = 0; i < sk_X509_REVOKED_num(issuer->revoked); i++)
        CHECK(X509_CRL_add0_revoked(
                  crl, X509_REVOKED_dup(sk_X509_REVOKED_value(issuer->revoked, i))) == 1);
    add_list_extensions(crl, issuer);
    CHECK(X509_CRL_sort(crl) == 1 && X509_CRL_sign(crl, authority->nobody, EVP_sha256()) > 0);
    uint8_t *body = NULL;
    const X509_ALGOR *algorithm;
    int body_bytes = i2d_re_X509_CRL_tbs(crl, &body);
    X509_CRL_get0_signature(crl, NULL, &algorithm);
    struct der der = assemble(authority, issuer, body, body_bytes, algorithm);
    X509_CRL_free(crl);
    return der;
}
