/*
 * The reservation transaction module (303): may this customer reserve, and what is held for it.
 *
 * A customer's requests are numbered upwards, and the newest reservation remembers its request: the
 * same one again is a repetition and gets the same reply, an older one comes too late. (A request
 * that was refused left nothing behind: it is heard anew.)
 */
#include "bank/core.h"

static bool amount_is_payable(const struct bank *bank, int64_t amount_minor)
{
    return amount_minor > 0 && amount_minor <= bank->rules.daily_limit_minor &&
           amount_minor % bank->rules.note_minor == 0;
}

/* A request before its account. */
struct hearing {
    struct bank *bank;
    const struct reservation_request *request;
    const struct withdrawal_request *here; /* the terminal's, where one asks; else null */
    simtime now;
    bool known;                /* there is such an account */
    bool due;                  /* its latest reservation is open still though its time has come */
    bool repeated;             /* the latest was made for this very request */
    struct reservation latest; /* where `due` or `repeated` */
    enum reason reason;
};

static enum reason check_form(const struct bank *bank, const struct reservation_request *request)
{
    if (request->scheme >= SCHEME_COUNT)
        return REASON_WRONG_SCHEME;
    return amount_is_payable(bank, request->amount_minor) ? REASON_NONE : REASON_BAD_AMOUNT;
}

static enum reason check_account(const struct hearing *hearing, const int64_t *account)
{
    const struct reservation_request *request = hearing->request;
    int64_t balance_minor = account[1], day = account[2], drawn_minor = account[3];
    int64_t drawn = day == hearing->now / SIMTIME_DAY ? drawn_minor : 0;
    if ((uint64_t)account[0] != request->card)
        return REASON_CARD_MISMATCH;
    if (balance_minor < request->amount_minor)
        return REASON_FUNDS;
    return drawn + request->amount_minor > hearing->bank->rules.daily_limit_minor
               ? REASON_DAILY_LIMIT
               : REASON_NONE;
}

/* What stands in the column of the reservation code. */
static int64_t first_code(const struct hearing *hearing)
{
    return hearing->here != NULL ? terminal_number(hearing->here->terminal)
                                 : code_number(hearing->request->reservation_code);
}

static bool is_repetition(const struct hearing *hearing, uint64_t card)
{
    const struct reservation_request *request = hearing->request;
    const struct reservation *latest = &hearing->latest;
    return latest->request == request->request && card == request->card &&
           latest->scheme == request->scheme && latest->amount_minor == request->amount_minor &&
           latest->reservation_code == first_code(hearing);
}

/* What the account's latest reservation has to say to the request. */
static enum reason check_latest(struct hearing *hearing, uint64_t card, uint64_t latest)
{
    struct bank *bank = hearing->bank;
    uint64_t number = hearing->request->request;
    if (latest == 0 || !reservation_find(bank, latest, &hearing->latest))
        return REASON_NONE;
    if (number != 0 && number <= hearing->latest.request) {
        hearing->repeated = is_repetition(hearing, card);
        return REASON_OLD_REQUEST;
    }
    bool open = hearing->latest.state == STATE_OPEN;
    hearing->due = open && hearing->now > hearing->latest.expires;
    return open && !hearing->due ? REASON_ALREADY_OPEN : REASON_NONE;
}

/* Of the account's card, balance, day, drawn and latest. */
static bool hear(void *argument, const int64_t *account)
{
    struct hearing *hearing = argument;
    uint64_t card = (uint64_t)account[0], latest = (uint64_t)account[4];
    hearing->known = true;
    hearing->reason = check_latest(hearing, card, latest);
    if (hearing->reason == REASON_NONE)
        hearing->reason = check_form(hearing->bank, hearing->request);
    if (hearing->reason == REASON_NONE)
        hearing->reason = check_account(hearing, account);
    if (hearing->reason == REASON_NONE && hearing->bank->rules.binding == BINDING_CERTIFICATE &&
        hearing->request->scheme == SCHEME_IMAGE_CODE)
        hearing->reason =
            certificates_check(hearing->bank, hearing->request->mobile, card, hearing->now, NULL);
    return hearing->reason == REASON_NONE && !hearing->due;
}

/* Holds the amount on the account for reservation `id`, where the rules allow it: then one row is
 * changed. */
static bool hold(struct hearing *hearing, uint64_t id, int *changed)
{
    const struct reservation_request *request = hearing->request;
    int64_t values[] = {(int64_t)request->mobile, request->amount_minor, hearing->now / SIMTIME_DAY,
                        (int64_t)id};
    return database_run_judged(&hearing->bank->database, SQL_HOLD, values, 4, hear, hearing,
                               changed);
}

/* Under the number after the last; the database refuses one that is taken. */
static bool insert(const struct hearing *hearing, const struct reservation_reply *reply)
{
    const struct reservation_request *request = hearing->request;
    const struct withdrawal_request *here = hearing->here;
    simtime now = hearing->now;
    int64_t values[] = {(int64_t)reply->reservation,
                        (int64_t)request->mobile,
                        request->scheme,
                        request->amount_minor,
                        now / SIMTIME_DAY,
                        reply->expires,
                        first_code(hearing),
                        here != NULL ? (int64_t)here->challenge : code_number(reply->sms_code),
                        (int64_t)request->request};
    return database_run(&hearing->bank->database, SQL_RESERVE, values, 9, NULL);
}

/* A random code of sms_digits digits; the stream's entity is (mobile, time) so that the two schemes
 * and any order of requests draw the same. */
static void draw_sms_code(struct bank *bank, uint64_t mobile, simtime now, char *code)
{
    struct stream_key key = bank->sms_key;
    key.entity = (mobile * UINT64_C(0x9e3779b97f4a7c15) ^ (uint64_t)now) & 0xffffffffffff;
    struct stream stream;
    stream_init(&stream, key);
    for (unsigned i = 0; i < bank->rules.sms_digits; i++)
        code[i] = (char)('0' + stream_below(&stream, 10));
    code[bank->rules.sms_digits] = '\0';
}

static struct reservation_reply same_reply(const struct reservation *latest)
{
    struct reservation_reply reply = {.reservation = latest->id, .expires = latest->expires};
    if (latest->scheme == SCHEME_SMS_CODE)
        code_text(latest->sms_code, reply.sms_code);
    return reply;
}

static enum reason outcome(const struct hearing *hearing)
{
    enum reason form = check_form(hearing->bank, hearing->request);
    return hearing->known ? hearing->reason : form != REASON_NONE ? form : REASON_UNKNOWN_MOBILE;
}

/* Hears and, where the rules allow it, reserves, in one transaction. */
static struct reservation_reply reserve(struct hearing *hearing)
{
    struct bank *bank = hearing->bank;
    const struct reservation_request *request = hearing->request;
    struct reservation_reply reply = {.expires = hearing->now + bank->rules.code_lifetime};
    uint64_t id = bank->reserved + 1;
    int changed = 0;
    bool good = bank_begin_transaction(bank) && hold(hearing, id, &changed);
    if (good && changed == 1) {
        reply.reservation = id;
        if (request->scheme == SCHEME_SMS_CODE)
            draw_sms_code(bank, request->mobile, hearing->now, reply.sms_code);
        good = insert(hearing, &reply);
    }
    if (!bank_end_transaction(bank, good))
        return (struct reservation_reply){.reason = REASON_DATABASE, .expires = reply.expires};
    if (hearing->repeated)
        return same_reply(&hearing->latest);
    if (changed == 1)
        bank->reserved = id;
    reply.reason = outcome(hearing);
    return reply;
}

/* An expiry that is due is booked first, and the hold that this releases counts. */
struct reservation_reply hearing_reserve(struct bank *bank,
                                         const struct reservation_request *request,
                                         const struct withdrawal_request *here, simtime now)
{
    struct hearing hearing = {.bank = bank, .request = request, .here = here, .now = now};
    struct reservation_reply reply = reserve(&hearing);
    if (hearing.due) {
        if (!reservation_release(bank, &hearing.latest, STATE_EXPIRED))
            return (struct reservation_reply){.reason = REASON_DATABASE, .expires = reply.expires};
        hearing = (struct hearing){.bank = bank, .request = request, .here = here, .now = now};
        reply = reserve(&hearing);
    }
    if (bank->rules.audit_each)
        audit_account(bank, request->mobile, reply.reservation);
    return reply;
}

struct reservation_reply bank_reserve(struct bank *bank, const struct reservation_request *request,
                                      simtime now)
{
    return hearing_reserve(bank, request, NULL, now);
}
