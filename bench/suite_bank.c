/*
 * The bank and the town around it, without images.
 *
 * withdrawal: an item is a bank in memory and WITHDRAWALS customers of it, one after the other,
 * each registered (outside the clock), who reserve, come to a machine, type their codes and are
 * paid: bank_reserve, bank_begin, bank_present, bank_dispensed. Set against the bare statements
 * that such a withdrawal cannot do without (peers/bare_sqlite.h).
 *
 * redemption: the terminal's part of it alone (redemption.h), in memory and in a file.
 *
 * town: an item is a replication of one day of a small town, sms-code: customers, machines, engine
 * and bank; an operation is a withdrawal paid (their mean over the items).
 *
 * Before any speed is taken, every item is run and its books are audited; a bank that pays another
 * sum, or a broken invariant, makes every answer wrong.
 */
#include "bench/peers/bare_sqlite.h"
#include "bench/redemption.h"
#include "bench/suite.h"
#include "experiment/scenario.h"
#include "world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WITHDRAWALS = 1000, AMOUNT_MINOR = 80000, TOWN_CUSTOMERS = 2000 };

static uint64_t mobile_of(unsigned customer)
{
    return UINT64_C(13000000000) + customer * UINT64_C(618033989) % UINT64_C(1000000000);
}

/* ---- the bank ---- */

struct counter_desk {
    struct bank *bank;
};

static void *open_desk(const void *work)
{
    (void)work;
    struct counter_desk *desk = calloc(1, sizeof *desk);
    CHECK(desk != NULL);
    return desk;
}

static void close_desk(void *scratch)
{
    struct counter_desk *desk = scratch;
    bank_free(desk->bank);
    free(desk);
}

static void register_all(void *scratch, const void *work, size_t item)
{
    struct counter_desk *desk = scratch;
    struct error error;
    const struct bank_rules rules = {.code_digits = 12,
                                     .sms_digits = 6,
                                     .tries = 3,
                                     .look_ahead = 5,
                                     .code_lifetime = SIMTIME_HOUR,
                                     .note_minor = 10000,
                                     .daily_limit_minor = 300000};
    (void)work;
    bank_free(desk->bank);
    desk->bank =
        bank_new(&rules, (struct stream_key){.seed = 1, .replication = (uint32_t)item}, &error);
    CHECK(desk->bank != NULL);
    for (unsigned i = 0; i < WITHDRAWALS; i++) {
        struct registration registration = {
            .mobile = mobile_of(i), .card = i, .opening_minor = 500000, .without_token = true};
        CHECK(bank_register(desk->bank, &registration));
    }
}

/* What was paid; 0: refused somewhere. */
static int64_t withdraw(struct bank *bank, unsigned customer, simtime now)
{
    struct reservation_request request = {
        SCHEME_SMS_CODE, mobile_of(customer), customer, AMOUNT_MINOR, "246810", 0, REQUESTER_PHONE};
    struct reservation_reply reply = bank_reserve(bank, &request, now);
    struct withdrawal_request at_machine = {SCHEME_SMS_CODE, customer, mobile_of(customer), 0, 0};
    struct capture_order order = bank_begin(bank, &at_machine, now);
    struct presentation presentation = {
        .reservation = order.reservation, .terminal = customer, .trace = 1};
    memcpy(presentation.reservation_code, request.reservation_code,
           sizeof presentation.reservation_code);
    memcpy(presentation.sms_code, reply.sms_code, sizeof presentation.sms_code);
    struct verdict verdict = bank_present(bank, &presentation, now);
    struct dispense_report report = {order.reservation, customer, 1, verdict.amount_minor};
    bool paid = verdict.reason == REASON_NONE && bank_dispensed(bank, &report, now) == REASON_NONE;
    return paid ? verdict.amount_minor : 0;
}

static void withdraw_all(void *scratch, const void *work, size_t item, struct answer *answer)
{
    struct counter_desk *desk = scratch;
    int64_t sum = 0;
    (void)work, (void)item;
    for (unsigned i = 0; i < WITHDRAWALS; i++)
        sum += withdraw(desk->bank, i, (simtime)i * SIMTIME_SECOND);
    snprintf(answer->text, sizeof answer->text, "%lld", (long long)sum);
}

/* Fills truths with what all were to be paid; false answers where the audit disagrees. */
static void audit_desk(size_t items, struct answer *truths)
{
    struct counter_desk *desk = open_desk(NULL);
    const int64_t due = (int64_t)WITHDRAWALS * AMOUNT_MINOR;
    for (size_t i = 0; i < items; i++) {
        struct answer answer;
        register_all(desk, NULL, i);
        withdraw_all(desk, NULL, i, &answer);
        struct bank_totals totals = bank_audit(desk->bank);
        bool good = totals.paid_minor == due && totals.payments_minor == due &&
                    totals.payments == WITHDRAWALS && totals.held_minor == 0 &&
                    totals.open_minor == 0 && totals.paid_twice == 0 && totals.unbalanced == 0 &&
                    totals.strays == 0;
        snprintf(truths[i].text, sizeof truths[i].text, good ? "%lld" : "not %lld", (long long)due);
    }
    close_desk(desk);
}

/* ---- bare statements ---- */

struct bare_desk {
    struct bare_sqlite *bare;
};

static void *open_bare(const void *work)
{
    (void)work;
    struct bare_desk *desk = calloc(1, sizeof *desk);
    CHECK(desk != NULL);
    return desk;
}

static void close_bare(void *scratch)
{
    struct bare_desk *desk = scratch;
    if (desk->bare != NULL)
        bare_sqlite_free(desk->bare);
    free(desk);
}

static void fill_bare(void *scratch, const void *work, size_t item)
{
    struct bare_desk *desk = scratch;
    (void)work, (void)item;
    if (desk->bare != NULL)
        bare_sqlite_free(desk->bare);
    desk->bare = bare_sqlite_new(WITHDRAWALS);
}

static void withdraw_bare(void *scratch, const void *work, size_t item, struct answer *answer)
{
    struct bare_desk *desk = scratch;
    int64_t sum = 0;
    (void)work, (void)item;
    for (unsigned i = 0; i < WITHDRAWALS; i++)
        sum += bare_sqlite_withdraw(desk->bare, i, AMOUNT_MINOR, 246810);
    snprintf(answer->text, sizeof answer->text, "%lld", (long long)sum);
}

/* ---- the town ---- */

static struct settings town_settings(void)
{
    struct settings settings;
    parameter_defaults(&settings_table, &settings);
    settings.customers.count = TOWN_CUSTOMERS;
    settings.customers.reservations = 0.4 / 86400.0;
    settings.terminals.atms = TOWN_CUSTOMERS / 50;
    settings.terminals.card_customers = 0.0;
    settings.duration = 86400.0;
    return settings;
}

/* False where an invariant of the books is broken. */
static bool run_town(size_t replication, double *paid, uint64_t *fingerprint)
{
    struct settings settings = town_settings();
    struct unit_result *result =
        unit_result_new(&model_tables, SCHEME_SMS_CODE, (unsigned)replication);
    struct error error;
    bool good = world_run(&settings, SCHEME_SMS_CODE, (unsigned)replication, NULL, NULL, NULL,
                          result, &error) == WORLD_DONE;
    *paid = result->numerator[M_PAID];
    *fingerprint = result->fingerprint;
    unit_result_free(result);
    return good;
}

static void *open_town(const void *work)
{
    (void)work;
    return NULL;
}

static void close_town(void *scratch)
{
    (void)scratch;
}

static void live_a_day(void *scratch, const void *work, size_t item, struct answer *answer)
{
    double paid;
    uint64_t fingerprint;
    (void)scratch, (void)work;
    if (run_town(item, &paid, &fingerprint))
        snprintf(answer->text, sizeof answer->text, "%016llx", (unsigned long long)fingerprint);
}

/* Fills truths; returns the mean of the withdrawals paid. */
static double audit_town(size_t items, struct answer *truths)
{
    double sum = 0.0, paid;
    uint64_t fingerprint;
    for (size_t i = 0; i < items; i++) {
        bool good = run_town(i, &paid, &fingerprint);
        snprintf(truths[i].text, sizeof truths[i].text, good ? "%016llx" : "not %016llx",
                 (unsigned long long)fingerprint);
        sum += paid;
    }
    return sum / (double)items;
}

/* ---- redemptions ---- */

static void redeem_each(struct bench *bench, const struct subject *subject, double bare_s)
{
    size_t items = bench_effort(bench)->items;
    struct answer *truths = calloc(items, sizeof *truths);
    CHECK(truths != NULL);
    for (size_t i = 0; i < items; i++)
        snprintf(truths[i].text, sizeof truths[i].text, "%.0f",
                 subject->operations * REDEMPTION_MINOR);
    bench_measure(bench, "redemption", subject, NULL, truths, bare_s);
    free(truths);
}

static void redeem(struct bench *bench, double bare_s)
{
    redeem_each(bench, &redemption_in_memory, bare_s);
    redeem_each(bench, &redemption_synchronised, bare_s);
    redeem_each(bench, &redemption_written, bare_s);
}

static void run(struct bench *bench)
{
    size_t items = bench_effort(bench)->items;
    struct answer *truths = calloc(items, sizeof *truths);
    CHECK(truths != NULL);
    static const struct subject bare = {.name = "bare statements",
                                        .open = open_bare,
                                        .close = close_bare,
                                        .prepare = fill_bare,
                                        .run = withdraw_bare,
                                        .answers = true,
                                        .peer = true,
                                        .operations = WITHDRAWALS};
    static const struct subject bank = {.name = "bank",
                                        .open = open_desk,
                                        .close = close_desk,
                                        .prepare = register_all,
                                        .run = withdraw_all,
                                        .answers = true,
                                        .operations = WITHDRAWALS,
                                        .note = "every answer audited; registration not counted"};
    struct subject town = {
        .name = "town", .open = open_town, .close = close_town, .run = live_a_day, .answers = true};
    char note[160];
    audit_desk(items, truths);
    double bare_s = bench_measure(bench, "withdrawal", &bare, NULL, truths, 0)->median_s;
    bench_measure(bench, "withdrawal", &bank, NULL, truths, bare_s);
    redeem(bench, bare_s);
    town.operations = audit_town(items, truths);
    snprintf(note, sizeof note,
             "a day of %d customers and all that happens to them, for one withdrawal paid",
             TOWN_CUSTOMERS);
    town.note = note;
    bench_measure(bench, "day", &town, NULL, truths, bare_s);
    free(truths);
}

const struct suite suite_bank = {
    "bank",
    "a withdrawal through the bank, and in a town; peer: bare SQLite statements",
    run,
    "bare_statements",
    "a withdrawal",
    NULL,
    false};
