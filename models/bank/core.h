/*
 * Inside the bank: what its modules share, and nobody else sees.
 */
#ifndef CASHPOINT_BANK_CORE_H
#define CASHPOINT_BANK_CORE_H

#include "bank/bank.h"
#include "bank/database.h"
#include "otp/hotp.h"

struct bank {
    struct bank_rules rules;
    struct database database;
    struct hotp *hotp;
    struct stream_key sms_key;
    struct histogram *verify, *redeem; /* borrowed, or null */
    bank_observer *released;           /* or null */
    void *observer;
    uint64_t presented;
    uint64_t reserved; /* the number of the newest reservation */
    uint64_t strays;
};

/* A reservation as the database has it. */
struct reservation {
    uint64_t id, mobile;
    enum scheme scheme;
    enum reservation_state state;
    int64_t amount_minor, day;
    simtime expires;
    unsigned tries;                     /* this and the codes: not by every statement */
    int64_t reservation_code, sms_code; /* code_number() */
};

/* The columns id, mobile, scheme, amount, day, expires, state, tries and the two codes. */
struct reservation reservation_of(const int64_t *columns);

bool reservation_find(struct bank *bank, uint64_t id, struct reservation *reservation);

/* Why a reservation in this state cannot be withdrawn (REASON_NONE: it can). Books the expiry of
 * one whose time has come. */
enum reason reservation_standing(struct bank *bank, const struct reservation *reservation,
                                 simtime now);

/* Ends an open reservation as expired or locked and releases the hold, within or without a
 * transaction of the caller's. False where it was not open any more. */
bool reservation_release(struct bank *bank, const struct reservation *reservation,
                         enum reservation_state state);

/* A typed code as a number that says how many digits there are: a 1 stands before them, so that
 * 0042 is 10042 and 42 is 142. At most MESSAGE_DIGITS_BYTES - 1 digits are read; 0 for anything
 * else. */
int64_t code_number(const char *code);

/* Without a branch on where they differ; 0 is equal to nothing. */
static inline bool code_equal(int64_t a, int64_t b)
{
    return (((uint64_t)a ^ (uint64_t)b) | (uint64_t)(a == 0)) == 0;
}

bool bank_begin_transaction(struct bank *bank);
/* Commits where `good`, else rolls back; true where the commit worked. */
bool bank_end_transaction(struct bank *bank, bool good);

#endif
