/*
 * What the bank's server trusts: a root, an issuing authority, their lists of revoked certificates;
 * and the certificates it has read lately.
 *
 * trust_verify() asks OpenSSL (X509_verify_cert) at the simulated time: the chain up to the root,
 * every signature, every validity, both lists and their own signatures and dates; then that the key
 * is for signatures. That is five verifications of ECDSA (two certificates, and a list for each of
 * three), and it comes out the same until a date is passed or a list replaced. So trust_check()
 * remembers with each certificate the span of time in which the answer was good, and asks OpenSSL
 * again when that is over or a list is new. A refusal is never remembered.
 *
 * Not for several threads: one a thread.
 */
#ifndef CASHPOINT_TRUST_H
#define CASHPOINT_TRUST_H

#include "certificate/certificate.h"
#include "engine/error.h"

struct trust;

/* `slots`: how many certificates it keeps at most (5 to 8 KB each), at least 1. Null with an error
 * where the bytes are no certificates. */
struct trust *trust_new(const struct der *root, const struct der *issuing, unsigned slots,
                        struct error *error);
void trust_free(struct trust *trust);

/* Takes new lists in place of the old ones. False with an error where the bytes are no lists, and
 * then the old ones stay; whether they are in date and rightly signed is seen when they are used.
 */
bool trust_replace_lists(struct trust *trust, const struct der *root, const struct der *issuing,
                         struct error *error);

/* All of it, by OpenSSL, at every call. */
enum certificate_reason trust_verify(struct trust *trust, const struct certificate *certificate,
                                     simtime now);

/* What the bank asks at a presentation: is this, which I have on my books as number `serial`, a
 * good certificate of this customer now? The bytes are read once as long as they stay in a slot
 * (they are compared: a number alone proves nothing). On CERTIFICATE_GOOD `*key` is the customer's
 * key, borrowed until the next call. */
enum certificate_reason trust_check(struct trust *trust, uint64_t serial, const uint8_t *bytes,
                                    size_t count, uint64_t mobile, uint64_t card, simtime now,
                                    const struct signature_public **key);

#endif
