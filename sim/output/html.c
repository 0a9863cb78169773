#include "output/html.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void html_put(struct text *page, const char *markup)
{
    text_put(page, markup);
}

void html_text(struct text *page, const char *text)
{
    html_bytes(page, text, strlen(text));
}

/* The length of the UTF-8 sequence that starts here (RFC 3629: no overlong forms, no surrogates,
 * nothing above U+10FFFF); 0 where there is none. */
static size_t sequence(const unsigned char *s, size_t left)
{
    static const struct {
        unsigned char first_low, first_high, second_low, second_high;
        size_t length;
    } forms[] = {{0xC2, 0xDF, 0x80, 0xBF, 2}, {0xE0, 0xE0, 0xA0, 0xBF, 3},
                 {0xE1, 0xEC, 0x80, 0xBF, 3}, {0xED, 0xED, 0x80, 0x9F, 3},
                 {0xEE, 0xEF, 0x80, 0xBF, 3}, {0xF0, 0xF0, 0x90, 0xBF, 4},
                 {0xF1, 0xF3, 0x80, 0xBF, 4}, {0xF4, 0xF4, 0x80, 0x8F, 4}};
    if (s[0] == '\n' || s[0] == '\t' || (s[0] >= ' ' && s[0] < 127))
        return 1;
    for (size_t f = 0; f < sizeof forms / sizeof *forms; f++) {
        if (s[0] < forms[f].first_low || s[0] > forms[f].first_high || left < forms[f].length)
            continue;
        bool good = s[1] >= forms[f].second_low && s[1] <= forms[f].second_high;
        for (size_t i = 2; i < forms[f].length; i++)
            good = good && s[i] >= 0x80 && s[i] <= 0xBF;
        return good ? forms[f].length : 0;
    }
    return 0;
}

void html_bytes(struct text *page, const char *bytes, size_t length)
{
    for (size_t i = 0; i < length;) {
        size_t step = sequence((const unsigned char *)bytes + i, length - i);
        switch (bytes[i]) {
        case '&':
            text_put(page, "&amp;");
            break;
        case '<':
            text_put(page, "&lt;");
            break;
        case '>':
            text_put(page, "&gt;");
            break;
        case '"':
            text_put(page, "&quot;");
            break;
        case '\'':
            text_put(page, "&#39;");
            break;
        default:
            text_add(page, step ? bytes + i : "\xEF\xBF\xBD", step ? step : 3);
        }
        i += step ? step : 1;
    }
}

void html_format(struct text *page, const char *format, ...)
{
    char text[2048];
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    html_text(page, text);
}
