#include "exchange.h"

#include "parts.h"

#include <stdlib.h>
#include <string.h>

/* --- the pool --- */

static void grow(struct exchange_pool *pool)
{
    uint32_t old = pool->capacity, capacity = old == 0 ? 64 : old * 2;
    pool->all = realloc(pool->all, capacity * sizeof *pool->all);
    CHECK(pool->all != NULL);
    for (uint32_t i = capacity; i > old; i--) {
        pool->all[i - 1] = (struct exchange){.next_free = pool->free};
        pool->free = i;
    }
    pool->capacity = capacity;
}

void exchange_free_all(struct world *world)
{
    free(world->exchanges.all);
}

struct exchange *exchange_at(const struct world *world, uint32_t number)
{
    CHECK(number > 0 && number <= world->exchanges.capacity);
    return &world->exchanges.all[number - 1];
}

uint32_t exchange_open(struct world *world, enum exchange_what what, enum exchange_owner owner,
                       uint32_t who, uint16_t terminal, struct stream_key key)
{
    struct exchange_pool *pool = &world->exchanges;
    if (pool->free == 0)
        grow(pool);
    uint32_t number = pool->free;
    struct exchange *exchange = &pool->all[number - 1];
    pool->free = exchange->next_free;
    pool->live++;
    memset(exchange, 0, offsetof(struct exchange, key));
    exchange->what = (uint8_t)what;
    exchange->owner = (uint8_t)owner;
    exchange->state = EXCHANGE_ASKED;
    exchange->attended = true;
    exchange->terminal = terminal;
    exchange->who = who;
    exchange->key = key;
    if (what == EXCHANGE_WITHDRAW)
        exchange->trace = atm_next_trace(&world->atms[terminal]);
    return number;
}

static void free_if_over(struct world *world, uint32_t number)
{
    struct exchange *exchange = exchange_at(world, number);
    if (exchange->state != EXCHANGE_CLOSED || exchange->in_flight > 0 || exchange->attended)
        return;
    invariants_closed(world, exchange);
    exchange->state = EXCHANGE_FREE;
    exchange->next_free = world->exchanges.free;
    world->exchanges.free = number;
    world->exchanges.live--;
}

void exchange_drop_message(struct world *world, uint32_t number)
{
    struct exchange *exchange = exchange_at(world, number);
    CHECK(exchange->in_flight > 0);
    exchange->in_flight--;
    free_if_over(world, number);
}

/* --- time --- */

/* When a message is repeated on this channel, and how often. */
static const struct channel_settings *rules_of(const struct world *world,
                                               const struct exchange *exchange)
{
    const struct settings *settings = world->settings;
    if (exchange->what == EXCHANGE_CODE)
        return &settings->phone_channel;
    if (exchange->what != EXCHANGE_RESERVE)
        return &settings->terminal_channel;
    return wishes_terminal(world, exchange->who) == ON_COMPUTER ? &settings->computer_channel
                                                                : &settings->phone_channel;
}

static void set_timer(struct world *world, uint32_t number)
{
    struct exchange *exchange = exchange_at(world, number);
    const struct channel_settings *channel = rules_of(world, exchange);
    if (!world->timed)
        return;
    double longest_s = fmax(channel->longest, channel->timeout);
    double wait_s = channel->timeout * pow(channel->back_off, exchange->attempt);
    exchange->timer = kernel_schedule(&world->kernel, simtime_from_seconds(fmin(wait_s, longest_s)),
                                      EVENT_TIMEOUT, number, exchange->attempt);
}

static void stop_timer(struct world *world, struct exchange *exchange)
{
    if (exchange->timer != 0)
        CHECK(kernel_cancel(&world->kernel, exchange->timer));
    exchange->timer = 0;
}

/* A message that is to be sent until it is heard. */
static void send_first(struct world *world, uint32_t number)
{
    struct exchange *exchange = exchange_at(world, number);
    stop_timer(world, exchange);
    exchange->attempt = 0;
    exchange->since = world->kernel.now;
    set_timer(world, number);
    post_send(world, number);
}

static void send_again(struct world *world, uint32_t number)
{
    struct exchange *exchange = exchange_at(world, number);
    if (++exchange->attempt == EXCHANGE_ATTEMPTS)
        exchange->attempt = EXCHANGE_RECOUNTED; /* where the wait is the longest already */
    if (world->watch != NULL && world->watch->terminal_defect == TERMINAL_NEW_TRACE &&
        exchange->state == EXCHANGE_ASKED)
        exchange->trace = atm_next_trace(&world->atms[exchange->terminal]);
    set_timer(world, number);
    post_send(world, number);
}

static enum terminal_defect defect(const struct world *world)
{
    return world->watch != NULL ? world->watch->terminal_defect : TERMINAL_SOUND;
}

/* --- the owner --- */

static void compose(struct world *world, struct exchange *exchange)
{
    struct presentation *presentation = &exchange->request.presentation;
    *presentation =
        (struct presentation){.reservation = exchange->reservation, .terminal = exchange->terminal};
    (exchange->owner == OWNER_CUSTOMER ? journey_compose : accomplice_compose)(world, exchange->who,
                                                                               presentation);
    exchange->composed = true;
}

void exchange_compose(struct world *world, uint32_t number)
{
    struct exchange *exchange = exchange_at(world, number);
    if (exchange->what == EXCHANGE_WITHDRAW && !exchange->composed)
        compose(world, exchange);
}

/* Once; then nobody waits for it any more. */
static void hand_back(struct world *world, uint32_t number, enum reason reason, bool final)
{
    struct exchange *exchange = exchange_at(world, number);
    struct exchange_answer answer = {.reason = reason,
                                     .final = final,
                                     .reservation = exchange->reservation,
                                     .amount_minor = exchange->amount_minor,
                                     .at_bank = exchange->permitted_at,
                                     .exchange = exchange};
    uint32_t who = exchange->who;
    CHECK(exchange->attended);
    exchange->attended = false;
    if (exchange->owner == OWNER_ATTACK)
        accomplice_answered(world, who, &answer);
    else if (exchange->what == EXCHANGE_RESERVE)
        wishes_answered(world, who, &answer);
    else
        journey_answered(world, who, &answer);
}

/* What a message still under way says must be known before who could say it has gone. */
static void let_go(struct world *world, uint32_t number)
{
    struct exchange *exchange = exchange_at(world, number);
    if (exchange->attended && exchange->in_flight > 0)
        exchange_compose(world, number);
}

/* --- the terminal's side --- */

void exchange_ask(struct world *world, uint32_t number)
{
    if (world->timed) {
        unit_ratio(world->result, M_RETRIES, 0.0, 1.0);
        unit_ratio(world->result, M_UNANSWERED, 0.0, 1.0);
        if (exchange_at(world, number)->what == EXCHANGE_WITHDRAW)
            unit_ratio(world->result, M_REVERSALS, 0.0, 1.0);
    }
    send_first(world, number);
}

static void reverse(struct world *world, uint32_t number, bool restarted)
{
    struct exchange *exchange = exchange_at(world, number);
    double hour = fmod(simtime_to_seconds(world->kernel.now), 86400.0) / 3600.0;
    exchange->state = EXCHANGE_REVERSING;
    invariants_reversal(world, exchange, restarted);
    unit_ratio(world->result, M_REVERSALS, 1.0, 0.0);
    unit_curve(world->result, C_REVERSALS, hour, 0.0, 1.0);
    STORY(exchange, world, number, "reversing restarted=%d", restarted);
    send_first(world, number);
}

static void close_exchange(struct world *world, uint32_t number)
{
    struct exchange *exchange = exchange_at(world, number);
    stop_timer(world, exchange);
    exchange->state = EXCHANGE_CLOSED;
}

static void give_up(struct world *world, uint32_t number)
{
    struct exchange *exchange = exchange_at(world, number);
    enum reason reason = exchange->excuse != 0 ? (enum reason)exchange->excuse : REASON_NO_ANSWER;
    unit_ratio(world->result, M_UNANSWERED, 1.0, 0.0);
    STORY(exchange, world, number, "given-up reason=%s", story_reason(reason));
    let_go(world, number);
    if (exchange->what == EXCHANGE_WITHDRAW && defect(world) != TERMINAL_FORGETS_REVERSAL)
        reverse(world, number, false);
    else
        close_exchange(world, number);
    hand_back(world, number, reason, true);
    free_if_over(world, number);
}

void on_timeout(void *argument, const struct event *event)
{
    struct world *world = argument;
    uint32_t number = event->subject;
    struct exchange *exchange = exchange_at(world, number);
    int64_t most = rules_of(world, exchange)->retries;
    exchange->timer = 0;
    if (exchange->state == EXCHANGE_ASKED && exchange->attempt >= most) {
        give_up(world, number);
    } else if (exchange->state == EXCHANGE_TOLD && defect(world) == TERMINAL_REVERSES_PAID) {
        reverse(world, number, false);
    } else {
        if (exchange->state == EXCHANGE_ASKED)
            unit_ratio(world->result, M_RETRIES, 1.0, 0.0);
        send_again(world, number);
    }
}

/* The notes are out, and the counter knows; the journal not yet. */
static void pay(struct world *world, uint32_t number)
{
    struct exchange *exchange = exchange_at(world, number);
    struct dispense_report report =
        atm_dispense(&world->atms[exchange->terminal], exchange->terminal, exchange->trace,
                     exchange->reservation, exchange->amount_minor);
    struct dispensed *dispensed = &world->dispensed;
    if (world_is_pos(world, exchange->terminal))
        world_till(world, exchange->terminal)->paid_minor += exchange->amount_minor;
    else
        cash_pay(world, exchange->terminal, exchange->amount_minor);
    invariants_dispense(world, exchange);
    exchange->facts |= FACT_OUT;
    STORY(exchange, world, number, "notes-out amount_fen=%lld", (long long)exchange->amount_minor);
    if (!world->timed)
        return;
    if (dispensed->count == dispensed->capacity) {
        dispensed->capacity = dispensed->capacity == 0 ? 256 : dispensed->capacity * 2;
        dispensed->entries =
            realloc(dispensed->entries, dispensed->capacity * sizeof *dispensed->entries);
        CHECK(dispensed->entries != NULL);
    }
    dispensed->entries[dispensed->count++] = report;
}

static void advise(struct world *world, uint32_t number)
{
    exchange_at(world, number)->state = EXCHANGE_TOLD;
    send_first(world, number);
}

bool exchange_dispense(struct world *world, uint32_t number)
{
    struct exchange *exchange = exchange_at(world, number);
    double risk = world->settings->faults.dispense_crash;
    double chance = 1.0;
    CHECK(exchange->state == EXCHANGE_SEEN);
    if (risk > 0.0) {
        struct stream stream;
        struct stream_key key = exchange->key;
        key.purpose = PURPOSE_DISPENSE;
        stream_init(&stream, key);
        chance = stream_uniform(&stream);
    }
    if (chance < risk / 2.0) {
        faults_crash(world, exchange->terminal, SIMTIME_NEVER);
        return false;
    }
    pay(world, number);
    if (chance < risk)
        faults_crash_next(world, exchange->terminal);
    else
        advise(world, number);
    return true;
}

void exchange_decline(struct world *world, uint32_t number)
{
    CHECK(exchange_at(world, number)->state == EXCHANGE_SEEN);
    reverse(world, number, false);
}

static bool is_excuse(enum reason reason)
{
    return reason == REASON_BUSY || reason == REASON_DATABASE;
}

/* The first answer, while somebody waits for it. */
static void take_answer(struct world *world, uint32_t number, enum reason reason, bool final)
{
    struct exchange *exchange = exchange_at(world, number);
    bool permit = exchange->what == EXCHANGE_WITHDRAW && reason == REASON_NONE;
    stop_timer(world, exchange);
    exchange->state = permit ? EXCHANGE_SEEN : EXCHANGE_CLOSED;
    if (exchange->what == EXCHANGE_CODE)
        unit_time(world->result, M_CODE_TIME, world->kernel.now - exchange->since);
    else if (world->timed)
        unit_time(world->result, M_ANSWER_TIME, world->kernel.now - exchange->since);
    if (world->timed && permit)
        unit_ratio(world->result, M_LATE_PERMITS, 0.0, 1.0);
    let_go(world, number);
    hand_back(world, number, reason, final);
}

/* A permit for what is no longer asked. */
static void ignore_permit(struct world *world, uint32_t number)
{
    struct exchange *exchange = exchange_at(world, number);
    bool late = (exchange->facts & FACT_REVERSED) != 0;
    if (late ? defect(world) == TERMINAL_PAYS_LATE : defect(world) == TERMINAL_PAYS_EACH_PERMIT)
        pay(world, number);
    if (!late || (exchange->facts & FACT_LATE) != 0)
        return;
    exchange->facts |= FACT_LATE;
    unit_ratio(world->result, M_LATE_PERMITS, 1.0, 1.0);
    STORY(exchange, world, number, "late-permit");
}

void exchange_hear_answer(struct world *world, uint32_t number, enum reason reason, bool final)
{
    struct exchange *exchange = exchange_at(world, number);
    if (exchange->state == EXCHANGE_ASKED && exchange->attended) {
        if (world->timed && is_excuse(reason))
            exchange->excuse = (uint8_t)reason; /* it is sent again when its time has come */
        else
            take_answer(world, number, reason, final);
    } else if (exchange->what == EXCHANGE_WITHDRAW && reason == REASON_NONE) {
        ignore_permit(world, number);
    }
}

void exchange_hear_end(struct world *world, uint32_t number, enum exchange_state of,
                       enum reason reason)
{
    struct exchange *exchange = exchange_at(world, number);
    if (exchange->state != of || is_excuse(reason))
        return;
    if (world->timed)
        unit_time(world->result, M_SETTLING, world->kernel.now - exchange->since);
    close_exchange(world, number);
}

/* --- crashes --- */

static bool is_of_terminal(const struct exchange *exchange, uint16_t terminal)
{
    return exchange->state != EXCHANGE_FREE && exchange->state != EXCHANGE_CLOSED &&
           exchange->what != EXCHANGE_RESERVE && exchange->terminal == terminal;
}

void exchange_crash(struct world *world, uint16_t terminal)
{
    for (uint32_t number = 1; number <= world->exchanges.capacity; number++) {
        struct exchange *exchange = exchange_at(world, number);
        if (!is_of_terminal(exchange, terminal))
            continue;
        let_go(world, number);
        stop_timer(world, exchange);
        exchange->attended = false;
        if (exchange->what != EXCHANGE_WITHDRAW)
            close_exchange(world, number);
        free_if_over(world, number);
    }
}

/* The journal says what was asked, the dispenser's counter whether it came to that. */
static void find_out(struct world *world, uint32_t number)
{
    struct exchange *exchange = exchange_at(world, number);
    bool out = (exchange->facts & FACT_OUT) != 0 && defect(world) != TERMINAL_NO_COUNTER;
    if (out)
        advise(world, number);
    else
        reverse(world, number, true);
}

void exchange_restart(struct world *world, uint16_t terminal)
{
    for (uint32_t number = 1; number <= world->exchanges.capacity; number++) {
        struct exchange *exchange = exchange_at(world, number);
        if (!is_of_terminal(exchange, terminal))
            continue;
        if (exchange->state == EXCHANGE_ASKED || exchange->state == EXCHANGE_SEEN)
            find_out(world, number);
        else
            send_again(world, number);
    }
}
