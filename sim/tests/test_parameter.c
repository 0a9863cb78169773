/* The table of parameters: its defaults, the check of it, and the three forms it is printed in. */
#include "experiment/parameter_print.h"
#include "experiment/scenario.h"
#include "experiment/table.h"
#include "tests/scenario_table.h"

#include <math.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <setjmp.h>

#include <cmocka.h>

static void assert_double(double expected, double actual)
{
    if (memcmp(&expected, &actual, sizeof expected) != 0)
        fail_msg("expected %.17g, got %.17g", expected, actual);
}

static void test_defaults(void **state)
{
    (void)state;
    struct test_settings settings;
    memset(&settings, 0xA5, sizeof settings);
    parameter_defaults(&test_table, &settings);

    assert_string_equal("", settings.description);
    assert_int_equal(0, settings.seed); /* has no default */
    assert_int_equal(10, settings.replications);
    assert_int_equal(3, settings.schemes);
    assert_int_equal(DISTRIBUTION_LOGNORMAL, settings.time_to_show.kind);
    assert_double(8.0, settings.time_to_show.parameter[0]);
    assert_double(0.4 / 86400.0, settings.rate);
    assert_int_equal(0, settings.profile);
    assert_double(0.12, settings.camera.focus);
    assert_double(0.01, settings.camera.distance.parameter[2]);
    assert_true(isnan(settings.camera.distance.parameter[3]));
    assert_double(0.59, settings.matrix[1]);
    assert_true(settings.strict);
    assert_double(0.02, settings.refusal);
}

/* Runs parameter_defaults() on a table in a child, which must abort and say `words`. */
static void assert_aborts(const struct parameter_table *table, const char *words)
{
    char said[2048] = "";
    int ends[2], status;

    assert_int_equal(0, pipe(ends));
    pid_t child = fork();
    if (child == 0) {
        signal(SIGABRT, SIG_DFL);
        dup2(ends[1], STDERR_FILENO);
        parameter_defaults(table, calloc(1, table->settings_bytes));
        _exit(0);
    }
    close(ends[1]);
    for (ssize_t got = 1, length = 0; got > 0; length += got)
        got = read(ends[0], said + length, sizeof said - 1 - (size_t)length);
    close(ends[0]);
    assert_int_equal(child, waitpid(child, &status, 0));
    if (!WIFSIGNALED(status) || strstr(said, words) == NULL)
        fail_msg("no abort that says \"%s\", but: %s", words, said);
}

static void assert_row_aborts(size_t index, struct parameter row, const char *words)
{
    struct parameter rows[TEST_ROWS];
    memcpy(rows, test_rows, sizeof rows);
    rows[index] = row;
    struct parameter_table table = {rows, TEST_ROWS, sizeof(struct test_settings), NULL, NULL, NULL, 0};
    assert_aborts(&table, words);
}

static size_t row_of(const char *key)
{
    size_t index = table_find(&test_table, key);
    assert_true(index < TEST_ROWS);
    return index;
}

#define BREAKS(key, change, words)                     \
    do {                                               \
        struct parameter row = test_rows[row_of(key)]; \
        row.change;                                    \
        assert_row_aborts(row_of(key), row, words);    \
    } while (0)

static void test_table_is_checked(void **state)
{
    (void)state;
    BREAKS("bank.tries", default_text = "11", "out of range");
    BREAKS("bank.tries", default_text = "3 s", "takes no unit");
    BREAKS("bank.tries", minimum = "1.5", "the bound 1.5 of bank.tries");
    BREAKS("bank.tries", minimum = "11", "minimum does not exceed");
    BREAKS("bank.tries", key = "bank.limit", "its key stands once");
    BREAKS("bank.tries", key = "bank", "its key is no group");
    BREAKS("bank.tries", key = "bank..tries", "its key is a key");
    BREAKS("bank.tries", key = "hand.tries", "stand together");
    BREAKS("seed", key = "bank.seed", "stand together");
    BREAKS("seed", key = "extends", "extends is taken");
    BREAKS("bank.tries", offset = sizeof(struct test_settings), "inside the settings");
    BREAKS("bank.tries", offset += 1, "aligned");
    BREAKS("bank.tries", offset = offsetof(struct test_settings, limit), "its own");
    BREAKS("bank.tries", choices = test_schemes, "have choices");
    BREAKS("bank.tries", dimension = DIMENSION_TIME, "only quantities");
    BREAKS("bank.tries", source = NULL, "a source");
    BREAKS("bank.limit", maximum = "5 s", "unit of time");
    BREAKS("terminals.matrix", length = 2, "takes 2");
    BREAKS("terminals.matrix", default_text = "[1, ", "not hold");
    BREAKS("schemes", default_text = "[]", "empty");
    BREAKS("bank.strict", default_text = "maybe", "neither yes nor no");
    BREAKS("bank.strict", minimum = "0", "only numbers have bounds");
}

static char *print(enum parameter_format format, const char *prefix, size_t *rows)
{
    char *text = NULL;
    size_t bytes;
    FILE *out = open_memstream(&text, &bytes);
    *rows = parameter_print(&test_table, format, prefix, out);
    fclose(out);
    return text;
}

static void test_text(void **state)
{
    (void)state;
    size_t rows;
    char *text = print(PARAMETER_AS_TEXT, NULL, &rows);

    assert_int_equal(TEST_ROWS, rows);
    for (size_t i = 0; i < TEST_ROWS; ++i) {
        assert_non_null(strstr(text, test_rows[i].key));
        assert_non_null(strstr(text, test_rows[i].help));
    }
    for (const char *line = text; *line != '\0'; line += strcspn(line, "\n") + 1)
        assert_true(strcspn(line, "\n") <= 100);
    free(text);

    text = print(PARAMETER_AS_TEXT, "bank.li", &rows);
    assert_int_equal(1, rows);
    assert_string_equal("KEY         KIND         DEFAULT   RANGE\n"
                        "\n"
                        "bank.limit  money [CNY]  3000 CNY  at least 0 CNY\n"
                        "    Largest amount of one withdrawal (source: common practice)\n",
                        text);
    free(text);
    text = print(PARAMETER_AS_TEXT, "nothing", &rows);
    assert_int_equal(0, rows);
    assert_string_equal("", text);
    free(text);
}

static void test_markdown(void **state)
{
    (void)state;
    size_t rows;
    char *text = print(PARAMETER_AS_MARKDOWN, "terminals.m", &rows);
    assert_int_equal(1, rows);
    assert_string_equal("## terminals\n\n"
                        "| key | kind | default | range | meaning | source |\n"
                        "|---|---|---|---|---|---|\n"
                        "| `terminals.matrix` | 3 numbers | `[0.3, 0.59, 0.11]` | -1 to 1 | "
                        "Weights of the colours | Rec. 601 \\| rounded |\n",
                        text);
    free(text);
    text = print(PARAMETER_AS_MARKDOWN, NULL, &rows);
    assert_int_equal(TEST_ROWS, rows);
    size_t headings = 0;
    for (const char *at = text; (at = strstr(at, "## ")) != NULL; ++at)
        ++headings;
    assert_int_equal(5, headings); /* scenario, customers, terminals, bank, hand */
    free(text);
}

/* Braces, brackets and quotes of a JSON text match. */
static void assert_balanced(const char *json)
{
    char open[64];
    size_t depth = 0;
    for (const char *at = json; *at != '\0'; ++at) {
        if (*at == '"') {
            for (++at; *at != '"'; ++at) {
                assert_true((unsigned char)*at >= 0x20);
                at += *at == '\\';
            }
        } else if (*at == '{' || *at == '[') {
            assert_true(depth < sizeof open);
            open[depth++] = *at == '{' ? '}' : ']';
        } else if (*at == '}' || *at == ']') {
            assert_true(depth > 0 && open[--depth] == *at);
        }
    }
    assert_int_equal(0, depth);
}

static void test_schema(void **state)
{
    (void)state;
    size_t rows;
    char *text = print(PARAMETER_AS_SCHEMA, NULL, &rows);
    assert_int_equal(TEST_ROWS, rows);
    assert_balanced(text);
    assert_non_null(strstr(text, "\"$schema\": \"https://json-schema.org/draft/2020-12/schema\""));
    assert_non_null(strstr(text, "{\"required\": [\"extends\"]}, {\"required\": [\"seed\"]"));
    assert_non_null(strstr(text, "*(m|nm|um|mm|cm)$"));
    assert_non_null(strstr(text, "default: lognormal(mean 8 s, sd 4 s); range: 0 s to 10 min"));
    free(text);
    text = print(PARAMETER_AS_SCHEMA, "bank", &rows);
    assert_int_equal(4, rows);
    assert_balanced(text);
    assert_null(strstr(text, "camera"));
    free(text);
}

/* What is too wide goes below; what must be given is required in its group too. */
static void test_awkward_rows(void **state)
{
    (void)state;
    static const char lengthy[] =
        "a default that is so very long that it cannot stand beside its key "
        "without leaving the hundred columns of the terminal behind";
    static const struct parameter rows[] = {
        {"group.text", PARAMETER_TEXT, .default_text = lengthy, .help = lengthy, .source = lengthy,
         .offset = 0},
        {"group.inner.angle", PARAMETER_QUANTITY, DIMENSION_ANGLE,
         .maximum = "1.2345678901234567890123456789012345678901234567890123456789012 deg",
         .help = "An angle", .source = "assumption", .offset = 512},
    };
    struct parameter_table table = {rows, 2, 520, NULL, NULL, NULL, 0};
    char settings[520], *text = NULL;
    size_t bytes;

    parameter_defaults(&table, settings);
    assert_string_equal(lengthy, settings);
    for (int format = PARAMETER_AS_TEXT; format <= PARAMETER_AS_SCHEMA; ++format) {
        FILE *out = open_memstream(&text, &bytes);
        assert_int_equal(2, parameter_print(&table, (enum parameter_format)format, NULL, out));
        fclose(out);
        if (format == PARAMETER_AS_TEXT) {
            for (const char *line = text; *line != '\0'; line += strcspn(line, "\n") + 1)
                assert_true(strcspn(line, "\n") <= 100);
            assert_non_null(strstr(text, "\n    Default: a default that"));
            assert_non_null(strstr(text, "at most 1.2345"));
        } else if (format == PARAMETER_AS_SCHEMA) {
            assert_balanced(text);
            assert_non_null(strstr(text, "{\"required\": [\"group\"], \"properties\": "
                                         "{\"group\": {\"required\": [\"inner\"], "
                                         "\"properties\": {\"inner\": {\"required\": "
                                         "[\"angle\"], \"properties\": {}}}}}}"));
        }
        free(text);
    }
}

static void test_suggestions(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"sed", "seed"},
        {"terminals.camra.focus", "terminals.camera.focus"},
        {"terminals.camera.focuss", "terminals.camera.focus"},
        {"focus", "terminals.camera.focus"},
        {"camera.focus", "terminals.camera.focus"},
        {"extend", "extends"},
        {"sweeps", "sweep"},
        {"terminal", "terminals"},
    };
    static const char *const also[] = {"extends", "sweep", NULL};
    struct table_key meant;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; ++i) {
        assert_true(table_suggest(&test_table, cases[i][0], also, &meant));
        assert_string_equal(cases[i][1], meant.text);
    }
    assert_false(table_suggest(&test_table, "weather", also, &meant));
    assert_false(table_suggest(&test_table, "..", also, &meant));
    assert_false(table_suggest(&test_table, "", also, &meant));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_defaults),    cmocka_unit_test(test_table_is_checked),
        cmocka_unit_test(test_text),        cmocka_unit_test(test_markdown),
        cmocka_unit_test(test_schema),      cmocka_unit_test(test_awkward_rows),
        cmocka_unit_test(test_suggestions),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
