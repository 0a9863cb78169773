/* The defocus disc and the motion line against their ideal moments. */
#include "optics/camera_private.h"
#include "optics/reference.h"
#include "optics_fixture.h"

enum { SIDE = 261 };

struct moments {
    double sum, x, y, xx, yy, xy, lowest, highest;
};

static struct canvas new_canvas(void)
{
    struct canvas canvas = {.stride = SIDE + 2, .width = SIDE, .height = SIDE};
    canvas.cells = calloc(canvas.stride * SIDE, sizeof(float));
    CHECK(canvas.cells != NULL);
    return canvas;
}

/* The kernel as a picture: a single bright point, blurred. */
static struct canvas spread_point(const struct blur *blur)
{
    struct canvas canvas = new_canvas();
    float *sums = calloc(blur_sums_size(SIDE, SIDE, blur->radius), sizeof *sums);
    CHECK(sums != NULL);
    canvas.cells[SIDE / 2 * canvas.stride + SIDE / 2] = 1.0f;
    blur_apply(blur, &canvas, &canvas, sums);
    free(sums);
    return canvas;
}

static struct moments moments_of(const struct blur *blur)
{
    struct canvas canvas = spread_point(blur);
    struct moments m = {.lowest = INFINITY, .highest = -INFINITY};
    for (int y = 0; y < SIDE; y++)
        for (int x = 0; x < SIDE; x++) {
            double cell = canvas.cells[(size_t)y * canvas.stride + (size_t)x];
            double dx = x - SIDE / 2, dy = y - SIDE / 2;
            if (fmax(fabs(dx), fabs(dy)) > blur->radius) { /* nothing but rounding */
                assert_near(cell, 0.0, 1e-7);
                continue;
            }
            m.sum += cell;
            m.x += cell * dx;
            m.y += cell * dy;
            m.xx += cell * dx * dx;
            m.yy += cell * dy * dy;
            m.xy += cell * dx * dy;
            m.lowest = fmin(m.lowest, cell);
            m.highest = fmax(m.highest, cell);
        }
    free(canvas.cells);
    return m;
}

static const double sizes[] = {0.1,  0.5,  0.9, 1.0,  1.2857, 1.5,  2.0,   3.7,
                               6.17, 10.0, 31., 33.3, 64.5,   97.0, 150.3, 200.0};
enum { SIZES = sizeof sizes / sizeof sizes[0] };

static void test_disc_has_the_variance_of_a_disc(void **state)
{
    (void)state;
    for (int i = 0; i < SIZES; i++) {
        struct blur blur = blur_disc(sizes[i]);
        struct moments m = moments_of(&blur);
        double variance = sizes[i] * sizes[i] / 16.0;
        assert_near(m.sum, 1.0, 1e-5);
        assert_near(m.x, 0.0, 1e-3);
        assert_near(m.y, 0.0, 1e-3);
        assert_near(m.xx, variance, 1e-3 * variance + 1e-5);
        assert_near(m.yy, variance, 1e-3 * variance + 1e-5);
        assert_near(m.xy, 0.0, 1e-3 * variance + 1e-5);
        assert_true(m.lowest > -1e-6);
        assert_true(blur.radius <= sizes[i] / 2.0 + 1.0 + blur.group);
    }
}

static void test_disc_is_flat_and_round(void **state)
{
    (void)state;
    static const double diameters[] = {21.0, 120.0};
    for (int i = 0; i < 2; i++) {
        struct blur blur = blur_disc(diameters[i]);
        struct canvas canvas = spread_point(&blur);
        double ideal = 4.0 / (M_PI * diameters[i] * diameters[i]);
        for (int y = 0; y < SIDE; y++)
            for (int x = 0; x < SIDE; x++) {
                double cell = canvas.cells[(size_t)y * canvas.stride + (size_t)x];
                double distance = hypot(x - SIDE / 2, y - SIDE / 2);
                if (distance < 0.45 * diameters[i])
                    assert_near(cell, ideal, 0.02 * ideal);
                else if (distance > 0.55 * diameters[i] + 1.0)
                    assert_near(cell, 0.0, 1e-6);
            }
        free(canvas.cells);
    }
}

static void test_line_has_the_variance_of_a_line(void **state)
{
    (void)state;
    static const double angles[] = {0.0, 0.3, M_PI / 4.0, 1.2, M_PI / 2.0, 2.5, -0.7, M_PI, 5.0};
    for (int i = 0; i < SIZES; i++)
        for (size_t j = 0; j < sizeof angles / sizeof angles[0]; j++) {
            double x = cos(angles[j]), y = sin(angles[j]);
            struct blur blur = blur_line(sizes[i], angles[j]);
            struct moments m = moments_of(&blur);
            double variance = sizes[i] * sizes[i] / 12.0;
            double along = x * x * m.xx + 2.0 * x * y * m.xy + y * y * m.yy;
            double across = y * y * m.xx - 2.0 * x * y * m.xy + x * x * m.yy;
            assert_near(m.sum, 1.0, 1e-5);
            assert_near(m.x, 0.0, 2e-3);
            assert_near(m.y, 0.0, 2e-3);
            assert_near(along, variance, 1e-3 * variance + 1e-5);
            /* The line is as thick as a pixel, or as the rows of a slab. */
            assert_true(across <= fmin(0.01 * variance + 0.25, variance + 1e-5));
            assert_true(m.lowest > -1e-5);
        }
}

static void test_blur_is_cut_and_may_be_nothing(void **state)
{
    (void)state;
    assert_int_equal(blur_disc(0.0).radius, 0);
    assert_int_equal(blur_line(0.0, 1.0).radius, 0);
    struct blur blur = blur_disc(1e9);
    assert_near(moments_of(&blur).xx, 2500.0, 5.0);
    blur = blur_disc(INFINITY);
    assert_near(moments_of(&blur).xx, 2500.0, 5.0);
    blur = blur_line(1e9, 0.0);
    assert_near(moments_of(&blur).xx, 200.0 * 200.0 / 12.0, 5.0);
}

static void test_variance_grows_evenly(void **state)
{
    (void)state;
    for (double size = 0.05; size < 12.0; size += 0.05) {
        struct blur disc = blur_disc(size), line = blur_line(size, 0.4);
        assert_near(moments_of(&disc).xx, size * size / 16.0, 1e-3);
        double expected = size * size / 12.0;
        struct moments m = moments_of(&line);
        double x = cos(0.4), y = sin(0.4);
        assert_near(x * x * m.xx + 2 * x * y * m.xy + y * y * m.yy, expected, 1e-3);
    }
}

/* Of a random picture, so that every cell of the kernel counts; zero all around, as a region has.
 */
static void test_blur_agrees_with_plain_convolution(void **state)
{
    (void)state;
    const struct blur blurs[] = {blur_disc(3.3),      blur_disc(9.0),       blur_disc(40.0),
                                 blur_line(7.5, 0.0), blur_line(12.0, 0.7), blur_line(45.0, 1.5)};
    for (size_t i = 0; i < sizeof blurs / sizeof *blurs; i++) {
        struct canvas from = new_canvas(), fast = new_canvas(), plain = new_canvas();
        struct stream stream;
        stream_init(&stream, (struct stream_key){.seed = i});
        for (size_t y = 100; y < 140; y++)
            for (size_t x = 90; x < 160; x++)
                from.cells[y * from.stride + x] = (float)stream_uniform(&stream);
        float *sums = calloc(blur_sums_size(SIDE, SIDE, blurs[i].radius), sizeof *sums);
        CHECK(sums != NULL);
        blur_apply(&blurs[i], &from, &fast, sums);
        reference_blur(&blurs[i], &from, &plain);
        for (size_t y = 0; y < SIDE; y++)
            for (size_t x = 0; x < SIDE; x++)
                assert_near(fast.cells[y * fast.stride + x], plain.cells[y * plain.stride + x],
                            1e-5);
        free(sums);
        free(from.cells);
        free(fast.cells);
        free(plain.cells);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_disc_has_the_variance_of_a_disc),
        cmocka_unit_test(test_disc_is_flat_and_round),
        cmocka_unit_test(test_line_has_the_variance_of_a_line),
        cmocka_unit_test(test_blur_is_cut_and_may_be_nothing),
        cmocka_unit_test(test_variance_grows_evenly),
        cmocka_unit_test(test_blur_agrees_with_plain_convolution),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
