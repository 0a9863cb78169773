/*
 * An exchange with the bank: one request and all that follows from it, over channels that lose,
 * repeat and delay, while both sides crash. protocol/withdrawal.pml is a model of these rules.
 *
 *     ASKED      a request is under way; it is sent again, with the same number, until answered
 *     SEEN       a permit is in the terminal's memory (and, as long as nothing crashes, only there)
 *     TOLD       notes are out and the journal knows; the advice is sent until it is booked
 *     REVERSING  given up; the reversal is sent until it is acknowledged, also when the customer
 *                has long gone. A permit that comes now is not paid
 *     CLOSED     over
 *
 * In one kind (EXCHANGE_CODE) the bank asks and the phone of who stands at the machine answers
 * (handset.c): the same rules, the other way round.
 *
 *     ASKED -> SEEN -> TOLD -> CLOSED                 a withdrawal
 *     ASKED | SEEN -> REVERSING -> CLOSED             one that was given up, or lost in a crash
 *     ASKED -> CLOSED                                 one that was refused; a look-up, a code, a
 *                                                     reservation: nothing is left to be settled
 *
 * Who wants it, a customer or an accomplice, opens an exchange, fills in what is asked, and is
 * called back once (journey_answered, wishes_answered, accomplice_answered), with the answer or
 * with the reason why there is none. Exchanges lie in a pool and are numbered from 1; one is kept
 * until it is closed and the last of its messages has arrived, so that a copy that comes a day late
 * finds its own words. What is durable at a terminal is its journal (the state, but for SEEN) and
 * the dispenser's counter (FACT_OUT); of a POS, what the merchant has confirmed.
 *
 * Where nothing can be lost (not world->timed), there are no timers and no acknowledgements, a
 * dispense is booked at once, and the network terminal's round trip is part of the way to the site.
 */
#ifndef CASHPOINT_EXCHANGE_H
#define CASHPOINT_EXCHANGE_H

#include "engine/events.h"
#include "engine/random.h"
#include "message.h"

struct world;

/* Repetitions with an address of their own among the streams. After the last they are counted from
 * RECOUNTED again: one that is sent for days must not meet the same fate for ever. */
enum { EXCHANGE_ATTEMPTS = 128, EXCHANGE_RECOUNTED = 64 };

enum exchange_what { EXCHANGE_RESERVE, EXCHANGE_LOOKUP, EXCHANGE_WITHDRAW, EXCHANGE_CODE };
/* EXCHANGE_CODE: how far the phone is with its answer. */
enum exchange_phone { PHONE_NOT_ASKED, PHONE_ASKS_OWNER, PHONE_HAS_ANSWER, PHONE_HAS_REFUSAL };
enum exchange_owner { OWNER_CUSTOMER, OWNER_ATTACK };
enum exchange_state {
    EXCHANGE_FREE,
    EXCHANGE_ASKED,
    EXCHANGE_SEEN,
    EXCHANGE_TOLD,
    EXCHANGE_REVERSING,
    EXCHANGE_CLOSED
};

/* What tests break on purpose at the terminals; no scenario can reach it. */
enum terminal_defect {
    TERMINAL_SOUND,
    TERMINAL_PAYS_LATE,        /* on a permit that comes after it has given up */
    TERMINAL_NO_COUNTER,       /* after a restart it takes notes for not out */
    TERMINAL_REVERSES_PAID,    /* where the advice is not booked at once, it takes it back */
    TERMINAL_FORGETS_REVERSAL, /* it gives up, and that is that */
    TERMINAL_PAYS_EACH_PERMIT, /* a permit that comes twice is paid twice */
    TERMINAL_NEW_TRACE,        /* a repetition has a number of its own */
    TERMINAL_NEVER_LOOKS,      /* into its cassettes, before it asks for a permit */
    TERMINAL_DEFECT_COUNT
};

/* What has happened, whoever knows of it: for the invariants. */
enum exchange_fact {
    FACT_PERMITTED = 1,  /* the bank has permitted it */
    FACT_REFUSED = 2,    /* ... or refused */
    FACT_OUT = 4,        /* the dispenser's counter went up */
    FACT_REVERSED = 8,   /* a reversal was sent */
    FACT_TOMBSTONE = 16, /* ... and heard by the bank */
    FACT_BOOKED = 32,    /* the bank has booked the dispense */
    FACT_LATE = 64,      /* a permit came after the reversal */
};

struct exchange {
    uint8_t what, owner, state; /* of the enumerations */
    uint8_t facts;              /* of enum exchange_fact */
    uint8_t attempt;            /* repetitions of what is sent now, below EXCHANGE_ATTEMPTS */
    uint8_t excuse;             /* the bank's last REASON_BUSY or REASON_DATABASE; else 0 */
    bool attended;              /* somebody waits for the answer */
    bool composed;              /* a presentation: what is in it is known */
    uint8_t phone;              /* of enum exchange_phone */
    uint16_t terminal;
    uint32_t in_flight; /* messages, on their way or at the bank */
    uint32_t who;       /* customer or attack */
    uint32_t trace, next_free;
    event_id timer;
    simtime since; /* first sending of what is sent now */
    simtime permitted_at, expires;
    uint64_t reservation;
    int64_t amount_minor;
    struct stream_key key;               /* of its messages, but for the purpose */
    char sms_code[MESSAGE_DIGITS_BYTES]; /* the reply to a reservation */
    union {
        struct reservation_request reserve;
        struct withdrawal_request lookup;
        struct presentation presentation; /* once composed */
    } request;
};

struct exchange_pool {
    struct exchange *all;
    uint32_t capacity, free; /* number of the first free one; 0: none */
    uint32_t live;
};

/* What is handed back. */
struct exchange_answer {
    enum reason reason;
    bool final;
    uint64_t reservation;
    int64_t amount_minor;
    simtime at_bank;                 /* of a permit: when it was given */
    const struct exchange *exchange; /* good until the next is opened */
};

/* Begins one; the caller fills in `request` and says where its messages draw from. The pointer is
 * good until the next is opened. */
uint32_t exchange_open(struct world *world, enum exchange_what what, enum exchange_owner owner,
                       uint32_t who, uint16_t terminal, struct stream_key key);
struct exchange *exchange_at(const struct world *world, uint32_t number);
/* Sends the request for the first time. */
void exchange_ask(struct world *world, uint32_t number);

/* The dispenser pays out what was permitted: false where the machine crashed before the notes came.
 * (`number`: one whose permit was handed back.) */
bool exchange_dispense(struct world *world, uint32_t number);

/* ... or whoever would have paid it cannot: the permit is taken back. */
void exchange_decline(struct world *world, uint32_t number);

/* The terminal crashes: who stands there hears nothing more of it. Then it is up again. */
void exchange_crash(struct world *world, uint16_t terminal);
void exchange_restart(struct world *world, uint16_t terminal);

/* A message has arrived and was dealt with, or never will: the exchange is freed where it was the
 * last. */
void exchange_drop_message(struct world *world, uint32_t number);

/* An answer, an acknowledgement of a reversal, one of an advice has come to who waits for it. */
void exchange_hear_answer(struct world *world, uint32_t number, enum reason reason, bool final);
void exchange_hear_end(struct world *world, uint32_t number, enum exchange_state of,
                       enum reason reason);
void on_timeout(void *world, const struct event *event);

/* What is in the presentation, while it can still be found out. */
void exchange_compose(struct world *world, uint32_t number);

void exchange_free_all(struct world *world);

#endif
