#include "symbology/qr_zbar.h"

#include <stdlib.h>
#include <string.h>
#include <zbar.h>

enum { MODULE_PX = 3, QUIET = 4 };

/* The picture of a symbol, with its quiet zone. */
static uint8_t *draw(const struct qr_code *code, unsigned *size)
{
    *size = (code->side + 2 * QUIET) * MODULE_PX;
    uint8_t *pixels = malloc((size_t)*size * *size);
    CHECK(pixels != NULL);
    memset(pixels, 255, (size_t)*size * *size);
    for (unsigned y = 0; y < code->side * MODULE_PX; y++) {
        const uint8_t *dark = code->dark + (size_t)(y / MODULE_PX) * code->side;
        uint8_t *row = pixels + (size_t)(y + QUIET * MODULE_PX) * *size + QUIET * MODULE_PX;
        for (unsigned x = 0; x < code->side * MODULE_PX; x++)
            row[x] = dark[x / MODULE_PX] ? 0 : 255;
    }
    return pixels;
}

static zbar_image_scanner_t *new_scanner(void)
{
    zbar_image_scanner_t *scanner = zbar_image_scanner_create();
    CHECK(scanner != NULL);
    zbar_image_scanner_set_config(scanner, ZBAR_NONE, ZBAR_CFG_ENABLE, 0);
    zbar_image_scanner_set_config(scanner, ZBAR_QRCODE, ZBAR_CFG_ENABLE, 1);
    zbar_image_scanner_set_config(scanner, ZBAR_QRCODE, ZBAR_CFG_BINARY, 1);
    return scanner;
}

static bool take_text(const zbar_image_t *image, struct qr_text *text)
{
    const zbar_symbol_t *symbol = zbar_image_first_symbol(image);
    if (symbol == NULL || zbar_symbol_next(symbol) != NULL)
        return false; /* one grid is one symbol */
    unsigned length = zbar_symbol_get_data_length(symbol);
    if (zbar_symbol_get_type(symbol) != ZBAR_QRCODE || length > QR_MOST_BYTES)
        return false;
    text->length = length;
    memcpy(text->bytes, zbar_symbol_get_data(symbol), length);
    text->bytes[length] = '\0';
    return true;
}

bool qr_zbar_read(const struct qr_code *code, struct qr_text *text)
{
    unsigned size;
    uint8_t *pixels = draw(code, &size);
    zbar_image_scanner_t *scanner = new_scanner();
    zbar_image_t *image = zbar_image_create();
    CHECK(image != NULL);
    zbar_image_set_format(image, zbar_fourcc('Y', '8', '0', '0'));
    zbar_image_set_size(image, size, size);
    zbar_image_set_data(image, pixels, (size_t)size * size, NULL);
    bool read = zbar_scan_image(scanner, image) > 0 && take_text(image, text);
    zbar_image_destroy(image);
    zbar_image_scanner_destroy(scanner);
    free(pixels);
    return read;
}

double qr_zbar_cost_ns(unsigned side)
{
    static const double FIXED_NS = 30000, PIXEL_NS = 15;
    double size = (side + 2.0 * QUIET) * MODULE_PX;
    return FIXED_NS + PIXEL_NS * size * size;
}
