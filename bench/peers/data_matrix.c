#include "bench/peers/data_matrix.h"

#include "engine/error.h"

#include <string.h>
#include <zint.h>

/* libzint keeps a row's modules as bits, the lowest bit first. */
static bool dark(const struct zint_symbol *symbol, unsigned x, unsigned y)
{
    return symbol->encoded_data[y][x / 8] >> x % 8 & 1;
}

static void paint(const struct zint_symbol *symbol, struct code_image *image)
{
    unsigned side = (unsigned)symbol->width * image->module_px;
    unsigned left = (image->width - side) / 2, top = (image->height - side) / 2;
    for (unsigned y = 0; y < side; y++)
        for (unsigned x = 0; x < side; x++)
            if (dark(symbol, x / image->module_px, y / image->module_px))
                image->bits[top + y][(left + x) / 8] |= (uint8_t)(0x80 >> (left + x) % 8);
}

void data_matrix_draw(const char *bytes, size_t length, unsigned width, unsigned height,
                      struct code_image *image)
{
    struct zint_symbol *symbol = ZBarcode_Create();
    CHECK(symbol != NULL);
    symbol->symbology = BARCODE_DATAMATRIX;
    symbol->option_3 = DM_SQUARE;
    symbol->input_mode = DATA_MODE;
    CHECK(ZBarcode_Encode(symbol, (const unsigned char *)bytes, (int)length) == 0);
    unsigned modules = (unsigned)symbol->width, least = width < height ? width : height;
    CHECK(symbol->rows == symbol->width && modules <= least);
    CHECK(width <= CODE_IMAGE_MAX_WIDTH && height <= CODE_IMAGE_MAX_HEIGHT);
    memset(image, 0, sizeof *image);
    image->width = (uint16_t)width;
    image->height = (uint16_t)height;
    image->module_px = (uint16_t)(least / modules);
    paint(symbol, image);
    ZBarcode_Delete(symbol);
}
