#include "story.h"

#include "parts.h"

enum kind { CUSTOMER, SITE, ATM, POS, THIEF, ATTACK, RESERVATION, CAPTURE, BANK, KINDS };

static const char *const kinds[KINDS + 1] = {[CUSTOMER] = "customer",
                                             [SITE] = "site",
                                             [ATM] = "atm",
                                             [POS] = "pos",
                                             [THIEF] = "thief",
                                             [ATTACK] = "attack",
                                             [RESERVATION] = "reservation",
                                             [CAPTURE] = "capture",
                                             [BANK] = "bank"};

static const char *const step_names[STEP_COUNT] = {
    [STEP_IDLE] = "idle",
    [STEP_TRAVEL] = "travel",
    [STEP_QUEUE] = "queue",
    [STEP_TYPE_MOBILE] = "type-mobile",
    [STEP_LOOKUP] = "lookup",
    [STEP_SHOW] = "show",
    [STEP_TYPE_RESERVATION_CODE] = "type-reservation-code",
    [STEP_READ_SMS] = "read-sms",
    [STEP_TYPE_SMS] = "type-sms",
    [STEP_AT_BANK] = "at-bank",
    [STEP_RESERVE] = "reserve",
    [STEP_TAKE_CASH] = "take-cash",
    [STEP_MAKE_CODE] = "make-code",
    [STEP_LOG_IN] = "log-in",
};

/* Whom a line concerns. */
struct concerned {
    struct trace_entity who[TRACE_MOST_CONCERNED];
    size_t count;
};

static void add(struct concerned *concerned, enum kind kind, uint64_t number)
{
    CHECK(concerned->count < TRACE_MOST_CONCERNED);
    concerned->who[concerned->count++] = (struct trace_entity){kinds[kind], number};
}

static void add_terminal(struct concerned *concerned, const struct world *world, uint32_t terminal)
{
    bool pos = world_is_pos(world, (uint16_t)terminal);
    add(concerned, pos ? POS : ATM, pos ? terminal - world->crowd.atms : terminal);
}

static struct concerned around_customer(const struct world *world, uint32_t index)
{
    const struct customer *customer = &world->customers[index];
    struct concerned concerned = {.count = 0};
    add(&concerned, CUSTOMER, index);
    if (customer->step == STEP_IDLE || customer->step == STEP_RESERVE ||
        customer->step == STEP_LOG_IN)
        return concerned;
    if (customer->step != STEP_TRAVEL && customer->step != STEP_QUEUE)
        add_terminal(&concerned, world, customer->terminal);
    add(&concerned, SITE, crowd_site(world, customer->terminal));
    add(&concerned, RESERVATION, customer->reservation);
    return concerned;
}

static struct concerned around_reservation(const struct world *world, uint32_t index)
{
    struct concerned concerned = {.count = 0};
    add(&concerned, CUSTOMER, index);
    add(&concerned, RESERVATION, world->customers[index].reservation);
    return concerned;
}

static struct concerned around_attack(const struct world *world, uint32_t index)
{
    const struct attack *attack = &world->attacks[index];
    struct concerned concerned = {.count = 0};
    add(&concerned, ATTACK, index);
    if (attack->thief != NO_THIEF)
        add(&concerned, THIEF, attack->thief);
    add(&concerned, CUSTOMER, attack->customer);
    if (attack->machine != UINT16_MAX)
        add(&concerned, ATM, attack->machine);
    add(&concerned, RESERVATION, attack->owned);
    if (attack->reservation != 0 && attack->reservation != attack->owned)
        add(&concerned, RESERVATION, attack->reservation);
    return concerned;
}

static struct concerned around_one(enum kind kind, uint64_t number)
{
    struct concerned concerned = {.count = 0};
    add(&concerned, kind, number);
    return concerned;
}

static struct concerned around_atm(const struct world *world, uint32_t index)
{
    struct concerned concerned = {.count = 0};
    add_terminal(&concerned, world, index);
    add(&concerned, SITE, crowd_site(world, (uint16_t)index));
    return concerned;
}

static struct concerned around_thief(const struct world *world, uint32_t index)
{
    struct concerned concerned = around_one(THIEF, index);
    add(&concerned, ATM, world->thieves[index].terminal);
    return concerned;
}

/* Whoever began it, though long gone; the transaction's own machine and reservation. */
static struct concerned around_exchange(const struct world *world, uint32_t number)
{
    const struct exchange *exchange = exchange_at(world, number);
    bool stolen = exchange->owner == OWNER_ATTACK;
    struct concerned concerned = around_one(stolen ? ATTACK : CUSTOMER, exchange->who);
    if (stolen) {
        if (world->attacks[exchange->who].thief != NO_THIEF)
            add(&concerned, THIEF, world->attacks[exchange->who].thief);
        add(&concerned, CUSTOMER, world->attacks[exchange->who].customer);
    }
    if (exchange->what != EXCHANGE_RESERVE)
        add_terminal(&concerned, world, exchange->terminal);
    if (exchange->reservation != 0)
        add(&concerned, RESERVATION, exchange->reservation);
    return concerned;
}

static void tell(const struct world *world, const struct concerned *concerned, const char *format,
                 va_list arguments)
{
    char text[TRACE_TEXT_BYTES];
    if (!trace_wants(world->trace, world->kernel.now, concerned->who, concerned->count))
        return;
    int length = vsnprintf(text, sizeof text, format, arguments);
    CHECK(length > 0 && length < (int)sizeof text);
    trace_line(world->trace, world->kernel.now, concerned->who, concerned->count, text);
}

__attribute__((format(printf, 3, 4))) static void
tell_of(const struct world *world, const struct concerned *concerned, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    tell(world, concerned, format, arguments);
    va_end(arguments);
}

#define TELLER(name, around)                                                      \
    void name(const struct world *world, uint32_t index, const char *format, ...) \
    {                                                                             \
        struct concerned concerned = around;                                      \
        va_list arguments;                                                        \
        va_start(arguments, format);                                              \
        tell(world, &concerned, format, arguments);                               \
        va_end(arguments);                                                        \
    }

TELLER(story_customer, around_customer(world, index))
TELLER(story_reservation, around_reservation(world, index))
TELLER(story_attack, around_attack(world, index))
TELLER(story_thief, around_thief(world, index))
TELLER(story_site, around_one(SITE, index))
TELLER(story_atm, around_atm(world, index))
TELLER(story_bank, around_one(BANK, index))

void story_exchange(const struct world *world, uint32_t number, const char *format, ...)
{
    const struct exchange *exchange = exchange_at(world, number);
    struct concerned concerned = around_exchange(world, number);
    char text[TRACE_TEXT_BYTES / 2];
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    CHECK(length > 0 && length < (int)sizeof text);
    if (exchange->what == EXCHANGE_WITHDRAW)
        tell_of(world, &concerned, "%s trace=%u", text, exchange->trace);
    else
        tell_of(world, &concerned, "%s", text);
}

const char *story_reason(enum reason reason)
{
#define X(id, name, text) name,
    static const char *const names[] = {REASONS(X)};
#undef X
    CHECK((unsigned)reason < REASON_COUNT);
    return names[reason];
}

/* --- pictures --- */

static void tell_capture(const struct world *world, struct concerned concerned, const char *by,
                         const struct shot *shot)
{
    const struct capture_geometry *geometry = &shot->geometry;
    bool seen = shot->decoded.status != DECODE_NO_SYMBOL;
    add(&concerned, CAPTURE, world->captures);
    tell_of(world, &concerned,
            "capture by=%s status=%s module_px=%.3f defocus_px=%.3f motion_px=%.3f "
            "distance_mm=%.1f cascade_step=%d",
            by, decode_status_name(shot->decoded.status), geometry->module_px, geometry->defocus_px,
            geometry->motion_px, shot->conditions.pose.distance_m * 1e3,
            seen ? shot->decoded.step : -1);
}

void story_capture_of_customer(const struct world *world, uint32_t customer,
                               const struct shot *shot)
{
    tell_capture(world, around_customer(world, customer), "customer", shot);
}

/* Before the accomplice has come to a machine, it is the thief's photograph. */
void story_capture_of_attack(const struct world *world, uint32_t attack, const struct shot *shot)
{
    bool photograph = world->attacks[attack].machine == UINT16_MAX;
    tell_capture(world, around_attack(world, attack), photograph ? "thief" : "accomplice", shot);
}

/* --- the bank --- */

/* The inverse of world_mobile(): the multiplier's inverse modulo 10^9. */
static uint32_t customer_of(uint64_t mobile)
{
    uint64_t scattered = mobile - world_mobile(0);
    uint32_t customer = (uint32_t)(scattered * UINT64_C(1536909) % UINT64_C(1000000000));
    CHECK(world_mobile(customer) == mobile);
    return customer;
}

void story_released(void *argument, uint64_t reservation, uint64_t mobile, enum reason why)
{
    const struct world *world = argument;
    struct concerned concerned = around_one(RESERVATION, reservation);
    add(&concerned, CUSTOMER, customer_of(mobile));
    tell_of(world, &concerned, "%s", story_reason(why));
}

/* --- the engine --- */

/* Whom the event concerns, with what its detail says. */
static struct concerned around_event(const struct world *world, const struct event *event,
                                     enum story_subject subject)
{
    switch (subject) {
    case STORY_CUSTOMER:
        return around_customer(world, event->subject);
    case STORY_SITE:
        return around_one(SITE, event->subject);
    case STORY_ATM:
        return around_atm(world, event->subject);
    case STORY_THIEF:
        return around_thief(world, event->subject);
    case STORY_ATTACK:
        return around_attack(world, event->subject);
    case STORY_EXCHANGE:
        return around_exchange(world, event->subject);
    case STORY_BANK:
        break;
    }
    return around_one(BANK, event->subject);
}

static const char *const letters[] = {"request", "reversal", "advice", "none"};

static void put_detail(const struct world *world, const struct event *event, char *text,
                       size_t room)
{
    text[0] = '\0';
    switch (event->kind) {
    case EVENT_RESERVE:
        snprintf(text, room, "%s", event->detail != 0 ? "-again" : "");
        break;
    case EVENT_ARRIVE: {
        uint16_t terminal = world->customers[event->subject].terminal;
        const struct resource *machines = &world->crowd.sites[crowd_site(world, terminal)].machines;
        snprintf(text, room, " busy=%u queue_length=%zu", machines->busy, machines->length);
        break;
    }
    case EVENT_STEP:
        snprintf(text, room, " step=%s", story_step(event->detail & STEP_MASK));
        break;
    case EVENT_TO_BANK:
    case EVENT_SERVED:
        snprintf(text, room, " message=%s repetition=%u copy=%u", letters[event->detail & 3],
                 event->detail >> 2 & 127, event->detail >> 9 & 1);
        break;
    case EVENT_FROM_BANK:
        snprintf(text, room, " reply=%s reason=%s", letters[event->detail & 3],
                 story_reason((enum reason)(event->detail >> 2 & 0xff)));
        break;
    case EVENT_TO_PHONE:
    case EVENT_CODE_MADE:
        snprintf(text, room, " repetition=%u copy=%u", event->detail >> 1, event->detail & 1);
        break;
    case EVENT_CARD_RENEGE:
        snprintf(text, room, " arrival=%u", world->crowd.waiters[event->detail - 1].guest.who);
        break;
    case EVENT_CARD_ARRIVE:
    case EVENT_CARD_LEAVE:
    case EVENT_COUNTER_LEAVE:
        snprintf(text, room, " arrival=%u", event->detail);
        break;
    default:
        break;
    }
}

void story_event(const struct world *world, const struct event *event, const char *name,
                 enum story_subject subject)
{
    char detail[96];
    struct concerned concerned = around_event(world, event, subject);
    if (!trace_wants(world->trace, event->at, concerned.who, concerned.count))
        return;
    put_detail(world, event, detail, sizeof detail);
    tell_of(world, &concerned, "%s%s event=%llu", name, detail,
            (unsigned long long)world->kernel.dispatched);
}

const char *story_step(unsigned step)
{
    CHECK(step < STEP_COUNT);
    return step_names[step];
}

/* --- filters --- */

struct trace_entity story_about_reservation(uint64_t reservation)
{
    return (struct trace_entity){kinds[RESERVATION], reservation};
}

static uint64_t how_many(const struct settings *settings, const char *kind)
{
    if (kind == kinds[CUSTOMER])
        return (uint64_t)settings->customers.count;
    if (kind == kinds[SITE])
        return (uint64_t)(settings->terminals.atms / settings->terminals.per_site +
                          settings->terminals.pos.count);
    if (kind == kinds[ATM])
        return (uint64_t)settings->terminals.atms;
    if (kind == kinds[POS])
        return (uint64_t)settings->terminals.pos.count;
    if (kind == kinds[THIEF])
        return (uint64_t)(settings->attacks.watchers + settings->attacks.photographers);
    return kind == kinds[BANK] ? 1 : UINT64_MAX;
}

bool story_parse_entity(const char *text, const struct settings *settings,
                        struct trace_entity *entity, struct error *error)
{
    if (!trace_parse_entity(text, kinds, entity, error))
        return false;
    uint64_t count = how_many(settings, entity->kind);
    if (entity->number < count)
        return true;
    return count == 0 ? error_set(error, "'%s': this scenario has no %s", text, entity->kind)
                      : error_set(error, "'%s': this scenario has %s:0 to %s:%llu", text,
                                  entity->kind, entity->kind, (unsigned long long)(count - 1));
}
