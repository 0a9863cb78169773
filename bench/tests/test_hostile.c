/*
 * Hostile frames are refused, the same way each time, and within a budget however small. What they
 * cost is the business of `cashpoint bench hostile`: no time is asserted here.
 */
#include "bench/batch.h"
#include "bench/hostile.h"
#include "symbology/symbology.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { ALL = (1u << SYMBOLOGY_COUNT) - 1 };

static struct decoded read_by(struct decoder *decoder, const struct frame *frame, double budget_ms)
{
    struct decode_rules rules = decode_rules_strict((enum symbology)0, 0);
    struct decoded decoded;
    rules.symbologies = ALL;
    rules.budget_ms = budget_ms;
    decoder_read(decoder, frame, &rules, &decoded);
    return decoded;
}

static void check_frame(struct decoder *decoder, const struct frame *frame, const char *name)
{
    struct decoder *fresh = decoder_new();
    struct decoded decoded = read_by(decoder, frame, 100), again = read_by(fresh, frame, 100);
    if (decoded.status == DECODE_OK)
        fail_msg("%s was read as %s", name, decoded.text);
    assert_int_equal(decoded.length, 0);
    assert_int_equal(decoded.status, again.status);
    assert_int_equal(decoded.step, again.step);
    assert_int_equal(read_by(decoder, frame, 0.01).status, DECODE_OVER_BUDGET);
    decoder_free(fresh);
}

static void test_refused(void **state)
{
    (void)state;
    static const unsigned sizes[][2] = {{640, 480}, {2048, 40}, {40, 2048}, {21, 21}};
    struct decoder *decoder = decoder_new();
    for (int kind = 0; kind < HOSTILE_COUNT; kind++)
        for (int size = 0; size < 4; size++) {
            struct frame frame = batch_frame_new(sizes[size][0], sizes[size][1]);
            hostile_paint(&frame, (enum hostile_kind)kind, (uint64_t)(kind + size));
            if (size < 3)
                check_frame(decoder, &frame, hostile_names[kind]);
            else
                assert_int_not_equal(read_by(decoder, &frame, 100).status, DECODE_OK);
            free(frame.pixels);
        }
    decoder_free(decoder);
}

/* Two megapixels are the most that is looked at; above that a frame is shrunk first. */
static void test_large(void **state)
{
    (void)state;
    static const unsigned sizes[][2] = {{1600, 1250}, {3000, 2000}, {16384, 8}, {8, 16384}};
    struct decoder *decoder = decoder_new();
    for (int size = 0; size < 4; size++) {
        struct frame frame = batch_frame_new(sizes[size][0], sizes[size][1]);
        hostile_paint(&frame, HOSTILE_FINDERS, (uint64_t)size);
        assert_int_not_equal(read_by(decoder, &frame, 100).status, DECODE_OK);
        free(frame.pixels);
    }
    decoder_free(decoder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_refused),
                                       cmocka_unit_test(test_large)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
