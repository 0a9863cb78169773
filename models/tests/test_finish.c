/* What is done to a finished frame: mosaic and grey again, JPEG, the corruptions of ImageNet-C. */
#include "optics/camera_private.h"
#include "optics_fixture.h"

static struct conditions grey_conditions(double level)
{
    struct conditions conditions = default_conditions();
    conditions.pose = (struct pose){.distance_m = 0.005};
    conditions.camera.level = level;
    conditions.camera.prnu = 0.0;
    return conditions;
}

static struct frame grey_frame(const struct conditions *conditions)
{
    struct code_image image = blank_image(128, 64, false);
    return capture(&image, conditions, 3);
}

/* Mean and variance of the pixels whose coordinates are odd or even. */
struct phase {
    double mean, variance;
};

static struct phase phase_of(const struct frame *frame, unsigned odd_x, unsigned odd_y)
{
    double sum = 0.0, squares = 0.0, count = 0.0;
    for (unsigned y = odd_y; y < frame->height; y += 2)
        for (unsigned x = odd_x; x < frame->width; x += 2) {
            double value = frame->pixels[y * frame->stride + x];
            sum += value;
            squares += value * value;
            count += 1.0;
        }
    return (struct phase){sum / count, squares / count - sum / count * (sum / count)};
}

/* The mosaic leaves no pattern: all four phases have the scene's level (5 sd of a mean of 76,800
 * pixels of sd 1: 0.02, and as much for bytes), and the noise that the weights make of the
 * colours': shot noise is 1 / gain times higher where the filter takes light away. */
static void test_mosaic_is_grey_again(void **state)
{
    (void)state;
    struct conditions conditions = grey_conditions(0.5);
    conditions.camera.mosaic = MOSAIC_RGGB;
    conditions.camera.red = 0.6;
    conditions.camera.blue = 0.5;
    struct frame frame = grey_frame(&conditions);
    double k = 255.0 / 10000.0, read = 20.0 * k, light = 127.5, variance[3];
    static const double gains[3] = {1.0, 0.6, 0.5};
    for (int i = 0; i < 3; i++)
        variance[i] = (read * read + k * light * gains[i] + 1.0 / 12.0) / (gains[i] * gains[i]);
    /* squares of the weights: 4 at the middle, 2 beside it, 1 at the corners, over 16 */
    double beside = 4.0 / 256.0, corner = 1.0 / 256.0, middle = 16.0 / 256.0;
    double green = variance[0], red = variance[1], blue = variance[2];
    double at_green = middle * green + 2 * beside * (red + blue) + 4 * corner * green;
    double expected[2][2] = {{middle * red + 4 * beside * green + 4 * corner * blue, at_green},
                             {at_green, middle * blue + 4 * beside * green + 4 * corner * red}};
    for (unsigned y = 0; y < 2; y++)
        for (unsigned x = 0; x < 2; x++) {
            struct phase phase = phase_of(&frame, x, y);
            assert_near(phase.mean, light, 0.06);
            double rounded = expected[y][x] + 1.0 / 12.0;
            assert_near(phase.variance, rounded, 0.05 * rounded); /* 5 sd: 0.026; edges: the rest */
        }
    free(frame.pixels);
}

static void test_mosaic_takes_sharpness(void **state)
{
    (void)state;
    struct code_image image = random_image(128, 64, 2);
    struct conditions conditions = ideal_conditions();
    struct frame sharp = capture(&image, &conditions, 0);
    conditions.camera.mosaic = MOSAIC_RGGB;
    conditions.camera.red = conditions.camera.blue = 1.0;
    struct frame soft = capture(&image, &conditions, 0);
    for (unsigned y = 1; y < 479; y++)
        for (unsigned x = 1; x < 639; x++) {
            double sum = 0.0;
            for (int dy = -1; dy <= 1; dy++)
                for (int dx = -1; dx <= 1; dx++)
                    sum += (2 - abs(dx)) * (2 - abs(dy)) *
                           sharp.pixels[((int)y + dy) * 640 + (int)x + dx] / 16.0;
            assert_near(soft.pixels[y * 640 + x], sum, 0.51);
        }
    free(sharp.pixels);
    free(soft.pixels);
}

static double rms_difference(const struct frame *a, const struct frame *b)
{
    double squares = 0.0;
    for (unsigned i = 0; i < a->width * a->height; i++)
        squares += pow(a->pixels[i] - b->pixels[i], 2.0);
    return sqrt(squares / (a->width * a->height));
}

static void test_jpeg_loses_by_quality(void **state)
{
    (void)state;
    static const unsigned qualities[] = {100, 90, 75, 50, 20, 5};
    struct code_image image = random_image(128, 64, 2);
    struct conditions conditions = default_conditions();
    conditions.camera.width = 323; /* no whole blocks */
    conditions.camera.height = 205;
    struct frame original = capture(&image, &conditions, 0);
    double before = 0.0;
    for (size_t i = 0; i < sizeof qualities / sizeof qualities[0]; i++) {
        conditions.camera.jpeg = qualities[i];
        struct frame lossy = capture(&image, &conditions, 0),
                     again = capture(&image, &conditions, 0);
        double lost = rms_difference(&original, &lossy);
        assert_true(i == 0 ? lost < 0.8 : lost > before);
        assert_memory_equal(lossy.pixels, again.pixels, 323 * 205);
        before = lost;
        free(lossy.pixels);
        free(again.pixels);
    }
    assert_true(before > 5.0);
    free(original.pixels);
}

static struct frame stressed(struct frame *frame, enum stress_kind kind, unsigned severity)
{
    struct conditions conditions = default_conditions();
    conditions.camera.width = frame->width;
    conditions.camera.height = frame->height;
    conditions.camera.stress = (struct stress){kind, severity};
    struct camera_scratch *scratch = camera_scratch_new(frame->width, frame->height);
    stress_apply(&conditions, (struct stream_key){.seed = 5, .entity = severity}, scratch, frame);
    camera_scratch_free(scratch);
    return *frame;
}

static struct frame level_frame(uint8_t level)
{
    struct frame frame = new_frame(320, 240);
    memset(frame.pixels, level, 320 * 240);
    return frame;
}

/* sd of 76,800 pixels: 0.26 %; 2 % is 7 sigma. Shot noise: c photons at full scale. */
static void test_stress_noise(void **state)
{
    (void)state;
    static const double sd[3] = {0.08, 0.12, 0.18}, photons[5] = {60, 25, 12, 5, 3};
    for (unsigned severity = 1; severity <= 3; severity++) {
        struct frame frame = level_frame(128);
        stressed(&frame, STRESS_GAUSSIAN_NOISE, severity);
        double variance = 0.0;
        for (unsigned y = 0; y < 2; y++)
            for (unsigned x = 0; x < 2; x++)
                variance += phase_of(&frame, x, y).variance / 4.0;
        double expected = 255.0 * sd[severity - 1];
        assert_near(sqrt(variance), expected, 0.02 * expected);
        free(frame.pixels);
    }
    for (unsigned severity = 1; severity <= 5; severity++) {
        struct frame frame = level_frame(40);
        stressed(&frame, STRESS_SHOT_NOISE, severity);
        double c = photons[severity - 1], mean = 40.0 / 255.0 * c, low = 0.0;
        for (unsigned i = 0; i < 320 * 240; i++)
            low += frame.pixels[i] == 0;
        assert_near(low / (320 * 240), exp(-mean), 0.01); /* nothing arrives: Poisson */
        struct phase phase = phase_of(&frame, 0, 0);
        assert_near(phase.mean, 40.0, 2.0);
        assert_near(phase.variance, 255.0 / c * 40.0, 0.05 * 255.0 / c * 40.0);
        free(frame.pixels);
    }
}

/* Moments of a white square of 41 x 41 pixels, spread. */
struct moments {
    double sum, x, y, xx, yy;
};

static struct moments spread_square(enum stress_kind kind, unsigned severity)
{
    struct frame frame = level_frame(0);
    for (unsigned y = 100; y < 141; y++)
        memset(frame.pixels + y * 320 + 140, 255, 41);
    stressed(&frame, kind, severity);
    struct moments m = {0};
    for (unsigned y = 0; y < 240; y++)
        for (unsigned x = 0; x < 320; x++) {
            double value = frame.pixels[y * 320 + x], dx = x - 160.0, dy = y - 120.0;
            m.sum += value;
            m.x += value * dx;
            m.y += value * dy;
            m.xx += value * dx * dx;
            m.yy += value * dy * dy;
        }
    free(frame.pixels);
    m.x /= m.sum;
    m.y /= m.sum;
    m.xx = m.xx / m.sum - m.x * m.x - (41.0 * 41.0 - 1.0) / 12.0;
    m.yy = m.yy / m.sum - m.y * m.y - (41.0 * 41.0 - 1.0) / 12.0;
    m.sum /= 255.0 * 41.0 * 41.0;
    return m;
}

static void test_stress_blurs(void **state)
{
    (void)state;
    static const double radius[5] = {3, 4, 6, 8, 10}, sigma[5] = {1, 2, 3, 4, 6};
    for (unsigned severity = 1; severity <= 5; severity++) {
        struct moments disc = spread_square(STRESS_DEFOCUS, severity);
        double expected = pow(radius[severity - 1], 2.0) / 4.0;
        assert_near(disc.sum, 1.0, 0.01);
        assert_near(disc.xx, expected, 0.05 * expected + 0.1);
        assert_near(disc.yy, expected, 0.05 * expected + 0.1);
        struct moments gauss = spread_square(STRESS_GAUSSIAN_BLUR, severity);
        expected = pow(sigma[severity - 1], 2.0);
        assert_near(gauss.sum, 1.0, 0.01);
        assert_near(gauss.xx, expected, 0.05 * expected + 0.1);
        assert_near(gauss.yy, expected, 0.05 * expected + 0.1);
    }
}

/* A one-sided gaussian trail: its mean and variance along whatever direction it took. */
static void test_stress_motion(void **state)
{
    (void)state;
    static const double radius[5] = {10, 15, 15, 15, 20}, sigma[5] = {3, 5, 8, 12, 15};
    for (unsigned severity = 1; severity <= 5; severity++) {
        double weight = 0.0, mean = 0.0, square = 0.0;
        for (int i = 0; i <= 2 * radius[severity - 1]; i++) {
            double w = exp(-0.5 * pow(i / sigma[severity - 1], 2.0));
            weight += w;
            mean += w * i;
            square += w * i * i;
        }
        mean /= weight;
        double variance = square / weight - mean * mean;
        struct moments trail = spread_square(STRESS_MOTION, severity);
        assert_near(trail.sum, 1.0, 0.01);
        assert_near(hypot(trail.x, trail.y), mean, 0.3);
        assert_near(trail.xx + trail.yy, variance, 0.1 * variance + 0.2);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_mosaic_is_grey_again),  cmocka_unit_test(test_mosaic_takes_sharpness),
        cmocka_unit_test(test_jpeg_loses_by_quality), cmocka_unit_test(test_stress_noise),
        cmocka_unit_test(test_stress_blurs),          cmocka_unit_test(test_stress_motion),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
