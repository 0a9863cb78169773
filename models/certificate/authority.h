/*
 * The bank's certificate authority: a root, and under it an issuing authority that signs customers'
 * certificates. Both keys are P-256; both keep a list of what they have revoked (a CRL).
 *
 * All of it is made by OpenSSL from a seed, and signed again with the nonce of RFC 6979: the same
 * seed and requests give the same bytes. So a certificate need not be stored: it can be issued
 * again when it is needed.
 *
 * The authorities' keys are those of the owners AUTHORITY_ROOT_OWNER and AUTHORITY_ISSUING_OWNER
 * under signature_derive(), and their serial numbers 1 and 2: customers have other numbers.
 * Not for several threads.
 */
#ifndef CASHPOINT_AUTHORITY_H
#define CASHPOINT_AUTHORITY_H

#include "certificate/certificate.h"

#define AUTHORITY_ROOT_OWNER UINT64_MAX
#define AUTHORITY_ISSUING_OWNER (UINT64_MAX - 1)

enum authority_level { AUTHORITY_ROOT, AUTHORITY_ISSUING, AUTHORITY_LEVELS };

enum {
    AUTHORITY_ROOT_SERIAL = 1,
    AUTHORITY_ISSUING_SERIAL = 2,
    AUTHORITY_FIRST_SERIAL = 3 /* of customers; at most 2^63 - 1 */
};

struct authority;

/* Its own certificates are valid from a day before the start of the simulation: the root's 20
 * years, the issuing authority's for `issuing_lifetime`. Never null. */
struct authority *authority_new(const uint8_t seed[32], simtime issuing_lifetime);
void authority_free(struct authority *authority);

/* Borrowed. */
const struct der *authority_certificate(const struct authority *authority,
                                        enum authority_level level);

enum certificate_usage {
    CERTIFICATE_FOR_SIGNATURES,
    CERTIFICATE_FOR_KEY_AGREEMENT /* good for no signature: what a bank must refuse */
};

struct certificate_request {
    uint64_t serial; /* AUTHORITY_FIRST_SERIAL .. 2^63 - 1, once */
    uint64_t mobile; /* 11 digits */
    uint64_t card;   /* 16 digits */
    enum signature_kind kind;
    const uint8_t *public; /* bytes of the public key, of signature_public_bytes() */
    size_t public_bytes;
    enum certificate_usage usage;
    simtime not_before, not_after;
};

/* Signs a certificate; der_fini() the result. */
struct der authority_issue(struct authority *authority, const struct certificate_request *request);

/* Puts a serial number on the list that authority_list() makes from here on; the issuing
 * authority's own stands on the root's. */
void authority_revoke(struct authority *authority, enum authority_level level, uint64_t serial,
                      simtime when);

/* The list of this level, valid from `now` and no more at `next`; der_fini() the result. */
struct der authority_list(struct authority *authority, enum authority_level level, simtime now,
                          simtime next);

#endif
