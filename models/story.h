/*
 * The story: what the model tells the trace (engine/trace.h) of a unit.
 *
 * Every event that the engine dispatches is a line that ends with its number, event=N; whatever it
 * leads to at the same moment stands below it. A line concerns, each where there is one:
 *
 *     customer:N     as the customers are counted, from 0
 *     site:N         where somebody stands in line or at a machine, or to which somebody goes
 *     atm:N          at which somebody stands; counted through all sites
 *     thief:N        watcher or photographer
 *     attack:N       a code that a thief tried to observe, and what came of it, from 0
 *     reservation:N  the bank's number
 *     capture:N      a picture through a decoder, from 1: the N of `cashpoint replay --capture`
 *     bank:0         on its own behalf
 *
 * So one filter follows a reservation from the wish to the cash, or to the theft. Events, in the
 * order of a customer's day (those of the engine with a star):
 *
 *     wish*, wish-again*         a customer wants cash; or does so now that the last visit is over
 *     reserved                   amount_fen, expires_s (moment)
 *     reservation-refused        reason
 *     set-off, no-show           travel_s: to the site, with the round trip of network banking
 *     arrive*                    busy (machines), queue_length: as found
 *     queue, renege*             queue_length: with oneself; leaves the line again
 *     granted                    waited_s
 *     step-begin, step-end*      step; duration_s
 *     asked                      reason: of the bank, to the mobile number ("accepted": go on)
 *     capture                    by, status, module_px, defocus_px, motion_px, distance_mm,
 *                                cascade_step (of the decoder; -1: none)
 *     verdict                    reason, final (1: no further try), amount_fen
 *     dispensed                  amount_fen
 *     leave                      outcome
 *     expired, locked            a reservation; the bank releases what it held
 *     card-arrive*, card-leave*  arrival: a customer with a card, as the site counts them
 *     card-queue, card-renege*, card-granted, card-lost
 *                                arrival; queue_length: with oneself; waited_s
 *     counter-queue, counter-granted, counter-leave*
 *                                the same at the counter
 *     send, lost                 message (request, reversal, advice; question, answer: handset.c),
 *                                repetition; where: an exchange with the bank (exchange.h), and
 *                                what becomes of its messages
 *     to-bank*, served*          message, repetition, copy
 *     from-bank*, timeout*       reply, reason
 *     to-phone*, code-made*      repetition, copy: of the bank's question
 *     shed                       the bank's queue is full
 *     given-up                   reason: the customer is told
 *     reversing, late-permit     restarted (1: found out after a crash); a permit that is not paid
 *     reversed, booked           reason: what the bank makes of a reversal, of an advice
 *     bank-crash*, bank-restart*
 *     crash*, crashed, restart*, power*
 *     day-end*, reconciled       matched
 *     fail*, down, repair*       a machine; it goes down, for repair_s, once nobody stands at it
 *     shift*, stands             a thief goes to another ATM; kind
 *     altered, noticed           by malware, a transaction; by its owner, on the token's display
 *     attack                     kind, obtained (1: the code, or a picture of it), held_up_s
 *     photograph*                the thief's picture
 *     strike*, strike-ask*       the accomplice comes to another ATM, and asks the bank
 *     strike-show*, strike-done* shows or types the code; takes the notes
 *     strike-away*               leaves the ATM
 *     attack-end                 outcome: "accepted" is a theft; late (1: after the owner)
 *     sweep*                     the bank looks for what has expired
 *
 * Telling draws nothing and changes nothing. Where nobody listens (world->trace is null) it costs
 * one branch that is always taken the same way.
 */
#ifndef CASHPOINT_STORY_H
#define CASHPOINT_STORY_H

#include "engine/events.h"
#include "engine/trace.h"
#include "message.h"
#include "settings.h"

#include <stdarg.h>

struct world;
struct shot;

/* STORY(customer, world, 17, "granted waited_s=" TRACE_SECONDS, ...): story_customer(), where
 * somebody listens. */
#define STORY(who, world, ...) \
    ((world)->trace != NULL ? story_##who((world), __VA_ARGS__) : (void)0)

/* The event, then its data; whom it concerns is added. */
void story_customer(const struct world *world, uint32_t customer, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* The same, with the reservation of a customer who is not on the way. */
void story_reservation(const struct world *world, uint32_t customer, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void story_attack(const struct world *world, uint32_t attack, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void story_thief(const struct world *world, uint32_t thief, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void story_site(const struct world *world, uint32_t site, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void story_atm(const struct world *world, uint32_t atm, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void story_bank(const struct world *world, uint32_t bank, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void story_exchange(const struct world *world, uint32_t exchange, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The picture just counted: of a customer, or of an attack. */
void story_capture_of_customer(const struct world *world, uint32_t customer,
                               const struct shot *shot);
void story_capture_of_attack(const struct world *world, uint32_t attack, const struct shot *shot);

/* The bank has released what it held for a reservation (bank_observe). */
void story_released(void *world, uint64_t reservation, uint64_t mobile, enum reason why);

/* Whom an event of the engine is about. */
enum story_subject {
    STORY_CUSTOMER,
    STORY_SITE,
    STORY_ATM,
    STORY_THIEF,
    STORY_ATTACK,
    STORY_EXCHANGE,
    STORY_BANK
};

/* An event that is about to be handled. */
void story_event(const struct world *world, const struct event *event, const char *name,
                 enum story_subject subject);

/* A reason as the records write it; a step of the journey. */
const char *story_reason(enum reason reason);
const char *story_step(unsigned step);

/* For a filter: whatever concerns the reservation. */
struct trace_entity story_about_reservation(uint64_t reservation);

/* Reads KIND:NUMBER for a filter; false where there can be nobody of that number. */
bool story_parse_entity(const char *text, const struct settings *settings,
                        struct trace_entity *entity, struct error *error);

#endif
