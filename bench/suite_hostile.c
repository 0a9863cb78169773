/*
 * Frames made to cost time, against what the bank allows a frame: all symbologies looked for, 100
 * ms.
 *
 * "counted" is held to the budget of counted work alone, as in a simulation, and "clock" to the CPU
 * clock, too, as in `cashpoint decode`: its 99th percentile may not lie above 110 ms. "QR" and the
 * others look for one symbology. A clean frame is set beside them: what failing costs against it.
 */
#include "bench/batch.h"
#include "bench/hostile.h"
#include "bench/shots.h"
#include "bench/suite.h"

#include <stdio.h>

static const struct {
    const char *name;
    unsigned width, height;
} sizes[] = {{"vga", 640, 480}, {"2mpx", 1600, 1250}, {"wide", 4096, 64}, {"tall", 64, 4096}};

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

static void read_by(void *scratch, const void *work, size_t item, unsigned symbologies, bool clock)
{
    const struct batch *batch = work;
    struct decode_rules rules = decode_rules_strict((enum symbology)0, 0);
    struct decoded decoded;
    rules.symbologies = symbologies;
    rules.clock = clock;
    decoder_read(scratch, &batch->frames[item], &rules, &decoded);
}

enum { ALL = (1u << SYMBOLOGY_COUNT) - 1 };

static void run_counted(void *scratch, const void *work, size_t item, struct answer *answer)
{
    (void)answer;
    read_by(scratch, work, item, ALL, false);
}

static void run_clock(void *scratch, const void *work, size_t item, struct answer *answer)
{
    (void)answer;
    read_by(scratch, work, item, ALL, true);
}

#define ONE(name, symbology)                                                                    \
    static void run_##name(void *scratch, const void *work, size_t item, struct answer *answer) \
    {                                                                                           \
        (void)answer;                                                                           \
        read_by(scratch, work, item, 1u << (symbology), false);                                 \
    }
ONE(code128, SYMBOLOGY_CODE128)
ONE(qr, SYMBOLOGY_QR)
ONE(matrix, SYMBOLOGY_DOT_MATRIX)
#undef ONE

#define SUBJECT(subject, function)                                                     \
    {                                                                                  \
        .name = subject, .open = open_decoder, .close = close_decoder, .run = function \
    }
static const struct subject subjects[] = {
    SUBJECT("counted", run_counted), SUBJECT("clock", run_clock), SUBJECT("code128", run_code128),
    SUBJECT("qr", run_qr), SUBJECT("dotmatrix", run_matrix)};

enum { SUBJECTS = sizeof subjects / sizeof subjects[0] };

static void read_all(struct bench *bench, const char *name, const struct batch *batch,
                     double reference_s[SUBJECTS], bool set)
{
    for (int i = 0; i < SUBJECTS; i++) {
        const struct row *row =
            bench_measure(bench, name, &subjects[i], batch, NULL, set ? 0 : reference_s[i]);
        if (set)
            reference_s[i] = row->median_s;
    }
}

static void run(struct bench *bench)
{
    enum { FRAMES = 6 }; /* a size of the pattern each */
    double reference_s[SUBJECTS];
    struct shots shots;
    shots_plan(&shots, SHOT_CLEAN, FRAMES);
    shots_capture(&shots);
    read_all(bench, "clean-vga", &shots.batch, reference_s, true);
    shots_fini(&shots);
    for (int size = 0; size < SIZES; size++)
        for (int kind = 0; kind < HOSTILE_COUNT; kind++) {
            char name[48];
            struct batch batch;
            batch_init(&batch, (enum symbol)0, FRAMES, sizes[size].width, sizes[size].height);
            for (size_t i = 0; i < FRAMES; i++)
                hostile_paint(&batch.frames[i], (enum hostile_kind)kind, i);
            snprintf(name, sizeof name, "%s-%s", hostile_names[kind], sizes[size].name);
            read_all(bench, name, &batch, reference_s, false);
            batch_fini(&batch);
        }
}

const struct suite suite_hostile = {
    "hostile", "Frames made to cost time, against the budget of a frame",
    run,       "a clean frame",
    NULL,      NULL,
    false};
