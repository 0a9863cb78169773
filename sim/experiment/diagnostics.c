#include "experiment/diagnostics.h"

#include "experiment/colour.h"
#include "experiment/utf8.h"

#include <stdarg.h>
#include <string.h>

/* The columns of the terminal line in which a piece of the source line is shown. */
enum { INDENT = 4, WINDOW = DIAGNOSTICS_COLUMNS - INDENT, ELLIPSIS = 3 };

static size_t columns_between(const struct source *source, size_t begin, size_t end)
{
    size_t columns = 0;
    while (begin < end) {
        struct utf8_glyph glyph = utf8_glyph(source->text + begin, source->length - begin);
        columns += glyph.columns;
        begin += glyph.bytes;
    }
    return columns;
}

/* Prints the part of the line that fills the columns from `first` to before `last`. */
static void print_columns(const struct source *source, const struct source_place *place,
                          size_t first, size_t last, FILE *out)
{
    size_t column = 0;
    for (size_t i = place->begin; i < place->end;) {
        struct utf8_glyph glyph = utf8_glyph(source->text + i, source->length - i);
        if (column >= first && column + glyph.columns <= last)
            fputs(glyph.text, out);
        else if (column < last && column + glyph.columns > first) /* cut in two by an edge */
            for (size_t shown = column; shown < column + glyph.columns; ++shown)
                if (shown >= first && shown < last)
                    fputc(' ', out);
        column += glyph.columns;
        i += glyph.bytes;
    }
}

static void print_line(const struct source *source, const struct source_place *place, size_t offset,
                       FILE *out)
{
    size_t total = columns_between(source, place->begin, place->end);
    size_t caret = columns_between(source, place->begin, offset < place->end ? offset : place->end);
    size_t first = 0, last = total;

    if (total == 0)
        return;
    if (total > WINDOW) {
        first = caret > WINDOW / 2 ? caret - WINDOW / 2 : 0;
        if (first + WINDOW > total)
            first = total - WINDOW;
        last = first + WINDOW;
    }
    fprintf(out, "%*s", INDENT, "");
    if (first > 0)
        fputs("...", out);
    print_columns(source, place, first > 0 ? first + ELLIPSIS : 0,
                  last < total ? last - ELLIPSIS : last, out);
    fputs(last < total ? "...\n" : "\n", out);
    fprintf(out, "%*s%s^%s\n", (int)(INDENT + caret - first), "", colour_on(out, COLOUR_MARK),
            colour_off(out));
}

static void print_word(FILE *out)
{
    fprintf(out, "%serror:%s ", colour_on(out, COLOUR_ERROR), colour_off(out));
}

bool diagnostics_at(struct diagnostics *diagnostics, const struct source *source, size_t offset,
                    const char *format, ...)
{
    char message[1024];
    va_list arguments;

    if (++diagnostics->errors > DIAGNOSTICS_PRINTED)
        return false;
    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    struct source_place place = source_locate(source, offset);
    utf8_print(source->name, diagnostics->out);
    fprintf(diagnostics->out, ":%zu:%zu: ", place.line, place.column);
    print_word(diagnostics->out);
    utf8_print(message, diagnostics->out);
    fputc('\n', diagnostics->out);
    print_line(source, &place, offset, diagnostics->out);
    return false;
}

bool diagnostics_about(struct diagnostics *diagnostics, const char *name, const char *format, ...)
{
    char message[1024];
    va_list arguments;

    if (++diagnostics->errors > DIAGNOSTICS_PRINTED)
        return false;
    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    utf8_print(name, diagnostics->out);
    fputs(": ", diagnostics->out);
    print_word(diagnostics->out);
    utf8_print(message, diagnostics->out);
    fputc('\n', diagnostics->out);
    return false;
}

static bool is_allowed(uint32_t code)
{
    if (code < 0x80)
        return code == '\t' || code == '\n' || code == '\r' || (code >= 0x20 && code < 0x7F);
    return code == 0x85 || (code >= 0xA0 && code <= 0xFFFD) ||
           (code >= 0x10000 && code != UTF8_INVALID);
}

static void refuse_character(struct diagnostics *diagnostics, const struct source *source,
                             size_t offset, uint32_t code)
{
    if (code == UTF8_INVALID)
        diagnostics_at(diagnostics, source, offset,
                       "this byte is not UTF-8: save the text as UTF-8");
    else if (code == 0)
        diagnostics_at(diagnostics, source, offset, "a NUL byte: is this a text, saved as UTF-8?");
    else
        diagnostics_at(diagnostics, source, offset,
                       "a control character (U+%04X) must not stand in a scenario", (unsigned)code);
}

bool diagnostics_check_text(struct diagnostics *diagnostics, const struct source *source)
{
    bool good = true, line_good = true;
    uint32_t code;

    if (source->length >= 2 &&
        (memcmp(source->text, "\xFF\xFE", 2) == 0 || memcmp(source->text, "\xFE\xFF", 2) == 0))
        return diagnostics_about(diagnostics, source->name, "the file is UTF-16: save it as UTF-8");
    for (size_t i = 0; i < source->length;) {
        size_t bytes = utf8_next(source->text + i, source->length - i, &code);
        if (!is_allowed(code) && line_good) {
            refuse_character(diagnostics, source, i, code);
            good = line_good = false;
        }
        line_good = line_good || code == '\n' || code == '\r';
        i += bytes;
    }
    return good;
}

bool diagnostics_full(const struct diagnostics *diagnostics)
{
    return diagnostics->errors >= DIAGNOSTICS_PRINTED;
}

bool diagnostics_end(const struct diagnostics *diagnostics)
{
    size_t errors = diagnostics->errors;
    if (errors > DIAGNOSTICS_PRINTED)
        fprintf(diagnostics->out, "(%zu more are not shown)\n", errors - DIAGNOSTICS_PRINTED);
    if (errors > 0)
        fprintf(diagnostics->out, "%zu error%s; nothing was run\n", errors, errors > 1 ? "s" : "");
    return errors == 0;
}
