/*
 * What the tests of optics share: the default capture conditions, an image of random dots, a frame.
 */
#ifndef CASHPOINT_OPTICS_FIXTURE_H
#define CASHPOINT_OPTICS_FIXTURE_H

#include "engine/error.h"
#include "optics/camera.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* cmocka's own compares as float. */
#define assert_near(value, expected, tolerance)                                              \
    do {                                                                                     \
        double value_ = (value), expected_ = (expected), tolerance_ = (tolerance);           \
        if (!(fabs(value_ - expected_) <= tolerance_))                                       \
            fail_msg("%s is %.9g, not %.9g +- %.3g", #value, value_, expected_, tolerance_); \
    } while (0)

static inline struct conditions default_conditions(void)
{
    return (struct conditions){
        .display = {.pitch_m = 0.45e-3, .contrast = 8.0},
        .camera = {.width = 640,
                   .height = 480,
                   .pitch_m = 6e-6,
                   .focal_length_m = 3.6e-3,
                   .f_number = 2.8,
                   .focus_m = 0.12,
                   .exposure_s = 0.01,
                   .full_well_e = 10000.0,
                   .read_noise_e = 20.0,
                   .prnu = 0.01,
                   .level = 0.7},
        .pose = {.distance_m = 0.1,
                 .offset_x_m = 0.002,
                 .offset_y_m = -0.001,
                 .yaw = 0.12,
                 .pitch = -0.08,
                 .roll = 0.05,
                 .speed_m_s = 0.03,
                 .direction = 0.6},
        .camera_id = 7,
    };
}

/* No noise and no blur: the frame is the irradiance, rounded to DN. */
static inline struct conditions ideal_conditions(void)
{
    struct conditions conditions = default_conditions();
    conditions.camera.f_number = 1e9;
    conditions.camera.full_well_e = 1e15;
    conditions.camera.read_noise_e = 0.0;
    conditions.camera.prnu = 0.0;
    conditions.camera.level = 1.0;
    conditions.pose.speed_m_s = 0.0;
    return conditions;
}

/* Where the lens makes its image: as far behind it as 1/f - 1/s says. */
static inline double image_distance(const struct camera *camera)
{
    return 1.0 / (1.0 / camera->focal_length_m - 1.0 / camera->focus_m);
}

static inline struct code_image blank_image(unsigned width, unsigned height, bool dark)
{
    struct code_image image = {
        .width = (uint16_t)width, .height = (uint16_t)height, .module_px = 1};
    memset(image.bits, dark ? 0xff : 0, sizeof image.bits);
    return image;
}

static inline struct code_image random_image(unsigned width, unsigned height, uint64_t seed)
{
    struct code_image image = blank_image(width, height, false);
    struct stream stream;
    stream_init(&stream, (struct stream_key){.seed = seed});
    for (unsigned y = 0; y < height; y++)
        for (unsigned x = 0; x < width; x++)
            if (stream_chance(&stream, 0.5))
                image.bits[y][x / 8] |= (uint8_t)(0x80 >> x % 8);
    return image;
}

static inline struct frame new_frame(unsigned width, unsigned height)
{
    struct frame frame = {width, height, width, calloc(width, height)};
    CHECK(frame.pixels != NULL);
    return frame;
}

/* One capture with a scratch of its own; the caller frees the pixels. */
static inline struct frame capture(const struct code_image *image,
                                   const struct conditions *conditions, uint64_t entity)
{
    unsigned width = conditions->camera.width, height = conditions->camera.height;
    struct camera_scratch *scratch = camera_scratch_new(width, height);
    struct frame frame = new_frame(width, height);
    struct stream_key key = {.seed = 1, .entity = entity, .purpose = 9};
    camera_capture(image, conditions, key, scratch, &frame);
    camera_scratch_free(scratch);
    return frame;
}

#endif
