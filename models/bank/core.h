/*
 * Inside the bank: what its modules share, and nobody else sees.
 *
 *     bank.c           opens and closes; transactions of the database; accounts
 *     reservation.c    a reservation as the database has it, and what ends it
 *     hearing.c        the reservation transaction module: may this customer reserve?
 *     answers.c        refusals that must stand when their message comes again
 *     verification.c   the verification module: is this the code, and is it the first time?
 *     codes.c          every kind of code, and what can be wrong with one
 *     certificates.c   the authority's work: issues, revokes, and says whether one is good
 *     settlement.c     notes that are out, and transactions that are taken back
 *     reconciliation.c the end of the day
 *     audit.c          the books, added up
 *     database.c       SQLite, its schema and every statement
 */
#ifndef CASHPOINT_BANK_CORE_H
#define CASHPOINT_BANK_CORE_H

#include "bank/bank.h"
#include "bank/codes.h"
#include "bank/database.h"

/* BANK_REPLIES_FIRST: a permit that has left but is not written. */
struct unwritten {
    uint64_t reservation; /* 0: nothing */
    int64_t transaction;
};

enum { DEFECT_TRIES = 64 };

struct bank {
    struct bank_rules rules;
    struct database database;
    struct codes codes;
    struct stream_key sms_key;
    struct histogram *verify, *redeem; /* borrowed, or null */
    bank_observer *released;           /* or null */
    void *observer;
    struct {
        uint64_t reservation, mobile; /* 0: none */
        enum reason why;
    } release; /* to be told when the transaction is committed */
    uint64_t presented;
    int64_t merchants; /* where there is none, nobody need be looked for */
    uint64_t reserved; /* the number of the newest reservation */

    struct bank_breach breach; /* rules.audit_each */

    /* Of deliberate defects alone. */
    struct unwritten unwritten;
    uint8_t forgotten[DEFECT_TRIES]; /* BANK_FORGETS_TRIES: by reservation */
};

/* A reservation as the database has it. */
struct reservation {
    uint64_t id, mobile;
    enum scheme scheme;
    enum reservation_state state;
    int64_t amount_minor, day;
    simtime expires;
    /* What follows: not by every statement. */
    unsigned answers;                   /* that are remembered, see answers.c */
    int64_t reservation_code, sms_code; /* code_number() */
    int64_t transaction;                /* permitted, or NO_TRANSACTION */
    uint64_t request;
    enum requester requester;
    int64_t terminal; /* that it was made at and is bound to, with its challenge; below 0: none */
    uint64_t challenge;
};

/* The columns id, mobile, scheme, amount, day, expires, state, answers and the two codes. */
struct reservation reservation_of(const int64_t *columns);

/* All of it. */
bool reservation_find(struct bank *bank, uint64_t id, struct reservation *reservation);

/* Why a reservation in this state cannot be withdrawn (REASON_NONE: it can). Books the expiry of
 * one whose time has come. */
enum reason reservation_standing(struct bank *bank, const struct reservation *reservation,
                                 simtime now);

/* Ends an open reservation as expired, locked or refused, or a permitted one as reversed, and
 * releases the hold, within or without a transaction of the caller's. False where it was not so any
 * more. */
bool reservation_release(struct bank *bank, const struct reservation *reservation,
                         enum reservation_state state);

/* A typed code as a number that says how many digits there are: a 1 stands before them, so that
 * 0042 is 10042 and 42 is 142. At most MESSAGE_DIGITS_BYTES - 1 digits are read; 0 for anything
 * else. */
int64_t code_number(const char *code);

/* ... and back; of 0 the empty text. */
void code_text(int64_t number, char text[MESSAGE_DIGITS_BYTES]);

static inline bool reservation_is_bound(const struct reservation *reservation)
{
    return reservation->terminal >= 0;
}

static inline bool reservation_is_elsewhere(const struct reservation *reservation,
                                            uint32_t terminal)
{
    return reservation_is_bound(reservation) && reservation->terminal != (int64_t)terminal;
}

/* hearing.c: bank_reserve(), at a terminal where `here` is not null. */
struct reservation_reply hearing_reserve(struct bank *bank,
                                         const struct reservation_request *request,
                                         const struct withdrawal_request *here, simtime now);

/* Without a branch on where they differ; 0 is equal to nothing. */
static inline bool code_equal(int64_t a, int64_t b)
{
    return (((uint64_t)a ^ (uint64_t)b) | (uint64_t)(a == 0)) == 0;
}

/* answers.c: is there an answer to this transaction that must stand? */
bool answers_recall(struct bank *bank, const struct reservation *reservation, int64_t transaction,
                    struct verdict *verdict);
/* Remembers one, unless there is one already. */
bool answers_keep(struct bank *bank, const struct reservation *reservation, int64_t transaction,
                  struct verdict verdict);
/* Wrong tries so far. */
unsigned answers_wrong(struct bank *bank, const struct reservation *reservation);

/* settlement.c: within a transaction of the caller's. False where no permit is for it. */
bool settlement_pay(struct bank *bank, const struct dispense_report *report, simtime now);
bool settlement_take_back(struct bank *bank, const struct reservation *reservation);
/* An alarm, for people to look into. */
void settlement_stray(struct bank *bank, const struct dispense_report *report, simtime now);

/* audit.c: looks at one account, or at a reservation's, and remembers the first breach. */
void audit_account(struct bank *bank, uint64_t mobile, uint64_t reservation);
void audit_reservation(struct bank *bank, uint64_t reservation);

bool bank_begin_transaction(struct bank *bank);
/* Commits where `good` and every statement worked, else rolls back; true where the commit worked.
 */
bool bank_end_transaction(struct bank *bank, bool good);

#endif
