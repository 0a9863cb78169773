/*
 * TOTP: a one-time code from a shared key and the time (RFC 6238).
 *
 * The counter of HOTP is the number of whole steps since the epoch. The bank accepts a window of
 * steps about its own, for the token's clock drifts and people take their time, and never accepts a
 * step that is not later than the last one it accepted (RFC 6238, 5.2: the second attempt must not
 * be accepted).
 */
#ifndef CASHPOINT_TOTP_H
#define CASHPOINT_TOTP_H

#include "otp/hotp.h"

struct totp_rules {
    struct passcode_form form;
    enum mac_digest digest;
    uint32_t step_s;                  /* 30 in RFC 6238; at least 1 */
    unsigned back_steps, ahead_steps; /* the window about the bank's own step */
};

struct totp;
struct totp *totp_new(const struct totp_rules *rules); /* never null */
void totp_free(struct totp *totp);

/* The step that `time_s` (since the epoch, not negative) lies in. */
uint64_t totp_step(const struct totp *totp, int64_t time_s);

/* Writes the code of this moment into `code` (HOTP_TEXT_BYTES). */
void totp_code(struct totp *totp, const uint8_t *key, size_t key_bytes, int64_t time_s, char *code);

enum totp_verdict {
    TOTP_ACCEPTED,
    TOTP_WRONG,   /* the code of no step of the window */
    TOTP_REPLAYED /* the code of a step that is not later than the last accepted one */
};

/* What a bank keeps of a token. */
struct totp_state {
    bool used;          /* whether a code was ever accepted */
    uint64_t last_step; /* of the last accepted code */
};

/* Looks at the bank's own step first, then alternately one back and one ahead. Where it accepts,
 * `state` moves to the code's step; the difference from totp_step() tells the token's drift. */
enum totp_verdict totp_verify(struct totp *totp, const uint8_t *key, size_t key_bytes,
                              int64_t time_s, const char *code, struct totp_state *state);

#endif
