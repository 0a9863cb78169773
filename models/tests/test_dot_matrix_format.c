/*
 * The dot matrix's format: every bit where symbology/dot_matrix.h says it is, and back again.
 *
 * The grid is made anew here from that page, without the code that draws; the Reed-Solomon code is
 * checked by its roots, the convolutional one against its polynomials and libfec's decoder. Chance
 * comes from fixed seeds.
 */
#include "dot_matrix_pictures.h"
#include "engine/hash.h"
#include "symbology/dot_matrix_trial.h"

#include <fec.h>

static void draw(const struct matrix_format *matrix, const char *bytes, unsigned length,
                 unsigned width, unsigned height, struct code_image *image)
{
    struct error error = {""};
    struct code_format format = {.symbology = SYMBOLOGY_DOT_MATRIX, .matrix = *matrix};
    if (!symbology_draw(&format, bytes, length, width, height, image, &error))
        fail_msg("%s", error.text);
}

static const struct matrix_format usual = {1, 2, 0, MATRIX_VITERBI, false};

/* ---- the page, once more ---- */

static uint32_t plain_crc(const uint8_t *bytes, size_t count)
{
    uint32_t crc = 0xffffffff;
    for (size_t i = 0; i < 8 * count; i++) {
        uint32_t bit = (crc ^ bytes[i / 8] >> i % 8) & 1;
        crc = crc >> 1 ^ (bit ? 0xedb88320 : 0);
    }
    return crc ^ 0xffffffff;
}

static void test_crc(void **state)
{
    (void)state;
    assert_int_equal(plain_crc((const uint8_t *)"123456789", 9), 0xcbf43926);
    assert_int_equal(dot_matrix_crc(0, (const uint8_t *)"123456789", 9), 0xcbf43926);
    uint32_t half = dot_matrix_crc(0, (const uint8_t *)"1234", 4);
    assert_int_equal(dot_matrix_crc(half, (const uint8_t *)"56789", 5), 0xcbf43926);
}

struct bits {
    unsigned count;
    uint8_t bit[DOT_MATRIX_MAX_CELLS];
};

static void append(struct bits *bits, uint32_t value, unsigned count)
{
    while (count-- > 0)
        bits->bit[bits->count++] = value >> count & 1;
}

static unsigned header_of(const char *bytes, unsigned length)
{
    return length <= 123 && strspn(bytes, "0123456789") == length ? 132 + length : length;
}

static void write_message(const char *bytes, unsigned length, struct bits *bits)
{
    uint8_t checked[PAYLOAD_MAX_BYTES + 1] = {(uint8_t)header_of(bytes, length)};
    memcpy(checked + 1, bytes, length);
    bits->count = 0;
    for (unsigned i = 0; i < length; i++) {
        char group[4] = "";
        unsigned left = length - i < 3 ? length - i : 3;
        if (checked[0] <= 132) {
            append(bits, (uint8_t)bytes[i], 8);
            continue;
        }
        memcpy(group, bytes + i, left);
        append(bits, (uint32_t)strtoul(group, NULL, 10), left == 3 ? 10 : left == 2 ? 7 : 4);
        i += left - 1;
    }
    append(bits, plain_crc(checked, length + 1), 32);
}

static void protect_viterbi(const struct bits *message, unsigned room, struct bits *code)
{
    static const unsigned polynomials[] = {0x1ed, 0x19b, 0x127};
    static uint8_t coded[3 * 2048];
    unsigned steps = message->count + 8;
    for (unsigned i = 0; i < 3 * steps; i++) {
        coded[i] = 0;
        for (unsigned back = 0; back < 9 && back <= i / 3; back++)
            if (i / 3 - back < message->count && polynomials[i % 3] >> back & 1)
                coded[i] ^= message->bit[i / 3 - back];
    }
    for (unsigned j = 0; j < room; j++)
        append(code, coded[(uint64_t)j * 3 * steps / room], 1);
}

/* Cell by cell, whether it is dark. */
static void fill_cells(const char *bytes, unsigned length, enum matrix_fec fec, unsigned cells,
                       uint8_t *dark)
{
    static struct bits message, code;
    unsigned power = 1, stride = (unsigned)(0.618 * cells), reg = 0xace1;
    code.count = 0;
    write_message(bytes, length, &message);
    for (unsigned i = 0; i < (cells < 1024 ? 64u : 128u); i++) {
        append(&code, (uint32_t)__builtin_parity(header_of(bytes, length) & power), 1);
        power = power * 2 ^ (power >= 128 ? 0x11d : 0);
    }
    if (fec == MATRIX_VITERBI)
        protect_viterbi(&message, cells - code.count, &code);
    else
        for (unsigned i = 0; code.count < cells; i++)
            append(&code, i < message.count ? message.bit[i] : 0, 1);
    for (unsigned a = cells, b = stride; b != 0 || a != 1;) { /* until they share no factor */
        unsigned rest = b == 0 ? 0 : a % b;
        a = b == 0 ? cells : b;
        b = b == 0 ? ++stride : rest;
    }
    for (unsigned j = 0; j < cells; j++)
        dark[(uint64_t)j * stride % cells] = code.bit[j];
    for (unsigned cell = 0; cell < cells; cell++) {
        dark[cell] ^= reg & 1;
        reg = reg >> 1 ^ (reg & 1 ? 0xb400 : 0);
    }
}

static bool on_ring(int x, int y, int width, int height, int from, int to)
{
    int edge = x < y ? x : y;
    edge = width - 1 - x < edge ? width - 1 - x : edge;
    edge = height - 1 - y < edge ? height - 1 - y : edge;
    return edge >= from && edge < to;
}

/* Compares every pixel of an image with what the page says. */
static void check_image(const struct matrix_format *format, const char *bytes, unsigned length,
                        unsigned width, unsigned height)
{
    static struct code_image image;
    static uint8_t dark[DOT_MATRIX_MAX_CELLS];
    int quiet = (int)format->quiet, inner = quiet + 3, first = inner + 2;
    int columns = ((int)width - 2 * quiet - 8) / (int)format->block_width;
    int rows = ((int)height - 2 * quiet - 8) / (int)format->block_height;
    draw(format, bytes, length, width, height, &image);
    fill_cells(bytes, length, format->fec, (unsigned)(columns * rows), dark);
    for (int y = 0; y < (int)height; y++)
        for (int x = 0; x < (int)width; x++) {
            int column = (x - first) / (int)format->block_width;
            int row = (y - first) / (int)format->block_height;
            bool wanted = on_ring(x, y, (int)width, (int)height, quiet, quiet + 2);
            if (on_ring(x, y, (int)width, (int)height, inner, 999)) {
                if (x < first || y < first)
                    wanted = (x < first ? y < first ? 0 : y - inner : x - inner) / 2 % 2 == 0;
                else if (column < columns && row < rows)
                    wanted = dark[row * columns + column];
            }
            if (code_image_dark(&image, (unsigned)x, (unsigned)y) != wanted)
                fail_msg("pixel %d, %d of a string of %u", x, y, length);
        }
}

static void test_page(void **state)
{
    static const unsigned lengths[] = {1, 2, 3, 10, 12, 20, 64, 123, 124, 132};
    static const struct matrix_format formats[] = {{1, 2, 0, MATRIX_VITERBI, false},
                                                   {1, 1, 4, MATRIX_VITERBI, false},
                                                   {2, 2, 0, MATRIX_VITERBI, false},
                                                   {4, 4, 0, MATRIX_NO_FEC, false},
                                                   {1, 2, 3, MATRIX_NO_FEC, false}};
    (void)state;
    for (size_t f = 0; f < sizeof formats / sizeof formats[0]; f++)
        for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++)
            for (int alphabet = ANY_BYTES; alphabet <= CHARACTERS; alphabet++) {
                char bytes[PAYLOAD_MAX_BYTES + 1];
                struct stream stream = new_stream(100 * f + i, (uint16_t)alphabet);
                if (lengths[i] > 64 && formats[f].block_width > 1)
                    continue;
                if (lengths[i] > 20 && formats[f].block_width > 2)
                    continue;
                random_payload(&stream, lengths[i], (enum alphabet)alphabet, bytes);
                check_image(&formats[f], bytes, lengths[i], f == 1 ? 100 : 128, f == 1 ? 61 : 64);
            }
}

/* By hand: header 142 is 1000 1110; bit 0 of the code is its lowest, 0, in cell 0, which is turned
 * over (0xace1 is odd): dark. Bit 1 of the code is 1, in cell 2077 (0.618 x 3360 = 2076 shares the
 * factor 12), at column 37 of row 17. */
static void test_by_hand(void **state)
{
    struct code_image image;
    (void)state;
    draw(&usual, "0123456789", 10, 128, 64, &image);
    assert_true(code_image_dark(&image, 0, 0) && code_image_dark(&image, 1, 63));
    assert_true(!code_image_dark(&image, 2, 2) && !code_image_dark(&image, 125, 61));
    assert_true(code_image_dark(&image, 3, 3) && code_image_dark(&image, 4, 4));
    assert_true(!code_image_dark(&image, 5, 3) && !code_image_dark(&image, 3, 6));
    assert_true(code_image_dark(&image, 7, 4) && code_image_dark(&image, 4, 7));
    assert_true(code_image_dark(&image, 5, 5) && code_image_dark(&image, 5, 6));
    unsigned reg = 0xace1;
    for (int i = 0; i < 2077; i++)
        reg = reg >> 1 ^ (reg & 1 ? 0xb400 : 0);
    assert_int_equal(code_image_dark(&image, 5 + 37, 5 + 2 * 17), 1 ^ (reg & 1));
}

/* Symbols that were drawn once must be read for ever. */
static void test_never_changes(void **state)
{
    static const struct {
        struct matrix_format format;
        const char *text;
        uint64_t hash;
    } cases[] = {
        {{1, 2, 0, MATRIX_VITERBI, false}, "0123456789", UINT64_C(0x23495bceb9d8a1bd)},
        {{1, 2, 0, MATRIX_REED_SOLOMON, false}, "0123456789", UINT64_C(0x6f7b4c25fdbf5841)},
        {{1, 2, 0, MATRIX_NO_FEC, false}, "0123456789", UINT64_C(0xdccb0e4157e492c9)},
        {{4, 4, 0, MATRIX_VITERBI, false}, "A1B2C3D4E5F6", UINT64_C(0xc1cac2d88bfa77a5)},
        {{0, 0, 0, MATRIX_VITERBI, true}, "0123456789", UINT64_C(0xa7460894df098b65)},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct code_image image;
        draw(&cases[i].format, cases[i].text, (unsigned)strlen(cases[i].text), 128, 64, &image);
        uint64_t hash = HASH_START;
        for (unsigned y = 0; y < 64; y++)
            hash = hash_bytes(hash, image.bits[y], 16);
        if (hash != cases[i].hash)
            fail_msg("case %zu has %#llx", i, (unsigned long long)hash);
    }
}

static void test_refusals(void **state)
{
    static const struct {
        struct matrix_format format;
        unsigned length, width, height;
        const char *why;
    } cases[] = {
        {{1, 2, 0, MATRIX_VITERBI, false}, 0, 128, 64, "1 to 132"},
        {{4, 4, 0, MATRIX_VITERBI, false}, 64, 128, 64, "do not fit"},
        {{2, 2, 0, MATRIX_VITERBI, false}, 132, 128, 64, "do not fit"},
        {{4, 4, 0, MATRIX_REED_SOLOMON, false}, 40, 128, 64, "do not fit"},
        {{4, 4, 0, MATRIX_NO_FEC, false}, 41, 128, 64, "do not fit"},
        {{9, 9, 0, MATRIX_VITERBI, false}, 10, 128, 64, "not drawn"},
        {{4, 4, 0, MATRIX_VITERBI, false}, 10, 128, 32, "needs 8 x 8"},
        {{1, 2, 40, MATRIX_VITERBI, false}, 10, 128, 64, "needs 8 x 8"},
        {{1, 2, 0, MATRIX_VITERBI, false}, 10, 257, 64, "larger than"},
        {{8, 8, 0, MATRIX_VITERBI, true}, 17, 128, 64, "more than 128 blocks"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char bytes[PAYLOAD_MAX_BYTES] = "x";
        struct code_image image;
        struct error error = {""};
        struct code_format format = {.symbology = SYMBOLOGY_DOT_MATRIX, .matrix = cases[i].format};
        assert_false(symbology_draw(&format, bytes, cases[i].length, cases[i].width,
                                    cases[i].height, &image, &error));
        if (strstr(error.text, cases[i].why) == NULL)
            fail_msg("case %zu says: %s", i, error.text);
    }
}

/* ---- codes ---- */

static void test_vectors_are_plain(void **state)
{
    static struct viterbi viterbi;
    static int8_t soft[3 * (2048 + VITERBI_TAIL)];
    struct stream stream = new_stream(1, 20);
    (void)state;
    for (unsigned round = 0; round < 40; round++) {
        unsigned bits = 1 + stream_below(&stream, round < 20 ? 100 : 2048);
        unsigned range = round % 4 == 0 ? 1 : round % 4 == 1 ? 9 : 127; /* ties, too */
        uint8_t one[256], other[256];
        for (unsigned i = 0; i < 3 * (bits + VITERBI_TAIL); i++)
            soft[i] = (int8_t)((int)stream_below(&stream, 2 * range + 1) - (int)range);
        assert_true(viterbi_decode_by(0, &viterbi, soft, bits, one));
        for (unsigned way = 1; way < VITERBI_WAYS; way++)
            if (viterbi_decode_by(way, &viterbi, soft, bits, other))
                assert_memory_equal(one, other, (bits + 7) / 8);
        viterbi_decode(&viterbi, soft, bits, other);
        assert_memory_equal(one, other, (bits + 7) / 8);
    }
}

/* The same code as libfec's, and decoded as well: of 40 messages at a noise that leaves about one
 * in five undecoded, as many are decoded by both, to two. */
static void test_libfec_agrees(void **state)
{
    enum { BITS = 400, CODED = 3 * (BITS + VITERBI_TAIL) };
    static struct viterbi viterbi;
    void *theirs = create_viterbi39_port(BITS);
    struct stream stream = new_stream(2, 20);
    int ours_right = 0, theirs_right = 0;
    (void)state;
    for (int round = 0; round < 40; round++) {
        uint8_t message[BITS / 8], coded[CODED], symbols[CODED], decoded[BITS / 8];
        int8_t soft[CODED];
        random_payload(&stream, BITS / 8 - 1, ANY_BYTES, (char *)message);
        viterbi_encode(message, BITS, coded);
        for (int i = 0; i < CODED; i++) {
            double seen = (coded[i] ? 1 : -1) + stream_normal(&stream, 0, 1.02);
            soft[i] = (int8_t)fmin(fmax(seen * 25, -127), 127);
            symbols[i] = (uint8_t)(128 + soft[i]);
        }
        viterbi_decode(&viterbi, soft, BITS, decoded);
        ours_right += memcmp(decoded, message, sizeof message) == 0;
        init_viterbi39_port(theirs, 0);
        update_viterbi39_blk_port(theirs, symbols, BITS + VITERBI_TAIL);
        chainback_viterbi39_port(theirs, decoded, BITS, 0);
        theirs_right += memcmp(decoded, message, sizeof message) == 0;
    }
    delete_viterbi39_port(theirs);
    assert_true(theirs_right >= 20 && theirs_right < 40);
    assert_true(abs(ours_right - theirs_right) <= 2);
}

static unsigned gf_times(unsigned a, unsigned b)
{
    unsigned product = 0;
    for (; b > 0; b >>= 1, a = a * 2 ^ (a >= 128 ? 0x11d : 0))
        product ^= b & 1 ? a : 0;
    return product;
}

/* Two codes of 202 bytes each: of 72 bytes and 4 of CRC, 38 each, so 164 of parity, all of whose
 * roots must make them nothing. */
static void test_reed_solomon_roots(void **state)
{
    static uint8_t code[3360];
    struct dot_matrix_message message;
    char bytes[PAYLOAD_MAX_BYTES + 1];
    struct stream stream = new_stream(3, 20);
    (void)state;
    random_payload(&stream, 72, ANY_BYTES, bytes);
    dot_matrix_pack(bytes, 72, &message);
    dot_matrix_encode(MATRIX_REED_SOLOMON, &message, 3360, code);
    for (int which = 0; which < 2; which++) {
        unsigned root = 1;
        for (int r = 0; r < 202 - 38; r++, root = gf_times(root, 2)) {
            unsigned sum = 0;
            for (int i = 0; i < 202; i++) {
                unsigned byte = 0;
                for (int bit = 0; bit < 8; bit++)
                    byte = byte << 1 | code[128 + 8 * (2 * i + which) + bit];
                assert_true(i >= 38 ||
                            byte == (uint8_t)(2 * i + which < 72 ? bytes[2 * i + which]
                                                                 : message.bytes[2 * i + which]));
                sum = gf_times(sum, root) ^ byte;
            }
            assert_int_equal(sum, 0);
        }
    }
}

static int16_t soft_of(unsigned bit)
{
    return bit ? SOFT_ONE : -SOFT_ONE;
}

static bool there_and_back(struct dot_matrix_fec *fec, const struct decode_rules *rules,
                           const char *bytes, unsigned length, unsigned cells, double noise,
                           struct stream *stream, struct dot_matrix_found *found)
{
    static uint8_t code[DOT_MATRIX_MAX_CELLS];
    static int16_t soft[DOT_MATRIX_MAX_CELLS];
    struct dot_matrix_message message;
    struct budget budget = budget_begin(0, false);
    dot_matrix_pack(bytes, length, &message);
    if (!dot_matrix_fits(rules->matrix.fec, message.bits, cells))
        return false;
    dot_matrix_encode(rules->matrix.fec, &message, cells, code);
    for (unsigned i = 0; i < cells; i++)
        soft[i] = (int16_t)(soft_of(code[i]) +
                            (noise > 0 ? stream_normal(stream, 0, noise) : 0) * SOFT_ONE);
    return dot_matrix_try(fec, rules, soft, cells, &budget, found);
}

/* Every length in every alphabet by every code; told the length, and not. */
static void test_every_length(void **state)
{
    struct dot_matrix_fec *fec = dot_matrix_fec_new();
    struct stream stream = new_stream(4, 20);
    (void)state;
    for (unsigned length = 1; length <= PAYLOAD_MAX_BYTES; length++)
        for (int how = 0; how < MATRIX_FEC_COUNT * 3 * 2; how++) {
            char bytes[PAYLOAD_MAX_BYTES + 1];
            struct dot_matrix_found found;
            struct decode_rules rules =
                decode_rules_strict(SYMBOLOGY_DOT_MATRIX, how % 2 ? length : 0);
            rules.matrix.fec = (enum matrix_fec)(how / 6);
            random_payload(&stream, length, (enum alphabet)(how / 2 % 3), bytes);
            if (!there_and_back(fec, &rules, bytes, length, 3360, 0, NULL, &found))
                fail_msg("%u bytes, way %d", length, how);
            assert_int_equal(found.length, length);
            assert_memory_equal(found.text, bytes, length + 1);
            assert_int_equal(found.corrected, 0);
        }
    dot_matrix_fec_free(fec);
}

/* Normal noise that makes so many of the bits wrong: all 40 codes of each kind are read. */
static void test_corrects(void **state)
{
    static const struct {
        enum matrix_fec fec;
        unsigned length;
        double wrong, noise; /* noise: 1 over the normal quantile of 1 - wrong */
    } cases[] = {{MATRIX_VITERBI, 132, 0.10, 0.780},
                 {MATRIX_REED_SOLOMON, 132, 0.015, 0.461},
                 {MATRIX_VITERBI, 12, 0.30, 1.907},
                 {MATRIX_REED_SOLOMON, 12, 0.04, 0.571}};
    struct dot_matrix_fec *fec = dot_matrix_fec_new();
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        for (unsigned round = 0; round < 40; round++) {
            char bytes[PAYLOAD_MAX_BYTES + 1];
            struct dot_matrix_found found;
            struct stream stream = new_stream(1000 * i + round, 21);
            struct decode_rules rules = decode_rules_strict(SYMBOLOGY_DOT_MATRIX, cases[i].length);
            rules.matrix.fec = cases[i].fec;
            random_payload(&stream, cases[i].length, cases[i].length > 20 ? ANY_BYTES : DIGITS,
                           bytes);
            if (!there_and_back(fec, &rules, bytes, cases[i].length, 3360, cases[i].noise, &stream,
                                &found))
                fail_msg("case %zu, round %u", i, round);
            assert_memory_equal(found.text, bytes, cases[i].length);
            double part = (double)found.corrected / found.bits;
            assert_true(fabs(part - cases[i].wrong) < 0.03);
        }
    dot_matrix_fec_free(fec);
}

/* Bits by chance are no string, and what the rules do not allow is none either. */
static void test_believes_little(void **state)
{
    static int16_t soft[3360];
    struct dot_matrix_fec *fec = dot_matrix_fec_new();
    struct dot_matrix_found found;
    struct stream stream = new_stream(5, 20);
    (void)state;
    for (unsigned round = 0; round < 300; round++) {
        struct decode_rules rules = decode_rules_strict(SYMBOLOGY_DOT_MATRIX, round % 3 * 6);
        struct budget budget = budget_begin(0, false);
        rules.matrix.fec = (enum matrix_fec)(round % 3);
        for (int i = 0; i < 3360; i++)
            soft[i] = soft_of(stream_below(&stream, 2));
        assert_false(dot_matrix_try(fec, &rules, soft, 3360, &budget, &found));
    }
    struct decode_rules strict = decode_rules_strict(SYMBOLOGY_DOT_MATRIX, 12);
    strict.max_corrected = 0.2f; /* 15 % and 25 % come */
    assert_true(there_and_back(fec, &strict, "012345678901", 12, 3360, 0.965, &stream, &found));
    assert_false(there_and_back(fec, &strict, "012345678901", 12, 3360, 1.483, &stream, &found));
    dot_matrix_fec_free(fec);
}

/* A message of another length than expected is told as what it is. */
static void test_other_length(void **state)
{
    struct dot_matrix_fec *fec = dot_matrix_fec_new();
    struct dot_matrix_found found;
    struct stream stream = new_stream(6, 20);
    struct decode_rules rules = decode_rules_strict(SYMBOLOGY_DOT_MATRIX, 12);
    (void)state;
    assert_true(there_and_back(fec, &rules, "01234567890123", 14, 3360, 0.78, &stream, &found));
    assert_int_equal(found.length, 14);
    dot_matrix_fec_free(fec);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_crc),
        cmocka_unit_test(test_page),
        cmocka_unit_test(test_by_hand),
        cmocka_unit_test(test_never_changes),
        cmocka_unit_test(test_refusals),
        cmocka_unit_test(test_vectors_are_plain),
        cmocka_unit_test(test_libfec_agrees),
        cmocka_unit_test(test_reed_solomon_roots),
        cmocka_unit_test(test_every_length),
        cmocka_unit_test(test_corrects),
        cmocka_unit_test(test_believes_little),
        cmocka_unit_test(test_other_length),
    };
    return cmocka_run_group_tests_name("dot_matrix_format", tests, NULL, NULL);
}
