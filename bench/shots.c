#include "bench/shots.h"

#include "streams.h"

#include <stdlib.h>
#include <string.h>

const char *const shot_kind_names[] = {"clean", "noisy", "blurred", "tilted", "empty"};

static const double DEGREE = 3.14159265358979323846 / 180;

/* A VGA camera 100 mm from a 128 x 64 LCD: 2.7 pixels a module. */
static const struct conditions usual = {
    .display = {.pitch_m = 0.45e-3, .contrast = 10},
    .camera = {.width = SHOT_WIDTH,
               .height = SHOT_HEIGHT,
               .pitch_m = 6e-6,
               .focal_length_m = 3.6e-3,
               .f_number = 2.8,
               .focus_m = 0.1,
               .exposure_s = 0.01,
               .full_well_e = 10000,
               .read_noise_e = 20,
               .prnu = 0.01,
               .level = 0.7},
    .pose = {.distance_m = 0.1, .speed_m_s = 0.01},
};

void shot_conditions(struct conditions *conditions)
{
    *conditions = usual;
}

static void vary(struct conditions *conditions, enum shot_kind kind, struct stream *stream)
{
    struct pose *pose = &conditions->pose;
    pose->distance_m += 0.01 * (2 * stream_uniform(stream) - 1);
    pose->offset_x_m = 0.004 * (2 * stream_uniform(stream) - 1);
    pose->offset_y_m = 0.004 * (2 * stream_uniform(stream) - 1);
    pose->roll = 3 * DEGREE * (2 * stream_uniform(stream) - 1);
    pose->direction = 360 * DEGREE * stream_uniform(stream);
    double yaw = stream_normal(stream, 0, 8 * DEGREE), pitch = stream_normal(stream, 0, 8 * DEGREE);
    double roll = 40 * DEGREE * (2 * stream_uniform(stream) - 1);
    if (kind == SHOT_NOISY)
        conditions->camera.full_well_e = 300; /* in the dark: noise of about 20 grey levels */
    if (kind == SHOT_BLURRED)
        conditions->camera.focus_m = 0.29; /* a defocus disc of about 1.9 modules */
    if (kind == SHOT_TILTED) {
        pose->yaw = yaw;
        pose->pitch = pitch;
        pose->roll = roll;
    }
}

static void plan(struct shot_plan *shot, enum shot_kind kind, size_t index, struct answer *truth)
{
    struct stream_key key = {
        .entity = index, .replication = 2 * (uint32_t)kind, .purpose = PURPOSE_BENCH};
    struct stream stream;
    stream_init(&stream, key);
    for (int i = 0; i < SHOT_DIGITS; i++)
        truth->text[i] = (char)('0' + stream_below(&stream, 10));
    truth->length = SHOT_DIGITS;
    CHECK(symbology_draw(&(struct code_format){.symbology = SYMBOLOGY_CODE128}, truth->text,
                         truth->length, 128, 64, &shot->image, NULL));
    shot->conditions = usual;
    vary(&shot->conditions, kind, &stream);
    shot->noise = key;
    shot->noise.replication++;
    if (kind == SHOT_EMPTY) {
        memset(shot->image.bits, 0, sizeof shot->image.bits);
        memset(truth, 0, sizeof *truth);
    }
}

void shots_plan(struct shots *shots, enum shot_kind kind, size_t count)
{
    batch_init(&shots->batch, SYMBOL_CODE128, count, SHOT_WIDTH, SHOT_HEIGHT);
    shots->plans = calloc(count, sizeof *shots->plans);
    CHECK(shots->plans != NULL);
    for (size_t i = 0; i < count; i++)
        plan(&shots->plans[i], kind, i, &shots->batch.truths[i]);
}

void shots_capture(struct shots *shots)
{
    struct camera_scratch *scratch = camera_scratch_new(SHOT_WIDTH, SHOT_HEIGHT);
    for (size_t i = 0; i < shots->batch.count; i++) {
        const struct shot_plan *shot = &shots->plans[i];
        camera_capture(&shot->image, &shot->conditions, shot->noise, scratch,
                       &shots->batch.frames[i]);
    }
    camera_scratch_free(scratch);
}

void shots_fini(struct shots *shots)
{
    batch_fini(&shots->batch);
    free(shots->plans);
    shots->plans = NULL;
}

struct batch shots_take(struct shots *shots)
{
    struct batch batch = shots->batch;
    shots->batch = (struct batch){0};
    shots_fini(shots);
    return batch;
}
