/* The captures of a town: taken when a customer sets off, awaited when the bank answers. */
#include "parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void grow_shots(struct world *world)
{
    uint32_t capacity = world->shot_capacity + SHOT_CHUNK;
    world->shots = realloc(world->shots, capacity * sizeof *world->shots);
    world->free_shots = realloc(world->free_shots, capacity * sizeof *world->free_shots);
    CHECK(world->shots != NULL && world->free_shots != NULL);
    for (uint32_t i = capacity; i > world->shot_capacity; i--) {
        world->shots[i - 1] = calloc(1, sizeof(struct shot));
        CHECK(world->shots[i - 1] != NULL);
        world->free_shots[world->free_shot_count++] = i - 1;
    }
    world->shot_capacity = capacity;
}

uint32_t shot_take(struct world *world)
{
    if (world->free_shot_count == 0)
        grow_shots(world);
    uint32_t index = world->free_shots[--world->free_shot_count];
    *world->shots[index] = (struct shot){0};
    return index + 1;
}

struct shot *shot_at(struct world *world, uint32_t shot)
{
    CHECK(shot > 0 && shot <= world->shot_capacity);
    return world->shots[shot - 1];
}

void shot_drop(struct world *world, uint32_t *shot)
{
    if (*shot == 0)
        return;
    workers_cancel(world->workers, &shot_at(world, *shot)->task);
    world->free_shots[world->free_shot_count++] = *shot - 1;
    *shot = 0;
}

void shot_may_fail(struct world *world, uint32_t number, struct stream_key chance)
{
    struct stream stream;
    if (!(world->settings->faults.camera > 0.0))
        return;
    stream_init(&stream, chance);
    shot_at(world, number)->black = stream_chance(&stream, world->settings->faults.camera);
}

void shot_submit(struct world *world, uint32_t number, const struct token_code *code,
                 struct stream_key noise)
{
    struct shot *shot = shot_at(world, number);
    shot->task = (struct task){.run = pipeline_task, .state = TASK_IDLE};
    shot->model = world->token_model;
    shot->noise = noise;
    shot->rules = settings_rules(world->settings);
    shot->code = *code;
    workers_submit(world->workers, &shot->task);
}

static void exhibit(struct world *world, const struct shot *shot, enum shown_by who)
{
    static const char *const names[] = {"customer", "accomplice", "thief"};
    bool watched = world->watch != NULL && world->watch->capture != NULL;
    if (world->gallery == NULL && !watched)
        return;
    bool misread =
        shot->decoded.status == DECODE_OK && !token_code_is_read(&shot->code, &shot->decoded);
    const char *outcome = misread ? "misread"
                          : shot->decoded.status == DECODE_OK
                              ? "accepted"
                              : decode_status_name(shot->decoded.status);
    struct exhibit exhibit = {.shot = *shot,
                              .scheme = world->scheme,
                              .replication = world->replication,
                              .number = world->captures,
                              .at = world->kernel.now};
    exhibit.shot.task = (struct task){NULL, TASK_IDLE}; /* means nothing to another process */
    snprintf(exhibit.who, sizeof exhibit.who, "%s", names[who]);
    snprintf(exhibit.outcome, sizeof exhibit.outcome, "%s", outcome);
    if (world->gallery != NULL)
        gallery_offer(world->gallery, &exhibit);
    if (watched) {
        world->watch->capture(world->watch->observer, &exhibit);
        world_heed_stop(world); /* a picture may be all that was wanted */
    }
}

const struct shot *shot_result(struct world *world, uint32_t number, enum shown_by who)
{
    struct shot *shot = shot_at(world, number);
    workers_await(world->workers, &shot->task);
    world->captures++;
    if (who != PHOTOGRAPHED_BY_THIEF)
        unit_count(world->result, M_DECODED, shot->decodes);
    for (int stage = STAGE_RENDER; stage <= STAGE_DECODE; stage++)
        histogram_add(&world->result->stages[stage], shot->stage_ns[stage]);
    exhibit(world, shot, who);
    return shot;
}

void shot_tell(const struct shot *shot, struct presentation *presentation)
{
    const struct decoded *decoded = &shot->decoded;
    _Static_assert((int)MESSAGE_CODE_BYTES > (int)PAYLOAD_MAX_BYTES, "what is read fits");
    presentation->recognition = pipeline_recognition(decoded->status);
    presentation->code_bytes =
        decoded->length < PAYLOAD_MAX_BYTES ? decoded->length : PAYLOAD_MAX_BYTES;
    memcpy(presentation->code, decoded->text, presentation->code_bytes);
}
