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

/* ---- the grid ---- */

static const struct cell *find_cell(const char *path)
{
    for (size_t i = 0; i < cell_count; i++) {
        char name[CELL_PATH_BYTES];
        cell_path(&cells[i], name);
        if (strcmp(name, path) == 0)
            return &cells[i];
    }
    fail_msg("there is no cell %s", path);
    return NULL;
}

static void assert_same_frames(const struct batch *a, size_t i, const struct batch *b, size_t j)
{
    assert_true(answer_same(&a->truths[i], &b->truths[j]));
    assert_memory_equal(a->frames[i].pixels, b->frames[j].pixels,
                        (size_t)a->frames[i].width * a->frames[i].height);
}

static void cells_make_the_same_frames_on_any_threads(void **state)
{
    (void)state;
    struct batch one, three, later;
    const struct cell *cell = find_cell("code128/qvga/mix/mild");
    degrade_batch(&one, cell, 0, 5, 1);
    degrade_batch(&three, cell, 0, 5, 3);
    degrade_batch(&later, cell, 3, 2, 2);
    for (size_t i = 0; i < 5; i++)
        assert_same_frames(&one, i, &three, i);
    assert_same_frames(&one, 3, &later, 0);
    assert_same_frames(&one, 4, &later, 1);
    assert_false(answer_same(&one.truths[0], &one.truths[1]));
    batch_fini(&one);
    batch_fini(&three);
    batch_fini(&later);
}

static void each_cell_has_a_name_of_its_own(void **state)
{
    (void)state;
    for (size_t i = 0; i < cell_count; i++) {
        char path[CELL_PATH_BYTES];
        cell_path(&cells[i], path);
        assert_ptr_equal(find_cell(path), &cells[i]);
        assert_true(select_matches("", path) && select_matches(path, path));
        assert_true(select_matches(cells[i].row, path));
    }
    assert_true(select_matches("code128/40", "code128/vga/noise/40"));
    assert_false(select_matches("40/code128", "code128/vga/noise/40"));
    assert_false(select_matches("4", "code128/vga/noise/40"));
    assert_false(select_matches("code128/vga/noise/40/more", "code128/vga/noise/40"));
}

static void misreads_are_counted_alike_on_any_threads(void **state)
{
    (void)state;
    size_t none = survey_rules_count - 1;
    unsigned all = 1u | 2u | 1u << none; /* strict, any length, none */
    struct survey one = {.symbol = SYMBOL_CODE128, .items = 3, .jobs = 1, .wanted = all};
    struct survey three = {.symbol = SYMBOL_CODE128, .items = 3, .jobs = 3, .wanted = all};
    survey_run(&one);
    survey_run(&three);
    assert_true(one.cells > 10);
    assert_memory_equal(one.counts, three.counts, sizeof one.counts);
    assert_int_equal(one.counts[0].frames, 3 * one.cells);
    assert_int_equal(one.counts[none].frames, 3 * one.cells);
    assert_true(one.counts[0].right > 0 && one.counts[0].right < one.counts[0].frames);
    /* The length that is asked for tells where a symbol ends: without it less may be read. */
    assert_true(one.counts[none].right > 0);
    assert_true(one.counts[none].wrong >= one.counts[0].wrong);
}

/* Known values: none of n: 1 - 0.05^(1/n); all of one: 1. */
static void reads_are_judged_by_the_truth(void **state)
{
    (void)state;
    struct survey_count count = {0};
    struct answer truth, nothing = {.text = ""};
    answer_set(&truth, "12\0004", 4); /* a zero within is a byte like others */
    struct decoded decoded = {.status = DECODE_OK, .length = 4, .text = "12\0004"};
    survey_note(&count, &decoded, &truth); /* right */
    decoded.text[3] = '5';
    survey_note(&count, &decoded, &truth); /* wrong */
    decoded.length = 2;
    survey_note(&count, &decoded, &truth);   /* cut short: wrong */
    survey_note(&count, &decoded, &nothing); /* nothing was there: wrong */
    decoded.status = DECODE_AMBIGUOUS;
    survey_note(&count, &decoded, &truth); /* refused */
    assert_int_equal(count.frames, 5);
    assert_int_equal(count.right, 1);
    assert_int_equal(count.wrong, 3);
}

static void limits_are_those_of_clopper_and_pearson(void **state)
{
    (void)state;
    const struct survey_count none = {.frames = 2000, .right = 1000};
    const struct survey_count all = {.frames = 1, .wrong = 1}, nothing = {.frames = 7};
    double limit = survey_limit(&none);
    assert_true(fabs(limit - (1 - pow(0.05, 1e-3))) < 1e-6);
    assert_near(survey_limit(&all), 1);
    assert_true(isnan(survey_limit(&nothing)));
}

/* Mean and standard deviation of a square around (x, y). */
static double patch(const struct frame *frame, unsigned x, unsigned y, double *sd)
{
    enum { HALF = 20 };
    double sum = 0, squares = 0, n = 4.0 * HALF * HALF;
    for (unsigned j = y - HALF; j < y + HALF; j++)
        for (unsigned i = x - HALF; i < x + HALF; i++) {
            double grey = frame->pixels[j * frame->stride + i];
            sum += grey;
            squares += grey * grey;
        }
    *sd = sqrt(squares / n - sum / n * (sum / n));
    return sum / n;
}

/* What cells.h says in numbers: blank displays are 228 bright and their surroundings 78, with the
 * noise of the cell. Of 1,600 pixels the mean is off by more than sd / 8 once in 10^6 seeds, and
 * the sd by more than a tenth once in 10^8; the seeds are fixed. */
static void frames_have_the_levels_and_the_noise_of_their_cell(void **state)
{
    (void)state;
    static const struct {
        const char *path;
        double noise;
    } blanks[] = {{"code128/vga/empty/2", 2}, {"code128/vga/empty/30", 30}};
    for (size_t i = 0; i < 2; i++) {
        struct batch batch;
        double sd;
        degrade_batch(&batch, find_cell(blanks[i].path), 0, 1, 1);
        assert_int_equal(batch.truths[0].length, 0);
        if (i == 0) { /* more noise would be cut at 255 */
            assert_true(fabs(patch(&batch.frames[0], 320, 240, &sd) - 228) < 0.5);
            assert_true(fabs(sd - 2) < 0.2);
        }
        assert_true(fabs(patch(&batch.frames[0], 40, 40, &sd) - 78) < 0.5 + blanks[i].noise / 8);
        assert_true(fabs(sd - blanks[i].noise) < 0.1 * blanks[i].noise);
        batch_fini(&batch);
    }
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
        cmocka_unit_test(figures_of_known_samples),
        cmocka_unit_test(a_large_sample_grows),
        cmocka_unit_test(answers_are_checked),
        cmocka_unit_test(operations_are_counted),
        cmocka_unit_test(shots_are_reproducible),
        cmocka_unit_test(cells_make_the_same_frames_on_any_threads),
        cmocka_unit_test(each_cell_has_a_name_of_its_own),
        cmocka_unit_test(frames_have_the_levels_and_the_noise_of_their_cell),
        cmocka_unit_test(misreads_are_counted_alike_on_any_threads),
        cmocka_unit_test(reads_are_judged_by_the_truth),
        cmocka_unit_test(limits_are_those_of_clopper_and_pearson),
        cmocka_unit_test(clean_cells_are_read_by_all),
        cmocka_unit_test(plots_are_drawn),
        cmocka_unit_test(a_quick_run_holds_together),
        cmocka_unit_test(one_suite_can_be_chosen),
        cmocka_unit_test(bad_input_is_refused),
    };
    return cmocka_run_group_tests_name("bench", tests, NULL, NULL);
}
