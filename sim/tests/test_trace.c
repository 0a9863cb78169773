/* The trace: one form of line, filters that let through what they say, and a full disk. */
#include "asserts.h"
#include "engine/trace.h"

#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char *const kinds[] = {"customer", "atm", "reservation", NULL};
static const struct trace_filter everything = {.to = SIMTIME_NEVER};

/* A trace into memory. */
struct pad {
    struct trace trace;
    char *text;
    size_t length;
};

static void open_pad(struct pad *pad, const struct trace_filter *filter)
{
    *pad = (struct pad){.trace = {.filter = *filter}};
    pad->trace.file = open_memstream(&pad->text, &pad->length);
    assert_non_null(pad->trace.file);
}

static void assert_pad(struct pad *pad, const char *expected)
{
    struct error error;
    assert_true(trace_close(&pad->trace, &error));
    assert_string_equal(pad->text, expected);
    free(pad->text);
}

static void tell(struct trace *trace, simtime at, uint64_t customer, uint64_t atm)
{
    struct trace_entity concerned[] = {{"customer", customer}, {"atm", atm}};
    trace_line(trace, at, concerned, 2, "granted waited_s=1.5");
}

static void test_form(void **state)
{
    struct pad pad;
    struct trace_entity alone = {"customer", UINT64_MAX};
    (void)state;
    open_pad(&pad, &everything);
    trace_remark(&pad.trace, "unit %s", "one/0");
    tell(&pad.trace, 12345 * SIMTIME_SECOND + 678901234, 17, 4);
    trace_line(&pad.trace, 0, &alone, 1, "wish");
    trace_line(&pad.trace, INT64_MAX, &alone, 1, "end a=1 b=2");
    assert_int_equal(pad.trace.lines, 3);
    assert_pad(&pad, "# unit one/0\n"
                     "0000012345.678901234 granted customer:17 atm:4 waited_s=1.5\n"
                     "0000000000.000000000 wish customer:18446744073709551615\n"
                     "9223372036.854775807 end customer:18446744073709551615 a=1 b=2\n");
}

/* Both ends of the window belong to it. */
static void test_window(void **state)
{
    struct trace_filter filter = {.from = 10, .to = 20};
    struct pad pad;
    (void)state;
    open_pad(&pad, &filter);
    for (simtime at = 9; at <= 21; at++)
        if (at == 9 || at == 10 || at >= 20)
            tell(&pad.trace, at, (uint64_t)at, 0);
    assert_pad(&pad, "0000000000.000000010 granted customer:10 atm:0 waited_s=1.5\n"
                     "0000000000.000000020 granted customer:20 atm:0 waited_s=1.5\n");
}

/* Whoever of those concerned it is; neither another number nor another kind of the same number. */
static void test_entity(void **state)
{
    struct trace_filter filter = {.to = SIMTIME_NEVER};
    struct error error;
    struct pad pad;
    (void)state;
    assert_true(trace_parse_entity("atm:7", kinds, &filter.only, &error));
    open_pad(&pad, &filter);
    tell(&pad.trace, 1, 7, 3);
    tell(&pad.trace, 2, 3, 7);
    tell(&pad.trace, 3, 7, 7);
    tell(&pad.trace, 4, 7, 77);
    assert_int_equal(pad.trace.lines, 2);
    assert_pad(&pad, "0000000000.000000002 granted customer:3 atm:7 waited_s=1.5\n"
                     "0000000000.000000003 granted customer:7 atm:7 waited_s=1.5\n");
}

static void test_parse(void **state)
{
    static const char *const wrong[] = {"",
                                        "customer",
                                        "customer:",
                                        ":1",
                                        "customer:x",
                                        "customer:-1",
                                        "customer: 1",
                                        "customers:1",
                                        "custom:1",
                                        "customer:1 ",
                                        "customer:1:2",
                                        "Customer:1",
                                        "customer:18446744073709551616"};
    struct trace_entity entity;
    struct error error;
    (void)state;
    assert_true(trace_parse_entity("reservation:0123", kinds, &entity, &error));
    assert_ptr_equal(entity.kind, kinds[2]);
    assert_int_equal(entity.number, 123);
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        assert_false(trace_parse_entity(wrong[i], kinds, &entity, &error));
        assert_non_null(strstr(error.text, "KIND is customer, atm or reservation"));
    }
}

/* Whoever has no room for a trace loses it, is told, and nothing else. */
static void test_full(void **state)
{
    struct trace trace;
    struct error error;
    (void)state;
    assert_true(trace_open(&trace, "/dev/full", &everything, &error));
    for (simtime at = 0; at < 10000; at++)
        tell(&trace, at, 1, 2);
    assert_true(trace.lines < 10000);
    assert_false(trace_close(&trace, &error));
    assert_non_null(strstr(error.text, "/dev/full: the trace is not whole: No space left"));
    assert_false(trace_open(&trace, "/nowhere/trace", &everything, &error));
    assert_non_null(strstr(error.text, "/nowhere/trace: cannot be written"));
}

static void nobody_concerned(void)
{
    struct pad pad;
    open_pad(&pad, &everything);
    trace_line(&pad.trace, 0, NULL, 0, "wish");
}

static void test_misuse(void **state)
{
    (void)state;
    assert_aborts(nobody_concerned);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_form),  cmocka_unit_test(test_window), cmocka_unit_test(test_entity),
        cmocka_unit_test(test_parse), cmocka_unit_test(test_full),   cmocka_unit_test(test_misuse)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
