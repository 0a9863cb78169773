/*
 * Shots: different codes on the token's display in different poses, and the frames a camera makes
 * of them. The numbers come from fixed streams: every run, on every machine, has the same frames.
 */
#ifndef CASHPOINT_SHOTS_H
#define CASHPOINT_SHOTS_H

#include "bench/batch.h"
#include "optics/camera.h"

enum { SHOT_WIDTH = 640, SHOT_HEIGHT = 480, SHOT_DIGITS = 12 };

/* Kinds of shot; each but the first is the first with one thing changed. */
enum shot_kind { SHOT_CLEAN, SHOT_NOISY, SHOT_BLURRED, SHOT_TILTED, SHOT_EMPTY, SHOT_KIND_COUNT };

extern const char *const shot_kind_names[];

struct shot_plan {
    struct code_image image;
    struct conditions conditions;
    struct stream_key noise;
};

struct shots {
    struct batch batch; /* black until shots_capture; truths are empty where the display is blank */
    struct shot_plan *plans;
};

void shots_plan(struct shots *shots, enum shot_kind kind, size_t count);
void shots_capture(struct shots *shots);
void shots_fini(struct shots *shots);

/* Hands over the frames and their truths, and frees the rest. */
struct batch shots_take(struct shots *shots);

/* Of every clean shot, before its pose is varied: a VGA camera, sharp, 100 mm from an LCD. */
void shot_conditions(struct conditions *conditions);

#endif
