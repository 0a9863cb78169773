/*
 * A customer's way from the ATM's queue to the notes: a table of steps. Each step lasts as long
 * as its duration says; what happens at its end decides the next.
 */
#include "parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct journey_step {
    simtime (*duration)(struct world *, uint32_t customer, struct stream *);
    void (*end)(struct world *, uint32_t customer);
};

static const struct journey_step steps[STEP_COUNT];

void journey_enter(struct world *world, uint32_t index, enum step step)
{
    struct customer *customer = &world->customers[index];
    struct stream stream = visit_stream(world, index, customer->tries, step, PURPOSE_STEP);
    customer->step = (uint8_t)step;
    simtime takes = steps[step].duration(world, index, &stream);
    kernel_schedule(&world->kernel, takes, EVENT_STEP, index,
                    (uint32_t)step | (uint32_t)customer->visit << STEP_BITS);
    STORY(customer, world, index, "step-begin step=%s duration_s=" TRACE_SECONDS, story_step(step),
          TRACE_PARTS(takes));
}

void on_step(void *argument, const struct event *event)
{
    struct world *world = argument;
    const struct customer *customer = &world->customers[event->subject];
    enum step step = (enum step)(event->detail & STEP_MASK);
    if (customer->step == step && customer->visit == event->detail >> STEP_BITS)
        steps[step].end(world, event->subject);
    else /* was expelled meanwhile */
        CHECK(world->timed);
}

/* An exchange of the customer at the machine, about this step. */
static uint32_t open_exchange(struct world *world, uint32_t index, enum exchange_what what,
                              enum step step)
{
    struct customer *customer = &world->customers[index];
    struct stream_key key = visit_key(world, index, customer->tries, step, 0);
    uint32_t number = exchange_open(world, what, OWNER_CUSTOMER, index, customer->terminal, key);
    customer->step = (uint8_t)step;
    world->sessions[customer->terminal].exchange = number;
    return number;
}

/* --- at the network terminal --- */

static const struct distribution *log_in_times(const struct world *world, uint32_t index)
{
    const struct settings *settings = world->settings;
    return wishes_terminal(world, index) == ON_COMPUTER ? &settings->computer.login
                                                        : &settings->phone.login;
}

static simtime log_in_time(struct world *world, uint32_t index, struct stream *stream)
{
    return distribution_delay(log_in_times(world, index), stream);
}

/* --- at the machine --- */

/* With zeros before it. */
static void write_digits(uint64_t number, int64_t digits, char text[MESSAGE_DIGITS_BYTES])
{
    CHECK(digits < MESSAGE_DIGITS_BYTES);
    for (int64_t i = digits; i > 0; i--, number /= 10)
        text[i - 1] = (char)('0' + number % 10);
    CHECK(number == 0);
    text[digits] = '\0';
}

void journey_codes(const struct world *world, uint32_t index, char *own_code, char *code)
{
    wishes_draw(world, index, own_code);
    write_digits(world->customers[index].code, world->settings->bank.sms_digits, code);
}

void journey_typed(const struct world *world, uint32_t index, unsigned try_number, enum step step,
                   const char *wanted, char *typed)
{
    struct stream stream = visit_stream(world, index, try_number, step, PURPOSE_TYPING);
    people_type(world->settings, wanted, &stream, typed);
}

void journey_prepare_shot(struct world *world, uint32_t index)
{
    struct customer *customer = &world->customers[index];
    struct stream stream = visit_stream(world, index, customer->tries, 0, PURPOSE_POSE);
    struct token_code code;
    codes_make(world, index, &code);
    customer->shot = shot_take(world);
    settings_present(world->settings, NULL, customer->terminal, &stream,
                     shot_at(world, customer->shot));
    shot_may_fail(world, customer->shot,
                  visit_key(world, index, customer->tries, 0, PURPOSE_CAMERA_FAULT));
    shot_submit(world, customer->shot, &code,
                visit_key(world, index, customer->tries, 0, PURPOSE_NOISE));
}

static void expose(struct world *world, struct customer *customer)
{
    if (customer->exposed == SIMTIME_NEVER)
        customer->exposed = world->kernel.now;
}

static simtime type_mobile_time(struct world *world, uint32_t index, struct stream *stream)
{
    unsigned keys = MESSAGE_MOBILE_DIGITS;
    char own_code[MESSAGE_DIGITS_BYTES];
    if (world_reserves_here(world)) /* the amount, too, in CNY */
        for (int64_t rest = wishes_draw(world, index, own_code) / 100; rest > 0; rest /= 10)
            keys++;
    return people_typing_time(world->settings, keys, stream);
}

static void typed_mobile(const struct world *world, uint32_t index, char *wanted, char *typed)
{
    write_digits(world_mobile(index), MESSAGE_MOBILE_DIGITS, wanted);
    journey_typed(world, index, world->customers[index].tries, STEP_TYPE_MOBILE, wanted, typed);
}

static void after_mobile(struct world *world, uint32_t index)
{
    char wanted[MESSAGE_DIGITS_BYTES], typed[MESSAGE_DIGITS_BYTES];
    typed_mobile(world, index, wanted, typed);
    if (world_reserves_here(world) && world->customers[index].tries % MOBILE_TRIES == 0 &&
        elsewhere_is_sent(world, index, wishes_draw(world, index, wanted)))
        return;
    uint32_t number = open_exchange(world, index, EXCHANGE_LOOKUP, STEP_LOOKUP);
    struct withdrawal_request request = {.scheme = world->scheme,
                                         .terminal = world->customers[index].terminal,
                                         .mobile = strtoull(typed, NULL, 10)};
    if (world_reserves_here(world)) {
        request.amount_minor = wishes_draw(world, index, wanted);
        request.challenge = codes_challenge(world, index);
    }
    exchange_at(world, number)->request.lookup = request;
    exchange_ask(world, number);
}

/* The bank did not say no: it said nothing. */
static bool is_silence(enum reason reason)
{
    return reason == REASON_NO_ANSWER || reason == REASON_BUSY || reason == REASON_DATABASE;
}

/* The bank asks the network terminal for a code: from there on the token knows the transaction. */
static void reserved_here(struct world *world, uint32_t index, const struct exchange_answer *answer)
{
    struct customer *customer = &world->customers[index];
    char own_code[MESSAGE_DIGITS_BYTES];
    customer->booked = answer->reservation;
    customer->amount_minor = (uint32_t)wishes_draw(world, index, own_code);
    codes_reserved(world, customer, answer->exchange->expires);
    malware_tries(world, index);
    STORY(customer, world, index, "reserved amount_fen=%u expires_s=" TRACE_SECONDS,
          customer->amount_minor, TRACE_PARTS(answer->exchange->expires));
    uint32_t number = open_exchange(world, index, EXCHANGE_CODE, STEP_MAKE_CODE);
    exchange_at(world, number)->reservation = customer->booked;
    exchange_ask(world, number);
}

static void after_code(struct world *world, uint32_t index, const struct exchange_answer *answer)
{
    world->customers[index].reason = (uint8_t)answer->reason;
    if (answer->reason != REASON_NO_ANSWER)
        malware_shown(world, index, answer->reason == REASON_NOT_CONFIRMED);
    if (answer->reason == REASON_NONE)
        journey_enter(world, index, STEP_SHOW);
    else
        journey_leave_refused(world, index);
}

static void after_lookup(struct world *world, uint32_t index, const struct exchange_answer *answer)
{
    struct customer *customer = &world->customers[index];
    char wanted[MESSAGE_DIGITS_BYTES], typed[MESSAGE_DIGITS_BYTES];
    typed_mobile(world, index, wanted, typed);
    bool mistyped = strcmp(wanted, typed) != 0;
    customer->reason = (uint8_t)answer->reason;
    STORY(customer, world, index, "asked reason=%s", story_reason(answer->reason));
    if (answer->reason == REASON_NONE) {
        customer->entitled = true;
        customer->reservation = answer->reservation;
        customer->tries = 0;
        if (!world_reserves_here(world) && elsewhere_is_sent(world, index, answer->amount_minor))
            return;
        if (world_reserves_here(world))
            reserved_here(world, index, answer);
        else
            journey_enter(world, index,
                          world_shows_images(world) ? STEP_SHOW : STEP_TYPE_RESERVATION_CODE);
    } else if (mistyped && !is_silence(answer->reason) && ++customer->tries % MOBILE_TRIES != 0) {
        journey_enter(world, index, STEP_TYPE_MOBILE);
    } else {
        customer->entitled = mistyped || is_silence(answer->reason);
        journey_leave_refused(world, index);
    }
}

/* Main control switches the camera while the customer holds up the token. */
static simtime show_time(struct world *world, uint32_t index, struct stream *stream)
{
    struct customer *customer = &world->customers[index];
    bool first = customer->exposed == SIMTIME_NEVER;
    simtime shown = people_showing_time(world->settings, stream);
    simtime switched = simtime_from_seconds(world->settings->terminals.switch_time);
    expose(world, customer);
    if (world->atms[customer->terminal].mode == CAMERA_SURVEILLANCE && shown < switched)
        shown = switched;
    atm_switch_to_capture(&world->atms[customer->terminal], world->kernel.now);
    codes_shown(world, customer);
    if (customer->shot == 0)
        journey_prepare_shot(world, index);
    return shown + (first ? theft_of_image(world, index, shown) : 0);
}

static void present(struct world *world, uint32_t index)
{
    const struct customer *customer = &world->customers[index];
    uint32_t number = open_exchange(world, index, EXCHANGE_WITHDRAW, STEP_AT_BANK);
    exchange_at(world, number)->reservation = customer->reservation;
    unit_count(world->result, M_PRESENTATIONS_EACH, 1.0);
    exchange_ask(world, number);
}

static void after_show(struct world *world, uint32_t index)
{
    struct customer *customer = &world->customers[index];
    CHECK(shot_at(world, customer->shot)->conditions.camera_id == customer->terminal);
    atm_take_shot(&world->atms[customer->terminal]);
    present(world, index);
}

static simtime type_code_time(struct world *world, uint32_t index, struct stream *stream)
{
    (void)index;
    return people_typing_time(world->settings, (unsigned)world->settings->bank.sms_digits, stream);
}

static void after_reservation_code(struct world *world, uint32_t index)
{
    journey_enter(world, index, STEP_READ_SMS);
}

static simtime read_sms_time(struct world *world, uint32_t index, struct stream *stream)
{
    expose(world, &world->customers[index]);
    return distribution_delay(&world->settings->customers.read_sms, stream);
}

static void after_read_sms(struct world *world, uint32_t index)
{
    journey_enter(world, index, STEP_TYPE_SMS);
}

static simtime type_sms_time(struct world *world, uint32_t index, struct stream *stream)
{
    simtime typing = type_code_time(world, index, stream);
    return typing + (world->customers[index].tries == 0 ? theft_of_keys(world, index, typing) : 0);
}

/* --- at the bank --- */

static void count_picture(struct world *world, const struct shot *shot)
{
    double read = shot->decoded.status == DECODE_OK;
    struct unit_result *result = world->result;
    unit_ratio(result, M_DECODE_SUCCESS, read, 1.0);
    if (read > 0.0)
        unit_ratio(result, M_MISREADS, !token_code_is_read(&shot->code, &shot->decoded), 1.0);
    unit_curve(result, C_DISTANCE, shot->conditions.pose.distance_m * 1000.0, 1.0, read);
    unit_curve(result, C_DEFOCUS, shot->geometry.defocus_px, 1.0, read);
    unit_curve(result, C_MODULE, shot->geometry.module_px, 1.0, read);
}

static void present_image(struct world *world, uint32_t index, struct presentation *presentation)
{
    struct customer *customer = &world->customers[index];
    const struct shot *shot = shot_result(world, customer->shot, SHOWN_BY_OWNER);
    unit_count(world->result, M_PRESENTATIONS, 1.0);
    count_picture(world, shot);
    STORY(capture_of_customer, world, index, shot);
    shot_tell(shot, presentation);
    shot_drop(world, &customer->shot);
}

static void present_keys(struct world *world, uint32_t index, struct presentation *presentation)
{
    unsigned tries = world->customers[index].tries;
    char own_code[MESSAGE_DIGITS_BYTES], code[MESSAGE_DIGITS_BYTES];
    journey_codes(world, index, own_code, code);
    journey_typed(world, index, tries, STEP_TYPE_RESERVATION_CODE, own_code,
                  presentation->reservation_code);
    journey_typed(world, index, tries, STEP_TYPE_SMS, code, presentation->sms_code);
    bool wrong = strcmp(own_code, presentation->reservation_code) != 0 ||
                 strcmp(code, presentation->sms_code) != 0;
    unit_ratio(world->result, M_ENTRY_ERRORS, wrong, 1.0);
}

void journey_compose(struct world *world, uint32_t index, struct presentation *presentation)
{
    if (world_shows_images(world))
        present_image(world, index, presentation);
    else
        present_keys(world, index, presentation);
}

static void after_answer(struct world *world, uint32_t index, const struct exchange_answer *answer)
{
    struct customer *customer = &world->customers[index];
    int64_t most = world_shows_images(world) ? world->settings->terminals.shots : 60;
    customer->reason = (uint8_t)answer->reason;
    customer->final = answer->final;
    codes_refused(world, index, answer->reason);
    if (answer->reason == REASON_NONE) {
        customer->amount_minor = (uint32_t)answer->amount_minor;
        unit_time(world->result, M_EXPOSURE, answer->at_bank - customer->exposed);
        journey_enter(world, index, STEP_TAKE_CASH);
    } else if (customer->final || ++customer->tries >= most) {
        journey_leave_refused(world, index);
    } else {
        journey_enter(world, index,
                      world_shows_images(world) ? STEP_SHOW : STEP_TYPE_RESERVATION_CODE);
    }
}

void journey_answered(struct world *world, uint32_t index, const struct exchange_answer *answer)
{
    if (answer->exchange->what == EXCHANGE_LOOKUP)
        after_lookup(world, index, answer);
    else if (answer->exchange->what == EXCHANGE_CODE)
        after_code(world, index, answer);
    else
        after_answer(world, index, answer);
}

static simtime take_cash_time(struct world *world, uint32_t index, struct stream *stream)
{
    const struct settings *settings = world->settings;
    bool from_till = world_is_pos(world, world->customers[index].terminal);
    return distribution_delay(
        from_till ? &settings->terminals.pos.pay : &settings->customers.take_cash, stream);
}

/* Another amount than its owner wanted. */
static bool is_paid_as_altered(const struct world *world, uint32_t index)
{
    char own_code[MESSAGE_DIGITS_BYTES];
    return malware_alters(world, index) &&
           world->customers[index].amount_minor != wishes_draw(world, index, own_code);
}

static void after_cash(struct world *world, uint32_t index)
{
    struct customer *customer = &world->customers[index];
    uint32_t exchange = world->sessions[customer->terminal].exchange;
    bool from_till = world_is_pos(world, customer->terminal);
    if (pos_cannot_pay(world, customer->terminal, customer->amount_minor)) {
        exchange_decline(world, exchange);
        journey_refuse(world, index, REASON_TILL);
        return;
    }
    if (!exchange_dispense(world, exchange))
        return; /* the machine crashed, and the customer was told */
    STORY(customer, world, index, "dispensed amount_fen=%u", customer->amount_minor);
    double hour = fmod(simtime_to_seconds(world->kernel.now), 86400.0) / 3600.0;
    unit_count(world->result, M_PAID, 1.0);
    if (is_paid_as_altered(world, index))
        malware_paid(world);
    unit_ratio(world->result, M_PRESENTATIONS_EACH, 0.0, 1.0);
    unit_curve(world->result, C_WITHDRAWALS, hour, 0.0, 1.0);
    unit_time(world->result, M_SESSION, world->kernel.now - customer->since);
    if (from_till) {
        unit_count(world->result, M_POS_PAID, 1.0);
        unit_time(world->result, M_POS_SESSION, world->kernel.now - customer->since);
    }
    journey_leave(world, index, M_OUTCOME_PAID);
}

void journey_finish(struct world *world)
{
    for (int64_t i = 0; i < world->settings->customers.count; i++)
        if (world->customers[i].step != STEP_IDLE)
            world_count_outcome(world, M_OUTCOME_UNFINISHED);
}

static const struct journey_step steps[STEP_COUNT] = {
    [STEP_LOG_IN] = {log_in_time, wishes_logged_in},
    [STEP_TYPE_MOBILE] = {type_mobile_time, after_mobile},
    [STEP_SHOW] = {show_time, after_show},
    [STEP_TYPE_RESERVATION_CODE] = {type_code_time, after_reservation_code},
    [STEP_READ_SMS] = {read_sms_time, after_read_sms},
    [STEP_TYPE_SMS] = {type_sms_time, present},
    [STEP_TAKE_CASH] = {take_cash_time, after_cash},
};
