/*
 * Whole units for tests: a small, busy world, run by some threads.
 */
#ifndef CASHPOINT_TESTS_UNITS_H
#define CASHPOINT_TESTS_UNITS_H

#include "experiment/scenario.h"
#include "world.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* A small, busy world: few customers, many thieves, short lives of codes. */
static inline struct settings small_world(void)
{
    struct settings settings;
    parameter_defaults(&settings_table, &settings);
    settings.customers.count = 60;
    settings.customers.reservations = 4.0 / 86400.0;
    settings.customers.typing_error = 0.03;
    settings.terminals.atms = 6;
    settings.duration = 6.0 * 3600.0;
    settings.customers.travel = distribution_constant(1200.0);
    settings.bank.code_lifetime = 2400.0;
    settings.attacks.watchers = 4;
    settings.attacks.photographers = 4;
    settings.attacks.relay = distribution_constant(1.0);
    settings.attacks.distraction = distribution_constant(60.0);
    for (int hour = 0; hour < PROFILE_HOURS; hour++)
        settings.customers.profile[hour] = 1.0;
    return settings;
}

struct outcome {
    enum world_end end;
    struct unit_result *result;
    struct error error;
};

static inline struct outcome watch_unit(const struct settings *settings, enum scheme scheme,
                                        int jobs, const struct world_watch *watch)
{
    struct outcome outcome = {.result = unit_result_new(&model_tables, scheme, 0)};
    struct pipeline *pipelines[8];
    unsigned width, height;
    world_frame_size(settings, &width, &height);
    for (int i = 0; i < jobs; i++)
        pipelines[i] = pipeline_new(width, height);
    struct workers *workers = workers_new(jobs, (void *const *)pipelines, 64);
    outcome.end =
        world_run(settings, scheme, 0, workers, NULL, watch, outcome.result, &outcome.error);
    workers_free(workers);
    for (int i = 0; i < jobs; i++)
        pipeline_free(pipelines[i]);
    return outcome;
}

static inline struct outcome run_unit(const struct settings *settings, enum scheme scheme, int jobs,
                                      enum bank_defect defect)
{
    struct world_watch watch = {.defect = defect};
    return watch_unit(settings, scheme, jobs, &watch);
}

static inline void assert_same_units(const struct unit_result *a, const struct unit_result *b)
{
    assert_int_equal(a->fingerprint, b->fingerprint);
    assert_memory_equal(a->numerator, b->numerator, M_COUNT * sizeof *a->numerator);
    assert_memory_equal(a->denominator, b->denominator, M_COUNT * sizeof *a->denominator);
    for (size_t curve = 0; curve < C_COUNT; curve++)
        assert_memory_equal(a->cells[curve], b->cells[curve],
                            model_tables.curves[curve].bins * sizeof **a->cells);
}

#endif
