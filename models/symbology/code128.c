#include "symbology/code128.h"

#include <string.h>
#include <zint.h>

unsigned code128_module_count(size_t digits)
{
    return 11 * ((unsigned)digits / 2) + 11 + 11 + 13;
}

bool code128_takes(const char *text)
{
    size_t length = strlen(text);
    return length > 0 && length <= CODE128_MAX_DIGITS && length % 2 == 0 &&
           strspn(text, "0123456789") == length;
}

static bool check_text(const char *text, struct error *error)
{
    size_t length = strlen(text);
    if (length == 0)
        return error_set(error,
                         "cannot draw an empty text as Code 128: give an even number of digits");
    if (length > CODE128_MAX_DIGITS)
        return error_set(error, "cannot draw %zu characters as Code 128: at most %d fit", length,
                         CODE128_MAX_DIGITS);
    if (strspn(text, "0123456789") != length)
        return error_set(error, "cannot draw '%s' as Code 128 set C: it holds more than digits",
                         text);
    if (length % 2 != 0)
        return error_set(
            error, "cannot draw the %zu digits '%s' as Code 128 set C: it takes an even number",
            length, text);
    return true;
}

/* libzint keeps the first row's modules as bits, the lowest bit first. */
static void copy_modules(const struct zint_symbol *symbol, struct code128 *code)
{
    for (unsigned i = 0; i < code->count; i++)
        code->dark[i] = symbol->encoded_data[0][i / 8] >> i % 8 & 1;
}

bool code128_draw(const char *text, struct code128 *code, struct error *error)
{
    if (!check_text(text, error))
        return false;
    struct zint_symbol *symbol = ZBarcode_Create();
    CHECK(symbol != NULL);
    symbol->symbology = BARCODE_CODE128;
    int outcome = ZBarcode_Encode(symbol, (const unsigned char *)text, (int)strlen(text));
    code->count = code128_module_count(strlen(text));
    /* libzint chooses the code set; any but C would be longer. */
    bool ok = outcome == 0 && symbol->rows == 1 && symbol->width == (int)code->count;
    if (ok)
        copy_modules(symbol, code);
    else
        error_set(error, "libzint drew '%s' in %d modules where set C takes %u%s%s", text,
                  symbol->width, code->count, symbol->errtxt[0] ? ": " : "", symbol->errtxt);
    ZBarcode_Delete(symbol);
    return ok;
}
