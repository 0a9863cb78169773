#include "symbology/dot_matrix.h"

#include "symbology/dot_matrix_fec.h"

#include <string.h>

static void darken(struct code_image *image, unsigned x, unsigned y)
{
    image->bits[y][x / 8] |= (uint8_t)(0x80 >> x % 8);
}

static void paint_fixed(const struct dot_matrix_layout *layout, struct code_image *image)
{
    for (unsigned y = 0; y < layout->height; y++)
        for (unsigned x = 0; x < layout->width; x++)
            if (dot_matrix_fixed_dark(layout, x, y))
                darken(image, x, y);
}

static void paint_cell(const struct dot_matrix_layout *layout, unsigned cell,
                       struct code_image *image)
{
    unsigned left = layout->left + cell % layout->columns * layout->block_width;
    unsigned top = layout->top + cell / layout->columns * layout->block_height;
    for (unsigned y = top; y < top + layout->block_height; y++)
        for (unsigned x = left; x < left + layout->block_width; x++)
            darken(image, x, y);
}

static void paint_code(const struct dot_matrix_layout *layout, const uint8_t *code,
                       struct code_image *image)
{
    uint8_t mask[DOT_MATRIX_MAX_CELLS];
    dot_matrix_mask(layout, mask);
    for (unsigned j = 0; j < layout->cells; j++) {
        unsigned cell = (unsigned)((uint64_t)j * layout->stride % layout->cells);
        if (code[j] ^ mask[cell])
            paint_cell(layout, cell, image);
    }
}

static bool encode_plain(const char *bytes, size_t length, unsigned cells, uint8_t *code,
                         struct error *error)
{
    if (8 * length > cells)
        return error_set(error, "%zu bytes are more than %u blocks hold: use smaller blocks",
                         length, cells);
    for (unsigned j = 0; j < cells; j++)
        code[j] = j < 8 * length && ((uint8_t)bytes[j / 8] >> (7 - j % 8) & 1) != 0;
    return true;
}

static bool encode(const struct matrix_format *format, const char *bytes, size_t length,
                   unsigned cells, uint8_t *code, struct error *error)
{
    struct dot_matrix_message message;
    dot_matrix_pack(bytes, length, &message);
    if (!dot_matrix_fits(format->fec, message.bits, cells))
        return error_set(error,
                         "%zu bytes, %u bits with their check, do not fit into %u blocks with "
                         "error correction %s: use a shorter string or smaller blocks",
                         length, message.bits, cells, matrix_fec_names[format->fec]);
    dot_matrix_encode(format->fec, &message, cells, code);
    return true;
}

bool dot_matrix_draw(const struct matrix_format *format, const char *bytes, size_t length,
                     unsigned width, unsigned height, struct code_image *image, struct error *error)
{
    struct dot_matrix_layout layout;
    uint8_t code[DOT_MATRIX_MAX_CELLS];
    memset(image, 0, sizeof *image);
    if (length == 0 || length > PAYLOAD_MAX_BYTES)
        return error_set(error, "a dot matrix holds 1 to %d bytes, not %zu", PAYLOAD_MAX_BYTES,
                         length);
    if (!dot_matrix_lay_out(format, width, height, &layout, error))
        return false;
    if (!(format->plain ? encode_plain(bytes, length, layout.cells, code, error)
                        : encode(format, bytes, length, layout.cells, code, error)))
        return false;
    image->width = (uint16_t)width;
    image->height = (uint16_t)height;
    image->module_px = (uint16_t)(layout.block_width < layout.block_height ? layout.block_width
                                                                           : layout.block_height);
    paint_fixed(&layout, image);
    paint_code(&layout, code, image);
    return true;
}
