/*
 * The sensor's noise, by the photon transfer method of EMVA 1288.
 *
 * Seeds are fixed, so a test that passes once passes always; the false-alarm rates are those of a
 * change that redraws the numbers.
 */
#include "optics/camera_private.h"
#include "optics/normals.h"
#include "optics/reference.h"
#include "optics_fixture.h"

/* So near a white display that it fills the frame: every pixel has the same mean. */
static struct conditions flat_conditions(double level)
{
    struct conditions conditions = default_conditions();
    conditions.pose = (struct pose){.distance_m = 0.005};
    conditions.camera.level = level;
    return conditions;
}

static struct frame flat_frame(double level, uint32_t camera_id, uint64_t entity)
{
    struct code_image image = blank_image(128, 64, false);
    struct conditions conditions = flat_conditions(level);
    conditions.camera_id = camera_id;
    return capture(&image, &conditions, entity);
}

static double mean_of(const struct frame *frame)
{
    double sum = 0.0;
    for (unsigned i = 0; i < frame->width * frame->height; i++)
        sum += frame->pixels[i];
    return sum / (frame->width * frame->height);
}

/* Covariance of two frames, the second moved by `shift` pixels. */
static double covariance(const struct frame *a, const struct frame *b, unsigned shift)
{
    double mean_a = mean_of(a), mean_b = mean_of(b), sum = 0.0;
    unsigned count = a->width * a->height - shift;
    for (unsigned i = 0; i < count; i++)
        sum += (a->pixels[i] - mean_a) * (b->pixels[i + shift] - mean_b);
    return sum / count;
}

/* Half the variance of the difference of two frames: PRNU, being fixed, drops out. */
static double temporal_variance(const struct frame *a, const struct frame *b)
{
    double sum = 0.0, difference = mean_of(a) - mean_of(b);
    unsigned count = a->width * a->height;
    for (unsigned i = 0; i < count; i++)
        sum += pow(a->pixels[i] - b->pixels[i] - difference, 2.0);
    return sum / count / 2.0;
}

/*
 * 12 levels of 2 x 307,200 pixels. A variance is known to sqrt(2 / 307200) = 0.26%, the slope of
 * the weighted line to about 0.13% and the read noise to 0.3%, so 2% is 6 sigma and more.
 */
static void test_photon_transfer_gives_gain_and_read_noise(void **state)
{
    (void)state;
    static const double levels[] = {0.02, 0.03, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.85};
    double w = 0.0, wx = 0.0, wy = 0.0, wxx = 0.0, wxy = 0.0;
    for (size_t i = 0; i < sizeof levels / sizeof levels[0]; i++) {
        struct frame a = flat_frame(levels[i], 7, 2 * i), b = flat_frame(levels[i], 7, 2 * i + 1);
        double mean = mean_of(&a), variance = temporal_variance(&a, &b);
        assert_near(mean, 255.0 * levels[i], 0.02 + 0.0005 * mean); /* 5 sigma, and PRNU's mean */
        double weight = 1.0 / (variance * variance);
        w += weight;
        wx += weight * mean;
        wy += weight * variance;
        wxx += weight * mean * mean;
        wxy += weight * mean * variance;
        free(a.pixels);
        free(b.pixels);
    }
    double gain = (w * wxy - wx * wy) / (w * wxx - wx * wx);
    double read_dn = sqrt((wy - gain * wx) / w - 1.0 / 12.0);
    assert_near(gain, 255.0 / 10000.0, 0.02 * 255.0 / 10000.0);
    assert_near(read_dn / gain, 20.0, 0.02 * 20.0);
}

/* The spread left in a mean of 16 frames, less the noise left in it. Its pool of 65,536 numbers
 * gives the PRNU to 0.3%, so 2% is 6 sigma. */
static void test_prnu_is_a_fixed_map(void **state)
{
    (void)state;
    enum { FRAMES = 16 };
    struct frame sum = flat_frame(0.7, 7, 1000), last = {0};
    double *sums = calloc(640 * 480, sizeof *sums), variance = 0.0, mean = 0.0;
    CHECK(sums != NULL);
    for (unsigned i = 0; i < FRAMES; i++) {
        free(last.pixels);
        last = flat_frame(0.7, 7, i);
        for (unsigned j = 0; j < 640 * 480; j++)
            sums[j] += last.pixels[j] / (double)FRAMES;
    }
    double noise = temporal_variance(&sum, &last);
    for (unsigned j = 0; j < 640 * 480; j++)
        mean += sums[j] / (640 * 480);
    for (unsigned j = 0; j < 640 * 480; j++)
        variance += pow(sums[j] - mean, 2.0) / (640 * 480);
    assert_near(sqrt(variance - noise / FRAMES) / mean, 0.01, 0.02 * 0.01);
    free(sums);
    free(sum.pixels);
    free(last.pixels);
}

/* 307,200 pixels: 5 sigma of a correlation are 0.009 (false alarm 6e-7 each). */
static void test_maps_belong_to_their_cameras(void **state)
{
    (void)state;
    struct frame a = flat_frame(0.7, 7, 1), b = flat_frame(0.7, 7, 2), c = flat_frame(0.7, 8, 3);
    double variance = covariance(&a, &a, 0);
    double prnu_part = pow(0.7 * 255.0 * 0.01, 2.0);
    assert_near(covariance(&a, &b, 0), prnu_part, 0.03 * prnu_part);
    assert_near(covariance(&a, &c, 0) / variance, 0.0, 0.009);
    free(a.pixels);
    free(b.pixels);
    free(c.pixels);
}

static void test_noise_is_independent(void **state)
{
    (void)state;
    struct code_image image = blank_image(128, 64, false);
    struct conditions conditions = flat_conditions(0.5);
    conditions.camera.prnu = 0.0;
    struct frame a = capture(&image, &conditions, 1), b = capture(&image, &conditions, 2);
    double variance = covariance(&a, &a, 0);
    static const unsigned shifts[] = {1, 2, 3, 4, 7, 8, 16, 639, 640, 641, 1280};
    for (size_t i = 0; i < sizeof shifts / sizeof shifts[0]; i++)
        assert_near(covariance(&a, &a, shifts[i]) / variance, 0.0, 0.009);
    assert_near(covariance(&a, &b, 0) / variance, 0.0, 0.009);
    free(a.pixels);
    free(b.pixels);
}

static double normal_cdf(double z)
{
    return 0.5 * erfc(-z / sqrt(2.0));
}

/* How many of the 65,536 sums are at most `z`, by value; the value z is at [z + NORMALS_LIMIT]. */
enum { SUMS = 65536, NORMALS_LIMIT = 32768 };

static void count_sums(uint32_t at_most[2 * NORMALS_LIMIT])
{
    uint32_t words[16];
    int16_t numbers[32];
    memset(at_most, 0, 2 * NORMALS_LIMIT * sizeof *at_most);
    for (uint32_t bits = 0; bits < SUMS; bits += 32) {
        for (uint32_t i = 0; i < 16; i++)
            words[i] = (bits + 2 * i + 1) << 16 | (bits + 2 * i);
        normals_fill(words, 16, numbers);
        for (int i = 0; i < 32; i++)
            at_most[numbers[i] + NORMALS_LIMIT]++;
    }
    for (int z = 1; z < 2 * NORMALS_LIMIT; z++)
        at_most[z] += at_most[z - 1];
}

/* Over all that 16 bits can be, so there is no chance in it. */
static void test_noise_is_normal(void **state)
{
    (void)state;
    uint32_t *at_most = malloc(2 * NORMALS_LIMIT * sizeof *at_most);
    CHECK(at_most != NULL);
    count_sums(at_most);
    assert_int_equal(at_most[2 * NORMALS_LIMIT - 1], SUMS);
    double sd = normals_sd(), moments[7] = {0}, furthest = 0.0, highest = 0.0;
    for (int i = 1; i < 2 * NORMALS_LIMIT; i++) {
        double z = (i - NORMALS_LIMIT) / sd, share = (at_most[i] - at_most[i - 1]) / (double)SUMS;
        for (int k = 1; k < 7; k++)
            moments[k] += share * pow(z, k);
        furthest = fmax(furthest, fabs(at_most[i] / (double)SUMS - normal_cdf(z)));
        highest = share > 0.0 ? z : highest;
    }
    assert_near(moments[1], 0.0, 1e-9);
    assert_near(moments[2], 1.0, 1e-9);
    assert_near(moments[3], 0.0, 1e-9);
    assert_near(moments[4], 3.0, 0.002);
    assert_near(moments[5], 0.0, 1e-9);
    assert_near(moments[6], 15.0, 0.1);
    assert_near(furthest, 0.0, 0.0008);
    assert_near(highest, 4.305, 0.01);
    for (double z = 2.0; z < 4.1; z += 0.25) {
        double above = SUMS - at_most[(int)floor(z * sd) + NORMALS_LIMIT];
        double normal = SUMS * normal_cdf(-z);
        assert_near(above, normal, 1.0 + 0.02 * normal);
    }
    free(at_most);
}

static void test_rows_may_come_in_any_order(void **state)
{
    (void)state;
    struct conditions conditions = default_conditions();
    conditions.camera.width = 37;
    float irradiance[SENSOR_GROUP], noise[SENSOR_GROUP];
    int16_t numbers[SENSOR_GROUP];
    uint32_t words[SENSOR_GROUP / 2];
    uint8_t forwards[9][37], backwards[9][37];
    struct sensor_row row = {
        .irradiance = irradiance, .noise = noise, .numbers = numbers, .words = words};
    struct sensor_tables *tables = malloc(sizeof *tables);
    CHECK(tables != NULL);
    sensor_tables_fill(tables);
    for (int x = 0; x < 37; x++)
        irradiance[x] = 0.01f * (float)x;
    struct stream_key key = {.seed = 4, .entity = 1};
    for (unsigned y = 0; y < 9; y++)
        sensor_expose_row(&conditions, key, y, tables, &row, forwards[y]);
    for (unsigned y = 9; y-- > 0;)
        sensor_expose_row(&conditions, key, y, tables, &row, backwards[y]);
    assert_memory_equal(forwards, backwards, sizeof forwards);
    assert_memory_not_equal(forwards[0], forwards[1], 37);
    free(tables);
}

/* Over a ramp from below nothing to above saturation. Float against double: a value so near the
 * middle between two grey levels may go either way. */
static void test_rows_agree_with_the_plain_sensor(void **state)
{
    (void)state;
    enum { WIDTH = 300, ROOM = 320 };
    struct conditions conditions = default_conditions();
    conditions.camera.width = WIDTH;
    float irradiance[ROOM], noise[ROOM];
    int16_t numbers[ROOM];
    uint32_t words[ROOM / 2];
    uint8_t bytes[WIDTH];
    double values[WIDTH];
    struct sensor_row row = {
        .irradiance = irradiance, .noise = noise, .numbers = numbers, .words = words};
    struct sensor_tables *tables = malloc(sizeof *tables);
    CHECK(tables != NULL);
    sensor_tables_fill(tables);
    for (int x = 0; x < ROOM; x++)
        irradiance[x] = -0.05f + 1.1f * (float)x / WIDTH;
    for (unsigned y = 0; y < 50; y++) {
        struct stream_key key = {.seed = 4, .entity = y};
        sensor_expose_row(&conditions, key, y, tables, &row, bytes);
        reference_expose_row(&conditions, key, y, tables, irradiance, values);
        for (int x = 0; x < WIDTH; x++)
            assert_near(bytes[x], values[x], 0.5 + 1e-3);
    }
    free(tables);
}

static void test_levels_clamp_and_round(void **state)
{
    (void)state;
    struct code_image image = blank_image(128, 64, false);
    struct conditions conditions = flat_conditions(3.0);
    struct frame bright = capture(&image, &conditions, 1);
    conditions.camera.level = 0.0;
    conditions.camera.read_noise_e = 0.0;
    struct frame black = capture(&image, &conditions, 1);
    conditions = ideal_conditions();
    conditions.pose = (struct pose){.distance_m = 0.1};
    conditions.camera.level = 0.7;
    struct frame exact = capture(&image, &conditions, 1);
    for (unsigned i = 0; i < 640 * 480; i++) {
        assert_int_equal(bright.pixels[i], 255);
        assert_int_equal(black.pixels[i], 0);
    }
    assert_int_equal(exact.pixels[240 * 640 + 320], 178 + 1); /* 178.5 rounds up */
    assert_int_equal(exact.pixels[0], 45);                    /* a quarter: 44.625 */
    free(bright.pixels);
    free(black.pixels);
    free(exact.pixels);
}

/* The tail of exact noise, by what it makes of the rarest words: how many of 2^32 lengths, at each
 * of 4096 angles, lie beyond t, against the normal distribution. No chance is in it; one length
 * more or less of the 65 (at 6 sigma) or 3 (at 6.5) that can be there is the error. */
static double share_beyond(double t)
{
    enum { LENGTHS = 256, ANGLES = 4096 };
    double beyond = 0.0;
    for (uint32_t angle = 0; angle < ANGLES; angle++)
        for (uint32_t length = 0; length < LENGTHS; length++) {
            float pair[2];
            noise_pair((const uint32_t[2]){length, angle << 20}, pair);
            beyond += (double)pair[0] > t ? 0.5 : 0.0;
            beyond += (double)pair[1] < -t ? 0.5 : 0.0;
        }
    return beyond / ANGLES * 0x1p-32;
}

static void test_exact_noise_has_its_tail(void **state)
{
    (void)state;
    static const double sigmas[] = {5.8, 6.0, 6.2, 6.5}, tolerances[] = {0.01, 0.02, 0.04, 0.15};
    for (int i = 0; i < 4; i++) {
        double expected = 0.5 * erfc(sigmas[i] * M_SQRT1_2);
        assert_near(share_beyond(sigmas[i]), expected, tolerances[i] * expected);
    }
    float pair[2];
    noise_pair((const uint32_t[2]){0, 0}, pair);
    assert_near(pair[0], sqrt(66.0 * log(2.0)), 1e-5); /* the largest: 6.764 */
}

/* And it is these numbers that come to the pixels. */
static void test_exact_noise_is_made_of_pairs(void **state)
{
    (void)state;
    struct stream_key key = {.seed = 3, .purpose = 5};
    float noise[64], pair[2];
    uint32_t words[64], block[4];
    struct sensor_row row = {.noise = noise, .words = words};
    noise_exact(key, 2, 7, 64, &row);
    for (uint32_t i = 0; i < 16; i++) {
        stream_block(key, (2u << 26) + 7 * 16 + i, block);
        for (int half = 0; half < 2; half++) {
            noise_pair(block + 2 * half, pair);
            assert_true(noise[4 * i + 2 * (uint32_t)half] == pair[0]);
            assert_true(noise[4 * i + 2 * (uint32_t)half + 1] == pair[1]);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_photon_transfer_gives_gain_and_read_noise),
        cmocka_unit_test(test_prnu_is_a_fixed_map),
        cmocka_unit_test(test_maps_belong_to_their_cameras),
        cmocka_unit_test(test_noise_is_independent),
        cmocka_unit_test(test_noise_is_normal),
        cmocka_unit_test(test_rows_may_come_in_any_order),
        cmocka_unit_test(test_rows_agree_with_the_plain_sensor),
        cmocka_unit_test(test_levels_clamp_and_round),
        cmocka_unit_test(test_exact_noise_has_its_tail),
        cmocka_unit_test(test_exact_noise_is_made_of_pairs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
