/* A series against the observations themselves, kept in full. */
#include "engine/series.h"

#include "engine/random.h"
#include "tests/chance.h"

#include <string.h>

static struct series *series_new(void)
{
    return chance_room(1, sizeof(struct series));
}

static void test_empty(void **state)
{
    (void)state;
    struct series *series = series_new();
    assert_int_equal(series_count(series), 0);
    assert_int_equal(series_cells(series, 0), 0);
    assert_int_equal(series_cells(series, SERIES_MOST_LOG), 0);
    assert_true(isnan(series_mean_after(series, 0, 0)));
    free(series);
}

/* While there is room, each observation stands by itself. */
static void test_fills(void **state)
{
    (void)state;
    struct series *series = series_new();
    for (int i = 0; i < SERIES_ROOM - 1; i++)
        series_add(series, i * i);
    assert_int_equal(series->log_width, 0);
    assert_int_equal(series_cells(series, 0), SERIES_ROOM - 1);
    assert_close(series_cell_mean(series, 0, 45), 2025.0, 0.0);
    assert_close(series_cell_mean(series, 2, 1), (16 + 25 + 36 + 49) / 4.0, 0.0);
    series_add(series, 1.0);
    assert_int_equal(series->log_width, 1);
    assert_int_equal(series_cells(series, 1), SERIES_ROOM / 2);
    assert_close(series_cell_mean(series, 1, 22), (44 * 44 + 45 * 45) / 2.0, 0.0);
    assert_close(series_cell_mean(series, 1, SERIES_ROOM / 2 - 1),
                 ((SERIES_ROOM - 2.0) * (SERIES_ROOM - 2) + 1.0) / 2.0, 0.0);
    free(series);
}

static double mean_of(const double *values, size_t from, size_t to)
{
    double sum = 0.0;
    for (size_t i = from; i < to; i++)
        sum += values[i];
    return sum / (double)(to - from);
}

/* Every prefix length counts the same observations in the same cells. Whole numbers, so that sums
 * are exact in any order. */
static void check_against(const double *values, size_t n)
{
    struct series *series = series_new();
    for (size_t i = 0; i < n; i++)
        series_add(series, values[i]);
    assert_int_equal(series_count(series), n);
    assert_true(series->cells < SERIES_ROOM);
    assert_true(n < SERIES_ROOM || series->cells >= SERIES_ROOM / 2);
    for (unsigned wider = 0; wider < 6; wider++) {
        unsigned log_width = series->log_width + wider;
        size_t width = (size_t)1 << log_width, cells = series_cells(series, log_width);
        assert_int_equal(cells, n / width);
        for (size_t i = 0; i < cells; i += 1 + cells / 50)
            assert_close(series_cell_mean(series, log_width, i),
                         mean_of(values, i * width, (i + 1) * width), 0.0);
        if (cells * width < n)
            assert_close(series_mean_after(series, log_width, cells),
                         mean_of(values, cells * width, n), 0.0);
        assert_close(series_mean_after(series, log_width, cells / 3),
                     mean_of(values, cells / 3 * width, n), 0.0);
    }
    free(series);
}

static void test_any_length(void **state)
{
    (void)state;
    enum { MOST = 70000 };
    static const size_t lengths[] = {1, 2, 77, 2047, 2048, 2049, 4095, 4096, 9999, 65535, MOST};
    double *values = chance_room(MOST, sizeof *values);
    struct stream stream;
    stream_init(&stream, (struct stream_key){4, 0, 0, 0});
    for (size_t i = 0; i < MOST; i++)
        values[i] = (double)stream_below(&stream, 1000) - 300.0;
    for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++)
        check_against(values, lengths[i]);
    free(values);
}

static void ask_finer(void)
{
    struct series *series = series_new();
    for (int i = 0; i < SERIES_ROOM; i++)
        series_add(series, 1.0);
    (void)series_cells(series, 0); /* they are gone */
}

static void ask_beyond(void)
{
    (void)series_cell_mean(series_new(), 0, 0);
}

static void test_misuse(void **state)
{
    (void)state;
    assert_aborts(ask_finer);
    assert_aborts(ask_beyond);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_empty),
        cmocka_unit_test(test_fills),
        cmocka_unit_test(test_any_length),
        cmocka_unit_test(test_misuse),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
