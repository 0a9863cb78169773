#include "token/token.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

struct token_code token_code_of(const char *text)
{
    struct token_code code = {.count = (unsigned)strlen(text)};
    CHECK(code.count <= PAYLOAD_MAX_BYTES);
    memcpy(code.bytes, text, code.count);
    return code;
}

bool token_code_is_read(const struct token_code *code, const struct decoded *decoded)
{
    return decoded->status == DECODE_OK && decoded->length == code->count &&
           memcmp(decoded->text, code->bytes, code->count) == 0;
}

static bool is_text(const char *bytes, unsigned count)
{
    for (unsigned i = 0; i < count; i++)
        if (!isgraph((unsigned char)bytes[i]))
            return false;
    return true;
}

void token_print(const char *bytes, unsigned count, char text[TOKEN_PRINT_BYTES])
{
    count =
        count < PAYLOAD_MAX_BYTES ? count : PAYLOAD_MAX_BYTES; /* a foreign code may have more */
    text[0] = '\0';
    if (is_text(bytes, count))
        snprintf(text, TOKEN_PRINT_BYTES, "%.*s", (int)count, bytes);
    else
        for (unsigned i = 0; i < count; i++)
            snprintf(text + (size_t)2 * i, 3, "%02x", (unsigned char)bytes[i]);
}

void token_show(const struct token_model *model, const struct token_code *code,
                struct code_image *image)
{
    struct error error;
    /* The scenario was checked to make codes that fit the display. */
    CHECK(symbology_draw(&model->format, code->bytes, code->count, model->display_width,
                         model->display_height, image, &error));
}
