/* Empirical tables: drawn by their weights; they and the newer forms read, refused and written. */
#include "experiment/parameter_print.h"
#include "experiment/quantity.h"

#include "engine/random.h"
#include "tests/chance.h"

#include <regex.h>
#include <stdlib.h>
#include <string.h>

enum { DRAWS = 40000 };

/* Counts of an empirical table's values by Pearson's chi-square, the mean and the variance: each
 * with the false-alarm rate of chance.h. */
static void check_table(const struct distribution *table, uint64_t entity, const char *name)
{
    const struct distribution_pair *p = table->table->pairs;
    double *seen = chance_room(DISTRIBUTION_PAIRS, sizeof *seen);
    double *expected = chance_room(DISTRIBUTION_PAIRS, sizeof *expected);
    double total = 0.0, variance = 0.0, fourth = 0.0, sum = 0.0, square = 0.0;
    size_t pairs = distribution_pairs(table);
    double mean = distribution_mean(table);
    for (size_t i = 0; i < pairs; i++)
        total += p[i].weight;
    for (size_t i = 0; i < pairs; i++) {
        expected[i] = DRAWS * p[i].weight / total;
        variance += p[i].weight / total * pow(p[i].value - mean, 2.0);
        fourth += p[i].weight / total * pow(p[i].value - mean, 4.0);
    }
    struct stream stream;
    stream_init(&stream, (struct stream_key){33, entity, 0, 0});
    for (int k = 0; k < DRAWS; k++) {
        double value = distribution_draw(table, &stream);
        size_t i = 0;
        while (i < pairs && p[i].value != value)
            i++;
        assert_true(i < pairs);
        seen[i]++;
        sum += value;
        square += (value - mean) * (value - mean);
    }
    assert_fits(seen, expected, pairs, name);
    assert_mean(sum / DRAWS, mean, sqrt(variance), DRAWS, name);
    assert_mean(square / DRAWS, variance, sqrt(fourth - variance * variance), DRAWS, name);
    free(seen);
    free(expected);
}

static void test_tables_are_drawn(void **state)
{
    (void)state;
    const struct distribution_pair counts[] = {{10.0, 2.0}, {20.0, 5.0}, {60.0, 1.0}};
    const struct distribution_pair parts[] = {{-1.0, 0.125}, {3.0, 0.5}, {0.0, 0.375}};
    struct distribution_pair most[DISTRIBUTION_PAIRS];
    for (int i = 0; i < DISTRIBUTION_PAIRS; i++)
        most[i] = (struct distribution_pair){100.0 - i, 1.0 + i % 5};
    struct distribution three = distribution_empirical(counts, 3);
    struct distribution shares = distribution_empirical(parts, 3);
    struct distribution full = distribution_empirical(most, DISTRIBUTION_PAIRS);
    assert_close(distribution_mean(&three), 22.5, 1e-15);
    assert_close(distribution_mean(&shares), 1.375, 1e-15);
    assert_int_equal(distribution_pairs(&full), DISTRIBUTION_PAIRS);
    check_table(&three, 0, "empirical, counts");
    check_table(&shares, 1, "empirical, shares");
    check_table(&full, 2, "empirical, 4096 pairs");
}

/* One draw costs one number, whatever the table. */
static void test_extreme_weights(void **state)
{
    (void)state;
    const struct distribution_pair down[] = {{1.0, 1e300}, {2.0, 1e-300}};
    const struct distribution_pair up[] = {{1.0, 1e-300}, {2.0, 1e300}};
    struct distribution rare = distribution_empirical(down, 2);
    struct distribution first = distribution_empirical(up, 2);
    struct stream stream, twin;
    stream_init(&stream, (struct stream_key){.seed = 34});
    twin = stream;
    for (int i = 0; i < 1000; i++) {
        assert_true(distribution_draw(&rare, &stream) == 1.0);
        (void)stream_uniform(&twin);
    }
    assert_true(stream_uniform(&stream) == stream_uniform(&twin));
    assert_true(distribution_draw(&first, &stream) == 2.0);
}

static struct distribution read_as(const char *text, enum dimension dimension)
{
    struct distribution distribution;
    struct error error = {{0}};
    size_t at;
    if (!quantity_parse_distribution(text, dimension, &distribution, &at, &error))
        fail_msg("\"%s\" is refused: %s", text, error.text);
    return distribution;
}

static void test_tables_are_read(void **state)
{
    (void)state;
    static const char *const texts[] = {"empirical(10 s:2, 1 min:0.5)",
                                        "empirical(10 s: 2,60 s: 5e-1)",
                                        " empirical ( 10 s : 2 , 60000 ms:0.5 ) "};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct distribution d = read_as(texts[i], DIMENSION_TIME);
        assert_int_equal(d.kind, DISTRIBUTION_EMPIRICAL);
        assert_int_equal(distribution_pairs(&d), 2);
        assert_true(d.table->pairs[0].value == 10.0 && d.table->pairs[0].weight == 2.0);
        assert_true(d.table->pairs[1].value == 60.0 && d.table->pairs[1].weight == 0.5);
    }
    struct distribution plain = read_as("empirical(-1:3, 0:1)", DIMENSION_NUMBER);
    assert_true(plain.table->pairs[0].value == -1.0 && plain.table->pairs[0].weight == 3.0);
    struct distribution rate = read_as("empirical(2 /s:1)", DIMENSION_RATE);
    assert_true(rate.table->pairs[0].value == 2.0 && distribution_pairs(&rate) == 1);
}

static void test_forms_are_read(void **state)
{
    (void)state;
    struct distribution d = read_as("weibull(shape 1.5, mean 20 s)", DIMENSION_TIME);
    assert_true(d.kind == DISTRIBUTION_WEIBULL && d.parameter[0] == 20.0 && d.parameter[1] == 1.5);
    d = read_as("hyperexponential(mean 2 min, cv 3)", DIMENSION_TIME);
    assert_true(d.kind == DISTRIBUTION_HYPEREXPONENTIAL && d.parameter[0] == 120.0);
    assert_true(d.parameter[1] == 3.0);
    d = read_as("gamma(mean 20 mm, sd 1 cm)", DIMENSION_LENGTH);
    assert_true(d.kind == DISTRIBUTION_GAMMA && d.parameter[0] == 0.02 && d.parameter[1] == 0.01);
}

static void assert_refused(const char *text, size_t expected_at, const char *words)
{
    struct distribution d;
    struct error error = {{0}};
    size_t at = 999;
    if (quantity_parse_distribution(text, DIMENSION_TIME, &d, &at, &error))
        fail_msg("\"%s\" is accepted", text);
    if (strstr(error.text, words) == NULL)
        fail_msg("\"%s\": \"%s\" does not say \"%s\"", text, error.text, words);
    if (at != expected_at)
        fail_msg("\"%s\": points at %zu, not at %zu", text, at, expected_at);
}

/* "empirical(1 s:1, 1 s:1, ...)" */
static char *table_of(size_t pairs)
{
    char *text = calloc(pairs + 4, 16);
    assert_non_null(text);
    char *end = stpcpy(text, "empirical(");
    for (size_t i = 0; i < pairs; i++)
        end = stpcpy(end, i > 0 ? ", 1 s:1" : "1 s:1");
    strcpy(end, ")");
    return text;
}

static void test_refusals(void **state)
{
    (void)state;
    assert_refused("empirical()", 10, "a value, a colon and a weight: write empirical(10 s:2");
    assert_refused("empirical(10 s)", 10, "a value, a colon and a weight");
    assert_refused("empirical(file.csv)", 10, "a value, a colon and a weight");
    assert_refused("empirical(10 s:1, 20 s)", 18, "a value, a colon and a weight");
    assert_refused("empirical(10 s:1,)", 17, "a value, a colon and a weight");
    assert_refused("empirical(10:1)", 10, "a unit is missing");
    assert_refused("empirical(10 mm:1)", 13, "unit of length");
    assert_refused("empirical(:1)", 10, "");
    assert_refused("empirical(10 s:)", 15, "");
    assert_refused("empirical(10 s:1 s)", 17, "takes no unit");
    assert_refused("empirical(10 s:1:2)", 16, "takes no unit");
    assert_refused("empirical(10 s:0)", 15, "a weight must be above 0");
    assert_refused("empirical(10 s:1, 20 s: -1)", 24, "a weight must be above 0");
    assert_refused("empirical(10 s:nan)", 15, "NaN");
    assert_refused("empirical(10 s:1e308, 20 s:1e308)", 0, "weights are too large");
    assert_refused("empirical 10 s:1", 10, "( is missing");
    assert_refused("empirical(10 s:1", 16, ") is missing");
    assert_refused("emprical(10 s:1)", 0, "did you mean \"empirical\"?");
    assert_refused("gama(mean 1 s, sd 1 s)", 0, "did you mean \"gamma\"?");
    assert_refused("weibull(mean 1 s, shape 0)", 0, "shape must lie from 0.1");
    assert_refused("hyperexponential(mean 1 s, cv 1)", 0, "write exponential");
    assert_refused("hyperexponential(mean 1 s, sd 1 s)", 27, "hyperexponential has no \"sd\"");
    char *full = table_of(DISTRIBUTION_PAIRS), *more = table_of(DISTRIBUTION_PAIRS + 1);
    struct distribution d = read_as(full, DIMENSION_TIME);
    assert_int_equal(distribution_pairs(&d), DISTRIBUTION_PAIRS);
    assert_refused(more, strlen(more) - 6, "more than 4096 pairs");
    free(full);
    free(more);
    char lengthy[300] = "empirical(1";
    memset(lengthy + 11, '0', 200);
    strcpy(lengthy + 211, " s:1)");
    assert_refused(lengthy, 10, "too long");
}

/* What is written of a distribution; the caller frees it. */
static char *text_of(const struct distribution *d, enum dimension dimension, const char *like)
{
    char *text = NULL;
    size_t bytes;
    FILE *out = open_memstream(&text, &bytes);
    assert_non_null(out);
    quantity_write_distribution(d, dimension, like, out);
    assert_int_equal(fclose(out), 0);
    return text;
}

static void assert_written(const char *expected, const char *text, const char *like)
{
    struct distribution d = read_as(text, DIMENSION_TIME);
    char *written = text_of(&d, DIMENSION_TIME, like);
    assert_string_equal(expected, written);
    free(written);
}

static void test_texts(void **state)
{
    (void)state;
    assert_written("empirical(10 s:2, 60 s:0.5)", "empirical(10 s: 2, 1 min: 0.5)", "1 s");
    assert_written("empirical(500 ms:1)", "empirical(0.5 s: 1)", "empirical(100 ms:7, 2 ms:1)");
    assert_written("weibull(mean 20 s, shape 1.5)", "weibull(shape 1.5, mean 20 s)", NULL);
    assert_written("gamma(mean 20 s, sd 8 s)", "gamma(mean 20 s, sd 8 s)", NULL);
    assert_written("hyperexponential(mean 20 s, cv 2)", "hyperexponential(mean 20 s, cv 2)", NULL);
}

/* A number as text, over forty decades; no sign where `positive`. */
static void add_number(struct stream *stream, bool positive, char *text, size_t bytes)
{
    double exponent = 40.0 * stream_uniform(stream) - 20.0;
    double value = (stream_uniform(stream) - (positive ? 0.0 : 0.5)) * pow(10.0, exponent);
    size_t length = strlen(text);
    snprintf(text + length, bytes - length, "%.17g", value);
}

/* Up to 32 pairs of numbers with all their digits, in every unit. */
static void test_tables_survive_writing(void **state)
{
    (void)state;
    enum { ROUNDS = 20 };
    struct stream stream;
    size_t units;
    const struct unit *unit = quantity_units(&units);
    stream_init(&stream, (struct stream_key){.seed = 71});
    for (size_t round = 0; round < ROUNDS * units; round++) {
        const struct unit *used = &unit[round % units];
        char text[4096] = "empirical(";
        size_t pairs = round < units ? 32 : 1 + stream_below(&stream, 32);
        for (size_t i = 0; i < pairs; i++) {
            strcat(text, i > 0 ? ", " : "");
            add_number(&stream, false, text, sizeof text);
            strcat(strcat(strcat(text, " "), used->name), ": ");
            add_number(&stream, true, text, sizeof text);
        }
        struct distribution d = read_as(strcat(text, ")"), used->dimension);
        const char *like = round % 3 == 0 ? NULL : text;
        char *written = text_of(&d, used->dimension, like);
        struct distribution again = read_as(written, used->dimension);
        assert_true(again.kind == d.kind && again.table == d.table); /* the same bits */
        free(written);
    }
}

/* The first pattern of the schema that opens with `start`, its JSON escapes undone. */
static void find_pattern(const char *schema, const char *start, char *pattern, size_t bytes)
{
    const char *at = strstr(schema, start);
    size_t length = 0;
    assert_non_null(at);
    for (; *at != '"' && length + 1 < bytes; at++) {
        at += *at == '\\';
        pattern[length++] = *at;
    }
    assert_true(length + 1 < bytes);
    pattern[length] = '\0';
}

static void assert_matched(const regex_t *pattern, const char *text, bool expected)
{
    if ((regexec(pattern, text, 0, NULL, 0) == 0) != expected)
        fail_msg("the schema %s \"%s\"", expected ? "refuses" : "takes", text);
}

static void test_schema(void **state)
{
    (void)state;
    static const struct parameter row = {
        "d",         PARAMETER_DISTRIBUTION, DIMENSION_TIME, .default_text = "1 s",
        .help = "h", .source = "s"};
    static const struct parameter_table table = {&row, 1, sizeof(struct distribution), NULL, NULL, NULL, 0};
    char *schema = NULL, pattern[1024], *full = table_of(32);
    size_t bytes;
    regex_t compiled;
    FILE *out = open_memstream(&schema, &bytes);
    assert_non_null(out);
    (void)parameter_print_schema(&table, NULL, out);
    assert_int_equal(fclose(out), 0);
    find_pattern(schema, "^empirical", pattern, sizeof pattern);
    assert_int_equal(regcomp(&compiled, pattern, REG_EXTENDED | REG_NOSUB), 0);
    assert_matched(&compiled, distribution_forms[DISTRIBUTION_EMPIRICAL].example, true);
    assert_matched(&compiled, "empirical(10 s: 2,-1.5e3 min : 0.5 )", true);
    assert_matched(&compiled, full, true);
    assert_matched(&compiled, "empirical(file waits.csv)", true);
    assert_matched(&compiled, "empirical(file /tmp/waits.csv)", false);
    assert_matched(&compiled, "empirical()", false);
    assert_matched(&compiled, "empirical(10 s)", false);
    assert_matched(&compiled, "empirical(10:1)", false);
    assert_matched(&compiled, "empirical(10 s:1,)", false);
    assert_matched(&compiled, "empirical(10 s:1 s)", false);
    regfree(&compiled);
    free(schema);
    free(full);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_tables_are_drawn),
        cmocka_unit_test(test_extreme_weights),
        cmocka_unit_test(test_tables_are_read),
        cmocka_unit_test(test_forms_are_read),
        cmocka_unit_test(test_refusals),
        cmocka_unit_test(test_texts),
        cmocka_unit_test(test_tables_survive_writing),
        cmocka_unit_test(test_schema),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
