/*
 * What there is to verify: codes, signed transactions and certificates, of many customers, most of
 * them good and some not, made before the clock starts. What must come of each is known from how it
 * was made: codes by the one-shot HMAC() and the definition in otp/passcode.h, not by our own.
 */
#ifndef CASHPOINT_VERIFY_WORK_H
#define CASHPOINT_VERIFY_WORK_H

#include "bench/measure.h"
#include "bench/peers/bare_openssl.h"
#include "otp/passcode.h"
#include "otp/transaction.h"

enum {
    VERIFY_KEYS = 64,
    VERIFY_CODES = 200,     /* an item */
    VERIFY_SIGNATURES = 10, /* an item; the last is of another transaction */
    VERIFY_WRONG = 10       /* one code of so many is not the right one */
};

/* ---- codes of 12 digits: of a counter, or of a transaction ---- */

struct code_work {
    uint8_t message[256]; /* of which eight bytes are a number that changes, big-endian */
    size_t message_bytes, number_at;
    uint8_t keys[VERIFY_KEYS][32];
    char (*presented)[PASSCODE_TEXT_BYTES]; /* VERIFY_CODES an item */
    struct answer *verdicts, *sums;         /* truths: of subjects that verify, and of bare MACs */
};

/* The message is the number alone (HOTP), or what OCRA makes of a transaction of this reservation
 * number. */
void code_work_init(struct code_work *work, const char *ocra_suite, size_t items);
void code_work_fini(struct code_work *work);

extern const struct transaction code_transaction; /* but for its reservation number */
static inline uint64_t code_number_of(size_t item, size_t code)
{
    return 1 + item * VERIFY_CODES + code;
}
void put_number(uint8_t *at, uint64_t number);
void count_verdicts(unsigned good, unsigned refused, struct answer *answer);

/* ---- signed transactions ---- */

struct signature_work {
    enum signature_kind kind;
    struct signature_engine *engine;
    struct signature_public *keys[VERIFY_KEYS];
    uint8_t public[VERIFY_KEYS][SIGNATURE_PUBLIC_MAX_BYTES]; /* their bytes */
    size_t public_bytes;
    struct signed_item {
        uint8_t message[TRANSACTION_BYTES], signature[SIGNATURE_BYTES];
        struct bare_signature bare;
        unsigned key;
    } * signatures; /* VERIFY_SIGNATURES an item */
    size_t items;
    struct answer *truths;
};

void signature_work_init(struct signature_work *work, enum signature_kind kind, size_t items);
void signature_work_fini(struct signature_work *work);

/* ---- certificates ---- */

#define CERTIFICATE_NOW SIMTIME_DAY

struct certificate_work {
    struct der authorities[2], lists[2];
    struct der *certificates; /* one an item; every fourth was altered */
    size_t items;
    struct answer *truths; /* of them as they are */
    struct answer *good;   /* "good" for each */
};

void certificate_work_init(struct certificate_work *work, size_t items);
void certificate_work_fini(struct certificate_work *work);
uint64_t certificate_work_mobile(size_t item);
static inline bool certificate_is_altered(size_t item)
{
    return item % 4 == 3;
}

#endif
