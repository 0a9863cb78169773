#include "matrix.h"

#include "engine/hash.h"
#include "people/people.h"
#include "pipeline.h"
#include "streams.h"

#include <math.h>
#include <stdlib.h>

struct capture {
    struct task task; /* first */
    const struct settings *settings;
    unsigned replication, number;
    uint64_t dots, errors;
};

static struct stream_key key_of(const struct capture *capture, enum stream_purpose purpose)
{
    return (struct stream_key){(uint64_t)capture->settings->seed, capture->number,
                               capture->replication, (uint16_t)purpose};
}

static void toss(const struct capture *capture, struct code_image *image)
{
    const struct display_settings *display = &capture->settings->display;
    struct stream stream;
    stream_init(&stream, key_of(capture, PURPOSE_MATRIX));
    *image = (struct code_image){
        .width = (uint16_t)display->width, .height = (uint16_t)display->height, .module_px = 1};
    for (unsigned y = 0; y < image->height; y++)
        for (unsigned x = 0; x < (image->width + 7u) / 8; x++)
            image->bits[y][x] = (uint8_t)(stream_u32(&stream) >> 24);
}

static double pixel(const struct frame *frame, int x, int y)
{
    x = x < 0 ? 0 : x >= (int)frame->width ? (int)frame->width - 1 : x;
    y = y < 0 ? 0 : y >= (int)frame->height ? (int)frame->height - 1 : y;
    return frame->pixels[(size_t)y * frame->stride + (size_t)x];
}

/* Between the four pixels whose centres (at .5) lie around (u, v). */
static double grey_at(const struct frame *frame, double u, double v)
{
    double left = floor(u - 0.5), top = floor(v - 0.5);
    double right_share = u - 0.5 - left, bottom_share = v - 0.5 - top;
    int x = (int)left, y = (int)top;
    double above = pixel(frame, x, y) * (1.0 - right_share) + pixel(frame, x + 1, y) * right_share;
    double below =
        pixel(frame, x, y + 1) * (1.0 - right_share) + pixel(frame, x + 1, y + 1) * right_share;
    return above * (1.0 - bottom_share) + below * bottom_share;
}

static bool is_read_dark(const struct conditions *conditions, const struct code_image *image,
                         const struct frame *frame, double x, double y)
{
    const struct camera *camera = &conditions->camera;
    double half = 0.5 * camera->level * (1.0 + 1.0 / conditions->display.contrast);
    double threshold = camera->dark_dn + (255.0 - camera->dark_dn) * half;
    double u, v;
    camera_project(image, conditions, x, y, &u, &v);
    bool inside = u >= 0.0 && v >= 0.0 && u < camera->width && v < camera->height;
    return inside && grey_at(frame, u, v) < threshold;
}

/* The function of a capture's task; `context` is a pipeline. */
static void take(struct task *task, void *context)
{
    struct capture *capture = (struct capture *)task;
    const struct settings *settings = capture->settings;
    struct code_image image;
    struct stream stream;
    toss(capture, &image);
    stream_init(&stream, key_of(capture, PURPOSE_POSE));
    struct conditions conditions = {.display = settings_display(&settings->display),
                                    .camera = settings_capture_camera(&settings->terminals),
                                    .pose = people_hold(&settings->presentation, &stream)};
    const struct frame *frame =
        pipeline_photograph(context, &image, &conditions, key_of(capture, PURPOSE_NOISE));
    for (unsigned y = 0; y < image.height; y++)
        for (unsigned x = 0; x < image.width; x++)
            capture->errors += is_read_dark(&conditions, &image, frame, x + 0.5, y + 0.5) !=
                               code_image_dark(&image, x, y);
    capture->dots = (uint64_t)image.width * image.height;
}

static bool is_stopped(const struct world_watch *watch)
{
    return watch != NULL && watch->stop != NULL && *watch->stop;
}

static void count(struct unit_result *result, const struct capture *capture)
{
    unit_ratio(result, M_BIT_ERRORS, (double)capture->errors, (double)capture->dots);
    result->fingerprint = hash_bytes(result->fingerprint, &capture->errors, sizeof capture->errors);
}

enum world_end matrix_run(const struct settings *settings, unsigned replication,
                          struct workers *workers, const struct world_watch *watch,
                          struct unit_result *result)
{
    unsigned captures = (unsigned)settings->matrix_captures, done = 0;
    struct capture *all = calloc(captures, sizeof *all);
    CHECK(all != NULL);
    result->fingerprint = HASH_START;
    for (unsigned i = 0; i < captures; i++) {
        all[i] = (struct capture){.task = {.run = take, .state = TASK_IDLE},
                                  .settings = settings,
                                  .replication = replication,
                                  .number = i};
        workers_submit(workers, &all[i].task);
    }
    for (; done < captures && !is_stopped(watch); done++) { /* in order, whoever took them */
        workers_await(workers, &all[done].task);
        count(result, &all[done]);
    }
    for (unsigned i = done; i < captures; i++)
        workers_cancel(workers, &all[i].task);
    free(all);
    return done == captures ? WORLD_DONE : WORLD_STOPPED;
}
