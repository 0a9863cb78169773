/*
 * The thieves. Two kinds stand at a machine for a shift: one watches the keypad, one photographs
 * the code image. Whoever gets a code tells an accomplice, who uses it at another machine while a
 * second one holds up the owner. Who comes first is decided by the bank, not here.
 *
 * What is drawn: sight, what a watcher reads, the relay's delay, the distraction. What is real: the
 * photograph and its decoding, the picture shown to the other ATM, the race at the bank.
 */
#include "parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { KINDS = 2, NO_MACHINE = UINT16_MAX };

static void go_to_work(struct world *world, uint32_t index)
{
    struct thief *thief = &world->thieves[index];
    uint64_t entity = (uint64_t)index << 24 | thief->shift; /* 17 bits, 24 bits: see the limits */
    struct stream stream = world_stream(world, entity, PURPOSE_SHIFT);
    uint32_t *old = &world->thief_at[thief->terminal * KINDS + thief->kind];
    if (*old == index + 1)
        *old = 0;
    thief->terminal = (uint16_t)stream_below(&stream, (uint32_t)world->settings->terminals.atms);
    thief->shift++;
    world->thief_at[thief->terminal * KINDS + thief->kind] = index + 1;
    STORY(thief, world, index, "stands kind=%s",
          thief->kind == THIEF_WATCHER ? "watcher" : "photographer");
    kernel_schedule(&world->kernel, simtime_from_seconds(world->settings->attacks.shift),
                    EVENT_SHIFT, index, 0);
}

void theft_start(struct world *world)
{
    const struct attack_settings *attacks = &world->settings->attacks;
    world->thief_count = (uint32_t)(attacks->watchers + attacks->photographers);
    world->thieves = calloc(world->thief_count + 1, sizeof *world->thieves);
    world->thief_at =
        calloc((size_t)world->settings->terminals.atms * KINDS, sizeof *world->thief_at);
    CHECK(world->thieves != NULL && world->thief_at != NULL);
    for (uint32_t i = 0; i < world->thief_count; i++) {
        world->thieves[i].kind = i < attacks->watchers ? THIEF_WATCHER : THIEF_PHOTOGRAPHER;
        go_to_work(world, i);
    }
}

void on_shift(void *argument, const struct event *event)
{
    go_to_work(argument, event->subject);
}

static uint32_t *who_stands(const struct world *world, uint32_t customer, enum thief_kind kind)
{
    return &world->thief_at[world->customers[customer].terminal * KINDS + kind];
}

static bool thief_is_here(const struct world *world, uint32_t customer, enum thief_kind kind)
{
    return world->thief_count > 0 && *who_stands(world, customer, kind) != 0;
}

static struct attack *begin_attack(struct world *world, uint32_t customer, enum thief_kind kind)
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
                              .thief = *who_stands(world, customer, kind) - 1,
                              .owned = world->customers[customer].reservation};
    unit_count(world->result, M_ATTACKS, 1.0);
    return attack;
}

/* What is drawn for an attack belongs to the visit at which the code was seen. */
static struct stream attack_stream(const struct world *world, const struct attack *attack,
                                   unsigned number, enum stream_purpose purpose)
{
    struct stream stream;
    stream_init(&stream, visit_key_at(world, attack->customer, attack->visit, number, attack->kind,
                                      purpose));
    return stream;
}

/* What was seen, before it is decoded. */
static void tell_attack(const struct world *world, bool obtained, simtime held_up)
{
    const struct attack *attack = &world->attacks[world->attack_count - 1];
    STORY(attack, world, world->attack_count - 1,
          "attack kind=%s obtained=%d held_up_s=" TRACE_SECONDS,
          attack->kind == THIEF_WATCHER ? "watcher" : "photographer", obtained,
          TRACE_PARTS(held_up));
}

/* Every accomplice sent comes to one end; every end is a share of those sent. */
static void end_attack(struct world *world, size_t measure)
{
    for (size_t i = M_ATTACK; i < M_COUNT; i++)
        unit_ratio(world->result, i, i == measure, 1.0);
}

static simtime hold_up(struct world *world, struct stream *stream)
{
    return distribution_delay(&world->settings->attacks.distraction, stream);
}

static void send_accomplice(struct world *world, uint32_t attack, simtime after,
                            struct stream *stream)
{
    simtime relay = distribution_delay(&world->settings->attacks.relay, stream);
    kernel_schedule(&world->kernel, after + relay, EVENT_STRIKE, attack, 0);
}

/* --- the watcher --- */

/* Called when the owner begins to type the SMS code; the watcher knows it when the last key is
 * down: what was typed, right or wrong. */
simtime theft_of_keys(struct world *world, uint32_t index, simtime typing_time)
{
    if (!thief_is_here(world, index, THIEF_WATCHER))
        return 0;
    struct stream stream = visit_stream(world, index, 0, THIEF_WATCHER, PURPOSE_ATTACK);
    bool read = stream_chance(&stream, world->settings->attacks.watch_success);
    simtime held_up = hold_up(world, &stream);
    struct attack *attack = begin_attack(world, index, THIEF_WATCHER);
    tell_attack(world, read, held_up);
    unit_ratio(world->result, M_OBSERVED, read, 1.0);
    if (read) {
        char own_code[MESSAGE_DIGITS_BYTES], code[MESSAGE_DIGITS_BYTES];
        journey_codes(world, index, own_code, code);
        journey_typed(world, index, 0, STEP_TYPE_RESERVATION_CODE, own_code,
                      attack->reservation_code);
        journey_typed(world, index, 0, STEP_TYPE_SMS, code, attack->sms_code);
        send_accomplice(world, world->attack_count - 1, typing_time, &stream);
    }
    return held_up;
}

/* --- the photographer --- */

static void take_photograph(struct world *world, struct attack *attack, uint32_t index)
{
    struct stream stream = visit_stream(world, index, 0, 0, PURPOSE_THIEF_POSE);
    struct token_code code;
    codes_make(world, index, &code);
    attack->shot = shot_take(world);
    settings_photograph(world->settings, UINT32_C(0x10000) + world->customers[index].terminal,
                        &stream, shot_at(world, attack->shot));
    shot_submit(world, attack->shot, &code, visit_key(world, index, 0, 0, PURPOSE_THIEF_NOISE));
}

/* Called when the owner begins to hold up the token for the first time: the photograph is taken at
 * a moment of that time. */
simtime theft_of_image(struct world *world, uint32_t index, simtime shown_for)
{
    if (!thief_is_here(world, index, THIEF_PHOTOGRAPHER))
        return 0;
    struct stream stream = visit_stream(world, index, 0, THIEF_PHOTOGRAPHER, PURPOSE_ATTACK);
    bool sees = stream_chance(&stream, world->settings->attacks.sight);
    bool knows = stream_chance(&stream, world->settings->attacks.knows_mobile);
    simtime held_up = hold_up(world, &stream);
    double moment_s = stream_uniform(&stream) * simtime_to_seconds(shown_for);
    struct attack *attack = begin_attack(world, index, THIEF_PHOTOGRAPHER);
    tell_attack(world, sees && knows, held_up);
    if (!sees || !knows) {
        unit_ratio(world->result, M_OBSERVED, 0.0, 1.0);
        return held_up;
    }
    take_photograph(world, attack, index);
    kernel_schedule(&world->kernel, simtime_from_seconds(moment_s), EVENT_PHOTOGRAPH,
                    world->attack_count - 1, 0);
    return held_up;
}

void on_photograph(void *argument, const struct event *event)
{
    struct world *world = argument;
    struct attack *attack = &world->attacks[event->subject];
    const struct shot *shot = shot_result(world, attack->shot, PHOTOGRAPHED_BY_THIEF);
    bool read = shot->decoded.status == DECODE_OK;
    STORY(capture_of_attack, world, event->subject, shot);
    unit_ratio(world->result, M_OBSERVED, read, 1.0);
    unit_curve(world->result, C_PHOTOGRAPHER, shot->conditions.pose.distance_m, 1.0, read);
    if (read) {
        struct stream stream = attack_stream(world, attack, 1, PURPOSE_ATTACK);
        attack->code.count = shot->decoded.length;
        memcpy(attack->code.bytes, shot->decoded.text, sizeof attack->code.bytes);
        send_accomplice(world, event->subject, 0, &stream);
    }
    shot_drop(world, &attack->shot);
}

/* --- the accomplice: the same steps at the machine as an owner's --- */

/* A machine at which nobody stands, other than the owner's. */
static uint16_t find_machine(struct world *world, const struct attack *attack)
{
    uint32_t atms = (uint32_t)world->settings->terminals.atms;
    uint16_t owners = world->customers[attack->customer].terminal;
    struct stream stream = attack_stream(world, attack, 2, PURPOSE_ATTACK);
    uint32_t start = stream_below(&stream, atms);
    for (uint32_t i = 0; i < atms; i++) {
        uint16_t at = (uint16_t)((start + i) % atms);
        if (at != owners && crowd_is_free(world, at))
            return at;
    }
    return NO_MACHINE;
}

enum { TYPES_AT = 14, LOOKUP_NUMBER = 63 }; /* steps that no customer has */

/* An exchange of the accomplice at the machine. */
static uint32_t open_exchange(struct world *world, uint32_t index, enum exchange_what what)
{
    const struct attack *attack = &world->attacks[index];
    unsigned number = what == EXCHANGE_LOOKUP ? LOOKUP_NUMBER : attack->tries;
    struct stream_key key =
        visit_key_at(world, attack->customer, attack->visit, number, TYPES_AT + attack->kind, 0);
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
    struct stream stream = attack_stream(world, attack, STEP_TYPE_MOBILE, PURPOSE_STEP);
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
        attack_stream(world, attack, STEP_MAKE_CODE + attack->tries, PURPOSE_STEP);
    if (attack->kind == THIEF_WATCHER)
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
    exchange_at(world, number)->request.lookup =
        (struct withdrawal_request){.scheme = world->scheme,
                                    .terminal = attack->machine,
                                    .mobile = world_mobile(attack->customer)};
    exchange_ask(world, number);
}

static void end(struct world *world, uint32_t index, enum reason reason, bool late)
{
    world->attacks[index].ended = true;
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
    attack->reservation = answer->reservation;
    kernel_schedule(&world->kernel, showing_time(world, attack), EVENT_STRIKE_SHOW, index, 0);
}

/* The stolen code, drawn anew on a phone, before the camera of the other ATM. */
static void photograph_stolen(struct world *world, struct attack *attack)
{
    unsigned number = 1 + attack->tries;
    struct stream stream = attack_stream(world, attack, number, PURPOSE_THIEF_POSE);
    struct stream_key noise = visit_key_at(world, attack->customer, attack->visit, number,
                                           attack->kind, PURPOSE_THIEF_NOISE);
    atm_take_shot(&world->atms[attack->machine]);
    attack->shot = shot_take(world);
    settings_present(world->settings, &world->settings->attacks.display, attack->machine, &stream,
                     shot_at(world, attack->shot));
    noise.purpose = PURPOSE_THIEF_FAULT;
    shot_may_fail(world, attack->shot, noise);
    noise.purpose = PURPOSE_THIEF_NOISE;
    shot_submit(world, attack->shot, &attack->code, noise);
}

void on_strike_show(void *argument, const struct event *event)
{
    struct world *world = argument;
    struct attack *attack = &world->attacks[event->subject];
    if (attack->gone)
        return;
    if (attack->kind == THIEF_PHOTOGRAPHER)
        photograph_stolen(world, attack);
    uint32_t number = open_exchange(world, event->subject, EXCHANGE_WITHDRAW);
    exchange_at(world, number)->reservation = attack->reservation;
    exchange_ask(world, number);
}

void theft_compose(struct world *world, uint32_t index, struct presentation *presentation)
{
    struct attack *attack = &world->attacks[index];
    if (attack->kind == THIEF_PHOTOGRAPHER) {
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
    unit_count(result, attack->kind == THIEF_WATCHER ? M_THEFTS_WATCHER : M_THEFTS_PHOTOGRAPHER,
               1.0);
    unit_count(result, M_THEFT_LOSS, (double)amount_minor / 100.0);
    STORY(attack, world, event->subject, "dispensed amount_fen=%lld", (long long)amount_minor);
    end(world, event->subject, REASON_NONE, is_not_the_owners(attack));
    leave_machine(world, event->subject, 0);
}

static bool is_unreadable(enum reason reason)
{
    return reason == REASON_NO_SYMBOL || reason == REASON_BAD_SYMBOL || reason == REASON_AMBIGUOUS;
}

static void after_presentation(struct world *world, uint32_t index,
                               const struct exchange_answer *answer)
{
    struct attack *attack = &world->attacks[index];
    shot_drop(world, &attack->shot); /* where the bank never saw it */
    if (answer->reason == REASON_NONE) {
        struct stream stream = attack_stream(world, attack, STEP_TAKE_CASH, PURPOSE_STEP);
        simtime takes = distribution_delay(&world->settings->customers.take_cash, &stream);
        kernel_schedule(&world->kernel, takes, EVENT_STRIKE_DONE, index, 0);
    } else if (is_unreadable(answer->reason) &&
               ++attack->tries < world->settings->terminals.shots) {
        kernel_schedule(&world->kernel, showing_time(world, attack), EVENT_STRIKE_SHOW, index, 0);
    } else {
        end(world, index, answer->reason,
            answer->reason == REASON_USED || is_not_the_owners(attack));
        leave_machine(world, index, 0);
    }
}

void theft_answered(struct world *world, uint32_t index, const struct exchange_answer *answer)
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
void theft_expel(struct world *world, uint32_t index)
{
    if (!world->attacks[index].ended)
        end(world, index, REASON_TERMINAL, false);
    away(world, index);
}
