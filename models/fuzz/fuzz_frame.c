/*
 * Any pixels at all, by any rules: the decoder neither reads out of bounds nor depends on what it
 * read before, and says nothing that its header does not allow.
 *
 * Bytes: what to look for, width, enlargement and depth, switches, length, budget, display and
 * block of a dot matrix, levels of dark and bright; then pixels row by row, 1, 2, 4 or 8 bits each,
 * the highest bits first.
 */
#include "fuzz.h"
#include "fuzz_paint.h"

#include <math.h>
#include <stdio.h>

/* Large frames are seldom, so that there can be very many; and decoders are made once, as in a
 * bank. */
enum { HEADER = 8, MOST_PIXELS = 250000, USUAL_PIXELS = 60000, SELDOM = 64, LENGTH = 12 };

enum { PLAIN = 16, CHECKED = 0x80 }; /* bits of the switches, and of what to look for */

static const uint8_t displays[][2] = {{128, 64}, {64, 40}, {40, 40}, {96, 64}, {120, 24}};
static const uint8_t blocks[][2] = {{0, 0}, {1, 1}, {1, 2}, {2, 2}, {4, 4}, {2, 1}};

static unsigned depth_of(const uint8_t *data)
{
    return 1u << (data[2] >> 2) % 4;
}

/* Pixel number `i` of the bytes behind the header, between the header's levels. */
static uint8_t level(const uint8_t *data, size_t i)
{
    unsigned depth = depth_of(data), dark = (data[7] & 7) * 16, bright = 255 - (data[7] >> 5) * 16;
    size_t bit = i * depth;
    unsigned most = (1u << depth) - 1;
    unsigned value = data[HEADER + bit / 8] >> (8 - depth - bit % 8) & most;
    return (uint8_t)(dark + value * (bright - dark) / most);
}

static struct frame take_frame(const uint8_t *data, size_t size)
{
    unsigned width = 2 * (1 + data[1]), times = 1 + data[2] % 4;
    size_t most = data[size - 1] % SELDOM == 1 ? MOST_PIXELS : USUAL_PIXELS;
    size_t height = (size - HEADER) * 8 / depth_of(data) / width;
    while (times > 1 && width * height * times * times > most)
        times--;
    height = width * height <= most ? height : most / width;
    struct frame frame = {width * times, (unsigned)height * times, width * times, NULL};
    /* Not a byte more than the frame has, so that a reader that runs on is caught. */
    frame.pixels = malloc((size_t)frame.width * frame.height);
    CHECK(frame.pixels != NULL);
    for (unsigned y = 0; y < frame.height; y++)
        for (unsigned x = 0; x < frame.width; x++)
            frame.pixels[(size_t)y * frame.width + x] =
                level(data, (size_t)(y / times) * width + x / times);
    return frame;
}

static struct decode_rules take_rules(const uint8_t *data)
{
    struct decode_rules rules = decode_rules_strict((enum symbology)0, data[4] % 32);
    unsigned all = (1u << SYMBOLOGY_COUNT) - 1, set = data[0] & all;
    rules.symbologies = set != 0 ? set : all;
    rules.several = data[3] & 1;
    rules.any_characters = data[3] & 2;
    rules.min_lines = data[3] & 4 ? 1 : 2;
    rules.max_off_modules = data[3] & 8 ? 0 : 0.5f;
    rules.matrix.plain = data[3] & PLAIN;
    rules.matrix.fec = (enum matrix_fec)((data[3] >> 5) % MATRIX_FEC_COUNT);
    rules.display_width = displays[(data[6] & 7) % 5][0];
    rules.display_height = displays[(data[6] & 7) % 5][1];
    rules.matrix.block_width = blocks[(data[6] >> 3) % 6][0];
    rules.matrix.block_height = blocks[(data[6] >> 3) % 6][1];
    rules.check_digits = data[0] & CHECKED;
    rules.clock = data[4] & 32;
    if (data[4] & 64)
        rules.min_lead = rules.max_misfit = rules.max_corrected = 0;
    if (data[5] != 0)
        rules.budget_ms = 0.02 * data[5];
    return rules;
}

static void check_answer(const struct decoded *decoded, const struct decode_rules *rules)
{
    CHECK((unsigned)decoded->status < DECODE_STATUS_COUNT);
    CHECK(decoded->text[PAYLOAD_MAX_BYTES] == '\0');
    CHECK(decoded->grade.count <= GRADE_PARAMETERS);
    for (int i = 0; i < 4; i++)
        CHECK(isfinite(decoded->corners[i].x) && isfinite(decoded->corners[i].y));
    if (decoded->status != DECODE_OK)
        return;
    CHECK(rules->symbologies >> decoded->symbology & 1);
    CHECK(rules->length == 0 || decoded->length == rules->length);
    CHECK(decoded->margin.module_px >= rules->min_module_px);
}

/* The same frame again, by a decoder that has read nothing yet; then once more, as another shot. */
static void check_repeats(const struct frame *frame, const struct decode_rules *rules,
                          const struct decoded *first)
{
    struct decoder *fresh = decoder_new();
    struct decoded again;
    decoder_read(fresh, frame, rules, &again);
    CHECK(again.status == first->status && again.length == first->length &&
          again.step == first->step);
    CHECK(memcmp(again.text, first->text, sizeof again.text) == 0);
    decoder_more(fresh, frame, rules, &again);
    check_answer(&again, rules);
    decoder_free(fresh);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct decoder *decoder;
    struct decoded decoded;
    if (size <= HEADER)
        return 0;
    struct decode_rules rules = take_rules(data);
    struct frame frame = take_frame(data, size);
    if (decoder == NULL)
        decoder = decoder_new();
    decoder_read(decoder, &frame, &rules, &decoded);
    check_answer(&decoded, &rules);
    if (data[size - 1] % SELDOM == 0 && !rules.clock)
        check_repeats(&frame, &rules, &decoded);
    free(frame.pixels);
    return 0;
}

/* ---- seeds ---- */

/* X-macro: symbology, error correction (of either matrix), display, block, pixels a dot, sixteenths
 * of a turn, kind. Upright ones are told in a bit a dot and enlarged; the others in 2 bits a pixel.
 */
#define SEEDS(X)                                 \
    X(SYMBOLOGY_CODE128, 0, 0, 0, 2, 0, 0)       \
    X(SYMBOLOGY_CODE128, 0, 4, 0, 2, 1, 0)       \
    X(SYMBOLOGY_CODE128, 0, 0, 0, 2, 0, CHECKED) \
    X(SYMBOLOGY_ITF, 0, 0, 0, 2, 0, 0)           \
    X(SYMBOLOGY_ITF, 0, 4, 0, 2, 1, 0)           \
    X(SYMBOLOGY_QR, 0, 2, 0, 3, 0, 0)            \
    X(SYMBOLOGY_QR, 1, 2, 0, 3, 1, 0)            \
    X(SYMBOLOGY_QR, 2, 2, 0, 3, 3, 0)            \
    X(SYMBOLOGY_DOT_MATRIX, 0, 0, 0, 2, 0, 0)    \
    X(SYMBOLOGY_DOT_MATRIX, 0, 1, 1, 3, 0, 0)    \
    X(SYMBOLOGY_DOT_MATRIX, 0, 1, 1, 3, 1, 0)    \
    X(SYMBOLOGY_DOT_MATRIX, 1, 1, 1, 3, 0, 0)    \
    X(SYMBOLOGY_DOT_MATRIX, 1, 1, 1, 3, 1, 0)    \
    X(SYMBOLOGY_DOT_MATRIX, 2, 1, 2, 3, 0, 0)    \
    X(SYMBOLOGY_DOT_MATRIX, 2, 3, 3, 2, 1, 0)    \
    X(SYMBOLOGY_DOT_MATRIX, 0, 1, 1, 3, 0, PLAIN)

static const struct seed {
    uint8_t symbology, correction, display, block, scale, turn, kind;
} seeds[] = {
#define X(...) {__VA_ARGS__},
    SEEDS(X)
#undef X
};

static void draw_seed(const struct seed *seed, struct code_image *image)
{
    struct code_format format = {.symbology = (enum symbology)seed->symbology};
    struct error error = {""};
    format.qr_level = (enum qr_level)seed->correction;
    format.matrix.fec = (enum matrix_fec)(seed->correction % MATRIX_FEC_COUNT);
    format.matrix.plain = seed->kind == PLAIN;
    format.check_digits = seed->kind == CHECKED;
    format.matrix.block_width = blocks[seed->block][0];
    format.matrix.block_height = blocks[seed->block][1];
    bool drawn = symbology_draw(&format, "012345678901", LENGTH, displays[seed->display][0],
                                displays[seed->display][1], image, &error);
    if (!drawn)
        fprintf(stderr, "%s\n", error.text);
    CHECK(drawn);
}

static size_t pack(const struct frame *frame, unsigned depth, uint8_t *data)
{
    size_t pixels = (size_t)frame->width * frame->height, bits = 0;
    memset(data, 0, (pixels * depth + 7) / 8);
    for (size_t i = 0; i < pixels; i++, bits += depth)
        data[bits / 8] |= (uint8_t)(frame->pixels[i] >> (8 - depth) << (8 - depth - bits % 8));
    return (bits + 7) / 8;
}

/* A plain matrix is found by its display, bright in a dark bezel. */
static void darken(struct frame *frame, unsigned margin)
{
    for (unsigned y = 0; y < frame->height; y++)
        for (unsigned x = 0; x < frame->width; x++)
            if (x < margin || y < margin || x >= frame->width - margin ||
                y >= frame->height - margin)
                frame->pixels[(size_t)y * frame->width + x] = PAINT_DARK;
}

size_t fuzz_seed(unsigned index, uint8_t *data, size_t capacity)
{
    enum { MARGIN = 6, TURNED_MARGIN = 16, UPRIGHT_DEPTH = 0, TURNED_DEPTH = 1 };
    struct code_image image;
    if (index >= sizeof seeds / sizeof seeds[0])
        return 0;
    const struct seed *seed = &seeds[index];
    draw_seed(seed, &image);
    bool turned = seed->turn != 0;
    struct frame frame = turned ? paint_turned(&image, seed->scale, TURNED_MARGIN, seed->turn)
                                : paint_frame(&image, 1, MARGIN);
    if (seed->kind == PLAIN)
        darken(&frame, MARGIN);
    unsigned depth = turned ? TURNED_DEPTH : UPRIGHT_DEPTH, times = turned ? 1 : seed->scale;
    CHECK(frame.width <= 512 && frame.width % 2 == 0);
    size_t pixels = (size_t)frame.width * frame.height;
    CHECK(HEADER + pixels <= capacity && pixels * times * times <= USUAL_PIXELS);
    const uint8_t header[HEADER] = {(uint8_t)(1u << seed->symbology | (seed->kind & CHECKED)),
                                    (uint8_t)(frame.width / 2 - 1),
                                    (uint8_t)(depth << 2 | (times - 1)),
                                    (uint8_t)(seed->correction << 5 | (seed->kind & PLAIN)),
                                    seed->kind == PLAIN ? LENGTH : 0,
                                    0,
                                    (uint8_t)(seed->block << 3 | seed->display),
                                    0x22};
    memcpy(data, header, HEADER);
    size_t size = HEADER + pack(&frame, 1u << depth, data + HEADER);
    free(frame.pixels);
    return size;
}

void fuzz_repair(uint8_t *data, size_t size)
{
    (void)data;
    (void)size;
}
