/*
 * What the whole camera leaves of fine detail: the transform of a slanted edge (as ISO 12233
 * measures it), against the analytic transforms of the pixel's square, the defocus disc and the
 * motion line.
 */
#include "optics/camera_private.h"
#include "optics_fixture.h"

enum { BINS_A_PX = 4, HALF_PX = 40, BINS = 2 * HALF_PX * BINS_A_PX };

static double sinc(double x)
{
    return fabs(x) < 1e-9 ? 1.0 : sin(M_PI * x) / (M_PI * x);
}

static double jinc(double x)
{
    return fabs(x) < 1e-9 ? 1.0 : 2.0 * j1(M_PI * x) / (M_PI * x);
}

struct edge {
    double u, v, angle; /* a point of it, and the direction of its normal */
};

/* Dark to the left of the middle of the display, bright to the right. */
static struct code_image half_dark(void)
{
    struct code_image image = blank_image(128, 64, false);
    for (unsigned y = 0; y < 64; y++)
        memset(image.bits[y], 0xff, 8);
    return image;
}

static struct conditions slanted(void)
{
    struct conditions conditions = ideal_conditions();
    conditions.camera.width = 240;
    conditions.camera.height = 200;
    conditions.pose = (struct pose){.distance_m = 0.04, .offset_x_m = 1e-4, .roll = 0.1};
    conditions.camera.focus_m = 0.08;
    return conditions;
}

static struct edge edge_of(const struct code_image *image, const struct conditions *conditions)
{
    double u0, v0, u1, v1;
    camera_project(image, conditions, 64.0, 20.0, &u0, &v0);
    camera_project(image, conditions, 64.0, 44.0, &u1, &v1);
    return (struct edge){u0, v0, atan2(u0 - u1, v1 - v0)};
}

/* What falls on the sensor, before it is rounded to bytes: that noise would hide the last per cent.
 */
struct irradiance {
    struct camera_scratch *scratch;
    struct canvas canvas;
};

static struct irradiance irradiance_of(const struct code_image *image,
                                       const struct conditions *conditions)
{
    struct irradiance it = {
        .scratch = camera_scratch_new(conditions->camera.width, conditions->camera.height)};
    camera_render(image, conditions, it.scratch);
    it.canvas = camera_blurred(it.scratch);
    return it;
}

/* The means of the pixels by their distance from the edge. */
static void spread(const struct irradiance *it, const struct edge *edge, double *means)
{
    double sums[BINS] = {0}, counts[BINS] = {0};
    int left = it->scratch->region.x0, top = it->scratch->region.y0;
    for (int y = 50; y < 150; y++)
        for (int x = 50; x < 190; x++) {
            double far =
                (x + 0.5 - edge->u) * cos(edge->angle) + (y + 0.5 - edge->v) * sin(edge->angle);
            int bin = (int)floor((far + HALF_PX) * BINS_A_PX);
            if (bin < 0 || bin >= BINS)
                continue;
            sums[bin] +=
                (double)
                    it->canvas.cells[(size_t)(y - top) * it->canvas.stride + (size_t)(x - left)];
            counts[bin] += 1.0;
        }
    for (int i = 0; i < BINS; i++)
        means[i] = sums[i] / counts[i];
}

/* The edge's transform; the bins' width, and the differences', divided out. */
static double response(const double *means, double frequency)
{
    double sum = 0.0, re = 0.0, im = 0.0;
    for (int i = 0; i + 1 < BINS; i++) {
        double step = means[i + 1] - means[i], at = (i + 1.0) / BINS_A_PX - HALF_PX;
        sum += step;
        re += step * cos(2.0 * M_PI * frequency * at);
        im += step * sin(2.0 * M_PI * frequency * at);
    }
    return hypot(re, im) / sum / pow(sinc(frequency / BINS_A_PX), 2.0);
}

static double worst_error(const struct conditions *conditions, double limit)
{
    struct code_image image = half_dark();
    struct capture_geometry geometry = camera_geometry(&image, conditions);
    struct irradiance it = irradiance_of(&image, conditions);
    struct edge edge = edge_of(&image, conditions);
    double means[BINS], worst = 0.0;
    spread(&it, &edge, means);
    for (double f = 0.0125; f <= limit; f += 0.0125) {
        double along = cos(edge.angle - conditions->pose.direction);
        double expected = sinc(f * cos(edge.angle)) * sinc(f * sin(edge.angle)) *
                          jinc(f * geometry.defocus_px) * sinc(f * geometry.motion_px * along);
        worst = fmax(worst, fabs(response(means, f) - fabs(expected)));
    }
    if (getenv("CASHPOINT_TEST_VERBOSE") != NULL)
        print_message("disc %.2f px, line %.2f px: %.4f\n", geometry.defocus_px, geometry.motion_px,
                      worst);
    camera_scratch_free(it.scratch);
    return worst;
}

/* Up to 0.45 cycles a pixel, 2 % of full contrast. (At 0.5 the transform of a slanted line is cut.)
 */
static void assert_response(const struct conditions *conditions, double tolerance)
{
    assert_near(worst_error(conditions, 0.451), 0.0, tolerance);
}

static struct conditions with_disc(double diameter_px)
{
    struct code_image image = half_dark();
    struct conditions conditions = slanted();
    conditions.camera.f_number = 1.0;
    double wide = camera_geometry(&image, &conditions).defocus_px;
    conditions.camera.f_number = wide / diameter_px;
    return conditions;
}

static void move(struct conditions *conditions, double length_px, double direction)
{
    struct code_image image = half_dark();
    conditions->pose.speed_m_s = 1.0;
    double one = camera_geometry(&image, conditions).motion_px;
    conditions->pose.speed_m_s = length_px / one;
    conditions->pose.direction = direction;
}

static void test_pixel(void **state)
{
    (void)state;
    struct conditions conditions = with_disc(1e-6);
    for (double roll = 0.05; roll < 0.8; roll += 0.15) {
        conditions.pose.roll = roll;
        assert_response(&conditions, 0.02);
    }
}

/* Also of discs that are too large for a kernel: those go by rows. */
static void test_disc(void **state)
{
    (void)state;
    static const double few[] = {0.5, 1.0, 1.5, 2.0, 3.0, 4.5, 6.0, 8.5, 12.0, 16.0, 17.3, 20.0};
    bool all = getenv("CASHPOINT_LONG") != NULL;
    for (size_t i = 0; all ? i < 250 : i < sizeof few / sizeof few[0]; i++) {
        double diameter_px = all ? 0.1 * (double)(i + 1) : few[i];
        struct conditions conditions = with_disc(diameter_px);
        for (double roll = 0.1; roll < (all ? 0.8 : 0.2); roll += 0.17) {
            conditions.pose.roll = roll;
            assert_response(&conditions, 0.02);
        }
    }
}

/* Across the edge, along it and between, in focus and out of it. */
static void test_line(void **state)
{
    (void)state;
    static const double lengths_px[] = {1.0, 2.0, 3.5, 6.0, 11.0, 20.0};
    static const double discs_px[] = {1e-6, 1.0, 2.0, 5.0, 11.0};
    for (size_t i = 0; i < sizeof lengths_px / sizeof lengths_px[0]; i++)
        for (size_t j = 0; j < sizeof discs_px / sizeof discs_px[0]; j++)
            for (double direction = 0.0; direction < 3.0; direction += 0.35) {
                struct conditions conditions = with_disc(discs_px[j]);
                move(&conditions, lengths_px[i], direction);
                assert_response(&conditions, 0.02);
            }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pixel),
        cmocka_unit_test(test_disc),
        cmocka_unit_test(test_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
