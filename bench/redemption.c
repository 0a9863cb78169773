#include "bench/redemption.h"

#include "bank/bank.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { FILE_CUSTOMERS = 64 };

struct desk {
    struct bank *bank;
    char path[256]; /* empty: in memory */
    struct presentation *ready;
    size_t items; /* so far: each a later one of the same customers */
};

static const struct bank_rules rules = {.code_digits = 12,
                                        .sms_digits = 6,
                                        .tries = 3,
                                        .look_ahead = 5,
                                        .code_lifetime = SIMTIME_HOUR,
                                        .note_minor = 10000,
                                        .daily_limit_minor = INT64_C(1000000000000)};

static struct bank *open_books(const char *path, bool synchronised)
{
    struct error error;
    struct bank_place place = {path, synchronised, 5};
    struct bank *bank = bank_open(&rules, (struct stream_key){.seed = 1}, &place, &error);
    CHECK(bank != NULL);
    return bank;
}

static uint64_t mobile_of(unsigned customer)
{
    return UINT64_C(13000000000) + customer * UINT64_C(618033989) % UINT64_C(1000000000);
}

static void register_customers(struct bank *bank, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        struct registration registration = {.mobile = mobile_of(i),
                                            .card = i,
                                            .opening_minor = INT64_C(1000000000000),
                                            .without_token = true};
        CHECK(bank_register(bank, &registration));
    }
}

/* What the customer will type, at a machine of the same number. */
static struct presentation reserve(struct bank *bank, unsigned customer, uint32_t trace)
{
    struct reservation_request request = {
        SCHEME_SMS_CODE, mobile_of(customer), customer, REDEMPTION_MINOR, "246810", 0,
        REQUESTER_PHONE};
    struct reservation_reply reply = bank_reserve(bank, &request, 0);
    CHECK(reply.reason == REASON_NONE);
    struct presentation ready = {.reservation = reply.reservation,
                                 .terminal = customer + 1,
                                 .trace = trace,
                                 .reservation_code = "246810"};
    memcpy(ready.sms_code, reply.sms_code, sizeof ready.sms_code);
    return ready;
}

/* What was paid; 0: refused. */
static int64_t redeem(struct bank *bank, const struct presentation *shown)
{
    struct verdict verdict = bank_present(bank, shown, SIMTIME_SECOND);
    struct dispense_report report = {shown->reservation, shown->terminal, shown->trace,
                                     verdict.amount_minor};
    bool paid = verdict.reason == REASON_NONE &&
                bank_dispensed(bank, &report, SIMTIME_SECOND) == REASON_NONE;
    return paid ? verdict.amount_minor : 0;
}

static void write_sum(struct answer *answer, int64_t sum)
{
    snprintf(answer->text, sizeof answer->text, "%lld", (long long)sum);
}

/* ---- in memory ---- */

static void *open_desk(const void *work)
{
    struct desk *desk = calloc(1, sizeof *desk);
    (void)work;
    CHECK(desk != NULL);
    desk->ready = calloc(REDEMPTIONS, sizeof *desk->ready);
    CHECK(desk->ready != NULL);
    return desk;
}

static void close_desk(void *scratch)
{
    struct desk *desk = scratch;
    bank_free(desk->bank);
    free(desk->ready);
    free(desk);
}

static void reserve_all(void *scratch, const void *work, size_t item)
{
    struct desk *desk = scratch;
    (void)work, (void)item;
    bank_free(desk->bank);
    desk->bank = open_books(NULL, false);
    register_customers(desk->bank, REDEMPTIONS);
    for (unsigned i = 0; i < REDEMPTIONS; i++)
        desk->ready[i] = reserve(desk->bank, i, 1);
}

static void redeem_all(void *scratch, const void *work, size_t item, struct answer *answer)
{
    struct desk *desk = scratch;
    int64_t sum = 0;
    (void)work, (void)item;
    for (unsigned i = 0; i < REDEMPTIONS; i++)
        sum += redeem(desk->bank, &desk->ready[i]);
    write_sum(answer, sum);
}

const struct subject redemption_in_memory = {
    .name = "in memory",
    .open = open_desk,
    .close = close_desk,
    .prepare = reserve_all,
    .run = redeem_all,
    .answers = true,
    .operations = REDEMPTIONS,
    .note = "codes checked, permit made, dispense booked: two transactions"};

/* ---- in a file ---- */

static struct desk *open_file(bool synchronised)
{
    const char *folder = getenv("TMPDIR");
    struct desk *desk = open_desk(NULL);
    snprintf(desk->path, sizeof desk->path, "%s/cashpoint-bench-%ld-%lx.db",
             folder != NULL ? folder : "/tmp", (long)getpid(), (unsigned long)pthread_self());
    desk->bank = open_books(desk->path, synchronised);
    register_customers(desk->bank, FILE_CUSTOMERS);
    return desk;
}

static void *open_synchronised(const void *work)
{
    (void)work;
    return open_file(true);
}

static void *open_written(const void *work)
{
    (void)work;
    return open_file(false);
}

static void close_file(void *scratch)
{
    struct desk *desk = scratch;
    char path[sizeof desk->path];
    memcpy(path, desk->path, sizeof path);
    close_desk(desk);
    unlink(path);
}

static void reserve_one(void *scratch, const void *work, size_t item)
{
    struct desk *desk = scratch;
    (void)work, (void)item;
    desk->ready[0] = reserve(desk->bank, desk->items % FILE_CUSTOMERS, (uint32_t)desk->items);
    desk->items++;
}

static void redeem_one(void *scratch, const void *work, size_t item, struct answer *answer)
{
    struct desk *desk = scratch;
    (void)work, (void)item;
    write_sum(answer, redeem(desk->bank, &desk->ready[0]));
}

const struct subject redemption_synchronised = {
    .name = "file, synchronised",
    .open = open_synchronised,
    .close = close_file,
    .prepare = reserve_one,
    .run = redeem_one,
    .answers = true,
    .operations = 1,
    .waits = true,
    .note = "by the clock: two waits for the disk, in the folder for temporary files (TMPDIR)"};

const struct subject redemption_written = {
    .name = "file, not synchronised",
    .open = open_written,
    .close = close_file,
    .prepare = reserve_one,
    .run = redeem_one,
    .answers = true,
    .operations = 1,
    .waits = true,
    .note = "by the clock: outlives a crash of the program, not a power loss"};
