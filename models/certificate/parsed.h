/* Inside the certificate room: what its files share. */
#ifndef CASHPOINT_CERTIFICATE_PARSED_H
#define CASHPOINT_CERTIFICATE_PARSED_H

#include "certificate/certificate.h"

#include <openssl/x509.h>
#include <time.h>

struct certificate {
    X509 *x509;
    struct der der; /* as it was read */
    struct signature_public *key;
    uint64_t serial;
    uint64_t mobile, card;
    bool names_card;   /* a card's number may be 0 */
    uint64_t verified; /* under this generation of a trust's lists (0: never) it is good ... */
    int64_t from_s, until_s; /* ... from here on, and no more from here on */
};

/* Simulated time as a date, rounded down to the second; and a date of OpenSSL's as a number. */
time_t certificate_date(simtime now);
int64_t certificate_seconds(const ASN1_TIME *time);

#endif
