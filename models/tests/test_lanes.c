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

static void fill_numbers(uint64_t seed, int16_t *numbers)
{
    uint32_t words[112];
    int16_t made[224];
    for (uint32_t i = 0; i < 28; i++)
        stream_block((struct stream_key){.seed = seed}, i, words + 4 * i);
    normals_fill(words, 112, made);
    memcpy(numbers, made, WIDTH * sizeof *numbers);
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

/* `noise` ends as the levels before they are rounded. */
static void expose(const struct lanes *lanes, bool exact, unsigned width, float *noise,
                   uint8_t *bytes)
{
    static const struct sensor_levels levels = {250.0f, 3.0f, 253.0f, 5e-4f, 1e-4f, 1e-8f, 1e-9f};
    float irradiance[WIDTH];
    int16_t gains[WIDTH], offsets[WIDTH], numbers[WIDTH];
    const struct fixed_rows fixed = {gains, offsets};
    fill(irradiance, WIDTH, 3, -0.1, 1.1);
    fill(noise, WIDTH, 4, -3.0, 3.0);
    fill_numbers(2, gains);
    fill_numbers(3, offsets);
    fill_numbers(4, numbers);
    lanes->expose(&levels, irradiance, &fixed, exact ? NULL : numbers, width, noise, bytes);
}

static void add_boxes(const struct lanes *lanes, int width, float *out)
{
    enum { BOXES = 7 };
    float sums[BOXES][WIDTH + 64];
    struct box_taps taps[BOXES];
    fill(&sums[0][0], BOXES * (WIDTH + 64), 5, 0.0, 1.0);
    for (int k = 0; k < BOXES; k++)
        taps[k] =
            (struct box_taps){sums[k] + 3 * k, sums[k] + k, 0.01f * (float)k, 0.1f, 0.02f, 0.3f};
    lanes->add_boxes(taps, BOXES, width, out);
}

/* A kernel of nine rows, the last ones in pairs, and five columns of which one is empty; then the
 * columns' sum. */
static void weigh(const struct lanes *lanes, int width, float *out)
{
    enum { ROWS = 9, COLUMNS = 5 };
    float pixels[2 * ROWS][WIDTH], sums[COLUMNS][WIDTH + 8] = {{0}}, weights[COLUMNS][ROWS];
    struct row_pair rows[ROWS];
    struct column_taps columns[COLUMNS];
    const float *moved[COLUMNS];
    fill(&pixels[0][0], 2 * ROWS * WIDTH, 6, -0.3, 1.0);
    fill(&weights[0][0], COLUMNS * ROWS, 7, -0.1, 0.2);
    for (int k = 0; k < ROWS; k++)
        rows[k] = (struct row_pair){pixels[k], k > 3 ? pixels[ROWS + k] : NULL};
    for (int j = 0; j < COLUMNS; j++) {
        columns[j] = (struct column_taps){weights[j], j, j == 3 ? 0 : ROWS - 2 * j, sums[j] + 4};
        moved[j] = sums[j] + 2 + j;
    }
    lanes->weigh_columns(rows, ROWS, columns, COLUMNS, width);
    lanes->add_rows(moved, COLUMNS, width, out);
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
            for (int exact = 0; exact < 2; exact++) {
                float plain_levels[WIDTH], levels[WIDTH];
                expose(lanes[0], exact, (unsigned)width, plain_levels, plain);
                expose(lanes[i], exact, (unsigned)width, levels, bytes);
                assert_memory_equal(bytes, plain, sizeof bytes);
                assert_memory_equal(levels, plain_levels, sizeof levels);
            }
            float plain_sums[WIDTH] = {0}, sums[WIDTH] = {0};
            add_boxes(lanes[0], width, plain_sums);
            add_boxes(lanes[i], width, sums);
            assert_memory_equal(sums, plain_sums, sizeof sums);
            weigh(lanes[0], width, plain_sums);
            weigh(lanes[i], width, sums);
            assert_memory_equal(sums, plain_sums, sizeof sums);
            int32_t plain_cells[WIDTH] = {0}, cells[WIDTH] = {0};
            float plain_over[WIDTH] = {0}, over[WIDTH] = {0};
            lanes[0]->cross(73.7, -0.26, width, plain_cells, plain_sums, plain_over);
            lanes[i]->cross(73.7, -0.26, width, cells, sums, over);
            assert_memory_equal(over, plain_over, sizeof over);
            assert_memory_equal(cells, plain_cells, sizeof cells);
            assert_memory_equal(sums, plain_sums, sizeof sums);
            unsigned all = (unsigned)width;
            float plain_row[WIDTH] = {0}, row[WIDTH] = {0};
            lanes[0]->lay(0.3f, sums, all / 3, all / 2, all, plain_row);
            lanes[i]->lay(0.3f, sums, all / 3, all / 2, all, row);
            assert_memory_equal(row, plain_row, sizeof row);
            lanes[0]->shade(0.9f, 1.1f, -0.3f, 0.01f, all, plain_row);
            lanes[i]->shade(0.9f, 1.1f, -0.3f, 0.01f, all, row);
            assert_memory_equal(row, plain_row, sizeof row);
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
