/* The lens against its equations: where things lie, how far they blur, how dark the corners are. */
#include "optics/camera_private.h"
#include "optics_fixture.h"

/* The edge of the bezel out of focus: of the disc's width along a line, d^2 / 16 of variance, on
 * top of a box for the pixel's aperture and one for taking differences, 1/12 each. The display is
 * turned a little, so that the rounding to grey levels differs from row to row, and averages out.
 */
static double spread_px(const struct conditions *conditions, double *edge)
{
    struct code_image image = blank_image(128, 64, false);
    struct frame frame = capture(&image, conditions, 0);
    double variance = 0.0, middle = 0.0, rows = 80;
    for (unsigned y = 200; y < 280; y++) {
        const uint8_t *row = frame.pixels + y * frame.stride;
        double sum = 0.0, x1 = 0.0, x2 = 0.0;
        for (unsigned x = 60; x < 220; x++) {
            double step = row[x + 1] - row[x], at = x - *edge;
            sum += step;
            x1 += step * at;
            x2 += step * at * at;
        }
        variance += (x2 / sum - x1 / sum * (x1 / sum)) / rows;
        middle += (x1 / sum + 1.0) / rows;
    }
    free(frame.pixels);
    *edge += middle;
    return 4.0 * sqrt(variance - 1.0 / 6.0);
}

/* Gauss: 1/f = 1/s + 1/s'. What lies at Z is sharp at z' behind the lens, and by similar triangles
 * the cone from the aperture f / N to there is as wide as this where the sensor is. */
static double cone_px(const struct camera *camera, double distance_m)
{
    double sharp = 1.0 / (1.0 / camera->focal_length_m - 1.0 / distance_m);
    double sensor = image_distance(camera);
    return camera->focal_length_m / camera->f_number * fabs(sensor - sharp) / sharp /
           camera->pitch_m;
}

static void test_defocus_follows_the_lens_equation(void **state)
{
    (void)state;
    static const double focus_m[] = {0.0278, 0.035, 0.045, 0.06, 0.3, INFINITY};
    for (size_t i = 0; i < sizeof focus_m / sizeof focus_m[0]; i++) {
        struct conditions conditions = ideal_conditions();
        conditions.pose = (struct pose){.distance_m = 0.1, .roll = 0.02};
        conditions.camera.f_number = 2.0;
        conditions.camera.focus_m = focus_m[i];
        double expected = cone_px(&conditions.camera, 0.1);
        double edge =
            320.0 - 70.0 * 0.45e-3 / 0.1 / cos(0.02) * image_distance(&conditions.camera) / 6e-6;
        double middle = edge;
        assert_near(spread_px(&conditions, &middle), expected, 0.1);
        assert_near(middle, edge, 0.05); /* the bezel ends 70 dots left of the middle */
    }
}

/* A lens cannot focus nearer than the 1 : 1 image. */
static void test_nearest_focus(void **state)
{
    (void)state;
    struct camera camera = default_conditions().camera;
    camera.focus_m = 1e-3;
    assert_near(lens_image_distance(&camera), 7.2e-3, 1e-12);
    camera.focus_m = INFINITY;
    assert_near(lens_image_distance(&camera), 3.6e-3, 1e-12);
}

/* Where a dark square of dots has its corners in the frame: the crossing of lines fitted to its
 * edges, each found in the rows (or columns) by how much darkness lies on one side of it. */
struct line {
    double at, slope; /* u = at + slope (v - middle) */
};

static double darkness(const struct frame *frame, unsigned u, unsigned v)
{
    return (255.0 - frame->pixels[v * frame->stride + u]) / (255.0 - 255.0 / 8.0);
}

/* The edge between bright and dark that crosses row `v` between columns `from` and `to`. */
static double crossing(const struct frame *frame, bool turned, unsigned v, unsigned from,
                       unsigned to, bool dark_left)
{
    double sum = 0.0;
    for (unsigned u = from; u < to; u++)
        sum += turned ? darkness(frame, v, u) : darkness(frame, u, v);
    return dark_left ? from + sum : to - sum;
}

/* The projection multiplied out, without the program's own code. */
static void expected_at(const struct conditions *conditions, double x_m, double y_m, double *u,
                        double *v)
{
    const struct pose *p = &conditions->pose;
    double x1 = x_m * cos(p->yaw), z1 = -x_m * sin(p->yaw); /* yaw */
    double y2 = y_m * cos(p->pitch) - z1 * sin(p->pitch);   /* pitch */
    double z2 = y_m * sin(p->pitch) + z1 * cos(p->pitch);
    double x3 = x1 * cos(p->roll) - y2 * sin(p->roll) + p->offset_x_m; /* roll */
    double y3 = x1 * sin(p->roll) + y2 * cos(p->roll) + p->offset_y_m;
    double z3 = z2 + p->distance_m, tx = x3 / z3, ty = y3 / z3, q = tx * tx + ty * ty;
    const struct camera *camera = &conditions->camera;
    double bend = 1.0 + camera->k1 * q + camera->k2 * q * q;
    double scale = bend * image_distance(camera) / camera->pitch_m;
    *u = 0.5 * camera->width + scale * tx;
    *v = 0.5 * camera->height + scale * ty;
}

/* Edges of a square whose corners lie near (u, v), measured next to where theory has them: 24 rows
 * around the middle of each side. Darkness is known to 1/2 of 223 levels a pixel, at most 6 of
 * which are partly covered, so a crossing is good to some 0.01 px. */
static void assert_sides(const struct frame *frame, const struct conditions *conditions, double x0,
                         double x1, double y0, double y1)
{
    for (int side = 0; side < 4; side++)
        for (int k = 1; k < 8; k++) {
            bool turned = side >= 2, far = side % 2 == 1;
            double t = k / 8.0, u, v;
            double x = turned ? x0 + t * (x1 - x0) : far ? x1 : x0;
            double y = turned ? far ? y1 : y0 : y0 + t * (y1 - y0);
            expected_at(conditions, x, y, &u, &v);
            /* The middle of the row that this point of the edge lies in: the edge's own slope takes
             * it there. */
            double du, dv, e = 1e-6;
            expected_at(conditions, x + (turned ? e : 0.0), y + (turned ? 0.0 : e), &du, &dv);
            double along = turned ? u : v, across = turned ? v : u;
            double slope = turned ? (dv - v) / (du - u) : (du - u) / (dv - v);
            unsigned row = (unsigned)along, low = (unsigned)across - 8, high = low + 16;
            double there = across + slope * (row + 0.5 - along);
            assert_near(crossing(frame, turned, row, low, high, far), there, 0.02);
        }
}

static void assert_corners(double k1, double k2)
{
    struct code_image image = blank_image(128, 64, false);
    for (unsigned y = 2; y < 62; y++)
        for (unsigned x = 4; x < 124; x++)
            image.bits[y][x / 8] |= (uint8_t)(0x80 >> x % 8);
    for (int i = 0; i < 6; i++) {
        struct conditions conditions = ideal_conditions();
        conditions.camera.k1 = k1;
        conditions.camera.k2 = k2;
        conditions.pose = (struct pose){.distance_m = 0.08 + 0.01 * i,
                                        .offset_x_m = 1e-3 * i - 2e-3,
                                        .offset_y_m = 2e-3,
                                        .yaw = 0.1 * i - 0.3,
                                        .pitch = 0.2 - 0.08 * i,
                                        .roll = 0.02 * (i - 3)};
        struct frame frame = capture(&image, &conditions, 0);
        double x = 60 * 0.45e-3, y = 30 * 0.45e-3, u, v, eu, ev;
        assert_sides(&frame, &conditions, -x, x, -y, y);
        for (int corner = 0; corner < 4; corner++) {
            bool right = corner % 2, low = corner / 2;
            camera_project(&image, &conditions, right ? 124 : 4, low ? 62 : 2, &u, &v);
            expected_at(&conditions, right ? x : -x, low ? y : -y, &eu, &ev);
            assert_near(u, eu, 1e-6);
            assert_near(v, ev, 1e-6);
        }
        free(frame.pixels);
    }
}

static void test_corners_of_a_pinhole(void **state)
{
    (void)state;
    assert_corners(0.0, 0.0);
}

static void test_corners_of_a_barrel_and_a_cushion(void **state)
{
    (void)state;
    assert_corners(-0.25, 0.05);
    assert_corners(0.2, -0.03);
}

/* There and back, and one to one however far out. */
static void test_distortion_turns_back(void **state)
{
    (void)state;
    struct camera camera = default_conditions().camera;
    camera.k1 = -0.3;
    camera.k2 = 0.02;
    struct lens lens = lens_of(&camera);
    double before = -1.0;
    for (double r = 0.0; r < 5000.0; r += 37.0) {
        struct point point = {320.0 + 0.6 * r, 240.0 - 0.8 * r};
        struct point bent = lens_bend(&lens, point), again = lens_unbend(&lens, bent);
        assert_near(again.x, point.x, 1e-6 * (1.0 + r));
        assert_near(again.y, point.y, 1e-6 * (1.0 + r));
        double radius = hypot(bent.x - 320.0, bent.y - 240.0);
        assert_true(radius > before);
        before = radius;
    }
    assert_true(lens_covers_frame(&camera));
    camera.k1 = -0.9;
    assert_false(lens_covers_frame(&camera));
}

/* A white display over the whole frame, compared with cos^4 of the angle, to the rounding of DN. */
static void test_vignetting(void **state)
{
    (void)state;
    struct code_image image = blank_image(128, 64, false);
    struct conditions conditions = ideal_conditions();
    conditions.pose = (struct pose){.distance_m = 0.01};
    conditions.camera.vignetting = true;
    struct frame frame = capture(&image, &conditions, 0);
    for (unsigned y = 0; y < 480; y += 7)
        for (unsigned x = 0; x < 640; x += 7) {
            double u = (x + 0.5 - 320.0) * 6e-6, v = (y + 0.5 - 240.0) * 6e-6;
            double angle = atan(hypot(u, v) / image_distance(&conditions.camera));
            assert_near(frame.pixels[y * 640 + x], 255.0 * pow(cos(angle), 4.0), 0.51);
        }
    free(frame.pixels);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_defocus_follows_the_lens_equation),
        cmocka_unit_test(test_nearest_focus),
        cmocka_unit_test(test_corners_of_a_pinhole),
        cmocka_unit_test(test_corners_of_a_barrel_and_a_cushion),
        cmocka_unit_test(test_distortion_turns_back),
        cmocka_unit_test(test_vignetting),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
