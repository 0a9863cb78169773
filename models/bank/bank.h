/*
 * The bank server: database, terminal interaction, reservation and verification.
 *
 * A pure core: it knows requests and the time, no network, no engine, no image. Every call is one
 * database transaction; what it answers is data (enum reason). Money lives in three places an
 * account: balance (free), held (for open reservations) and paid (in notes). Reserving moves
 * balance to held, a reported dispense moves held to paid, expiry and lock-out move held back.
 * Nothing else moves money, so balance + held + paid stays what it was at opening: bank_audit()
 * adds it up.
 *
 * A code is used up in the same transaction that makes the permit, before the permit leaves the
 * bank (reservation OPEN -> PERMITTED at one terminal). Codes are looked up by reservation, never
 * by the code alone.
 */
#ifndef CASHPOINT_BANK_H
#define CASHPOINT_BANK_H

#include "engine/error.h"
#include "engine/histogram.h"
#include "engine/random.h"
#include "message.h"

/* What tests break on purpose to see the oracle cry; no scenario can reach it. */
enum bank_defect {
    BANK_SOUND,
    BANK_PAYS_TWICE,   /* a code is not used up: who shows it again is paid again */
    BANK_FORGETS_HOLD, /* a dispense is booked without taking the hold away */
};

struct bank_rules {
    unsigned code_digits; /* of the token's one-time code */
    unsigned sms_digits;
    unsigned tries;      /* wrong codes until the reservation is locked */
    unsigned look_ahead; /* counters beyond the next that are accepted */
    simtime code_lifetime;
    int64_t note_minor;        /* amounts are whole notes */
    int64_t daily_limit_minor; /* an account and day */
    enum bank_defect defect;
};

struct bank;

/* `sms_key`: the stream of SMS codes; its entity is the bank's own. Null with an error where SQLite
 * does not start. */
struct bank *bank_new(const struct bank_rules *rules, struct stream_key sms_key,
                      struct error *error);
void bank_free(struct bank *bank);

/* CPU time of the two stages of every BANK_MEASURED-th presentation from here on (null: not
 * measured), the first among them: asking for the time takes as long as a look-up. Borrowed. */
enum { BANK_MEASURED = 16 };
void bank_measure(struct bank *bank, struct histogram *verify, struct histogram *redeem);

/* Told of every reservation whose hold is released: REASON_EXPIRED or REASON_LOCKED. */
typedef void bank_observer(void *observer, uint64_t reservation, uint64_t mobile, enum reason why);
void bank_observe(struct bank *bank, bank_observer *released, void *observer);

/* Opens account, card and registration; false where the mobile number is registered already. */
bool bank_register(struct bank *bank, const struct registration *registration);
bool bank_is_registered(struct bank *bank, uint64_t mobile);

/* Reservation transaction module: checks the request and holds the amount. */
struct reservation_reply bank_reserve(struct bank *bank, const struct reservation_request *request,
                                      simtime now);

/* Terminal interaction module: is there a reservation to withdraw for this mobile number? */
struct capture_order bank_begin(struct bank *bank, const struct withdrawal_request *request,
                                simtime now);

/* Verification module: permits at most once a reservation. A picture in which no code could be read
 * is not a wrong try; a wrong code is. */
struct verdict bank_present(struct bank *bank, const struct presentation *presentation,
                            simtime now);

/* The notes are out. False where the report does not fit a permit: an alarm, see bank_audit(). */
bool bank_dispensed(struct bank *bank, const struct dispense_report *report, simtime now);

/* Releases the holds of reservations that have expired; returns how many. */
unsigned bank_expire(struct bank *bank, simtime now);

struct bank_totals {
    int64_t opening_minor, balance_minor, held_minor, paid_minor; /* over all accounts */
    int64_t open_minor;     /* amounts of reservations OPEN or PERMITTED: must equal held */
    int64_t payments_minor; /* sum of the journal of payments: must equal paid */
    uint64_t payments, paid_twice;
    uint64_t unbalanced; /* accounts with balance + held + paid != opening, or any below 0 */
    uint64_t strays;     /* dispense reports that fit no permit */
};

/* Reads the whole database. */
struct bank_totals bank_audit(struct bank *bank);

#endif
