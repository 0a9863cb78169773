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

static const struct {
    double disc_px, line_px, direction;
} kernels[] = {{0.0, 0.0, 0.0}, {0.4, 0.0, 0.0},  {2.7, 0.0, 0.0},
               {6.0, 0.0, 1.0}, {16.0, 0.0, 0.0}, {0.0, 2.0, 0.3},
               {6.0, 1.8, 2.0}, {1.0, 24.0, 5.0}, {10.0, 12.0, 0.7}};
enum { KERNELS = sizeof kernels / sizeof *kernels };

static struct kernel_work *new_work(void)
{
    struct kernel_work *work = calloc(1, sizeof *work);
    CHECK(work != NULL);
    kernel_work_fill(work);
    return work;
}

/* Its sum is one, its middle lies in the middle, and along both axes its spread is the shape's but
 * for what the response may be off. */
static void test_kernel_has_the_moments_of_its_shape(void **state)
{
    (void)state;
    struct kernel_work *work = new_work();
    for (int i = 0; i < KERNELS; i++) {
        struct kernel kernel;
        double disc = kernels[i].disc_px, line = kernels[i].line_px, sum = 0.0, x = 0.0, y = 0.0;
        double xx = 0.0, yy = 0.0, across = cos(kernels[i].direction);
        kernel_make(&kernel, work, disc, line, kernels[i].direction);
        assert_true(kernel.radius <= kernel_radius(disc, line));
        for (int dx = -kernel.radius; kernel.radius > 0 && dx <= kernel.radius; dx++)
            for (int dy = -kernel.radius; dy <= kernel.radius; dy++) {
                double weight = kernel.columns[dx + kernel.radius][dy + kernel.radius];
                sum += weight;
                x += weight * dx;
                y += weight * dy;
                xx += weight * dx * dx;
                yy += weight * dy * dy;
            }
        if (kernel.radius == 0)
            continue;
        double round = disc * disc / 16.0, along = line * line / 12.0;
        assert_near(sum, 1.0, 1e-5);
        assert_near(x, 0.0, 1e-5);
        assert_near(y, 0.0, 1e-5);
        assert_near(xx, round + along * across * across, 0.08 + 0.01 * (round + along));
        assert_near(yy, round + along * (1.0 - across * across), 0.08 + 0.01 * (round + along));
    }
    free(work);
}

/* On canvases of any width: the narrow ones are not for vectors. */
static void test_kernel_agrees_with_plain_convolution(void **state)
{
    (void)state;
    static const int widths[] = {1, 7, 31, 63, 64, 65, 140};
    struct kernel_work *work = new_work();
    float *sums = calloc(kernel_sums_size(SIDE), sizeof *sums);
    CHECK(sums != NULL);
    for (int i = 0; i < KERNELS; i++)
        for (size_t j = 0; j < sizeof widths / sizeof *widths; j++) {
            struct kernel kernel;
            struct canvas from = new_canvas(), fast = new_canvas(), plain = new_canvas();
            struct stream stream;
            stream_init(&stream, (struct stream_key){.seed = (uint64_t)i});
            from.width = fast.width = plain.width = widths[j];
            from.height = fast.height = plain.height = 40;
            for (size_t at = 0; at < 40 * from.stride; at++)
                from.cells[at] = (float)stream_uniform(&stream); /* beyond the width, too */
            kernel_make(&kernel, work, kernels[i].disc_px, kernels[i].line_px,
                        kernels[i].direction);
            kernel_apply(&kernel, &from, &fast, sums);
            reference_kernel(&kernel, &from, &plain);
            for (size_t y = 0; y < 40; y++)
                for (size_t x = 0; x < (size_t)widths[j]; x++)
                    assert_near(fast.cells[y * fast.stride + x], plain.cells[y * plain.stride + x],
                                1e-5);
            free(from.cells);
            free(fast.cells);
            free(plain.cells);
        }
    free(sums);
    free(work);
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
        cmocka_unit_test(test_kernel_has_the_moments_of_its_shape),
        cmocka_unit_test(test_kernel_agrees_with_plain_convolution),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
