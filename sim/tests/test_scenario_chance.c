/* Scenarios by chance: random settings survive writing and reading, and broken files break nothing.
 * The seeds are fixed; what is asserted holds for every draw, so there is no false alarm. */
#include "experiment/scenario.h"
#include "experiment/utf8.h"
#include "experiment/value.h"
#include "tests/scenario_files.h"
#include "tests/scenario_table.h"

#include <math.h>

typedef unsigned short chance[3];

static size_t below(chance state, size_t bound)
{
    return (size_t)nrand48(state) % bound;
}

/* A value that the row accepts, as a user or a program might write it. */
struct value_text {
    char text[1024];
};

static double random_in_range(chance state, const struct parameter *row)
{
    struct value_range range = value_range(row);
    double low = isinf(range.minimum) ? -1e3 : range.minimum;
    double high = isinf(range.maximum) ? low + 1e4 : range.maximum;
    double value = low + (high - low) * erand48(state);
    if (below(state, 4) == 0) /* near the lower end, over many magnitudes */
        value = low + (high - low) * pow(10.0, -15.0 * erand48(state));
    return value < high ? value : high;
}

static struct quantity_text random_quantity(chance state, const struct parameter *row)
{
    double value = random_in_range(state, row);
    struct quantity_text text;
    size_t count;
    const struct unit *units = quantity_units(&count);
    const struct unit *unit = &units[below(state, count)];

    while (row->dimension != DIMENSION_NUMBER && unit->dimension != row->dimension)
        unit = &units[below(state, count)];
    if (row->dimension == DIMENSION_NUMBER)
        snprintf(text.text, sizeof text.text, "%.*g", (int)below(state, 17) + 1, value);
    else /* 16 digits: a last bit more might leave the range */
        snprintf(text.text, sizeof text.text, "%.*g %s", (int)below(state, 16) + 1,
                 value / unit->factor, unit->name);
    return text;
}

static struct value_text random_text(chance state)
{
    static const char *const pieces[] = {"a",
                                         "Z",
                                         " ",
                                         ": ",
                                         " #",
                                         "\\\"",
                                         "\\\\",
                                         "\\n",
                                         "\\t",
                                         "- ",
                                         "[",
                                         "}",
                                         "&",
                                         "*",
                                         "\xC3\xA9",
                                         "\xE4\xB8\xAD",
                                         "'",
                                         "%",
                                         "9",
                                         ",",
                                         "\xF0\x9F\x98\x80",
                                         "!",
                                         "|",
                                         "---",
                                         "~",
                                         "?"};
    struct value_text text = {"\""};
    for (size_t i = below(state, 40); i > 0; --i)
        strcat(text.text, pieces[below(state, sizeof pieces / sizeof *pieces)]);
    strcat(text.text, "\"");
    return text;
}

static struct value_text random_distribution(chance state, const struct parameter *row)
{
    const struct distribution_form *form = &distribution_forms[below(state, DISTRIBUTION_KINDS)];
    struct value_text text;
    size_t length = (size_t)snprintf(text.text, sizeof text.text, "%s(", form->name);

    for (size_t i = 0; i < DISTRIBUTION_PARAMETERS && form->parameter[i].name != NULL; ++i) {
        if (form->parameter[i].optional && below(state, 2) == 0)
            continue;
        length += (size_t)snprintf(text.text + length, sizeof text.text - length, "%s%s ",
                                   i > 0 ? ", " : "", form->parameter[i].name);
        if (form->parameter[i].plain)
            length += (size_t)snprintf(text.text + length, sizeof text.text - length, "%zu",
                                       below(state, 20) + 1);
        else
            length += (size_t)snprintf(text.text + length, sizeof text.text - length, "%s",
                                       random_quantity(state, row).text);
    }
    strcat(text.text, ")");
    return text;
}

static struct value_text random_choices(chance state, const struct parameter *row)
{
    struct value_text text = {"["};
    size_t count = 0;
    while (row->choices[count] != NULL)
        ++count;
    size_t set = below(state, ((size_t)1 << count) - 1) + 1;
    for (size_t i = 0; i < count; ++i)
        if (set >> i & 1)
            strcat(strcat(text.text, row->choices[i]), ",");
    strcat(text.text, "]");
    return text;
}

static struct value_text random_numbers(chance state, const struct parameter *row)
{
    struct value_text text = {"["};
    for (size_t i = 0; i < row->length; ++i)
        strcat(strcat(text.text, i > 0 ? ", " : ""), random_quantity(state, row).text);
    strcat(text.text, "]");
    return text;
}

static struct value_text random_value(chance state, const struct parameter *row)
{
    struct value_text text = {""};
    struct value_range range;

    switch (row->type) {
    case PARAMETER_TEXT:
        return random_text(state);
    case PARAMETER_FLAG:
        snprintf(text.text, sizeof text.text, "%s", below(state, 2) ? "yes" : "false");
        break;
    case PARAMETER_COUNT:
        range = value_range(row);
        snprintf(text.text, sizeof text.text, "%lld",
                 (long long)range.count_minimum +
                     (row->maximum ? (long long)below(state, 10) : nrand48(state) * 4000000000LL));
        break;
    case PARAMETER_QUANTITY:
        snprintf(text.text, sizeof text.text, "%s", random_quantity(state, row).text);
        break;
    case PARAMETER_DISTRIBUTION:
        return random_distribution(state, row);
    case PARAMETER_CHOICE:
        snprintf(text.text, sizeof text.text, "%s", row->choices[below(state, 3)]);
        break;
    case PARAMETER_CHOICES:
        return random_choices(state, row);
    case PARAMETER_NUMBERS:
        return random_numbers(state, row);
    case PARAMETER_TEXTS: /* none in the table of these tests */
        break;
    }
    return text;
}

/* Writes the scenario, reads it again, and compares every field bit by bit. */
static void assert_survives(const char *folder, const struct scenario *scenario, bool only_changed)
{
    struct scenario again;
    FILE *file = open_fresh(folder, "again.yaml");
    scenario_write(scenario, file, only_changed);
    fclose(file);
    assert_accepted(folder, "again.yaml", NULL, &again);
    for (size_t i = 0; i < TEST_ROWS; ++i)
        if (!value_equal(&test_rows[i], scenario->settings, again.settings))
            fail_msg("%s changed by writing and reading", test_rows[i].key);
    scenario_fini(&again);
}

/* A file of random values, some of which the checks across a distribution may refuse. */
static void write_random(const char *folder, chance state)
{
    FILE *file = open_fresh(folder, "random.yaml");
    fprintf(file, "seed: %zu\n", below(state, 1000));
    for (size_t i = 0; i < TEST_ROWS; ++i)
        if (below(state, 3) == 0 && strcmp(test_rows[i].key, "seed") != 0)
            fprintf(file, "%s: %s\n", test_rows[i].key, random_value(state, &test_rows[i]).text);
    fclose(file);
}

static void test_random_settings_survive(void **state)
{
    chance seed = {4, 5, 6};
    size_t survived = 0;
    for (int i = 0; i < 2000; ++i) {
        struct scenario scenario;
        char *said = NULL;
        write_random(*state, seed);
        if (read_scenario(*state, "random.yaml", NULL, &scenario, &said)) {
            assert_survives(*state, &scenario, i % 2 == 0);
            scenario_fini(&scenario);
            ++survived;
        }
        free(said);
    }
    assert_true(survived > 300); /* most are refused for a distribution that makes none */
}

static void test_writing_is_pleasant(void **state)
{
    struct scenario scenario;
    char *text = NULL;
    size_t bytes;
    write_text(*state, "s.yaml",
               "description: 'a: b'\nseed: 1\nterminals.camera.focus: 0.5 m\nbank.strict: true\n"
               "terminals.camera.distance: uniform(max 20 cm, min 10 cm)\nbank.refusal: 0.5 %\n");
    assert_accepted(*state, "s.yaml", NULL, &scenario);
    FILE *out = open_memstream(&text, &bytes);
    scenario_write(&scenario, out, true);
    fclose(out);
    assert_string_equal("description: \"a: b\"\n"
                        "seed: 1\n"
                        "terminals:\n"
                        "  camera:\n"
                        "    focus: 500 mm\n"
                        "    distance: uniform(min 100 mm, max 200 mm)\n"
                        "bank:\n"
                        "  refusal: 0.5 %\n",
                        text);
    free(text);
    scenario_fini(&scenario);
}

static void test_nothing_changed(void **state)
{
    struct test_settings settings;
    struct parameter_table table = {test_rows + 2, TEST_ROWS - 2, sizeof settings, NULL, NULL, NULL, 0}; /* no seed */
    struct scenario scenario = {.table = &table, .settings = &settings};
    char *text = NULL;
    size_t bytes;
    (void)state;
    parameter_defaults(&table, &settings);
    FILE *out = open_memstream(&text, &bytes);
    scenario_write(&scenario, out, true);
    fclose(out);
    assert_string_equal("{} # every key has its default\n", text);
    free(text);
}

static const char valid[] = "# A file with a little of everything\n"
                            "description: \"One \\\"weekday\\\" in a town\"\n"
                            "seed: 7\n"
                            "replications: 20\n"
                            "schemes: [sms-code, 'chip']\n"
                            "customers:\n"
                            "  time_to_show: lognormal(mean 8 s, sd 4 s)\n"
                            "  reservations: {rate: 0.5 /day, profile: weekend}\n"
                            "terminals.camera.f_number: 4\n"
                            "terminals:\n"
                            "  camera: {distance: \"normal(mean 20 cm, sd 1 cm)\"}\n"
                            "  tilt: -5 deg\n"
                            "  matrix:\n"
                            "  - 1\n"
                            "  - 0.25\n"
                            "  - -1e-3\n"
                            "bank: {strict: false, limit: 5000 CNY}\n";

enum { MUTANT_BYTES = 4096 };

static size_t insert(char *text, size_t length, size_t at, const char *piece, size_t bytes)
{
    if (length + bytes > MUTANT_BYTES)
        return length;
    memmove(text + at + bytes, text + at, length - at);
    memcpy(text + at, piece, bytes);
    return length + bytes;
}

static size_t mutate(chance state, char *text, size_t length)
{
    static const char *const pieces[] = {"[",
                                         "]",
                                         "{",
                                         "}",
                                         ":",
                                         ": ",
                                         "- ",
                                         "&a ",
                                         "*a",
                                         "!t ",
                                         "<<: ",
                                         "\n",
                                         "\r",
                                         "\r\n",
                                         "\t",
                                         "\"",
                                         "'",
                                         "#",
                                         "---\n",
                                         "...\n",
                                         "? ",
                                         "| ",
                                         "> ",
                                         "%",
                                         ",",
                                         "(",
                                         ")",
                                         "nan",
                                         "1e999",
                                         "0",
                                         "-",
                                         "+",
                                         "\x1b",
                                         "\xff",
                                         "\xC2\x85",
                                         "\xE2\x80\xA8",
                                         "\xEF\xBB\xBF",
                                         "\xE4\xB8\xAD",
                                         "extends: again.yaml\n",
                                         "extends: mutant.yaml\n",
                                         "bank:\n",
                                         "\\x00",
                                         "\\uD800",
                                         "\xE2\x80\xAE"};
    size_t at = below(state, length + 1), bytes = below(state, 30);

    switch (below(state, 6)) {
    case 0: /* another byte */
        if (at < length)
            text[at] = (char)nrand48(state);
        return length;
    case 1: /* a stretch less */
        if (at + bytes > length)
            return length;
        memmove(text + at, text + at + bytes, length - at - bytes);
        return length - bytes;
    case 2: { /* a stretch twice */
        char piece[30];
        if (at + bytes > length)
            return length;
        memcpy(piece, text + at, bytes);
        return insert(text, length, below(state, length + 1), piece, bytes);
    }
    case 3: /* a deep nest */
        return insert(text, length, at, "[[[[[[[[[[[[[[[[[[[[", bytes % 20);
    default: {
        const char *piece = pieces[below(state, sizeof pieces / sizeof *pieces)];
        return insert(text, length, at, piece, strlen(piece));
    }
    }
}

/* Everything said ends with the verdict, and holds nothing that drives a terminal. */
static void assert_well_said(const char *said)
{
    size_t length = strlen(said);
    static const char verdict[] = "; nothing was run\n";
    uint32_t code;

    assert_true(length > sizeof verdict);
    assert_string_equal(verdict, said + length - (sizeof verdict - 1));
    for (size_t i = 0; i < length;) {
        i += utf8_next(said + i, length - i, &code);
        if (code == UTF8_INVALID || (code != '\n' && utf8_is_hidden(code)))
            fail_msg("U+%04X is said:\n%s", (unsigned)code, said);
    }
}

static void test_mutants(void **state)
{
    chance seed = {7, 8, 9};
    size_t accepted = 0;
    for (int i = 0; i < 4000; ++i) {
        char text[MUTANT_BYTES];
        size_t length = sizeof valid - 1;
        struct scenario scenario;
        char *said = NULL;

        memcpy(text, valid, length);
        for (size_t changes = below(seed, 3) + 1; changes > 0; --changes)
            length = mutate(seed, text, length);
        write_bytes(*state, "mutant.yaml", text, length);
        if (read_scenario(*state, "mutant.yaml", NULL, &scenario, &said)) {
            assert_string_equal("", said);
            assert_survives(*state, &scenario, false);
            scenario_fini(&scenario);
            ++accepted;
        } else {
            assert_null(scenario.settings);
            assert_well_said(said);
        }
        free(said);
    }
    assert_true(accepted > 100); /* a changed comment or digit is still a scenario */
}

/* The largest files that try to be slow: bounded by the size, whatever they hold. */
static void test_large_and_hostile(void **state)
{
    static const char *const pieces[] = {
        "a:\n",  "[",           "{",         "- ",
        "? ",    "bank:\n",     "seed: 1\n", "x",
        "- a\n", "a: {b: 1}\n", ",",         "&a ",
        "*a\n",  "\"",          "\r",        "terminals.camera.f_nunber: 1\n",
        "# \n",  "!",           "\t",        "%\n"};
    enum { BYTES = 1024 * 1024 };
    char *text = malloc(BYTES);
    for (size_t i = 0; i < sizeof pieces / sizeof *pieces; ++i) {
        struct scenario scenario;
        char *said = NULL;
        size_t bytes = strlen(pieces[i]);
        for (size_t at = 0; at < BYTES; ++at)
            text[at] = pieces[i][at % bytes];
        write_bytes(*state, "large.yaml", text, BYTES);
        assert_false(read_scenario(*state, "large.yaml", NULL, &scenario, &said));
        assert_well_said(said);
        free(said);
    }
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FOLDER(test_random_settings_survive), IN_FOLDER(test_writing_is_pleasant),
        IN_FOLDER(test_nothing_changed),         IN_FOLDER(test_mutants),
        IN_FOLDER(test_large_and_hostile),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
