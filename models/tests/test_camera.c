/* Geometry, area sampling and purity of the camera. */
#include "ray_model.h"

#include <pthread.h>

static void test_geometry_of_the_default_capture(void **state)
{
    (void)state;
    struct code_image image = blank_image(128, 64, false);
    image.module_px = 2;
    struct conditions conditions = default_conditions();
    conditions.pose.yaw = conditions.pose.pitch = conditions.pose.roll = 0.0;
    struct capture_geometry geometry = camera_geometry(&image, &conditions);
    double stretch = 120.0 / 116.4; /* the image lies 3.7113 mm behind the lens, f being 3.6 mm */
    assert_near(geometry.module_px, 5.4 * stretch,
                1e-9); /* 2 x 0.45 mm x 3.6 mm / (0.1 m x 6 um) */
    assert_near(geometry.defocus_px, 1.285714 * stretch, 1e-6);
    assert_near(geometry.motion_px, 1.8 * stretch, 1e-9);
    conditions.pose.roll = 1.0; /* turns, and shortens nothing */
    assert_near(camera_geometry(&image, &conditions).module_px, 5.4 * stretch, 1e-9);
    conditions.camera.focus_m = INFINITY;
    conditions.pose = (struct pose){.distance_m = 0.1, .yaw = M_PI / 3.0};
    assert_near(camera_geometry(&image, &conditions).module_px, 2.7, 1e-9);
    assert_near(camera_geometry(&image, &conditions).defocus_px, 7.714286, 1e-6);
    conditions.pose.distance_m = -0.1;
    assert_near(camera_geometry(&image, &conditions).defocus_px, 0.0, 0.0);
}

static void test_projection_of_known_points(void **state)
{
    (void)state;
    struct code_image image = blank_image(128, 64, false);
    struct conditions conditions = default_conditions();
    double u, v;
    conditions.camera.focus_m = INFINITY; /* the image lies at the focal length: 600 px */
    conditions.pose = (struct pose){.distance_m = 0.1, .offset_x_m = 0.01, .offset_y_m = -0.005};
    camera_project(&image, &conditions, 64.0, 32.0, &u, &v);
    assert_near(u, 320.0 + 60.0, 1e-9);
    assert_near(v, 240.0 - 30.0, 1e-9);
    camera_project(&image, &conditions, 74.0, 32.0, &u, &v);
    assert_near(u, 380.0 + 27.0, 1e-9);
    conditions.pose = (struct pose){.distance_m = 0.1, .yaw = 0.5};
    camera_project(&image, &conditions, 128.0, 32.0, &u,
                   &v); /* 28.8 mm off, its right side nearer */
    assert_near(u, 320.0 + 600.0 * 0.0288 * cos(0.5) / (0.1 - 0.0288 * sin(0.5)), 1e-9);
    conditions.pose = (struct pose){.distance_m = 0.1, .pitch = 0.5};
    camera_project(&image, &conditions, 64.0, 64.0, &u, &v);
    assert_near(v, 240.0 + 600.0 * 0.0144 * cos(0.5) / (0.1 + 0.0144 * sin(0.5)), 1e-9);
    conditions.pose = (struct pose){.distance_m = 0.1, .roll = M_PI / 2.0};
    camera_project(&image, &conditions, 74.0, 32.0, &u, &v); /* right becomes down */
    assert_near(u, 320.0, 1e-9);
    assert_near(v, 267.0, 1e-9);
    conditions.pose = (struct pose){.distance_m = -0.1};
    camera_project(&image, &conditions, 74.0, 32.0, &u, &v);
    assert_true(isnan(u) && isnan(v));
}

/* How much darker than the bezel a row (or column) of the frame is, in pixels of full darkness. */
static double dark_pixels(const struct frame *frame, double contrast, unsigned row)
{
    double sum = 0.0;
    for (unsigned x = 0; x < frame->width; x++)
        sum += (255.0 - frame->pixels[row * frame->stride + x]) / (255.0 - 255.0 / contrast);
    return sum;
}

/* Where the line from (x0, y0) to (x1, y1) of the display crosses the middle of a row of pixels. */
static double crossing(const struct code_image *image, const struct conditions *conditions,
                       double x0, double y0, double x1, double y1, double v)
{
    double u0, v0, u1, v1;
    camera_project(image, conditions, x0, y0, &u0, &v0);
    camera_project(image, conditions, x1, y1, &u1, &v1);
    return u0 + (v - v0) / (v1 - v0) * (u1 - u0);
}

/* The frame looks only at the display and its bezel, so that all that is not bright is dark dots.
 */
static void test_edges_fall_where_the_projection_says(void **state)
{
    (void)state;
    for (int i = 0; i < 12; i++) {
        struct code_image image = blank_image(8, 120, true);
        struct conditions conditions = ideal_conditions();
        conditions.camera.width = 45;
        conditions.camera.height = 120;
        conditions.pose = (struct pose){.distance_m = 0.1,
                                        .offset_x_m = 1e-5 * i,
                                        .yaw = 0.05 * i - 0.3,
                                        .pitch = 0.3 - 0.04 * i,
                                        .roll = 0.01 * (i - 6)};
        struct frame frame = capture(&image, &conditions, 0);
        for (unsigned row = 20; row < 100; row += 9) {
            double left = crossing(&image, &conditions, 0, 0, 0, 120, row + 0.5);
            double right = crossing(&image, &conditions, 8, 0, 8, 120, row + 0.5);
            assert_near(dark_pixels(&frame, 8.0, row), right - left, 0.05);
        }
        free(frame.pixels);
    }
}

static void test_render_agrees_with_supersampling(void **state)
{
    (void)state;
    static const struct pose poses[] = {
        {.distance_m = 0.1},
        {.distance_m = 0.0271, .offset_x_m = 0.003, .yaw = 0.2, .pitch = -0.15, .roll = 0.1},
        {.distance_m = 0.05, .roll = M_PI / 4.0},
        {.distance_m = 0.05, .roll = -2.0, .yaw = 1.0},
        {.distance_m = 0.1, .yaw = 80.0 * M_PI / 180.0, .roll = 0.3},
        {.distance_m = 0.06, .pitch = -1.2, .yaw = 0.4},
        {.distance_m = 0.01, .yaw = 1.2, .roll = 0.3}, /* reaches behind the camera */
        {.distance_m = 0.01, .offset_x_m = 0.02, .pitch = 1.3},
        {.distance_m = 3.0, .yaw = 0.3},              /* 0.02 px a dot */
        {.distance_m = 0.0003, .offset_x_m = 0.0001}, /* 225 px a dot */
        {.distance_m = 0.1, .yaw = 2.5},              /* its back */
        {.distance_m = -0.1},
    };
    /* The narrow one has rows that differ in their last bits alone, and bits beyond its width. */
    struct code_image images[2] = {random_image(127, 61, 3), random_image(12, 61, 4)};
    images[1].width = 2;
    for (size_t i = 0; i < 2 * sizeof poses / sizeof poses[0]; i++) {
        struct conditions conditions = ideal_conditions();
        conditions.camera.width = 96;
        conditions.camera.height = 72;
        conditions.camera.pitch_m = 24e-6;
        conditions.pose = poses[i / 2];
        struct frame frame = capture(&images[i % 2], &conditions, 0);
        struct ray_model model = ray_model(&images[i % 2], &conditions);
        double squares = 0.0;
        for (unsigned y = 0; y < frame.height; y++)
            for (unsigned x = 0; x < frame.width; x++) {
                double seen = frame.pixels[y * frame.stride + x] / 255.0;
                squares += pow(seen - supersampled(&model, x, y), 2.0);
            }
        double rms = sqrt(squares / (frame.width * frame.height));
        if (getenv("CASHPOINT_TEST_VERBOSE") != NULL)
            print_message("pose %zu, image %zu: rms %.4f%% of bright\n", i / 2, i % 2, 100.0 * rms);
        assert_near(rms, 0.0, 0.004); /* 0.0011 is the rounding to DN, the rest the lattice's */
        free(frame.pixels);
    }
}

/* The middle of a wide frame is the narrow frame: what lies beyond the border blurs into it. */
static void test_blur_reaches_in_from_beyond_the_frame(void **state)
{
    (void)state;
    struct code_image image = random_image(128, 64, 4);
    struct conditions wide = ideal_conditions();
    wide.pose.distance_m = 0.05;
    wide.camera.f_number = 2.8;
    wide.camera.focus_m = 0.021; /* a disc of 25 px */
    wide.pose.speed_m_s = 0.3;   /* a line of 36 px */
    struct conditions narrow = wide;
    narrow.camera.width = 200;
    narrow.camera.height = 150;
    struct frame large = capture(&image, &wide, 0), small = capture(&image, &narrow, 0);
    for (unsigned y = 0; y < small.height; y++)
        for (unsigned x = 0; x < small.width; x++) {
            int there = large.pixels[(y + 165) * large.stride + x + 220];
            assert_in_range(small.pixels[y * small.stride + x] - there + 1, 0, 2);
        }
    free(large.pixels);
    free(small.pixels);
}

/* Any pose, however wild, gives irradiance between dark and bright, but for the swings of the blur,
 * 4 % of their difference (under sanitizers, without UB). */
static void test_wild_poses_stay_in_range(void **state)
{
    (void)state;
    struct code_image images[2] = {random_image(128, 64, 5), random_image(256, 128, 6)};
    struct stream stream;
    stream_init(&stream, (struct stream_key){.seed = 11});
    for (int i = 0; i < 300; i++) {
        struct conditions conditions = ideal_conditions();
        conditions.camera.width = 1 + stream_below(&stream, 90);
        conditions.camera.height = 1 + stream_below(&stream, 70);
        conditions.camera.f_number = 2.8;
        conditions.camera.focus_m = exp(stream_normal(&stream, -2.0, 2.0));
        conditions.pose = (struct pose){
            .distance_m =
                exp(stream_normal(&stream, -3.0, 3.0)) * (stream_chance(&stream, 0.1) ? -1.0 : 1.0),
            .offset_x_m = stream_normal(&stream, 0.0, 0.02),
            .offset_y_m = stream_normal(&stream, 0.0, 0.02),
            .yaw = stream_normal(&stream, 0.0, 1.0),
            .pitch = stream_normal(&stream, 0.0, 1.0),
            .roll = stream_normal(&stream, 0.0, 2.0),
            .speed_m_s = stream_chance(&stream, 0.5) ? 0.0 : stream_exponential(&stream, 1.0),
            .direction = stream_normal(&stream, 0.0, 3.0)};
        struct frame frame = capture(&images[i % 2], &conditions, 0);
        for (unsigned j = 0; j < frame.width * frame.height; j++)
            assert_in_range(frame.pixels[j], 31 - 9, 255); /* 255 / 8 = 31.9 */
        free(frame.pixels);
    }
}

static void test_extreme_distances(void **state)
{
    (void)state;
    static const double distances[] = {0.0, 1e-300, 1e-5, 1e-4, 1e3, 1e12, 1e300, -1e300};
    struct code_image image = random_image(128, 64, 5);
    for (size_t i = 0; i < sizeof distances / sizeof distances[0]; i++) {
        struct conditions conditions = default_conditions();
        conditions.pose.distance_m = distances[i];
        struct frame frame = capture(&image, &conditions, 0);
        free(frame.pixels);
    }
}

static void assert_same_frame(const struct frame *a, const struct frame *b)
{
    assert_int_equal(a->width, b->width);
    assert_int_equal(a->height, b->height);
    assert_memory_equal(a->pixels, b->pixels, (size_t)a->width * a->height);
}

static void test_a_dirty_scratch_changes_nothing(void **state)
{
    (void)state;
    struct code_image image = random_image(128, 64, 1), other = random_image(256, 128, 2);
    struct conditions conditions = default_conditions(), disturbing = default_conditions();
    disturbing.camera.width = 701;
    disturbing.camera.height = 533;
    disturbing.camera.focus_m = 0.01;
    disturbing.pose.distance_m = 0.03;
    disturbing.camera_id = 99;
    struct frame clean = capture(&image, &conditions, 5), again = new_frame(640, 480);
    struct frame noise = new_frame(701, 533);
    struct camera_scratch *scratch = camera_scratch_new(800, 600);
    struct stream_key key = {.seed = 1, .entity = 5, .purpose = 9}, far_key = {.seed = 77};
    camera_capture(&other, &disturbing, far_key, scratch, &noise);
    camera_capture(&image, &conditions, key, scratch, &again);
    assert_same_frame(&clean, &again);
    memset(again.pixels, 0, 640 * 480);
    camera_expose(&conditions, key, scratch, &again); /* once more from the same render */
    assert_same_frame(&clean, &again);
    camera_scratch_free(scratch);
    free(clean.pixels);
    free(again.pixels);
    free(noise.pixels);
}

static void test_rows_keep_to_their_stride(void **state)
{
    (void)state;
    struct code_image image = random_image(128, 64, 1);
    struct conditions conditions = default_conditions();
    conditions.camera.width = 101;
    conditions.camera.height = 67;
    struct frame tight = capture(&image, &conditions, 5), loose = new_frame(128, 67);
    loose.width = 101;
    struct camera_scratch *scratch = camera_scratch_new(101, 67);
    camera_capture(&image, &conditions, (struct stream_key){.seed = 1, .entity = 5, .purpose = 9},
                   scratch, &loose);
    for (unsigned y = 0; y < 67; y++) {
        assert_memory_equal(tight.pixels + 101 * y, loose.pixels + 128 * y, 101);
        for (unsigned x = 101; x < 128; x++)
            assert_int_equal(loose.pixels[128 * y + x], 0);
    }
    camera_scratch_free(scratch);
    free(tight.pixels);
    free(loose.pixels);
}

enum { SHOTS = 6 };

struct shooter {
    struct frame frames[SHOTS];
    bool backwards;
};

static void *shoot(void *argument)
{
    struct shooter *shooter = argument;
    struct code_image image = random_image(128, 64, 1);
    struct conditions conditions = default_conditions();
    struct camera_scratch *scratch = camera_scratch_new(640, 480);
    for (unsigned i = 0; i < SHOTS; i++) {
        unsigned shot = shooter->backwards ? SHOTS - 1 - i : i;
        struct stream_key key = {.seed = 3, .entity = shot};
        conditions.camera_id = shot % 2;
        conditions.pose.distance_m = 0.05 + 0.02 * shot;
        shooter->frames[shot] = new_frame(640, 480);
        camera_capture(&image, &conditions, key, scratch, &shooter->frames[shot]);
    }
    camera_scratch_free(scratch);
    return NULL;
}

static void test_threads_and_order_change_nothing(void **state)
{
    (void)state;
    struct shooter shooters[2] = {{.backwards = false}, {.backwards = true}};
    pthread_t threads[2];
    for (int i = 0; i < 2; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, shoot, &shooters[i]), 0);
    for (int i = 0; i < 2; i++)
        assert_int_equal(pthread_join(threads[i], NULL), 0);
    for (int i = 0; i < SHOTS; i++) {
        assert_same_frame(&shooters[0].frames[i], &shooters[1].frames[i]);
        free(shooters[0].frames[i].pixels);
        free(shooters[1].frames[i].pixels);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_geometry_of_the_default_capture),
        cmocka_unit_test(test_projection_of_known_points),
        cmocka_unit_test(test_edges_fall_where_the_projection_says),
        cmocka_unit_test(test_render_agrees_with_supersampling),
        cmocka_unit_test(test_blur_reaches_in_from_beyond_the_frame),
        cmocka_unit_test(test_wild_poses_stay_in_range),
        cmocka_unit_test(test_extreme_distances),
        cmocka_unit_test(test_a_dirty_scratch_changes_nothing),
        cmocka_unit_test(test_rows_keep_to_their_stride),
        cmocka_unit_test(test_threads_and_order_change_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
