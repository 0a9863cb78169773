/* Sweeps: which design points follow from them, in which order, and which mistakes are told. */
#include "experiment/value.h"
#include "tests/scenario_files.h"

#include <math.h>

static struct test_settings at_point(const struct scenario *scenario, size_t point)
{
    struct test_settings *settings = scenario_point(scenario, point);
    struct test_settings copy = *settings;
    free(settings);
    return copy;
}

static void read_text(void **state, const char *text, struct scenario *scenario)
{
    write_text(*state, "s.yaml", text);
    assert_accepted(*state, "s.yaml", NULL, scenario);
}

/* Nested loops, the last factor fastest; what is not swept is as it was. */
static void test_factorial(void **state)
{
    struct scenario scenario;
    read_text(state,
              "seed: 7\n"
              "sweep:\n"
              "  terminals.camera.focus: [100 mm, 200 mm]\n"
              "  bank: {tries: [1, 2, 3]}\n",
              &scenario);
    assert_int_equal(sweep_points(&scenario.sweep), 6);
    for (size_t point = 0; point < 6; point++) {
        struct test_settings settings = at_point(&scenario, point);
        assert_int_equal(settings.seed, 7);
        assert_true(settings.camera.focus == (point < 3 ? 0.1 : 0.2));
        assert_int_equal(settings.tries, 1 + point % 3);
        assert_true(settings.camera.f_number == 2.8);
    }
    struct test_settings last = at_point(&scenario, 5);
    assert_string_equal(sweep_label(&scenario.sweep, &last).text, "focus 200 mm, tries 3");
    scenario_fini(&scenario);
}

static void test_without(void **state)
{
    struct scenario scenario;
    read_text(state, "seed: 7\nsweep:\n", &scenario);
    assert_int_equal(sweep_points(&scenario.sweep), 1);
    struct test_settings only = at_point(&scenario, 0);
    assert_string_equal(sweep_label(&scenario.sweep, &only).text, "");
    scenario_fini(&scenario);
}

static void test_zip(void **state)
{
    struct scenario scenario;
    read_text(state,
              "seed: 1\n"
              "sweep:\n"
              "  zip:\n"
              "    - {bank.tries: [1, 2], bank.strict: [yes, no]}\n"
              "    - {terminals.camera.focus: [1 m, 2 m, 3 m], terminals.tilt: 1 deg to 3 deg step "
              "1 deg}\n"
              "  schemes: [[chip], [sms-code, image-code]]\n",
              &scenario);
    assert_int_equal(sweep_points(&scenario.sweep), 12);
    for (size_t point = 0; point < 12; point++) {
        struct test_settings settings = at_point(&scenario, point);
        assert_int_equal(settings.schemes, point < 6 ? 4 : 3);
        assert_int_equal(settings.tries, 1 + point / 3 % 2);
        assert_int_equal(settings.strict, point / 3 % 2 == 0);
        assert_true(settings.camera.focus == 1.0 + (double)(point % 3));
        assert_true(fabs(settings.tilt * 180.0 / M_PI - (1.0 + (double)(point % 3))) < 1e-12);
    }
    scenario_fini(&scenario);
}

/* The values of a range are those that a user would write. */
static void test_ranges(void **state)
{
    static const struct {
        const char *range;
        double values[6];
    } rows[] = {
        {"0.2 m to 0.6 m step 0.1 m", {0.2, 0.3, 0.4, 0.5, 0.6}},
        {"60 mm to 160 mm step 30 mm", {0.06, 0.09, 0.12, 0.15}},
        {"3 m to 1 m step -1 m", {3, 2, 1}},
        {"1 m to 2 m in 5 points", {1, 1.25, 1.5, 1.75, 2}},
        {"10 mm to 10000 mm in 4 log points", {0.01, 0.1, 1, 10}},
        {"10 mm to 10 m in 4 log points", {0.01, 0.1, 1, 10}},
        {"1 m to 10 mm in 3 log points", {1, 0.1, 0.01}},
        {"100 mm to 0.2 m step 5 cm", {0.1, 0.15, 0.2}},
        {"10 cm to 0.3 m step 100 mm", {0.1, 0.2, 0.3}},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct scenario scenario;
        char text[128];
        size_t count = 0;
        snprintf(text, sizeof text, "seed: 1\nsweep: {terminals.camera.focus: %s}\n",
                 rows[i].range);
        read_text(state, text, &scenario);
        while (rows[i].values[count] > 0.0)
            count++;
        assert_int_equal(sweep_points(&scenario.sweep), count);
        for (size_t point = 0; point < count; point++)
            assert_true(at_point(&scenario, point).camera.focus == rows[i].values[point]);
        scenario_fini(&scenario);
    }
}

/* What a later layer says plainly is swept no more; a child's sweep replaces its parent's. */
static void test_layers(void **state)
{
    struct scenario scenario;
    write_text(*state, "base.yaml",
               "seed: 1\nsweep: {bank.tries: [1, 2], terminals.camera.focus: [1 m, 2 m]}\n");
    write_text(*state, "fixes.yaml", "extends: base.yaml\nbank: {tries: 9}\n");
    write_text(*state, "other.yaml",
               "extends: base.yaml\nsweep: {bank.limit: [1 CNY, 2 CNY, 3 CNY]}\n");
    assert_accepted(*state, "fixes.yaml", NULL, &scenario);
    assert_int_equal(sweep_points(&scenario.sweep), 2);
    assert_int_equal(at_point(&scenario, 1).tries, 9);
    scenario_fini(&scenario);
    assert_accepted(*state, "other.yaml", NULL, &scenario);
    assert_int_equal(sweep_points(&scenario.sweep), 3);
    assert_int_equal(at_point(&scenario, 2).tries, 3);
    scenario_fini(&scenario);
    const char *const set[] = {"terminals.camera.focus=3 m", "sweep.bank.tries=2 to 8 step 2",
                               "sweep.seed=[4, 5]", NULL};
    assert_accepted(*state, "base.yaml", set, &scenario);
    assert_int_equal(sweep_points(&scenario.sweep), 8);
    struct test_settings last = at_point(&scenario, 7);
    assert_true(last.camera.focus == 3.0 && last.tries == 8 && last.seed == 5);
    scenario_fini(&scenario);
    /* the first key anew, with another number of values: nothing of the old ones is left */
    const char *const anew[] = {"sweep.bank.tries=[3, 4, 5]", NULL};
    assert_accepted(*state, "base.yaml", anew, &scenario);
    assert_int_equal(sweep_points(&scenario.sweep), 6);
    last = at_point(&scenario, 5);
    assert_true(last.camera.focus == 2.0 && last.tries == 5);
    scenario_fini(&scenario);
}

/* The resolved scenario reads back to the same points, and to the same text. */
static void test_round_trip(void **state)
{
    struct scenario scenario, again;
    char *text[2];
    size_t length[2];
    read_text(state,
              "seed: 1\n"
              "sweep:\n"
              "  customers.time_to_show: ['lognormal(mean 9 s, sd 1 s)', 5 s]\n"
              "  description: ['a: b', \"two\"]\n"
              "  terminals.matrix: [[1, 0, 0], [0, 1, 0]]\n"
              "  zip: {bank.tries: [1, 2], bank.refusal: [1 %, 2 %]}\n",
              &scenario);
    FILE *out = open_memstream(&text[0], &length[0]);
    scenario_write(&scenario, out, false);
    fclose(out);
    write_text(*state, "again.yaml", text[0]);
    assert_accepted(*state, "again.yaml", NULL, &again);
    out = open_memstream(&text[1], &length[1]);
    scenario_write(&again, out, false);
    fclose(out);
    assert_string_equal(text[0], text[1]);
    assert_int_equal(sweep_points(&again.sweep), 16);
    for (size_t point = 0; point < 16; point++) {
        struct test_settings a = at_point(&scenario, point), b = at_point(&again, point);
        assert_true(strcmp(a.description, b.description) == 0 && a.tries == b.tries &&
                    a.matrix[0] == b.matrix[0] && a.refusal == b.refusal &&
                    a.time_to_show.kind == b.time_to_show.kind);
    }
    free(text[0]);
    free(text[1]);
    scenario_fini(&scenario);
    scenario_fini(&again);
}

static void test_mistakes(void **state)
{
    static const char *const rows[][2] = {
        {"bank.tries: [1, 20]", "2:25: error: bank.tries: 20 is out of range"},
        {"bank.tries: []", "has 0 values"},
        {"bank.tris: [1]", "did you mean \"bank.tries\"?"},
        {"bank.tries: 3", "it takes a list as in [1, 2], or a range"},
        {"bank.tries: 1 to 3", "say how the range is cut"},
        {"bank.tries: 1 to 3 step 0", "the step does not lead from 1 to 3"},
        {"bank.tries: 1 to 3 step 0.5", "it has no fraction"},
        {"bank.tries: 1 to 3 step 1e-9", "more than 1000 values"},
        {"terminals.camera.focus: 1 m to 3 s step 1 m", "need units of one kind"},
        {"terminals.camera.focus: 1 m to 3 m step 1", "need units of one kind"},
        {"terminals.camera.focus: 1 to 3 m step 1 m", "need units of one kind"},
        {"terminals.camera.focus: 1 m to 2 ells in 2 points", "need units of one kind"},
        {"terminals.camera.focus: 1 m to 3 m in 100000000 points", "2 to 1000 points"},
        {"terminals: [1, 2]", "terminals has keys of its own, such as terminals."},
        {"terminals.camera.focus: 1 m to 3 m in 1 points", "2 to 1000 points"},
        {"hand.gain: 0 to 3 in 3 log points", "both ends above 0"},
        {"bank.tries: {a: 1}", "it takes a list, not keys"},
        {"zip: {bank.tries: [1, 2], bank.strict: [yes]}", "bank.strict has 1, bank.tries has 2"},
        {"zip: 3", "zip takes keys"},
        {"bank.tries: [1, 2], bank: {tries: [3]}", "bank.tries is swept twice"},
        {"bank.limit: 1 CNY to 900 CNY step 1 CNY, bank.tries: [1, 2]", "1800 design points"},
        {"&a bank.tries: [1, 2]", "anchor"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char text[256];
        snprintf(text, sizeof text, "seed: 1\nsweep: {%s}\n", rows[i][0]);
        char *said = refusal_of(*state, text, strlen(text));
        if (strstr(said, rows[i][1]) == NULL)
            fail_msg("%s: not said: %s\n%s", rows[i][0], rows[i][1], said);
        free(said);
    }
    static const char both[] = "bank: {tries: 3}\nsweep: {bank.tries: [1, 2]}\n";
    char *said = refusal_of(*state, both, strlen(both));
    assert_non_null(strstr(said, "bank.tries is given a value and swept too"));
    free(said);
}

/* 256^8 is 0 in a size_t, and no number of points. */
static void test_too_many_points_to_count(void **state)
{
    static const char text[] = "seed: 1\nsweep:\n"
                               "  customers.reservations.rate: 1 /day to 2 /day in 256 points\n"
                               "  terminals.camera.f_number: 1 to 2 in 256 points\n"
                               "  terminals.camera.focus: 1 m to 2 m in 256 points\n"
                               "  terminals.camera.quantum: 1 e- to 2 e- in 256 points\n"
                               "  terminals.tilt: 1 deg to 2 deg in 256 points\n"
                               "  bank.limit: 1 CNY to 2 CNY in 256 points\n"
                               "  bank.refusal: 1 % to 2 % in 256 points\n"
                               "  hand.speed: 1 mm/s to 2 mm/s in 256 points\n";
    char *said = refusal_of(*state, text, strlen(text));
    assert_non_null(strstr(said, "design points or more, and at most 1000 are run"));
    free(said);
}

static void check_tries(const void *settings, parameter_teller *tell, void *listener)
{
    const struct test_settings *at = settings;
    if (at->tries > 2 && at->strict)
        tell(listener, "bank.tries", "bank.strict", "too many for a strict bank");
}

/* A combination that makes no sense is told where the sweep stands, with the point; a base that no
 * point has is not. */
static void test_points_are_checked(void **state)
{
    static const char *const fixed[] = {"seed", "customers", NULL};
    struct parameter_table table = test_table;
    struct scenario scenario;
    char *said;
    size_t bytes;
    table.check = check_tries;
    table.fixed = fixed;
    write_text(*state, "s.yaml",
               "seed: 1\nsweep:\n  bank.tries: [1, 3]\n  bank.strict: [no, yes]\n");
    FILE *out = open_memstream(&said, &bytes);
    struct folder_path path = path_of(*state, "s.yaml");
    assert_false(scenario_read(&scenario, &table, path.text, NULL, 0, out));
    fclose(out);
    assert_non_null(strstr(said, "s.yaml:3:3: error: sweep: where tries 3, strict yes: bank.tries: "
                                 "too many for a strict bank"));
    free(said);
    const char *set[] = {"bank.strict=no"};
    out = open_memstream(&said, &bytes);
    assert_true(scenario_read(&scenario, &table, path.text, set, 1, out));
    fclose(out);
    free(said);
    scenario_fini(&scenario);
    const char *bad[] = {"sweep.customers.reservations.rate=[1 /day, 2 /day]"};
    out = open_memstream(&said, &bytes);
    assert_false(scenario_read(&scenario, &table, path.text, bad, 1, out));
    fclose(out);
    assert_non_null(strstr(said, "is one for the whole run"));
    free(said);
}

/* A preset fills what the scenario leaves unsaid, at every point anew, and is written so that it
 * reads back to the same. */
static void test_presets_fill(void **state)
{
    struct scenario scenario, again;
    read_text(state, "seed: 1\nterminals.camera: {preset: fast, quantum: 7 e-}\n", &scenario);
    struct test_settings one = at_point(&scenario, 0);
    assert_true(one.camera.f_number == 1.4 && one.camera.quantum == 7.0 &&
                one.camera.focus == 0.12);
    scenario_fini(&scenario);
    read_text(state,
              "seed: 1\nterminals.camera.quantum: 7 e-\n"
              "sweep: {terminals.camera.preset: [slow, fast, custom]}\n",
              &scenario);
    struct folder_path path = path_of(*state, "again.yaml");
    FILE *out = fopen(path.text, "w");
    assert_non_null(out);
    scenario_write(&scenario, out, false);
    fclose(out);
    assert_accepted(*state, "again.yaml", NULL, &again);
    static const double f_numbers[] = {8.0, 1.4, 2.8};
    for (size_t point = 0; point < 3; point++) {
        struct test_settings settings = at_point(&scenario, point);
        struct test_settings same = at_point(&again, point);
        assert_true(settings.camera.f_number == f_numbers[point]);
        assert_true(settings.camera.quantum == 7.0);
        for (size_t row = 0; row < TEST_ROWS; row++)
            assert_true(value_equal(&test_rows[row], &settings, &same));
    }
    scenario_fini(&scenario);
    scenario_fini(&again);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FOLDER(test_factorial),    IN_FOLDER(test_without),
        IN_FOLDER(test_zip),          IN_FOLDER(test_ranges),
        IN_FOLDER(test_layers),       IN_FOLDER(test_round_trip),
        IN_FOLDER(test_mistakes),     IN_FOLDER(test_points_are_checked),
        IN_FOLDER(test_presets_fill), IN_FOLDER(test_too_many_points_to_count),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
