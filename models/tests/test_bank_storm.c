/* The bank in a storm of lost, late and repeated messages, with restarts: a sound one loses nothing
 * and pays nothing twice; each deliberate defect is found out. */
#include "bank_storm.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

static const char path[] = "bank-storm.db";

static void remove_files(void)
{
    static const char *const names[] = {"bank-storm.db", "bank-storm.db-wal"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        unlink(names[i]);
}

static struct bank *open_bank(enum bank_defect defect, bool file)
{
    struct bank_rules rules = storm_rules(defect);
    struct bank_place place = {file ? path : NULL, false, 1};
    struct error error;
    struct bank *bank = bank_open(&rules, (struct stream_key){.seed = 1}, &place, &error);
    if (bank == NULL)
        fail_msg("%s", error.text);
    return bank;
}

/* False with the first breach. In a file the bank is restarted now and then: what it knows by heart
 * alone is gone. `*reserved` (or null) receives the number of reservations. */
static bool weather(enum bank_defect defect, uint64_t seed, unsigned steps, bool file,
                    uint64_t *reserved, struct error *error)
{
    struct storm *storm = malloc(sizeof *storm);
    assert_non_null(storm);
    storm_init(storm, seed);
    remove_files();
    struct bank *bank = open_bank(defect, file);
    storm_enrol(storm, bank);
    bool good = true;
    for (unsigned i = 0; good && i < steps; i++) {
        good = storm_step(storm, bank, error);
        if (!good || !file || i % 47 != 46)
            continue;
        bank_free(bank);
        bank = open_bank(defect, file);
        good = storm_check(storm, bank, error);
    }
    good = good && storm_finish(storm, bank, error);
    if (good && storm->outs < steps / 200)
        fail_msg("only %llu withdrawals in %u steps", (unsigned long long)storm->outs, steps);
    for (int i = 0; reserved != NULL && i < STORM_CUSTOMERS; i++)
        if (storm->customers[i].reply.reservation > *reserved)
            *reserved = storm->customers[i].reply.reservation;
    bank_free(bank);
    remove_files();
    free(storm);
    return good;
}

/* 10^6 reservations and more where there is time. */
static void test_sound(void **state)
{
    struct error error = {""};
    uint64_t seeds = getenv("CASHPOINT_LONG") != NULL ? 700 : 4, sum = 0;
    (void)state;
    for (uint64_t seed = 1; seed <= seeds; seed++) {
        uint64_t reserved = 0;
        if (!weather(BANK_SOUND, seed, 50000, false, &reserved, &error))
            fail_msg("seed %llu: %s", (unsigned long long)seed, error.text);
        sum += reserved;
    }
    print_message("%llu reservations\n", (unsigned long long)sum);
    assert_true(sum >= seeds * 1450);
}

static void test_sound_with_restarts(void **state)
{
    struct error error = {""};
    (void)state;
    if (!weather(BANK_SOUND, 5, 20000, true, NULL, &error))
        fail_msg("%s", error.text);
}

static void test_defects(void **state)
{
    (void)state;
    for (int defect = BANK_SOUND + 1; defect < BANK_DEFECT_COUNT; defect++) {
        struct error error = {""};
        if (weather((enum bank_defect)defect, 7, 20000, true, NULL, &error))
            fail_msg("defect %d is not found out", defect);
        print_message("defect %2d: %s\n", defect, error.text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_sound),
                                       cmocka_unit_test(test_sound_with_restarts),
                                       cmocka_unit_test(test_defects)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
