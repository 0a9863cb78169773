/* The farm: the same numbers from any number of processes, and every kind of trouble is told. */
#include "asserts.h"
#include "experiment/farm.h"
#include "open_design.h"

#include <signal.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

enum { PAID, WAIT, MEASURES, REPLICATIONS = 5, UNITS = 2 * POINTS * REPLICATIONS };

static const struct measure measures[MEASURES] = {
    [PAID] = {"paid", "1", "", MEASURE_COUNT, 1, false},
    [WAIT] = {"wait", "s", "", MEASURE_TIME, 1, false},
};
static const char *const schemes[] = {"one", "two", NULL};
static const struct model_tables tables = {measures, NULL, schemes, NULL, MEASURES, 0, 2, 0, NULL};

/* Which unit gets into which trouble. */
struct model {
    unsigned replication;
    enum { FINE, STOPS, FAILS, DIES, IS_KILLED } trouble;
    unsigned kept; /* in the parent */
    bool keeper_fails;
    bool (*wanted)(void *model, size_t unit);
};

static bool until_five(void *pointer, size_t unit)
{
    (void)unit;
    return ((struct model *)pointer)->kept < 5;
}

static enum unit_end run(void *pointer, struct unit_result *unit, struct error *error)
{
    const struct model *model = pointer;
    bool here = model->trouble != FINE && unit->replication == model->replication;
    unit_count(unit, PAID, 1.0 / (3.0 + unit->replication));
    for (unsigned i = 0; i < 2000; i++)
        unit_time(unit, WAIT, (simtime)i * (1 + unit->scheme) * 1000003);
    unit->fingerprint = 99 * unit->point + 7 * unit->replication + unit->scheme;
    if (here && model->trouble == DIES)
        _exit(3);
    if (here && model->trouble == IS_KILLED)
        raise(SIGKILL);
    if (here && model->trouble == FAILS)
        (void)error_set(error, "no paper in %u", unit->replication);
    return !here || model->trouble > FAILS ? UNIT_DONE
           : model->trouble == STOPS       ? UNIT_STOPPED
                                           : UNIT_FAILED;
}

static bool keep(void *pointer, const struct unit_result *unit, struct error *error)
{
    struct model *model = pointer;
    assert_true(unit->done);
    model->kept++;
    return !model->keeper_fails || error_set(error, "no room");
}

static volatile bool never = false;

static enum unit_end farm_it(struct design *design, struct model *model, unsigned processes,
                             struct error *error)
{
    struct farm farm = {.processes = processes,
                        .run = run,
                        .keep = keep,
                        .model = model,
                        .stop = &never,
                        .wanted = model->wanted};
    return farm_run(&farm, design, error);
}

static void assert_units(const struct design *design)
{
    assert_int_equal(design->done, UNITS);
    for (size_t i = 0; i < UNITS; i++) {
        const struct unit_result *unit = design->units[i];
        assert_true(unit->done && unit->numerator[PAID] == 1.0 / (3.0 + unit->replication));
        assert_int_equal(unit->times[WAIT]->n, 2000);
        assert_int_equal(unit->fingerprint,
                         99 * unit->point + 7 * unit->replication + unit->scheme);
    }
}

static void test_any_number_of_processes(void **state)
{
    static const unsigned numbers[] = {1, 2, 3, 7, 50};
    (void)state;
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        struct design design;
        struct model model = {0};
        struct error error;
        open_design(&design, &tables, 3, REPLICATIONS);
        assert_int_equal(farm_it(&design, &model, numbers[i], &error), UNIT_DONE);
        assert_units(&design);
        assert_int_equal(model.kept, UNITS);
        assert_int_equal(farm_it(&design, &model, numbers[i], &error), UNIT_DONE);
        assert_int_equal(model.kept, UNITS); /* nothing is run twice */
        design_fini(&design);
    }
}

/* Trouble ends the run; what was done is kept, and a second run without trouble does the rest. */
static void test_trouble(void **state)
{
    static const struct {
        int trouble;
        enum unit_end end;
        const char *why;
    } rows[] = {{STOPS, UNIT_STOPPED, ""},
                {FAILS, UNIT_FAILED, "no paper in 4"},
                {DIES, UNIT_FAILED, "replication 4 of one died"},
                {IS_KILLED, UNIT_FAILED, "replication 4 of one died"}};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        for (unsigned processes = rows[i].trouble >= DIES ? 2 : 1; processes <= 3; processes++) {
            struct design design;
            struct error error = {{0}};
            struct model model = {.replication = 4};
            memcpy(&model.trouble, &rows[i].trouble, sizeof model.trouble);
            open_design(&design, &tables, 1, REPLICATIONS);
            assert_int_equal(farm_it(&design, &model, processes, &error), rows[i].end);
            if (strstr(error.text, rows[i].why) == NULL)
                fail_msg("said: %s", error.text);
            assert_int_equal(model.kept, design.done);
            assert_true(design.done >= 1 && design.done < POINTS * REPLICATIONS);
            model.trouble = FINE;
            assert_int_equal(farm_it(&design, &model, processes, &error), UNIT_DONE);
            assert_int_equal(design.done, POINTS * REPLICATIONS);
            for (size_t u = 0; u < design.count; u++)
                assert_int_equal(design.units[u]->times[WAIT]->n, 2000);
            design_fini(&design);
        }
}

/* What is not wanted any more is not run: the run ends well, early, and nothing is lost of what was
 * done. */
static void test_enough(void **state)
{
    (void)state;
    for (unsigned processes = 1; processes <= 4; processes++) {
        struct design design;
        struct error error = {{0}};
        struct model model = {.wanted = until_five};
        open_design(&design, &tables, 3, REPLICATIONS);
        assert_int_equal(farm_it(&design, &model, processes, &error), UNIT_DONE);
        assert_true(model.kept >= 5 && model.kept < 5 + processes);
        assert_int_equal(design.done, model.kept);
        assert_int_equal(farm_it(&design, &model, processes, &error), UNIT_DONE);
        assert_true(model.kept < 5 + processes); /* still enough: nothing is run */
        unsigned whole = experiment_whole(&design.points[0]);
        assert_true(2 * whole <= model.kept); /* 0 where the first units were overtaken */
        design_keep(&design, 0, whole);
        design_keep(&design, 1, 0);
        assert_int_equal(design.count, 2 * whole);
        assert_int_equal(design.done, 2 * whole);
        assert_int_equal(experiment_whole(&design.points[0]), whole);
        design_fini(&design);
    }
}

static void test_full_disk(void **state)
{
    (void)state;
    for (unsigned processes = 1; processes <= 3; processes++) {
        struct design design;
        struct error error = {{0}};
        struct model model = {.keeper_fails = true};
        open_design(&design, &tables, 3, REPLICATIONS);
        assert_int_equal(farm_it(&design, &model, processes, &error), UNIT_FAILED);
        assert_string_equal(error.text, "no room");
        design_fini(&design);
    }
}

static void test_stop_flag(void **state)
{
    struct design design;
    struct error error;
    struct model model = {0};
    volatile bool stop = true;
    struct farm farm = {.processes = 2, .run = run, .keep = keep, .model = &model, .stop = &stop};
    (void)state;
    open_design(&design, &tables, 3, REPLICATIONS);
    assert_int_equal(farm_run(&farm, &design, &error), UNIT_STOPPED);
    assert_true(design.done < UNITS);
    design_fini(&design);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_any_number_of_processes), cmocka_unit_test(test_trouble),
        cmocka_unit_test(test_enough), cmocka_unit_test(test_full_disk),
        cmocka_unit_test(test_stop_flag)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
