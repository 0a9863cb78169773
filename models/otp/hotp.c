#include "otp/hotp.h"

#include "engine/error.h"

#include <stdlib.h>

struct hotp {
    struct passcode_form form;
    struct mac *mac;
};

struct hotp *hotp_new(unsigned digits)
{
    CHECK(digits >= HOTP_MIN_DIGITS && digits <= HOTP_MAX_DIGITS);
    return hotp_new_form((struct passcode_form){PASSCODE_DIGITS, digits},
                         digits >= HOTP_LONG_DIGITS ? MAC_SHA256 : MAC_SHA1);
}

struct hotp *hotp_new_form(struct passcode_form form, enum mac_digest digest)
{
    CHECK(passcode_possible(form, mac_bytes(digest)));
    struct hotp *hotp = calloc(1, sizeof *hotp);
    CHECK(hotp != NULL);
    hotp->form = form;
    hotp->mac = mac_new(digest);
    return hotp;
}

void hotp_free(struct hotp *hotp)
{
    if (hotp == NULL)
        return;
    mac_free(hotp->mac);
    free(hotp);
}

void hotp_code(struct hotp *hotp, const uint8_t *key, size_t key_bytes, uint64_t counter,
               char *code)
{
    uint8_t message[8], mac[MAC_MAX_BYTES];
    for (int i = 0; i < 8; i++)
        message[i] = (uint8_t)(counter >> (56 - 8 * i));
    size_t bytes = mac_compute(hotp->mac, key, key_bytes, message, sizeof message, mac);
    passcode_write(hotp->form, mac, bytes, code);
}

bool hotp_equal(const char *a, const char *b)
{
    return passcode_equal(a, b);
}
