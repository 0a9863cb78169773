#include "symbology/qr_zbar.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <zbar.h>

enum { MODULE_PX = 3, QUIET = 4 };
enum { ACROSS = 1, DOWN = 2 };

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

/* ---- what ZBar would search ---- */

/* Whether five runs from module `at` on, `step` apart, stand 1:1:3:1:1, about, dark first; gives
 * the place of their middle. */
static bool is_pattern(const uint8_t *dark, unsigned at, unsigned step, unsigned side,
                       unsigned *middle)
{
    unsigned runs[5] = {0}, total = 0, from = at;
    for (int i = 0; i < 5; i++) {
        while (at < side && dark[(size_t)at * step] == (i % 2 == 0)) {
            at++;
            runs[i]++;
        }
        total += runs[i];
    }
    *middle = from + runs[0] + runs[1] + runs[2] / 2;
    for (int i = 0; i < 5; i++) { /* within half a seventh of 1/7 and 3/7 */
        unsigned due = i == 2 ? 3 * total : total;
        unsigned has = 7 * runs[i];
        if (runs[i] == 0 || 2 * (has > due ? has - due : due - has) > total)
            return false;
    }
    return true;
}

/* Beginnings of dark runs along a line that could be a finder's. Marks their middles. */
static void mark_line(const uint8_t *dark, unsigned step, unsigned side, uint8_t *marks,
                      uint8_t mark)
{
    unsigned middle;
    for (unsigned at = 0; at < side; at++)
        if (dark[(size_t)at * step] && (at == 0 || !dark[(size_t)(at - 1) * step]) &&
            is_pattern(dark, at, step, side, &middle))
            marks[(size_t)middle * step] |= mark;
}

static bool near_mark(const uint8_t *marks, unsigned side, unsigned x, unsigned y, uint8_t mark)
{
    for (unsigned v = y > 0 ? y - 1 : 0; v <= y + 1 && v < side; v++)
        for (unsigned u = x > 0 ? x - 1 : 0; u <= x + 1 && u < side; u++)
            if (marks[(size_t)v * side + u] & mark)
                return true;
    return false;
}

/* Rows that pass a place like a finder's middle which a column passes, too: three a finder, and
 * some by chance. */
static unsigned count_crossings(const struct qr_code *code)
{
    unsigned side = code->side, count = 0;
    uint8_t *marks = calloc((size_t)side, side);
    CHECK(marks != NULL);
    for (unsigned i = 0; i < side; i++) {
        mark_line(code->dark + (size_t)i * side, 1, side, marks + (size_t)i * side, ACROSS);
        mark_line(code->dark + i, side, side, marks + i, DOWN);
    }
    for (unsigned y = 0; y < side; y++)
        for (unsigned x = 0; x < side; x++)
            count += (marks[(size_t)y * side + x] & ACROSS) && near_mark(marks, side, x, y, DOWN);
    free(marks);
    return count;
}

double qr_zbar_cost_ns(const struct qr_code *code)
{
    /* Of 40 random symbols of each version the worst have 10 + side / 9, and text that repeats
     * itself has some more. Tilings of finders have several times that, and take ZBar 0.14 ms for
     * the square of each that is too many: hundreds of milliseconds, which nobody pays. */
    static const double FIXED_NS = 50000, PIXEL_NS = 25, CROSSING_NS = 140000, MOST_NS = 70e6;
    double size = (code->side + 2.0 * QUIET) * MODULE_PX;
    unsigned crossings = count_crossings(code), own = 9;
    double more = crossings > own ? crossings - own : 0;
    double cost_ns = FIXED_NS + PIXEL_NS * size * size + CROSSING_NS * more * more;
    return cost_ns > MOST_NS ? INFINITY : cost_ns;
}

/* ---- reading ---- */

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
