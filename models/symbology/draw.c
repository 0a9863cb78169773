#include "symbology/check_digits.h"
#include "symbology/code128.h"
#include "symbology/dot_matrix.h"
#include "symbology/itf.h"
#include "symbology/qr_code.h"

#include <string.h>

const char *const symbology_names[] = {
#define X(symbology, name, text) name,
    SYMBOLOGIES(X)
#undef X
        NULL};

const char *const matrix_fec_names[] = {
#define X(fec, name, text) name,
    MATRIX_FECS(X)
#undef X
        NULL};

enum { MARGIN_ROWS = 2, MIN_ROWS = 2 * MARGIN_ROWS + 1 };

static void blank(unsigned width, unsigned height, unsigned module_px, struct code_image *image)
{
    memset(image, 0, sizeof *image);
    image->width = (uint16_t)width;
    image->height = (uint16_t)height;
    image->module_px = (uint16_t)module_px;
}

static void darken(struct code_image *image, unsigned x, unsigned y)
{
    image->bits[y][x / 8] |= (uint8_t)(0x80 >> x % 8);
}

/* ---- barcode ---- */

static void paint_bars(const struct bars *code, struct code_image *image)
{
    unsigned left = (image->width - code->count * image->module_px) / 2;
    for (unsigned i = 0; i < code->count * image->module_px; i++) {
        if (!code->dark[i / image->module_px])
            continue;
        for (unsigned y = MARGIN_ROWS; y < image->height - (unsigned)MARGIN_ROWS; y++)
            darken(image, left + i, y);
    }
}

static bool draw_barcode(const struct code_format *format, const char *bytes, size_t length,
                         unsigned width, unsigned height, struct code_image *image,
                         struct error *error)
{
    struct bars code;
    char text[PAYLOAD_MAX_BYTES + CHECK_DIGITS + 1] = "";
    memcpy(text, bytes, length);
    if (strlen(text) != length)
        return error_set(error, "cannot draw a zero byte as Code 128 set C: it holds digits only");
    if (format->check_digits && !check_digits_of(text, length, text + length))
        return error_set(
            error, "cannot calculate check digits of '%s': that takes digits, and nothing else",
            text);
    length = strlen(text);
    if (height < MIN_ROWS)
        return error_set(error, "a display of %u rows is too low for a barcode: at least %d",
                         height, MIN_ROWS);
    if (!(format->symbology == SYMBOLOGY_ITF ? itf_draw : code128_draw)(text, &code, error))
        return false;
    if (code.count > width)
        return error_set(error,
                         "%zu digits take %u modules, more than the display's %u pixels: use fewer "
                         "digits or a wider display",
                         length, code.count, width);
    blank(width, height, width / code.count, image);
    paint_bars(&code, image);
    return true;
}

/* ---- QR Code ---- */

static void paint_modules(const struct qr_code *code, struct code_image *image)
{
    unsigned module = image->module_px, size = code->side * module;
    unsigned left = (image->width - size) / 2, top = (image->height - size) / 2;
    for (unsigned y = 0; y < size; y++)
        for (unsigned x = 0; x < size; x++)
            if (code->dark[y / module * code->side + x / module])
                darken(image, left + x, top + y);
}

static bool draw_qr(const struct code_format *format, const char *bytes, size_t length,
                    unsigned width, unsigned height, struct code_image *image, struct error *error)
{
    struct qr_choice choice = {.level = format->qr_level, .mask = -1};
    struct qr_code code;
    unsigned shorter = width < height ? width : height;
    if (!qr_code_draw(&choice, bytes, length, &code, error))
        return false;
    if (code.side > shorter)
        return error_set(
            error,
            "%zu bytes take a QR Code of %u x %u modules, more than the display's %u x "
            "%u pixels: use fewer bytes, a larger display or less error correction",
            length, code.side, code.side, width, height);
    blank(width, height, shorter / code.side, image);
    paint_modules(&code, image);
    return true;
}

bool symbology_draw(const struct code_format *format, const char *bytes, size_t length,
                    unsigned width, unsigned height, struct code_image *image, struct error *error)
{
    CHECK((unsigned)format->symbology < SYMBOLOGY_COUNT && length <= PAYLOAD_MAX_BYTES);
    if (width > CODE_IMAGE_MAX_WIDTH || height > CODE_IMAGE_MAX_HEIGHT)
        return error_set(error, "a display of %u x %u pixels is larger than the largest, %d x %d",
                         width, height, CODE_IMAGE_MAX_WIDTH, CODE_IMAGE_MAX_HEIGHT);
    if (format->symbology == SYMBOLOGY_QR)
        return draw_qr(format, bytes, length, width, height, image, error);
    if (format->symbology == SYMBOLOGY_DOT_MATRIX)
        return dot_matrix_draw(&format->matrix, bytes, length, width, height, image, error);
    return draw_barcode(format, bytes, length, width, height, image, error);
}
