#include "symbology/code128.h"

#include "symbology/book.h"

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
static void copy_modules(const struct zint_symbol *symbol, struct bars *code)
{
    for (unsigned i = 0; i < code->count; i++)
        code->dark[i] = symbol->encoded_data[0][i / 8] >> i % 8 & 1;
}

bool code128_draw(const char *text, struct bars *code, struct error *error)
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

/* ---- words to text ---- */

/* Words that change the set or are no characters (ISO/IEC 15417, table 1). */
enum {
    SHIFT = 98,
    TO_C = 99,
    TO_B = 100,
    TO_A = 101,
    FNC1 = 102,
    FIRST_CONTROL = 64,
    FIRST_FNC = 96
};

struct writer {
    char *text;
    unsigned room, length;
};

static void write_character(struct writer *writer, unsigned character)
{
    if (writer->length < writer->room)
        writer->text[writer->length] = character >= ' ' && character <= '~' ? (char)character : '?';
    writer->length++;
}

static void write_word(struct writer *writer, char set, unsigned word)
{
    if (set == 'C') {
        write_character(writer, '0' + word / 10);
        write_character(writer, '0' + word % 10);
    } else if (set == 'A' && word >= FIRST_CONTROL) {
        write_character(writer, word - FIRST_CONTROL);
    } else {
        write_character(writer, word + ' ');
    }
}

/* The set after a word that chooses one; `set` where it chooses none. */
static char next_set(char set, unsigned word)
{
    if (word == TO_C && set != 'C')
        return 'C';
    if (word == TO_B && set != 'B')
        return 'B';
    return word == TO_A && set != 'A' ? 'A' : set;
}

unsigned code128_text(unsigned start, const uint8_t *words, unsigned count, char *text,
                      unsigned room, bool *set_c)
{
    struct writer writer = {text, room, 0};
    char set = (char)('A' + start - CODE128_START_A), shifted = 0;
    *set_c = start == CODE128_START_C;
    for (unsigned i = 0; i < count; i++) {
        char now = shifted ? shifted : set;
        shifted = 0;
        *set_c = *set_c && words[i] < BOOK_PAIRS;
        if (words[i] < (now == 'C' ? (unsigned)BOOK_PAIRS : (unsigned)FIRST_FNC))
            write_word(&writer, now, words[i]);
        else if (words[i] == SHIFT && now != 'C')
            shifted = now == 'A' ? 'B' : 'A';
        else
            set = next_set(set, words[i]);
    }
    text[writer.length < room ? writer.length : room] = '\0';
    return writer.length;
}
