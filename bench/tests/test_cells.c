/* The grid: its frames are what its cells say, whoever makes them, and are judged by the truth;
 * those that a build has lost once are read by the rules of a bank. */
#include "bench/degrade.h"
#include "bench/sample.h"
#include "bench/select.h"
#include "bench/subjects.h"
#include "bench/survey.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

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
    assert_true(fabs(survey_limit(&all) - 1) <= 1e-12);
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

/* ---- read by the rules of a bank ---- */

/* How many of the cell's first frames are read rightly; none may be read wrongly. */
static unsigned read_first(const char *path, unsigned count)
{
    const struct cell *cell = find_cell(path);
    struct degrader *degrader = degrader_new(cell->size);
    struct decoder *decoder = decoder_new();
    unsigned width, height, right = 0;
    size_pixels(cell->size, &width, &height);
    struct frame frame = batch_frame_new(width, height);
    for (unsigned i = 0; i < count; i++) {
        struct answer truth, said;
        struct decoded decoded;
        degrader_make(degrader, cell, i, &frame, &truth);
        struct decode_rules rules = subject_rules(cell->symbol, truth.length);
        decoder_read(decoder, &frame, &rules, &decoded);
        if (decoded.status != DECODE_OK)
            continue;
        answer_set(&said, decoded.text, decoded.length);
        assert_true(answer_same(&said, &truth));
        right++;
    }
    free(frame.pixels);
    decoder_free(decoder);
    degrader_free(degrader);
    return right;
}

/* One finder pattern lies in a reflection; 4 of these were lost. */
static void qr_codes_in_a_glare(void **state)
{
    (void)state;
    assert_int_equal(read_first("qr/signed/light/glare", 16), 16);
}

/* Refused by their edges, read by likelihood. */
static void blurred_barcodes(void **state)
{
    (void)state;
    assert_int_equal(read_first("code128/vga/blur/2", 16), 16);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cells_make_the_same_frames_on_any_threads),
        cmocka_unit_test(each_cell_has_a_name_of_its_own),
        cmocka_unit_test(misreads_are_counted_alike_on_any_threads),
        cmocka_unit_test(reads_are_judged_by_the_truth),
        cmocka_unit_test(limits_are_those_of_clopper_and_pearson),
        cmocka_unit_test(frames_have_the_levels_and_the_noise_of_their_cell),
        cmocka_unit_test(qr_codes_in_a_glare),
        cmocka_unit_test(blurred_barcodes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
