#include "certificate/trust.h"

#include "certificate/parsed.h"

#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <stdlib.h>
#include <string.h>

struct trust {
    struct signature_engine *engine;
    X509_STORE *store; /* the root */
    X509_STORE_CTX *context;
    STACK_OF(X509) * issuing;
    STACK_OF(X509_CRL) * lists;
    uint64_t generation; /* of the lists; 0: there are none */
    unsigned slots;
    struct certificate **kept; /* a slot a serial number, of those that share it the latest */
};

static X509 *read_certificate(const struct der *der, const char *whose, struct error *error)
{
    const unsigned char *at = der->bytes;
    X509 *x509 = d2i_X509(NULL, &at, (long)der->count);
    if (x509 == NULL || at != der->bytes + der->count) {
        X509_free(x509);
        ERR_clear_error();
        error_set(error,
                  "the %s authority's %zu bytes are no certificate: give what "
                  "authority_certificate() made",
                  whose, der->count);
        return NULL;
    }
    return x509;
}

struct trust *trust_new(const struct der *root, const struct der *issuing, unsigned slots,
                        struct error *error)
{
    X509 *anchor = read_certificate(root, "root", error);
    X509 *middle = anchor != NULL ? read_certificate(issuing, "issuing", error) : NULL;
    if (middle == NULL) {
        X509_free(anchor);
        return NULL;
    }
    CHECK(slots > 0);
    struct trust *trust = calloc(1, sizeof *trust);
    CHECK(trust != NULL);
    trust->engine = signature_engine_new(false);
    trust->store = X509_STORE_new();
    trust->context = X509_STORE_CTX_new();
    trust->issuing = sk_X509_new_null();
    trust->lists = sk_X509_CRL_new_null();
    trust->slots = slots;
    trust->kept = calloc(slots, sizeof *trust->kept);
    CHECK(trust->store != NULL && trust->context != NULL && trust->issuing != NULL &&
          trust->lists != NULL && trust->kept != NULL);
    CHECK(X509_STORE_add_cert(trust->store, anchor) == 1);
    CHECK(X509_STORE_set_flags(trust->store, X509_V_FLAG_CRL_CHECK | X509_V_FLAG_CRL_CHECK_ALL |
                                                 X509_V_FLAG_X509_STRICT) == 1);
    CHECK(sk_X509_push(trust->issuing, middle) > 0);
    X509_free(anchor); /* the store has its own count */
    return trust;
}

void trust_free(struct trust *trust)
{
    if (trust == NULL)
        return;
    for (unsigned i = 0; i < trust->slots; i++)
        certificate_free(trust->kept[i]);
    free(trust->kept);
    X509_STORE_CTX_free(trust->context);
    X509_STORE_free(trust->store);
    sk_X509_pop_free(trust->issuing, X509_free);
    sk_X509_CRL_pop_free(trust->lists, X509_CRL_free);
    signature_engine_free(trust->engine);
    free(trust);
}

/* ---- lists ---- */

static bool add_list(STACK_OF(X509_CRL) * lists, const struct der *der, const char *whose,
                     struct error *error)
{
    const unsigned char *at = der->bytes;
    X509_CRL *crl = d2i_X509_CRL(NULL, &at, (long)der->count);
    if (crl != NULL && at == der->bytes + der->count) {
        CHECK(sk_X509_CRL_push(lists, crl) > 0);
        return true;
    }
    X509_CRL_free(crl);
    ERR_clear_error();
    return error_set(error,
                     "the %s authority's %zu bytes are no revocation list: give what "
                     "authority_list() made; the old list stays",
                     whose, der->count);
}

bool trust_replace_lists(struct trust *trust, const struct der *root, const struct der *issuing,
                         struct error *error)
{
    STACK_OF(X509_CRL) *lists = sk_X509_CRL_new_null();
    CHECK(lists != NULL);
    if (!add_list(lists, root, "root", error) || !add_list(lists, issuing, "issuing", error)) {
        sk_X509_CRL_pop_free(lists, X509_CRL_free);
        return false;
    }
    sk_X509_CRL_pop_free(trust->lists, X509_CRL_free);
    trust->lists = lists;
    trust->generation++;
    return true;
}

/* ---- verification ---- */

static enum certificate_reason reason_of(int verdict)
{
    switch (verdict) {
    case X509_V_OK:
        return CERTIFICATE_GOOD;
    case X509_V_ERR_CERT_HAS_EXPIRED:
        return CERTIFICATE_EXPIRED;
    case X509_V_ERR_CERT_NOT_YET_VALID:
        return CERTIFICATE_NOT_YET_VALID;
    case X509_V_ERR_CERT_REVOKED:
        return CERTIFICATE_REVOKED;
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
        return CERTIFICATE_UNKNOWN_ISSUER;
    case X509_V_ERR_CERT_SIGNATURE_FAILURE:
        return CERTIFICATE_BAD_SIGNATURE;
    case X509_V_ERR_INVALID_CA:
    case X509_V_ERR_KEYUSAGE_NO_CERTSIGN:
    case X509_V_ERR_INVALID_PURPOSE:
    case X509_V_ERR_PATH_LENGTH_EXCEEDED:
        return CERTIFICATE_WRONG_USAGE;
    case X509_V_ERR_UNABLE_TO_GET_CRL:
    case X509_V_ERR_CRL_HAS_EXPIRED:
    case X509_V_ERR_CRL_NOT_YET_VALID:
    case X509_V_ERR_CRL_SIGNATURE_FAILURE:
    case X509_V_ERR_UNABLE_TO_GET_CRL_ISSUER:
    case X509_V_ERR_CRL_PATH_VALIDATION_ERROR:
    case X509_V_ERR_DIFFERENT_CRL_SCOPE:
    case X509_V_ERR_UNHANDLED_CRITICAL_CRL_EXTENSION:
    case X509_V_ERR_KEYUSAGE_NO_CRL_SIGN:
    case X509_V_ERR_ERROR_IN_CRL_LAST_UPDATE_FIELD:
    case X509_V_ERR_ERROR_IN_CRL_NEXT_UPDATE_FIELD:
        return CERTIFICATE_NO_LIST;
    default:
        return CERTIFICATE_REFUSED;
    }
}

/* Leaves the chain that was found in the context. */
static int ask_openssl(struct trust *trust, X509 *x509, simtime now)
{
    CHECK(X509_STORE_CTX_init(trust->context, trust->store, x509, trust->issuing) == 1);
    X509_STORE_CTX_set0_crls(trust->context, trust->lists);
    X509_VERIFY_PARAM_set_time(X509_STORE_CTX_get0_param(trust->context), certificate_date(now));
    if (X509_verify_cert(trust->context) == 1)
        return X509_V_OK;
    int verdict = X509_STORE_CTX_get_error(trust->context);
    ERR_clear_error();
    return verdict != X509_V_OK ? verdict : X509_V_ERR_UNSPECIFIED;
}

static enum certificate_reason verify(struct trust *trust, const struct certificate *certificate,
                                      simtime now)
{
    enum certificate_reason reason = reason_of(ask_openssl(trust, certificate->x509, now));
    bool signs = (X509_get_key_usage(certificate->x509) & X509v3_KU_DIGITAL_SIGNATURE) != 0;
    bool is_authority = X509_check_ca(certificate->x509) != 0;
    if (reason == CERTIFICATE_GOOD && (!signs || is_authority))
        return CERTIFICATE_WRONG_USAGE;
    return reason;
}

enum certificate_reason trust_verify(struct trust *trust, const struct certificate *certificate,
                                     simtime now)
{
    enum certificate_reason reason = verify(trust, certificate, now);
    X509_STORE_CTX_cleanup(trust->context);
    return reason;
}

/* ---- remembering ---- */

/* `until` may be null: a list need not say when the next one comes. */
static void narrow(struct certificate *certificate, const ASN1_TIME *from, const ASN1_TIME *until)
{
    int64_t from_s = certificate_seconds(from),
            until_s = until != NULL ? certificate_seconds(until) : INT64_MAX;
    if (from_s > certificate->from_s)
        certificate->from_s = from_s;
    if (until_s < certificate->until_s)
        certificate->until_s = until_s;
}

/* The span in which every certificate of the chain and both lists are in date. */
static void remember(struct trust *trust, struct certificate *certificate)
{
    certificate->from_s = INT64_MIN;
    certificate->until_s = INT64_MAX;
    const STACK_OF(X509) *chain = X509_STORE_CTX_get0_chain(trust->context);
    for (int i = 0; i < sk_X509_num(chain); i++) {
        const X509 *x509 = sk_X509_value(chain, i);
        narrow(certificate, X509_get0_notBefore(x509), X509_get0_notAfter(x509));
    }
    for (int i = 0; i < sk_X509_CRL_num(trust->lists); i++) {
        const X509_CRL *crl = sk_X509_CRL_value(trust->lists, i);
        narrow(certificate, X509_CRL_get0_lastUpdate(crl), X509_CRL_get0_nextUpdate(crl));
    }
    certificate->verified = trust->generation;
}

static enum certificate_reason verify_unless_known(struct trust *trust,
                                                   struct certificate *certificate, simtime now)
{
    int64_t now_s = (int64_t)certificate_date(now);
    if (certificate->verified == trust->generation && certificate->verified != 0 &&
        now_s >= certificate->from_s && now_s < certificate->until_s)
        return CERTIFICATE_GOOD;
    enum certificate_reason reason = verify(trust, certificate, now);
    if (reason == CERTIFICATE_GOOD)
        remember(trust, certificate);
    X509_STORE_CTX_cleanup(trust->context);
    return reason;
}

/* The certificate of these bytes; null where they are none. */
static struct certificate *read_once(struct trust *trust, uint64_t serial, const uint8_t *bytes,
                                     size_t count)
{
    struct certificate **slot =
        &trust->kept[(serial * UINT64_C(0x9e3779b97f4a7c15) >> 32) % trust->slots];
    const struct der *kept = *slot != NULL ? &(*slot)->der : NULL;
    if (kept != NULL && kept->count == count && memcmp(kept->bytes, bytes, count) == 0)
        return *slot;
    struct certificate *fresh = certificate_parse(trust->engine, bytes, count);
    if (fresh == NULL)
        return NULL;
    certificate_free(*slot);
    *slot = fresh;
    return fresh;
}

enum certificate_reason trust_check(struct trust *trust, uint64_t serial, const uint8_t *bytes,
                                    size_t count, uint64_t mobile, uint64_t card, simtime now,
                                    const struct signature_public **key)
{
    struct certificate *certificate = read_once(trust, serial, bytes, count);
    if (certificate == NULL)
        return CERTIFICATE_MALFORMED;
    enum certificate_reason reason = verify_unless_known(trust, certificate, now);
    if (reason != CERTIFICATE_GOOD)
        return reason;
    if (certificate->serial != serial || !certificate_is_of(certificate, mobile, card))
        return CERTIFICATE_WRONG_SUBJECT;
    *key = certificate->key;
    return CERTIFICATE_GOOD;
}
