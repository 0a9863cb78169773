/*
 * The electronic signature token: makes a code of a transaction and shows it as an image.
 *
 * Its four modules in the patent: communication (token_request: the network terminal asks, and
 * sends the transaction), algorithm (a one-time code, or a signature), conversion (string to module
 * grid) and display (the grid on a screen of so many pixels). A token keeps a secret and, for HOTP,
 * a counter; its secret is derived when it is needed, from what it was issued with, so that a code
 * is made when it is needed too, and nothing of it is kept.
 *
 *     hotp              of the counter
 *     totp              of the token's clock
 *     ocra              of the transaction; the suite's question is OCRA_TRANSACTION_QUESTION
 *     ecdsa sm2 ed25519 the transaction's 54 bytes and the signature's 64. Signing is deterministic
 */
#ifndef CASHPOINT_TOKEN_H
#define CASHPOINT_TOKEN_H

#include "message.h"
#include "otp/passcode.h"
#include "otp/transaction.h"
#include "symbology/symbology.h"

/* What an image says: digits, characters, or bytes. Where it is text, it ends with a zero. */
struct token_code {
    unsigned count;
    char bytes[PAYLOAD_MAX_BYTES + 1];
};

struct token_code token_code_of(const char *text);
/* Whether exactly this was read. */
bool token_code_is_read(const struct token_code *code, const struct decoded *decoded);

enum { TOKEN_PRINT_BYTES = 2 * PAYLOAD_MAX_BYTES + 1 };
/* For people: text as it is, anything else in hexadecimal. */
void token_print(const char *bytes, unsigned count, char text[TOKEN_PRINT_BYTES]);

/* What all tokens of one issue have in common. */
struct token_model {
    struct code_format format;
    unsigned display_width, display_height; /* pixels */
};

struct token_form {
    enum code_kind kind;
    struct passcode_form passcode; /* of a one-time code */
    uint32_t step_s;               /* totp */
};

/* How many bytes each code has. */
unsigned token_code_bytes(const struct token_form *form);

/* The algorithm module. It holds no token's secret: one does for all of an issue, a thread. */
struct token_algorithm;
struct token_algorithm *token_algorithm_new(const struct token_form *form); /* never null */
void token_algorithm_free(struct token_algorithm *algorithm);

/* Whose token: what it was issued with. */
struct token_secret {
    uint8_t key[MESSAGE_KEY_BYTES];
    uint32_t issue; /* signatures: which of this customer's tokens, from 0 */
};

/* What the code is made of; what the kind does not need is not looked at. */
struct token_order {
    uint64_t counter;
    int64_t time_s; /* by the token's clock, since the epoch; not negative */
    struct transaction transaction;
};

/* Communication and algorithm. */
void token_request(struct token_algorithm *algorithm, const struct token_secret *secret,
                   const struct token_order *order, struct token_code *code);

/* Signatures: the public key, which the bank certifies; returns how many bytes. */
size_t token_public_key(struct token_algorithm *algorithm, const struct token_secret *secret,
                        uint8_t bytes[MESSAGE_PUBLIC_KEY_BYTES]);

/* Conversion and display: what the screen shows of a code. */
void token_show(const struct token_model *model, const struct token_code *code,
                struct code_image *image);

#endif
