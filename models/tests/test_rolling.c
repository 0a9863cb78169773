/*
 * A rolling shutter and a moving hand: each row sees the display where it is when that row is
 * exposed. The oracle moves the display and asks again, row by row.
 */
#include "optics/camera_private.h"
#include "optics_fixture.h"

/* 0.6 m/s at 100 mm: 0.11 pixels in a row time of 30 us, 53 from the first row to the last. */
static struct conditions rolling(double direction)
{
    struct conditions conditions = ideal_conditions();
    conditions.camera.row_time_s = 30e-6;
    conditions.camera.exposure_s = 1e-9; /* so that nothing smears */
    conditions.pose.yaw = conditions.pose.pitch = 0.0;
    conditions.pose.speed_m_s = 0.6;
    conditions.pose.direction = direction;
    return conditions;
}

/* The same at rest, where it is when row `v` (the frame's rows are from v to v + 1) is exposed. */
static struct conditions at_row(const struct conditions *conditions, double v)
{
    struct conditions still = *conditions;
    double later_s = (v - 0.5 * conditions->camera.height) * conditions->camera.row_time_s;
    still.pose.offset_x_m += conditions->pose.speed_m_s * later_s * cos(conditions->pose.direction);
    still.pose.offset_y_m += conditions->pose.speed_m_s * later_s * sin(conditions->pose.direction);
    still.pose.speed_m_s = 0.0;
    return still;
}

/* Where a point is seen by the row that sees it: found step by step. */
static struct point seen_at(const struct code_image *image, const struct conditions *conditions,
                            double x, double y)
{
    struct point at = {0.0, 0.5 * conditions->camera.height};
    for (int i = 0; i < 40; i++) {
        struct conditions still = at_row(conditions, at.y);
        camera_project(image, &still, x, y, &at.x, &at.y);
    }
    return at;
}

static double worst_distance(const struct conditions *conditions)
{
    struct code_image image = blank_image(128, 64, false);
    double worst = 0.0;
    for (int corner = 0; corner < 5; corner++) {
        double x = corner == 4 ? 64.0 : 128.0 * (corner % 2),
               y = corner == 4 ? 32.0 : 64.0 * (corner / 2);
        double u, v;
        struct point expected = seen_at(&image, conditions, x, y);
        camera_project(&image, conditions, x, y, &u, &v);
        worst = fmax(worst, hypot(u - expected.x, v - expected.y));
    }
    return worst;
}

static void test_corners_are_where_their_rows_see_them(void **state)
{
    (void)state;
    for (double direction = 0.0; direction < 6.2; direction += 0.3) {
        struct conditions conditions = rolling(direction);
        assert_near(worst_distance(&conditions), 0.0, 1e-6);
        /* A tilted display's corners move as fast as its centre: 12 % off, of 20 pixels. */
        conditions.pose.yaw = 0.2;
        conditions.pose.pitch = -0.1;
        assert_near(worst_distance(&conditions), 0.0, 2.5);
        /* A usual hand: 0.05 pixels a centimetre of depth. */
        conditions.pose.speed_m_s = 0.03;
        assert_near(worst_distance(&conditions), 0.0, 0.15);
    }
}

static void test_rows_show_the_display_at_their_time(void **state)
{
    (void)state;
    struct code_image image = random_image(128, 64, 3);
    for (double direction = 0.0; direction < 6.2; direction += 1.1) {
        struct conditions conditions = rolling(direction);
        struct frame frame = capture(&image, &conditions, 0);
        double sum = 0.0, still_sum = 0.0, count = 0.0;
        struct conditions middle = at_row(&conditions, 240.0);
        struct frame unmoved = capture(&image, &middle, 0);
        for (unsigned y = 10; y < 480; y += 46) {
            struct conditions then = at_row(&conditions, y + 0.5);
            struct frame still = capture(&image, &then, 0);
            for (unsigned i = 640 * y; i < 640 * (y + 1); i++) {
                sum += abs(frame.pixels[i] - still.pixels[i]);
                still_sum += abs(unmoved.pixels[i] - still.pixels[i]);
                count += 1.0;
            }
            free(still.pixels);
        }
        /* A row is not one instant, but a pixel of the moving image: some differ a little. */
        assert_near(sum / count, 0.0, 2.0);
        assert_true(still_sum / count > 10.0);
        free(frame.pixels);
        free(unmoved.pixels);
    }
}

static void test_a_global_shutter_and_a_resting_hand_see_nothing(void **state)
{
    (void)state;
    struct code_image image = random_image(128, 64, 3);
    struct conditions conditions = rolling(0.5), resting = at_row(&conditions, 240.0);
    conditions.camera.row_time_s = 0.0;
    struct frame global = capture(&image, &conditions, 0), rest = capture(&image, &resting, 0);
    assert_memory_equal(global.pixels, rest.pixels, 640 * 480);
    free(global.pixels);
    free(rest.pixels);
}

/* A hand faster than the rows would be seen by none, or by all. */
static void test_skew_is_cut(void **state)
{
    (void)state;
    struct code_image image = random_image(128, 64, 3);
    for (double direction = 0.0; direction < 6.2; direction += 0.3) {
        struct conditions conditions = rolling(direction);
        conditions.pose.speed_m_s = 1e9;
        double u, v;
        camera_project(&image, &conditions, 64.0, 0.0, &u, &v);
        assert_true(isfinite(u) && fabs(v - 240.0) < 480.0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_corners_are_where_their_rows_see_them),
        cmocka_unit_test(test_rows_show_the_display_at_their_time),
        cmocka_unit_test(test_a_global_shutter_and_a_resting_hand_see_nothing),
        cmocka_unit_test(test_skew_is_cut),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
