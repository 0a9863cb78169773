/*
 * The camera, stage by stage and whole, at two sizes of frame; the token fills a quarter of it.
 *
 * Before any clock starts, whole frames are held against the plain stages of reference.h, pixel by
 * pixel. The signature of a frame that agrees is the truth of the timed rows, so a stage that is
 * wrong shows as wrong. All figures are a pixel of the frame, also of stages that work on the
 * token's region alone.
 */
#include "bench/shots.h"
#include "bench/suite.h"
#include "optics/reference.h"
#include "streams.h"

#ifdef CASHPOINT_OPENCV
#include "bench/peers/opencv_camera.h"
#endif

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct size {
    const char *name;
    unsigned width, height;
    double pitch_m, focus_m;
} sizes[] = {{"vga", 640, 480, 6e-6, 0.45}, {"720p", 1280, 720, 3.48e-6, 0.183}};

enum { SIZE_COUNT = sizeof sizes / sizeof *sizes, DOTS_WIDE = 128, DOTS_HIGH = 64 };

struct takes {
    const struct size *size;
    size_t count;
    struct shot_plan *plans;
    struct answer *truths;
};

/* One thread's camera and frame; the canvases are the oracle's. */
struct studio {
    struct camera_scratch *camera;
    struct frame frame;
};

static double degrees(double angle)
{
    return angle * 3.14159265358979323846 / 180;
}

/* 2.7 and 4.65 pixels a dot and a disc of 6 pixels; the hand moves by 1.8 and 3.1. */
static void plan(struct shot_plan *shot, const struct size *size, size_t index, bool moving)
{
    struct stream_key key = {.entity = index, .replication = size->width, .purpose = PURPOSE_BENCH};
    struct stream stream;
    stream_init(&stream, key);
    shot_conditions(&shot->conditions);
    struct camera *camera = &shot->conditions.camera;
    camera->width = size->width;
    camera->height = size->height;
    camera->pitch_m = size->pitch_m;
    camera->focus_m = size->focus_m;
    camera->vignetting = true;
    camera->dsnu_dn = 0.5;
    struct pose *pose = &shot->conditions.pose;
    pose->speed_m_s = moving ? 0.03 : 0;
    pose->direction = degrees(360) * stream_uniform(&stream);
    pose->yaw = degrees(16) * (stream_uniform(&stream) - 0.5);
    pose->pitch = degrees(16) * (stream_uniform(&stream) - 0.5);
    pose->roll = degrees(6) * (stream_uniform(&stream) - 0.5);
    char digits[SHOT_DIGITS + 1] = "";
    for (int i = 0; i < SHOT_DIGITS; i++)
        digits[i] = (char)('0' + stream_below(&stream, 10));
    CHECK(symbology_draw(&(struct code_format){.symbology = SYMBOLOGY_CODE128}, digits,
                         strlen(digits), DOTS_WIDE, DOTS_HIGH, &shot->image, NULL));
    shot->noise = key;
    shot->noise.replication++;
}

static void *open_studio(const void *work)
{
    const struct size *size = ((const struct takes *)work)->size;
    struct studio *studio = malloc(sizeof *studio);
    CHECK(studio != NULL);
    studio->camera = camera_scratch_new(size->width, size->height);
    studio->frame =
        (struct frame){size->width, size->height, size->width, calloc(size->width, size->height)};
    CHECK(studio->frame.pixels != NULL);
    return studio;
}

static void close_studio(void *scratch)
{
    struct studio *studio = scratch;
    camera_scratch_free(studio->camera);
    free(studio->frame.pixels);
    free(studio);
}

/* Every 64th group of eight pixels: quick beside the frame itself. */
static void sign(const struct frame *frame, struct answer *answer)
{
    uint64_t sum = 0, eight;
    for (size_t at = 0; at < (size_t)frame->stride * frame->height; at += 512) {
        memcpy(&eight, frame->pixels + at, sizeof eight);
        sum = (sum << 7 | sum >> 57) ^ eight;
    }
    snprintf(answer->text, sizeof answer->text, "%016llx", (unsigned long long)sum);
}

static void render(void *scratch, const void *work, size_t item)
{
    const struct shot_plan *shot = &((const struct takes *)work)->plans[item];
    camera_render(&shot->image, &shot->conditions, ((struct studio *)scratch)->camera);
}

static void run_render(void *scratch, const void *work, size_t item, struct answer *answer)
{
    (void)answer;
    render(scratch, work, item);
}

/* What the benches' discs and lines are made with: kernels. */
static void run_blur(void *scratch, const void *work, size_t item, struct answer *answer)
{
    (void)work, (void)item, (void)answer;
    struct camera_scratch *camera = ((struct studio *)scratch)->camera;
    struct canvas from = camera_canvas(camera, camera->rendered);
    struct canvas to = camera_canvas(camera, camera->blurred);
    kernel_apply(camera->kernel, &from, &to, camera->sums);
}

static void run_shade(void *scratch, const void *work, size_t item, struct answer *answer)
{
    const struct camera *camera = &((const struct takes *)work)->plans[item].conditions.camera;
    float *irradiance = ((struct studio *)scratch)->camera->row.irradiance;
    (void)answer;
    for (unsigned x = 0; x < camera->width; x++) /* or it fades with every frame */
        irradiance[x] = 0.5f;
    for (unsigned y = 0; y < camera->height; y++)
        exposure_shade_row(camera, y, 1.5, irradiance);
}

static void run_sensor(void *scratch, const void *work, size_t item, struct answer *answer)
{
    struct studio *studio = scratch;
    const struct shot_plan *shot = &((const struct takes *)work)->plans[item];
    (void)answer;
    for (unsigned y = 0; y < studio->frame.height; y++)
        sensor_expose_row(&shot->conditions, shot->noise, y, studio->camera->tables,
                          &studio->camera->row,
                          studio->frame.pixels + (size_t)y * studio->frame.stride);
}

static void run_whole(void *scratch, const void *work, size_t item, struct answer *answer)
{
    struct studio *studio = scratch;
    const struct shot_plan *shot = &((const struct takes *)work)->plans[item];
    camera_capture(&shot->image, &shot->conditions, shot->noise, studio->camera, &studio->frame);
    sign(&studio->frame, answer);
}

static void run_memcpy(void *scratch, const void *work, size_t item, struct answer *answer)
{
    struct studio *studio = scratch;
    (void)work, (void)item, (void)answer;
    size_t bytes = (size_t)studio->frame.stride * studio->frame.height;
    memcpy(studio->camera->rendered, studio->frame.pixels, bytes);
    __asm__ volatile("" : : "r"(studio->camera->rendered) : "memory"); /* or it would be left out */
}

/* ---- the oracle ---- */

static struct canvas new_canvas(const struct camera_scratch *camera)
{
    float *cells = calloc(camera->canvas_size, sizeof *cells);
    CHECK(cells != NULL);
    return camera_canvas(camera, cells);
}

/* The canvas of what camera_render made, blurred; the caller frees its cells. */
static struct canvas blurred_plainly(const struct camera_scratch *camera)
{
    struct canvas from = camera_canvas(camera, camera->rendered), to = new_canvas(camera);
    CHECK(camera->disc.radius == 0 && camera->line.radius == 0);
    reference_kernel(camera->kernel, &from, &to);
    return to;
}

/* Whether a frame's bytes are what the plain stages give, to rounding. */
static bool agrees(struct studio *studio, const struct shot_plan *shot)
{
    const struct camera_scratch *camera = studio->camera;
    unsigned width = studio->frame.width;
    struct canvas canvas = blurred_plainly(camera);
    float *irradiance = calloc(width, sizeof *irradiance);
    double *values = calloc(width, sizeof *values);
    CHECK(irradiance != NULL && values != NULL);
    bool agree = true;
    for (unsigned y = 0; y < studio->frame.height && agree; y++) {
        camera_lay_row(camera, &canvas, width, (int)y, irradiance);
        reference_shade_row(&shot->conditions.camera, y, 1, irradiance);
        reference_expose_row(&shot->conditions, shot->noise, y, camera->tables, irradiance, values);
        const uint8_t *bytes = studio->frame.pixels + (size_t)y * studio->frame.stride;
        for (unsigned x = 0; x < width; x++)
            agree = agree && fabs(bytes[x] - values[x]) <= 0.5 + 1e-2;
    }
    free(irradiance);
    free(values);
    free(canvas.cells);
    return agree;
}

/* The plain stages take long: they judge the first frames, all others are the same code. */
static struct answer *find_truths(const struct takes *takes)
{
    enum { JUDGED = 2 };
    struct answer *truths = calloc(takes->count, sizeof *truths);
    CHECK(truths != NULL);
    struct studio *studio = open_studio(takes);
    for (size_t i = 0; i < takes->count; i++) {
        run_whole(studio, takes, i, &truths[i]);
        if (i < JUDGED && !agrees(studio, &takes->plans[i]))
            snprintf(truths[i].text, sizeof truths[i].text, "not the reference");
    }
    close_studio(studio);
    return truths;
}

/* ---- the peer ---- */

#ifdef CASHPOINT_OPENCV

/* Pixels of the warped picture a dot: enough for edges as sharp as a sensor can see. */
enum { ZOOM = 4, BEZEL = CAMERA_BEZEL_DOTS * ZOOM };
enum { PICTURE_WIDE = DOTS_WIDE * ZOOM + 2 * BEZEL, PICTURE_HIGH = DOTS_HIGH * ZOOM + 2 * BEZEL };

struct foreign_studio {
    struct opencv_camera *camera;
    struct opencv_shot shot;
    uint8_t display[PICTURE_HIGH][PICTURE_WIDE];
    uint8_t *frame;
};

static void *open_opencv(const struct takes *takes, bool gaussian)
{
    const struct size *size = takes->size;
    struct foreign_studio *studio = calloc(1, sizeof *studio);
    CHECK(studio != NULL);
    studio->camera = opencv_camera_new((int)size->width, (int)size->height, 6, gaussian);
    studio->frame = calloc(size->width, size->height);
    CHECK(studio->frame != NULL);
    return studio;
}

static void *open_disc(const void *work)
{
    return open_opencv(work, false);
}

static void *open_gaussian(const void *work)
{
    return open_opencv(work, true);
}

static void close_opencv(void *scratch)
{
    struct foreign_studio *studio = scratch;
    opencv_camera_free(studio->camera);
    free(studio->frame);
    free(studio);
}

/* Where a picture's pixel falls on the frame: dots = (pixel - BEZEL) / ZOOM. */
static void lay_out(struct foreign_studio *studio, const void *work, size_t item)
{
    const struct shot_plan *shot = &((const struct takes *)work)->plans[item];
    const struct homography dots = geometry_homography(&shot->image, &shot->conditions);
    double bright = 255 * shot->conditions.camera.level;
    struct opencv_shot *foreign = &studio->shot;
    *foreign = (struct opencv_shot){.display = studio->display[0],
                                    .display_width = PICTURE_WIDE,
                                    .display_height = PICTURE_HIGH,
                                    .surroundings = bright * CAMERA_SURROUNDINGS,
                                    .sigma = 2};
    for (int i = 0; i < 3; i++) {
        double x = dots.m[i][0] / ZOOM, y = dots.m[i][1] / ZOOM;
        foreign->homography[3 * i] = x;
        foreign->homography[3 * i + 1] = y;
        foreign->homography[3 * i + 2] = dots.m[i][2] - BEZEL * (x + y);
    }
    memset(studio->display, (int)bright, sizeof studio->display);
    double dark = bright / shot->conditions.display.contrast;
    for (unsigned y = 0; y < DOTS_HIGH * ZOOM; y++)
        for (unsigned x = 0; x < DOTS_WIDE * ZOOM; x++)
            if (code_image_dark(&shot->image, x / ZOOM, y / ZOOM))
                studio->display[y + BEZEL][x + BEZEL] = (uint8_t)dark;
}

static void prepare_opencv(void *scratch, const void *work, size_t item)
{
    lay_out(scratch, work, item);
}

static void run_opencv(void *scratch, const void *work, size_t item, struct answer *answer)
{
    struct foreign_studio *studio = scratch;
    (void)work, (void)item, (void)answer;
    opencv_camera_capture(studio->camera, &studio->shot, studio->frame);
}

static const struct subject peers[] = {
    {.name = "opencv, disc",
     .open = open_disc,
     .prepare = prepare_opencv,
     .run = run_opencv,
     .close = close_opencv,
     .peer = true,
     .note = "warp, filter2D of a disc, noise of one sigma: no vignetting, no EMVA 1288"},
    {.name = "opencv, gaussian",
     .open = open_gaussian,
     .prepare = prepare_opencv,
     .run = run_opencv,
     .close = close_opencv,
     .peer = true,
     .note = "the same with its quickest blur of that variance"},
};

#endif

/* ---- */

static const struct subject copying = {
    .name = "memcpy", .open = open_studio, .close = close_studio, .run = run_memcpy};

static const struct subject rendering = {
    .name = "render", .open = open_studio, .close = close_studio, .run = run_render};

static const struct subject disc = {
    .name = "disc", .open = open_studio, .close = close_studio, .prepare = render, .run = run_blur};

static const struct subject shading = {
    .name = "vignetting", .open = open_studio, .close = close_studio, .run = run_shade};

static const struct subject noise = {.name = "noise",
                                     .open = open_studio,
                                     .close = close_studio,
                                     .prepare = render,
                                     .run = run_sensor};

static const struct subject whole = {.name = "whole frame",
                                     .open = open_studio,
                                     .close = close_studio,
                                     .run = run_whole,
                                     .answers = true};

static double measure_one(struct bench *bench, const struct takes *takes,
                          const struct subject *subject, const struct answer *truths,
                          double ceiling_s)
{
    struct subject counted = *subject;
    counted.operations = (double)takes->size->width * takes->size->height;
    return bench_measure(bench, takes->size->name, &counted, takes, truths, ceiling_s)->median_s;
}

static void measure_peers(struct bench *bench, const struct takes *takes, double ceiling_s)
{
#ifdef CASHPOINT_OPENCV
    for (size_t i = 0; i < sizeof peers / sizeof *peers; i++)
        measure_one(bench, takes, &peers[i], NULL, ceiling_s);
#else
    (void)bench, (void)takes, (void)ceiling_s;
#endif
}

static void plan_all(struct takes *takes, const struct size *size, size_t count, bool moving)
{
    *takes = (struct takes){.size = size, .count = count};
    takes->plans = calloc(count, sizeof *takes->plans);
    CHECK(takes->plans != NULL);
    for (size_t i = 0; i < count; i++)
        plan(&takes->plans[i], size, i, moving);
    takes->truths = find_truths(takes);
}

static void drop(struct takes *takes)
{
    free(takes->truths);
    free(takes->plans);
}

static void run_size(struct bench *bench, const struct size *size)
{
    struct takes still, moving;
    plan_all(&still, size, bench_effort(bench)->items, false);
    plan_all(&moving, size, bench_effort(bench)->items, true);
    double ceiling_s = measure_one(bench, &still, &copying, NULL, 0);
    struct subject disc_and_line = disc, swaying = whole;
    disc_and_line.name = "disc and line";
    swaying.name = "whole, moving";
    measure_one(bench, &still, &rendering, NULL, ceiling_s);
    measure_one(bench, &still, &disc, NULL, ceiling_s);
    measure_one(bench, &moving, &disc_and_line, NULL, ceiling_s);
    measure_one(bench, &still, &shading, NULL, ceiling_s);
    measure_one(bench, &still, &noise, NULL, ceiling_s);
    measure_one(bench, &still, &whole, still.truths, ceiling_s);
    measure_one(bench, &moving, &swaying, moving.truths, ceiling_s);
    measure_peers(bench, &still, ceiling_s);
    drop(&still);
    drop(&moving);
}

static void run(struct bench *bench)
{
    for (size_t i = 0; i < SIZE_COUNT; i++)
        run_size(bench, &sizes[i]);
}

const struct suite suite_camera = {
    "camera",  "The camera at VGA and 720p: each stage and the whole frame; peer: OpenCV",
    run,       "memcpy",
    "a pixel", NULL,
    false};
