#include "otp/passcode.h"

#include "engine/error.h"

#include <math.h>
#include <openssl/crypto.h>
#include <string.h>

static const char alphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

enum { OFFSET_MAX = 15, CHARACTER_BITS = 5 };

static bool is_long(struct passcode_form form)
{
    return form.length >= PASSCODE_LONG_LENGTH;
}

/* Bytes that are taken at the offset. */
static size_t bytes_taken(struct passcode_form form)
{
    if (form.kind == PASSCODE_CHARACTERS)
        return (form.length * CHARACTER_BITS + 7) / 8;
    return is_long(form) ? 8 : 4;
}

bool passcode_possible(struct passcode_form form, size_t mac_bytes)
{
    unsigned least =
        form.kind == PASSCODE_CHARACTERS ? PASSCODE_LONG_LENGTH : (unsigned)PASSCODE_MIN_LENGTH;
    return form.length >= least && form.length <= PASSCODE_MAX_LENGTH &&
           OFFSET_MAX + bytes_taken(form) <= mac_bytes;
}

static uint64_t big_endian(const uint8_t *bytes, size_t count)
{
    uint64_t value = 0;
    for (size_t i = 0; i < count; i++)
        value = value << 8 | bytes[i];
    return value;
}

static void write_digits(struct passcode_form form, const uint8_t *at, char *text)
{
    uint64_t value = is_long(form) ? big_endian(at, 8) & INT64_MAX : big_endian(at, 4) & INT32_MAX;
    for (unsigned i = form.length; i > 0; i--) {
        text[i - 1] = (char)('0' + value % 10);
        value /= 10;
    }
}

static void write_characters(struct passcode_form form, const uint8_t *at, char *text)
{
    unsigned bits = 0, held = 0;
    for (unsigned i = 0; i < form.length; i++) {
        if (held < CHARACTER_BITS) {
            bits = bits << 8 | *at++;
            held += 8;
        }
        held -= CHARACTER_BITS;
        text[i] = alphabet[bits >> held & 31];
    }
}

void passcode_write(struct passcode_form form, const uint8_t *mac, size_t mac_bytes, char *text)
{
    CHECK(passcode_possible(form, mac_bytes));
    const uint8_t *at = mac + (mac[mac_bytes - 1] & OFFSET_MAX);
    if (form.kind == PASSCODE_CHARACTERS)
        write_characters(form, at, text);
    else
        write_digits(form, at, text);
    text[form.length] = '\0';
}

bool passcode_valid(struct passcode_form form, const char *text)
{
    for (unsigned i = 0; i < form.length; i++) {
        bool digit = text[i] >= '0' && text[i] <= '9';
        bool good = form.kind == PASSCODE_DIGITS
                        ? digit
                        : text[i] != '\0' && strchr(alphabet, text[i]) != NULL;
        if (!good)
            return false;
    }
    return text[form.length] == '\0';
}

double passcode_best_guess(struct passcode_form form)
{
    if (form.kind == PASSCODE_CHARACTERS)
        return ldexp(1.0, -(int)(CHARACTER_BITS * form.length));
    uint64_t values = is_long(form) ? (uint64_t)1 << 63 : (uint64_t)1 << 31, codes = 1;
    for (unsigned i = 0; i < form.length && codes < values; i++)
        codes *= 10;
    return (double)(values / codes + (values % codes != 0)) / (double)values;
}

bool passcode_equal(const char *a, const char *b)
{
    size_t length = strlen(a);
    return length == strlen(b) && CRYPTO_memcmp(a, b, length) == 0;
}
