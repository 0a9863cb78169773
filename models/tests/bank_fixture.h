/*
 * What the tests of the bank share: a bank in memory with one customer, who shows codes at
 * terminals.
 */
#ifndef CASHPOINT_BANK_FIXTURE_H
#define CASHPOINT_BANK_FIXTURE_H

#include "bank/core.h"
#include "otp/hotp.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { MINUTE = 60 };

static const uint64_t mobile = UINT64_C(13000000001), card = UINT64_C(6222020000000001);
static const int64_t opening_minor = 500000, amount_minor = 80000;

struct fixture {
    struct bank *bank;
    struct hotp *hotp;
    uint8_t key[MESSAGE_KEY_BYTES];
    uint32_t trace, permitted; /* the newest transaction, and the newest with a permit */
};

static inline simtime at_minute(double minutes)
{
    return simtime_from_seconds(minutes * MINUTE);
}

static inline struct bank_rules rules(enum bank_defect defect)
{
    return (struct bank_rules){.code_digits = 12,
                               .sms_digits = 6,
                               .tries = 3,
                               .look_ahead = 5,
                               .code_lifetime = at_minute(30),
                               .note_minor = 10000,
                               .daily_limit_minor = 300000,
                               .defect = defect};
}

static inline void open_bank(struct fixture *fixture, enum bank_defect defect)
{
    struct bank_rules with = rules(defect);
    struct error error;
    struct registration registration = {mobile, card, opening_minor, {0}, false};
    fixture->bank = bank_new(&with, (struct stream_key){.seed = 1}, &error);
    fixture->hotp = hotp_new(12);
    fixture->trace = 0;
    assert_non_null(fixture->bank);
    memset(fixture->key, 0x5a, sizeof fixture->key);
    memcpy(registration.token_key, fixture->key, sizeof fixture->key);
    assert_true(bank_register(fixture->bank, &registration));
}

static inline int set_up(void **state)
{
    static struct fixture fixture;
    open_bank(&fixture, BANK_SOUND);
    *state = &fixture;
    return 0;
}

static inline int tear_down(void **state)
{
    struct fixture *fixture = *state;
    bank_free(fixture->bank);
    hotp_free(fixture->hotp);
    return 0;
}

static inline struct reservation_reply reserve_as(struct fixture *fixture, enum scheme scheme,
                                                  int64_t amount, simtime now)
{
    struct reservation_request request = {scheme,   mobile, card,           amount,
                                          "246810", 0,      REQUESTER_PHONE};
    return bank_reserve(fixture->bank, &request, now);
}

static inline struct reservation_reply reserve(struct fixture *fixture, simtime now)
{
    struct reservation_reply reply = reserve_as(fixture, SCHEME_IMAGE_CODE, amount_minor, now);
    assert_int_equal(reply.reason, REASON_NONE);
    return reply;
}

static inline enum reason begin(struct fixture *fixture, simtime now)
{
    struct withdrawal_request request = {SCHEME_IMAGE_CODE, 1, mobile, 0, 0};
    return bank_begin(fixture->bank, &request, now).reason;
}

/* A transaction of its own. */
static inline struct verdict present(struct fixture *fixture, struct presentation *presentation,
                                     simtime now)
{
    presentation->trace = ++fixture->trace;
    struct verdict verdict = bank_present(fixture->bank, presentation, now);
    if (verdict.reason == REASON_NONE)
        fixture->permitted = presentation->trace;
    return verdict;
}

/* Shows the code of the token's counter. */
static inline struct verdict show(struct fixture *fixture, uint64_t reservation, uint64_t counter,
                                  uint32_t terminal, simtime now)
{
    struct presentation presentation = {.reservation = reservation, .terminal = terminal};
    hotp_code(fixture->hotp, fixture->key, sizeof fixture->key, counter, presentation.code);
    return present(fixture, &presentation, now);
}

static inline struct verdict show_text(struct fixture *fixture, uint64_t reservation,
                                       const char *code, simtime now)
{
    struct presentation presentation = {.reservation = reservation, .terminal = 1};
    snprintf(presentation.code, sizeof presentation.code, "%s", code);
    return present(fixture, &presentation, now);
}

static inline bool dispense(struct fixture *fixture, uint64_t reservation, uint32_t terminal,
                            int64_t amount)
{
    struct dispense_report report = {reservation, terminal, fixture->permitted, amount};
    return bank_dispensed(fixture->bank, &report, at_minute(20)) == REASON_NONE;
}

static inline void assert_books(struct fixture *fixture, int64_t balance, int64_t held,
                                int64_t paid)
{
    struct bank_totals totals = bank_audit(fixture->bank);
    assert_int_equal(totals.balance_minor, balance);
    assert_int_equal(totals.held_minor, held);
    assert_int_equal(totals.paid_minor, paid);
    assert_int_equal(totals.opening_minor, opening_minor);
    assert_int_equal(totals.open_minor, held);
    assert_int_equal(totals.payments_minor, paid);
    assert_int_equal(totals.unbalanced, 0);
    assert_int_equal(totals.paid_twice, 0);
}

static inline struct verdict type(struct fixture *fixture, uint64_t reservation, const char *own,
                                  const char *sms)
{
    struct presentation presentation = {.reservation = reservation, .terminal = 1};
    snprintf(presentation.reservation_code, sizeof presentation.reservation_code, "%s", own);
    snprintf(presentation.sms_code, sizeof presentation.sms_code, "%s", sms);
    return present(fixture, &presentation, 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

#endif
