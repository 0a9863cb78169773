/*
 * Stress: corruptions of ImageNet-C (Hendrycks and Dietterich 2019) at severities 1 to 5, of the
 * finished frame, in its own pixels. They are far beyond what a camera does and tell how a decoder
 * gives way; a camera's own blur and noise come from its conditions.
 *
 * Noise as published. Defocus: a disc, without the slight gaussian that hides its steps. Motion:
 * the trail of ImageMagick, one-sided and gaussian, at an angle within 45 degrees of the row.
 * Beyond the border the frame's last pixel goes on.
 */
#include "optics/camera_private.h"

#include "engine/error.h"

#include <math.h>

enum {
    PAD = 48,
    SEVERITIES = 5
}; /* pixels; 4 x 6 of the widest gaussian, 2 x 20 of the longest trail */

static const double noise_sd[SEVERITIES] = {0.08, 0.12, 0.18, 0.26, 0.38};
static const double photons[SEVERITIES] = {60, 25, 12, 5, 3}; /* at full scale */
static const double disc_radius[SEVERITIES] = {3, 4, 6, 8, 10};
static const double blur_sd[SEVERITIES] = {1, 2, 3, 4, 6};
static const double trail_radius[SEVERITIES] = {10, 15, 15, 15, 20};
static const double trail_sd[SEVERITIES] = {3, 5, 8, 12, 15};

static uint8_t to_byte(double value)
{
    return (uint8_t)(int)(fmin(fmax(value, 0.0), 255.0) + 0.5);
}

static double poisson(struct stream *stream, double mean)
{
    double u = stream_uniform(stream), probability = exp(-mean), sum = probability;
    int count = 0;
    while (u > sum && count < 1000) {
        probability *= mean / ++count;
        sum += probability;
    }
    return count;
}

static void add_noise(const struct stress *stress, struct stream *stream, struct frame *frame)
{
    double sd = 255.0 * noise_sd[stress->severity - 1], full = photons[stress->severity - 1];
    for (unsigned y = 0; y < frame->height; y++)
        for (unsigned x = 0; x < frame->width; x++) {
            uint8_t *byte = &frame->pixels[(size_t)y * frame->stride + x];
            *byte = stress->kind == STRESS_SHOT_NOISE
                        ? to_byte(255.0 / full * poisson(stream, *byte / 255.0 * full))
                        : to_byte(stream_normal(stream, *byte, sd));
        }
}

/* The frame with its border continued by PAD pixels. */
static struct canvas pad_frame(const struct frame *frame, float *cells)
{
    struct canvas canvas = {.cells = cells,
                            .stride = (size_t)frame->width + 2 * PAD + 2,
                            .width = (int)frame->width + 2 * PAD,
                            .height = (int)frame->height + 2 * PAD};
    int last_x = (int)frame->width - 1, last_y = (int)frame->height - 1;
    for (int y = 0; y < canvas.height; y++)
        for (int x = 0; x < canvas.width; x++) {
            int from_x = x < PAD ? 0 : x - PAD > last_x ? last_x : x - PAD;
            int from_y = y < PAD ? 0 : y - PAD > last_y ? last_y : y - PAD;
            canvas.cells[(size_t)y * canvas.stride + (size_t)x] =
                frame->pixels[(size_t)from_y * frame->stride + (size_t)from_x];
        }
    return canvas;
}

/* A kernel of weights at whole pixels, their sum 1. */
struct taps {
    int count;
    struct {
        int x, y;
        float weight;
    } at[2 * PAD + 1];
};

static void apply_taps(const struct taps *taps, const struct canvas *from, struct frame *frame)
{
    for (unsigned y = 0; y < frame->height; y++)
        for (unsigned x = 0; x < frame->width; x++) {
            const float *cell = from->cells + (y + PAD) * from->stride + x + PAD;
            double sum = 0.0;
            for (int i = 0; i < taps->count; i++)
                sum += (double)taps->at[i].weight *
                       (double)cell[(ptrdiff_t)from->stride * taps->at[i].y + taps->at[i].x];
            frame->pixels[(size_t)y * frame->stride + x] = to_byte(sum);
        }
}

static void add_tap(struct taps *taps, double x, double y, double weight)
{
    taps->at[taps->count].x = (int)lrint(x);
    taps->at[taps->count].y = (int)lrint(y);
    taps->at[taps->count++].weight = (float)weight;
}

static void even_out(struct taps *taps)
{
    double sum = 0.0;
    for (int i = 0; i < taps->count; i++)
        sum += (double)taps->at[i].weight;
    for (int i = 0; i < taps->count; i++)
        taps->at[i].weight = (float)((double)taps->at[i].weight / sum);
}

static struct taps gaussian_taps(double sd, bool down)
{
    struct taps taps = {.count = 0};
    for (int i = -(int)(4.0 * sd); i <= (int)(4.0 * sd); i++)
        add_tap(&taps, down ? 0 : i, down ? i : 0, exp(-0.5 * i * i / (sd * sd)));
    even_out(&taps);
    return taps;
}

static struct taps trail_taps(const struct stress *stress, struct stream *stream)
{
    struct taps taps = {.count = 0};
    double sd = trail_sd[stress->severity - 1], angle = M_PI / 2.0 * (stream_uniform(stream) - 0.5);
    for (int i = 0; i <= 2 * (int)trail_radius[stress->severity - 1]; i++)
        add_tap(&taps, i * cos(angle), i * sin(angle), exp(-0.5 * i * i / (sd * sd)));
    even_out(&taps);
    return taps;
}

static void spread_disc(const struct stress *stress, struct camera_scratch *scratch,
                        struct frame *frame)
{
    struct canvas canvas = pad_frame(frame, scratch->blurred);
    struct blur disc = blur_disc(2.0 * disc_radius[stress->severity - 1]);
    blur_apply(&disc, &canvas, &canvas, scratch->sums);
    for (unsigned y = 0; y < frame->height; y++)
        for (unsigned x = 0; x < frame->width; x++)
            frame->pixels[(size_t)y * frame->stride + x] =
                to_byte((double)canvas.cells[(y + PAD) * canvas.stride + x + PAD]);
}

static void spread_taps(const struct taps *taps, struct camera_scratch *scratch,
                        struct frame *frame)
{
    struct canvas canvas = pad_frame(frame, scratch->blurred);
    apply_taps(taps, &canvas, frame);
}

void stress_apply(const struct conditions *conditions, struct stream_key key,
                  struct camera_scratch *scratch, struct frame *frame)
{
    const struct stress *stress = &conditions->camera.stress;
    CHECK(stress->severity >= 1 && stress->severity <= SEVERITIES);
    struct stream stream = noise_stream(key, conditions->frame);
    struct taps taps;
    switch (stress->kind) {
    case STRESS_NONE:
        break;
    case STRESS_GAUSSIAN_NOISE:
    case STRESS_SHOT_NOISE:
        add_noise(stress, &stream, frame);
        break;
    case STRESS_DEFOCUS:
        spread_disc(stress, scratch, frame);
        break;
    case STRESS_GAUSSIAN_BLUR:
        for (int down = 0; down < 2; down++) {
            taps = gaussian_taps(blur_sd[stress->severity - 1], down != 0);
            spread_taps(&taps, scratch, frame);
        }
        break;
    case STRESS_MOTION:
        taps = trail_taps(stress, &stream);
        spread_taps(&taps, scratch, frame);
        break;
    }
}
