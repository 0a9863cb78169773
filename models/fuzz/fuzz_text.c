/*
 * Any bytes drawn as any symbology, in any format, on any display: either refused with a message,
 * or drawn within the display, and (of one in SELDOM: reading takes a hundred times as long) read
 * back from a clean frame as the very same bytes.
 *
 * Bytes: symbology, error correction, display width and height, block, quiet zone and switches;
 * then the payload.
 */
#include "fuzz.h"
#include "fuzz_paint.h"

#include "engine/hash.h"

#include <stdio.h>

enum { HEADER = 6, SCALE = 3, MARGIN = 30 };

#ifdef CASHPOINT_LIBFUZZER
enum { SELDOM = 1024 }; /* a million executions in twenty minutes */
#else
enum { SELDOM = 4 };
#endif

static struct code_format take_format(const uint8_t *data)
{
    struct code_format format = {.symbology = (enum symbology)(data[0] % SYMBOLOGY_COUNT),
                                 .qr_level = (enum qr_level)(data[1] % QR_LEVEL_COUNT)};
    static const uint8_t blocks[][2] = {{0, 0}, {1, 1}, {1, 2}, {2, 2}, {4, 4}, {2, 1}};
    const uint8_t *block = blocks[data[4] % 6];
    format.matrix.fec = (enum matrix_fec)(data[1] % MATRIX_FEC_COUNT);
    format.matrix.block_width = block[0];
    format.matrix.block_height = block[1];
    format.matrix.quiet = data[5] % 4;
    format.matrix.plain = format.symbology == SYMBOLOGY_DOT_MATRIX && (data[5] & 4);
    format.check_digits = data[5] & 8; /* of barcodes */
    return format;
}

/* Whether a clean frame of it must be read. Short barcodes with modules of more than 9 pixels are
 * not found: a frame that near is not what the bank's camera takes. */
static bool must_read(const struct code_format *format, const struct code_image *image)
{
    enum { LARGE_PX = 9 };
    if (format->symbology == SYMBOLOGY_DOT_MATRIX)
        return format->matrix.fec != MATRIX_NO_FEC && !format->matrix.plain;
    return format->symbology == SYMBOLOGY_QR || SCALE * image->module_px <= LARGE_PX;
}

static void check_round(const struct code_format *format, const struct code_image *image,
                        const char *bytes, size_t length)
{
    struct decode_rules rules = decode_rules_strict(format->symbology, (unsigned)length);
    struct frame frame = paint_frame(image, SCALE, MARGIN);
    static struct decoder *decoder;
    struct decoded decoded;
    if (decoder == NULL)
        decoder = decoder_new();
    rules.matrix = format->matrix;
    rules.check_digits = format->check_digits;
    rules.display_width = image->width;
    rules.display_height = image->height;
    rules.budget_ms = 0;
    decoder_read(decoder, &frame, &rules, &decoded);
    if (must_read(format, image) && decoded.status != DECODE_OK)
        fprintf(stderr, "%s, %zu bytes, %ux%u: %s (%u: %s)\n", symbology_names[format->symbology],
                length, image->width, image->height, decode_status_text(decoded.status),
                decoded.length, decoded.text);
    CHECK(decoded.status == DECODE_OK || !must_read(format, image));
    CHECK(decoded.status != DECODE_OK || format->matrix.plain || /* which has no check */
          (decoded.length == length && memcmp(decoded.text, bytes, length) == 0));
    free(frame.pixels);
}

/* No module outside the display, and at least one dark one; a plain matrix may be zeros alone. */
static void check_image(const struct code_format *format, const struct code_image *image,
                        unsigned width, unsigned height)
{
    unsigned dark = 0;
    CHECK(image->width == width && image->height == height);
    for (unsigned y = 0; y < height; y++)
        for (unsigned x = 0; x < width; x++)
            dark += code_image_dark(image, x, y);
    CHECK((dark > 0 && dark < width * height) || format->matrix.plain);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char bytes[PAYLOAD_MAX_BYTES];
    struct code_image image;
    struct error error = {""};
    if (size < HEADER)
        return 0;
    struct code_format format = take_format(data);
    size_t length = size - HEADER < sizeof bytes ? size - HEADER : sizeof bytes;
    unsigned width = 20 + data[2] % 237u, height = 10 + data[3] % 119u;
    memcpy(bytes, data + HEADER, length);
    if (!symbology_draw(&format, bytes, length, width, height, &image, &error)) {
        CHECK(error.text[0] != '\0');
        return 0;
    }
    check_image(&format, &image, width, height);
    if (hash_bytes(HASH_START, data, size) % SELDOM == 0)
        check_round(&format, &image, bytes, length);
    return 0;
}

size_t fuzz_seed(unsigned index, uint8_t *data, size_t capacity)
{
    static const size_t lengths[] = {12, 20, 132};
    size_t length = lengths[index % 3];
    if (index >= 6 * SYMBOLOGY_COUNT || capacity < HEADER + length)
        return 0;
    const uint8_t header[HEADER] = {(uint8_t)(index % SYMBOLOGY_COUNT),
                                    (uint8_t)index,
                                    236,
                                    118,
                                    (uint8_t)(index / 3),
                                    (uint8_t)(index / 4 * 4)};
    memcpy(data, header, HEADER);
    for (size_t i = 0; i < length; i++)
        data[HEADER + i] = (uint8_t)('0' + (i * 7 + index) % 10);
    return HEADER + length;
}

void fuzz_repair(uint8_t *data, size_t size)
{
    (void)data;
    (void)size;
}
