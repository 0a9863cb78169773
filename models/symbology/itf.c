#include "symbology/itf.h"

#include <math.h>
#include <string.h>
#include <zint.h>

enum { START_MODULES = 4, STOP_MODULES = 5, PAIR_MODULES = 18 };
enum { START_ELEMENTS = 4, STOP_ELEMENTS = 3, PAIR_ELEMENTS = 10, DIGIT_ELEMENTS = 5 };

unsigned itf_module_count(unsigned digits)
{
    return START_MODULES + PAIR_MODULES * (digits / 2) + STOP_MODULES;
}

bool itf_draw(const char *text, struct bars *bars, struct error *error)
{
    size_t length = strlen(text);
    if (length == 0 || length > ITF_MAX_DIGITS || length % 2 != 0 ||
        strspn(text, "0123456789") != length)
        return error_set(error,
                         "cannot draw '%s' as Interleaved 2 of 5: it takes an even number of "
                         "digits, at most %d",
                         text, ITF_MAX_DIGITS);
    struct zint_symbol *symbol = ZBarcode_Create();
    CHECK(symbol != NULL);
    symbol->symbology = BARCODE_C25INTER;
    int outcome = ZBarcode_Encode(symbol, (const unsigned char *)text, (int)length);
    bars->count = itf_module_count((unsigned)length);
    bool ok = outcome == 0 && symbol->rows == 1 && symbol->width == (int)bars->count;
    for (unsigned i = 0; ok && i < bars->count; i++)
        bars->dark[i] = symbol->encoded_data[0][i / 8] >> i % 8 & 1;
    if (!ok)
        error_set(error, "libzint drew '%s' in %d modules where %u are due%s%s", text,
                  symbol->width, bars->count, symbol->errtxt[0] ? ": " : "", symbol->errtxt);
    ZBarcode_Delete(symbol);
    return ok;
}

/* ---- reading ---- */

/* Quiet zones, narrow elements; the standard asks for 10. */
static const float QUIET = 5;
/* Wide elements are 2 to 3 narrow ones. */
static const float LEAST_RATIO = 1.6f, MOST_RATIO = 3.7f;
/* Pairs beside each other are about as wide. */
static const float MOST_STRETCH = 1.15f;

/* Wide elements of the digits, the first element the highest bit. */
static const uint8_t wide[10] = {0x06, 0x11, 0x09, 0x18, 0x05, 0x14, 0x0c, 0x03, 0x12, 0x0a};

/* The digit whose two wide elements are the two widest of widths[0], [2] ... [8]; 10 where there is
 * none. `off` grows to how far the worst of them lies off the mean of its kind, in narrow ones. */
static unsigned read_digit(const float *widths, float *off)
{
    unsigned first = 0, second = 5;
    float narrow = 0, broad = 0;
    for (unsigned i = 1; i < DIGIT_ELEMENTS; i++)
        first = widths[2 * i] > widths[2 * first] ? i : first;
    for (unsigned i = 0; i < DIGIT_ELEMENTS; i++)
        if (i != first && (second == 5 || widths[2 * i] > widths[2 * second]))
            second = i;
    for (unsigned i = 0; i < DIGIT_ELEMENTS; i++)
        *(i == first || i == second ? &broad : &narrow) += widths[2 * i];
    narrow /= 3;
    broad /= 2;
    if (!(broad > LEAST_RATIO * narrow) || broad > MOST_RATIO * narrow)
        return 10;
    for (unsigned i = 0; i < DIGIT_ELEMENTS; i++) {
        float mean = i == first || i == second ? broad : narrow;
        *off = fmaxf(*off, fabsf(widths[2 * i] - mean) / narrow);
    }
    unsigned pattern = 0x10u >> first | 0x10u >> second, digit = 0;
    while (digit < 10 && wide[digit] != pattern)
        digit++;
    return digit;
}

/* Four elements about as wide as each other after a quiet zone; `narrow` becomes their mean. */
static bool starts_here(const struct edges *edges, unsigned i, float *narrow)
{
    const float *at = edges->at + i;
    *narrow = (at[START_ELEMENTS] - at[0]) / START_ELEMENTS;
    if (i > 0 && at[0] - at[-1] < QUIET * *narrow)
        return false;
    for (unsigned k = 0; k < START_ELEMENTS; k++) {
        float width = at[k + 1] - at[k];
        if (width < 0.4f * *narrow || width > 1.6f * *narrow)
            return false;
    }
    return true;
}

/* A wide bar, a narrow space, a narrow bar, and quiet. */
static bool stops_here(const float *at, unsigned left, float narrow)
{
    float bar = at[1] - at[0], space = at[2] - at[1], last = at[3] - at[2];
    return bar > LEAST_RATIO * space && bar > LEAST_RATIO * last && space < 1.7f * narrow &&
           last < 1.7f * narrow &&
           (left == STOP_ELEMENTS + 1 || at[4] - at[3] > QUIET * 0.5f * (space + last));
}

static bool read_pairs(const float *at, unsigned left, float narrow, struct line_read *line)
{
    line->first = at[0];
    line->count = 0;
    line->off = 0;
    float before = 0;
    for (unsigned i = START_ELEMENTS; i + STOP_ELEMENTS < left; i += PAIR_ELEMENTS) {
        if (stops_here(at + i, left - i, narrow)) {
            line->last = at[i + STOP_ELEMENTS];
            return line->count >= ITF_MIN_DIGITS / 2;
        }
        if (i + PAIR_ELEMENTS + STOP_ELEMENTS >= left || line->count == LINE_MAX_WORDS)
            return false;
        float widths[PAIR_ELEMENTS];
        for (unsigned k = 0; k < PAIR_ELEMENTS; k++)
            widths[k] = at[i + k + 1] - at[i + k];
        unsigned first = read_digit(widths, &line->off);
        unsigned second = read_digit(widths + 1, &line->off);
        if (first == 10 || second == 10)
            return false;
        line->words[line->count++] = (uint8_t)(10 * first + second);
        float width = at[i + PAIR_ELEMENTS] - at[i];
        if (before > 0 && (width > MOST_STRETCH * before || before > MOST_STRETCH * width))
            return false;
        before = width;
        narrow = width / PAIR_MODULES;
    }
    return false;
}

static bool read_forward(const struct edges *edges, struct line_read *line)
{
    float narrow;
    for (unsigned i = edges->dark_first ? 0 : 1; i + START_ELEMENTS + STOP_ELEMENTS < edges->count;
         i += 2)
        if (starts_here(edges, i, &narrow) &&
            read_pairs(edges->at + i, edges->count - i, narrow, line))
            return true;
    return false;
}

bool itf_read_line(const struct edges *edges, struct line_read *line)
{
    *line = (struct line_read){.backward = false};
    if (read_forward(edges, line))
        return true;
    struct edges mirrored;
    edges_mirror(edges, &mirrored);
    line->backward = true;
    if (!read_forward(&mirrored, line))
        return false;
    line->first = -line->first;
    line->last = -line->last;
    return true;
}
