/* Fair numbers: what is drawn from a stream follows its law, and never leaves its range. */
#include "engine/random.h"

#include "engine/ziggurat.h"
#include "tests/chance.h"

#include <gsl/gsl_randist.h>
#include <string.h>

static const struct stream_key some_key = {20100615, 77, 3, 9};

/* A stream whose next sixteen words are all the same. */
static struct stream stuck(uint32_t word)
{
    struct stream stream;
    stream_init(&stream, some_key);
    stream.left = 16;
    for (int i = 0; i < 8; i++)
        stream.pairs[i] = (uint64_t)word << 32 | word;
    return stream;
}

/* 0 and 1 must not come out, even of the one word in 2^53 that lies nearest to them. */
static void test_uniform_is_open(void **state)
{
    (void)state;
    struct stream ones = stuck(UINT32_MAX), zeros = stuck(0);
    assert_true(stream_uniform(&ones) < 1.0);
    assert_true(stream_uniform(&zeros) > 0.0);
    ones = stuck(UINT32_MAX), zeros = stuck(0);
    assert_true(isfinite(stream_normal(&zeros, 0.0, 1.0)));
    zeros = stuck(0);
    assert_true(isfinite(stream_exponential(&zeros, 1.0)));
    assert_true(stream_exponential(&ones, 1.0) > 0.0);
    ones = stuck(UINT32_MAX), zeros = stuck(0);
    assert_true(stream_chance(&ones, 1.0));
    assert_false(stream_chance(&zeros, 0.0));
}

enum { DRAWS = 100000 };

static void test_uniform(void **state)
{
    (void)state;
    struct stream stream;
    stream_init(&stream, some_key);
    double *values = chance_room(DRAWS, sizeof *values);
    for (int i = 0; i < DRAWS; i++)
        values[i] = stream_uniform(&stream);
    assert_uniform(values, DRAWS, "one stream");
    /* The first numbers of neighbouring streams are as good as the numbers of one. */
    for (int i = 0; i < DRAWS; i++) {
        stream_init(&stream, (struct stream_key){1, (uint64_t)i, 0, 0});
        values[i] = stream_uniform(&stream);
    }
    assert_uniform(values, DRAWS, "neighbouring entities");
    for (int i = 0; i < DRAWS; i++) {
        stream_init(&stream, (struct stream_key){(uint64_t)i, 0, 0, 0});
        values[i] = stream_uniform(&stream);
    }
    assert_uniform(values, DRAWS, "neighbouring seeds");
    free(values);
}

static void check_below(uint32_t limit)
{
    enum { CELLS = 64 };
    size_t cells = limit < CELLS ? limit : CELLS;
    double seen[CELLS] = {0}, expected[CELLS];
    struct stream stream;
    stream_init(&stream, (struct stream_key){2, limit, 0, 0});
    for (int i = 0; i < DRAWS; i++) {
        uint32_t value = stream_below(&stream, limit);
        assert_true(value < limit);
        seen[(uint64_t)value * cells / limit]++;
    }
    for (size_t i = 0; i < cells; i++) {
        uint64_t from = (i * limit + cells - 1) / cells, to = ((i + 1) * limit + cells - 1) / cells;
        expected[i] = DRAWS * (double)(to - from) / limit;
    }
    assert_fits(seen, expected, cells, "below");
}

static void test_below(void **state)
{
    (void)state;
    static const uint32_t limits[] = {1,    2,    3,      6,          10,         63,
                                      1000, 4096, 999999, 0x80000000, 0xaaaaaaab, UINT32_MAX};
    for (size_t i = 0; i < sizeof limits / sizeof *limits; i++)
        check_below(limits[i]);
}

/* Of 3 x 2^30 values, a multiplication without rejection would give every third one twice. */
static void test_below_is_unbiased(void **state)
{
    (void)state;
    double seen[3] = {0}, expected[3] = {DRAWS / 3.0, DRAWS / 3.0, DRAWS / 3.0};
    struct stream stream;
    stream_init(&stream, some_key);
    for (int i = 0; i < DRAWS; i++)
        seen[stream_below(&stream, UINT32_C(3) << 30) % 3]++;
    assert_fits(seen, expected, 3, "below 3 x 2^30, modulo 3");
}

static void test_chance(void **state)
{
    (void)state;
    struct stream stream;
    stream_init(&stream, some_key);
    double hits = 0.0;
    for (int i = 0; i < DRAWS; i++) {
        hits += stream_chance(&stream, 0.3);
        assert_false(stream_chance(&stream, 0.0));
        assert_true(stream_chance(&stream, 1.0));
    }
    assert_mean(hits / DRAWS, 0.3, sqrt(0.3 * 0.7), DRAWS, "chance 0.3");
}

static void test_exponential_and_normal(void **state)
{
    (void)state;
    struct stream stream;
    stream_init(&stream, some_key);
    double *values = chance_room(DRAWS, sizeof *values);
    for (int i = 0; i < DRAWS; i++)
        values[i] = gsl_cdf_exponential_P(stream_exponential(&stream, 7.0), 7.0);
    assert_uniform(values, DRAWS, "exponential");
    for (int i = 0; i < DRAWS; i++)
        values[i] = gsl_cdf_ugaussian_P((stream_normal(&stream, -3.0, 2.0) + 3.0) / 2.0);
    assert_uniform(values, DRAWS, "normal");
    free(values);
}

static double density(const struct ziggurat *zig, double x)
{
    return zig == &ziggurat_normal ? exp(-0.5 * x * x) : exp(-x);
}

static double tail(const struct ziggurat *zig, double x)
{
    return zig == &ziggurat_normal ? sqrt(2.0 * M_PI) * gsl_cdf_ugaussian_Q(x) : exp(-x);
}

/* The layers lie on the density and have one area; the lowest has it with the tail. */
static void check_layers(const struct ziggurat *zig)
{
    double area = zig->x[1] * zig->f[1] + tail(zig, zig->x[1]);
    assert_close(zig->x[0] * zig->f[1], area, 1e-14);
    for (int i = 1; i < ZIGGURAT_LAYERS; i++) {
        assert_true(zig->x[i] > zig->x[i + 1]);
        assert_close(zig->x[i] * (zig->f[i + 1] - zig->f[i]), area, 1e-12);
        assert_close(zig->f[i], density(zig, zig->x[i]), 1e-14);
    }
    assert_true(zig->x[ZIGGURAT_LAYERS] == 0.0 && zig->f[ZIGGURAT_LAYERS] == 1.0);
}

static void test_layers_of_the_ziggurats(void **state)
{
    (void)state;
    check_layers(&ziggurat_exponential);
    check_layers(&ziggurat_normal);
}

/* 2^21 draws (CASHPOINT_LONG: 2^28) in 512 cells of the same probability and, within the last, 16
 * beyond the edge of the tail: a fit to some 0.1% of what a cell holds, where the 1% that does not
 * fall under the next layer for sure would show. */
enum { CELLS = 512, TAIL_CELLS = 16 };

static size_t many_draws(void)
{
    return getenv("CASHPOINT_LONG") != NULL ? (size_t)1 << 28 : (size_t)1 << 21;
}

/* `above`: the probability of more than the value. */
static void count_draw(double above, double edge_above, double *seen)
{
    if (above >= edge_above)
        seen[(size_t)(CELLS * (1.0 - above)) % CELLS]++;
    else
        seen[CELLS + (size_t)(TAIL_CELLS * above / edge_above)]++;
}

static void check_cells(const double *seen, double edge_above, size_t draws, const char *what)
{
    double expected[CELLS + TAIL_CELLS];
    for (int i = 0; i < CELLS; i++)
        expected[i] = (double)draws / CELLS;
    expected[CELLS - 1] -= (double)draws * edge_above;
    for (int i = 0; i < TAIL_CELLS; i++)
        expected[CELLS + i] = (double)draws * edge_above / TAIL_CELLS;
    assert_fits(seen, expected, CELLS + TAIL_CELLS, what);
}

static void test_exponentials_fit(void **state)
{
    (void)state;
    double edge_above = exp(-ziggurat_exponential.x[1]), seen[CELLS + TAIL_CELLS] = {0};
    struct stream stream;
    stream_init(&stream, (struct stream_key){.seed = 33});
    for (size_t i = 0; i < many_draws(); i++) {
        double value = stream_exponential(&stream, 1.0);
        assert_true(value > 0.0);
        count_draw(exp(-value), edge_above, seen);
    }
    check_cells(seen, edge_above, many_draws(), "exponential");
}

/* Both halves by their size, and the signs as often: Binomial(n, 1/2). */
static void test_normals_fit(void **state)
{
    (void)state;
    double edge_above = 2.0 * gsl_cdf_ugaussian_Q(ziggurat_normal.x[1]);
    double seen[CELLS + TAIL_CELLS] = {0}, positive = 0.0, draws = (double)many_draws();
    struct stream stream;
    stream_init(&stream, (struct stream_key){.seed = 34});
    for (size_t i = 0; i < many_draws(); i++) {
        double value = stream_normal(&stream, 0.0, 1.0);
        positive += value > 0.0;
        count_draw(erfc(fabs(value) * M_SQRT1_2), edge_above, seen);
    }
    check_cells(seen, edge_above, many_draws(), "normal");
    assert_mean(positive / draws, 0.5, 0.5, many_draws(), "signs");
}

/* Draws that follow one another, over 16 x 16 cells. */
static void test_draws_in_a_row_are_independent(void **state)
{
    (void)state;
    enum { SIDE = 16 };
    double seen[2][SIDE * SIDE] = {{0}}, expected[SIDE * SIDE];
    struct stream stream;
    stream_init(&stream, (struct stream_key){.seed = 35});
    for (int i = 0; i < 10 * DRAWS; i++) {
        double a = exp(-stream_exponential(&stream, 1.0)), b = exp(-stream_exponential(&stream, 1));
        double c = gsl_cdf_ugaussian_P(stream_normal(&stream, 0.0, 1.0));
        double d = gsl_cdf_ugaussian_P(stream_normal(&stream, 0.0, 1.0));
        seen[0][(int)(a * SIDE) % SIDE * SIDE + (int)(b * SIDE) % SIDE]++;
        seen[1][(int)(c * SIDE) % SIDE * SIDE + (int)(d * SIDE) % SIDE]++;
    }
    for (int i = 0; i < SIDE * SIDE; i++)
        expected[i] = 10.0 * DRAWS / (SIDE * SIDE);
    assert_fits(seen[0], expected, SIDE * SIDE, "exponentials in a row");
    assert_fits(seen[1], expected, SIDE * SIDE, "normals in a row");
}

/* How many words a draw takes depends on the words alone: variants that share a stream draw the
 * same numbers, each in its own measure. */
static void test_mean_and_sd_only_scale(void **state)
{
    (void)state;
    struct stream stream, twin;
    stream_init(&stream, some_key);
    twin = stream;
    for (int i = 0; i < DRAWS; i++) {
        double value = stream_exponential(&stream, 1.0);
        assert_close(stream_exponential(&twin, 7.0), 7.0 * value, 1e-15);
        value = stream_normal(&stream, 0.0, 1.0);
        assert_close(stream_normal(&twin, -3.0, 2.0), -3.0 + 2.0 * value, 1e-15);
        assert_true(stream.block == twin.block && stream.left == twin.left);
    }
}

static void test_gsl_draws_from_the_stream(void **state)
{
    (void)state;
    struct stream stream, twin;
    gsl_rng holder;
    stream_init(&stream, some_key);
    stream_init(&twin, some_key);
    gsl_rng *rng = stream_gsl(&stream, &holder);
    assert_true(gsl_rng_max(rng) == UINT32_MAX && gsl_rng_min(rng) == 0);
    for (int i = 0; i < 1000; i++) {
        assert_true(gsl_rng_get(rng) == stream_u32(&twin));
        assert_true(gsl_rng_uniform(rng) == stream_uniform(&twin));
        assert_true(gsl_rng_uniform_pos(rng) == stream_uniform(&twin));
    }
    gsl_rng_set(rng, 1); /* moves nothing: a stream is addressed */
    assert_true(gsl_rng_get(rng) == stream_u32(&twin));
    for (int i = 0; i < 10; i++)
        (void)gsl_ran_gamma(rng, 4.0, 1.0);
    assert_true(stream.block > twin.block); /* what GSL draws is gone from the stream itself */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_uniform_is_open),
        cmocka_unit_test(test_uniform),
        cmocka_unit_test(test_below),
        cmocka_unit_test(test_below_is_unbiased),
        cmocka_unit_test(test_chance),
        cmocka_unit_test(test_exponential_and_normal),
        cmocka_unit_test(test_layers_of_the_ziggurats),
        cmocka_unit_test(test_exponentials_fit),
        cmocka_unit_test(test_normals_fit),
        cmocka_unit_test(test_draws_in_a_row_are_independent),
        cmocka_unit_test(test_mean_and_sd_only_scale),
        cmocka_unit_test(test_gsl_draws_from_the_stream),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
