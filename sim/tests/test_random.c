/* Random streams: the generator's known answers, addresses that never meet, and streams that end.
 */
#include "engine/philox.h"
#include "engine/philox_bulk.h"
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
        for (uint32_t count = 0; count <= 13; count++) {
            uint32_t bulk[4 * 14] = {0}, words[4];
            stream_blocks(some_key, firsts[i], count, bulk);
            for (uint32_t block = 0; block < count; block++) {
                stream_block(some_key, firsts[i] + block, words);
                assert_words(bulk + 4 * (size_t)block, words);
            }
            assert_int_equal(bulk[4 * count], 0); /* and nothing is written behind them */
        }
}

static void check_maker(philox_maker *make)
{
    for (uint32_t i = 0; i < 64; i++) {
        struct stream_key key = turned((struct address){some_key, 0}, (int)(3 * i % 160)).key;
        uint32_t made[16], words[4], first = i % 2 == 0 ? i : UINT32_MAX - i % 4;
        uint64_t pairs[8];
        make(key, first, PHILOX_WORDS, made);
        make(key, first, PHILOX_PAIRS, pairs);
        for (uint32_t block = 0; block < 4; block++) {
            stream_block(key, first + block, words);
            assert_words(made + 4 * (size_t)block, words);
            for (int k = 0; k < 2; k++)
                assert_true(pairs[2 * block + (uint32_t)k] ==
                            ((uint64_t)words[2 * k] << 32 | words[2 * k + 1]));
        }
    }
}

/* What is made in vectors, and what is made where there are none. */
static void test_four_blocks_at_once(void **state)
{
    (void)state;
    check_maker(philox_four_anywhere);
    check_maker(philox_four_here());
}

static void check_binder(philox_binder *bind)
{
    for (uint32_t i = 0; i < 64; i++) {
        struct stream_key key = turned((struct address){some_key, 0}, (int)(3 * i % 160)).key;
        enum { SHEAVES = 7 };
        uint32_t bound[SHEAVES * SHEAF_WORDS + 1] = {0}, words[4], first = i - 2;
        bind(key, first, SHEAVES, bound);
        for (uint32_t block = 0; block < SHEAVES * SHEAF_BLOCKS; block++) {
            const uint32_t *sheaf = bound + block / SHEAF_BLOCKS * SHEAF_WORDS;
            const uint32_t *front = sheaf + 2 * (block % SHEAF_BLOCKS);
            const uint32_t *back = front + SHEAF_WORDS / 2;
            stream_block(key, SHEAF_BLOCKS * first + block, words);
            assert_words((const uint32_t[]){front[0], front[1], back[0], back[1]}, words);
        }
        assert_int_equal(bound[SHEAVES * SHEAF_WORDS], 0); /* nothing is written behind them */
    }
}

static void test_sheaves_are_blocks(void **state)
{
    (void)state;
    philox_binder *binders[PHILOX_BINDERS_MAX];
    int count = philox_binders(binders);
    assert_in_range(count, 1, PHILOX_BINDERS_MAX);
    for (int i = 0; i < count; i++)
        check_binder(binders[i]);
}

static void test_wide_numbers_are_two_words(void **state)
{
    (void)state;
    struct stream words, wide;
    stream_init(&words, some_key);
    stream_init(&wide, some_key);
    for (int i = 0; i < 100; i++) {
        if (i % 10 == 5) /* so that one spans two blocks */
            (void)stream_u32(&words), (void)stream_u32(&wide);
        uint64_t high = stream_u32(&words);
        uint64_t low = stream_u32(&words);
        assert_true(stream_u64(&wide) == (high << 32 | low));
    }
}

/* The blocks before the last one too, which are not made by four. */
static void test_the_last_blocks_equal_the_stream(void **state)
{
    (void)state;
    struct stream stream;
    stream_init(&stream, some_key);
    stream.block = UINT32_MAX - 10;
    for (uint32_t block = UINT32_MAX - 10; block != 0; block++) {
        uint32_t words[4];
        stream_block(some_key, block, words);
        for (int i = 0; i < 4; i++)
            assert_int_equal(stream_u32(&stream), words[i]);
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_known_answers),
        cmocka_unit_test(test_every_bit_of_an_address_counts),
        cmocka_unit_test(test_addresses_never_meet),
        cmocka_unit_test(test_blocks_equal_the_stream),
        cmocka_unit_test(test_blocks_in_bulk),
        cmocka_unit_test(test_four_blocks_at_once),
        cmocka_unit_test(test_sheaves_are_blocks),
        cmocka_unit_test(test_wide_numbers_are_two_words),
        cmocka_unit_test(test_the_last_blocks_equal_the_stream),
        cmocka_unit_test(test_end_of_a_stream),
        cmocka_unit_test(test_bugs_are_caught),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
