/* The views of a shot: what the pipeline shows of its stages is what they made. */
#include "tests/optics_fixture.h"

#include "pipeline.h"
#include "recapture.h"

static struct shot shot_of(const struct conditions *conditions)
{
    return (struct shot){
        .code = {12, "012345678901"},
        .model = {{.symbology = SYMBOLOGY_CODE128}, 128, 64},
        .conditions = *conditions,
        .noise = {.seed = 1, .purpose = 9},
        .rules = decode_rules_strict(SYMBOLOGY_CODE128, 12),
    };
}

static struct frame copy_frame(const struct pipeline *pipeline)
{
    const struct frame *frame = pipeline_frame(pipeline);
    struct frame copy = new_frame(frame->width, frame->height);
    memcpy(copy.pixels, frame->pixels, (size_t)frame->width * frame->height);
    return copy;
}

static int largest_difference(const struct frame *a, const struct frame *b)
{
    int largest = 0;
    for (size_t i = 0; i < (size_t)a->width * a->height; i++)
        if (abs(a->pixels[i] - b->pixels[i]) > largest)
            largest = abs(a->pixels[i] - b->pixels[i]);
    return largest;
}

/* The views and the frame of one shot; the caller frees the pixels. */
static void look(const struct conditions *conditions, struct frame views[VIEW_COUNT],
                 struct frame *frame, struct decoded decoded[VIEW_COUNT], struct shot *shot)
{
    struct pipeline *pipeline = pipeline_new(conditions->camera.width, conditions->camera.height);
    *shot = shot_of(conditions);
    pipeline_run(pipeline, shot);
    *frame = copy_frame(pipeline);
    for (enum pipeline_view view = 0; view < VIEW_COUNT; view++) {
        pipeline_look(pipeline, shot, view, &decoded[view]);
        views[view] = copy_frame(pipeline);
    }
    pipeline_free(pipeline);
}

static void drop(struct frame views[VIEW_COUNT], struct frame *frame)
{
    for (int i = 0; i < VIEW_COUNT; i++)
        free(views[i].pixels);
    free(frame->pixels);
}

/* Without noise the last view is the frame; without blur, too, so is the first. */
static void test_views_are_the_stages(void **state)
{
    struct conditions conditions = ideal_conditions();
    struct frame views[VIEW_COUNT], frame;
    struct decoded decoded[VIEW_COUNT];
    struct shot shot;
    (void)state;
    look(&conditions, views, &frame, decoded, &shot);
    assert_true(largest_difference(&views[VIEW_RENDERED], &frame) <= 1);
    assert_true(largest_difference(&views[VIEW_BLURRED], &frame) <= 1);
    drop(views, &frame);
    conditions.camera.f_number = 2.8;
    conditions.camera.focus_m = 0.3;
    conditions.pose.speed_m_s = 0.1;
    look(&conditions, views, &frame, decoded, &shot);
    assert_true(largest_difference(&views[VIEW_BLURRED], &frame) <= 1);
    assert_true(largest_difference(&views[VIEW_RENDERED], &frame) > 50);
    drop(views, &frame);
}

/* A picture that is lost in the blur was readable before it. */
static void test_where_it_is_lost(void **state)
{
    struct conditions conditions = default_conditions();
    struct frame views[VIEW_COUNT], frame;
    struct decoded decoded[VIEW_COUNT];
    struct shot shot;
    (void)state;
    conditions.camera.focus_m = 1.0;
    conditions.camera.f_number = 1.0; /* a disc of defocus of 7 modules */
    look(&conditions, views, &frame, decoded, &shot);
    assert_int_not_equal(shot.decoded.status, DECODE_OK);
    assert_int_not_equal(decoded[VIEW_BLURRED].status, DECODE_OK);
    assert_int_equal(decoded[VIEW_RENDERED].status, DECODE_OK);
    assert_string_equal(decoded[VIEW_RENDERED].text, shot.code.bytes);
    drop(views, &frame);
}

/* --- several frames of one presentation --- */

static void test_the_hand_moves_between_frames(void **state)
{
    (void)state;
    struct conditions conditions = ideal_conditions();
    conditions.pose.speed_m_s = 0.1;
    conditions.pose.direction = M_PI / 6.0;
    struct shot shot = shot_of(&conditions);
    shot.sequence = (struct sequence){.frames = 5,
                                      .interval_s = 0.05,
                                      .tremor_m = 1e-3,
                                      .tremor_hz = 5.0,
                                      .tremor_direction = M_PI / 2.0,
                                      .tremor_phase = 0.0};
    struct conditions first = pipeline_conditions(&shot, 0), third = pipeline_conditions(&shot, 3);
    assert_memory_equal(&first.pose, &conditions.pose, sizeof first.pose);
    /* 15 mm of drift at 30 degrees; three quarters of the tremor's period: 1 mm upwards */
    assert_near(third.pose.offset_x_m - conditions.pose.offset_x_m, 0.015 * cos(M_PI / 6.0), 1e-12);
    assert_near(third.pose.offset_y_m - conditions.pose.offset_y_m, 0.0075 - 0.001, 1e-12);
    assert_int_equal(third.frame, 3);
}

/* A hand that comes in from outside: the first frames show nothing, a later one is read. */
static void test_frames_are_tried_until_one_is_read(void **state)
{
    (void)state;
    struct conditions conditions = default_conditions();
    conditions.pose =
        (struct pose){.distance_m = 0.1, .offset_x_m = 0.05, .speed_m_s = 0.4, .direction = M_PI};
    conditions.camera.exposure_s = 1e-3;
    struct pipeline *pipeline = pipeline_new(640, 480);
    struct shot alone = shot_of(&conditions), several = alone, again;
    pipeline_run(pipeline, &alone);
    assert_int_equal(alone.decodes, 1);
    assert_int_not_equal(alone.decoded.status, DECODE_OK);
    several.sequence = (struct sequence){.frames = 8, .interval_s = 0.033};
    again = several;
    pipeline_run(pipeline, &several);
    assert_int_equal(several.decoded.status, DECODE_OK);
    assert_string_equal(several.decoded.text, several.code.bytes);
    assert_in_range(several.decodes, 2, 7);
    struct frame frame = copy_frame(pipeline);
    pipeline_run(pipeline, &alone); /* leaves nothing behind */
    pipeline_run(pipeline, &again);
    assert_int_equal(again.decodes, several.decodes);
    assert_memory_equal(pipeline_frame(pipeline)->pixels, frame.pixels, 640 * 480);
    free(frame.pixels);
    pipeline_free(pipeline);
}

static void test_frames_differ_in_their_noise(void **state)
{
    (void)state;
    struct conditions conditions = default_conditions();
    struct code_image image = blank_image(128, 64, true);
    struct frame first = capture(&image, &conditions, 1);
    conditions.frame = 1;
    struct frame second = capture(&image, &conditions, 1);
    unsigned same = 0;
    for (unsigned i = 0; i < 640 * 480; i++)
        same += first.pixels[i] == second.pixels[i];
    assert_true(same < 640 * 480 / 2);
    free(first.pixels);
    free(second.pixels);
}

/* --- a photograph of the display --- */

static struct shot recaptured(void)
{
    struct conditions conditions = default_conditions(), photo = default_conditions();
    conditions.pose = (struct pose){.distance_m = 0.1, .yaw = 0.1};
    conditions.display = (struct display){.kind = DISPLAY_PHONE, .pitch_m = 0.5e-3, .contrast = 50};
    photo.camera.width = 1280;
    photo.camera.height = 720;
    photo.camera.pitch_m = 1.4e-6;
    photo.camera.focus_m = photo.pose.distance_m = 0.18;
    struct shot shot = shot_of(&conditions);
    shot.recaptured = true;
    shot.photo = photo;
    return shot;
}

static void test_a_photograph_is_read(void **state)
{
    (void)state;
    struct pipeline *pipeline = pipeline_new(640, 480);
    struct shot shot = recaptured(), again = shot;
    pipeline_run(pipeline, &shot);
    assert_int_equal(shot.decoded.status, DECODE_OK);
    assert_string_equal(shot.decoded.text, shot.code.bytes);
    assert_near(shot.geometry.module_px, 0.5e-3 / 0.1 * 3.6e-3 * 0.12 / 0.1164 / 6e-6 * cos(0.1),
                0.01);
    struct frame frame = copy_frame(pipeline);
    pipeline_run(pipeline, &again);
    assert_memory_equal(pipeline_frame(pipeline)->pixels, frame.pixels, 640 * 480);
    free(frame.pixels);
    pipeline_free(pipeline);
}

/* Both passes count: what the phone blurs, the terminal's camera cannot bring back. */
static void test_a_blurred_photograph_is_not(void **state)
{
    (void)state;
    struct pipeline *pipeline = pipeline_new(640, 480);
    struct shot shot = recaptured();
    shot.photo.camera.f_number = 0.5;
    shot.photo.camera.focus_m = 0.3;
    pipeline_run(pipeline, &shot);
    assert_int_not_equal(shot.decoded.status, DECODE_OK);
    struct shot direct = shot;
    direct.recaptured = false;
    pipeline_run(pipeline, &direct);
    assert_int_equal(direct.decoded.status, DECODE_OK);
    pipeline_free(pipeline);
}

/* The mean of the photograph over a rectangle, pixel by pixel. */
static double plain_mean(const struct frame *photo, double x0, double y0, double x1, double y1)
{
    double sum = 0.0;
    for (int y = 0; y < (int)photo->height; y++)
        for (int x = 0; x < (int)photo->width; x++) {
            double across = fmin(x1, x + 1.0) - fmax(x0, x), down = fmin(y1, y + 1.0) - fmax(y0, y);
            if (across > 0.0 && down > 0.0)
                sum += across * down * photo->pixels[(size_t)y * photo->stride + (size_t)x];
        }
    return sum / ((x1 - x0) * (y1 - y0));
}

/* The part with four dots around the display, on a panel of 0.1 mm: each of its pixels is the mean
 * of what falls on it, to rounding. */
static void test_a_photograph_is_scaled_by_area(void **state)
{
    (void)state;
    struct code_image image = random_image(128, 64, 6);
    struct shot shot = recaptured();
    struct recapture *recapture = recapture_new();
    struct stream stream;
    stream_init(&stream, (struct stream_key){.seed = 8});
    double x0 = INFINITY, x1 = 0.0, y0 = INFINITY, y1 = 0.0, u, v;
    for (int corner = 0; corner < 4; corner++) {
        camera_project(&image, &shot.photo, corner % 2 ? 132.0 : -4.0, corner / 2 ? 68.0 : -4.0, &u,
                       &v);
        x0 = fmin(x0, u), x1 = fmax(x1, u), y0 = fmin(y0, v), y1 = fmax(y1, v);
    }
    recapture_take(recapture, &image, &shot.photo, shot.noise, &shot.conditions.display);
    const struct frame *picture = recapture_picture(recapture);
    const struct frame *photo = recapture_photograph(recapture);
    double step = (x1 - x0) / (136 * 0.5e-3 / recapture_pitch_m(recapture));
    assert_near(recapture_pitch_m(recapture), 0.1e-3, 1e-12);
    assert_in_range(picture->width, 679, 680);
    assert_int_equal(picture->height, (int)((y1 - y0) / step));
    for (int i = 0; i < 500; i++) {
        unsigned x = stream_below(&stream, picture->width);
        unsigned y = stream_below(&stream, picture->height);
        double mean = plain_mean(photo, x0 + x * step, y0 + y * step, x0 + (x + 1) * step,
                                 y0 + (y + 1) * step);
        assert_near(picture->pixels[y * picture->stride + x], mean, 0.5 + 1e-3);
    }
    recapture_free(recapture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_views_are_the_stages),
        cmocka_unit_test(test_where_it_is_lost),
        cmocka_unit_test(test_the_hand_moves_between_frames),
        cmocka_unit_test(test_frames_are_tried_until_one_is_read),
        cmocka_unit_test(test_frames_differ_in_their_noise),
        cmocka_unit_test(test_a_photograph_is_read),
        cmocka_unit_test(test_a_blurred_photograph_is_not),
        cmocka_unit_test(test_a_photograph_is_scaled_by_area),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
