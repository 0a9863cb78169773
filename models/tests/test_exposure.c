/* Exposure, flicker and the fixed maps; the shape of the noise far out. */
#include "optics/camera_private.h"
#include "optics/normals.h"
#include "optics_fixture.h"

#include <gsl/gsl_cdf.h>

/* A white display over the whole frame, without noise. */
static struct conditions white(void)
{
    struct conditions conditions = ideal_conditions();
    conditions.pose = (struct pose){.distance_m = 0.01};
    conditions.camera.level = 0.6;
    return conditions;
}

static double row_mean(const struct frame *frame, unsigned y)
{
    double sum = 0.0;
    for (unsigned x = 0; x < frame->width; x++)
        sum += frame->pixels[y * frame->stride + x];
    return sum / frame->width;
}

/* The light 1 + m sin(2 pi f t + phase), added up in 2,000 steps of the row's exposure. */
static double gathered(const struct camera *camera, double phase, unsigned y)
{
    double sum = 0.0;
    for (int i = 0; i < 2000; i++) {
        double t = y * camera->row_time_s + (i + 0.5) / 2000.0 * camera->exposure_s;
        sum += 1.0 + camera->flicker * sin(2.0 * M_PI * camera->flicker_hz * t + phase);
    }
    return sum / 2000.0;
}

static struct conditions flickering(double exposure_s)
{
    struct conditions conditions = white();
    conditions.camera.flicker = 0.5;
    conditions.camera.flicker_hz = 100.0;
    conditions.camera.row_time_s = 63.5e-6;
    conditions.camera.exposure_s = exposure_s;
    return conditions;
}

static void test_bands_are_the_integral(void **state)
{
    (void)state;
    struct code_image image = blank_image(128, 64, false);
    struct conditions conditions = flickering(3e-3);
    struct frame frame = capture(&image, &conditions, 4);
    struct stream_key key = {.seed = 1, .entity = 4, .purpose = 9};
    double phase = noise_phase(key, 0), least = 255.0, most = 0.0;
    for (unsigned y = 0; y < 480; y++) {
        double seen = row_mean(&frame, y), expected = gathered(&conditions.camera, phase, y);
        assert_near(seen, 0.6 * 255.0 * expected, 0.51);
        least = fmin(least, seen);
        most = fmax(most, seen);
    }
    /* 30 ms of rows: whole bands. sinc(0.3) = 0.858 of the modulation is left. */
    assert_near((most - least) / (most + least), 0.5 * sin(0.3 * M_PI) / (0.3 * M_PI), 0.005);
    free(frame.pixels);
}

/* Exposures of whole periods (of 10 ms at mains of 50 Hz) leave no band, others do. */
static void test_bands_vanish_after_whole_periods(void **state)
{
    (void)state;
    struct code_image image = blank_image(128, 64, false);
    for (int periods = 1; periods <= 4; periods++) {
        struct conditions conditions = flickering(0.01 * periods);
        struct frame frame = capture(&image, &conditions, 4);
        for (unsigned i = 0; i < 640 * 480; i++)
            assert_int_equal(frame.pixels[i], 153);
        free(frame.pixels);
        conditions.camera.exposure_s += 0.002;
        frame = capture(&image, &conditions, 4);
        assert_int_not_equal(frame.pixels[0], frame.pixels[79 * 640]);
        free(frame.pixels);
    }
}

/* Frames of a sequence, and captures, begin anywhere in the flicker; a global shutter sees one
 * phase in all rows. */
static void test_phase_is_of_the_frame(void **state)
{
    (void)state;
    struct stream_key key = {.seed = 1};
    double sum = 0.0;
    for (uint32_t frame = 0; frame < 60; frame++)
        sum += cos(noise_phase(key, frame)); /* sd 5.5: 5 sigma, false alarm 6e-7 */
    assert_near(sum, 0.0, 27.0);
    assert_true(noise_phase(key, 0) != noise_phase(key, 1));
    struct camera camera = flickering(3e-3).camera;
    camera.row_time_s = 0.0;
    assert_near(exposure_flicker(&camera, 1.0, 0), exposure_flicker(&camera, 1.0, 400), 1e-15);
}

/* The level by hand: 100 cd/m2 at f/2.8 make 10.02 lx * (3.6 / 3.711)^2 on the sensor; 10 ms and 36
 * um^2 gather 13,879 photons, of which half are electrons. */
static void test_fixed_exposure_counts_photons(void **state)
{
    (void)state;
    struct conditions conditions = white();
    conditions.camera.exposure = EXPOSURE_FIXED;
    conditions.camera.f_number = 2.8;
    conditions.camera.full_well_e = 10000.0;
    conditions.camera.quantum_efficiency = 0.5;
    conditions.display.luminance_cd_m2 = 100.0;
    double lux = M_PI / 4.0 * 100.0 / 7.84 * pow(3.6 / (3.6 * 120.0 / 116.4), 2.0);
    double watt = lux / 683.0 * 36e-12, photon = 6.62607015e-34 * 299792458.0 / 555e-9;
    double electrons = 0.5 * 0.01 * watt / photon;
    assert_near(exposure_electrons(&conditions), electrons, 1e-3 * electrons);
    assert_near(electrons, 6940.0, 10.0);
    struct code_image image = blank_image(128, 64, false);
    struct frame frame = capture(&image, &conditions, 1);
    assert_near(row_mean(&frame, 240), 255.0 * electrons / 10000.0, 0.5);
    conditions.camera.gain_dn_e = 0.02; /* DN an electron */
    conditions.camera.dark_dn = 16.0;
    struct frame other = capture(&image, &conditions, 1);
    assert_near(row_mean(&other, 240), 16.0 + 0.02 * electrons, 0.5);
    free(frame.pixels);
    free(other.pixels);
}

/* Electrons end at the full well, however much light there is and whatever the gain. */
static void test_saturation(void **state)
{
    (void)state;
    struct code_image image = blank_image(128, 64, false);
    struct conditions conditions = white();
    conditions.camera.level = 5.0;
    conditions.camera.full_well_e = 10000.0;
    conditions.camera.gain_dn_e = 0.015;
    conditions.camera.dark_dn = 10.0;
    conditions.camera.read_noise_e = 20.0;
    struct frame frame = capture(&image, &conditions, 1);
    for (unsigned i = 0; i < 640 * 480; i++)
        assert_int_equal(frame.pixels[i], 160);
    free(frame.pixels);
}

/* The mean of 16 dark frames less its noise is the map: its spread to 3 %, as the pool of 65,536
 * numbers knows it to 0.3 %, 16 roundings of noise of 0.5 DN blur it by less; and the same again
 * for the same camera, another one for another. */
enum { FRAMES = 16 };

static void dark_map(uint32_t camera_id, uint64_t first, double *sums)
{
    struct code_image image = blank_image(128, 64, true);
    struct conditions conditions = default_conditions();
    conditions.pose = (struct pose){.distance_m = -1.0}; /* nothing to be seen */
    conditions.camera.level = 0.0;
    conditions.camera.dark_dn = 20.0;
    conditions.camera.dsnu_dn = 2.0;
    conditions.camera_id = camera_id;
    for (unsigned i = 0; i < FRAMES; i++) {
        struct frame frame = capture(&image, &conditions, first + i);
        for (unsigned j = 0; j < 640 * 480; j++)
            sums[j] += frame.pixels[j] / (double)FRAMES;
        free(frame.pixels);
    }
}

static double product(const double *a, const double *b)
{
    double mean_a = 0.0, mean_b = 0.0, sum = 0.0;
    for (unsigned j = 0; j < 640 * 480; j++) {
        mean_a += a[j] / (640 * 480);
        mean_b += b[j] / (640 * 480);
    }
    for (unsigned j = 0; j < 640 * 480; j++)
        sum += (a[j] - mean_a) * (b[j] - mean_b) / (640 * 480);
    return sum;
}

static void test_dsnu_is_a_fixed_map(void **state)
{
    (void)state;
    double *maps[3];
    for (int i = 0; i < 3; i++) {
        maps[i] = calloc(640 * 480, sizeof **maps);
        CHECK(maps[i] != NULL);
    }
    dark_map(7, 0, maps[0]);
    dark_map(7, 100, maps[1]);
    dark_map(8, 200, maps[2]);
    assert_near(sqrt(product(maps[0], maps[1])), 2.0, 0.06); /* noise falls out of the product */
    assert_near(product(maps[0], maps[2]) / 4.0, 0.0, 0.01);
    for (int i = 0; i < 3; i++)
        free(maps[i]);
}

/* Chi-square over the 80 bins of 0.1 from -4 to 4, of 2^21 numbers: above its 1e-6 quantile one
 * time in a million. */
enum { BINS = 80, NUMBERS = 1 << 21, WIDTH = 4096 };

static double chi_square(const unsigned *counts)
{
    double sum = 0.0, inside = gsl_cdf_ugaussian_P(4.0) - gsl_cdf_ugaussian_P(-4.0), total = 0.0;
    for (int i = 0; i < BINS; i++)
        total += counts[i];
    for (int i = 0; i < BINS; i++) {
        double low = -4.0 + 0.1 * i;
        double share = (gsl_cdf_ugaussian_P(low + 0.1) - gsl_cdf_ugaussian_P(low)) / inside;
        sum += pow(counts[i] - total * share, 2.0) / (total * share);
    }
    return sum;
}

/* Counts unit normal numbers by bin; returns how many lie beyond 4 and the largest. */
static unsigned count_noise(enum noise_mode mode, uint64_t seed, unsigned rows, unsigned *counts,
                            double *most)
{
    static float noise[WIDTH];
    static int16_t numbers[WIDTH];
    static uint32_t words[WIDTH];
    struct sensor_row row = {.noise = noise, .numbers = numbers, .words = words};
    struct stream_key key = {.seed = seed};
    unsigned beyond = 0;
    for (unsigned y = 0; y < rows; y++) {
        if (mode == NOISE_EXACT)
            noise_exact(key, 1, y, WIDTH, &row);
        else
            noise_fast(key, 1, y, WIDTH, &row);
        for (unsigned x = 0; x < WIDTH; x++) {
            double z = mode == NOISE_EXACT ? (double)noise[x] : numbers[x] / normals_sd();
            *most = fmax(*most, fabs(z));
            if (fabs(z) < 4.0)
                counts[(int)floor((z + 4.0) * 10.0)]++;
            else
                beyond++;
        }
    }
    return beyond;
}

/* The largest distance of the counts from the normal distribution function, at the bins' ends. */
static double distance(const unsigned *counts, double total)
{
    double below = gsl_cdf_ugaussian_P(-4.0), farthest = 0.0;
    for (int i = 0; i < BINS; i++) {
        below += counts[i] / total;
        farthest = fmax(farthest, fabs(below - gsl_cdf_ugaussian_P(-3.9 + 0.1 * i)));
    }
    return farthest;
}

/* Beyond 4 sigma lie 133 of two million; 5 sd are 58, false alarm 6e-7. */
static void assert_tail(unsigned beyond)
{
    double expected = 2.0 * gsl_cdf_ugaussian_Q(4.0) * NUMBERS;
    assert_near(beyond, expected, 5.0 * sqrt(expected));
}

static void test_exact_noise_is_normal(void **state)
{
    (void)state;
    unsigned counts[BINS] = {0};
    double most = 0.0;
    unsigned beyond = count_noise(NOISE_EXACT, 5, NUMBERS / WIDTH, counts, &most);
    assert_true(chi_square(counts) < gsl_cdf_chisq_Qinv(1e-6, BINS - 1));
    assert_true(most > 4.4); /* of two million, all below that: 1 in 1e10 */
    assert_tail(beyond);
}

/* The fast numbers are 65,536 sums, not all numbers: of 65,536 draws nobody can tell them from
 * normal ones; of two million their distribution function is normal to 0.0006, and to 5 sigma of
 * the draws (0.0018), and the tail is there until it is cut. */
static void test_fast_noise_is_normal_to_4_sigma(void **state)
{
    (void)state;
    unsigned few[BINS] = {0}, counts[BINS] = {0};
    double most = 0.0;
    count_noise(NOISE_FAST, 5, 16, few, &most);
    assert_true(chi_square(few) < gsl_cdf_chisq_Qinv(1e-6, BINS - 1));
    unsigned beyond = count_noise(NOISE_FAST, 6, NUMBERS / WIDTH, counts, &most);
    assert_near(distance(counts, NUMBERS), 0.0, 0.0024);
    assert_true(most > 4.0 && most < 4.35);
    assert_tail(beyond);
}

/* 2^24 exact numbers beyond 4.5 sigma: 114 of them, sd 10.7; false alarm 6e-7. */
static void test_exact_noise_has_its_tail(void **state)
{
    (void)state;
    unsigned rows = getenv("CASHPOINT_LONG") != NULL ? 1 << 14 : 1 << 11, beyond = 0;
    static float noise[WIDTH];
    static uint32_t words[WIDTH];
    struct sensor_row row = {.noise = noise, .words = words};
    for (unsigned y = 0; y < rows; y++) {
        noise_exact((struct stream_key){.seed = 6 + y / 8192}, 0, y % 8192, WIDTH, &row);
        for (unsigned x = 0; x < WIDTH; x++)
            beyond += fabsf(noise[x]) > 4.5f;
    }
    double expected = 2.0 * gsl_cdf_ugaussian_Q(4.5) * rows * WIDTH;
    assert_near(beyond, expected, 5.0 * sqrt(expected));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bands_are_the_integral),
        cmocka_unit_test(test_bands_vanish_after_whole_periods),
        cmocka_unit_test(test_phase_is_of_the_frame),
        cmocka_unit_test(test_fixed_exposure_counts_photons),
        cmocka_unit_test(test_saturation),
        cmocka_unit_test(test_dsnu_is_a_fixed_map),
        cmocka_unit_test(test_exact_noise_is_normal),
        cmocka_unit_test(test_fast_noise_is_normal_to_4_sigma),
        cmocka_unit_test(test_exact_noise_has_its_tail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
