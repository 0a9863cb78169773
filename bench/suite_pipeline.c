/* Each stage from the display to the decoded string, on shots as they should be. */
#include "bench/shots.h"
#include "bench/subjects.h"
#include "bench/suite.h"

#include <stdlib.h>
#include <string.h>

/* One thread's camera, frame and decoder. */
struct bellows {
    struct camera_scratch *camera;
    struct decoder *decoder;
    struct frame frame;
};

static void *open_bellows(const void *work)
{
    (void)work;
    struct bellows *bellows = malloc(sizeof *bellows);
    CHECK(bellows != NULL);
    bellows->camera = camera_scratch_new(SHOT_WIDTH, SHOT_HEIGHT);
    bellows->decoder = decoder_new();
    bellows->frame = batch_frame_new(SHOT_WIDTH, SHOT_HEIGHT);
    return bellows;
}

static void close_bellows(void *scratch)
{
    struct bellows *bellows = scratch;
    camera_scratch_free(bellows->camera);
    decoder_free(bellows->decoder);
    free(bellows->frame.pixels);
    free(bellows);
}

static void render(void *scratch, const void *work, size_t item)
{
    const struct shot_plan *shot = &((const struct shots *)work)->plans[item];
    camera_render(&shot->image, &shot->conditions, ((struct bellows *)scratch)->camera);
}

static void run_draw(void *scratch, const void *work, size_t item, struct answer *answer)
{
    (void)scratch;
    (void)answer;
    struct code_image image;
    const struct answer *truth = &((const struct shots *)work)->batch.truths[item];
    CHECK(symbology_draw(&(struct code_format){.symbology = SYMBOLOGY_CODE128}, truth->text,
                         truth->length, 128, 64, &image, NULL));
}

static void run_render(void *scratch, const void *work, size_t item, struct answer *answer)
{
    (void)answer;
    render(scratch, work, item);
}

static void run_camera(void *scratch, const void *work, size_t item, struct answer *answer)
{
    struct bellows *bellows = scratch;
    const struct shot_plan *shot = &((const struct shots *)work)->plans[item];
    (void)answer;
    camera_expose(&shot->conditions, shot->noise, bellows->camera, &bellows->frame);
}

static void run_all(void *scratch, const void *work, size_t item, struct answer *answer)
{
    struct bellows *bellows = scratch;
    struct decode_rules rules = decode_rules_strict(SYMBOLOGY_CODE128, SHOT_DIGITS);
    struct decoded decoded;
    run_draw(scratch, work, item, answer);
    render(scratch, work, item);
    run_camera(scratch, work, item, answer);
    decoder_read(bellows->decoder, &bellows->frame, &rules, &decoded);
    if (decoded.status == DECODE_OK)
        answer_set(answer, decoded.text, decoded.length);
}

static const struct subject draw = {
    .name = "draw", .open = open_bellows, .close = close_bellows, .run = run_draw};
static const struct subject rendering = {
    .name = "render", .open = open_bellows, .close = close_bellows, .run = run_render};
static const struct subject camera = {.name = "camera",
                                      .open = open_bellows,
                                      .close = close_bellows,
                                      .prepare = render,
                                      .run = run_camera};
static const struct subject all = {
    .name = "all", .open = open_bellows, .close = close_bellows, .run = run_all, .answers = true};

static void run(struct bench *bench)
{
    struct shots shots;
    shots_plan(&shots, SHOT_CLEAN, bench_effort(bench)->items);
    shots_capture(&shots);
    struct subject decode = subject_decoder;
    decode.name = "decode";
    double ceiling_s =
        bench_measure(bench, "clean", &subject_memcpy, &shots.batch, NULL, 0)->median_s;
    bench_measure(bench, "clean", &draw, &shots, NULL, ceiling_s);
    bench_measure(bench, "clean", &rendering, &shots, NULL, ceiling_s);
    bench_measure(bench, "clean", &camera, &shots, NULL, ceiling_s);
    bench_measure(bench, "clean", &decode, &shots.batch, shots.batch.truths, ceiling_s);
    bench_measure(bench, "clean", &all, &shots, shots.batch.truths, ceiling_s);
    shots_fini(&shots);
}

const struct suite suite_pipeline = {
    "pipeline", "The stages of a shot: draw, render, camera, decode, and all of them",
    run,        "memcpy",
    NULL,       NULL,
    false};
