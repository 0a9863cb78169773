/* The matrix world: where the answer is known beforehand. (Against a published table:
 * scripts/validate-ber.) */
#include "experiment/scenario.h"
#include "matrix.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

enum { PIPELINES = 3 };

/* Runs replication 0 of the defaults with `set` over them, straight before the camera. */
static struct unit_result *run(const char *const *set, size_t count, int jobs)
{
    const char *all[16] = {"world=matrix",
                           "schemes=[image-code]",
                           "presentation.offset=0 mm",
                           "presentation.yaw=0 deg",
                           "presentation.pitch=0 deg",
                           "presentation.roll=0 deg",
                           "presentation.speed=0 mm/s"};
    struct scenario scenario;
    void *pipelines[PIPELINES];
    unsigned width, height;
    for (size_t i = 0; i < count; i++)
        all[7 + i] = set[i];
    assert_true(scenario_read(&scenario, &settings_table, NULL, all, 7 + count, stderr));
    world_frame_size(scenario.settings, &width, &height);
    for (int i = 0; i < PIPELINES; i++)
        pipelines[i] = pipeline_new(width, height);
    struct workers *workers = workers_new(jobs, pipelines, 64);
    struct unit_result *result = unit_result_new(&model_tables, SCHEME_IMAGE_CODE, 0);
    assert_int_equal(matrix_run(scenario.settings, 0, workers, NULL, result), WORLD_DONE);
    workers_free(workers);
    for (int i = 0; i < PIPELINES; i++)
        pipeline_free(pipelines[i]);
    scenario_fini(&scenario);
    return result;
}

static double errors_of(const char *const *set, size_t count)
{
    struct unit_result *result = run(set, count, 1);
    double value = unit_value(result, M_BIT_ERRORS);
    assert_true(result->denominator[M_BIT_ERRORS] == 10.0 * 128 * 64);
    unit_result_free(result);
    return value;
}

/* 3.4 pixels a dot, in focus: the noise is many standard deviations from the threshold. */
static void test_clear(void **state)
{
    (void)state;
    const char *const set[] = {"presentation.distance=80 mm",
                               "terminals.camera.capture_focus=80 mm"};
    assert_true(errors_of(set, 2) == 0.0);
}

/* A coin's toss where nothing is seen: beyond the frame all dots are read as bright, so that the
 * dark half is wrong; far out of focus every dot has the same grey. Of 81,920 dots the share wrong
 * has a standard deviation of 0.0018; a sound program fails for one seed in ten million. */
static void test_blind(void **state)
{
    (void)state;
    const char *const beyond[] = {"presentation.offset=500 mm"};
    const char *const blurred[] = {"presentation.distance=50 mm", "terminals.camera.f_number=0.7",
                                   "terminals.camera.capture_focus=100 m"};
    assert_true(fabs(errors_of(beyond, 1) - 0.5) < 0.01);
    assert_true(fabs(errors_of(blurred, 3) - 0.5) < 0.05);
}

/* With the pixels half a dot off both ways, as large as the dots and without noise, each of four
 * pixels around a dot's centre is the mean of four dots; the grey read there, their mean, is that
 * of the 3 x 3 dots around with weights 4, 2 and 1 of 16. It is wrong where the others outweigh the
 * 4: of the 256 patterns of eight neighbours those with a weight of less than 4 on the dot's side,
 * and half of those with just 4, which noise decides. */
static double half_a_dot_off(void)
{
    double wrong = 0.0;
    for (unsigned pattern = 0; pattern < 256; pattern++) {
        int same = 0;
        for (int i = 0; i < 8; i++)
            same += (pattern >> i & 1) != 0 ? (i < 4 ? 2 : 1) : 0;
        wrong += same < 4 ? 1.0 : same == 4 ? 0.5 : 0.0;
    }
    return wrong / 256.0;
}

static void test_half_a_dot_off(void **state)
{
    (void)state;
    /* 10 mm at 10 m through 6 mm is 6 um; the frame's middle is a pixel's corner, and the display's
     * a dot's corner: half a dot is 5 mm. */
    const char *const set[] = {"presentation.distance=10 m",
                               "presentation.offset=5 mm",
                               "token.display.pitch=10 mm",
                               "terminals.camera.focal_length=6 mm",
                               "terminals.camera.pixel_pitch=6 um",
                               "terminals.camera.capture_focus=10 m",
                               "terminals.camera.full_well=1000000 e-",
                               "terminals.camera.prnu=0 %"};
    /* borders have a bright bezel instead of tossed dots: 2.3 % of the dots */
    assert_true(fabs(errors_of(set, 8) - half_a_dot_off()) < 0.01);
}

/* The same numbers, whoever takes the captures. */
static void test_workers(void **state)
{
    (void)state;
    const char *const set[] = {"presentation.distance=240 mm"};
    struct unit_result *one = run(set, 1, 1), *three = run(set, 1, PIPELINES);
    assert_true(one->numerator[M_BIT_ERRORS] > 0.0);
    assert_true(one->numerator[M_BIT_ERRORS] == three->numerator[M_BIT_ERRORS]);
    assert_true(one->fingerprint == three->fingerprint);
    unit_result_free(one);
    unit_result_free(three);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_clear),
        cmocka_unit_test(test_blind),
        cmocka_unit_test(test_half_a_dot_off),
        cmocka_unit_test(test_workers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
