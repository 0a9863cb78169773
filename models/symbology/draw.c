#include "symbology/code128.h"

#include <string.h>

const char *const symbology_names[] = {
#define X(symbology, name, text) name,
    SYMBOLOGIES(X)
#undef X
        NULL};

enum { MARGIN_ROWS = 2, MIN_ROWS = 2 * MARGIN_ROWS + 1 };

static bool check_display(unsigned width, unsigned height, struct error *error)
{
    if (width > CODE_IMAGE_MAX_WIDTH || height > CODE_IMAGE_MAX_HEIGHT)
        return error_set(error, "a display of %u x %u pixels is larger than the largest, %d x %d",
                         width, height, CODE_IMAGE_MAX_WIDTH, CODE_IMAGE_MAX_HEIGHT);
    if (height < MIN_ROWS)
        return error_set(error, "a display of %u rows is too low for a barcode: at least %d",
                         height, MIN_ROWS);
    return true;
}

static void paint(const struct code128 *code, struct code_image *image)
{
    unsigned left = (image->width - code->count * image->module_px) / 2;
    for (unsigned i = 0; i < code->count * image->module_px; i++) {
        if (!code->dark[i / image->module_px])
            continue;
        unsigned x = left + i;
        for (unsigned y = MARGIN_ROWS; y < image->height - (unsigned)MARGIN_ROWS; y++)
            image->bits[y][x / 8] |= (uint8_t)(0x80 >> x % 8);
    }
}

bool symbology_draw(const struct code_format *format, const char *bytes, size_t length,
                    unsigned width, unsigned height, struct code_image *image, struct error *error)
{
    CHECK(format->symbology == SYMBOLOGY_CODE128 && length <= PAYLOAD_MAX_BYTES);
    char text[PAYLOAD_MAX_BYTES + 1] = "";
    memcpy(text, bytes, length);
    memset(image, 0, sizeof *image);
    struct code128 code;
    if (!check_display(width, height, error) || !code128_draw(text, &code, error))
        return false;
    if (code.count > width)
        return error_set(error,
                         "%zu digits take %u modules, more than the display's %u pixels: use fewer "
                         "digits or a wider display",
                         length, code.count, width);
    image->width = (uint16_t)width;
    image->height = (uint16_t)height;
    image->module_px = (uint16_t)(width / code.count);
    paint(&code, image);
    return true;
}
