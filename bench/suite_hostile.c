/*
 * Frames made to cost time, against what the bank allows a frame: all symbologies looked for, 100
 * ms.
 *
 * "counted" is held to the budget of counted work alone, as in a simulation, and "clock" to the CPU
 * clock, too, as in `cashpoint decode`: its 99th percentile should not lie above 110 ms, and the
 * last lines say where it lies. "qr" and the others look for one symbology. Each row is set against
 * a clean frame of as many pixels that its reader reads: what failing costs against success. Right
 * is to refuse.
 */
#include "bench/batch.h"
#include "bench/degrade.h"
#include "bench/hostile.h"
#include "bench/rows.h"
#include "bench/suite.h"

#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics_double.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/* What is not large has about as many pixels as VGA. */
static const struct {
    const char *name;
    unsigned width, height;
    bool large;
} sizes[] = {{"vga", 640, 480, false},
             {"wide", 4096, 64, false},
             {"tall", 64, 4096, false},
             {"2mpx", 1600, 1250, true}};

enum { SIZES = sizeof sizes / sizeof sizes[0] };

static void *open_decoder(const void *work)
{
    (void)work;
    return decoder_new();
}

static void close_decoder(void *scratch)
{
    decoder_free(scratch);
}

static void read_by(void *scratch, const void *work, size_t item, unsigned symbologies, bool clock,
                    struct answer *answer)
{
    const struct batch *batch = work;
    struct decode_rules rules = decode_rules_strict((enum symbology)0, 0);
    struct decoded decoded;
    rules.symbologies = symbologies;
    rules.clock = clock;
    decoder_read(scratch, &batch->frames[item], &rules, &decoded);
    if (decoded.status == DECODE_OK)
        answer_set(answer, decoded.text, decoded.length);
}

enum { ALL = (1u << SYMBOLOGY_COUNT) - 1 };

static void run_counted(void *scratch, const void *work, size_t item, struct answer *answer)
{
    read_by(scratch, work, item, ALL, false, answer);
}

static void run_clock(void *scratch, const void *work, size_t item, struct answer *answer)
{
    read_by(scratch, work, item, ALL, true, answer);
}

#define ONE(name, symbology)                                                                    \
    static void run_##name(void *scratch, const void *work, size_t item, struct answer *answer) \
    {                                                                                           \
        read_by(scratch, work, item, 1u << (symbology), false, answer);                         \
    }
ONE(code128, SYMBOLOGY_CODE128)
ONE(qr, SYMBOLOGY_QR)
ONE(matrix, SYMBOLOGY_DOT_MATRIX)
#undef ONE

#define SUBJECT(subject, function)                                                      \
    {                                                                                   \
        .name = subject, .open = open_decoder, .close = close_decoder, .run = function, \
        .answers = true                                                                 \
    }
static const struct {
    struct subject subject;
    enum symbol symbol; /* of the clean frame */
} readers[] = {{SUBJECT("counted", run_counted), SYMBOL_CODE128},
               {SUBJECT("clock", run_clock), SYMBOL_CODE128},
               {SUBJECT("code128", run_code128), SYMBOL_CODE128},
               {SUBJECT("qr", run_qr), SYMBOL_QR},
               {SUBJECT("dotmatrix", run_matrix), SYMBOL_DOT_MATRIX}};

enum { READERS = sizeof readers / sizeof readers[0] };

/* What is said at the end. */
struct tally {
    double ratios[READERS][SIZES * HOSTILE_COUNT], slowest_s[READERS];
    size_t counts[READERS];
};

/* Measures and prints a row; returns its median. */
static double read_batch(struct bench *bench, const char *name, int reader,
                         const struct batch *batch, double reference_s, struct tally *tally)
{
    const struct subject *subject = &readers[reader].subject;
    struct row row = {.ratio = NAN, .reference = "a clean frame"};
    measure_once(subject, batch, batch->truths, batch->count, &row);
    if (reference_s > 0)
        row.ratio = row.median_s / reference_s;
    snprintf(row.name, sizeof row.name, "hostile/%s/%s", name, subject->name);
    rows_print(bench_table(bench), &row);
    bench_add(bench, name, subject->name, &row);
    tally->slowest_s[reader] = fmax(tally->slowest_s[reader], row.p99_s);
    if (reference_s > 0)
        tally->ratios[reader][tally->counts[reader]++] = row.ratio;
    return row.median_s;
}

/* The frames of VGA as a camera of more pixels would see them. */
static void enlarge(struct batch *batch, unsigned width, unsigned height)
{
    for (size_t i = 0; i < batch->count; i++) {
        struct frame from = batch->frames[i], to = batch_frame_new(width, height);
        for (unsigned y = 0; y < height; y++)
            for (unsigned x = 0; x < width; x++)
                to.pixels[(size_t)y * width + x] =
                    from.pixels[(size_t)(y * from.height / height) * from.stride +
                                x * from.width / width];
        free(from.pixels);
        batch->frames[i] = to;
    }
}

/* 12 digits or more, 3 px a dot, hardly any noise or blur. */
static void read_clean(struct bench *bench, int size, double reference_s[READERS],
                       struct tally *tally)
{
    enum { CLEAN = 20 };
    for (int reader = 0; reader < READERS; reader++) {
        enum symbol symbol = readers[reader].symbol;
        struct cell cell = {.symbol = symbol,
                            .payload = symbol == SYMBOL_CODE128 ? PAYLOAD_DIGITS : PAYLOAD_CODE,
                            .size = SIZE_VGA,
                            .degradation = {.noise = 2, .blur_px = 0.5}};
        struct batch batch;
        char name[48];
        degrade_batch(&batch, &cell, 0, CLEAN, bench_effort(bench)->jobs);
        if (sizes[size].large)
            enlarge(&batch, sizes[size].width, sizes[size].height);
        snprintf(name, sizeof name, "clean-%s", sizes[size].name);
        reference_s[reader] = read_batch(bench, name, reader, &batch, 0, tally);
        batch_fini(&batch);
    }
}

static void run_size(struct bench *bench, int size, const double reference_s[READERS],
                     struct tally *tally)
{
    size_t frames = bench_effort(bench)->quick ? 6 : 24; /* of each size of the pattern 1 or 4 */
    for (int kind = 0; kind < HOSTILE_COUNT; kind++) {
        char name[48];
        struct batch batch;
        batch_init(&batch, (enum symbol)0, frames, sizes[size].width, sizes[size].height);
        for (size_t i = 0; i < frames; i++)
            hostile_paint(&batch.frames[i], (enum hostile_kind)kind, i);
        snprintf(name, sizeof name, "%s-%s", hostile_names[kind], sizes[size].name);
        for (int reader = 0; reader < READERS; reader++)
            read_batch(bench, name, reader, &batch, reference_s[reader], tally);
        batch_fini(&batch);
    }
}

static void conclude(FILE *table, struct tally *tally)
{
    enum { BUDGET_MS = 100 };
    for (int reader = 0; reader < READERS; reader++) {
        double *ratios = tally->ratios[reader];
        gsl_sort(ratios, 1, tally->counts[reader]);
        fprintf(table,
                "    %-10s slowest %5.1f ms of a budget of %d; a refused frame costs %.1f times a "
                "clean one in the middle, %.1f at most\n",
                readers[reader].subject.name, 1e3 * tally->slowest_s[reader], BUDGET_MS,
                gsl_stats_median_from_sorted_data(ratios, 1, tally->counts[reader]),
                ratios[tally->counts[reader] - 1]);
    }
}

static void run(struct bench *bench)
{
    double reference_s[READERS];
    struct tally tally = {.counts = {0}};
    for (int size = 0; size < SIZES; size++) {
        if (size == 0 || sizes[size].large != sizes[size - 1].large)
            read_clean(bench, size, reference_s, &tally);
        run_size(bench, size, reference_s, &tally);
    }
    conclude(bench_table(bench), &tally);
}

const struct suite suite_hostile = {
    "hostile", "Frames made to cost time, against the budget of a frame",
    run,       "a clean frame",
    NULL,      NULL,
    false};
