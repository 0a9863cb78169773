/*
 * Every way to draw, at random poses, against rays that know nothing of polygons: the code image in
 * perspective, with gaps between its dots, through a lens that bends, and a picture in its place.
 * CASHPOINT_LONG: twenty times as many.
 */
#include "optics/camera_private.h"
#include "ray_model.h"

enum { WIDTH = 44, HEIGHT = 33 };

static double between(struct stream *stream, double low, double high)
{
    return low + (high - low) * stream_uniform(stream);
}

/* From a dot of many pixels to many dots a pixel; tilted by up to 69 degrees; at the middle of the
 * frame or partly beyond it. */
static struct conditions any_pose(struct stream *stream)
{
    struct conditions conditions = ideal_conditions();
    conditions.camera.width = WIDTH;
    conditions.camera.height = HEIGHT;
    conditions.camera.pitch_m = 50e-6;
    double distance_m = exp(between(stream, log(0.01), log(0.3)));
    conditions.pose = (struct pose){.distance_m = distance_m,
                                    .offset_x_m = distance_m * between(stream, -0.3, 0.3),
                                    .offset_y_m = distance_m * between(stream, -0.2, 0.2),
                                    .yaw = between(stream, -1.2, 1.2),
                                    .pitch = between(stream, -1.2, 1.2),
                                    .roll = between(stream, -3.2, 3.2)};
    return conditions;
}

struct difference {
    double rms, mean;
};

static struct difference compare(const struct code_image *image, const struct frame *picture,
                                 const struct conditions *conditions)
{
    struct camera_scratch *scratch = camera_scratch_new(WIDTH, HEIGHT);
    float row[WIDTH];
    struct ray_model model = ray_model(image, conditions);
    struct difference difference = {0.0, 0.0};
    model.picture = picture;
    if (picture != NULL)
        camera_render_picture(picture, conditions, scratch);
    else
        camera_render(image, conditions, scratch);
    const struct canvas canvas = camera_blurred(scratch);
    for (unsigned y = 0; y < HEIGHT; y++) {
        camera_lay_row(scratch, &canvas, WIDTH, (int)y, row);
        for (unsigned x = 0; x < WIDTH; x++) {
            double off = (double)row[x] - supersampled(&model, x, y);
            difference.rms += off * off / (WIDTH * HEIGHT);
            difference.mean += off / (WIDTH * HEIGHT);
        }
    }
    difference.rms = sqrt(difference.rms);
    camera_scratch_free(scratch);
    return difference;
}

/* What the rays themselves miss of fine detail is 0.7 % at most, and as often above as below. */
static void check(const char *way, int i, const struct code_image *image,
                  const struct frame *picture, const struct conditions *conditions)
{
    struct difference difference = compare(image, picture, conditions);
    if (getenv("CASHPOINT_TEST_VERBOSE") != NULL)
        print_message("%s %d: rms %.5f, mean %.5f\n", way, i, difference.rms, difference.mean);
    if (!(difference.rms < 0.007 && fabs(difference.mean) < 5e-4))
        fail_msg("%s %d: rms %.5f, mean %.5f", way, i, difference.rms, difference.mean);
}

static int poses(int usual)
{
    return getenv("CASHPOINT_LONG") != NULL ? 20 * usual : usual;
}

static void test_perspective(void **state)
{
    (void)state;
    struct stream stream;
    stream_init(&stream, (struct stream_key){.seed = 21});
    for (int i = 0; i < poses(12); i++) {
        struct code_image image = random_image(1 + stream_below(&stream, 128),
                                               1 + stream_below(&stream, 64), (uint64_t)i);
        struct conditions conditions = any_pose(&stream);
        conditions.display.kind = stream_chance(&stream, 0.5) ? DISPLAY_LCD : DISPLAY_OLED;
        check("perspective", i, &image, NULL, &conditions);
    }
}

static void test_gaps(void **state)
{
    (void)state;
    struct stream stream;
    stream_init(&stream, (struct stream_key){.seed = 22});
    for (int i = 0; i < poses(12); i++) {
        struct code_image image = random_image(128, 64, (uint64_t)i);
        struct conditions conditions = any_pose(&stream);
        conditions.display.kind = stream_chance(&stream, 0.5) ? DISPLAY_LCD : DISPLAY_OLED;
        conditions.display.gap = between(&stream, 0.02, 0.7);
        check("gaps", i, &image, NULL, &conditions);
    }
}

static void test_distortion(void **state)
{
    (void)state;
    struct stream stream;
    stream_init(&stream, (struct stream_key){.seed = 23});
    for (int i = 0; i < poses(4); i++) {
        struct code_image image = random_image(128, 64, (uint64_t)i);
        struct conditions conditions = any_pose(&stream);
        conditions.camera.k1 = between(&stream, -0.3, 0.3);
        conditions.camera.k2 = between(&stream, -0.02, 0.1);
        conditions.display.gap = i % 2 ? between(&stream, 0.1, 0.5) : 0.0;
        check("distortion", i, &image, NULL, &conditions);
    }
}

static void test_picture(void **state)
{
    (void)state;
    struct stream stream;
    stream_init(&stream, (struct stream_key){.seed = 24});
    for (int i = 0; i < poses(8); i++) {
        struct frame picture =
            new_frame(1 + stream_below(&stream, 200), 1 + stream_below(&stream, 120));
        for (unsigned at = 0; at < picture.width * picture.height; at++)
            picture.pixels[at] = (uint8_t)stream_below(&stream, 256);
        struct code_image size = blank_image(picture.width, picture.height, false);
        struct conditions conditions = any_pose(&stream);
        conditions.display =
            (struct display){.kind = DISPLAY_PHONE, .pitch_m = 0.3e-3, .contrast = 30.0};
        conditions.camera.k1 = i % 4 == 3 ? 0.2 : 0.0;
        check("picture", i, &size, &picture, &conditions);
        free(picture.pixels);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_perspective),
        cmocka_unit_test(test_gaps),
        cmocka_unit_test(test_distortion),
        cmocka_unit_test(test_picture),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
