#include "pipeline.h"

#include "engine/stopwatch.h"

#include <stdlib.h>

const char *const stage_names[] = {"render", "camera", "decode", "verify", "redeem", NULL};

struct pipeline {
    unsigned width, height; /* room */
    struct camera_scratch *scratch;
    struct decoder *decoder;
    struct code_image image;
    struct frame frame;
    uint8_t *pixels;
};

struct pipeline *pipeline_new(unsigned width, unsigned height)
{
    struct pipeline *pipeline = calloc(1, sizeof *pipeline);
    CHECK(pipeline != NULL);
    pipeline->width = width;
    pipeline->height = height;
    pipeline->scratch = camera_scratch_new(width, height);
    pipeline->decoder = decoder_new();
    pipeline->pixels = malloc((size_t)width * height);
    CHECK(pipeline->pixels != NULL);
    return pipeline;
}

void pipeline_free(struct pipeline *pipeline)
{
    if (pipeline == NULL)
        return;
    camera_scratch_free(pipeline->scratch);
    decoder_free(pipeline->decoder);
    free(pipeline->pixels);
    free(pipeline);
}

static int64_t lap(int64_t *since_ns)
{
    int64_t now_ns = stopwatch_ns(), took_ns = now_ns - *since_ns;
    *since_ns = now_ns;
    return took_ns;
}

static void begin_frame(struct pipeline *pipeline, const struct camera *camera)
{
    CHECK(camera->width <= pipeline->width && camera->height <= pipeline->height);
    pipeline->frame =
        (struct frame){camera->width, camera->height, camera->width, pipeline->pixels};
}

void pipeline_run(struct pipeline *pipeline, struct shot *shot)
{
    begin_frame(pipeline, &shot->conditions.camera);
    int64_t since_ns = stopwatch_ns();
    token_show(&shot->model, shot->code, &pipeline->image);
    camera_render(&pipeline->image, &shot->conditions, pipeline->scratch);
    shot->stage_ns[STAGE_RENDER] = lap(&since_ns);
    camera_expose(&shot->conditions, shot->noise, pipeline->scratch, &pipeline->frame);
    shot->stage_ns[STAGE_CAMERA] = lap(&since_ns);
    decoder_read(pipeline->decoder, &pipeline->frame, &shot->rules, &shot->decoded);
    shot->decodes++;
    shot->stage_ns[STAGE_DECODE] = lap(&since_ns);
    shot->geometry = camera_geometry(&pipeline->image, &shot->conditions);
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
    camera_irradiance(&shot->conditions, pipeline->scratch, view == VIEW_BLURRED, &pipeline->frame);
    decoder_read(pipeline->decoder, &pipeline->frame, &shot->rules, decoded);
}

enum recognition pipeline_recognition(enum decode_status status)
{
    switch (status) {
    case DECODE_OK:
        return RECOGNITION_READ;
    case DECODE_NO_SYMBOL:
        return RECOGNITION_NOTHING;
    case DECODE_AMBIGUOUS:
        return RECOGNITION_AMBIGUOUS;
    default:
        return RECOGNITION_FOREIGN;
    }
}
