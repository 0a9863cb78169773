/*
 * Whatever vectors the processor has, the camera's inner loops give the same bytes: every kind that
 * is there is held against the plainest, at widths that leave every remainder.
 */
#include "optics/camera_private.h"
#include "optics/lanes.h"
#include "optics/normals.h"
#include "optics_fixture.h"

enum { WIDTH = 200 };

static void fill(float *values, int count, uint64_t entity, double low, double high)
{
    struct stream stream;
    stream_init(&stream, (struct stream_key){.seed = 1, .entity = entity});
    for (int i = 0; i < count; i++)
        values[i] = (float)(low + (high - low) * stream_uniform(&stream));
}

static void fill_noise(const struct lanes *lanes, float *noise)
{
    uint32_t words[112];
    int16_t numbers[224];
    for (uint32_t i = 0; i < 28; i++)
        stream_block((struct stream_key){.seed = 2}, i, words + 4 * i);
    normals_fill(words, 112, numbers);
    lanes->scale(numbers, WIDTH, (float)(1.0 / normals_sd()), noise);
}

static void test_normals_are_the_same(void **state)
{
    (void)state;
    enum { WORDS = 32768 };
    uint32_t *words = malloc(WORDS * sizeof *words);
    int16_t *plain = malloc(2 * WORDS * sizeof *plain), *other = malloc(2 * WORDS * sizeof *other);
    CHECK(words != NULL && plain != NULL && other != NULL);
    for (uint32_t i = 0; i < WORDS; i++)
        words[i] = (2 * i + 1) << 16 | 2 * i;
    normals_filler *fillers[NORMALS_FILLERS_MAX];
    int count = normals_fillers(fillers);
    assert_in_range(count, 1, NORMALS_FILLERS_MAX);
    fillers[0](words, WORDS, plain);
    for (int i = 1; i < count; i++) {
        memset(other, 0, 2 * WORDS * sizeof *other);
        fillers[i](words, WORDS, other);
        assert_memory_equal(other, plain, 2 * WORDS * sizeof *other);
    }
    free(words);
    free(plain);
    free(other);
}

static void expose(const struct lanes *lanes, unsigned width, uint8_t *bytes)
{
    static const struct sensor_levels levels = {250.0f, 2.5f, 252.5f, 0.01f, 0.5f, 0.26f, 0.0255f};
    float irradiance[WIDTH], gains[WIDTH], offsets[WIDTH], noise[WIDTH];
    const struct fixed_rows fixed = {gains, offsets};
    fill(irradiance, WIDTH, 3, -0.1, 1.1);
    fill(gains, WIDTH, 4, -3.0, 3.0);
    fill(offsets, WIDTH, 5, -3.0, 3.0);
    fill_noise(lanes, noise);
    lanes->expose(&levels, irradiance, &fixed, width, noise, bytes);
}

static void add_boxes(const struct lanes *lanes, int width, float *out)
{
    enum { BOXES = 7 };
    float sums[BOXES][WIDTH + 32];
    struct box_taps taps[BOXES];
    fill(&sums[0][0], BOXES * (WIDTH + 32), 5, 0.0, 1.0);
    for (int k = 0; k < BOXES; k++)
        taps[k] =
            (struct box_taps){sums[k] + 3 * k, sums[k] + k, 0.01f * (float)k, 0.1f, 0.02f, 0.3f};
    lanes->add_boxes(taps, BOXES, width, out);
}

static void test_loops_are_the_same(void **state)
{
    (void)state;
    const struct lanes *lanes[LANES_MAX];
    int count = lanes_all(lanes);
    assert_in_range(count, 1, LANES_MAX);
    for (int width = 0; width <= WIDTH; width++)
        for (int i = 1; i < count; i++) {
            uint8_t plain[WIDTH] = {0}, bytes[WIDTH] = {0};
            expose(lanes[0], (unsigned)width, plain);
            expose(lanes[i], (unsigned)width, bytes);
            assert_memory_equal(bytes, plain, sizeof bytes);
            float plain_sums[WIDTH] = {0}, sums[WIDTH] = {0};
            add_boxes(lanes[0], width, plain_sums);
            add_boxes(lanes[i], width, sums);
            assert_memory_equal(sums, plain_sums, sizeof sums);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_normals_are_the_same),
        cmocka_unit_test(test_loops_are_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
