/* Reading a suite: "OCRA-1:HOTP-SHA256-8:C-QN08-PSHA1-S064-T1M". */
#include "otp/ocra.h"

#include <stdio.h>
#include <string.h>

struct reader {
    const char *whole, *at;
    struct error *error;
};

static bool fail(const struct reader *reader, const char *wanted)
{
    return error_set(reader->error,
                     "OCRA suite '%.*s': at '%.20s' there must be %s, as in "
                     "OCRA-1:HOTP-SHA256-8:C-QN08-PSHA1-S064-T1M",
                     OCRA_SUITE_BYTES, reader->whole, reader->at, wanted);
}

static bool take(struct reader *reader, const char *word)
{
    size_t length = strlen(word);
    if (strncmp(reader->at, word, length) != 0)
        return false;
    reader->at += length;
    return true;
}

/* A number of `least` to `most` digits. */
static bool take_number(struct reader *reader, unsigned least, unsigned most, unsigned *number)
{
    unsigned digits = 0;
    for (*number = 0; digits < most && *reader->at >= '0' && *reader->at <= '9'; digits++)
        *number = *number * 10 + (unsigned)(*reader->at++ - '0');
    return digits >= least;
}

static bool take_digest(struct reader *reader, enum mac_digest *digest)
{
    static const struct {
        const char *name;
        enum mac_digest digest;
    } names[] = {{"SHA1", MAC_SHA1}, {"SHA256", MAC_SHA256}, {"SHA512", MAC_SHA512}};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (take(reader, names[i].name)) {
            *digest = names[i].digest;
            return true;
        }
    return fail(reader, "SHA1, SHA256 or SHA512");
}

static bool read_form(struct reader *reader, struct ocra_suite *suite)
{
    if (!take(reader, "-"))
        return fail(reader, "'-' and the length of the code");
    suite->form.kind = take(reader, "A") ? PASSCODE_CHARACTERS : PASSCODE_DIGITS;
    const char *number = reader->at;
    if (take_number(reader, 1, 2, &suite->form.length) && *number != '0' &&
        passcode_possible(suite->form, mac_bytes(suite->digest)))
        return true;
    reader->at = number;
    return fail(reader, "a length that the digest has bits for: 4 to 9, 10 to 20 with SHA256 or "
                        "SHA512, or A10 to A20 with them");
}

static bool read_question(struct reader *reader, struct ocra_suite *suite)
{
    static const char *const kinds[] = {"QN", "QA", "QH", "QB"};
    for (int i = 0; i < 4; i++) {
        if (!take(reader, kinds[i]))
            continue;
        unsigned most = i == OCRA_BYTES ? 99 : 64;
        suite->question = (enum ocra_question)i;
        if (take_number(reader, 2, 2, &suite->question_length) && suite->question_length >= 4 &&
            suite->question_length <= most)
            return true;
        return fail(reader, "the question's length as two digits, 04 to 64 (QB: 04 to 99)");
    }
    return fail(reader, "a question: QN, QA, QH or QB, and its length as two digits");
}

static bool read_time(struct reader *reader, struct ocra_suite *suite)
{
    unsigned number;
    if (take_number(reader, 1, 2, &number) && number > 0) {
        if (number <= 59 && take(reader, "S"))
            suite->step_s = number;
        else if (number <= 59 && take(reader, "M"))
            suite->step_s = number * 60;
        else if (number <= 48 && take(reader, "H"))
            suite->step_s = number * 3600;
    }
    return suite->step_s > 0 || fail(reader, "a time step: 1 to 59 S or M, or 1 to 48 H");
}

static bool read_inputs(struct reader *reader, struct ocra_suite *suite)
{
    suite->has_counter = take(reader, "C-");
    if (!read_question(reader, suite))
        return false;
    suite->has_pin = take(reader, "-P");
    if (suite->has_pin && !take_digest(reader, &suite->pin_digest))
        return false;
    if (take(reader, "-S") &&
        (!take_number(reader, 3, 3, &suite->session_bytes) || suite->session_bytes == 0 ||
         suite->session_bytes > OCRA_SESSION_MAX_BYTES))
        return fail(reader, "the session's length as three digits, 001 to 512");
    if (take(reader, "-T") && !read_time(reader, suite))
        return false;
    return *reader->at == '\0' || fail(reader, "the end, or one of -P, -S and -T in this order");
}

bool ocra_parse(const char *text, struct ocra_suite *suite, struct error *error)
{
    struct reader reader = {text, text, error};
    memset(suite, 0, sizeof *suite);
    if (strnlen(text, OCRA_SUITE_BYTES) == OCRA_SUITE_BYTES)
        return error_set(error, "OCRA suite '%.*s...' is too long to be one", OCRA_SUITE_BYTES,
                         text);
    strcpy(suite->text, text);
    if (!take(&reader, "OCRA-1:HOTP-"))
        return fail(&reader, "'OCRA-1:HOTP-'");
    if (!take_digest(&reader, &suite->digest) || !read_form(&reader, suite))
        return false;
    if (!take(&reader, ":"))
        return fail(&reader, "':' and the inputs");
    return read_inputs(&reader, suite);
}

struct ocra_suite ocra_transaction_suite(struct passcode_form form)
{
    char text[OCRA_SUITE_BYTES];
    struct ocra_suite suite;
    struct error error;
    snprintf(text, sizeof text, "OCRA-1:HOTP-SHA256-%s%u:%s",
             form.kind == PASSCODE_CHARACTERS ? "A" : "", form.length, OCRA_TRANSACTION_QUESTION);
    CHECK(ocra_parse(text, &suite, &error));
    return suite;
}
