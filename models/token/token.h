/*
 * The electronic signature token: makes a one-time code and shows it as an image.
 *
 * Its four modules in the patent: communication (token_request: the network terminal asks),
 * algorithm (HOTP over the token's own key and counter), conversion (string to module grid) and
 * display (the grid on a screen of so many pixels). A token is 8 bytes of state: its key is derived
 * when it is needed, from the secret it was issued with.
 */
#ifndef CASHPOINT_TOKEN_H
#define CASHPOINT_TOKEN_H

#include "message.h"
#include "otp/hotp.h"
#include "symbology/symbology.h"

struct token {
    uint32_t counter; /* of the next code */
};

/* What all tokens of one issue have in common. */
struct token_model {
    struct code_format format;
    unsigned display_width, display_height; /* pixels */
};

/* Communication and algorithm: makes the next code of the token with this key. */
void token_request(struct token *token, struct hotp *hotp, const uint8_t key[MESSAGE_KEY_BYTES],
                   char code[HOTP_TEXT_BYTES]);

/* Conversion and display: what the screen shows of a code. */
void token_show(const struct token_model *model, const char *code, struct code_image *image);

#endif
