/*
 * Messages: every structure that crosses from one party to another, and the reasons they give.
 *
 * The bank, the token, the terminal, the phone and the people know each other by these alone: none
 * of their headers includes another's. What comes in a message is bad input until it is checked.
 * Amounts are in minor units (fen). Times are simulated.
 *
 * A message may be lost, come twice, or come late; whoever hears no answer sends it again as it
 * was. So that the bank can tell a repetition from a new attempt, each carries a number of its
 * sender's: a terminal numbers its attempts to withdraw (`trace`), and (reservation, terminal,
 * trace) names one transaction from its presentation to its end; a network terminal numbers its
 * requests.
 */
#ifndef CASHPOINT_MESSAGE_H
#define CASHPOINT_MESSAGE_H

#include "engine/simtime.h"

#include <stdbool.h>
#include <stddef.h>

enum {
    MESSAGE_MOBILE_DIGITS = 11,
    MESSAGE_CODE_BYTES = 133, /* the most that an image holds, and a zero */
    MESSAGE_KEY_BYTES = 32,
    MESSAGE_PUBLIC_KEY_BYTES = 65,
    MESSAGE_DIGITS_BYTES = 17
};

enum scheme { SCHEME_SMS_CODE, SCHEME_IMAGE_CODE, SCHEME_COUNT };

/* X-macro: reason, name in records, what the person concerned would be told. A bank's file keeps
 * their numbers: add at the end. */
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
    X(REASON_DATABASE, "database", "the bank's database refused the transaction")                 \
    X(REASON_REVERSED, "reversed", "the withdrawal was taken back: reserve again")                \
    X(REASON_WRONG_AMOUNT, "wrong-amount", "the amount is not the one that was reserved")         \
    X(REASON_OLD_REQUEST, "old-request", "a newer request of this customer has been heard")       \
    X(REASON_NO_PERMIT, "no-permit", "what was paid out or taken back fits no permit")            \
    X(REASON_BUSY, "bank-busy", "the bank has too much to do: try again later")                   \
    X(REASON_NO_ANSWER, "no-answer", "the bank does not answer")                                  \
    X(REASON_TERMINAL, "terminal-failed", "the machine has failed")                               \
    X(REASON_REPLAYED_CODE, "replayed-code", "the code has been accepted once already")           \
    X(REASON_MALFORMED_CODE, "malformed-code", "the code is no signed transaction")               \
    X(REASON_ALTERED, "altered", "the transaction was altered after it was signed")               \
    X(REASON_WRONG_KEY, "wrong-key", "the transaction was not signed by this customer's token")   \
    X(REASON_WRONG_MOBILE, "wrong-mobile", "the code was made for another mobile number")         \
    X(REASON_WRONG_EXPIRY, "wrong-expiry", "the code was made for another time of expiry")        \
    X(REASON_WRONG_TERMINAL, "wrong-terminal", "the code was made for another machine")           \
    X(REASON_WRONG_CHALLENGE, "wrong-challenge", "the code was made for another challenge")       \
    X(REASON_CERTIFICATE_EXPIRED, "certificate-expired", "the token's certificate has expired")   \
    X(REASON_CERTIFICATE_EARLY, "certificate-not-yet-valid", "it is not valid yet")               \
    X(REASON_CERTIFICATE_REVOKED, "certificate-revoked", "the token was reported lost")           \
    X(REASON_CERTIFICATE_SUBJECT, "certificate-wrong-subject", "it names another card or number") \
    X(REASON_CERTIFICATE_INVALID, "certificate-invalid", "no valid certificate of the bank's")    \
    X(REASON_NO_LIST, "no-revocation-list", "the list of revoked certificates is out of date")    \
    X(REASON_NOT_CONFIRMED, "not-confirmed",                                                      \
      "the token showed another transaction: not confirmed")                                      \
    X(REASON_TILL, "till-too-low", "the merchant's till does not hold the amount")                \
    X(REASON_NO_NOTES, "no-notes", "the machine has no notes left that make the amount")

enum reason {
#define X(reason, name, text) reason,
    REASONS(X)
#undef X
        REASON_COUNT
};

/* X-macro: what a token makes in the image-code scheme, its name in scenarios, what it is. */
#define CODE_KINDS(X)                                                              \
    X(CODE_HOTP, "hotp", "a one-time code of a counter: otp/hotp.h")               \
    X(CODE_TOTP, "totp", "a one-time code of the time: otp/totp.h")                \
    X(CODE_OCRA, "ocra", "a one-time code of the transaction: otp/ocra.h")         \
    X(CODE_ECDSA, "ecdsa", "the transaction, signed by ECDSA: signature/signed.h") \
    X(CODE_SM2, "sm2", "the same, by SM2 with SM3")                                \
    X(CODE_ED25519, "ed25519", "the same, by Ed25519")

enum code_kind {
#define X(kind, name, text) kind,
    CODE_KINDS(X)
#undef X
        CODE_KIND_COUNT
};

/* A signature carries the transaction; a one-time code is nothing but a code. */
static inline bool code_is_signature(enum code_kind kind)
{
    return kind >= CODE_ECDSA;
}

/* A code that is not the right one: counted, and after the last the reservation is locked. */
static inline bool reason_is_wrong_try(enum reason reason)
{
    return reason == REASON_WRONG_CODE || reason == REASON_STALE_CODE ||
           reason == REASON_WRONG_RESERVATION_CODE || reason == REASON_WRONG_SMS_CODE ||
           reason == REASON_REPLAYED_CODE || reason == REASON_MALFORMED_CODE ||
           reason == REASON_ALTERED || reason == REASON_WRONG_KEY;
}

/* The bank's own books open an account: what enrolment binds together. */
struct registration {
    uint64_t mobile; /* 11 digits */
    uint64_t card;   /* 16 digits */
    int64_t opening_minor;
    uint8_t token_key[MESSAGE_KEY_BYTES];
    bool without_token; /* sms-code: there is no key to keep */
};

/* What the bank's authority certifies when a token is handed out: that this key is this customer's.
 */
struct certification {
    uint64_t mobile;
    uint8_t public_key[MESSAGE_PUBLIC_KEY_BYTES];
    size_t public_bytes;
    simtime not_before, not_after;
};

/* Who asks to reserve: each numbers its requests by itself. */
enum requester { REQUESTER_PHONE, REQUESTER_COMPUTER, REQUESTER_TERMINAL, REQUESTER_COUNT };

/* Network terminal -> bank. */
struct reservation_request {
    enum scheme scheme;
    uint64_t mobile, card;
    int64_t amount_minor;
    char reservation_code[MESSAGE_DIGITS_BYTES]; /* sms-code: of the customer's own choice */
    uint64_t request; /* the same in a repetition, larger in this requester's next request for the
                       * customer (a clock will do); 0: not numbered, each is a new one */
    enum requester requester;
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
    int64_t amount_minor; /* to be reserved here and now; 0: it was reserved ahead */
    uint64_t challenge;   /* then the terminal's, of this session: a clock, then chance, so that a
                           * later one is larger; never 0, below 2^63 */
};

/* Bank -> terminal: take a shot of the code (or ask for the codes), or refuse. */
struct capture_order {
    enum reason reason;
    uint64_t reservation;
    simtime expires;
    int64_t amount_minor; /* for main control: can it be paid here? */
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
    uint32_t terminal, trace;
    int64_t amount_minor;                        /* as the terminal shows it; 0: not named */
    uint64_t card;                               /* as the terminal has it; 0: not named */
    enum recognition recognition;                /* image-code */
    char code[MESSAGE_CODE_BYTES];               /* image-code: what the picture says */
    unsigned code_bytes;                         /* so many bytes of it; 0: it is text */
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
    uint32_t terminal, trace;
    int64_t amount_minor;
};

/* Terminal -> bank: I gave this transaction up; no notes came out, and none will. */
struct reversal_request {
    uint64_t reservation;
    uint32_t terminal, trace;
};

/* Terminal -> bank at the end of the day: all that the dispenser's counter saw since the last. */
struct dispenser_journal {
    uint32_t terminal, through;            /* transactions with a larger trace are not over yet */
    const struct dispense_report *entries; /* paid out: in any order, each once */
    size_t count;
};

/* When a run begins, in seconds since 1970: 1 January 2026. */
#define MESSAGE_EPOCH_S INT64_C(1767225600)

/* Simulated time on the clock of a token or of the bank. */
static inline int64_t message_clock_s(simtime now)
{
    return MESSAGE_EPOCH_S + now / SIMTIME_SECOND;
}

/* A transaction as one number; a terminal's lie side by side, in the order of their traces. */
static inline int64_t message_transaction(uint32_t terminal, uint32_t trace)
{
    return (int64_t)((uint64_t)terminal << 32 | trace);
}

#endif
