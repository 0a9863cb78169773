/* Scenario files: what is read from them, from their parents and from --set. */
#include "experiment/scenario.h"
#include "experiment/value.h"
#include "tests/scenario_files.h"
#include "tests/scenario_table.h"

#include <math.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <setjmp.h>

#include <cmocka.h>

static const char complete[] = "description: >\n"
                               "  One weekday; the prior art\n"
                               "  against the image code\n"
                               "seed: 7 # of all streams\n"
                               "schemes:\n"
                               "- chip\n"
                               "- sms-code\n"
                               "customers:\n"
                               "  time_to_show: uniform(min 1 s, max 4 s)\n"
                               "  reservations: {rate: 0.5 /day, profile: weekend}\n"
                               "terminals.camera.f_number: 4\n"
                               "terminals:\n"
                               "  camera: {distance: \"normal(mean 20 cm, sd 1 cm)\"}\n"
                               "  tilt: -5 deg\n"
                               "  matrix: [1, 0, -0.5]\n"
                               "bank: {strict: false, limit: '5000 CNY'}\n"
                               "hand:\n";

static void assert_double(double expected, double actual)
{
    if (memcmp(&expected, &actual, sizeof expected) != 0)
        fail_msg("expected %.17g, got %.17g", expected, actual);
}

static void test_complete(void **state)
{
    struct scenario scenario;
    write_text(*state, "full.yaml", complete);
    assert_accepted(*state, "full.yaml", NULL, &scenario);

    const struct test_settings *s = scenario.settings;
    assert_string_equal("One weekday; the prior art against the image code\n", s->description);
    assert_int_equal(7, s->seed);
    assert_int_equal(10, s->replications);
    assert_int_equal(1 | 4, s->schemes);
    assert_int_equal(DISTRIBUTION_UNIFORM, s->time_to_show.kind);
    assert_double(0.5 / 86400.0, s->rate);
    assert_int_equal(1, s->profile);
    assert_double(4.0, s->camera.f_number);
    assert_double(0.2, s->camera.distance.parameter[0]);
    assert_double(-5.0 * (M_PI / 180.0), s->tilt);
    assert_double(-0.5, s->matrix[2]);
    assert_false(s->strict);
    assert_double(5000.0, s->limit);
    assert_double(0.03, s->speed);
    assert_string_equal("full", scenario.name);
    scenario_fini(&scenario);
}

static void test_line_ends_and_mark(void **state)
{
    struct scenario scenario;
    write_text(*state, "s.yaml", "\xEF\xBB\xBFseed: 1\r\nbank:\r\n  tries: 5\r\n");
    assert_accepted(*state, "s.yaml", NULL, &scenario);
    assert_int_equal(5, ((const struct test_settings *)scenario.settings)->tries);
    scenario_fini(&scenario);
    write_text(*state, "s.yaml", "%YAML 1.1\n---\nseed: 1\n...\n");
    assert_accepted(*state, "s.yaml", NULL, &scenario);
    scenario_fini(&scenario);
    write_text(*state, "s.yaml", "\xEF\xBB\xBFseed: 1\r\nbank:\r\n  tries: x\r\n");
    assert_said(*state, "s.yaml", NULL,
                "s.yaml:3:10: error: bank.tries: \"x\" is not a number\n"
                "      tries: x\n"
                "             ^\n"
                "1 error; nothing was run\n");
}

static void test_text_too_long(void **state)
{
    struct scenario scenario;
    char text[700] = "seed: 1\ndescription: ";
    memset(text + strlen(text), 'x', 511);
    write_text(*state, "s.yaml", text);
    assert_accepted(*state, "s.yaml", NULL, &scenario);
    scenario_fini(&scenario);
    strcat(text, "x");
    char *said = refusal_of(*state, text, strlen(text));
    assert_non_null(strstr(said, "description: the text is too long: 512 bytes, and 511 fit"));
    free(said);
}

static void test_files_that_are_none(void **state)
{
    assert_said(*state, "none.yaml", NULL,
                "none.yaml: error: cannot be opened: No such file or directory\n"
                "1 error; nothing was run\n");
    assert_int_equal(0, mkdir(path_of(*state, "folder.yaml").text, 0700));
    assert_said(*state, "folder.yaml", NULL,
                "folder.yaml: error: this is a directory: name the scenario file in it\n"
                "1 error; nothing was run\n");
    assert_int_equal(0, mkfifo(path_of(*state, "pipe.yaml").text, 0600));
    assert_said(*state, "pipe.yaml", NULL,
                "pipe.yaml: error: this is no regular file: a scenario is read from a file alone\n"
                "1 error; nothing was run\n");
    write_text(*state, "a b.yaml", "seed: 1\n");
    assert_said(*state, "a b.yaml", NULL,
                "a b.yaml: error: the file's name will name the results: give it 1 to 63 of the "
                "letters a-z A-Z 0-9 - _ and the ending .yaml\n1 error; nothing was run\n");
    write_text(*state, "locked.yaml", "seed: 1\n");
    assert_int_equal(0, chmod(path_of(*state, "locked.yaml").text, 0));
    if (geteuid() != 0) /* root may read it */
        assert_said(*state, "locked.yaml", NULL,
                    "locked.yaml: error: cannot be opened: Permission denied\n"
                    "1 error; nothing was run\n");
}

static void test_size(void **state)
{
    enum { LIMIT = 1024 * 1024 };
    struct scenario scenario;
    char *text = malloc(LIMIT + 2);
    memset(text, '#', LIMIT + 1);
    memcpy(text, "seed: 1\n", 8);
    write_bytes(*state, "large.yaml", text, LIMIT);
    assert_accepted(*state, "large.yaml", NULL, &scenario);
    scenario_fini(&scenario);
    write_bytes(*state, "large.yaml", text, LIMIT + 1);
    assert_said(*state, "large.yaml", NULL,
                "large.yaml: error: the file is too large: a scenario has at most 1024 kB\n"
                "1 error; nothing was run\n");
    free(text);
}

static void test_extends(void **state)
{
    struct scenario scenario;
    write_text(*state, "base.yaml", "seed: 1\nbank: {tries: 5, limit: 100 CNY}\n");
    write_text(*state, "middle.yaml", "extends: base.yaml\nbank.tries: 6\nhand.speed: 1 m/s\n");
    write_text(*state, "s.yaml", "extends: middle.yaml\nhand.speed: 2 m/s\n");
    assert_accepted(*state, "s.yaml", NULL, &scenario);
    const struct test_settings *s = scenario.settings;
    assert_int_equal(1, s->seed);
    assert_int_equal(6, s->tries);
    assert_double(100.0, s->limit);
    assert_double(2.0, s->speed);
    scenario_fini(&scenario);

    /* A mistake of the parent is told under its own name, even where the child writes over it. */
    write_text(*state, "base.yaml", "seed: 1\nbank: {tries: 50}\n");
    assert_said(*state, "s.yaml", NULL,
                "base.yaml:2:15: error: bank.tries: 50 is out of range: from 1 to 10 is accepted\n"
                "    bank: {tries: 50}\n"
                "                  ^\n"
                "1 error; nothing was run\n");
}

static void test_extends_refused(void **state)
{
    static const char *const cases[][2] = {
        {"extends: ../base.yaml\n", ":1:10: error: extends takes the name of a file in the same"},
        {"extends: /etc/passwd\n", ":1:10: error: extends takes the name of a file in the same"},
        {"extends: ..\n", ":1:10: error: extends takes the name of a file in the same folder"},
        {"extends: [a.yaml]\n", ":1:10: error: extends takes the name of one file"},
        {"extends:\n", ":1:9: error: extends takes the name of a file, which is missing"},
        {"extends: &a b.yaml\n", ":1:10: error: anchors"},
        {"extends: none.yaml\n",
         ":1:10: error: the parent \"none.yaml\": cannot be opened: No such"},
        {"extends: s.yaml\n", ":1:10: error: \"s.yaml\" extends itself"},
        {"extends: pipe.yaml\n", ":1:10: error: the parent \"pipe.yaml\": this is no regular file"},
        {"extends: link.yaml\n", ":1:10: error: the parent \"link.yaml\": this is a symbolic link"},
        {"extends: a.yaml\nextends: a.yaml\n", ":2:1: error: the key \"extends\" is given twice; "
                                               "it first stands in line 1"},
        {"seed: 1\nextend: a.yaml\n",
         ":2:1: error: unknown key \"extend\"; did you mean \"extends\"?"},
    };
    write_text(*state, "a.yaml", "seed: 1\n");
    assert_int_equal(0, symlink("/etc/passwd", path_of(*state, "link.yaml").text));
    assert_int_equal(0, mkfifo(path_of(*state, "pipe.yaml").text, 0600));
    for (size_t i = 0; i < sizeof cases / sizeof *cases; ++i) {
        char *said = refusal_of(*state, cases[i][0], strlen(cases[i][0]));
        if (strncmp(said + 6, cases[i][1], strlen(cases[i][1])) != 0 ||
            strstr(said, "1 error;") == NULL)
            fail_msg("\n%s\nsays\n%s\nnot %s", cases[i][0], said, cases[i][1]);
        free(said);
    }
}

static void test_chain_ends(void **state)
{
    struct scenario scenario;
    write_text(*state, "d.yaml", "seed: 4\n");
    write_text(*state, "c.yaml", "extends: d.yaml\n");
    write_text(*state, "b.yaml", "extends: c.yaml\n");
    write_text(*state, "a.yaml", "extends: b.yaml\n");
    assert_accepted(*state, "a.yaml", NULL, &scenario);
    scenario_fini(&scenario);
    write_text(*state, "s.yaml", "extends: a.yaml\n");
    assert_said(*state, "s.yaml", NULL,
                "c.yaml:1:10: error: too many parents: a scenario and its parents are at most 4 "
                "files\n    extends: d.yaml\n             ^\n1 error; nothing was run\n");
    write_text(*state, "c.yaml", "extends: a.yaml\n");
    assert_said(*state, "a.yaml", NULL,
                "c.yaml:1:10: error: \"a.yaml\" extends itself: the chain of parents must end\n"
                "    extends: a.yaml\n             ^\n1 error; nothing was run\n");
}

static void test_set(void **state)
{
    struct scenario scenario;
    const char *const set[] = {"seed=5",
                               "schemes=[chip, sms-code]",
                               "schemes=chip",
                               "description= a: b # c ",
                               "bank.limit=9 CNY",
                               "terminals.matrix=[1, 0.5, 0]",
                               "customers.time_to_show=normal(mean 8 s, sd 1 s, min 0 s)",
                               NULL};
    write_text(*state, "s.yaml", "bank: {limit: 5 CNY}\n");
    assert_accepted(*state, "s.yaml", set, &scenario);
    const struct test_settings *s = scenario.settings;
    assert_int_equal(5, s->seed);
    assert_int_equal(4, s->schemes);
    assert_string_equal("a: b # c", s->description);
    assert_double(9.0, s->limit);
    assert_double(0.5, s->matrix[1]);
    assert_int_equal(DISTRIBUTION_NORMAL, s->time_to_show.kind);
    scenario_fini(&scenario);
}

static void test_set_refused(void **state)
{
    static const char *const cases[][2] = {
        {"bank.tries=50", "--set bank.tries=50:1:12: error: bank.tries: 50 is out of range: "
                          "from 1 to 10 is accepted\n    bank.tries=50\n               ^\n"},
        {"bank.limit= 5", "--set bank.limit= 5:1:13: error: bank.limit: a unit is missing"},
        {"bank.trie=5", ":1:1: error: unknown key \"bank.trie\"; did you mean \"bank.tries\"?"},
        {"bank=5", ":1:6: error: bank: a value stands here"},
        {"bank=[5]", ":1:6: error: bank: a list stands here"},
        {"seed", ":1:1: error: the value is missing: write KEY=VALUE"},
        {"=5", ":1:1: error: a key is missing"},
        {"seed=", ":1:6: error: seed: a number is missing"},
        {"schemes=[chip, chap]", ":1:16: error: schemes: \"chap\" is not one of"},
        {"schemes=[chip", "error: this is not YAML"},
        {"schemes=[chip] x", "error: this is not YAML"},
        {"schemes=[&a chip]", ":1:10: error: schemes: anchors"},
        {"extends=a.yaml", ":1:1: error: extends"},
        {"seed=\x1b[31m", "--set seed=\\x1b[31m:1:6: error: a control character"},
        {"seed=\xff", "--set seed=\\xff:1:6: error: this byte is not UTF-8"},
    };
    write_text(*state, "s.yaml", "seed: 1\n");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; ++i) {
        const char *const set[] = {cases[i][0], NULL};
        struct scenario scenario;
        char *said = NULL;
        if (read_scenario(*state, "s.yaml", set, &scenario, &said))
            fail_msg("--set %s is accepted", cases[i][0]);
        if (strstr(said, cases[i][1]) == NULL || strstr(said, "1 error;") == NULL)
            fail_msg("\n--set %s\nsays\n%s\nnot %s", cases[i][0], said, cases[i][1]);
        free(said);
    }
}

static void test_unreadable_characters_in_file_names(void **state)
{
    struct scenario scenario;
    char *said = NULL;
    assert_false(read_scenario(*state, "\x1b[31m.yaml", NULL, &scenario, &said));
    assert_non_null(strstr(said, "\\x1b[31m.yaml: error: cannot be opened"));
    free(said);
}

/* No file at all: the defaults, and what is set over them. */
static void test_without_a_file(void **state)
{
    static const char *const set[] = {"bank.tries=6"};
    struct scenario scenario;
    (void)state;
    assert_true(scenario_read(&scenario, &test_table, NULL, set, 1, stderr));
    assert_string_equal("defaults", scenario.name);
    const struct test_settings *s = scenario.settings;
    assert_int_equal(6, s->tries);
    scenario_fini(&scenario);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FOLDER(test_complete),
        IN_FOLDER(test_line_ends_and_mark),
        IN_FOLDER(test_text_too_long),
        IN_FOLDER(test_files_that_are_none),
        IN_FOLDER(test_size),
        IN_FOLDER(test_extends),
        IN_FOLDER(test_extends_refused),
        IN_FOLDER(test_chain_ends),
        IN_FOLDER(test_set),
        IN_FOLDER(test_set_refused),
        IN_FOLDER(test_unreadable_characters_in_file_names),
        cmocka_unit_test(test_without_a_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
