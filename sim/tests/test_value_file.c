/* Empirical distributions from a file beside the scenario. */
#include "tests/scenario_files.h"

#include "experiment/quantity.h"

#define SCENARIO "terminals:\n  camera:\n    distance: empirical(file d.csv)\nseed: 1\n"

static struct distribution distance_of(const struct scenario *scenario)
{
    return ((const struct test_settings *)scenario->settings)->camera.distance;
}

static struct distribution inline_form(const char *text)
{
    struct distribution distribution;
    size_t at;
    assert_true(quantity_parse_distribution(text, DIMENSION_LENGTH, &distribution, &at, NULL));
    return distribution;
}

/* The file gives what the pairs in the scenario would. */
static void check_file(const char *folder, const char *csv, const char *pairs)
{
    struct scenario scenario;
    write_text(folder, "s.yaml", SCENARIO);
    write_text(folder, "d.csv", csv);
    assert_accepted(folder, "s.yaml", NULL, &scenario);
    struct distribution read = distance_of(&scenario), expected = inline_form(pairs);
    assert_true(read.kind == expected.kind && read.table == expected.table);
    scenario_fini(&scenario);
}

static void test_files(void **state)
{
    const char *three = "empirical(100 mm:3, 120.5 mm:1, 90 mm:0.5)";
    check_file(*state, "100 mm,3\n120.5 mm\n90 mm,0.5\n", three);
    check_file(*state, "value,weight\n100 mm,3\n120.5 mm,1\n90 mm,0.5", three);
    check_file(*state, "value mm,weight\n100,3\n120.5\n90,0.5\n", three);
    check_file(
        *state,
        "\xEF\xBB\xBFvalue mm , weight\r\n# by hand\r\n\r\n 100\t, 3\r\n120.5,1\r\n90,5e-1\r\n",
        three);
    check_file(*state, "value cm\n10\n12.05\n", "empirical(10 cm:1, 12.05 cm:1)");
}

static void test_most_values(void **state)
{
    struct scenario scenario;
    FILE *file = open_fresh(*state, "d.csv");
    fputs("value mm\n", file);
    for (int i = 0; i < DISTRIBUTION_PAIRS; i++)
        fprintf(file, "%d.%03d\n", 10 + i % 97, i % 1000);
    assert_int_equal(fclose(file), 0);
    write_text(*state, "s.yaml", SCENARIO);
    assert_accepted(*state, "s.yaml", NULL, &scenario);
    struct distribution read = distance_of(&scenario);
    assert_int_equal(distribution_pairs(&read), DISTRIBUTION_PAIRS);
    scenario_fini(&scenario);
    struct folder_path path = path_of(*state, "d.csv");
    file = fopen(path.text, "a");
    fputs("7\n8\n", file);
    assert_int_equal(fclose(file), 0);
    assert_said(*state, "s.yaml", NULL,
                "d.csv:4098:1: error: more than 4096 values: put neighbours together\n    7\n    "
                "^\n1 error; nothing was run\n");
}

/* A run's scenario is read again from another folder: it must not need the file any more. */
static void test_the_resolved_scenario_needs_no_file(void **state)
{
    struct scenario scenario, again;
    write_text(*state, "s.yaml", SCENARIO);
    write_text(*state, "d.csv", "value mm,weight\n100,3\n120.5\n99.99999999999999\n");
    assert_accepted(*state, "s.yaml", NULL, &scenario);
    FILE *out = open_fresh(*state, "resolved.yaml");
    scenario_write(&scenario, out, false);
    assert_int_equal(fclose(out), 0);
    assert_int_equal(unlink(path_of(*state, "d.csv").text), 0);
    assert_accepted(*state, "resolved.yaml", NULL, &again);
    struct distribution first = distance_of(&scenario), second = distance_of(&again);
    assert_true(first.kind == second.kind && first.table == second.table);
    scenario_fini(&scenario);
    scenario_fini(&again);
}

static void assert_mistake(const char *folder, const char *csv, const char *words)
{
    struct scenario scenario;
    char *said = NULL;
    write_text(folder, "s.yaml", SCENARIO);
    write_text(folder, "d.csv", csv);
    if (read_scenario(folder, "s.yaml", NULL, &scenario, &said))
        fail_msg("accepted: %s", csv);
    if (strstr(said, words) == NULL)
        fail_msg("\"%s\" is not in what is said:\n%s", words, said);
    free(said);
}

static void test_mistakes_in_the_file(void **state)
{
    assert_mistake(*state, "", "d.csv: error: the file holds no value");
    assert_mistake(*state, "value mm\n# none\n", "d.csv: error: the file holds no value");
    assert_mistake(*state, "100 mm\n90\n", "d.csv:2:1: error: a unit is missing");
    assert_mistake(*state, "100 s\n", "d.csv:1:5: error: ");
    assert_mistake(*state, "value mm\n100 mm\n", "d.csv:2:5: error: \"mm\" is too much");
    assert_mistake(*state, "value parsec\n100\n", "d.csv:1:3: error: ");
    assert_mistake(*state, "value mm,share\n100\n", "d.csv:1:10: error: the second column");
    assert_mistake(*state, "100 mm,0\n", "d.csv:1:8: error: a weight must be above 0");
    assert_mistake(*state, "100 mm,-1\n", "d.csv:1:8: error: a weight must be above 0");
    assert_mistake(*state, "100 mm,\n", "d.csv:1:8: error: ");
    assert_mistake(*state, "100 mm,1,1\n", "d.csv:1:9: error: ");
    assert_mistake(*state, ",1\n", "d.csv:1:1: error: ");
    assert_mistake(*state, "100 mm\nvalue mm\n", "d.csv:2:1: error: ");
    assert_mistake(*state, "100 mm\n\x01\n", "d.csv:2:1: error: ");
    assert_mistake(*state, "1 mm,1e308\n2 mm,1e308\n", "d.csv: error: the weights are too large");
    assert_mistake(*state, "20 m\n", "s.yaml:3:15: error: terminals.camera.distance: the mean of");
    assert_mistake(*state, "a\nb mm\n5 mm\nc mm\n", "3 errors; nothing was run");
}

static void assert_name_refused(const char *folder, const char *name, const char *words)
{
    char text[256], *said;
    snprintf(text, sizeof text, "hand:\n  gain: empirical(file %s)\n", name);
    said = refusal_of(folder, text, strlen(text));
    if (strstr(said, words) == NULL)
        fail_msg("\"%s\" is not in what is said:\n%s", words, said);
    free(said);
}

static void test_names(void **state)
{
    struct folder_path there = path_of(*state, "d.csv"), link = path_of(*state, "link.csv");
    write_text(*state, "d.csv", "2\n");
    assert_int_equal(symlink(there.text, link.text), 0);
    assert_name_refused(*state, "/etc/passwd", "s.yaml:2:24: error: a file of values is named");
    assert_name_refused(*state, "../d.csv", "is named without a path");
    assert_name_refused(*state, "", "the name of the file is missing");
    assert_name_refused(*state, "none.csv", "\"none.csv\": cannot be opened");
    assert_name_refused(*state, "link.csv", "\"link.csv\": this is a symbolic link");
    assert_name_refused(*state, ".", "\".\": this is a directory");
}

static void test_set_names_no_file(void **state)
{
    static const char *const set[] = {"hand.gain=empirical(file d.csv)", NULL};
    struct scenario scenario;
    char *said = NULL;
    write_text(*state, "s.yaml", "seed: 1\n");
    write_text(*state, "d.csv", "2\n");
    assert_false(read_scenario(*state, "s.yaml", set, &scenario, &said));
    assert_non_null(strstr(said, "can be named in a scenario file only"));
    free(said);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FOLDER(test_files),
        IN_FOLDER(test_most_values),
        IN_FOLDER(test_the_resolved_scenario_needs_no_file),
        IN_FOLDER(test_mistakes_in_the_file),
        IN_FOLDER(test_names),
        IN_FOLDER(test_set_names_no_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
