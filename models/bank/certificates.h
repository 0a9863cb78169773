/*
 * The bank's certificate authority at work: who has which certificate, and whether it is good.
 *
 * A certificate is issued when a token is handed out, and kept in the customer's account in place
 * of the secret that the other kinds of token share with the bank: the number of the certificate,
 * when it was revoked (or never), and its bytes. Nothing else must be kept, in a file neither: the
 * authority and its lists are made again of the seed and the accounts.
 *
 * What is revoked stands on the next list, and lists are made at whole multiples of
 * `list_interval`: until then a lost token is still good. They are made when somebody first looks,
 * which nobody can tell from making them in time.
 *
 * Certificates that were read and verified are remembered, CERTIFICATES_KEPT at most (up to 8 KB
 * each).
 */
#ifndef CASHPOINT_CERTIFICATES_H
#define CASHPOINT_CERTIFICATES_H

#include "certificate/certificate.h"
#include "engine/error.h"
#include "message.h"

struct bank;
struct signature_engine;
struct signature_public;

enum { CERTIFICATES_KEPT = 1024 };

struct revocation {
    uint64_t serial;
    simtime when;
};

struct certificates {
    struct signature_engine *engine; /* null: the kind of code needs no certificates */
    struct authority *authority;
    struct trust *trust;
    simtime next_list;
    struct revocation *revocations; /* in the order of time */
    size_t count, capacity, listed; /* `listed` of them stand on the list already */
};

/* False with an error where OpenSSL does not start. */
bool certificates_open(struct bank *bank, struct error *error);
void certificates_close(struct certificates *certificates);

/* Is the certificate on the bank's books good now, and this customer's? Then REASON_NONE, and
 * `*key` (or null) is the customer's key until the next call. */
enum reason certificates_check(struct bank *bank, uint64_t mobile, uint64_t card, simtime now,
                               const struct signature_public **key);

/* Whether a certificate is the reason: to show the code again makes no sense. */
static inline bool certificates_are_why(enum reason reason)
{
    return reason >= REASON_CERTIFICATE_EXPIRED && reason <= REASON_NO_LIST;
}

#endif
