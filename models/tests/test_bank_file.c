/* Books in a file: continued after a restart, refused where they are not ours, and whole though the
 * disk be full. */
#include "bank_storm.h"
#include "crash_vfs.h"

#include <setjmp.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static const char path[] = "bank-file.db";

static int set_up(void **state)
{
    (void)state;
    crash_vfs_fill(false);
    unlink(path);
    unlink("bank-file.db-wal");
    return 0;
}

static struct bank *try_open(struct error *error)
{
    struct bank_rules rules = storm_rules(BANK_SOUND);
    struct bank_place place = {path, false, 0};
    return bank_open(&rules, (struct stream_key){.seed = 1}, &place, error);
}

static struct bank *must_open(void)
{
    struct error error;
    struct bank *bank = try_open(&error);
    if (bank == NULL)
        fail_msg("%s", error.text);
    return bank;
}

static void assert_refused(const char *because)
{
    struct error error = {""};
    assert_null(try_open(&error));
    if (strstr(error.text, because) == NULL)
        fail_msg("\"%s\" does not say \"%s\"", error.text, because);
}

static void test_continues(void **state)
{
    struct bank *bank = must_open();
    struct registration registration = {UINT64_C(13000000001), 77, 500000, {0}, true};
    struct reservation_request request = {
        SCHEME_SMS_CODE, registration.mobile, 77, 10000, "1234", 1, REQUESTER_PHONE};
    (void)state;
    assert_true(bank_register(bank, &registration));
    struct reservation_reply reply = bank_reserve(bank, &request, 0);
    assert_int_equal(reply.reason, REASON_NONE);
    bank_free(bank);
    bank = must_open();
    assert_true(bank_is_registered(bank, registration.mobile));
    struct presentation presentation = {
        .reservation = reply.reservation, .terminal = 3, .trace = 1, .reservation_code = "1234"};
    memcpy(presentation.sms_code, reply.sms_code, sizeof presentation.sms_code);
    assert_int_equal(bank_present(bank, &presentation, 1).reason, REASON_NONE);
    bank_free(bank);
    bank = must_open();
    assert_int_equal(bank_present(bank, &presentation, 2).reason, REASON_NONE);
    presentation.trace = 2;
    assert_int_equal(bank_present(bank, &presentation, 2).reason, REASON_USED);
    request.request = 2; /* numbers go on after the last */
    assert_int_equal(bank_reserve(bank, &request, 3).reservation, reply.reservation + 1);
    bank_free(bank);
}

static void execute(const char *text)
{
    sqlite3 *handle;
    assert_int_equal(sqlite3_open(path, &handle), SQLITE_OK);
    assert_int_equal(sqlite3_exec(handle, text, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(handle);
}

static void test_not_ours(void **state)
{
    (void)state;
    execute("CREATE TABLE notes(text)");
    assert_refused("is no bank's database");
    set_up(state);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    for (int i = 0; i < 200; i++)
        fputs("these are no books at all\n", file);
    fclose(file);
    assert_refused("not a database");
    set_up(state);
    bank_free(must_open());
    execute("PRAGMA locking_mode = EXCLUSIVE; PRAGMA user_version = 99");
    assert_refused("version 99");
}

static void test_in_use(void **state)
{
    (void)state;
    struct bank *bank = must_open();
    assert_refused("another program has it");
    bank_free(bank);
    bank_free(must_open());
}

/* In a storm, the disk is full again and again: nothing is decided then, and nothing lost. */
static void test_full_disk(void **state)
{
    struct storm *storm = malloc(sizeof *storm);
    struct error error;
    struct bank *bank = must_open();
    (void)state;
    assert_non_null(storm);
    storm_init(storm, 3);
    storm_enrol(storm, bank);
    storm->disk_may_fail = true;
    for (unsigned i = 0; i < 20000; i++) {
        crash_vfs_fill(i / 50 % 4 == 3);
        if (!storm_step(storm, bank, &error))
            fail_msg("step %u: %s", i, error.text);
    }
    assert_true(storm->outs > 100);
    crash_vfs_fill(true);
    struct reservation_request request = {SCHEME_SMS_CODE, 1, 1, 10000, "1", 0, REQUESTER_PHONE};
    struct dispense_report report = {1, 1, 1, 1};
    assert_int_equal(bank_dispensed(bank, &report, 0), REASON_DATABASE);
    assert_int_equal(bank_reserve(bank, &request, 0).reason, REASON_UNKNOWN_MOBILE); /* reads */
    crash_vfs_fill(false);
    storm->disk_may_fail = false;
    if (!storm_finish(storm, bank, &error))
        fail_msg("%s", error.text);
    bank_free(bank);
    free(storm);
}

int main(void)
{
    crash_vfs_install();
#define TEST(name) cmocka_unit_test_setup(name, set_up)
    const struct CMUnitTest tests[] = {TEST(test_continues), TEST(test_not_ours), TEST(test_in_use),
                                       TEST(test_full_disk)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
