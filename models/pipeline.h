/*
 * The capture pipeline: from a code on a display to the string that a decoder reads.
 *
 *     code -> code image -> irradiance -> frame -> decoded string
 *
 * Several frames of one presentation are tried one after the other until one is read: the hand
 * drifts and trembles from one to the next. Where the display was photographed by a phone first,
 * that photograph, cut to the display, is what the phone shows to the camera.
 *
 * A shot is a pure function of its inputs, so that a worker thread can evaluate it while the event
 * loop runs on (it is a task of experiment/workers.h), and so that any shot can be made again for
 * the gallery. Frames live only in the context of the thread that makes them.
 */
#ifndef CASHPOINT_PIPELINE_H
#define CASHPOINT_PIPELINE_H

#include "experiment/workers.h"
#include "message.h"
#include "optics/camera.h"
#include "symbology/symbology.h"
#include "token/token.h"

enum pipeline_stage {
    STAGE_RENDER,
    STAGE_CAMERA,
    STAGE_DECODE,
    STAGE_VERIFY,
    STAGE_REDEEM,
    STAGE_COUNT
};

extern const char *const stage_names[]; /* null-terminated, by enum pipeline_stage */

/* Frames of one presentation; the tremor is a sine of any direction and phase. */
struct sequence {
    unsigned frames; /* at most SEQUENCE_FRAMES; 0: one */
    double interval_s;
    double tremor_m, tremor_hz, tremor_direction, tremor_phase;
};

enum { SEQUENCE_FRAMES = 30 };

struct shot {
    struct task task; /* first */
    /* inputs */
    struct token_code code;
    struct token_model model;
    struct conditions conditions; /* of the first frame */
    struct sequence sequence;
    bool black;              /* the camera fails: no light reaches any pixel of the frame */
    bool recaptured;         /* shown as a photograph of the token's display ... */
    struct conditions photo; /* ... taken so, and scaled to modules of conditions.display's pitch */
    struct stream_key noise;
    struct decode_rules rules;
    /* results, of the last frame that was tried */
    struct decoded decoded;
    unsigned decodes; /* how many frames went through the decoder */
    struct capture_geometry geometry;
    int64_t stage_ns[STAGE_DECODE + 1]; /* CPU time, measured, of all its frames */
};

/* Of one thread: the largest frame it will make. */
struct pipeline;
struct pipeline *pipeline_new(unsigned width, unsigned height);
void pipeline_free(struct pipeline *pipeline);

/* Evaluates the shot. */
void pipeline_run(struct pipeline *pipeline, struct shot *shot);

/* A frame of any image under any conditions; stands until the next. */
const struct frame *pipeline_photograph(struct pipeline *pipeline, const struct code_image *image,
                                        const struct conditions *conditions,
                                        struct stream_key noise);

/* pipeline_run() as the function of a task: `context` is a pipeline. */
void pipeline_task(struct task *task, void *context);

/* The frame of the last shot; stands until the next. */
const struct frame *pipeline_frame(const struct pipeline *pipeline);

/* The conditions of frame `index` of a shot. */
struct conditions pipeline_conditions(const struct shot *shot, unsigned index);

/* Makes the last frame of the last shot, which the caller still has, again up to a stage, and lets
 * its decoder read that: where is a picture lost? The frame is then this one's. */
enum pipeline_view {
    VIEW_RENDERED, /* in perspective, on the sensor's pixels */
    VIEW_BLURRED,  /* out of focus and moved, too */
    VIEW_SHADED,   /* darker at the corners, and banded by flicker */
    VIEW_COUNT
};
void pipeline_look(struct pipeline *pipeline, const struct shot *shot, enum pipeline_view view,
                   struct decoded *decoded);

enum recognition pipeline_recognition(enum decode_status status);

#endif
