/*
 * The reservation transaction module (303): may this customer reserve, and what is held for it.
 *
 * A customer's requests are numbered upwards, on the phone, on the computer and at terminals each:
 * the same one again is a repetition and gets the same reply, an older one comes too late. The
 * newest reservation remembers its request. What it cannot tell is in the table `heard`, of one row
 * a requester: a request that was refused, which stays so though there is money now; and the last
 * one of the phone when the newest reservation was made elsewhere. An account says whether it has
 * any: of nearly all there is none, and nothing is looked up.
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
    bool stands;               /* the reason is what was said to this request before */
    struct reservation latest; /* id 0: none */
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

static int64_t terminal_of(const struct hearing *hearing)
{
    return hearing->here != NULL ? (int64_t)hearing->here->terminal : -1;
}

static bool is_repetition(const struct hearing *hearing, uint64_t card)
{
    const struct reservation_request *request = hearing->request;
    const struct reservation *latest = &hearing->latest;
    return latest->request == request->request && card == request->card &&
           latest->scheme == request->scheme && latest->amount_minor == request->amount_minor &&
           latest->reservation_code == code_number(request->reservation_code) &&
           latest->terminal == terminal_of(hearing);
}

/* The newest request of this requester's that `heard` knows of: its number, and why it was refused;
 * 0 where there is none. */
static uint64_t last_heard(const struct hearing *hearing, enum reason *why)
{
    const struct reservation_request *request = hearing->request;
    struct database *database = &hearing->bank->database;
    int64_t key[] = {(int64_t)request->mobile, request->requester};
    uint64_t number = 0;
    if (database_row(database, SQL_HEARD, key, 2)) {
        number = (uint64_t)database_column(database, SQL_HEARD, 0);
        *why = (enum reason)database_column(database, SQL_HEARD, 1);
    }
    sqlite3_reset(database->statements[SQL_HEARD]);
    return number;
}

/* Of a request that is not the latest reservation's. */
static enum reason check_heard(struct hearing *hearing)
{
    enum reason why = REASON_NONE;
    uint64_t number = hearing->request->request, last = last_heard(hearing, &why);
    hearing->stands = number == last && why != REASON_NONE;
    if (hearing->stands)
        return why;
    return number <= last ? REASON_OLD_REQUEST : REASON_NONE;
}

/* Was it heard before, or a newer one? `remembers`: of the account's, whether to look. */
static enum reason check_number(struct hearing *hearing, uint64_t card, bool remembers)
{
    const struct reservation_request *request = hearing->request;
    const struct reservation *latest = &hearing->latest;
    bool same = latest->id != 0 && latest->requester == request->requester;
    if (request->request == 0)
        return REASON_NONE;
    if (same && request->request == latest->request) {
        hearing->repeated = is_repetition(hearing, card);
        return REASON_OLD_REQUEST;
    }
    enum reason reason = remembers ? check_heard(hearing) : REASON_NONE;
    bool old = same && request->request < latest->request;
    return reason == REASON_NONE && old ? REASON_OLD_REQUEST : reason;
}

/* What the account's latest reservation has to say to the request. */
static enum reason check_latest(struct hearing *hearing, uint64_t card, uint64_t latest,
                                bool remembers)
{
    if (latest != 0 && !reservation_find(hearing->bank, latest, &hearing->latest))
        return REASON_DATABASE;
    enum reason reason = check_number(hearing, card, remembers);
    if (reason != REASON_NONE || latest == 0)
        return reason;
    bool open = hearing->latest.state == STATE_OPEN;
    hearing->due = open && hearing->now > hearing->latest.expires;
    return open && !hearing->due ? REASON_ALREADY_OPEN : REASON_NONE;
}

/* Of the account's card, balance, day, drawn, latest and heard. */
static bool hear(void *argument, const int64_t *account)
{
    struct hearing *hearing = argument;
    uint64_t card = (uint64_t)account[0], latest = (uint64_t)account[4];
    hearing->known = true;
    hearing->reason = check_latest(hearing, card, latest, account[5] != 0);
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

static bool remember(const struct hearing *hearing, enum requester requester, uint64_t number,
                     enum reason reason)
{
    struct database *database = &hearing->bank->database;
    int64_t row[] = {(int64_t)hearing->request->mobile, requester, (int64_t)number, reason};
    return number == 0 || (database_run(database, SQL_REMEMBER, row, 4, NULL) &&
                           database_run(database, SQL_REMEMBERS, row, 1, NULL));
}

/* Could the same request be heard otherwise later? Malformed ones stay what they are; and nobody's
 * wrong card is to move the customer's numbers. */
static bool may_change(enum reason reason)
{
    return reason == REASON_ALREADY_OPEN || reason == REASON_FUNDS ||
           reason == REASON_DAILY_LIMIT || certificates_are_why(reason);
}

/* What the reservations will not tell: a refusal, or that another requester's is no more the latest
 * one. */
static bool remember_what_is_lost(const struct hearing *hearing, bool reserved)
{
    const struct reservation_request *request = hearing->request;
    const struct reservation *latest = &hearing->latest;
    bool refused = !reserved && hearing->known && !hearing->due && !hearing->stands &&
                   may_change(hearing->reason);
    if (refused)
        return remember(hearing, request->requester, request->request, hearing->reason);
    bool supersedes = reserved && latest->id != 0 && latest->requester != request->requester;
    return !supersedes || remember(hearing, latest->requester, latest->request, REASON_NONE);
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
                        code_number(request->reservation_code),
                        code_number(reply->sms_code),
                        (int64_t)request->request,
                        request->requester,
                        terminal_of(hearing),
                        here != NULL ? (int64_t)here->challenge : 0};
    return database_run(&hearing->bank->database, SQL_RESERVE, values, 12, NULL);
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
    good = good && remember_what_is_lost(hearing, changed == 1);
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
