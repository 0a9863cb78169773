#include "symbology/code128.h"

#include "symbology/book.h"

#include <string.h>
#include <zint.h>

unsigned code128_module_count(size_t digits)
{
    return 11 * ((unsigned)digits / 2) + 11 + 11 + 13;
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

/* Words that change the set or are no characters (ISO/IEC 15417, table 1). FNC4 has the word that
 * would choose the set one is in. */
enum {
    SHIFT = 98,
    TO_C = 99,
    TO_B = 100,
    TO_A = 101,
    FNC1 = 102,
    FIRST_CONTROL = 64,
    FIRST_FNC = 96
};

enum { GROUP_SEPARATOR = 0x1d, UPPER_HALF = 128 };

struct writer {
    char *text;
    unsigned room, length;
    char set, shifted;      /* 'A' to 'C'; shifted: of the next character alone, or 0 */
    bool upper, upper_next; /* characters from 128 on; the next one is of the other half */
};

static void write_character(struct writer *writer, unsigned character)
{
    if (writer->length < writer->room)
        writer->text[writer->length] = (char)character;
    writer->length++;
}

static void write_word(struct writer *writer, char set, unsigned word)
{
    if (set == 'C') {
        write_character(writer, '0' + word / 10);
        write_character(writer, '0' + word % 10);
        return;
    }
    bool control = set == 'A' && word >= FIRST_CONTROL;
    bool upper = writer->upper != writer->upper_next;
    write_character(writer, (control ? word - FIRST_CONTROL : word + ' ') + upper * UPPER_HALF);
    writer->upper_next = false;
}

/* One FNC4 is of the next character, two in a row of all that follow. */
static void take_fnc4(struct writer *writer)
{
    if (writer->upper_next)
        writer->upper = !writer->upper;
    writer->upper_next = !writer->upper_next;
}

/* A word that is no character; `place` is that of the symbol character, 0 the first. */
static void take_function(struct writer *writer, char now, unsigned word, unsigned place)
{
    if (word == FNC1 && place > 1)
        write_character(writer, GROUP_SEPARATOR);
    else if (word == SHIFT && now != 'C')
        writer->shifted = now == 'A' ? 'B' : 'A';
    else if ((word == TO_A && now == 'A') || (word == TO_B && now == 'B'))
        take_fnc4(writer);
    else if (word >= TO_C && word <= TO_A)
        writer->set = word == TO_C ? 'C' : word == TO_B ? 'B' : 'A';
}

unsigned code128_text(unsigned start, const uint8_t *words, unsigned count, char *text,
                      unsigned room, bool *set_c)
{
    struct writer writer = {text, room, 0, (char)('A' + start - CODE128_START_A), 0, false, false};
    *set_c = start == CODE128_START_C;
    for (unsigned i = 0; i < count; i++) {
        char now = writer.shifted ? writer.shifted : writer.set;
        writer.shifted = 0;
        *set_c = *set_c && words[i] < BOOK_PAIRS;
        if (words[i] < (now == 'C' ? (unsigned)BOOK_PAIRS : (unsigned)FIRST_FNC))
            write_word(&writer, now, words[i]);
        else
            take_function(&writer, now, words[i], i);
    }
    text[writer.length < room ? writer.length : room] = '\0';
    return writer.length;
}
