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
    bank_observer *released; /* or null */
    void *observer;
    uint64_t strays;
};

/* A reservation as the database has it. */
struct reservation {
    uint64_t id, mobile;
    enum scheme scheme;
    enum reservation_state state;
    int64_t amount_minor, day, terminal;
    unsigned tries;
    simtime expires;
    char reservation_code[MESSAGE_DIGITS_BYTES], sms_code[MESSAGE_DIGITS_BYTES];
};

bool reservation_find(struct bank *bank, uint64_t id, struct reservation *reservation);

/* Why a reservation in this state cannot be withdrawn (REASON_NONE: it can). Books the expiry of
 * one whose time has come. */
enum reason reservation_standing(struct bank *bank, const struct reservation *reservation,
                                 simtime now);

/* Ends an open reservation as expired or locked and releases the hold, within or without a
 * transaction of the caller's. False where it was not open any more. */
bool reservation_release(struct bank *bank, const struct reservation *reservation,
                         enum reservation_state state);

bool bank_begin_transaction(struct bank *bank);
/* Commits where `good`, else rolls back; true where the commit worked. */
bool bank_end_transaction(struct bank *bank, bool good);

#endif
