/* Displays as the camera sees them, against rays: gaps, OLED, a phone's panel, glare, pictures. */
#include "optics/camera_private.h"
#include "ray_model.h"

/* A sensor of 96 x 72 pixels; `level` leaves room for reflections below saturation. */
static struct conditions small(double distance_m, double level)
{
    struct conditions conditions = ideal_conditions();
    conditions.camera.width = 96;
    conditions.camera.height = 72;
    conditions.camera.pitch_m = 24e-6;
    conditions.camera.level = level;
    conditions.pose =
        (struct pose){.distance_m = distance_m, .yaw = 0.2, .pitch = -0.1, .roll = 0.07};
    return conditions;
}

/* The root mean square difference from the rays, of bright. */
static double rms_from_rays(const struct frame *frame, const struct ray_model *model)
{
    double squares = 0.0, level = model->conditions->camera.level;
    for (unsigned y = 0; y < frame->height; y++)
        for (unsigned x = 0; x < frame->width; x++) {
            double seen = frame->pixels[y * frame->stride + x] / (255.0 * level);
            squares += pow(seen - supersampled(model, x, y), 2.0);
        }
    double rms = sqrt(squares / (frame->width * frame->height));
    if (getenv("CASHPOINT_TEST_VERBOSE") != NULL)
        print_message("rms %.4f%% of bright\n", 100.0 * rms);
    return rms;
}

static double rms_of(const struct code_image *image, const struct conditions *conditions)
{
    struct frame frame = capture(image, conditions, 0);
    struct ray_model model = ray_model(image, conditions);
    double rms = rms_from_rays(&frame, &model);
    free(frame.pixels);
    return rms;
}

/* Dots are drawn exactly; what is left is rounding and the rays' own error. */
static void test_gaps_between_dots(void **state)
{
    (void)state;
    static const double distances_m[] = {0.02, 0.04, 0.1};
    struct code_image image = random_image(127, 61, 3);
    for (int kind = DISPLAY_LCD; kind <= DISPLAY_OLED; kind++)
        for (size_t i = 0; i < sizeof distances_m / sizeof distances_m[0]; i++) {
            struct conditions conditions = small(distances_m[i], 1.0);
            conditions.display.kind = (enum display_kind)kind;
            conditions.display.gap = 0.2;
            assert_near(rms_of(&image, &conditions), 0.0, 0.006);
        }
}

static void test_distorted_display(void **state)
{
    (void)state;
    struct code_image image = random_image(127, 61, 3);
    struct conditions conditions = small(0.04, 1.0);
    conditions.camera.k1 = -0.3;
    conditions.camera.k2 = 0.05;
    assert_near(rms_of(&image, &conditions), 0.0, 0.005);
    conditions.camera.k1 = 0.3;
    conditions.camera.k2 = 0.0;
    assert_near(rms_of(&image, &conditions), 0.0, 0.005);
}

static void test_glare(void **state)
{
    (void)state;
    struct code_image image = random_image(127, 61, 3);
    struct conditions conditions = small(0.05, 0.5);
    conditions.pose.glare = (struct glare){0.3, 0.6, 20.0, -8.0, 6e-3};
    assert_near(rms_of(&image, &conditions), 0.0, 0.008); /* its border is a ramp, not exact */
    conditions.display.kind = DISPLAY_OLED;
    assert_near(rms_of(&image, &conditions), 0.0, 0.008);
}

/* A white panel: moire of every strength, against four times as many rays. 0.6 % is their error. */
static void test_moire_of_a_panel(void **state)
{
    (void)state;
    struct code_image image = blank_image(250, 128, false);
    double least = 1.0, most = 0.0;
    for (int i = 0; i < 4; i++) {
        struct conditions conditions = small(0.05 + 0.013 * i, 0.6);
        conditions.display = (struct display){.kind = DISPLAY_PHONE,
                                              .pitch_m = 0.5e-3,
                                              .contrast = 100.0,
                                              .panel_pitch_m = 0.36e-3,
                                              .panel_gap = 0.25};
        struct frame frame = capture(&image, &conditions, 0);
        struct ray_model model = ray_model(&image, &conditions);
        double squares = 0.0, pattern = 0.0;
        for (unsigned y = 20; y < 52; y++)
            for (unsigned x = 30; x < 66; x++) {
                double seen = frame.pixels[y * frame.stride + x] / (255.0 * 0.6);
                squares += pow(seen - traced(&model, x, y, 2584, 1597), 2.0);
                pattern += pow(seen - 1.0, 2.0);
            }
        assert_near(sqrt(squares / (32 * 36)), 0.0, 0.008);
        least = fmin(least, sqrt(pattern / (32 * 36)));
        most = fmax(most, sqrt(pattern / (32 * 36)));
        free(frame.pixels);
    }
    assert_true(most > 0.04); /* there was something to see */
}

static void test_panel_with_code(void **state)
{
    (void)state;
    struct code_image image = random_image(60, 40, 3);
    struct conditions conditions = small(0.06, 0.6);
    conditions.display = (struct display){.kind = DISPLAY_PHONE,
                                          .pitch_m = 0.5e-3,
                                          .contrast = 20.0,
                                          .panel_pitch_m = 0.0625e-3,
                                          .panel_gap = 0.2};
    assert_near(rms_of(&image, &conditions), 0.0, 0.012);
}

/* A picture of noise, as a display of its own, is drawn exactly. */
static void test_picture(void **state)
{
    (void)state;
    struct frame picture = new_frame(90, 50);
    struct stream stream;
    stream_init(&stream, (struct stream_key){.seed = 3});
    for (unsigned i = 0; i < 90 * 50; i++)
        picture.pixels[i] = (uint8_t)stream_below(&stream, 256);
    struct code_image size = blank_image(90, 50, false);
    for (int i = 0; i < 3; i++) {
        struct conditions conditions = small(0.03 + 0.03 * i, 1.0);
        conditions.display =
            (struct display){.kind = DISPLAY_PHONE, .pitch_m = 0.4e-3, .contrast = 30.0};
        conditions.camera.k1 = -0.1 * i;
        struct camera_scratch *scratch = camera_scratch_new(96, 72);
        struct frame frame = new_frame(96, 72);
        camera_render_picture(&picture, &conditions, scratch);
        camera_expose(&conditions, (struct stream_key){.seed = 1}, scratch, &frame);
        struct ray_model model = ray_model(&size, &conditions);
        model.picture = &picture;
        assert_near(rms_from_rays(&frame, &model), 0.0, 0.005);
        camera_scratch_free(scratch);
        free(frame.pixels);
    }
    free(picture.pixels);
}

/* A picture of a code image is the code image, but for the bezel. */
static void test_picture_of_a_code_is_the_code(void **state)
{
    (void)state;
    struct code_image image = random_image(128, 64, 9);
    struct frame picture = new_frame(128, 64);
    for (unsigned y = 0; y < 64; y++)
        for (unsigned x = 0; x < 128; x++)
            picture.pixels[y * 128 + x] = code_image_dark(&image, x, y) ? 0 : 255;
    struct conditions conditions = ideal_conditions();
    conditions.pose.distance_m = 0.05; /* the bezel is out of sight */
    struct frame direct = capture(&image, &conditions, 0), shown = new_frame(640, 480);
    struct camera_scratch *scratch = camera_scratch_new(640, 480);
    camera_render_picture(&picture, &conditions, scratch);
    camera_expose(&conditions, (struct stream_key){.seed = 1}, scratch, &shown);
    for (unsigned i = 0; i < 640 * 480; i++)
        if (i % 640 > 60 && i % 640 < 580 && i / 640 > 100 && i / 640 < 380)
            assert_in_range(direct.pixels[i] - shown.pixels[i] + 1, 0, 2);
    camera_scratch_free(scratch);
    free(picture.pixels);
    free(direct.pixels);
    free(shown.pixels);
}

/* Anything at once: nothing breaks (under sanitizers), and the same again is the same. */
static void test_wild_conditions(void **state)
{
    (void)state;
    struct code_image image = random_image(128, 64, 5);
    struct frame picture = new_frame(40, 30);
    struct stream stream;
    stream_init(&stream, (struct stream_key){.seed = 12});
    for (int i = 0; i < 150; i++) {
        struct conditions c = default_conditions();
        c.camera.width = 1 + stream_below(&stream, 90);
        c.camera.height = 1 + stream_below(&stream, 70);
        c.camera.focus_m = exp(stream_normal(&stream, -2.0, 2.0));
        c.camera.k1 = stream_normal(&stream, 0.0, 0.5);
        c.camera.k2 = stream_normal(&stream, 0.0, 0.5);
        c.camera.vignetting = stream_chance(&stream, 0.5);
        c.camera.exposure = (enum exposure_mode)stream_below(&stream, 2);
        c.camera.quantum_efficiency = 0.5;
        c.camera.gain_dn_e = stream_chance(&stream, 0.5) ? 0.0 : stream_exponential(&stream, 0.1);
        c.camera.dark_dn = 20.0 * stream_uniform(&stream);
        c.camera.row_time_s = 1e-4 * stream_uniform(&stream);
        c.camera.flicker = stream_uniform(&stream);
        c.camera.flicker_hz = 100.0;
        c.camera.noise = (enum noise_mode)stream_below(&stream, 2);
        c.camera.mosaic = (enum mosaic)stream_below(&stream, 2);
        c.camera.red = c.camera.blue = 0.5;
        c.camera.jpeg = stream_below(&stream, 101);
        c.camera.stress = (struct stress){(enum stress_kind)stream_below(&stream, 6), 1 + i % 5};
        c.display.kind = (enum display_kind)stream_below(&stream, 3);
        c.display.gap = stream_chance(&stream, 0.5) ? 0.0 : 0.9 * stream_uniform(&stream);
        c.display.panel_pitch_m = exp(stream_normal(&stream, -9.0, 3.0));
        c.display.panel_gap = 0.9 * stream_uniform(&stream);
        c.display.luminance_cd_m2 = exp(stream_normal(&stream, 4.0, 3.0));
        c.pose = (struct pose){.distance_m = exp(stream_normal(&stream, -3.0, 3.0)) *
                                             (stream_chance(&stream, 0.1) ? -1.0 : 1.0),
                               .offset_x_m = stream_normal(&stream, 0.0, 0.02),
                               .yaw = stream_normal(&stream, 0.0, 1.0),
                               .pitch = stream_normal(&stream, 0.0, 1.0),
                               .roll = stream_normal(&stream, 0.0, 2.0),
                               .speed_m_s = stream_exponential(&stream, 0.2),
                               .direction = stream_normal(&stream, 0.0, 3.0),
                               .glare = {stream_uniform(&stream), stream_exponential(&stream, 1.0),
                                         stream_normal(&stream, 0.0, 30.0), 0.0,
                                         exp(stream_normal(&stream, -5.0, 2.0))}};
        struct frame frames[2];
        for (int k = 0; k < 2; k++) {
            struct camera_scratch *scratch = camera_scratch_new(c.camera.width, c.camera.height);
            frames[k] = new_frame(c.camera.width, c.camera.height);
            if (i % 3 == 0)
                camera_render_picture(&picture, &c, scratch);
            else
                camera_render(&image, &c, scratch);
            camera_expose(&c, (struct stream_key){.seed = 1}, scratch, &frames[k]);
            camera_scratch_free(scratch);
        }
        assert_memory_equal(frames[0].pixels, frames[1].pixels,
                            (size_t)c.camera.width * c.camera.height);
        free(frames[0].pixels);
        free(frames[1].pixels);
    }
    free(picture.pixels);
}

static void test_extreme_distances_bend(void **state)
{
    (void)state;
    static const double distances[] = {0.0, 1e-300, 1e-5, 1e-4, 1e3, 1e12, 1e300, -1e300};
    struct code_image image = random_image(128, 64, 5);
    for (size_t i = 0; i < sizeof distances / sizeof distances[0]; i++) {
        struct conditions conditions = default_conditions();
        conditions.pose.distance_m = distances[i];
        conditions.camera.k1 = i % 2 ? 0.3 : -0.3;
        conditions.display.kind = DISPLAY_PHONE;
        conditions.display.panel_pitch_m = 0.1e-3;
        conditions.display.panel_gap = 0.2;
        conditions.pose.glare = (struct glare){0.1, 1.0, 0.0, 0.0, 0.01};
        struct frame frame = capture(&image, &conditions, 0);
        free(frame.pixels);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_gaps_between_dots),
        cmocka_unit_test(test_distorted_display),
        cmocka_unit_test(test_glare),
        cmocka_unit_test(test_moire_of_a_panel),
        cmocka_unit_test(test_panel_with_code),
        cmocka_unit_test(test_picture),
        cmocka_unit_test(test_picture_of_a_code_is_the_code),
        cmocka_unit_test(test_wild_conditions),
        cmocka_unit_test(test_extreme_distances_bend),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
