#include "symbology/qr_code.h"

#include <string.h>
#include <zint.h>

const char *const qr_level_names[] = {
    [QR_LEVEL_M] = "M", [QR_LEVEL_L] = "L", [QR_LEVEL_H] = "H", [QR_LEVEL_Q] = "Q", NULL};

static const int zint_levels[] = {
    [QR_LEVEL_L] = 1, [QR_LEVEL_M] = 2, [QR_LEVEL_Q] = 3, [QR_LEVEL_H] = 4};

/* libzint keeps a row's modules as bits, the lowest bit first. */
static void copy_modules(const struct zint_symbol *symbol, struct qr_code *code)
{
    code->side = (unsigned)symbol->width;
    for (unsigned y = 0; y < code->side; y++)
        for (unsigned x = 0; x < code->side; x++)
            code->dark[y * code->side + x] = symbol->encoded_data[y][x / 8] >> x % 8 & 1;
}

bool qr_code_draw(const struct qr_choice *choice, const char *bytes, size_t length,
                  struct qr_code *code, struct error *error)
{
    CHECK((unsigned)choice->level < QR_LEVEL_COUNT && choice->version <= 40);
    if (length == 0)
        return error_set(error, "cannot draw an empty text as a QR Code: give at least one byte");
    struct zint_symbol *symbol = ZBarcode_Create();
    CHECK(symbol != NULL);
    symbol->symbology = BARCODE_QRCODE;
    symbol->input_mode = DATA_MODE; /* bytes stay bytes, whatever a character set makes of them */
    symbol->option_1 = zint_levels[choice->level];
    symbol->option_2 = (int)choice->version;
    if (choice->mask >= 0)
        symbol->option_3 = (choice->mask + 1) << 8;
    int outcome = ZBarcode_Encode(symbol, (const unsigned char *)bytes, (int)length);
    bool ok = outcome < ZINT_ERROR && symbol->rows == symbol->width &&
              symbol->width >= QR_MIN_SIDE && symbol->width <= QR_MAX_SIDE;
    if (ok)
        copy_modules(symbol, code);
    else
        error_set(error, "cannot draw %zu bytes as a QR Code of level %s: %s", length,
                  qr_level_names[choice->level],
                  symbol->errtxt[0] ? symbol->errtxt : "they do not fit");
    ZBarcode_Delete(symbol);
    return ok;
}

/* ---- layout ---- */

/* Rows and columns of the alignment patterns' centres (annex E); returns how many. */
static unsigned alignment_places(unsigned side, unsigned places[7])
{
    unsigned version = (side - 17) / 4, count = version / 7 + 2;
    if (version < 2)
        return 0;
    /* Steps are even and all alike, but for the first, which takes up the rest. */
    unsigned step = version == 32 ? 26 : (version * 4 + count * 2 + 1) / (2 * count - 2) * 2;
    for (unsigned i = 1; i < count; i++)
        places[count - i] = side - 7 - (i - 1) * step;
    places[0] = 6;
    return count;
}

static void put_square(uint8_t *kinds, unsigned side, int left, int top, int size,
                       const char *rings)
{
    for (int y = 0; y < size; y++)
        for (int x = 0; x < size; x++) {
            int edge_x = x < size - 1 - x ? x : size - 1 - x;
            int edge_y = y < size - 1 - y ? y : size - 1 - y;
            int at_x = left + x, at_y = top + y;
            if (at_x < 0 || at_y < 0 || at_x >= (int)side || at_y >= (int)side)
                continue;
            char ring = rings[edge_x < edge_y ? edge_x : edge_y];
            kinds[at_y * (int)side + at_x] = ring == '#' ? QR_DARK : QR_LIGHT;
        }
}

static void put_alignment(uint8_t *kinds, unsigned side)
{
    unsigned places[7], count = alignment_places(side, places);
    for (unsigned i = 0; i < count; i++)
        for (unsigned j = 0; j < count; j++) {
            bool finder = i == 0 ? j == 0 || j == count - 1 : j == 0 && i == count - 1;
            if (!finder)
                put_square(kinds, side, (int)places[j] - 2, (int)places[i] - 2, 5, "#.#");
        }
}

static void put_format(uint8_t *kinds, unsigned side)
{
    for (unsigned i = 0; i < 9; i++) {
        kinds[8 * side + i] = kinds[i * side + 8] = QR_FORMAT;
        if (i < 8)
            kinds[8 * side + side - 1 - i] = kinds[(side - 1 - i) * side + 8] = QR_FORMAT;
    }
    kinds[(side - 8) * side + 8] = QR_DARK;
}

void qr_code_layout(unsigned side, uint8_t *kinds)
{
    CHECK(side >= QR_MIN_SIDE && side <= QR_MAX_SIDE && side % 4 == 1);
    int far = (int)side - 8;
    memset(kinds, QR_DATA, (size_t)side * side);
    put_alignment(kinds, side);
    put_format(kinds, side);
    for (unsigned i = 8; i < side - 8; i++)
        kinds[6 * side + i] = kinds[i * side + 6] = i % 2 == 0 ? QR_TIMING_DARK : QR_TIMING_LIGHT;
    put_square(kinds, side, -1, -1, 9, ".#.##");
    put_square(kinds, side, far, -1, 9, ".#.##");
    put_square(kinds, side, -1, far, 9, ".#.##");
}

/* ---- format information ---- */

enum { FORMAT_BITS = 15, FORMAT_MASK = 0x5412, FORMAT_GENERATOR = 0x537 };

static unsigned format_word(unsigned data)
{
    unsigned word = data << 10;
    for (int bit = FORMAT_BITS - 1; bit >= 10; bit--)
        if (word >> bit & 1)
            word ^= (unsigned)FORMAT_GENERATOR << (bit - 10);
    return (data << 10 | word) ^ FORMAT_MASK;
}

/* The copy around the upper left finder, its highest bit first; with the axes exchanged or not. */
static unsigned read_format(const struct qr_code *code, bool exchanged)
{
    static const uint8_t xs[FORMAT_BITS] = {0, 1, 2, 3, 4, 5, 7, 8, 8, 8, 8, 8, 8, 8, 8};
    static const uint8_t ys[FORMAT_BITS] = {8, 8, 8, 8, 8, 8, 8, 8, 7, 5, 4, 3, 2, 1, 0};
    unsigned word = 0;
    for (int i = 0; i < FORMAT_BITS; i++)
        word = word << 1 |
               code->dark[exchanged ? xs[i] * code->side + ys[i] : ys[i] * code->side + xs[i]];
    return word;
}

unsigned qr_code_format(const struct qr_code *code, enum qr_level *level, int *mask)
{
    unsigned seen = read_format(code, false), best = FORMAT_BITS + 1;
    for (unsigned data = 0; data < 32; data++) {
        unsigned differ = (unsigned)__builtin_popcount(seen ^ format_word(data));
        if (differ >= best)
            continue;
        best = differ;
        *level = (enum qr_level)(data >> 3);
        *mask = (int)(data & 7);
    }
    return best;
}

/* ---- both copies ---- */

/* The copy beside the other two finders. */
static unsigned read_second_format(const struct qr_code *code, bool exchanged)
{
    unsigned word = 0;
    for (unsigned bit = FORMAT_BITS; bit-- > 0;) {
        unsigned x = bit < 8 ? code->side - 1 - bit : 8;
        unsigned y = bit < 8 ? 8 : code->side - FORMAT_BITS + bit;
        word = word << 1 | code->dark[exchanged ? x * code->side + y : y * code->side + x];
    }
    return word;
}

/* Of the bits of both copies those that differ from the nearest word. */
static unsigned format_errors(const struct qr_code *code, bool exchanged)
{
    unsigned first = read_format(code, exchanged), second = read_second_format(code, exchanged);
    unsigned best = 2 * FORMAT_BITS;
    for (unsigned data = 0; data < 32; data++) {
        unsigned word = format_word(data);
        unsigned errors =
            (unsigned)(__builtin_popcount(first ^ word) + __builtin_popcount(second ^ word));
        best = errors < best ? errors : best;
    }
    return best;
}

/* Of 30 bits; at random about 9 are wrong, and one time in 40 no more than 6. */
enum { MOST_ERRORS = 6 };

bool qr_code_format_clear(const struct qr_code *code)
{
    return format_errors(code, false) <= MOST_ERRORS;
}

bool qr_code_mirrored(const struct qr_code *code)
{
    enum { CLEARLY = 3 };
    unsigned mirrored = format_errors(code, true);
    return mirrored <= MOST_ERRORS && mirrored + CLEARLY <= format_errors(code, false);
}
