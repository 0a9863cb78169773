/*
 * The accomplice: who has a code that is not his own, or makes one up, and goes to a machine with
 * it, through the same steps there as an owner.
 */
#include "parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NO_MACHINE = UINT16_MAX };

/* Where the draws and the exchanges of an attack lie among those of a visit: at steps at which no
 * customer has any. */
static const unsigned draws_at[THIEF_KINDS] = {
    [THIEF_WATCHER] = STEP_IDLE,
    [THIEF_PHOTOGRAPHER] = STEP_TRAVEL,
    [THIEF_MALWARE] = STEP_QUEUE,
    [THIEF_FORGER] = STEP_LOOKUP,
};
static const unsigned asks_at[THIEF_KINDS] = {
    [THIEF_WATCHER] = 14,
    [THIEF_PHOTOGRAPHER] = 15,
    [THIEF_MALWARE] = STEP_IDLE,
    [THIEF_FORGER] = STEP_TRAVEL,
};

struct attack *accomplice_brief(struct world *world, uint32_t customer, enum thief_kind kind)
{
    if (world->attack_count == world->attack_capacity) {
        world->attack_capacity = world->attack_capacity == 0 ? 64 : world->attack_capacity * 2;
        world->attacks = realloc(world->attacks, world->attack_capacity * sizeof *world->attacks);
        CHECK(world->attacks != NULL);
    }
    struct attack *attack = &world->attacks[world->attack_count++];
    *attack = (struct attack){.customer = customer,
                              .visit = world->customers[customer].visit,
                              .kind = (uint8_t)kind,
                              .machine = NO_MACHINE,
                              .thief = NO_THIEF,
                              .owned = world->customers[customer].reservation};
    return attack;
}

struct stream accomplice_stream(const struct world *world, const struct attack *attack,
                                unsigned number, enum stream_purpose purpose)
{
    struct stream stream;
    stream_init(&stream, visit_key_at(world, attack->customer, attack->visit, number,
                                      draws_at[attack->kind], purpose));
    return stream;
}

/* Every accomplice sent comes to one end; every end is a share of those sent. */
static void end_attack(struct world *world, size_t measure)
{
    for (size_t i = M_ATTACK; i < M_COUNT; i++)
        unit_ratio(world->result, i, i == measure, 1.0);
}

void accomplice_send(struct world *world, uint32_t attack, simtime after, struct stream *stream)
{
    simtime relay = distribution_delay(&world->settings->attacks.relay, stream);
    kernel_schedule(&world->kernel, after + relay, EVENT_STRIKE, attack, 0);
}

/* A machine at which nobody stands, other than the owner's. */
static uint16_t find_machine(struct world *world, const struct attack *attack)
{
    uint32_t atms = (uint32_t)world->settings->terminals.atms;
    uint16_t owners = world->customers[attack->customer].terminal;
    struct stream stream = accomplice_stream(world, attack, 2, PURPOSE_ATTACK);
    uint32_t start = stream_below(&stream, atms);
    for (uint32_t i = 0; i < atms; i++) {
        uint16_t at = (uint16_t)((start + i) % atms);
        if (at != owners && crowd_is_free(world, at))
            return at;
    }
    return NO_MACHINE;
}

enum { LOOKUP_NUMBER = 63 }; /* a try that nobody has */

/* An exchange of the accomplice at the machine. */
static uint32_t open_exchange(struct world *world, uint32_t index, enum exchange_what what)
{
    const struct attack *attack = &world->attacks[index];
    unsigned number = what == EXCHANGE_LOOKUP ? LOOKUP_NUMBER : attack->tries;
    struct stream_key key =
        visit_key_at(world, attack->customer, attack->visit, number, asks_at[attack->kind], 0);
    uint32_t exchange = exchange_open(world, what, OWNER_ATTACK, index, attack->machine, key);
    world->sessions[attack->machine].exchange = exchange;
    return exchange;
}

/* Comes to the machine and types the owner's mobile number. */
void on_strike(void *argument, const struct event *event)
{
    struct world *world = argument;
    struct attack *attack = &world->attacks[event->subject];
    attack->machine = find_machine(world, attack);
    if (attack->machine == NO_MACHINE) {
        end_attack(world, M_ATTACK_NO_MACHINE);
        STORY(attack, world, event->subject, "attack-end outcome=no-machine");
        return;
    }
    struct stream stream = accomplice_stream(world, attack, STEP_TYPE_MOBILE, PURPOSE_STEP);
    struct session *session = &world->sessions[attack->machine];
    crowd_take(world, attack->machine, attack->customer);
    session->of = SESSION_ACCOMPLICE;
    session->who = event->subject;
    kernel_schedule(&world->kernel,
                    people_typing_time(world->settings, MESSAGE_MOBILE_DIGITS, &stream),
                    EVENT_STRIKE_ASK, event->subject, 0);
}

static void leave_machine(struct world *world, uint32_t index, simtime after)
{
    kernel_schedule(&world->kernel, after, EVENT_STRIKE_AWAY, index, 0);
}

/* Types both codes, or holds the phone with the stolen image before the camera. */
static simtime showing_time(struct world *world, const struct attack *attack)
{
    struct stream stream =
        accomplice_stream(world, attack, STEP_MAKE_CODE + attack->tries, PURPOSE_STEP);
    if (!world_shows_images(world))
        return people_typing_time(world->settings, 2 * (unsigned)world->settings->bank.sms_digits,
                                  &stream);
    simtime shown = people_showing_time(world->settings, &stream);
    simtime switched = simtime_from_seconds(world->settings->terminals.switch_time);
    bool switches = world->atms[attack->machine].mode == CAMERA_SURVEILLANCE;
    atm_switch_to_capture(&world->atms[attack->machine], world->kernel.now);
    return switches && shown < switched ? switched : shown;
}

void on_strike_ask(void *argument, const struct event *event)
{
    struct world *world = argument;
    struct attack *attack = &world->attacks[event->subject];
    if (attack->gone)
        return;
    uint32_t number = open_exchange(world, event->subject, EXCHANGE_LOOKUP);
    struct withdrawal_request request = {.scheme = world->scheme,
                                         .terminal = attack->machine,
                                         .mobile = world_mobile(attack->customer)};
    if (attack->kind == THIEF_FORGER && world_reserves_here(world)) {
        struct stream stream = accomplice_stream(world, attack, 0, PURPOSE_CHALLENGE);
        request.amount_minor = forgery_amount_minor(world);
        request.challenge = attack->challenge = codes_challenge_at(event->at, &stream);
    }
    exchange_at(world, number)->request.lookup = request;
    exchange_ask(world, number);
}

static void end(struct world *world, uint32_t index, enum reason reason, bool late)
{
    world->attacks[index].ended = true;
    if (world->attacks[index].kind != THIEF_FORGER) /* who is in no hurry */
        unit_ratio(world->result, M_LATE, late, 1.0);
    end_attack(world, M_ATTACK + reason);
    STORY(attack, world, index, "attack-end outcome=%s late=%d", story_reason(reason), late);
}

static void after_lookup(struct world *world, uint32_t index, const struct exchange_answer *answer)
{
    struct attack *attack = &world->attacks[index];
    STORY(attack, world, index, "asked reason=%s", story_reason(answer->reason));
    if (answer->reason != REASON_NONE) {
        end(world, index, answer->reason, answer->reason == REASON_USED);
        leave_machine(world, index, 0);
        return;
    }
    if (cash_refuses(world, attack->machine, answer->amount_minor)) {
        end(world, index, REASON_NO_NOTES, false);
        leave_machine(world, index, 0);
        return;
    }
    attack->reservation = answer->reservation;
    attack->expires = answer->exchange->expires;
    kernel_schedule(&world->kernel, showing_time(world, attack), EVENT_STRIKE_SHOW, index, 0);
}

/* The stolen code, drawn anew on a phone, before the camera of the other ATM. */
static void photograph_stolen(struct world *world, struct attack *attack)
{
    unsigned number = 1 + attack->tries;
    struct stream stream = accomplice_stream(world, attack, number, PURPOSE_THIEF_POSE);
    struct stream_key noise = visit_key_at(world, attack->customer, attack->visit, number,
                                           draws_at[attack->kind], PURPOSE_THIEF_NOISE);
    atm_take_shot(&world->atms[attack->machine]);
    attack->shot = shot_take(world);
    settings_present(world->settings, &world->settings->attacks.display, attack->machine, &stream,
                     shot_at(world, attack->shot));
    noise.purpose = PURPOSE_THIEF_FAULT;
    shot_may_fail(world, attack->shot, noise);
    noise.purpose = PURPOSE_THIEF_NOISE;
    shot_submit(world, attack->shot, &attack->code, noise);
}

/* What nobody has ever seen. */
static void forge(struct world *world, struct attack *attack)
{
    unit_count(world->result, M_FORGED, 1.0);
    unit_ratio(world->result, M_FORGED_RIGHT, 0.0, 1.0);
    if (world_shows_images(world))
        forgery_image(world, attack, &attack->code);
    else
        forgery_typed(world, attack, attack->reservation_code, attack->sms_code);
}

void on_strike_show(void *argument, const struct event *event)
{
    struct world *world = argument;
    struct attack *attack = &world->attacks[event->subject];
    if (attack->gone)
        return;
    if (attack->kind == THIEF_FORGER)
        forge(world, attack);
    if (world_shows_images(world))
        photograph_stolen(world, attack);
    uint32_t number = open_exchange(world, event->subject, EXCHANGE_WITHDRAW);
    exchange_at(world, number)->reservation = attack->reservation;
    exchange_ask(world, number);
}

void accomplice_compose(struct world *world, uint32_t index, struct presentation *presentation)
{
    struct attack *attack = &world->attacks[index];
    if (world_shows_images(world)) {
        const struct shot *shot = shot_result(world, attack->shot, SHOWN_BY_ACCOMPLICE);
        unit_count(world->result, M_PRESENTATIONS, 1.0);
        STORY(capture_of_attack, world, index, shot);
        shot_tell(shot, presentation);
        shot_drop(world, &attack->shot);
    }
    snprintf(presentation->reservation_code, sizeof presentation->reservation_code, "%s",
             attack->reservation_code);
    snprintf(presentation->sms_code, sizeof presentation->sms_code, "%s", attack->sms_code);
}

static size_t thefts_by(enum thief_kind kind)
{
    static const size_t measures[THIEF_KINDS] = {
        [THIEF_WATCHER] = M_THEFTS_WATCHER,
        [THIEF_PHOTOGRAPHER] = M_THEFTS_PHOTOGRAPHER,
        [THIEF_MALWARE] = M_THEFTS_MALWARE,
        [THIEF_FORGER] = M_THEFTS_FORGER,
    };
    return measures[kind];
}

static bool is_not_the_owners(const struct attack *attack)
{
    return attack->reservation != attack->owned;
}

/* The notes come out. */
void on_strike_done(void *argument, const struct event *event)
{
    struct world *world = argument;
    struct attack *attack = &world->attacks[event->subject];
    struct unit_result *result = world->result;
    if (attack->gone)
        return;
    uint32_t exchange = world->sessions[attack->machine].exchange;
    int64_t amount_minor = exchange_at(world, exchange)->amount_minor;
    if (!exchange_dispense(world, exchange))
        return; /* the machine crashed */
    unit_count(result, M_THEFTS, 1.0);
    unit_count(result, thefts_by((enum thief_kind)attack->kind), 1.0);
    if (attack->altered && !is_not_the_owners(attack))
        malware_paid(world);
    unit_count(result, M_THEFT_LOSS, (double)amount_minor / 100.0);
    STORY(attack, world, event->subject, "dispensed amount_fen=%lld", (long long)amount_minor);
    end(world, event->subject, REASON_NONE, is_not_the_owners(attack));
    leave_machine(world, event->subject, 0);
}

static bool is_unreadable(enum reason reason)
{
    return reason == REASON_NO_SYMBOL || reason == REASON_BAD_SYMBOL || reason == REASON_AMBIGUOUS;
}

/* Who has a code shows it until it is read; who has none makes up another. */
static bool tries_again(const struct world *world, struct attack *attack,
                        const struct exchange_answer *answer)
{
    attack->tries++;
    if (attack->kind != THIEF_FORGER)
        return is_unreadable(answer->reason) && attack->tries < world->settings->terminals.shots;
    return !answer->final &&
           (is_unreadable(answer->reason) || reason_is_wrong_try(answer->reason)) &&
           attack->tries < world->settings->attacks.forgers.tries;
}

static void after_presentation(struct world *world, uint32_t index,
                               const struct exchange_answer *answer)
{
    struct attack *attack = &world->attacks[index];
    shot_drop(world, &attack->shot); /* where the bank never saw it */
    if (answer->reason == REASON_NONE) {
        if (attack->kind == THIEF_FORGER)
            unit_ratio(world->result, M_FORGED_RIGHT, 1.0, 0.0);
        struct stream stream = accomplice_stream(world, attack, STEP_TAKE_CASH, PURPOSE_STEP);
        simtime takes = distribution_delay(&world->settings->customers.take_cash, &stream);
        kernel_schedule(&world->kernel, takes, EVENT_STRIKE_DONE, index, 0);
    } else if (tries_again(world, attack, answer)) {
        kernel_schedule(&world->kernel, showing_time(world, attack), EVENT_STRIKE_SHOW, index, 0);
    } else {
        end(world, index, answer->reason,
            answer->reason == REASON_USED || is_not_the_owners(attack));
        leave_machine(world, index, 0);
    }
}

void accomplice_answered(struct world *world, uint32_t index, const struct exchange_answer *answer)
{
    bool lookup = answer->exchange->what == EXCHANGE_LOOKUP;
    (lookup ? after_lookup : after_presentation)(world, index, answer);
}

static void away(struct world *world, uint32_t index)
{
    struct attack *attack = &world->attacks[index];
    simtime back = simtime_from_seconds(world->settings->terminals.switch_time);
    attack->gone = true;
    shot_drop(world, &attack->shot);
    world->sessions[attack->machine].of = SESSION_NONE;
    world->sessions[attack->machine].exchange = 0;
    atm_switch_to_surveillance(&world->atms[attack->machine], world->kernel.now + back);
    crowd_release(world, attack->machine);
}

void on_strike_away(void *argument, const struct event *event)
{
    struct world *world = argument;
    if (!world->attacks[event->subject].gone)
        away(world, event->subject);
}

/* Who has what he came for, or has given up, is about to go anyway. */
void accomplice_expel(struct world *world, uint32_t index)
{
    if (!world->attacks[index].ended)
        end(world, index, REASON_TERMINAL, false);
    away(world, index);
}
