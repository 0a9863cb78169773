/*
 * All that is outside the bank, at its worst: customers, their phones, terminals with dispensers,
 * and a network that loses, repeats, delays and overtakes. Random, from a seed; it drives a bank
 * and holds every answer against what it has been told before.
 *
 * As in protocol/withdrawal.pml the network is a set: what was once sent may arrive at any time,
 * any number of times, in any order, or never. Each customer's code is shown at several terminals,
 * by the owner or by somebody with a photograph of it; some guess. A terminal gives up at any time.
 *
 * Nothing here points anywhere: a storm in memory that is shared with another process outlives the
 * bank that is killed in the middle of an answer, as the outside does. What the bank says counts
 * from the moment its function returns.
 */
#ifndef CASHPOINT_BANK_STORM_H
#define CASHPOINT_BANK_STORM_H

#include "bank/bank.h"

enum {
    STORM_TRIES = 3,
    STORM_CUSTOMERS = 12,
    STORM_TERMINALS = 4,
    STORM_ATTEMPTS = 24,
    STORM_FACTS = 4096,
    STORM_JOURNAL = 64
};

enum storm_phase { PHASE_FREE, PHASE_ASKED, PHASE_SEEN, PHASE_TOLD, PHASE_REVERSING, PHASE_CLOSED };

struct storm_customer {
    uint64_t sent, answered; /* request numbers; equal: none is pending */
    struct reservation_request request;
    struct reservation_reply reply; /* to request number `held` */
    uint64_t held;
    int64_t held_minor;
    uint64_t counter; /* the token's */
    char code[MESSAGE_CODE_BYTES];
};

/* A terminal's transaction; the messages it may send follow from it. */
struct storm_attempt {
    struct presentation presentation;
    int64_t amount_minor;
    enum storm_phase phase;
    bool right;   /* shows the right code */
    bool sent;    /* the presentation has been under way once, so that it may have arrived */
    bool in_time; /* ... before the code had expired */
    bool heard;   /* has been answered: */
    enum reason first;
    bool reversing; /* the reversal is under way */
    bool reversed;  /* ... and was acknowledged */
    bool out;       /* the dispenser's counter went up */
    bool booked;    /* ... and that was acknowledged */
};

/* What nobody knows but we: of one reservation. */
struct storm_fact {
    uint64_t reservation;
    simtime expires;
    int64_t permitted; /* to this transaction; -1: none */
    unsigned outs, wrong_sent, wrong_told;
    bool lock_told; /* one of the wrong tries was answered as the last */
};

struct storm_terminal {
    uint32_t trace;
    uint32_t paid;
    struct dispense_report journal[STORM_JOURNAL]; /* since the last reconciliation */
};

struct storm {
    uint64_t random;
    simtime now;
    struct storm_customer customers[STORM_CUSTOMERS];
    struct storm_terminal terminals[STORM_TERMINALS];
    struct storm_attempt attempts[STORM_ATTEMPTS];
    struct storm_fact facts[STORM_FACTS];
    uint64_t outs, booked, steps;
    int64_t out_minor;
    bool disk_may_fail; /* REASON_DATABASE is then no breach */
};

void storm_init(struct storm *storm, uint64_t seed);

/* The rules that the storm knows of. */
struct bank_rules storm_rules(enum bank_defect defect);

/* The customers' accounts, where they are not there yet. */
void storm_enrol(struct storm *storm, struct bank *bank);

/* One event. False with the broken rule named. */
bool storm_step(struct storm *storm, struct bank *bank, struct error *error);

/* After a restart: whatever was told must still stand, and the books be in order. */
bool storm_check(struct storm *storm, struct bank *bank, struct error *error);

/* Brings every transaction to its end, and the books to a balance. */
bool storm_finish(struct storm *storm, struct bank *bank, struct error *error);

#endif
