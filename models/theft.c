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

enum { KINDS = 2 };

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

/* Not before a merchant's eyes. */
static bool thief_is_here(const struct world *world, uint32_t customer, enum thief_kind kind)
{
    return world->thief_count > 0 && !world_is_pos(world, world->customers[customer].terminal) &&
           *who_stands(world, customer, kind) != 0;
}

static struct attack *begin_attack(struct world *world, uint32_t customer, enum thief_kind kind)
{
    unit_count(world->result, M_ATTACKS, 1.0);
    struct attack *attack = accomplice_brief(world, customer, kind);
    attack->thief = *who_stands(world, customer, kind) - 1;
    return attack;
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

static simtime hold_up(struct world *world, struct stream *stream)
{
    return distribution_delay(&world->settings->attacks.distraction, stream);
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
        accomplice_send(world, world->attack_count - 1, typing_time, &stream);
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
        struct stream stream = accomplice_stream(world, attack, 1, PURPOSE_ATTACK);
        attack->code.count = shot->decoded.length;
        memcpy(attack->code.bytes, shot->decoded.text, sizeof attack->code.bytes);
        accomplice_send(world, event->subject, 0, &stream);
    }
    shot_drop(world, &attack->shot);
}
