#include "output/json.h"

#include <math.h>

void json_string(struct text *text, const char *string)
{
    text_put(text, "\"");
    for (; *string != '\0'; string++) {
        unsigned char byte = (unsigned char)*string;
        if (byte == '"' || byte == '\\')
            text_format(text, "\\%c", byte);
        else if (byte < 0x20)
            text_format(text, "\\u%04x", byte);
        else
            text_add(text, string, 1);
    }
    text_put(text, "\"");
}

void json_number(struct text *text, double number)
{
    if (isfinite(number))
        text_format(text, "%.10g", number);
    else
        text_put(text, "null");
}

void json_key(struct text *text, const char *key, bool first)
{
    text_put(text, first ? "" : ", ");
    json_string(text, key);
    text_put(text, ": ");
}
