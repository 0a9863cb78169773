#include "bank_storm.h"

#include "bank_storm_attempt.h"

#include "otp/hotp.h"

#include <stdio.h>
#include <string.h>

enum { CODE_DIGITS = 12 };

static const uint64_t first_mobile = UINT64_C(13000000001), first_card = UINT64_C(6222020000000001);

/* xorshift64* (Vigna 2016): the test's own, so that no draw of the bank's moves it. */
static uint32_t draw(struct storm *storm, uint32_t below)
{
    storm->random ^= storm->random >> 12;
    storm->random ^= storm->random << 25;
    storm->random ^= storm->random >> 27;
    return (uint32_t)((storm->random * UINT64_C(0x2545f4914f6cdd1d)) >> 33) % below;
}

static bool chance(struct storm *storm, uint32_t percent)
{
    return draw(storm, 100) < percent;
}

struct bank_rules storm_rules(enum bank_defect defect)
{
    return (struct bank_rules){.code_digits = CODE_DIGITS,
                               .sms_digits = 6,
                               .tries = STORM_TRIES,
                               .look_ahead = 60,
                               .code_lifetime = 1800 * SIMTIME_SECOND,
                               .note_minor = 10000,
                               .daily_limit_minor = INT64_C(1000000000),
                               .audit_each = true,
                               .defect = defect};
}

void storm_init(struct storm *storm, uint64_t seed)
{
    memset(storm, 0, sizeof *storm);
    storm->random = seed * UINT64_C(0x9e3779b97f4a7c15) | 1;
    for (int i = 0; i < 4; i++)
        draw(storm, 2);
}

static bool has_token(uint32_t customer)
{
    return customer % 3 == 0;
}

static void token_key(uint32_t customer, uint8_t key[MESSAGE_KEY_BYTES])
{
    memset(key, (int)customer + 1, MESSAGE_KEY_BYTES);
}

void storm_enrol(struct storm *storm, struct bank *bank)
{
    for (uint32_t i = 0; i < STORM_CUSTOMERS; i++) {
        struct registration registration = {.mobile = first_mobile + i,
                                            .card = first_card + i,
                                            .opening_minor = INT64_C(1000000000000),
                                            .without_token = !has_token(i)};
        token_key(i, registration.token_key);
        if (!bank_is_registered(bank, first_mobile + i))
            bank_register(bank, &registration);
    }
    (void)storm;
    bank_add_merchant(bank, 1); /* of STORM_TERMINALS one is a POS */
}

/* ---- customers ---- */

/* The code that belongs to the reservation: from the token, or out of the SMS. */
static void take_code(struct storm *storm, uint32_t index)
{
    struct storm_customer *customer = &storm->customers[index];
    uint8_t key[MESSAGE_KEY_BYTES];
    token_key(index, key);
    if (has_token(index)) {
        struct hotp *hotp = hotp_new(CODE_DIGITS);
        hotp_code(hotp, key, sizeof key, customer->counter++, customer->code);
        hotp_free(hotp);
    } else {
        memcpy(customer->code, customer->reply.sms_code, sizeof customer->reply.sms_code);
    }
}

static bool hear_reply(struct storm *storm, uint32_t index, struct reservation_reply reply,
                       struct error *error)
{
    struct storm_customer *customer = &storm->customers[index];
    const char *name = "the same request had another reply before";
    if (reply.reason == REASON_DATABASE)
        return storm->disk_may_fail || error_set(error, "a reservation fails");
    if (reply.reason == REASON_OLD_REQUEST)
        return error_set(error, "the newest request of customer %u is called old", index);
    if (customer->held == customer->request.request)
        return (reply.reason == REASON_NONE && reply.reservation == customer->reply.reservation &&
                strcmp(reply.sms_code, customer->reply.sms_code) == 0) ||
               error_set(error, "customer %u: %s", index, name);
    customer->answered = customer->sent;
    if (reply.reason != REASON_NONE)
        return true;
    customer->held = customer->sent;
    customer->held_minor = customer->request.amount_minor;
    customer->reply = reply;
    storm_fact_of(storm, reply.reservation)->expires = reply.expires;
    take_code(storm, index);
    return true;
}

static bool send_request(struct storm *storm, struct bank *bank, uint32_t index, bool reply_lost,
                         struct error *error)
{
    struct storm_customer *customer = &storm->customers[index];
    struct reservation_reply reply = bank_reserve(bank, &customer->request, storm->now);
    return reply_lost || hear_reply(storm, index, reply, error);
}

/* A new request, or the last one again. */
static bool reserve(struct storm *storm, struct bank *bank, struct error *error)
{
    uint32_t index = draw(storm, STORM_CUSTOMERS);
    struct storm_customer *customer = &storm->customers[index];
    if (customer->sent == customer->answered && (customer->sent == 0 || chance(storm, 80))) {
        customer->request = (struct reservation_request){
            .scheme = has_token(index) ? SCHEME_IMAGE_CODE : SCHEME_SMS_CODE,
            .mobile = first_mobile + index,
            .card = first_card + index,
            .amount_minor = 10000 * (1 + (int64_t)draw(storm, 20)),
            .reservation_code = "246810",
            .request = customer->sent + 1};
        customer->sent++;
    }
    return send_request(storm, bank, index, chance(storm, 20), error);
}

/* ---- at the terminals ---- */

static void begin(struct storm *storm, struct storm_attempt *attempt, uint32_t index)
{
    const struct storm_customer *customer = &storm->customers[index];
    uint32_t terminal = draw(storm, STORM_TERMINALS);
    *attempt = (struct storm_attempt){.presentation = {.reservation = customer->reply.reservation,
                                                       .terminal = terminal,
                                                       .trace = ++storm->terminals[terminal].trace},
                                      .amount_minor = customer->held_minor,
                                      .phase = PHASE_ASKED,
                                      .right = chance(storm, index % 4 == 1 ? 30 : 92)};
    struct presentation *shown = &attempt->presentation;
    if (has_token(index)) {
        memcpy(shown->code, attempt->right ? customer->code : "000000000000", CODE_DIGITS + 1);
    } else {
        memcpy(shown->reservation_code, "246810", 7);
        memcpy(shown->sms_code, customer->code, 7);
        if (!attempt->right)
            shown->sms_code[5] = (char)('0' + (shown->sms_code[5] - '0' + 1) % 10);
    }
}

/* Somebody shows the customer's code, or guesses. A place is taken over when what was there has
 * come to its end. */
static bool present(struct storm *storm, struct bank *bank, struct error *error)
{
    struct storm_attempt *attempt = &storm->attempts[draw(storm, STORM_ATTEMPTS)];
    uint32_t index = draw(storm, STORM_CUSTOMERS);
    if (!attempt_end(storm, bank, attempt, error))
        return false;
    bool over = attempt->phase == PHASE_FREE || attempt->phase == PHASE_CLOSED;
    if (over && storm->customers[index].held != 0)
        begin(storm, attempt, index);
    return true;
}

/* One of the messages that were ever sent arrives, or a terminal does something of its own. */
static bool proceed(struct storm *storm, struct bank *bank, struct storm_attempt *attempt,
                    struct error *error)
{
    bool lost = chance(storm, 30);
    switch (draw(storm, 5)) {
    case 0:
    case 1:
        return attempt->phase == PHASE_FREE || attempt_present(storm, bank, attempt, lost, error);
    case 2:
        if (attempt->out)
            return attempt_advise(storm, bank, attempt, lost, error);
        return !attempt->reversing || attempt_reverse(storm, bank, attempt, lost, error);
    case 3:
        return attempt->phase != PHASE_SEEN || attempt_pay_out(storm, attempt, error);
    default:
        if ((attempt->phase == PHASE_ASKED || attempt->phase == PHASE_SEEN) && chance(storm, 30)) {
            attempt->phase = PHASE_REVERSING;
            attempt->reversing = true;
        }
        return true;
    }
}

/* ---- the end of the day ---- */

/* Up to which transaction of the terminal no permit can still lead to notes. */
static uint32_t over_through(const struct storm *storm, uint32_t terminal)
{
    uint32_t through = storm->terminals[terminal].trace;
    for (int i = 0; i < STORM_ATTEMPTS; i++) {
        const struct storm_attempt *attempt = &storm->attempts[i];
        bool open = attempt->phase == PHASE_ASKED || attempt->phase == PHASE_SEEN;
        if (open && attempt->presentation.terminal == terminal &&
            attempt->presentation.trace <= through)
            through = attempt->presentation.trace - 1;
    }
    return through;
}

static bool reconcile(struct storm *storm, struct bank *bank, struct error *error)
{
    struct dispenser_journal journals[STORM_TERMINALS];
    for (uint32_t i = 0; i < STORM_TERMINALS; i++)
        journals[i] = (struct dispenser_journal){
            i, over_through(storm, i), storm->terminals[i].journal, storm->terminals[i].paid};
    struct reconciliation result = bank_reconcile(bank, journals, STORM_TERMINALS, storm->now);
    if (result.reason == REASON_DATABASE)
        return storm->disk_may_fail || error_set(error, "the reconciliation fails");
    if (result.missing != 0 || result.strays != 0)
        return error_set(error, "reconciled: %llu missing, %llu strays",
                         (unsigned long long)result.missing, (unsigned long long)result.strays);
    for (uint32_t i = 0; i < STORM_TERMINALS; i++) {
        struct storm_terminal *terminal = &storm->terminals[i];
        uint32_t kept = 0;
        for (uint32_t j = 0; j < terminal->paid; j++)
            if (terminal->journal[j].trace > journals[i].through)
                terminal->journal[kept++] = terminal->journal[j];
        terminal->paid = kept;
    }
    return true;
}

static bool check_books(struct storm *storm, struct bank *bank, struct error *error)
{
    struct bank_totals totals = bank_audit(bank);
    if (!bank_totals_check(&totals, error))
        return false;
    if (totals.strays > 0)
        return error_set(error, "%llu strays", (unsigned long long)totals.strays);
    return (totals.payments <= storm->outs && totals.payments >= storm->booked) ||
           error_set(error, "%llu payments, but %llu paid out and %llu acknowledged",
                     (unsigned long long)totals.payments, (unsigned long long)storm->outs,
                     (unsigned long long)storm->booked);
}

static bool happen(struct storm *storm, struct bank *bank, struct error *error)
{
    uint32_t what = draw(storm, 1000);
    if (what < 150)
        return reserve(storm, bank, error);
    if (what < 220)
        return present(storm, bank, error);
    if (what < 222)
        return bank_expire(bank, storm->now), true;
    if (what < 223)
        return storm->now += SIMTIME_HOUR, true;
    if (what < 228)
        return reconcile(storm, bank, error);
    if (what < 233)
        return check_books(storm, bank, error);
    return proceed(storm, bank, &storm->attempts[draw(storm, STORM_ATTEMPTS)], error);
}

bool storm_step(struct storm *storm, struct bank *bank, struct error *error)
{
    storm->steps++;
    storm->now += draw(storm, 4) * SIMTIME_SECOND;
    if (!happen(storm, bank, error))
        return false;
    struct bank_breach found = bank_breach(bank);
    return found.mobile == 0 || error_set(error, "reservation %llu: the account does not add up",
                                          (unsigned long long)found.reservation);
}

/* The reservation is there, and its reply is the same as ever. */
static bool check_customer(struct storm *storm, struct bank *bank, uint32_t index,
                           struct error *error)
{
    struct storm_customer *customer = &storm->customers[index];
    if (customer->held == 0)
        return true;
    struct withdrawal_request request = {.scheme = customer->request.scheme,
                                         .mobile = customer->request.mobile};
    struct capture_order order = bank_begin(bank, &request, storm->now);
    if (order.reservation < customer->reply.reservation)
        return error_set(error, "reservation %llu is lost",
                         (unsigned long long)customer->reply.reservation);
    return customer->held != customer->request.request ||
           send_request(storm, bank, index, false, error);
}

/* Somebody with a photograph of the code is the first to come after a restart. */
static bool check_used(struct storm *storm, struct bank *bank, const struct storm_attempt *attempt,
                       struct error *error)
{
    struct storm_attempt other = *attempt;
    other.presentation.terminal = STORM_TERMINALS;
    other.presentation.trace = (uint32_t)storm->steps;
    return !attempt->heard || attempt->first != REASON_NONE ||
           bank_present(bank, &other.presentation, storm->now).reason != REASON_NONE ||
           attempt_breach(attempt, error, "permitted, and then another transaction");
}

bool storm_check(struct storm *storm, struct bank *bank, struct error *error)
{
    if (!check_books(storm, bank, error))
        return false;
    for (uint32_t i = 0; i < STORM_CUSTOMERS; i++)
        if (!check_customer(storm, bank, i, error))
            return false;
    for (int i = 0; i < STORM_ATTEMPTS; i++) {
        struct storm_attempt *attempt = &storm->attempts[i];
        if (!check_used(storm, bank, attempt, error) ||
            (attempt->heard && !attempt_present(storm, bank, attempt, true, error)) ||
            (attempt->reversed && !attempt_reverse(storm, bank, attempt, true, error)) ||
            (attempt->booked && !attempt_advise(storm, bank, attempt, true, error)))
            return false;
    }
    return check_books(storm, bank, error);
}

bool storm_finish(struct storm *storm, struct bank *bank, struct error *error)
{
    for (int i = 0; i < STORM_ATTEMPTS; i++)
        if (!attempt_end(storm, bank, &storm->attempts[i], error))
            return false;
    storm->now += SIMTIME_HOUR;
    bank_expire(bank, storm->now);
    if (!reconcile(storm, bank, error) || !storm_check(storm, bank, error))
        return false;
    bank_expire(bank, storm->now + SIMTIME_HOUR);
    struct bank_totals totals = bank_audit(bank);
    return (totals.payments == storm->outs && totals.payments_minor == storm->out_minor &&
            totals.held_minor == 0) ||
           error_set(error, "%llu payments of %lld fen and %lld held at the end, %llu of %lld out",
                     (unsigned long long)totals.payments, (long long)totals.payments_minor,
                     (long long)totals.held_minor, (unsigned long long)storm->outs,
                     (long long)storm->out_minor);
}
