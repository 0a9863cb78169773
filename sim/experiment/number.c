#include "experiment/number.h"

#include "experiment/utf8.h"

#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static size_t digits(const char *text)
{
    return strspn(text, "0123456789");
}

size_t number_length(const char *text)
{
    size_t length = text[0] == '-';
    if (digits(text + length) == 0)
        return 0;
    length += text[length] == '0' ? 1 : digits(text + length);
    if (text[length] == '.' && digits(text + length + 1) > 0)
        length += 1 + digits(text + length + 1);
    /* "20e-" is twenty electrons: only digits make an exponent. */
    if (text[length] == 'e' || text[length] == 'E') {
        size_t sign = text[length + 1] == '-' || text[length + 1] == '+';
        if (digits(text + length + 1 + sign) > 0)
            length += 1 + sign + digits(text + length + 1 + sign);
    }
    return length;
}

static bool starts_with_word(const char *text, const char *word)
{
    size_t skipped = strspn(text, "-+.");
    return strncasecmp(text + skipped, word, strlen(word)) == 0;
}

/* Says why `text`, which starts with no number, is none. */
static bool refuse(const char *text, struct error *error)
{
    if (text[0] == '\0')
        return error_set(error, "a number is missing");
    if (starts_with_word(text, "nan"))
        return error_set(error, "NaN is not accepted: write a number");
    if (starts_with_word(text, "inf"))
        return error_set(error, "infinity is not accepted: write a number");
    if (text[0] == '+')
        return error_set(error, "a leading + is not accepted: leave it out");
    if (text[0] == '.' || strncmp(text, "-.", 2) == 0)
        return error_set(error, "a digit is missing before the point: write 0.5, not .5");
    return error_set(error, "\"%s\" is not a number", utf8_shorten(text).text);
}

/* Says why what follows the number of `length` bytes spoils it; true where nothing does. */
static bool check_end(const char *text, size_t length, size_t *at, struct error *error)
{
    size_t start = text[0] == '-';
    char next = text[length];

    if (text[start] == '0' && (text[start + 1] == 'x' || text[start + 1] == 'X'))
        return error_set(error, "hexadecimal is not accepted: write a decimal number");
    if (text[start] == '0' && digits(text + start + 1) > 0) {
        const char *first = text + start;
        while (first[0] == '0' && digits(first + 1) > 0)
            ++first;
        return error_set(error, "a leading 0 is not accepted: write %s%.20s", start ? "-" : "",
                         first);
    }
    *at = length;
    if ((next == ',' || next == '_' || next == '\'') && digits(text + length + 1) > 0)
        return error_set(error, "numbers take no separators: write 3000, and 0.5 with a point");
    if (next == '.')
        return error_set(error, "one point, with digits on both sides, is all a number takes");
    return true;
}

bool number_parse(const char *text, double *value, size_t *length, size_t *at, struct error *error)
{
    *at = 0;
    *length = number_length(text);
    if (*length == 0)
        return refuse(text, error);
    if (!check_end(text, *length, at, error))
        return false;
    *at = 0;
    /* glibc hands out its one "C" locale here: nothing is allocated, nothing needs freeing. */
    *value = strtod_l(text, NULL, newlocale(LC_ALL_MASK, "C", NULL));
    if (!isfinite(*value))
        return error_set(error, "the number is too large: a double ends at 1.8e308");
    size_t mantissa = strcspn(text, "eE");
    if (*value == 0.0 && strcspn(text, "123456789") < (mantissa < *length ? mantissa : *length))
        return error_set(error, "the number is too small: a double ends at 4.9e-324");
    return true;
}

void number_text(double value, int digits_kept, char *text, size_t bytes)
{
    locale_t previous = uselocale(newlocale(LC_ALL_MASK, "C", NULL));
    snprintf(text, bytes, "%.*g", digits_kept, value);
    uselocale(previous);
}
