#include "token/token.h"

#include <string.h>

void token_request(struct token *token, struct hotp *hotp, const uint8_t key[MESSAGE_KEY_BYTES],
                   char code[HOTP_TEXT_BYTES])
{
    hotp_code(hotp, key, MESSAGE_KEY_BYTES, token->counter++, code);
}

void token_show(const struct token_model *model, const char *code, struct code_image *image)
{
    struct error error;
    /* The scenario was checked to make codes that fit the display. */
    CHECK(symbology_draw(&model->format, code, strlen(code), model->display_width,
                         model->display_height, image, &error));
}
