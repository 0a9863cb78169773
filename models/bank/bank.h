/*
 * The bank server: database, terminal interaction, reservation and verification.
 *
 * A pure core: it knows requests and the time, no network, no engine, no image. Every call is one
 * database transaction; what it answers is data (enum reason). Money lives in three places an
 * account: balance (free), held (for open reservations) and paid (in notes). Reserving moves
 * balance to held, a reported dispense moves held to paid, expiry, lock-out and reversal move held
 * back. Nothing else moves money, so balance + held + paid stays what it was at opening:
 * bank_audit() adds it up. Notes that a merchant paid from a till are credited to the merchant in
 * the same transaction.
 *
 * A code is used up in the same transaction that makes the permit, before the permit leaves the
 * bank. Codes are looked up by reservation, never by the code alone. protocol/withdrawal.pml is a
 * model of these rules:
 *
 *     OPEN -> PERMITTED (to one transaction) -> PAID | REVERSED;   OPEN -> EXPIRED | LOCKED
 *
 * Messages may come twice, late, or not at all. The same message again has the same answer and
 * changes nothing (message.h says what makes it the same). REASON_DATABASE says that nothing was
 * done and nothing decided, as where the disk is full: send the same again.
 */
#ifndef CASHPOINT_BANK_H
#define CASHPOINT_BANK_H

#include "engine/error.h"
#include "engine/histogram.h"
#include "engine/random.h"
#include "message.h"
#include "otp/passcode.h"

/* What tests break on purpose to see the oracle cry; no scenario can reach it. */
enum bank_defect {
    BANK_SOUND,
    BANK_PAYS_TWICE,       /* a code is not used up: who shows it again is paid again */
    BANK_FORGETS_HOLD,     /* a dispense is booked without taking the hold away */
    BANK_REPLIES_FIRST,    /* a permit leaves before it is written */
    BANK_NO_TOMBSTONE,     /* a reversal that comes before its presentation is forgotten */
    BANK_LOCK_HOLDS,       /* lock-out does not release the hold */
    BANK_PAYS_OVERDUE,     /* only the sweep looks at the time */
    BANK_FORGETS_TRIES,    /* a restart forgets wrong tries */
    BANK_PERMITS_ANYBODY,  /* a permit is repeated to whoever asks */
    BANK_REVERSES_ANYBODY, /* a reversal is not held against its transaction */
    BANK_REOPENS,          /* after a reversal the code is good again */
    BANK_COUNTS_RETRIES,   /* a wrong try that comes again counts again */
    BANK_BOOKS_AGAIN,      /* a dispense that is reported again is booked again */
    BANK_FORGETS_MERCHANT, /* what a merchant paid out is not credited */
    BANK_DEFECT_COUNT
};

/* What a customer is known by on the network terminal. */
enum bank_binding {
    BINDING_MOBILE,     /* the mobile number: the certificate is looked at when its code comes */
    BINDING_CERTIFICATE /* the certificate: it must be good when its owner reserves, too */
};

struct bank_rules {
    enum code_kind code;
    unsigned code_digits; /* or characters, of a one-time code */
    enum passcode_kind code_alphabet;
    uint32_t totp_step_s;
    unsigned totp_window; /* steps before and after the bank's own */
    enum bank_binding binding;
    simtime list_interval;      /* signatures: from one list of revoked certificates to the next */
    uint8_t authority_seed[32]; /* of the certificate authority's keys */
    unsigned sms_digits;
    unsigned tries;      /* wrong codes until the reservation is locked */
    unsigned look_ahead; /* counters beyond the next that are accepted */
    simtime code_lifetime;
    int64_t note_minor;        /* amounts are whole notes */
    int64_t daily_limit_minor; /* an account and day */
    bool audit_each;           /* looks at an account after whatever concerns it: bank_breach() */
    enum bank_defect defect;
};

/* Where the books are kept. */
struct bank_place {
    const char *path;    /* of a file; null: in memory */
    bool synchronised;   /* what is committed outlives a power loss, not only a crash */
    unsigned patience_s; /* for another program that has the file */
};

struct bank;

/* `sms_key`: the stream of SMS codes; its entity is the bank's own. Null with an error where SQLite
 * does not start. */
struct bank *bank_new(const struct bank_rules *rules, struct stream_key sms_key,
                      struct error *error);

/* In a file: made where there is none, else continued, after recovery from whatever ended the
 * program that wrote it. Null with an error where it is no bank's, of another version, or in use.
 */
struct bank *bank_open(const struct bank_rules *rules, struct stream_key sms_key,
                       const struct bank_place *place, struct error *error);
void bank_free(struct bank *bank);

/* CPU time of the two stages of every BANK_MEASURED-th presentation from here on (null: not
 * measured), the first among them: asking for the time takes as long as a look-up. Borrowed. */
enum { BANK_MEASURED = 16 };
void bank_measure(struct bank *bank, struct histogram *verify, struct histogram *redeem);

/* Told of every reservation whose hold is released: REASON_EXPIRED, REASON_LOCKED or
 * REASON_REVERSED. */
typedef void bank_observer(void *observer, uint64_t reservation, uint64_t mobile, enum reason why);
void bank_observe(struct bank *bank, bank_observer *released, void *observer);

/* Opens account, card and registration; false where the mobile number is registered already. */
bool bank_register(struct bank *bank, const struct registration *registration);
/* Signatures: the authority issues a certificate to the token of a registered customer, in place of
 * one before, and it is kept with the account. False where nobody is registered. */
bool bank_certify(struct bank *bank, const struct certification *certification);
/* The token was reported lost: the certificate is on the next list. False where there is none that
 * is not revoked already. */
bool bank_revoke(struct bank *bank, uint64_t mobile, simtime now);

/* The terminal is a POS: what is paid there is its merchant's, who is credited from here on. False
 * where the database refuses; nothing happens where it is one already. */
bool bank_add_merchant(struct bank *bank, uint32_t terminal);
int64_t bank_credit_minor(struct bank *bank, uint32_t terminal); /* 0: or there is no such POS */

bool bank_is_registered(struct bank *bank, uint64_t mobile);

/* Reservation transaction module: checks the request and holds the amount. */
struct reservation_reply bank_reserve(struct bank *bank, const struct reservation_request *request,
                                      simtime now);

/* Terminal interaction module: is there a reservation to withdraw for this mobile number? Or makes
 * one, where an amount is named: that is good at this terminal alone, and codes of the transaction
 * are made of the terminal and its challenge too. */
struct capture_order bank_begin(struct bank *bank, const struct withdrawal_request *request,
                                simtime now);

/* Verification module: permits one transaction a reservation, at most. A picture in which no code
 * could be read is not a wrong try, nor is an amount or card that is not the reservation's; a wrong
 * code is. */
struct verdict bank_present(struct bank *bank, const struct presentation *presentation,
                            simtime now);

/* The notes are out: REASON_NONE where that is booked. REASON_NO_PERMIT: an alarm, and a stray. */
enum reason bank_dispensed(struct bank *bank, const struct dispense_report *report, simtime now);

/* The transaction is void, and its presentation will be refused if it is still to come:
 * REASON_NONE. Where it had a permit, the hold is released. An alarm, and a stray, where it was
 * paid (REASON_NO_PERMIT) or there is no such reservation (REASON_NO_RESERVATION). */
enum reason bank_reverse(struct bank *bank, const struct reversal_request *request, simtime now);

struct reconciliation {
    enum reason reason; /* REASON_NONE, or REASON_DATABASE: nothing was done */
    uint64_t matched;   /* booked, and the dispenser says so too */
    uint64_t paid,
        reversed;     /* permits nobody had confirmed nor reversed: as the dispenser has it */
    uint64_t missing; /* booked, but the dispenser knows nothing of it: an alarm */
    uint64_t strays;  /* paid out without a permit: an alarm */
};

/* The end of the day: the dispensers' counters have the last word on permits of transactions up to
 * `through`. Each terminal at most once; what was reconciled before is not looked at again. */
struct reconciliation bank_reconcile(struct bank *bank, const struct dispenser_journal *journals,
                                     size_t count, simtime now);

/* Releases the holds of reservations that have expired; returns how many. */
unsigned bank_expire(struct bank *bank, simtime now);

struct bank_totals {
    int64_t opening_minor, balance_minor, held_minor, paid_minor; /* over all accounts */
    int64_t open_minor;     /* amounts of reservations OPEN or PERMITTED: must equal held */
    int64_t payments_minor; /* sum of the journal of payments: must equal paid */
    uint64_t payments, paid_twice;
    uint64_t unbalanced; /* accounts with balance + held + paid != opening, or any below 0 */
    uint64_t strays;     /* reports that fit no permit */
    bool misbooked; /* payments are not, one by one, those of reservations PAID: transaction, amount
                     */
    uint64_t miscredited; /* merchants whose credit is not what was paid at their POS */
    int64_t credited_minor;
    uint64_t confused; /* reservations whose state and transaction contradict each other */
    uint64_t undead;   /* transactions taken back, or refused, and permitted all the same */
    uint64_t unlocked; /* reservations open after the last wrong try */
    bool read;         /* the database could be read */
};

/* What went wrong with the database itself, as a full disk, the first time it did; null where
 * nothing has. Whoever asked then was told REASON_DATABASE. */
const char *bank_trouble(const struct bank *bank);

/* Reads the whole database. */
struct bank_totals bank_audit(struct bank *bank);

/* False with the broken invariant named. (Strays are the dispensers' fault, not the books'.) */
bool bank_totals_check(const struct bank_totals *totals, struct error *error);

/* With rules.audit_each: the first account whose money did not add up, or whose holds and payments
 * were not those of its reservations, after a call. */
struct bank_breach {
    uint64_t mobile, reservation; /* 0: none so far */
};
struct bank_breach bank_breach(const struct bank *bank);

#endif
