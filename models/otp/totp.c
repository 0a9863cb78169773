#include "otp/totp.h"

#include "engine/error.h"

#include <stdlib.h>

struct totp {
    struct totp_rules rules;
    struct hotp *hotp;
};

struct totp *totp_new(const struct totp_rules *rules)
{
    CHECK(rules->step_s > 0);
    struct totp *totp = calloc(1, sizeof *totp);
    CHECK(totp != NULL);
    totp->rules = *rules;
    totp->hotp = hotp_new_form(rules->form, rules->digest);
    return totp;
}

void totp_free(struct totp *totp)
{
    if (totp == NULL)
        return;
    hotp_free(totp->hotp);
    free(totp);
}

uint64_t totp_step(const struct totp *totp, int64_t time_s)
{
    CHECK(time_s >= 0);
    return (uint64_t)time_s / totp->rules.step_s;
}

void totp_code(struct totp *totp, const uint8_t *key, size_t key_bytes, int64_t time_s, char *code)
{
    hotp_code(totp->hotp, key, key_bytes, totp_step(totp, time_s), code);
}

static bool is_code_of(struct totp *totp, const uint8_t *key, size_t key_bytes, uint64_t step,
                       const char *code)
{
    char expected[HOTP_TEXT_BYTES];
    hotp_code(totp->hotp, key, key_bytes, step, expected);
    return passcode_equal(expected, code);
}

/* True where `code` belongs to a step of the window; `*step` receives which. */
static bool find_step(struct totp *totp, const uint8_t *key, size_t key_bytes, uint64_t now,
                      const char *code, uint64_t *step)
{
    const struct totp_rules *rules = &totp->rules;
    unsigned most = rules->back_steps > rules->ahead_steps ? rules->back_steps : rules->ahead_steps;
    for (uint64_t away = 0; away <= most; away++) {
        *step = now - away;
        if (away <= rules->back_steps && away <= now &&
            is_code_of(totp, key, key_bytes, *step, code))
            return true;
        *step = now + away;
        if (away > 0 && away <= rules->ahead_steps && is_code_of(totp, key, key_bytes, *step, code))
            return true;
    }
    return false;
}

enum totp_verdict totp_verify(struct totp *totp, const uint8_t *key, size_t key_bytes,
                              int64_t time_s, const char *code, struct totp_state *state)
{
    uint64_t step;
    if (!passcode_valid(totp->rules.form, code) ||
        !find_step(totp, key, key_bytes, totp_step(totp, time_s), code, &step))
        return TOTP_WRONG;
    if (state->used && step <= state->last_step)
        return TOTP_REPLAYED;
    *state = (struct totp_state){.used = true, .last_step = step};
    return TOTP_ACCEPTED;
}
