#include "experiment/utf8.h"

#include <string.h>

/* Bytes of the sequence that `lead` opens, and the bits it brings along; 0: no lead byte. */
static size_t sequence_length(unsigned char lead, uint32_t *bits)
{
    if (lead < 0x80) {
        *bits = lead;
        return 1;
    }
    if (lead >= 0xC2 && lead < 0xE0) {
        *bits = lead & 0x1F;
        return 2;
    }
    if (lead >= 0xE0 && lead < 0xF0) {
        *bits = lead & 0x0F;
        return 3;
    }
    *bits = lead & 0x07;
    return lead >= 0xF0 && lead < 0xF5 ? 4 : 0;
}

size_t utf8_next(const char *text, size_t length, uint32_t *code)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    uint32_t value = 0;
    size_t bytes = sequence_length((unsigned char)text[0], &value);

    *code = UTF8_INVALID;
    if (bytes == 0 || bytes > length)
        return 1;
    for (size_t i = 1; i < bytes; ++i) {
        unsigned char byte = (unsigned char)text[i];
        if ((byte & 0xC0) != 0x80)
            return 1;
        value = value << 6 | (byte & 0x3F);
    }
    if (value < least[bytes] || value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF))
        return 1;
    *code = value;
    return bytes;
}

bool utf8_is_hidden(uint32_t code)
{
    return code < 0x20 || (code >= 0x7F && code < 0xA0) || code == 0xAD || code == 0x61C ||
           (code >= 0x200B && code <= 0x200F) || (code >= 0x2028 && code <= 0x202E) ||
           (code >= 0x2060 && code <= 0x206F) || (code >= 0xFFF9 && code <= 0xFFFB) ||
           code == 0xFEFF || (code & 0xFFFE) == 0xFFFE || (code >= 0xE0000 && code <= 0xE0FFF);
}

/* Close enough to Unicode's East Asian Width to keep a caret under its character. */
static size_t code_columns(uint32_t code)
{
    if (code >= 0x300 && code <= 0x36F)
        return 0;
    bool wide = (code >= 0x1100 && code <= 0x115F) || (code >= 0x2E80 && code <= 0xA4CF) ||
                (code >= 0xAC00 && code <= 0xD7A3) || (code >= 0xF900 && code <= 0xFAFF) ||
                (code >= 0xFE30 && code <= 0xFE6F) || (code >= 0xFF00 && code <= 0xFF60) ||
                (code >= 0xFFE0 && code <= 0xFFE6) || (code >= 0x1F300 && code <= 0x1F64F) ||
                (code >= 0x1F900 && code <= 0x1F9FF) || (code >= 0x20000 && code <= 0x3FFFD);
    return wide ? 2 : 1;
}

struct utf8_glyph utf8_glyph(const char *text, size_t length)
{
    struct utf8_glyph glyph = {{0}, 1, 1};
    uint32_t code;

    glyph.bytes = utf8_next(text, length, &code);
    if (code == '\t') {
        glyph.text[0] = ' ';
    } else if (code == UTF8_INVALID || code < 0x80) {
        if (code != UTF8_INVALID && !utf8_is_hidden(code))
            glyph.text[0] = text[0];
        else
            glyph.columns = (size_t)snprintf(glyph.text, sizeof glyph.text, "\\x%02x",
                                             (unsigned)(unsigned char)text[0]);
    } else if (utf8_is_hidden(code)) {
        glyph.columns = (size_t)snprintf(glyph.text, sizeof glyph.text, "\\u%04x", (unsigned)code);
    } else {
        memcpy(glyph.text, text, glyph.bytes);
        glyph.columns = code_columns(code);
    }
    return glyph;
}

void utf8_print(const char *text, FILE *out)
{
    size_t length = strlen(text);
    for (size_t i = 0; i < length;) {
        struct utf8_glyph glyph = utf8_glyph(text + i, length - i);
        fputs(glyph.text, out);
        i += glyph.bytes;
    }
}

struct utf8_short utf8_shorten(const char *text)
{
    struct utf8_short shortened = {{0}};
    size_t room = sizeof shortened.text - sizeof "...";
    size_t length = strnlen(text, sizeof shortened.text);
    size_t kept = 0;
    uint32_t code;

    if (length < sizeof shortened.text) {
        memcpy(shortened.text, text, length);
        return shortened;
    }
    for (size_t step = 0; kept + step <= room; step = utf8_next(text + kept, length - kept, &code))
        kept += step;
    memcpy(shortened.text, text, kept);
    memcpy(shortened.text + kept, "...", 3);
    return shortened;
}
