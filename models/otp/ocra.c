#include "otp/ocra.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum {
    DATA_BYTES =
        OCRA_SUITE_BYTES + 8 + OCRA_QUESTION_BYTES + MAC_MAX_BYTES + OCRA_SESSION_MAX_BYTES + 8
};

struct ocra {
    struct ocra_suite suite;
    struct mac *mac;
    size_t head_bytes; /* suite and zero byte, which stand at the beginning for good */
    uint8_t data[DATA_BYTES];
};

struct ocra *ocra_new(const struct ocra_suite *suite)
{
    struct ocra *ocra = calloc(1, sizeof *ocra);
    CHECK(ocra != NULL);
    ocra->suite = *suite;
    ocra->mac = mac_new(suite->digest);
    ocra->head_bytes = strlen(suite->text) + 1;
    memcpy(ocra->data, suite->text, ocra->head_bytes);
    return ocra;
}

void ocra_free(struct ocra *ocra)
{
    if (ocra == NULL)
        return;
    mac_free(ocra->mac);
    free(ocra);
}

static uint8_t *put_number(uint8_t *at, uint64_t number)
{
    for (int i = 0; i < 8; i++)
        at[i] = (uint8_t)(number >> (56 - 8 * i));
    return at + 8;
}

/* ---- the question ---- */

/* Both parties' questions, one after the other. */
struct question {
    char text[OCRA_QUESTION_BYTES];
    size_t length;
};

static bool is_character(enum ocra_question kind, unsigned char c)
{
    switch (kind) {
    case OCRA_DECIMAL:
        return isdigit(c) != 0;
    case OCRA_HEXADECIMAL:
        return isxdigit(c) != 0;
    case OCRA_TEXT:
        return isalnum(c) != 0;
    case OCRA_BYTES:
        break;
    }
    return true;
}

static bool add_question(const struct ocra_suite *suite, const void *text, size_t length,
                         struct question *question)
{
    const unsigned char *characters = text;
    bool bytes = suite->question == OCRA_BYTES;
    if (length > suite->question_length || length < (bytes ? suite->question_length : 1u) ||
        question->length + length > sizeof question->text)
        return false;
    for (size_t i = 0; i < length; i++)
        if (!is_character(suite->question, characters[i]))
            return false;
    memcpy(question->text + question->length, text, length);
    question->length += length;
    return true;
}

static unsigned nibble_of(char c)
{
    return isdigit((unsigned char)c) ? (unsigned)(c - '0') : (unsigned)(toupper(c) - 'A') + 10;
}

/* Hexadecimal digits from the left, two a byte. */
static void put_nibbles(uint8_t *at, const uint8_t *nibbles, size_t count)
{
    for (size_t i = 0; i < count; i++)
        at[i / 2] = (uint8_t)(at[i / 2] | nibbles[i] << (i % 2 == 0 ? 4 : 0));
}

static void put_hexadecimal(uint8_t *at, const struct question *question)
{
    uint8_t nibbles[OCRA_QUESTION_BYTES];
    for (size_t i = 0; i < question->length; i++)
        nibbles[i] = (uint8_t)nibble_of(question->text[i]);
    put_nibbles(at, nibbles, question->length);
}

/* The decimal number in base 16, without leading zeros. */
static void put_decimal(uint8_t *at, const struct question *question)
{
    uint8_t nibbles[OCRA_QUESTION_BYTES]; /* the last is the least; a digit needs less than one */
    size_t first = sizeof nibbles;
    for (size_t i = 0; i < question->length; i++) {
        unsigned carry = nibble_of(question->text[i]);
        for (size_t j = sizeof nibbles; j > first; j--) {
            carry += 10u * nibbles[j - 1];
            nibbles[j - 1] = carry & 15;
            carry >>= 4;
        }
        if (carry > 0)
            nibbles[--first] = (uint8_t)carry;
    }
    put_nibbles(at, nibbles + first, sizeof nibbles - first);
}

/* Writes 128 bytes. */
static bool put_question(const struct ocra_suite *suite, const struct ocra_input *input,
                         uint8_t *at)
{
    struct question question;
    question.length = 0;
    if (!add_question(suite, input->question, input->question_bytes, &question) ||
        (input->second_question != NULL &&
         !add_question(suite, input->second_question, input->second_question_bytes, &question)))
        return false;
    memset(at, 0, OCRA_QUESTION_BYTES);
    if (suite->question == OCRA_DECIMAL)
        put_decimal(at, &question);
    else if (suite->question == OCRA_HEXADECIMAL)
        put_hexadecimal(at, &question);
    else
        memcpy(at, question.text, question.length);
    return true;
}

/* ---- all of it ---- */

static uint8_t *put_session(const struct ocra_suite *suite, const struct ocra_input *input,
                            uint8_t *at)
{
    size_t zeros = suite->session_bytes - input->session_bytes;
    memset(at, 0, zeros);
    if (input->session_bytes > 0)
        memcpy(at + zeros, input->session, input->session_bytes);
    return at + suite->session_bytes;
}

/* Returns the end of the data; null where the other party's part is not of the suite. */
static uint8_t *put_inputs(struct ocra *ocra, const struct ocra_input *input)
{
    const struct ocra_suite *suite = &ocra->suite;
    uint8_t *at = ocra->data + ocra->head_bytes;
    if (suite->has_counter)
        at = put_number(at, input->counter);
    if (!put_question(suite, input, at))
        return NULL;
    at += OCRA_QUESTION_BYTES;
    if (suite->has_pin) {
        memcpy(at, input->pin_hash, mac_bytes(suite->pin_digest));
        at += mac_bytes(suite->pin_digest);
    }
    if (suite->session_bytes > 0 && input->session_bytes > suite->session_bytes)
        return NULL;
    if (suite->session_bytes > 0)
        at = put_session(suite, input, at);
    if (suite->step_s > 0) {
        CHECK(input->time_s >= 0);
        at = put_number(at, (uint64_t)input->time_s / suite->step_s);
    }
    return at;
}

bool ocra_code(struct ocra *ocra, const uint8_t *key, size_t key_bytes,
               const struct ocra_input *input, char *code)
{
    uint8_t mac[MAC_MAX_BYTES];
    code[0] = '\0';
    const uint8_t *end = put_inputs(ocra, input);
    if (end == NULL)
        return false;
    size_t bytes =
        mac_compute(ocra->mac, key, key_bytes, ocra->data, (size_t)(end - ocra->data), mac);
    passcode_write(ocra->suite.form, mac, bytes, code);
    return true;
}
