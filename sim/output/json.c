#include "output/json.h"

#include <math.h>
#include <string.h>

void json_bytes(struct text *text, const char *bytes, size_t length)
{
    text_put(text, "\"");
    for (size_t i = 0; i < length; i++) {
        unsigned char byte = (unsigned char)bytes[i];
        if (byte == '"' || byte == '\\')
            text_format(text, "\\%c", byte);
        else if (byte < 0x20 || byte == 0x7f)
            text_format(text, "\\u%04x", byte);
        else
            text_add(text, bytes + i, 1);
    }
    text_put(text, "\"");
}

void json_string(struct text *text, const char *string)
{
    json_bytes(text, string, strlen(string));
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
