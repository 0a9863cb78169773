#include "parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

struct stream world_stream(const struct world *world, uint64_t entity, enum stream_purpose purpose)
{
    struct stream stream;
    stream_init(&stream, (struct stream_key){(uint64_t)world->settings->seed, entity,
                                             world->replication, (uint16_t)purpose});
    return stream;
}

/* Entity: customer (24 bits), visit (14), try (6), step (4). */
struct stream_key visit_key_at(const struct world *world, uint32_t customer, unsigned visit,
                               unsigned try_number, unsigned step, enum stream_purpose purpose)
{
    CHECK(visit < 1 << 14 && try_number < 1 << 6 && step < 1 << 4);
    uint64_t entity = (uint64_t)customer << 24 | (uint64_t)visit << 10 | try_number << 4 | step;
    return (struct stream_key){(uint64_t)world->settings->seed, entity, world->replication,
                               (uint16_t)purpose};
}

struct stream_key visit_key(const struct world *world, uint32_t customer, unsigned try_number,
                            unsigned step, enum stream_purpose purpose)
{
    return visit_key_at(world, customer, world->customers[customer].visit, try_number, step,
                        purpose);
}

struct stream visit_stream(const struct world *world, uint32_t customer, unsigned try_number,
                           unsigned step, enum stream_purpose purpose)
{
    struct stream stream;
    stream_init(&stream, visit_key(world, customer, try_number, step, purpose));
    return stream;
}

/* Numbers that look like mobile and card numbers, scattered so that neighbours differ in many
 * digits (a multiplier coprime to 10^9 makes it a permutation). */
static uint64_t scatter(uint32_t customer)
{
    return (uint64_t)customer * UINT64_C(618033989) % UINT64_C(1000000000);
}

uint64_t world_mobile(uint32_t customer)
{
    return UINT64_C(13000000000) + scatter(customer);
}

uint64_t world_card(uint32_t customer)
{
    return UINT64_C(6222020000000000) + scatter(customer);
}

static void fill(struct stream *stream, uint8_t key[MESSAGE_KEY_BYTES])
{
    for (int i = 0; i < MESSAGE_KEY_BYTES; i += 4) {
        uint32_t word = stream_u32(stream);
        memcpy(key + i, &word, sizeof word);
    }
}

/* Of signatures the counter counts tokens. */
struct token_secret world_token_secret(const struct world *world, uint32_t customer)
{
    struct token_secret secret = {.issue = world->customers[customer].token_counter};
    struct stream stream = world_stream(world, customer, PURPOSE_TOKEN_KEY);
    fill(&stream, secret.key);
    return secret;
}

void world_heed_stop(struct world *world)
{
    if (world->watch != NULL && world->watch->stop != NULL && *world->watch->stop)
        world->halt = true;
}

static struct bank_rules rules_of(const struct world *world)
{
    const struct bank_settings *bank = &world->settings->bank;
    struct bank_rules rules = {
        .code = (enum code_kind)world->settings->code,
        .code_digits = (unsigned)world->settings->code_digits,
        .code_alphabet = (enum passcode_kind)world->settings->code_alphabet,
        .totp_step_s = (uint32_t)world->settings->totp_step,
        .totp_window = (unsigned)bank->totp_window,
        .binding = (enum bank_binding)bank->binding,
        .list_interval = simtime_from_seconds(bank->list_interval),
        .sms_digits = (unsigned)bank->sms_digits,
        .tries = (unsigned)bank->tries,
        .look_ahead = (unsigned)bank->look_ahead,
        .code_lifetime = simtime_from_seconds(bank->code_lifetime),
        .note_minor = llround(bank->note * 100.0),
        .daily_limit_minor = llround(bank->daily_limit * 100.0),
        .audit_each = world->timed,
        .defect = world->watch != NULL ? world->watch->defect : BANK_SOUND,
    };
    if (!world_shows_images(world)) { /* no token, no certificate */
        rules.code = CODE_HOTP;
        rules.binding = BINDING_MOBILE;
    }
    struct stream stream = world_stream(world, 0, PURPOSE_AUTHORITY);
    fill(&stream, rules.authority_seed);
    return rules;
}

/* Also how soon a run that is to stop does so. */
#define SWEEP_EVERY (SIMTIME_HOUR / 4)

static void on_sweep(void *argument, const struct event *event)
{
    struct world *world = argument;
    bank_expire(world->bank, event->at);
    world_heed_stop(world);
    if (world->watch != NULL && world->watch->progress != NULL)
        world->watch->progress(world->watch->observer,
                               simtime_to_seconds(event->at) / world->settings->duration);
    kernel_schedule(&world->kernel, SWEEP_EVERY, EVENT_SWEEP, 0, 0);
}

static const struct {
    const char *name; /* in a trace */
    kernel_handler *handle;
    enum story_subject subject;
} events[] = {
    [EVENT_RESERVE] = {"wish", on_reserve, STORY_CUSTOMER},
    [EVENT_ARRIVE] = {"arrive", on_arrive, STORY_CUSTOMER},
    [EVENT_STEP] = {"step-end", on_step, STORY_CUSTOMER},
    [EVENT_CARD_ARRIVE] = {"card-arrive", on_card_arrive, STORY_SITE},
    [EVENT_CARD_LEAVE] = {"card-leave", on_card_leave, STORY_ATM},
    [EVENT_SHIFT] = {"shift", on_shift, STORY_THIEF},
    [EVENT_PHOTOGRAPH] = {"photograph", on_photograph, STORY_ATTACK},
    [EVENT_STRIKE] = {"strike", on_strike, STORY_ATTACK},
    [EVENT_STRIKE_ASK] = {"strike-ask", on_strike_ask, STORY_ATTACK},
    [EVENT_STRIKE_SHOW] = {"strike-show", on_strike_show, STORY_ATTACK},
    [EVENT_STRIKE_DONE] = {"strike-done", on_strike_done, STORY_ATTACK},
    [EVENT_STRIKE_AWAY] = {"strike-away", on_strike_away, STORY_ATTACK},
    [EVENT_SWEEP] = {"sweep", on_sweep, STORY_BANK},
    [EVENT_RENEGE] = {"renege", on_renege, STORY_CUSTOMER},
    [EVENT_CARD_RENEGE] = {"card-renege", on_card_renege, STORY_SITE},
    [EVENT_FAIL] = {"fail", on_fail, STORY_ATM},
    [EVENT_REPAIR] = {"repair", on_repair, STORY_ATM},
    [EVENT_COUNTER_LEAVE] = {"counter-leave", on_counter_leave, STORY_SITE},
    [EVENT_TO_BANK] = {"to-bank", on_to_bank, STORY_EXCHANGE},
    [EVENT_SERVED] = {"served", on_served, STORY_EXCHANGE},
    [EVENT_FROM_BANK] = {"from-bank", on_from_bank, STORY_EXCHANGE},
    [EVENT_TIMEOUT] = {"timeout", on_timeout, STORY_EXCHANGE},
    [EVENT_BANK_CRASH] = {"bank-crash", on_bank_crash, STORY_BANK},
    [EVENT_BANK_RESTART] = {"bank-restart", on_bank_restart, STORY_BANK},
    [EVENT_CRASH] = {"crash", on_crash, STORY_ATM},
    [EVENT_RESTART] = {"restart", on_restart, STORY_ATM},
    [EVENT_POWER] = {"power", on_power, STORY_SITE},
    [EVENT_DAY_END] = {"day-end", on_day_end, STORY_BANK},
    [EVENT_TOKEN_LOST] = {"token-lost", on_token_lost, STORY_CUSTOMER},
    [EVENT_LISTED] = {"listed-fault", on_listed, STORY_BANK},
    [EVENT_TO_PHONE] = {"to-phone", on_to_phone, STORY_EXCHANGE},
    [EVENT_CODE_MADE] = {"code-made", on_code_made, STORY_EXCHANGE},
    [EVENT_REFILL] = {"refill", on_refill, STORY_ATM},
};

static void on_traced(void *world, const struct event *event)
{
    story_event(world, event, events[event->kind].name, events[event->kind].subject);
    events[event->kind].handle(world, event);
}

/* Where a trace listens, every event comes through one handler more; else the kernel knows none. */
static void handle_all(struct world *world)
{
    for (uint16_t kind = 0; kind < sizeof events / sizeof events[0]; kind++)
        kernel_handle(&world->kernel, kind, world->trace != NULL ? on_traced : events[kind].handle);
    bank_observe(world->bank, invariants_released, world);
}

/* Who is next but one, and where who is next will stand: with many customers, each is in no cache.
 */
static void look_ahead(const void *argument, const struct event *event, unsigned place)
{
    const struct world *world = argument;
    if (event->kind == EVENT_FROM_BANK && place == 1) {
        const struct exchange *exchange = exchange_at(world, event->subject);
        if (exchange->owner == OWNER_CUSTOMER)
            __builtin_prefetch(&world->customers[exchange->who]);
    }
    if (event->kind > EVENT_STEP)
        return;
    const struct customer *customer = &world->customers[event->subject];
    if (place == 1) {
        __builtin_prefetch(customer);
    } else if (event->kind == EVENT_ARRIVE || (event->detail & STEP_MASK) == STEP_TAKE_CASH) {
        const struct site *site = &world->crowd.sites[crowd_site(world, customer->terminal)];
        __builtin_prefetch(&world->atms[customer->terminal]);
        __builtin_prefetch(&world->sessions[customer->terminal]);
        for (size_t i = 0; i < sizeof *site; i += 64)
            __builtin_prefetch((const char *)site + i);
    }
}

/* Many of them lie in huge pages: events come to them in no order, and each would have to look up
 * the processor's way to another small page. */
static struct customer *many_customers(size_t count)
{
    const size_t huge = (size_t)1 << 21;
    size_t bytes = count * sizeof(struct customer);
    if (bytes < 2 * huge)
        return calloc(count, sizeof(struct customer));
    bytes = (bytes + huge - 1) / huge * huge;
    struct customer *customers = aligned_alloc(huge, bytes);
    if (customers != NULL) {
        madvise(customers, bytes, MADV_HUGEPAGE); /* a wish: without it, all goes on as it is */
        memset(customers, 0, bytes);
    }
    return customers;
}

static bool build(struct world *world, struct error *error)
{
    const struct settings *settings = world->settings;
    size_t customers = (size_t)settings->customers.count;
    station_build(world);
    post_build(world);
    crowd_build(world);
    size_t terminals = world->crowd.terminals;
    struct bank_rules rules = rules_of(world);
    struct stream_key sms_key = {(uint64_t)settings->seed, 0, world->replication, PURPOSE_SMS};
    kernel_init(&world->kernel, world, customers + terminals + 64,
                (enum events_form)settings->pending_set);
    profile_init(&world->profile, settings->customers.profile);
    struct token_form form = settings_token_form(settings);
    world->algorithm = token_algorithm_new(&form);
    world->token_model = settings_token(settings);
    world->customers = many_customers(customers);
    world->atms = calloc(terminals, sizeof *world->atms);
    world->sessions = calloc(terminals, sizeof *world->sessions);
    CHECK(world->customers != NULL && world->atms != NULL && world->sessions != NULL);
    for (size_t i = 0; i < terminals; i++)
        atm_init(&world->atms[i]);
    if (!books_open(world, &rules, sms_key, error))
        return false;
    pos_build(world);
    cash_build(world);
    bank_measure(world->bank, &world->result->stages[STAGE_VERIFY],
                 &world->result->stages[STAGE_REDEEM]);
    handle_all(world);
    world->kernel.ahead = look_ahead;
    return true;
}

static void destroy(struct world *world)
{
    for (uint32_t i = 0; i < world->shot_capacity; i++) {
        workers_cancel(world->workers, &world->shots[i]->task);
        free(world->shots[i]);
    }
    free(world->shots);
    free(world->free_shots);
    crowd_destroy(world);
    station_destroy(world);
    exchange_free_all(world);
    invariants_destroy(world);
    free(world->dispensed.entries);
    free(world->sessions);
    free(world->atms);
    free(world->tills);
    free(world->cassettes);
    free(world->customers);
    free(world->thieves);
    free(world->thief_at);
    free(world->attacks);
    books_close(world);
    token_algorithm_free(world->algorithm);
    kernel_fini(&world->kernel);
}

/* Of the thieves who stand at no machine, none is told where there is none. */
static bool may_happen(const struct attack_settings *attacks, int measure)
{
    if (measure == M_THEFTS_MALWARE)
        return attacks->malware.phones > 0.0 || attacks->malware.computers > 0.0;
    return measure != M_THEFTS_FORGER || attacks->forgers.reach > 0.0;
}

/* What is counted once, at the end. */
static void close_books(struct world *world)
{
    struct unit_result *result = world->result;
    double paid = result->numerator[M_PAID], away_s = 0.0;
    double duration = world->settings->duration;
    for (uint32_t i = 0; i < world->crowd.terminals; i++)
        away_s += simtime_to_seconds(world->atms[i].away_total);
    unit_ratio(result, M_SURVEILLANCE, away_s, paid);
    crowd_close(world);
    cash_close(world);
    station_close(world);
    wishes_close(world);
    for (int i = M_THEFTS; i <= M_THEFT_LOSS; i++)
        if (may_happen(&world->settings->attacks, i))
            result->denominator[i] += paid;
    for (double start = 0.0; start < duration; start += 3600.0)
        unit_curve(result, C_WITHDRAWALS, fmod(start, 86400.0) / 3600.0 + 0.5,
                   fmin(duration - start, 3600.0) / 3600.0, 0.0);
    unit_count(result, M_EVENTS, (double)world->kernel.dispatched);
    result->fingerprint = world->kernel.fingerprint;
}

static enum world_end run(struct world *world, struct error *error)
{
    wishes_start(world);
    cards_start(world);
    cash_start(world);
    failures_start(world);
    theft_start(world);
    faults_start(world);
    kernel_schedule(&world->kernel, SWEEP_EVERY, EVENT_SWEEP, 0, 0);
    simtime end = simtime_from_seconds(world->settings->duration);
    world_heed_stop(world);
    bool whole = kernel_run(&world->kernel, end, &world->halt);
    if (!books_check(world, error)) {
        world->invariants.broken = 0; /* no wonder */
        return WORLD_FAILED;
    }
    if (world->invariants.broken != 0) {
        *error = world->invariants.error;
        return WORLD_FAILED;
    }
    if (!whole)
        return WORLD_STOPPED;
    journey_finish(world);
    close_books(world);
    return oracle_check(world, error) ? WORLD_DONE : WORLD_FAILED;
}

/* Runs it once; `*broken` receives the reservation of which an invariant broke, or 0. */
static enum world_end run_once(struct world world, uint64_t *broken, struct error *error)
{
    CHECK(world.settings->world == WORLD_TOWN);
    enum world_end end = build(&world, error) ? run(&world, error) : WORLD_FAILED;
    *broken = world.invariants.broken != 0 ? world.invariants.reservation : 0;
    destroy(&world);
    return end;
}

/* The same again, for those who want to know how it came to that. */
static void tell_story(struct world world, uint64_t reservation)
{
    FILE *file = world.watch != NULL && world.watch->story != NULL ? world.watch->story : stderr;
    struct trace trace = {
        .file = file,
        .filter = {.to = SIMTIME_NEVER, .only = story_about_reservation(reservation)}};
    struct error error;
    world.trace = &trace;
    world.gallery = NULL;
    trace_remark(&trace, "the story of reservation %llu", (unsigned long long)reservation);
    unit_result_clear(world.result);
    run_once(world, &reservation, &error);
    fflush(file);
}

enum world_end world_run(const struct settings *settings, enum scheme scheme, unsigned replication,
                         struct workers *workers, struct gallery *gallery,
                         const struct world_watch *watch, struct unit_result *result,
                         struct error *error)
{
    struct world world = {.settings = settings,
                          .scheme = scheme,
                          .replication = replication,
                          .workers = workers,
                          .gallery = gallery,
                          .watch = watch,
                          .trace = watch != NULL ? watch->trace : NULL,
                          .result = result};
    uint64_t broken;
    enum world_end end = run_once(world, &broken, error);
    if (broken != 0 && world.trace == NULL)
        tell_story(world, broken);
    return end;
}
