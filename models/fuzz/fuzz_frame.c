/*
 * Any pixels at all, by any rules: the decoder neither reads out of bounds nor depends on what it
 * read before, and says nothing that its header does not allow.
 *
 * Bytes: what to look for, width, enlargement, switches, length, budget; then pixels row by row.
 */
#include "fuzz.h"
#include "fuzz_paint.h"

#include <math.h>

/* Most frames are small, so that there can be very many; and decoders are made once, as in a bank.
 */
enum { HEADER = 6, MOST_PIXELS = 60000, USUAL_PIXELS = 3000, SELDOM = 64 };

static struct frame enlarged(const uint8_t *pixels, unsigned width, unsigned height, unsigned times)
{
    struct frame frame = {width * times, height * times, width * times, NULL};
    /* Not a byte more than the frame has, so that a reader that runs on is caught. */
    frame.pixels = malloc((size_t)frame.width * frame.height);
    CHECK(frame.pixels != NULL);
    for (unsigned y = 0; y < frame.height; y++)
        for (unsigned x = 0; x < frame.width; x++)
            frame.pixels[(size_t)y * frame.width + x] =
                pixels[(size_t)(y / times) * width + x / times];
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
    rules.matrix.plain = data[3] & 16;
    rules.matrix.fec = (enum matrix_fec)((data[3] >> 5) % MATRIX_FEC_COUNT);
    rules.budget_ms = data[5] == 0 ? 0 : 0.05 * data[5];
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
    if (size < HEADER)
        return 0;
    struct decode_rules rules = take_rules(data);
    unsigned width = 1 + data[1], times = 1 + data[2] % 6;
    unsigned height = (unsigned)((size - HEADER) / width);
    bool large = data[size - 1] % SELDOM == 1;
    size_t most = large ? MOST_PIXELS : USUAL_PIXELS;
    height = large || width * height <= USUAL_PIXELS ? height : USUAL_PIXELS / width;
    while (times > 1 && (size_t)width * height * times * times > most)
        times--;
    struct frame frame = enlarged(data + HEADER, width, height, times);
    static struct decoder *decoder;
    if (decoder == NULL)
        decoder = decoder_new();
    struct decoded decoded;
    decoder_read(decoder, &frame, &rules, &decoded);
    check_answer(&decoded, &rules);
    if (data[size - 1] % SELDOM == 0)
        check_repeats(&frame, &rules, &decoded);
    free(frame.pixels);
    return 0;
}

/* Codes of every symbology at a pixel a dot, enlarged by the header. */
size_t fuzz_seed(unsigned index, uint8_t *data, size_t capacity)
{
    struct code_image image;
    struct code_format format = {.symbology = (enum symbology)(index % SYMBOLOGY_COUNT)};
    const char *text = index < SYMBOLOGY_COUNT ? "012345678901" : "98765432109876543210";
    if (index >= 3 * SYMBOLOGY_COUNT)
        return 0;
    format.qr_level = (enum qr_level)(index / SYMBOLOGY_COUNT);
    if (!symbology_draw(&format, text, index < SYMBOLOGY_COUNT ? 12 : 14, 128, 64, &image, NULL))
        return fuzz_seed(index + 1, data, capacity);
    struct frame frame = paint_frame(&image, 1, 12);
    size_t size = HEADER + (size_t)frame.width * frame.height;
    CHECK(size <= capacity);
    const uint8_t header[HEADER] = {(uint8_t)(1u << format.symbology),
                                    (uint8_t)(frame.width - 1),
                                    (uint8_t)(index / SYMBOLOGY_COUNT + 2),
                                    0,
                                    0,
                                    100};
    memcpy(data, header, HEADER);
    memcpy(data + HEADER, frame.pixels, size - HEADER);
    free(frame.pixels);
    return size;
}

void fuzz_repair(uint8_t *data, size_t size)
{
    (void)data;
    (void)size;
}
