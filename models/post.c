/*
 * The post: messages on their way between terminals, network terminals and the bank, and the bank's
 * server, which takes them up one after the other.
 *
 * A message has an address of its own among the streams: its transaction, what it is, which
 * repetition and which copy. So one more message, or one less, moves no other's delay. From a
 * stream come, in this order: the delay, the service at the bank, the fate on the channel.
 *
 * Where the bank has any number of workers and never crashes, a message arrives and is served in
 * one event.
 */
#include "parts.h"

#include <string.h>

/* What a message is; a reply is its question + REPLY. */
enum letter_kind {
    LETTER_REQUEST, /* or the phone's answer to the bank's question */
    LETTER_REVERSAL,
    LETTER_ADVICE,
    REPLY,
    LETTER_DATABASE = 6,
    LETTER_QUESTION /* from the bank to a phone */
};

enum {
    NUMBERS = EXCHANGE_ATTEMPTS,
    ADDRESSES = 512,
    LETTER_BITS = 10,
    MOST_EXCHANGES = 1 << (32 - LETTER_BITS)
};

/* A message to the bank, as events carry it: kind (2 bits), repetition (7), copy (1). */
struct letter {
    unsigned kind, number, copy;
};

static uint32_t pack(struct letter letter)
{
    return letter.kind | letter.number << 2 | letter.copy << 9;
}

static struct letter unpack(uint32_t detail)
{
    return (struct letter){detail & 3, detail >> 2 & (NUMBERS - 1), detail >> 9 & 1};
}

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

static void lose(struct world *world, uint32_t number, const char *where)
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
        lose(world, number, "network");
    else
        post_deliver(world, number, delay, kind, detail);
}

/* --- to the bank --- */

static simtime draw_service(const struct world *world, struct stream *stream)
{
    return distribution_delay(&world->settings->bank.service, stream);
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
    carry(world, number, &stream, way + (direct ? service : 0), arrival, pack(letter), &passage);
    if (passage.lost || !passage.twice)
        return;
    letter.copy = 1;
    open_stream(&copy, exchange, letter.kind, letter.number, 1);
    simtime again = distribution_delay(&channel->again, &copy);
    service = draw_service(world, &copy);
    post_deliver(world, number, way + again + (direct ? service : 0), arrival, pack(letter));
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

static void reply(struct world *world, uint32_t number, struct letter letter, enum reason reason,
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
        lose(world, number, "bank");
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
        lose(world, number, "terminal");
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
    reply(world, number, letter, answer.reason, true);
}

static void hear_lookup(struct world *world, uint32_t number, struct letter letter)
{
    struct exchange *exchange = exchange_at(world, number);
    struct capture_order order =
        bank_begin(world->bank, &exchange->request.lookup, world->kernel.now);
    if (order.reason == REASON_NONE) {
        exchange->reservation = order.reservation;
        exchange->expires = order.expires;
        if (exchange->request.lookup.amount_minor != 0)
            invariants_reserved(world, order.reservation, order.expires);
    }
    reply(world, number, letter, order.reason, true);
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
        reply(world, number, letter, REASON_DATABASE, false);
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
    reply(world, number, letter, verdict.reason, verdict.final);
}

static void hear_reversal(struct world *world, uint32_t number, struct letter letter)
{
    struct exchange *exchange = exchange_at(world, number);
    struct reversal_request request = {exchange->reservation, exchange->terminal, exchange->trace};
    enum reason reason = bank_reverse(world->bank, &request, world->kernel.now);
    STORY(exchange, world, number, "reversed reason=%s", story_reason(reason));
    invariants_reversed(world, exchange, reason);
    reply(world, number, letter, reason, true);
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
        reply(world, number, letter, reason, true);
    else /* nobody waits to hear it */
        exchange_hear_end(world, number, EXCHANGE_TOLD, reason);
}

static void hear(struct world *world, uint32_t number, struct letter letter)
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

/* --- the server --- */

/* Epochs are counted in the rest of an event's detail. */
static uint32_t with_epoch(const struct station *station, uint32_t detail)
{
    return detail | (uint32_t)station->epoch << LETTER_BITS;
}

static void serve(struct world *world, uint32_t number, uint32_t detail)
{
    struct letter letter = unpack(detail);
    const struct exchange *exchange = exchange_at(world, number);
    const struct channel *channel = channel_of(world, exchange);
    struct stream stream;
    open_stream(&stream, exchange, letter.kind, letter.number, letter.copy);
    distribution_delay(letter.copy ? &channel->again : &channel->delay, &stream);
    kernel_schedule(&world->kernel, draw_service(world, &stream), EVENT_SERVED, number,
                    with_epoch(&world->station, detail));
}

static void take_up(struct world *world, const struct resource_claim *claim)
{
    uint32_t number = claim->subject >> LETTER_BITS;
    simtime waited = world->kernel.now - claim->since;
    double hour = fmod(simtime_to_seconds(world->kernel.now), 86400.0) / 3600.0;
    unit_time(world->result, M_BANK_WAIT, waited);
    unit_curve(world->result, C_BANK_WAIT, hour, 1.0, simtime_to_seconds(waited));
    serve(world, number, claim->subject & ((1u << LETTER_BITS) - 1));
}

static void queue(struct world *world, uint32_t number, uint32_t detail)
{
    CHECK(number < MOST_EXCHANGES);
    struct resource_claim claim = {.subject = number << LETTER_BITS | detail,
                                   .since = world->kernel.now};
    enum resource_answer answer =
        resource_ask(&world->station.workers, world->kernel.now, claim.subject, 0, NULL);
    unit_ratio(world->result, M_BANK_SHED, answer == RESOURCE_LOST, 1.0);
    if (answer == RESOURCE_GRANTED) {
        take_up(world, &claim);
    } else if (answer == RESOURCE_LOST) {
        STORY(exchange, world, number, "shed");
        if (exchange_at(world, number)->what != EXCHANGE_CODE) /* else the bank will ask again */
            reply(world, number, unpack(detail), REASON_BUSY, false);
        exchange_drop_message(world, number);
    }
}

void on_to_bank(void *argument, const struct event *event)
{
    struct world *world = argument;
    if (world->station.down) {
        lose(world, event->subject, "bank");
        exchange_drop_message(world, event->subject);
    } else if (world->station.limited) {
        queue(world, event->subject, event->detail);
    } else {
        serve(world, event->subject, event->detail);
    }
}

void on_served(void *argument, const struct event *event)
{
    struct world *world = argument;
    struct station *station = &world->station;
    struct resource_claim next;
    if (event->detail >> LETTER_BITS != station->epoch) {
        lose(world, event->subject, "crash");
    } else {
        hear(world, event->subject, unpack(event->detail));
        if (station->limited && resource_release(&station->workers, event->at, &next))
            take_up(world, &next);
    }
    exchange_drop_message(world, event->subject);
}

/* Who is worked on learns it when the work would have been done. */
void post_bank_crash(struct world *world)
{
    struct station *station = &world->station;
    struct resource_claim next;
    station->down = true;
    station->down_since = world->kernel.now;
    station->epoch++;
    while (station->limited && station->workers.busy > 0)
        if (resource_release(&station->workers, world->kernel.now, &next)) {
            lose(world, next.subject >> LETTER_BITS, "crash");
            exchange_drop_message(world, next.subject >> LETTER_BITS);
        }
}

void post_bank_restart(struct world *world)
{
    world->station.down = false;
    world->station.down_total += world->kernel.now - world->station.down_since;
}

static struct channel channel_from(const struct channel_settings *settings)
{
    return (struct channel){settings->delay, settings->again, settings->loss, settings->duplicate};
}

static bool has_faults(const struct fault_settings *faults)
{
    return faults->bank_crash > 0.0 || faults->terminal_crash > 0.0 || faults->power > 0.0 ||
           faults->dispense_crash > 0.0 || faults->database_busy > 0.0 || faults->at[0][0] != '\0';
}

void post_build(struct world *world)
{
    const struct settings *settings = world->settings;
    struct station *station = &world->station;
    world->terminal_channel = channel_from(&settings->terminal_channel);
    world->phone_channel = channel_from(&settings->phone_channel);
    world->computer_channel = channel_from(&settings->computer_channel);
    station->limited = settings->bank.workers > 0;
    station->direct = !station->limited && !(settings->faults.bank_crash > 0.0) &&
                      settings->faults.at[0][0] == '\0';
    if (station->limited) {
        resource_init(&station->workers, (unsigned)settings->bank.workers);
        resource_set_room(&station->workers, (size_t)settings->bank.queue);
    }
    world->timed = station->limited || !channel_is_plain(&world->terminal_channel) ||
                   !channel_is_plain(&world->phone_channel) ||
                   !channel_is_plain(&world->computer_channel) || has_faults(&settings->faults) ||
                   (world->watch != NULL && world->watch->timed);
}

void post_destroy(struct world *world)
{
    if (world->station.limited)
        resource_fini(&world->station.workers);
}

void post_close(struct world *world)
{
    struct station *station = &world->station;
    struct unit_result *result = world->result;
    simtime now = world->kernel.now;
    double span_s = simtime_to_seconds(now);
    if (station->down)
        post_bank_restart(world);
    if (!station->direct)
        unit_ratio(result, M_BANK_UP, span_s - simtime_to_seconds(station->down_total), span_s);
    if (station->limited) {
        double servers = station->workers.servers;
        const struct histogram *waits = result->times[M_BANK_WAIT];
        if (station->workers.granted > 0)
            unit_ratio(result, M_BANK_WAIT_99, histogram_quantile(waits, 0.99) * 1e-9, 1.0);
        unit_ratio(result, M_BANK_QUEUE,
                   span_s * time_average_mean(&station->workers.queue_length, now), span_s);
        unit_ratio(result, M_BANK_UTILISATION,
                   span_s * time_average_mean(&station->workers.servers_busy, now),
                   span_s * servers);
    }
    for (double start = 0.0; world->timed && start < world->settings->duration; start += 3600.0)
        unit_curve(result, C_REVERSALS, fmod(start, 86400.0) / 3600.0 + 0.5,
                   fmin(world->settings->duration - start, 3600.0) / 3600.0, 0.0);
}
