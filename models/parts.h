/*
 * Inside the world: the functions by which its files call each other (its state: state.h).
 *
 *     world.c    builds, runs and ends a unit; owns everything
 *     crowd.c    the sites: who gets a machine, and who waits for one
 *     cards.c    the other customers, who come with a card
 *     failures.c machines that fail and are repaired
 *     pos.c      the terminals of merchants, and their tills
 *     cash.c     cassettes that run empty, and the service that fills them
 *     elsewhere.c  customers who cannot be paid where they are
 *     wishes.c   a customer wants cash, and reserves it by phone or on a computer
 *     codes.c    what the token makes, and the certificates of signatures
 *     visit.c    a customer who comes to a machine, waits in its line, and leaves
 *     journey.c  ... and what happens at the machine, step by step
 *     theft.c    the thieves who stand at machines
 *     malware.c  what alters and copies on a phone or a computer
 *     forgery.c  those who make codes up
 *     accomplice.c  who goes to a machine with any of these codes
 *     exchange.c the terminal's side of an exchange with the bank
 *     post.c     messages on their way (letter.h), and what the bank makes of them
 *     station.c  the bank's server, which takes them up
 *     handset.c  the phone of who stands at the machine, where the bank asks it for a code
 *     faults.c   crashes of the bank and of machines, power cuts
 *     shots.c    captures: taken when a customer sets off, awaited when the bank answers
 *     books.c    where the bank's books lie: in memory or in a file
 *     story.c    what of all this is told to a trace
 *     invariants.c  the ten of the protocol, looked at wherever one could break
 *     oracle.c   the books at the end
 */
#ifndef CASHPOINT_PARTS_H
#define CASHPOINT_PARTS_H

#include "state.h"

/* world.c */
struct stream world_stream(const struct world *world, uint64_t entity, enum stream_purpose purpose);
/* A stream of one visit: the customer's current one, or any (`visit`). */
struct stream_key visit_key_at(const struct world *world, uint32_t customer, unsigned visit,
                               unsigned try_number, unsigned step, enum stream_purpose purpose);
struct stream_key visit_key(const struct world *world, uint32_t customer, unsigned try_number,
                            unsigned step, enum stream_purpose purpose);
struct stream visit_stream(const struct world *world, uint32_t customer, unsigned try_number,
                           unsigned step, enum stream_purpose purpose);
uint64_t world_mobile(uint32_t customer);
uint64_t world_card(uint32_t customer);
struct token_secret world_token_secret(const struct world *world, uint32_t customer);
/* No further event where somebody says so; looked at now and then. */
void world_heed_stop(struct world *world);

/* shots.c */
uint32_t shot_take(struct world *world);                  /* index + 1 */
struct shot *shot_at(struct world *world, uint32_t shot); /* of index + 1 */
void shot_drop(struct world *world, uint32_t *shot);      /* cancels; 0 is allowed */
/* The camera fails, at the scenario's rate: the frame stays black. */
void shot_may_fail(struct world *world, uint32_t shot, struct stream_key chance);
/* Begins a shot whose conditions stand (settings_present, settings_photograph). */
void shot_submit(struct world *world, uint32_t shot, const struct token_code *code,
                 struct stream_key noise);
/* Waits for the shot, counts it and its stage times, offers it to the gallery. */
const struct shot *shot_result(struct world *world, uint32_t shot, enum shown_by who);
/* What the bank's decoder made of it. */
void shot_tell(const struct shot *shot, struct presentation *presentation);

/* crowd.c */
void crowd_build(struct world *world);
void crowd_destroy(struct world *world);
/* True where so many are at the site that a newcomer leaves again (customers.balk_at). */
bool crowd_turns_away(struct world *world, uint32_t site);
/* Who comes gets a machine at once (then journey_granted() or cards_granted() has been called): 0.
 * Or waits, before all others where `first`: the number of the waiter, good until then. */
uint32_t crowd_join(struct world *world, uint32_t site, struct guest guest, bool first);
/* Has the waiter leave the line after `patience`, unless granted a machine before: the event kind
 * of that. */
void crowd_set_patience(struct world *world, uint32_t waiter, simtime patience,
                        enum world_event kind, uint32_t subject);
/* ... when that event comes: who leaves. */
struct guest crowd_give_up(struct world *world, uint32_t site, uint32_t waiter);
/* Who stood at the machine leaves; the first in the line is granted it. */
void crowd_release(struct world *world, uint16_t terminal);
/* Nobody stands at the machine, so that an accomplice may take it; `subject` is anything. */
bool crowd_is_free(const struct world *world, uint16_t terminal);
void crowd_take(struct world *world, uint16_t terminal, uint32_t subject);
/* The machine fails: false where who stands at it is served to the end first (failures_down() is
 * called then). */
bool crowd_fail(struct world *world, uint16_t terminal);
void crowd_repair(struct world *world, uint16_t terminal);
void crowd_close(struct world *world); /* what is counted once, at the end */

/* failures.c */
void failures_start(struct world *world);
void failures_down(struct world *world, uint16_t terminal); /* has it repaired, or restarted */
void on_fail(void *world, const struct event *event);
void on_repair(void *world, const struct event *event);

/* pos.c */
void pos_build(struct world *world); /* the tills, and their merchants at the bank */
/* Where the customer goes: the site of a POS, or `site`. */
uint32_t pos_choose(const struct world *world, uint32_t customer, uint32_t site);
/* The merchant looks into the till, before the bank is asked, and says no. (False at an ATM.) */
bool pos_refuses(struct world *world, uint32_t customer, uint16_t terminal, int64_t amount_minor);
/* ... or wants to pay what is permitted, and cannot. */
bool pos_cannot_pay(struct world *world, uint16_t terminal, int64_t amount_minor);
/* A shopper leaves cash in the till. */
void pos_purchase(struct world *world, uint16_t terminal, struct stream *stream);

/* cash.c */
void cash_build(struct world *world);
void cash_start(struct world *world);
void cash_close(struct world *world); /* what is counted once, at the end */
/* There are no notes for the amount: said before the bank is asked. (False at a POS.) */
bool cash_refuses(struct world *world, uint16_t terminal, int64_t amount_minor);
void cash_pay(struct world *world, uint16_t terminal, int64_t amount_minor);
void cash_pay_card(struct world *world, uint16_t terminal, struct stream *stream);
void on_refill(void *world, const struct event *event);

/* elsewhere.c */
enum { MOBILE_TRIES = 3 }; /* to type the mobile number, at each place */
/* What is wanted cannot be had here: the customer has gone, home or on. */
bool elsewhere_is_sent(struct world *world, uint32_t customer, int64_t amount_minor);

/* cards.c */
void cards_start(struct world *world);
void cards_granted(struct world *world, uint16_t terminal, uint32_t arrival, simtime waited);
void on_card_arrive(void *world, const struct event *event);
void on_card_leave(void *world, const struct event *event);
void on_counter_leave(void *world, const struct event *event);
void on_card_renege(void *world, const struct event *event);

/* post.c */
void post_build(struct world *world);
/* Sends what the exchange is about in its state: the request, the reversal or the advice. */
void post_send(struct world *world, uint32_t exchange);
/* The phone's answer to the question (EVENT_TO_PHONE) of an EXCHANGE_CODE. */
void post_answer(struct world *world, uint32_t exchange, uint32_t question);
/* Something that an exchange has to wait for, until exchange_drop_message(). */
void post_deliver(struct world *world, uint32_t exchange, simtime after, enum world_event kind,
                  uint32_t detail);
void on_from_bank(void *world, const struct event *event);

/* station.c */
/* --- books.c --- */

bool books_open(struct world *world, const struct bank_rules *rules, struct stream_key sms_key,
                struct error *error);
/* What can only fail with the database itself: then the run is over. */
void books_expect(struct world *world, bool done);
/* Has the database itself failed? Refusals for that would pass for a result. */
bool books_check(const struct world *world, struct error *error);
void books_close(struct world *world); /* also where it was not opened */

void station_build(struct world *world);
void station_destroy(struct world *world);
void station_close(struct world *world); /* what is counted once, at the end */
void station_crash(struct world *world);
void station_restart(struct world *world);
void on_to_bank(void *world, const struct event *event);
void on_served(void *world, const struct event *event);

/* handset.c */
void on_to_phone(void *world, const struct event *event);
void on_code_made(void *world, const struct event *event);

/* faults.c */
void faults_start(struct world *world);
/* The machine crashes now, for so long (SIMTIME_NEVER: as long as a restart takes). */
void faults_crash(struct world *world, uint16_t terminal, simtime down_for);
/* ... as soon as who stands there has left. */
void faults_crash_next(struct world *world, uint16_t terminal);
/* A machine that is down for a crash will be up again. */
void faults_restart_later(struct world *world, uint16_t terminal);
void on_bank_crash(void *world, const struct event *event);
void on_bank_restart(void *world, const struct event *event);
void on_crash(void *world, const struct event *event);
void on_restart(void *world, const struct event *event);
void on_power(void *world, const struct event *event);
void on_day_end(void *world, const struct event *event);
void on_listed(void *world, const struct event *event);

/* invariants.c: each looks at what just happened; the first that is broken halts the run. */
void invariants_destroy(struct world *world);
void invariants_reserved(struct world *world, uint64_t reservation, simtime expires);
void invariants_released(void *world, uint64_t reservation, uint64_t mobile, enum reason why);
void invariants_verdict(struct world *world, struct exchange *exchange, struct verdict verdict);
void invariants_reversed(struct world *world, struct exchange *exchange, enum reason reason);
void invariants_booked(struct world *world, struct exchange *exchange, enum reason reason);
void invariants_dispense(struct world *world, struct exchange *exchange);
void invariants_reversal(struct world *world, struct exchange *exchange, bool restarted);
void invariants_closed(struct world *world, const struct exchange *exchange);
void invariants_reconciled(struct world *world, const struct reconciliation *day);
void invariants_breach(struct world *world); /* of the bank's own audit */

/* wishes.c */
void wishes_answered(struct world *world, uint32_t customer, const struct exchange_answer *answer);
void wishes_start(struct world *world);
void wishes_close(struct world *world); /* what is counted once, at the end */
/* With what the customer reserves ahead. */
enum network_terminal wishes_terminal(const struct world *world, uint32_t customer);
void wishes_logged_in(struct world *world, uint32_t customer);
/* The amount and the reservation code of the current visit: drawn, and drawn again when needed. */
int64_t wishes_draw(const struct world *world, uint32_t customer, char *own_code);
/* The visit is over: the customer is free, for a further wish that had to wait if there is one. */
void wishes_visit_over(struct world *world, uint32_t customer);
void on_reserve(void *world, const struct event *event);

/* codes.c */
/* Whether a code is not known before its owner stands at the machine. */
static inline bool codes_of_the_moment(const struct world *world)
{
    return world->settings->code == CODE_TOTP || world_reserves_here(world);
}
/* The terminal's challenge to the customer who stands at it. */
uint64_t codes_challenge(const struct world *world, uint32_t customer);
/* ... of any session of the customer's that began then. */
uint64_t codes_challenge_at(simtime since, struct stream *stream);
/* The transaction as the token is asked to make a code of it. */
struct transaction codes_transaction(const struct world *world, uint32_t customer);
/* The customer has reserved; shows the token. */
void codes_reserved(const struct world *world, struct customer *customer, simtime expires);
void codes_shown(const struct world *world, struct customer *customer);
/* The code of the current visit, made again whenever it is needed (image-code). */
void codes_make(const struct world *world, uint32_t customer, struct token_code *code);
/* Signatures: the customer comes for a token, the first or another. */
void codes_hand_out(struct world *world, uint32_t customer);
/* A refusal after which the customer fetches another token before the next wish. */
void codes_refused(struct world *world, uint32_t customer, enum reason reason);
void on_token_lost(void *world, const struct event *event);

/* visit.c, journey.c */
void journey_answered(struct world *world, uint32_t customer, const struct exchange_answer *answer);
void journey_compose(struct world *world, uint32_t customer, struct presentation *presentation);
/* The machine has failed under the customer's hands: told, and gone. */
void journey_expel(struct world *world, uint32_t customer);
/* Told no for this reason, and gone. */
void journey_refuse(struct world *world, uint32_t customer, enum reason reason);
/* Goes away from the machine. */
void journey_step_back(struct world *world, uint32_t customer);
/* Ends the visit; refused: for the reason that the customer has been told. */
void journey_leave(struct world *world, uint32_t customer, size_t outcome);
void journey_leave_refused(struct world *world, uint32_t customer);
/* The next step begins. */
void journey_enter(struct world *world, uint32_t customer, enum step step);
void on_arrive(void *world, const struct event *event);
void on_renege(void *world, const struct event *event);
void on_step(void *world, const struct event *event);
void journey_granted(struct world *world, uint32_t customer, uint16_t terminal);
void journey_finish(struct world *world); /* counts what is still under way at the end */
/* Begins the picture of this try ahead of its time: once the machine is known (its camera has its
 * own noise) it depends on nothing that is still to come, so that workers can evaluate it while the
 * customer is on the way, or types. */
void journey_prepare_shot(struct world *world, uint32_t customer);
/* What the customer really typed of `wanted` at this step and try. */
void journey_typed(const struct world *world, uint32_t customer, unsigned try_number,
                   enum step step, const char *wanted, char *typed);
/* sms-code: what the customer has to type. */
void journey_codes(const struct world *world, uint32_t customer, char *own_code, char *code);

/* accomplice.c: as in journey.c. */
void accomplice_answered(struct world *world, uint32_t attack,
                         const struct exchange_answer *answer);
void accomplice_compose(struct world *world, uint32_t attack, struct presentation *presentation);
void accomplice_expel(struct world *world, uint32_t attack);
/* One who will go for the customer's reservation: the last of world->attacks, which move when the
 * next is briefed. The caller fills in the code. */
struct attack *accomplice_brief(struct world *world, uint32_t customer, enum thief_kind kind);
/* Goes to a machine, after `after` and the time that a relay takes. */
void accomplice_send(struct world *world, uint32_t attack, simtime after, struct stream *stream);
/* What is drawn for an attack belongs to the visit at which the code was seen. */
struct stream accomplice_stream(const struct world *world, const struct attack *attack,
                                unsigned number, enum stream_purpose purpose);

void on_strike(void *world, const struct event *event);
void on_strike_ask(void *world, const struct event *event);
void on_strike_show(void *world, const struct event *event);
void on_strike_done(void *world, const struct event *event);
void on_strike_away(void *world, const struct event *event);

/* malware.c: of the current visit of a customer. */
bool malware_alters(const struct world *world, uint32_t customer);
void malware_in_request(const struct world *world, uint32_t customer,
                        struct reservation_request *request);
void malware_in_transaction(const struct world *world, uint32_t customer,
                            struct transaction *transaction);
/* How long the owner looks at the token's display; 0: not at all. */
simtime malware_look(const struct world *world, uint32_t customer);
/* The owner looks, and sees what was altered. */
bool malware_is_seen(const struct world *world, uint32_t customer);
void malware_tries(struct world *world, uint32_t customer); /* counts what it alters */
/* The bank has reserved it, and the token was asked for a code. */
void malware_shown(struct world *world, uint32_t customer, bool noticed);
void malware_paid(struct world *world);
/* The reservation is made: sends a copy of its code to an accomplice, where there is one to copy.
 */
void malware_copies(struct world *world, uint32_t customer);

/* forgery.c */
/* A forger may come for the customer's next, or open, reservation. */
void forgery_plan(struct world *world, uint32_t customer);
/* What he makes up at this try. */
void forgery_image(const struct world *world, const struct attack *attack, struct token_code *code);
void forgery_typed(const struct world *world, const struct attack *attack,
                   char reservation_code[MESSAGE_DIGITS_BYTES],
                   char sms_code[MESSAGE_DIGITS_BYTES]);
/* What he asks for, where he must reserve himself. */
int64_t forgery_amount_minor(const struct world *world);

/* theft.c */
/* The hooks return how long the owner is held up. */
void theft_start(struct world *world);
simtime theft_of_image(struct world *world, uint32_t customer, simtime shown_for);
simtime theft_of_keys(struct world *world, uint32_t customer, simtime typing_time);
void on_shift(void *world, const struct event *event);
void on_photograph(void *world, const struct event *event);

/* oracle.c: false with the broken invariant named. */
bool oracle_check(struct world *world, struct error *error);
/* Of the lines alone, before machines and before the bank's workers. */
bool oracle_check_sites(const struct world *world, struct error *error);

#endif
