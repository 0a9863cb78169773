/* Random streams: the generator's known answers, addresses that never meet, and fair numbers. */
#include "engine/random.h"

#include "tests/chance.h"

#include <gsl/gsl_randist.h>
#include <string.h>

static const struct stream_key some_key = {20100615, 77, 3, 9};

static void assert_words(const uint32_t words[4], const uint32_t expected[4])
{
    for (int i = 0; i < 4; i++)
        assert_int_equal(words[i], expected[i]);
}

/* The three vectors of philox4x32-10 in Random123's kat_vectors, laid out as an address. */
static void test_known_answers(void **state)
{
    (void)state;
    static const struct {
        struct stream_key key;
        uint32_t block, words[4];
    } cases[] = {
        {{0, 0, 0, 0}, 0, {0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}},
        {{UINT64_MAX, UINT64_C(0xffffffffffff), UINT32_MAX, UINT16_MAX},
         UINT32_MAX,
         {0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}},
        {{UINT64_C(0x299f31d0a4093822), UINT64_C(0x734485a308d3), 0x13198a2e, 0x0370},
         0x243f6a88,
         {0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        uint32_t words[4];
        stream_block(cases[i].key, cases[i].block, words);
        assert_words(words, cases[i].words);
    }
}

struct address {
    struct stream_key key;
    uint32_t block;
};

enum { ADDRESS_BITS = 64 + 48 + 32 + 16 + 32 };

/* The address with one of its bits turned: seed, entity, replication, purpose, block. */
static struct address turned(struct address address, int bit)
{
    if (bit < 64)
        address.key.seed ^= UINT64_C(1) << bit;
    else if (bit < 112)
        address.key.entity ^= UINT64_C(1) << (bit - 64);
    else if (bit < 144)
        address.key.replication ^= UINT32_C(1) << (bit - 112);
    else if (bit < 160)
        address.key.purpose = (uint16_t)(address.key.purpose ^ 1u << (bit - 144));
    else
        address.block ^= UINT32_C(1) << (bit - 160);
    return address;
}

/* Every bit of an address matters: turning it changes about half of the 128 bits. The count is
 * Binomial(128, 1/2), sd 5.7: one of the 192 leaves 30 .. 98 by chance in 3 of 10^7 seeds. */
static void test_every_bit_of_an_address_counts(void **state)
{
    (void)state;
    const struct address start = {some_key, 5};
    uint32_t origin[4], words[4];
    stream_block(start.key, start.block, origin);
    for (int bit = 0; bit < ADDRESS_BITS; bit++) {
        struct address address = turned(start, bit);
        stream_block(address.key, address.block, words);
        int changed = 0;
        for (int i = 0; i < 4; i++)
            changed += __builtin_popcount(words[i] ^ origin[i]);
        if (changed < 30 || changed > 98)
            fail_msg("bit %d of the address changes %d of 128 bits", bit, changed);
    }
}

static int order_words(const void *a, const void *b)
{
    return memcmp(a, b, 4 * sizeof(uint32_t));
}

/* No two of some 18,000 neighbouring addresses (one or two bits apart) give the same 128 bits. */
static void test_addresses_never_meet(void **state)
{
    (void)state;
    const struct address start = {some_key, 5};
    size_t count = 0, most = 1 + ADDRESS_BITS * (ADDRESS_BITS + 1) / 2;
    uint32_t(*blocks)[4] = chance_room(most, sizeof *blocks);
    stream_block(start.key, start.block, blocks[count++]);
    for (int first = 0; first < ADDRESS_BITS; first++)
        for (int second = first; second < ADDRESS_BITS; second++) {
            struct address address = turned(start, first);
            if (second != first)
                address = turned(address, second);
            stream_block(address.key, address.block, blocks[count++]);
        }
    assert_int_equal(count, most);
    qsort(blocks, count, sizeof *blocks, order_words);
    for (size_t i = 1; i < count; i++)
        assert_int_not_equal(order_words(blocks[i - 1], blocks[i]), 0);
    free(blocks);
}

static void test_blocks_equal_the_stream(void **state)
{
    (void)state;
    struct stream stream;
    stream_init(&stream, some_key);
    for (uint32_t block = 0; block < 1000; block++) {
        uint32_t words[4];
        stream_block(some_key, block, words);
        for (int i = 0; i < 4; i++)
            assert_int_equal(stream_u32(&stream), words[i]);
    }
}

/* Any stretch of blocks, odd or even, also past 2^32, equals the blocks one by one. */
static void test_blocks_in_bulk(void **state)
{
    (void)state;
    static const uint32_t firsts[] = {0, 1, 1000, UINT32_MAX - 3, UINT32_MAX};
    for (size_t i = 0; i < sizeof firsts / sizeof *firsts; i++)
        for (uint32_t count = 0; count <= 9; count++) {
            uint32_t bulk[4 * 10] = {0}, words[4];
            stream_blocks(some_key, firsts[i], count, bulk);
            for (uint32_t block = 0; block < count; block++) {
                stream_block(some_key, firsts[i] + block, words);
                assert_words(bulk + 4 * (size_t)block, words);
            }
            assert_int_equal(bulk[4 * count], 0); /* and nothing is written behind them */
        }
}

static void test_wide_numbers_are_two_words(void **state)
{
    (void)state;
    struct stream words, wide;
    stream_init(&words, some_key);
    stream_init(&wide, some_key);
    (void)stream_u32(&words), (void)stream_u32(&wide); /* so that one spans two blocks */
    for (int i = 0; i < 100; i++) {
        uint64_t high = stream_u32(&words);
        uint64_t low = stream_u32(&words);
        assert_true(stream_u64(&wide) == (high << 32 | low));
    }
}

static struct stream last_block(void)
{
    struct stream stream;
    stream_init(&stream, some_key);
    stream.block = UINT32_MAX;
    return stream;
}

static void draw_past_the_end(void)
{
    struct stream stream = last_block();
    for (int i = 0; i < 5; i++)
        (void)stream_u32(&stream);
}

static void test_end_of_a_stream(void **state)
{
    (void)state;
    struct stream stream = last_block();
    uint32_t words[4];
    stream_block(some_key, UINT32_MAX, words);
    for (int i = 0; i < 4; i++)
        assert_int_equal(stream_u32(&stream), words[i]);
    assert_aborts(draw_past_the_end);
}

static void entity_too_large(void)
{
    struct stream stream;
    stream_init(&stream, (struct stream_key){.entity = UINT64_C(1) << 48});
}

static void nothing_to_choose_from(void)
{
    struct stream stream;
    stream_init(&stream, some_key);
    (void)stream_below(&stream, 0);
}

static void test_bugs_are_caught(void **state)
{
    (void)state;
    assert_aborts(entity_too_large);
    assert_aborts(nothing_to_choose_from);
}

/* A stream whose next four words are all the same. */
static struct stream stuck(uint32_t word)
{
    struct stream stream;
    stream_init(&stream, some_key);
    stream.left = 8;
    for (int i = 0; i < 4; i++)
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

/* -mean log u, and Box and Muller's cosine: to the last bits, where a fit would let 1% pass. */
static void test_formulas(void **state)
{
    (void)state;
    struct stream stream, twin;
    stream_init(&stream, some_key);
    twin = stream;
    for (int i = 0; i < 1000; i++) {
        double expected = -7.0 * log(stream_uniform(&twin));
        assert_close(stream_exponential(&stream, 7.0), expected, 1e-14);
        double first = stream_uniform(&twin), second = stream_uniform(&twin);
        expected = -3.0 + 2.0 * sqrt(-2.0 * log(first)) * cos(2.0 * M_PI * second);
        assert_within(stream_normal(&stream, -3.0, 2.0) - expected, -1e-14, 1e-14);
    }
}

/* So that no draw of one thing ever moves the next of another in the same stream. */
static void test_a_normal_costs_four_words(void **state)
{
    (void)state;
    struct stream stream;
    stream_init(&stream, some_key);
    for (uint64_t i = 1; i <= 1000; i++) {
        (void)stream_normal(&stream, 0.0, 1.0);
        assert_int_equal(4 * stream.block - stream.left, 4 * i);
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
        cmocka_unit_test(test_known_answers),
        cmocka_unit_test(test_every_bit_of_an_address_counts),
        cmocka_unit_test(test_addresses_never_meet),
        cmocka_unit_test(test_blocks_equal_the_stream),
        cmocka_unit_test(test_blocks_in_bulk),
        cmocka_unit_test(test_wide_numbers_are_two_words),
        cmocka_unit_test(test_end_of_a_stream),
        cmocka_unit_test(test_bugs_are_caught),
        cmocka_unit_test(test_uniform_is_open),
        cmocka_unit_test(test_uniform),
        cmocka_unit_test(test_below),
        cmocka_unit_test(test_below_is_unbiased),
        cmocka_unit_test(test_chance),
        cmocka_unit_test(test_exponential_and_normal),
        cmocka_unit_test(test_formulas),
        cmocka_unit_test(test_a_normal_costs_four_words),
        cmocka_unit_test(test_gsl_draws_from_the_stream),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
