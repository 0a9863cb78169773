#include "pipeline.h"

#include "engine/stopwatch.h"
#include "recapture.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

const char *const stage_names[] = {"render", "camera", "decode", "verify", "redeem", NULL};

struct pipeline {
    unsigned width, height;         /* room */
    struct camera_scratch *scratch; /* null until there is a frame to make, as the next two */
    struct decoder *decoder;
    struct code_image image;
    struct frame frame;
    uint8_t *pixels;
    struct recapture *recapture;  /* null until one is needed */
    struct conditions conditions; /* of the last frame */
};

struct pipeline *pipeline_new(unsigned width, unsigned height)
{
    struct pipeline *pipeline = calloc(1, sizeof *pipeline);
    CHECK(pipeline != NULL);
    pipeline->width = width;
    pipeline->height = height;
    return pipeline;
}

/* Much memory, and some time: many a unit has no frames at all. */
static void make_room(struct pipeline *pipeline)
{
    pipeline->scratch = camera_scratch_new(pipeline->width, pipeline->height);
    pipeline->decoder = decoder_new();
    pipeline->pixels = malloc((size_t)pipeline->width * pipeline->height);
    CHECK(pipeline->pixels != NULL);
}

void pipeline_free(struct pipeline *pipeline)
{
    if (pipeline == NULL)
        return;
    camera_scratch_free(pipeline->scratch);
    decoder_free(pipeline->decoder);
    free(pipeline->pixels);
    recapture_free(pipeline->recapture);
    free(pipeline);
}

static int64_t lap(int64_t *since_ns)
{
    int64_t now_ns = stopwatch_ns(), took_ns = now_ns - *since_ns;
    *since_ns = now_ns;
    return took_ns;
}

struct conditions pipeline_conditions(const struct shot *shot, unsigned index)
{
    struct conditions conditions = shot->conditions;
    const struct sequence *sequence = &shot->sequence;
    struct pose *pose = &conditions.pose;
    double later_s = index * sequence->interval_s, drift_m = pose->speed_m_s * later_s;
    double turn = 2.0 * M_PI * sequence->tremor_hz * later_s + sequence->tremor_phase;
    double swing_m = sequence->tremor_m * (sin(turn) - sin(sequence->tremor_phase));
    pose->offset_x_m += drift_m * cos(pose->direction) + swing_m * cos(sequence->tremor_direction);
    pose->offset_y_m += drift_m * sin(pose->direction) + swing_m * sin(sequence->tremor_direction);
    conditions.frame = index;
    return conditions;
}

/* What the camera is shown: the display, or a photograph of it on another. */
static void render(struct pipeline *pipeline, const struct shot *shot)
{
    if (!shot->recaptured) {
        camera_render(&pipeline->image, &pipeline->conditions, pipeline->scratch);
        return;
    }
    struct conditions conditions = pipeline->conditions;
    conditions.display.pitch_m = recapture_pitch_m(pipeline->recapture);
    camera_render_picture(recapture_picture(pipeline->recapture), &conditions, pipeline->scratch);
}

static void draw(struct pipeline *pipeline, struct shot *shot)
{
    token_show(&shot->model, &shot->code, &pipeline->image);
    if (!shot->recaptured)
        return;
    if (pipeline->recapture == NULL)
        pipeline->recapture = recapture_new();
    recapture_take(pipeline->recapture, &pipeline->image, &shot->photo, shot->noise,
                   &shot->conditions.display);
}

static void try_frame(struct pipeline *pipeline, struct shot *shot, unsigned index,
                      int64_t *since_ns)
{
    pipeline->conditions = pipeline_conditions(shot, index);
    render(pipeline, shot);
    shot->stage_ns[STAGE_RENDER] += lap(since_ns);
    camera_expose(&pipeline->conditions, shot->noise, pipeline->scratch, &pipeline->frame);
    if (shot->black)
        memset(pipeline->pixels, 0, (size_t)pipeline->frame.width * pipeline->frame.height);
    shot->stage_ns[STAGE_CAMERA] += lap(since_ns);
    (index == 0 ? decoder_read : decoder_more)(pipeline->decoder, &pipeline->frame, &shot->rules,
                                               &shot->decoded);
    shot->decodes++;
    shot->stage_ns[STAGE_DECODE] += lap(since_ns);
}

static void begin_frame(struct pipeline *pipeline, const struct camera *camera)
{
    CHECK(camera->width <= pipeline->width && camera->height <= pipeline->height);
    if (pipeline->scratch == NULL)
        make_room(pipeline);
    pipeline->frame =
        (struct frame){camera->width, camera->height, camera->width, pipeline->pixels};
}

void pipeline_run(struct pipeline *pipeline, struct shot *shot)
{
    CHECK(shot->sequence.frames <= SEQUENCE_FRAMES);
    begin_frame(pipeline, &shot->conditions.camera);
    shot->decodes = 0;
    for (int stage = STAGE_RENDER; stage <= STAGE_DECODE; stage++)
        shot->stage_ns[stage] = 0;
    int64_t since_ns = stopwatch_ns();
    draw(pipeline, shot);
    do
        try_frame(pipeline, shot, shot->decodes, &since_ns);
    while (shot->decodes < shot->sequence.frames && shot->decoded.status != DECODE_OK);
    shot->geometry = camera_geometry(&pipeline->image, &pipeline->conditions);
}

const struct frame *pipeline_photograph(struct pipeline *pipeline, const struct code_image *image,
                                        const struct conditions *conditions,
                                        struct stream_key noise)
{
    begin_frame(pipeline, &conditions->camera);
    camera_capture(image, conditions, noise, pipeline->scratch, &pipeline->frame);
    return &pipeline->frame;
}

void pipeline_task(struct task *task, void *context)
{
    pipeline_run(context, (struct shot *)task);
}

const struct frame *pipeline_frame(const struct pipeline *pipeline)
{
    return &pipeline->frame;
}

void pipeline_look(struct pipeline *pipeline, const struct shot *shot, enum pipeline_view view,
                   struct decoded *decoded)
{
    static const enum camera_view views[VIEW_COUNT] = {[VIEW_RENDERED] = CAMERA_RENDERED,
                                                       [VIEW_BLURRED] = CAMERA_BLURRED,
                                                       [VIEW_SHADED] = CAMERA_SHADED};
    camera_irradiance(&pipeline->conditions, shot->noise, pipeline->scratch, views[view],
                      &pipeline->frame);
    decoder_read(pipeline->decoder, &pipeline->frame, &shot->rules, decoded);
}

enum recognition pipeline_recognition(enum decode_status status)
{
    switch (status) {
    case DECODE_OK:
        return RECOGNITION_READ;
    case DECODE_NO_SYMBOL:
    case DECODE_UNREADABLE:
    case DECODE_TOO_SMALL:
    case DECODE_OVER_BUDGET:
        return RECOGNITION_NOTHING;
    case DECODE_AMBIGUOUS:
        return RECOGNITION_AMBIGUOUS;
    default:
        return RECOGNITION_FOREIGN;
    }
}
