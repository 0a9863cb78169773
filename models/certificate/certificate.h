/*
 * A customer's certificate: X.509 v3, which binds a public key to a mobile number and a card.
 *
 *     subject     C=CN, O=cashpoint bank, CN=customer, serialNumber=<card, 16 digits>,
 *                 telephoneNumber=<mobile, 11 digits>
 *     key         P-256, SM2 or Ed25519 (signature/signature.h)
 *     extensions  basicConstraints CA:FALSE and keyUsage digitalSignature, nonRepudiation (both
 *                 critical), subject and authority key identifier
 *
 * About 500 bytes of DER; read, 5 to 8 KB. Issued in 0.06 ms, so it need not be stored.
 *
 * Certificates know dates and a simulation knows nanoseconds since its start: the start is
 * CERTIFICATE_EPOCH_S, and whole seconds count. A certificate is valid from `not_before` on, and at
 * `not_after` it is not any more (as OpenSSL has it).
 */
#ifndef CASHPOINT_CERTIFICATE_H
#define CASHPOINT_CERTIFICATE_H

#include "engine/simtime.h"
#include "signature/signature.h"

#define CERTIFICATE_EPOCH_S INT64_C(1767225600) /* 1 January 2026, 00:00 UTC */

/* Bytes of a certificate or a revocation list as they are sent and stored (DER); owned. */
struct der {
    uint8_t *bytes;
    size_t count;
};
void der_fini(struct der *der);

/* X-macro: what comes of a check, its name in records, what it means. */
#define CERTIFICATE_REASONS(X)                                                                   \
    X(CERTIFICATE_GOOD, "good", "valid now, for this use, of this customer")                     \
    X(CERTIFICATE_MALFORMED, "malformed", "the bytes are no certificate, or more than one")      \
    X(CERTIFICATE_EXPIRED, "expired", "it, or an issuer's, is not valid any more")               \
    X(CERTIFICATE_NOT_YET_VALID, "not-yet-valid", "it, or an issuer's, is not valid yet")        \
    X(CERTIFICATE_REVOKED, "revoked", "it, or an issuer's, is on a revocation list")             \
    X(CERTIFICATE_UNKNOWN_ISSUER, "unknown-issuer",                                              \
      "no chain of issuers leads to the bank's root")                                            \
    X(CERTIFICATE_BAD_SIGNATURE, "bad-signature", "it was altered, or an impostor signed it")    \
    X(CERTIFICATE_WRONG_USAGE, "wrong-usage",                                                    \
      "its key is not for signatures, or its issuer no CA")                                      \
    X(CERTIFICATE_WRONG_SUBJECT, "wrong-subject", "it is another customer's, or another number") \
    X(CERTIFICATE_NO_LIST, "no-list", "the revocation list is missing, out of date or forged")   \
    X(CERTIFICATE_REFUSED, "refused", "OpenSSL refuses it for another reason")

enum certificate_reason {
#define X(reason, name, text) reason,
    CERTIFICATE_REASONS(X)
#undef X
        CERTIFICATE_REASON_COUNT
};

const char *certificate_reason_name(enum certificate_reason reason);

/* A certificate that has been read: nothing in it has been verified. Reading one takes as long as
 * two or three verifications of a signature (0.12 ms: OpenSSL 3.0 tries its decoders on the key):
 * read once. */
struct certificate;

/* Null where the bytes are not exactly one certificate, its serial number has over 64 bits, or its
 * key is of no kind we know. */
struct certificate *certificate_parse(struct signature_engine *engine, const uint8_t *bytes,
                                      size_t count);
void certificate_free(struct certificate *certificate);

uint64_t certificate_serial(const struct certificate *certificate);
/* 0 where the subject does not name one. */
uint64_t certificate_mobile(const struct certificate *certificate);
bool certificate_is_of(const struct certificate *certificate, uint64_t mobile, uint64_t card);
/* Borrowed from the certificate. */
const struct signature_public *certificate_key(const struct certificate *certificate);

#endif
