/*
 * Messages: every structure that crosses from one party to another, and the reasons they give.
 *
 * The bank, the token, the terminal, the phone and the people know each other by these alone: none
 * of their headers includes another's. What comes in a message is bad input until it is checked.
 * Amounts are in minor units (fen). Times are simulated.
 */
#ifndef CASHPOINT_MESSAGE_H
#define CASHPOINT_MESSAGE_H

#include "engine/simtime.h"

#include <stdbool.h>

enum {
    MESSAGE_MOBILE_DIGITS = 11,
    MESSAGE_CODE_BYTES = 64,
    MESSAGE_KEY_BYTES = 32,
    MESSAGE_DIGITS_BYTES = 17
};

enum scheme { SCHEME_SMS_CODE, SCHEME_IMAGE_CODE, SCHEME_COUNT };

/* X-macro: reason, name in records, what the person concerned would be told. */
#define REASONS(X)                         \
    X(REASON_NONE, "accepted", "accepted") \
    REFUSALS(X)

#define REFUSALS(X)                                                                               \
    X(REASON_UNKNOWN_MOBILE, "unknown-mobile", "no account is registered for this mobile number") \
    X(REASON_CARD_MISMATCH, "card-mismatch", "the card does not belong to this mobile number")    \
    X(REASON_BAD_AMOUNT, "bad-amount", "the amount is not one the bank pays out")                 \
    X(REASON_ALREADY_OPEN, "reservation-open", "another reservation is still open")               \
    X(REASON_FUNDS, "insufficient-funds", "the balance does not cover the amount")                \
    X(REASON_DAILY_LIMIT, "daily-limit", "the day's limit would be exceeded")                     \
    X(REASON_NO_RESERVATION, "no-reservation", "there is no reservation for this mobile number")  \
    X(REASON_EXPIRED, "expired", "the reservation has expired")                                   \
    X(REASON_LOCKED, "locked", "too many wrong tries: the reservation is locked")                 \
    X(REASON_USED, "already-used", "the reservation has been used already")                       \
    X(REASON_WRONG_SCHEME, "wrong-scheme", "the reservation is redeemed in another way")          \
    X(REASON_NO_SYMBOL, "no-symbol", "no code was found in the picture")                          \
    X(REASON_BAD_SYMBOL, "bad-symbol", "a code was found, but not one the bank issues")           \
    X(REASON_AMBIGUOUS, "ambiguous", "two different codes were found in the picture")             \
    X(REASON_WRONG_CODE, "wrong-code", "the code is not the one expected")                        \
    X(REASON_STALE_CODE, "stale-code", "the code belongs to an earlier reservation")              \
    X(REASON_WRONG_RESERVATION_CODE, "wrong-reservation-code", "the reservation code is wrong")   \
    X(REASON_WRONG_SMS_CODE, "wrong-sms-code", "the SMS code is wrong")                           \
    X(REASON_DATABASE, "database", "the bank's database refused the transaction")

enum reason {
#define X(reason, name, text) reason,
    REASONS(X)
#undef X
        REASON_COUNT
};

/* The bank's own books open an account: what enrolment binds together. */
struct registration {
    uint64_t mobile; /* 11 digits */
    uint64_t card;   /* 16 digits */
    int64_t opening_minor;
    uint8_t token_key[MESSAGE_KEY_BYTES];
    bool without_token; /* sms-code: there is no key to keep */
};

/* Network terminal -> bank. */
struct reservation_request {
    enum scheme scheme;
    uint64_t mobile, card;
    int64_t amount_minor;
    char reservation_code[MESSAGE_DIGITS_BYTES]; /* sms-code: of the customer's own choice */
};

/* Bank -> network terminal; the SMS goes to the phone only. */
struct reservation_reply {
    enum reason reason;
    uint64_t reservation;
    simtime expires;
    char sms_code[MESSAGE_DIGITS_BYTES]; /* sms-code */
};

/* Terminal -> bank: "reserved withdrawal" was chosen and a mobile number entered. */
struct withdrawal_request {
    enum scheme scheme;
    uint32_t terminal;
    uint64_t mobile;
};

/* Bank -> terminal: take a shot of the code (or ask for the codes), or refuse. */
struct capture_order {
    enum reason reason;
    uint64_t reservation;
};

/* What image recognition made of the terminal's frame. */
enum recognition {
    RECOGNITION_READ,
    RECOGNITION_NOTHING,
    RECOGNITION_FOREIGN,
    RECOGNITION_AMBIGUOUS
};

/* Terminal -> bank: the picture (already recognised by the bank's decoder), or the typed codes. */
struct presentation {
    uint64_t reservation;
    uint32_t terminal;
    enum recognition recognition;                /* image-code */
    char code[MESSAGE_CODE_BYTES];               /* image-code: the string in the picture */
    char reservation_code[MESSAGE_DIGITS_BYTES]; /* sms-code */
    char sms_code[MESSAGE_DIGITS_BYTES];         /* sms-code */
};

/* Bank -> terminal. */
struct verdict {
    enum reason reason; /* REASON_NONE: permit */
    bool final;         /* refused for good: another try makes no sense */
    int64_t amount_minor;
};

/* Terminal -> bank: the dispenser's counter went up. */
struct dispense_report {
    uint64_t reservation;
    uint32_t terminal;
    int64_t amount_minor;
};

#endif
