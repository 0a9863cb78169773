/* Units of which a test expects that the oracle is content, and those of which it does not. */
#ifndef CASHPOINT_TESTS_SOUND_UNITS_H
#define CASHPOINT_TESTS_SOUND_UNITS_H

#include "tests/units.h"

/* The story of a breach goes nowhere. */
static inline struct outcome run_watched(const struct settings *settings, enum scheme scheme,
                                         int jobs, struct world_watch watch)
{
    watch.story = fopen("/dev/null", "w");
    assert_non_null(watch.story);
    struct outcome it = watch_unit(settings, scheme, jobs, &watch);
    fclose(watch.story);
    return it;
}

static inline struct outcome run_sound(const struct settings *settings, enum scheme scheme,
                                       int jobs)
{
    struct outcome it = run_watched(settings, scheme, jobs, (struct world_watch){.story = NULL});
    if (it.end != WORLD_DONE)
        print_error("%s\n", it.error.text);
    assert_int_equal(it.end, WORLD_DONE);
    return it;
}

static inline double refused(const struct unit_result *result, enum reason reason)
{
    return result->numerator[measure_refused(reason)];
}

#endif
