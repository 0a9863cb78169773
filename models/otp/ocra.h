/*
 * OCRA: a one-time code that answers a challenge, or signs what the challenge says (RFC 6287).
 *
 * A suite names what goes into the code, in this order; all but the question may be left out:
 *
 *     OCRA-1:HOTP-SHA256-8:C-QN08-PSHA1-S064-T1M
 *            digest, form  |  |    |     |    time, in steps of 1-59 S, 1-59 M or 1-48 H
 *                          |  |    |     session information, at most so many bytes (001 .. 512)
 *                          |  |    hash of a PIN
 *                          |  question: N decimal, A text, H hexadecimal; at most 04 .. 64 long
 *                          counter
 *
 * The MAC is of: suite, a zero byte, counter (8 bytes), question (128 bytes, zeros after it), PIN
 * hash, session (zeros before it), time step (8 bytes). Where both parties ask, the question is the
 * two one after the other. In plain signature mode the question is what is signed.
 *
 * Our own, after the RFC's manner; a token that knows the RFC only refuses the suite:
 *
 * - lengths of 10 to 20 digits (HOTP-SHA256-12), of 63 bits as otp/passcode.h has it. The RFC's own
 *   10 digits, of 31 bits, are not made;
 * - codes of 10 to 20 characters: HOTP-SHA256-A12;
 * - a question of bytes, exactly so many, 04 .. 99: QB54. OCRA_TRANSACTION_QUESTION is a
 *   transaction as otp/transaction.h writes it: the code is bound to all of its fields.
 *
 * Length 0, which in the RFC is the whole MAC, is refused: it is no code that an image shows.
 */
#ifndef CASHPOINT_OCRA_H
#define CASHPOINT_OCRA_H

#include "engine/error.h"
#include "otp/mac.h"
#include "otp/passcode.h"

enum {
    OCRA_SUITE_BYTES = 64, /* the longest that can be written, and its NUL, is shorter */
    OCRA_QUESTION_BYTES = 128,
    OCRA_SESSION_MAX_BYTES = 512
};

#define OCRA_TRANSACTION_QUESTION "QB54"

enum ocra_question { OCRA_DECIMAL, OCRA_TEXT, OCRA_HEXADECIMAL, OCRA_BYTES };

struct ocra_suite {
    char text[OCRA_SUITE_BYTES];
    enum mac_digest digest;
    struct passcode_form form;
    enum ocra_question question;
    unsigned question_length;
    bool has_counter, has_pin;
    enum mac_digest pin_digest;
    unsigned session_bytes; /* 0: none */
    uint32_t step_s;        /* 0: no time */
};

/* Reads a suite; false with an error that names the part that is wrong and what may stand there. */
bool ocra_parse(const char *text, struct ocra_suite *suite, struct error *error);

/* The suite of this form and HMAC-SHA-256 whose question is a transaction: what token and bank use.
 */
struct ocra_suite ocra_transaction_suite(struct passcode_form form);

/* An engine holds a MAC context and the bytes that go into it: one a thread. */
struct ocra;
struct ocra *ocra_new(const struct ocra_suite *suite); /* of ocra_parse(); never null */
void ocra_free(struct ocra *ocra);

/* What the suite does not name is not looked at. */
struct ocra_input {
    uint64_t counter;
    const void *question; /* characters or bytes, without NUL */
    size_t question_bytes;
    const void *second_question; /* of the other party, where both ask; or null */
    size_t second_question_bytes;
    const uint8_t *pin_hash; /* mac_bytes(pin_digest) */
    const void *session;
    size_t session_bytes;
    int64_t time_s; /* since the epoch, not negative */
};

/* Writes the code into `code` (PASSCODE_TEXT_BYTES). False, and an empty code, where a question is
 * not of the suite's kind and length or the session too long: they come from the other party. */
bool ocra_code(struct ocra *ocra, const uint8_t *key, size_t key_bytes,
               const struct ocra_input *input, char *code);

#endif
