#include "bench/degrade.h"

#include "bench/drawing.h"
#include "engine/hash.h"
#include "streams.h"

#include <math.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_RADIUS = 16 };

static const double DEGREE = 3.14159265358979323846 / 180;

struct degrader {
    unsigned width, height;
    struct camera_scratch *camera;
    float *grey, *across; /* a frame each */
};

struct degrader *degrader_new(enum frame_size size)
{
    struct degrader *degrader = malloc(sizeof *degrader);
    CHECK(degrader != NULL);
    size_pixels(size, &degrader->width, &degrader->height);
    size_t pixels = (size_t)degrader->width * degrader->height;
    degrader->camera = camera_scratch_new(degrader->width, degrader->height);
    degrader->grey = malloc(pixels * sizeof *degrader->grey);
    degrader->across = malloc(pixels * sizeof *degrader->across);
    CHECK(degrader->grey != NULL && degrader->across != NULL);
    return degrader;
}

void degrader_free(struct degrader *degrader)
{
    camera_scratch_free(degrader->camera);
    free(degrader->grey);
    free(degrader->across);
    free(degrader);
}

/* ---- the display, and where it is held ---- */

static double either_way(struct stream *stream, double angle_deg)
{
    return (stream_below(stream, 2) == 0 ? -1 : 1) * angle_deg * DEGREE;
}

static double within(struct stream *stream, double most)
{
    return most * (2 * stream_uniform(stream) - 1);
}

/* A pinhole before a display whose dots are as large as a module shall be. */
static void hold(const struct degrader *degrader, const struct degradation *is,
                 struct stream *stream, struct conditions *conditions)
{
    static const double yaws[] = {0, 15, 35}, pitches[] = {0, 10, 20};
    const double focal_px = 1.25 * degrader->width, pitch_m = 6e-6, dot_m = 0.45e-3;
    double distance_m = focal_px * dot_m / is->module_px, most_m = 0.025 * distance_m / 1.25;
    *conditions = (struct conditions){
        .display = {.pitch_m = dot_m, .contrast = 1e6},
        .camera = {.width = degrader->width,
                   .height = degrader->height,
                   .pitch_m = pitch_m,
                   .focal_length_m = focal_px * pitch_m,
                   .f_number = 1000,
                   .focus_m = 1e6, /* so that the image lies at the focal length */
                   .exposure_s = 0.01,
                   .full_well_e = 10000,
                   .level = 1},
        .pose = {.distance_m = distance_m},
    };
    conditions->pose.offset_x_m = within(stream, most_m);
    conditions->pose.offset_y_m = within(stream, most_m);
    conditions->pose.roll = within(stream, DEGREE) + either_way(stream, is->rotation_deg);
    conditions->pose.yaw = either_way(stream, yaws[is->perspective]);
    conditions->pose.pitch = either_way(stream, pitches[is->perspective]);
}

/* ---- what happens to the picture ---- */

static unsigned make_kernel(double sd_px, float kernel[2 * MAX_RADIUS + 1])
{
    unsigned radius = (unsigned)ceil(4 * sd_px);
    CHECK(radius <= MAX_RADIUS);
    double sum = 0, weights[2 * MAX_RADIUS + 1];
    for (unsigned i = 0; i <= 2 * radius; i++) {
        double x = (double)i - radius;
        weights[i] = exp(-x * x / (2 * sd_px * sd_px));
        sum += weights[i];
    }
    for (unsigned i = 0; i <= 2 * radius; i++)
        kernel[i] = (float)(weights[i] / sum);
    return radius;
}

static void blur_row(const float *from, float *to, unsigned width, const float *kernel,
                     unsigned radius)
{
    float padded[4096 + 2 * MAX_RADIUS];
    CHECK(width <= 4096);
    for (unsigned i = 0; i < width + 2 * radius; i++) {
        unsigned x = i < radius ? 0 : i - radius;
        padded[i] = from[x < width ? x : width - 1];
    }
    for (unsigned x = 0; x < width; x++)
        to[x] = 0;
    for (unsigned k = 0; k <= 2 * radius; k++)
        for (unsigned x = 0; x < width; x++)
            to[x] += kernel[k] * padded[x + k];
}

/* Separable, the edges going on as they are. */
static void blur(struct degrader *degrader, double sd_px)
{
    float kernel[2 * MAX_RADIUS + 1];
    unsigned radius = make_kernel(sd_px, kernel), width = degrader->width;
    int last = (int)degrader->height - 1;
    for (int y = 0; y <= last; y++)
        blur_row(degrader->grey + (size_t)y * width, degrader->across + (size_t)y * width, width,
                 kernel, radius);
    for (int y = 0; y <= last; y++) {
        float *row = degrader->grey + (size_t)y * width;
        memset(row, 0, width * sizeof *row);
        for (unsigned k = 0; k <= 2 * radius; k++) {
            int at = y + (int)k - (int)radius;
            at = at < 0 ? 0 : at > last ? last : at;
            const float *from = degrader->across + (size_t)at * width;
            for (unsigned x = 0; x < width; x++)
                row[x] += kernel[k] * from[x];
        }
    }
}

/* Drawn whatever the light, so that frames of all lights hold the same codes in the same places. */
struct lamp {
    double dx, dy; /* where it comes from */
    double x, y;   /* of the glare, from the middle, in widths */
};

static struct lamp place_lamp(struct stream *stream)
{
    struct lamp lamp;
    double direction = 360 * DEGREE * stream_uniform(stream);
    lamp.dx = cos(direction);
    lamp.dy = sin(direction);
    lamp.x = within(stream, 0.2);
    lamp.y = within(stream, 0.08);
    return lamp;
}

/* At (x, y) from the middle, in widths of a frame whose corners are `corner` widths away. */
static double lit(double grey, enum light light, const struct lamp *lamp, double x, double y,
                  double corner)
{
    double along = x * lamp->dx + y * lamp->dy;
    double r2 = (x * x + y * y) / (corner * corner);
    double dx = (x - lamp->x) / 0.08, dy = (y - lamp->y) / 0.08;
    switch (light) {
    case LIGHT_GRADIENT:
        return grey * (1 - 0.5 * (0.5 + 0.5 * along / corner));
    case LIGHT_VIGNETTING:
        return grey / ((1 + r2) * (1 + r2));
    case LIGHT_GLARE:
        return grey + 150 * exp(-0.5 * (dx * dx + dy * dy));
    default:
        return grey;
    }
}

static void light_up(struct degrader *degrader, const struct degradation *is,
                     const struct lamp *lamp)
{
    double width = degrader->width, height = degrader->height;
    double corner = 0.5 * hypot(1, height / width);
    float *grey = degrader->grey;
    for (unsigned y = 0; y < degrader->height; y++)
        for (unsigned x = 0; x < degrader->width; x++, grey++) {
            double level = 128 + 100 * is->contrast * (2 * (double)*grey - 1);
            if (is->light != LIGHT_EVEN)
                level = lit(level, is->light, lamp, (x + 0.5) / width - 0.5,
                            (y + 0.5 - 0.5 * height) / width, corner);
            *grey = (float)level;
        }
}

static void add_noise(const struct degrader *degrader, double sd, struct stream_key key,
                      struct frame *frame)
{
    struct stream stream;
    stream_init(&stream, key);
    size_t pixels = (size_t)degrader->width * degrader->height;
    for (size_t i = 0; i < pixels; i++) {
        double level = stream_normal(&stream, (double)degrader->grey[i], sd);
        level = level < 0 ? 0 : level > 255 ? 255 : level;
        frame->pixels[i] = (uint8_t)lrint(level);
    }
}

void degrader_make(struct degrader *degrader, const struct cell *cell, uint64_t index,
                   struct frame *frame, struct answer *truth)
{
    struct degradation is = cell_degradation(cell);
    char path[CELL_PATH_BYTES];
    cell_path(cell, path);
    struct stream_key key = {.entity = 2 * index,
                             .replication = (uint32_t)hash_bytes(HASH_START, path, strlen(path)),
                             .purpose = PURPOSE_BENCH};
    struct stream stream;
    stream_init(&stream, key);
    struct code_image image;
    struct conditions conditions;
    drawing_make(cell->symbol, cell->payload, &stream, &image, truth);
    hold(degrader, &is, &stream, &conditions);
    struct lamp lamp = place_lamp(&stream);
    if (is.blank) {
        memset(image.bits, 0, sizeof image.bits);
        memset(truth, 0, sizeof *truth);
    }
    camera_render(&image, &conditions, degrader->camera);
    camera_irradiance(&conditions, key, degrader->camera, CAMERA_RENDERED, frame);
    for (size_t i = 0; i < (size_t)degrader->width * degrader->height; i++)
        degrader->grey[i] = (float)frame->pixels[i] / 255;
    blur(degrader, is.blur_px);
    light_up(degrader, &is, &lamp);
    key.entity++;
    add_noise(degrader, is.noise, key, frame);
}

/* ---- many, on all cores ---- */

struct works {
    struct batch *batch;
    const struct cell *cell;
    uint64_t first;
    atomic_size_t next;
};

static void *make_some(void *argument)
{
    struct works *works = argument;
    struct degrader *degrader = degrader_new(works->cell->size);
    size_t i;
    while ((i = atomic_fetch_add(&works->next, 1)) < works->batch->count)
        degrader_make(degrader, works->cell, works->first + i, &works->batch->frames[i],
                      &works->batch->truths[i]);
    degrader_free(degrader);
    return NULL;
}

void on_all_cores(void *(*work)(void *argument), void *argument, int jobs)
{
    enum { MOST_THREADS = 256 };
    pthread_t threads[MOST_THREADS];
    CHECK(jobs >= 1 && jobs <= MOST_THREADS);
    for (int i = 1; i < jobs; i++)
        CHECK(pthread_create(&threads[i], NULL, work, argument) == 0);
    work(argument);
    for (int i = 1; i < jobs; i++)
        CHECK(pthread_join(threads[i], NULL) == 0);
}

void degrade_batch(struct batch *batch, const struct cell *cell, uint64_t first, size_t count,
                   int jobs)
{
    unsigned width, height;
    size_pixels(cell->size, &width, &height);
    batch_init(batch, cell->symbol, count, width, height);
    struct works works = {.batch = batch, .cell = cell, .first = first};
    on_all_cores(make_some, &works, jobs);
}
