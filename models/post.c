/*
 * The post: messages on their way between terminals, network terminals and the bank, and what the
 * bank makes of them. Its server takes them up one after the other (station.c).
 *
 * A message has an address of its own among the streams: its transaction, what it is, which
 * repetition and which copy. So one more message, or one less, moves no other's delay. From a
 * stream come, in this order: the delay, the service at the bank, the fate on the channel.
 *
 * Where the bank has any number of workers and never crashes, a message arrives and is served in
 * one event.
 */
#include "letter.h"

#include <string.h>

enum { ADDRESSES = 512 };

static void open_stream(struct stream *stream, const struct exchange *exchange, unsigned kind,
                        unsigned number, unsigned copy)
{
    struct stream_key key = exchange->key;
    unsigned purpose = PURPOSE_MESSAGES + kind * ADDRESSES + number * 2 + copy;
    CHECK(purpose < PURPOSE_MESSAGES_END);
    key.purpose = (uint16_t)purpose;
    stream_init(stream, key);
}

static const struct channel *channel_of(const struct world *world, const struct exchange *exchange)
{
    if (exchange->what == EXCHANGE_CODE)
        return &world->phone_channel;
    if (exchange->what != EXCHANGE_RESERVE)
        return &world->terminal_channel;
    return wishes_terminal(world, exchange->who) == ON_COMPUTER ? &world->computer_channel
                                                                : &world->phone_channel;
}

void post_deliver(struct world *world, uint32_t number, simtime after, enum world_event kind,
                  uint32_t detail)
{
    exchange_at(world, number)->in_flight++;
    kernel_schedule(&world->kernel, after, (uint16_t)kind, number, detail);
}

void post_lose(struct world *world, uint32_t number, const char *where)
{
    unit_ratio(world->result, M_MESSAGES_LOST, 1.0, 0.0);
    STORY(exchange, world, number, "lost where=%s", where);
}

/* Sends on the stream's channel; the copy, where there is one, has a stream of its own. */
static void carry(struct world *world, uint32_t number, struct stream *stream, simtime delay,
                  enum world_event kind, uint32_t detail, struct passage *passage)
{
    const struct channel *channel = channel_of(world, exchange_at(world, number));
    *passage = (struct passage){.delay = delay};
    channel_fate(channel, stream, passage);
    if (world->timed)
        unit_ratio(world->result, M_MESSAGES_LOST, 0.0, 1.0);
    if (passage->lost)
        post_lose(world, number, "network");
    else
        post_deliver(world, number, delay, kind, detail);
}

/* --- to the bank --- */

static simtime draw_service(const struct world *world, struct stream *stream)
{
    return distribution_delay(&world->settings->bank.service, stream);
}

/* What follows in its stream upon the delay. */
simtime post_service(const struct world *world, uint32_t number, struct letter letter)
{
    const struct exchange *exchange = exchange_at(world, number);
    const struct channel *channel = channel_of(world, exchange);
    struct stream stream;
    open_stream(&stream, exchange, letter.kind, letter.number, letter.copy);
    distribution_delay(letter.copy ? &channel->again : &channel->delay, &stream);
    return draw_service(world, &stream);
}

static void send_letter(struct world *world, uint32_t number, struct letter letter)
{
    struct exchange *exchange = exchange_at(world, number);
    const struct channel *channel = channel_of(world, exchange);
    bool direct = world->station.direct;
    struct stream stream, copy;
    struct passage passage;
    open_stream(&stream, exchange, letter.kind, letter.number, 0);
    simtime way = distribution_delay(&channel->delay, &stream);
    simtime service = draw_service(world, &stream);
    enum world_event arrival = direct ? EVENT_SERVED : EVENT_TO_BANK;
    carry(world, number, &stream, way + (direct ? service : 0), arrival, letter_pack(letter),
          &passage);
    if (passage.lost || !passage.twice)
        return;
    letter.copy = 1;
    open_stream(&copy, exchange, letter.kind, letter.number, 1);
    simtime again = distribution_delay(&channel->again, &copy);
    service = draw_service(world, &copy);
    post_deliver(world, number, way + again + (direct ? service : 0), arrival, letter_pack(letter));
}

/* --- from the bank --- */

/* A copy's event has the same detail, with `copy_bit`. */
static void send_from_bank(struct world *world, uint32_t number, unsigned kind, unsigned which,
                           enum world_event arrival, uint32_t detail, uint32_t copy_bit)
{
    struct exchange *exchange = exchange_at(world, number);
    const struct channel *channel = channel_of(world, exchange);
    struct stream stream, copy;
    struct passage passage;
    open_stream(&stream, exchange, kind, which, 0);
    simtime way = distribution_delay(&channel->delay, &stream);
    carry(world, number, &stream, way, arrival, detail, &passage);
    if (passage.lost || !passage.twice)
        return;
    open_stream(&copy, exchange, kind, which, 1);
    way += distribution_delay(&channel->again, &copy);
    post_deliver(world, number, way, arrival, detail | copy_bit);
}

void post_reply(struct world *world, uint32_t number, struct letter letter, enum reason reason,
                bool final)
{
    uint32_t detail = letter.kind | (uint32_t)reason << 2 | (uint32_t) final << 10;
    send_from_bank(world, number, letter.kind + REPLY, letter.number * 2 + letter.copy,
                   EVENT_FROM_BANK, detail, 0);
}

/* To a phone, unless the bank is down: then it asks when it is up again. */
static void ask_phone(struct world *world, uint32_t number)
{
    unsigned repetition = exchange_at(world, number)->attempt;
    STORY(exchange, world, number, "send message=question repetition=%u", repetition);
    if (world->station.down)
        post_lose(world, number, "bank");
    else
        send_from_bank(world, number, LETTER_QUESTION, repetition, EVENT_TO_PHONE, repetition << 1,
                       1);
}

void on_from_bank(void *argument, const struct event *event)
{
    struct world *world = argument;
    uint32_t number = event->subject;
    struct exchange *exchange = exchange_at(world, number);
    enum reason reason = (enum reason)(event->detail >> 2 & 0xff);
    bool at_home = exchange->what == EXCHANGE_RESERVE;
    if (!at_home && world->sessions[exchange->terminal].down) {
        post_lose(world, number, "terminal");
    } else if ((event->detail & 3) == LETTER_REQUEST) {
        exchange_hear_answer(world, number, reason, event->detail >> 10 & 1);
    } else {
        bool reversal = (event->detail & 3) == LETTER_REVERSAL;
        exchange_hear_end(world, number, reversal ? EXCHANGE_REVERSING : EXCHANGE_TOLD, reason);
    }
    exchange_drop_message(world, number);
}

/* --- what the bank makes of a message --- */

static void hear_reservation(struct world *world, uint32_t number, struct letter letter)
{
    struct exchange *exchange = exchange_at(world, number);
    struct reservation_reply answer =
        bank_reserve(world->bank, &exchange->request.reserve, world->kernel.now);
    if (answer.reason == REASON_NONE) {
        invariants_reserved(world, answer.reservation, answer.expires);
        exchange->reservation = answer.reservation;
        exchange->expires = answer.expires;
        memcpy(exchange->sms_code, answer.sms_code, sizeof exchange->sms_code);
    }
    post_reply(world, number, letter, answer.reason, true);
}

static void hear_lookup(struct world *world, uint32_t number, struct letter letter)
{
    struct exchange *exchange = exchange_at(world, number);
    struct capture_order order =
        bank_begin(world->bank, &exchange->request.lookup, world->kernel.now);
    if (order.reason == REASON_NONE) {
        exchange->reservation = order.reservation;
        exchange->expires = order.expires;
        exchange->amount_minor = order.amount_minor;
        if (exchange->request.lookup.amount_minor != 0)
            invariants_reserved(world, order.reservation, order.expires);
    }
    post_reply(world, number, letter, order.reason, true);
}

static bool database_is_busy(struct world *world, const struct exchange *exchange,
                             struct letter letter)
{
    double busy = world->settings->faults.database_busy;
    struct stream stream;
    if (!(busy > 0.0))
        return false;
    open_stream(&stream, exchange, LETTER_DATABASE, letter.number, letter.copy);
    return stream_chance(&stream, busy);
}

static void hear_phone(struct world *world, uint32_t number)
{
    bool refused = exchange_at(world, number)->phone == PHONE_HAS_REFUSAL;
    exchange_hear_answer(world, number, refused ? REASON_NOT_CONFIRMED : REASON_NONE, true);
}

static void hear_presentation(struct world *world, uint32_t number, struct letter letter)
{
    struct exchange *exchange = exchange_at(world, number);
    struct presentation *presentation = &exchange->request.presentation;
    if (database_is_busy(world, exchange, letter)) {
        post_reply(world, number, letter, REASON_DATABASE, false);
        return;
    }
    exchange_compose(world, number);
    presentation->trace = exchange->trace;
    struct verdict verdict = bank_present(world->bank, presentation, world->kernel.now);
    invariants_verdict(world, exchange, verdict);
    if (verdict.reason == REASON_NONE && exchange->permitted_at == 0) {
        exchange->amount_minor = verdict.amount_minor;
        exchange->permitted_at = world->kernel.now;
    }
    STORY(exchange, world, number, "verdict reason=%s final=%d amount_fen=%lld",
          story_reason(verdict.reason), verdict.final, (long long)verdict.amount_minor);
    post_reply(world, number, letter, verdict.reason, verdict.final);
}

static void hear_reversal(struct world *world, uint32_t number, struct letter letter)
{
    struct exchange *exchange = exchange_at(world, number);
    struct reversal_request request = {exchange->reservation, exchange->terminal, exchange->trace};
    enum reason reason = bank_reverse(world->bank, &request, world->kernel.now);
    STORY(exchange, world, number, "reversed reason=%s", story_reason(reason));
    invariants_reversed(world, exchange, reason);
    post_reply(world, number, letter, reason, true);
}

static void hear_advice(struct world *world, uint32_t number, struct letter letter)
{
    struct exchange *exchange = exchange_at(world, number);
    struct dispense_report report = {exchange->reservation, exchange->terminal, exchange->trace,
                                     exchange->amount_minor};
    enum reason reason = bank_dispensed(world->bank, &report, world->kernel.now);
    STORY(exchange, world, number, "booked reason=%s", story_reason(reason));
    invariants_booked(world, exchange, reason);
    if (world->timed)
        post_reply(world, number, letter, reason, true);
    else /* nobody waits to hear it */
        exchange_hear_end(world, number, EXCHANGE_TOLD, reason);
}

void post_hear(struct world *world, uint32_t number, struct letter letter)
{
    if (letter.kind == LETTER_REVERSAL)
        hear_reversal(world, number, letter);
    else if (letter.kind == LETTER_ADVICE)
        hear_advice(world, number, letter);
    else if (exchange_at(world, number)->what == EXCHANGE_WITHDRAW)
        hear_presentation(world, number, letter);
    else if (exchange_at(world, number)->what == EXCHANGE_LOOKUP)
        hear_lookup(world, number, letter);
    else if (exchange_at(world, number)->what == EXCHANGE_CODE)
        hear_phone(world, number);
    else
        hear_reservation(world, number, letter);
    if (world->timed)
        invariants_breach(world);
}

/* --- sending --- */

/* Where nothing can be lost nobody waits for it: the books need not lag behind. */
static void book_at_once(struct world *world, uint32_t number, struct letter letter)
{
    exchange_at(world, number)->in_flight++;
    hear_advice(world, number, letter);
    exchange_drop_message(world, number);
}

void post_send(struct world *world, uint32_t number)
{
    struct exchange *exchange = exchange_at(world, number);
    static const char *const names[] = {"request", "reversal", "advice"};
    if (exchange->what == EXCHANGE_CODE) {
        ask_phone(world, number);
        return;
    }
    struct letter letter = {.number = exchange->attempt};
    letter.kind = exchange->state == EXCHANGE_REVERSING ? LETTER_REVERSAL
                  : exchange->state == EXCHANGE_TOLD    ? LETTER_ADVICE
                                                        : LETTER_REQUEST;
    STORY(exchange, world, number, "send message=%s repetition=%u", names[letter.kind],
          exchange->attempt);
    if (letter.kind == LETTER_ADVICE && !world->timed)
        book_at_once(world, number, letter);
    else
        send_letter(world, number, letter);
}

/* Of a phone: question by question, each has an answer of its own. */
void post_answer(struct world *world, uint32_t number, uint32_t question)
{
    STORY(exchange, world, number, "send message=answer repetition=%u", question >> 1);
    send_letter(world, number, (struct letter){.kind = LETTER_REQUEST, .number = question});
}

/* --- the network --- */

static struct channel channel_from(const struct channel_settings *settings)
{
    return (struct channel){settings->delay, settings->again, settings->loss, settings->duplicate};
}

static bool has_faults(const struct fault_settings *faults)
{
    return faults->bank_crash > 0.0 || faults->terminal_crash > 0.0 || faults->power > 0.0 ||
           faults->dispense_crash > 0.0 || faults->database_busy > 0.0 || faults->at[0][0] != '\0';
}

/* After the bank's server. */
void post_build(struct world *world)
{
    const struct settings *settings = world->settings;
    world->terminal_channel = channel_from(&settings->terminal_channel);
    world->phone_channel = channel_from(&settings->phone_channel);
    world->computer_channel = channel_from(&settings->computer_channel);
    /* A merchant may take a permit back, which the bank must have heard. */
    world->timed = world->station.limited || settings->terminals.pos.count > 0 ||
                   !channel_is_plain(&world->terminal_channel) ||
                   !channel_is_plain(&world->phone_channel) ||
                   !channel_is_plain(&world->computer_channel) || has_faults(&settings->faults) ||
                   (world->watch != NULL && world->watch->timed);
}
