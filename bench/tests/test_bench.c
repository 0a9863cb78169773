/*
 * The benches: the figures of a sample by known answers, a measurement that catches wrong and
 * changing answers, and a quick run whose rows and JSON hold together. No time is asserted.
 */
#include "bench/bench.h"
#include "bench/contest.h"
#include "bench/degrade.h"
#include "bench/rows.h"
#include "bench/sample.h"
#include "bench/select.h"
#include "bench/shots.h"
#include "bench/survey.h"

#include "output/gnuplot.h"

#include <ctype.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static void assert_near(double a, double b)
{
    if (!(fabs(a - b) <= 1e-12 * fmax(1, fabs(b))))
        fail_msg("%.17g is not %.17g", a, b);
}

static struct sample sample_of(const double *values, size_t count)
{
    struct sample sample = {0};
    for (size_t i = 0; i < count; i++)
        sample_add(&sample, values[i]);
    return sample;
}

static void figures_of_known_samples(void **state)
{
    (void)state;
    const double odd[] = {9, 1, 4, 2, 7}, even[] = {4, 1, 3, 2}, one[] = {6};
    struct sample sample = sample_of(odd, 5);
    assert_near(sample_median(&sample), 4);
    assert_near(sample_mad(&sample), 3); /* distances 5 3 0 2 3 */
    assert_near(sample_quantile(&sample, 0), 1);
    assert_near(sample_quantile(&sample, 1), 9);
    assert_near(sample_quantile(&sample, 0.25), 2);
    assert_near(sample_quantile(&sample, 0.9), 8.2);
    assert_near(sample_sum(&sample), 23);
    assert_near(sample.values[0], 9); /* left in order */
    sample_fini(&sample);
    sample = sample_of(even, 4);
    assert_near(sample_median(&sample), 2.5);
    assert_near(sample_mad(&sample), 1);
    assert_near(sample_quantile(&sample, 0.99), 3.97);
    sample_clear(&sample);
    assert_true(isnan(sample_median(&sample)) && isnan(sample_mad(&sample)));
    sample_fini(&sample);
    sample = sample_of(one, 1);
    assert_near(sample_quantile(&sample, 0.99), 6);
    assert_near(sample_mad(&sample), 0);
    sample_fini(&sample);
}

static void a_large_sample_grows(void **state)
{
    (void)state;
    struct sample sample = {0};
    for (int i = 0; i <= 10000; i++)
        sample_add(&sample, (i * 7919) % 10001);
    assert_near(sample_median(&sample), 5000);
    assert_near(sample_mad(&sample), 2500);
    assert_near(sample_quantile(&sample, 0.99), 9900);
    sample_fini(&sample);
}

/* ---- measuring ---- */

/* A subject that reads "1" of item 0, a wrong "9" of item 1, nothing of item 2, and of item 3
 * another string each time. */
static void *open_count(const void *work)
{
    (void)work;
    return calloc(1, sizeof(int));
}

static void run_liar(void *scratch, const void *work, size_t item, struct answer *answer)
{
    (void)work;
    int *count = scratch;
    static const char *const fixed[] = {"1", "9", ""};
    if (item < 3)
        snprintf(answer->text, sizeof answer->text, "%s", fixed[item]);
    else
        snprintf(answer->text, sizeof answer->text, "%d", ++*count);
}

static void answers_are_checked(void **state)
{
    (void)state;
    const struct subject liar = {
        .name = "liar", .open = open_count, .close = free, .run = run_liar, .answers = true};
    const struct answer truths[] = {{.text = "1"}, {.text = "2"}, {.text = "3"}, {.text = "1"}};
    const struct effort effort = {.items = 4, .rounds = 5, .cpu_s = 1, .parallel_s = 0, .jobs = 2};
    struct row row = {.name = "test"};
    measure(&liar, NULL, truths, &effort, &row);
    assert_int_equal(row.items, 4);
    assert_int_equal(row.right, 2);
    assert_int_equal(row.wrong, 1);
    assert_true(row.samples >= 12 && row.samples % 4 == 0);
    assert_true(row.unstable >= row.samples / 4);
    assert_true(row.rate_core > 0 && row.rate_all > 0);
    assert_int_equal(row.jobs, 2);
    row.ratio = NAN;
    char *text = NULL;
    size_t length;
    FILE *file = open_memstream(&text, &length);
    rows_print(file, &row);
    fclose(file);
    assert_int_equal(text[0], '!');
    assert_non_null(strstr(text, "WRONG READS"));
    assert_non_null(strstr(text, "ANSWERS CHANGED"));
    free(text);
}

/* Of a batch of operations every figure is of one: a time falls and a rate rises by their number.
 */
static void operations_are_counted(void **state)
{
    (void)state;
    struct subject subject = {
        .name = "steady", .open = open_count, .close = free, .run = run_liar, .answers = true};
    const struct answer truths[] = {{.text = "1"}};
    const struct effort effort = {.items = 1, .rounds = 3, .cpu_s = 1, .parallel_s = 0, .jobs = 1};
    struct row item = {.name = "item"}, operation = {.name = "operation", .ratio = NAN};
    subject.note = "as published";
    measure(&subject, NULL, truths, &effort, &item);
    subject.operations = 1e6;
    measure(&subject, NULL, truths, &effort, &operation);
    assert_true(operation.median_s < 1e-3 * item.median_s);
    assert_true(operation.rate_core > 1e3 * item.rate_core);
    char *text = NULL;
    size_t length;
    FILE *file = open_memstream(&text, &length);
    rows_header(file, 1, "a hold", "bare_heap");
    rows_print(file, &operation);
    fclose(file);
    assert_non_null(strstr(text, "in ns a hold"));
    assert_non_null(strstr(text, "\n  operation "));
    assert_non_null(strstr(text, "\n    as published\n"));
    free(text);
}

static void shots_are_reproducible(void **state)
{
    (void)state;
    struct shots a, b;
    shots_plan(&a, SHOT_NOISY, 2);
    shots_plan(&b, SHOT_NOISY, 3);
    shots_capture(&a);
    shots_capture(&b);
    for (size_t i = 0; i < a.batch.count; i++) {
        assert_string_equal(a.batch.truths[i].text, b.batch.truths[i].text);
        assert_memory_equal(a.batch.frames[i].pixels, b.batch.frames[i].pixels,
                            SHOT_WIDTH * SHOT_HEIGHT);
    }
    assert_string_not_equal(b.batch.truths[0].text, b.batch.truths[1].text);
    shots_fini(&a);
    shots_fini(&b);
}

/* ---- JSON: a checker of its grammar, enough for what is written here ---- */

static const char *past_space(const char *p)
{
    while (isspace((unsigned char)*p))
        p++;
    return p;
}

static const char *check_string(const char *p)
{
    assert_int_equal(*p, '"');
    for (p++; *p != '"'; p++) {
        assert_true((unsigned char)*p >= ' ');
        if (*p == '\\')
            p++;
    }
    return p + 1;
}

static const char *check_scalar(const char *p)
{
    static const char *const words[] = {"true", "false", "null"};
    if (*p == '"')
        return check_string(p);
    for (size_t i = 0; i < 3; i++)
        if (strncmp(p, words[i], strlen(words[i])) == 0)
            return p + strlen(words[i]);
    assert_true(*p == '-' || isdigit((unsigned char)*p));
    char *end;
    strtod(p, &end);
    return end;
}

/* Bounded nesting, so a stack of closing brackets does. */
static void check_json(const char *p)
{
    char open[16];
    int depth = 0;
    bool value_next = true;
    for (p = past_space(p); *p != '\0'; p = past_space(p)) {
        if (value_next && (*p == '{' || *p == '[')) {
            assert_true(depth < 16);
            open[depth++] = *p == '{' ? '}' : ']';
            p = past_space(p + 1);
            assert_int_not_equal(*p, ','); /* no empty objects are written */
        } else if (value_next) {
            p = check_scalar(p);
            value_next = false;
            continue;
        } else if (*p == ',') {
            p = past_space(p + 1);
        } else {
            assert_true(depth > 0);
            assert_int_equal(*p, open[--depth]);
            p++;
            continue;
        }
        if (open[depth - 1] == '}') {
            p = past_space(check_string(p));
            assert_int_equal(*p, ':');
            p++;
        }
        value_next = true;
    }
    assert_int_equal(depth, 0);
}

static char *read_file(const char *path)
{
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    char *text = calloc(1, 1 << 20);
    assert_non_null(text);
    assert_true(fread(text, 1, (1 << 20) - 1, file) > 0);
    fclose(file);
    return text;
}

static int count_of(const char *text, const char *word)
{
    int count = 0;
    for (; (text = strstr(text, word)) != NULL; text += strlen(word))
        count++;
    return count;
}

static void a_quick_run_holds_together(void **state)
{
    (void)state;
    char path[] = "/tmp/test_bench_XXXXXX";
    int descriptor = mkstemp(path);
    assert_true(descriptor >= 0);
    close(descriptor);
    char *table = NULL;
    size_t length;
    FILE *file = open_memstream(&table, &length);
    struct error error = {""};
    static const char *const names[] = {"decode/clean", "decode/3px",     "pipeline", "events",
                                        "random",       "engine",         "bank",     "camera",
                                        "verify",       "misreads/strict"};
    const struct bench_options options = {.suites = names,
                                          .suite_count = sizeof names / sizeof *names,
                                          .json_path = path,
                                          .jobs = 2,
                                          .quick = true};
    assert_int_equal(bench_run(&options, file, NULL, &error), EXIT_DONE);
    fclose(file);
    int decode = 0, shown_cells = 0; /* a decoder that is not installed has no rows */
    for (size_t i = 0; i < cell_count; i++) {
        char cell[CELL_PATH_BYTES];
        cell_path(&cells[i], cell);
        if (!select_matches("clean", cell) && !select_matches("3px", cell))
            continue;
        shown_cells++;
        for (size_t j = 0; j < decoder_count; j++)
            decode += decoders[j].symbols >> cells[i].symbol & 1;
    }
    int shown = 0;
    for (int i = 0; i < SYMBOL_COUNT; i++) {
        char start[32];
        snprintf(start, sizeof start, "\n%s/", symbol_names[i]);
        shown += count_of(table, start);
    }
    assert_int_equal(shown, 2 * shown_cells);
    assert_int_equal(count_of(table, "\n  pipeline/"), 6);
    assert_int_equal(count_of(table, "\n  events/"), 12);
    assert_int_equal(count_of(table, "\n  random/"), 12);
    assert_int_equal(count_of(table, "\n  engine/"), 3);
    assert_int_equal(count_of(table, "\n  bank/"), 6);
    assert_int_equal(count_of(table, "\n  verify/"), 14);
    int peers = count_of(table, "/opencv, "), camera = count_of(table, "\n  camera/");
    assert_int_equal(camera, 16 + peers);
    assert_true(peers == 0 || peers == 4); /* as OpenCV is installed */
    assert_null(strstr(table, "\n!"));
    int survey = 0;
    for (int i = 0; i < SYMBOL_COUNT; i++)
        survey += survey_applies(&survey_rules[0], (enum symbol)i);
    int others = 53 + camera + survey;
    char *json = read_file(path);
    check_json(json);
    assert_int_equal(count_of(json, "\"name\""), decode + others);
    assert_int_equal(count_of(json, "\"name\": \"decode/"), decode);
    assert_int_equal(count_of(json, "\"error_occurred\""), decode + others);
    assert_int_equal(count_of(json, "\"wrong\": "), decode + survey + 48 + 4);
    assert_non_null(strstr(json, "\"name\": \"decode/code128/vga/clean/cashpoint\""));
    assert_int_equal(count_of(json, "\"time_unit\": \"us\""), decode + survey + 6);
    assert_int_equal(count_of(json, "\"time_unit\": \"ns\""), 47 + camera);
    assert_int_equal(count_of(json, "\"memcpy_ratio\""), decode + survey + 6 + camera);
    assert_int_equal(count_of(json, "\"bare_heap_ratio\""), 12);
    assert_int_equal(count_of(json, "\"bare_statements_ratio\""), 6);
    assert_int_equal(count_of(json, "\"bare_openssl_ratio\""), 14);
    assert_non_null(strstr(json, "\"note\": \"published"));
    assert_non_null(strstr(json, "\"compiler\""));
    assert_non_null(strstr(json, "\"quick\": true"));
    free(json);
    free(table);
    unlink(path);
}

/* Frames without fault are read by every decoder; and a cell that is asked for comes alone. */
static void clean_cells_are_read_by_all(void **state)
{
    (void)state;
    char path[] = "/tmp/test_bench_XXXXXX";
    int descriptor = mkstemp(path);
    assert_true(descriptor >= 0);
    close(descriptor);
    const char *const names[] = {"decode/code128/vga/clean", "decode/code128/vga/empty/2"};
    FILE *nowhere = fopen("/dev/null", "w");
    assert_non_null(nowhere);
    const struct bench_options options = {
        .suites = names, .suite_count = 2, .json_path = path, .jobs = 1, .quick = true};
    assert_int_equal(bench_run(&options, nowhere, NULL, NULL), EXIT_DONE);
    fclose(nowhere);
    char *json = read_file(path);
    int rows = count_of(json, "\"name\"");
    assert_true(rows == 3 * 3 || rows == 3 * 5); /* as zxing-cpp is installed */
    assert_int_equal(count_of(json, "\"success\": 1,"), rows);
    assert_int_equal(count_of(json, "\"wrong\": 0,"), rows);
    free(json);
    unlink(path);
}

/* Data and script of both plots, and a picture where gnuplot is installed. */
static void plots_are_drawn(void **state)
{
    (void)state;
    static const char *const files[] = {"decode-code128.csv",  "decode-code128.gp",
                                        "decode-code128.svg",  "misreads-code128.csv",
                                        "misreads-code128.gp", "misreads-code128.svg"};
    char folder[] = "/tmp/test_bench_XXXXXX", path[128], program[512];
    assert_non_null(mkdtemp(folder));
    const char *const names[] = {"decode/code128/vga/clean", "misreads/code128/strict"};
    FILE *nowhere = fopen("/dev/null", "w");
    assert_non_null(nowhere);
    const struct bench_options options = {
        .suites = names, .suite_count = 2, .plots = folder, .jobs = 2, .quick = true};
    assert_int_equal(bench_run(&options, nowhere, NULL, NULL), EXIT_DONE);
    fclose(nowhere);
    bool gnuplot = gnuplot_find(program, sizeof program);
    for (size_t i = 0; i < 6; i++) {
        snprintf(path, sizeof path, "%s/%s", folder, files[i]);
        bool picture = strstr(files[i], ".svg") != NULL;
        assert_int_equal(unlink(path) == 0, !picture || gnuplot);
    }
    assert_int_equal(rmdir(folder), 0); /* nothing else was left there */
}

static void one_suite_can_be_chosen(void **state)
{
    (void)state;
    const char *const names[] = {"pipeline"};
    char *table = NULL;
    size_t length;
    FILE *file = open_memstream(&table, &length);
    const struct bench_options options = {
        .suites = names, .suite_count = 1, .jobs = 1, .quick = true};
    assert_int_equal(bench_run(&options, file, NULL, NULL), EXIT_DONE);
    bench_list(file);
    fclose(file);
    assert_null(strstr(table, "\ncode128/"));
    assert_int_equal(count_of(table, "pipeline/"), 6);
    assert_non_null(strstr(table, "\ndecode "));
    free(table);
}

static void bad_input_is_refused(void **state)
{
    (void)state;
    const char *const names[] = {"decode/clean", "decoder"};
    FILE *nowhere = fopen("/dev/null", "w");
    assert_non_null(nowhere);
    struct error error = {""};
    struct bench_options options = {.suites = names, .suite_count = 2, .jobs = 1, .quick = true};
    assert_int_equal(bench_run(&options, nowhere, NULL, &error), EXIT_USAGE);
    assert_non_null(strstr(error.text, "'decoder'"));
    assert_non_null(strstr(error.text, "decode, pipeline"));
    const char *const parts[] = {"decode/nosie", "bank/noise"};
    for (int i = 0; i < 2; i++) {
        options.suites = &parts[i];
        options.suite_count = 1;
        assert_int_equal(bench_run(&options, nowhere, NULL, &error), EXIT_USAGE);
        assert_non_null(strstr(error.text, parts[i] + (i == 0 ? 7 : 5)));
    }
    options = (struct bench_options){.suites = &names[0],
                                     .suite_count = 1,
                                     .jobs = 1,
                                     .quick = true,
                                     .json_path = "/nonexistent/folder/file.json"};
    assert_int_equal(bench_run(&options, nowhere, NULL, &error), EXIT_FAILED);
    assert_non_null(strstr(error.text, "/nonexistent/folder/file.json"));
    fclose(nowhere);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(figures_of_known_samples), cmocka_unit_test(a_large_sample_grows),
        cmocka_unit_test(answers_are_checked),      cmocka_unit_test(operations_are_counted),
        cmocka_unit_test(shots_are_reproducible),   cmocka_unit_test(clean_cells_are_read_by_all),
        cmocka_unit_test(plots_are_drawn),          cmocka_unit_test(a_quick_run_holds_together),
        cmocka_unit_test(one_suite_can_be_chosen),  cmocka_unit_test(bad_input_is_refused),
    };
    return cmocka_run_group_tests_name("bench", tests, NULL, NULL);
}
