/* Customers wish for cash and reserve it by phone or on a computer; the token makes their code. */
#include "parts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Detail of EVENT_RESERVE: a wish that had to wait, not a new one. */
enum { ANOTHER_TRY = 1 };

/* A customer's next wish comes at its own time, in both schemes the same, whatever becomes of the
 * one before. One that comes after the end of the run needs no event. */
static void schedule_wish(struct world *world, uint32_t index)
{
    double rate = world->settings->customers.reservations;
    if (!(rate > 0.0))
        return;
    uint64_t entity = (uint64_t)index << 16 | world->customers[index].wishes++;
    struct stream stream = world_stream(world, entity, PURPOSE_ARRIVAL);
    simtime at =
        profile_after(&world->profile, world->kernel.now, stream_exponential(&stream, 1.0 / rate));
    if (at <= simtime_from_seconds(world->settings->duration))
        kernel_schedule(&world->kernel, at - world->kernel.now, EVENT_RESERVE, index, 0);
}

/* Whether any customer takes time to log in. */
static bool anybody_logs_in(const struct settings *settings)
{
    return distribution_mean(&settings->phone.login) > 0.0 ||
           (settings->computer.share > 0.0 && distribution_mean(&settings->computer.login) > 0.0);
}

void wishes_start(struct world *world)
{
    world->logs_in = anybody_logs_in(world->settings);
    for (uint32_t i = 0; i < (uint32_t)world->settings->customers.count; i++)
        schedule_wish(world, i);
}

/* Every outcome is a share of the reservations tried. */
void wishes_close(struct world *world)
{
    for (size_t i = M_OUTCOME_PAID; i < M_ATTACK; i++)
        unit_ratio(world->result, i, 0.0, world->result->numerator[M_RESERVATIONS]);
}

/* Account, card, registration and token exist from the first time they are needed. */
static void enrol(struct world *world, uint32_t index)
{
    struct registration registration = {.mobile = world_mobile(index), .card = world_card(index)};
    struct stream stream = world_stream(world, index, PURPOSE_ACCOUNT);
    double balance = distribution_draw(&world->settings->customers.opening_balance, &stream);
    registration.opening_minor = llround(fmax(balance, 0.0) * 100.0);
    bool signs = code_is_signature((enum code_kind)world->settings->code);
    registration.without_token = !world_shows_images(world) || signs;
    if (!registration.without_token) {
        struct token_secret secret = world_token_secret(world, index);
        memcpy(registration.token_key, secret.key, sizeof secret.key);
    }
    books_expect(world, bank_register(world->bank, &registration));
    if (world_shows_images(world) && signs)
        codes_hand_out(world, index);
}

int64_t wishes_draw(const struct world *world, uint32_t index, char *own_code)
{
    struct stream stream = visit_stream(world, index, 0, 0, PURPOSE_RESERVATION);
    int64_t amount_minor =
        people_amount_minor(world->settings, &world->settings->customers.amount, &stream);
    people_choose_code(&stream, (unsigned)world->settings->bank.sms_digits, own_code);
    return amount_minor;
}

enum network_terminal wishes_terminal(const struct world *world, uint32_t index)
{
    double share = world->settings->computer.share;
    if (!(share > 0.0))
        return ON_PHONE;
    struct stream stream = world_stream(world, index, PURPOSE_COMPUTER);
    return stream_chance(&stream, share) ? ON_COMPUTER : ON_PHONE;
}

static struct reservation_request make_request(struct world *world, uint32_t index)
{
    struct customer *customer = &world->customers[index];
    char own_code[MESSAGE_DIGITS_BYTES];
    int64_t amount_minor = wishes_draw(world, index, own_code);
    struct reservation_request request =
        banking_reserve(world->scheme, world_mobile(index), world_card(index), amount_minor,
                        world_shows_images(world) ? NULL : own_code, customer->visit);
    request.requester =
        wishes_terminal(world, index) == ON_COMPUTER ? REQUESTER_COMPUTER : REQUESTER_PHONE;
    malware_tries(world, index);
    malware_in_request(world, index, &request);
    customer->amount_minor = (uint32_t)request.amount_minor;
    return request;
}

/* The round trip, where the reply was heard at once (else it has passed already), and looking at
 * the token. */
static simtime rest_of_reserving(struct world *world, uint32_t index, struct stream *stream)
{
    const struct channel *channel = wishes_terminal(world, index) == ON_COMPUTER
                                        ? &world->computer_channel
                                        : &world->phone_channel;
    simtime rest = world->timed ? 0 : channel_round_trip(channel, stream);
    rest += malware_look(world, index);
    unit_time(world->result, M_RESERVE_TIME,
              world->kernel.now - world->customers[index].since + rest);
    return rest;
}

static void set_off(struct world *world, uint32_t index)
{
    struct customer *customer = &world->customers[index];
    struct stream stream = visit_stream(world, index, 0, 0, PURPOSE_TRAVEL);
    uint32_t site = stream_below(&stream, world->crowd.atm_sites);
    customer->terminal = crowd_first(world, pos_choose(world, index, site));
    simtime travel = distribution_delay(&world->settings->customers.travel, &stream);
    if (stream_chance(&stream, world->settings->customers.no_show)) {
        world_count_outcome(world, M_OUTCOME_NO_SHOW);
        STORY(reservation, world, index, "no-show");
        wishes_visit_over(world, index);
        return;
    }
    customer->step = STEP_TRAVEL;
    if (!world_reserves_here(world))
        travel += rest_of_reserving(world, index, &stream);
    kernel_schedule(&world->kernel, travel, EVENT_ARRIVE, index, 0);
    STORY(customer, world, index, "set-off travel_s=" TRACE_SECONDS, TRACE_PARTS(travel));
    if (world->crowd.per_site == 1 && world_shows_images(world) && !codes_of_the_moment(world) &&
        world_shots_taken(world) < SHOTS_AHEAD)
        journey_prepare_shot(world, index);
}

void wishes_visit_over(struct world *world, uint32_t index)
{
    struct customer *customer = &world->customers[index];
    customer->step = STEP_IDLE;
    if (customer->wants == 0)
        return;
    customer->wants--;
    kernel_schedule(&world->kernel, 0, EVENT_RESERVE, index, ANOTHER_TRY);
}

/* By the bank, or by the customer who sees another transaction on the token. */
static void refuse(struct world *world, uint32_t index, enum reason reason)
{
    codes_refused(world, index, reason);
    world_count_outcome(world, measure_refused(reason));
    STORY(customer, world, index, "reservation-refused reason=%s", story_reason(reason));
    wishes_visit_over(world, index);
}

/* What the network terminal hears. */
static void hear(struct world *world, uint32_t index, const struct reservation_reply *reply)
{
    struct customer *customer = &world->customers[index];
    if (reply->reason != REASON_NONE) {
        refuse(world, index, reply->reason);
        return;
    }
    customer->reservation = customer->booked = reply->reservation;
    STORY(reservation, world, index, "reserved amount_fen=%u expires_s=" TRACE_SECONDS,
          customer->amount_minor, TRACE_PARTS(reply->expires));
    customer->code = strtoull(reply->sms_code, NULL, 10);
    if (world_shows_images(world))
        codes_reserved(world, customer, reply->expires);
    forgery_plan(world, index);
    bool noticed = malware_is_seen(world, index);
    malware_shown(world, index, noticed);
    if (noticed) {
        refuse(world, index, REASON_NOT_CONFIRMED);
        return;
    }
    malware_copies(world, index);
    set_off(world, index);
}

void wishes_answered(struct world *world, uint32_t index, const struct exchange_answer *answer)
{
    const struct exchange *exchange = answer->exchange;
    struct reservation_reply reply = {answer->reason, answer->reservation, exchange->expires, ""};
    memcpy(reply.sms_code, exchange->sms_code, sizeof reply.sms_code);
    hear(world, index, &reply);
}

/* Where nothing can be lost, the request is heard at once; the round trip counts as travel. */
static void reserve_at_once(struct world *world, uint32_t index)
{
    struct reservation_request request = make_request(world, index);
    struct reservation_reply reply = bank_reserve(world->bank, &request, world->kernel.now);
    if (reply.reason == REASON_NONE)
        invariants_reserved(world, reply.reservation, reply.expires);
    hear(world, index, &reply);
}

static void reserve(struct world *world, uint32_t index)
{
    struct customer *customer = &world->customers[index];
    struct stream_key key = visit_key(world, index, 0, STEP_RESERVE, 0);
    uint32_t number = exchange_open(world, EXCHANGE_RESERVE, OWNER_CUSTOMER, index, 0, key);
    exchange_at(world, number)->request.reserve = make_request(world, index);
    customer->step = STEP_RESERVE;
    exchange_ask(world, number);
}

/* To reserve at the machine. */
static void set_off_without(struct world *world, uint32_t index)
{
    world->customers[index].reservation = world->customers[index].booked = 0;
    forgery_plan(world, index);
    set_off(world, index);
}

void wishes_logged_in(struct world *world, uint32_t index)
{
    (world->timed ? reserve : reserve_at_once)(world, index);
}

static void visit(struct world *world, uint32_t index)
{
    struct customer *customer = &world->customers[index];
    if (customer->visit == 0)
        enrol(world, index);
    else if (customer->new_token)
        codes_hand_out(world, index);
    customer->visit++;
    customer->tries = 0;
    customer->moved = 0;
    customer->entitled = false;
    customer->exposed = SIMTIME_NEVER;
    customer->since = world->kernel.now;
    unit_count(world->result, M_RESERVATIONS, 1.0);
    if (world_reserves_here(world))
        set_off_without(world, index);
    else if (world->logs_in)
        journey_enter(world, index, STEP_LOG_IN);
    else
        wishes_logged_in(world, index);
}

void on_reserve(void *argument, const struct event *event)
{
    struct world *world = argument;
    struct customer *customer = &world->customers[event->subject];
    if (event->detail != ANOTHER_TRY)
        schedule_wish(world, event->subject);
    if (customer->step == STEP_IDLE)
        visit(world, event->subject);
    else if (customer->wants < UINT8_MAX) /* first things first */
        customer->wants++;
}
