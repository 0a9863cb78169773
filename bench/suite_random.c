/*
 * Random numbers: a draw from a stream, beside GSL's generators.
 *
 * A batch whose mean lies over six standard errors from where it should be is a wrong answer (by
 * chance, one batch in 5 x 10^8).
 */
#include "bench/suite.h"
#include "engine/random.h"

#include <gsl/gsl_randist.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { DRAWS = 10000, BLOCKS = 500 };

static const struct answer fair = {.text = "fair"};

struct source {
    struct stream stream;
    gsl_rng *rng; /* null: the stream */
    uint32_t first;
    uint32_t words[4 * BLOCKS];
};

static struct source *new_source(const gsl_rng_type *type)
{
    struct source *source = calloc(1, sizeof *source);
    CHECK(source != NULL);
    stream_init(&source->stream, (struct stream_key){.seed = 1});
    source->rng = type != NULL ? gsl_rng_alloc(type) : NULL;
    return source;
}

static void *open_stream(const void *work)
{
    (void)work;
    return new_source(NULL);
}

static void *open_mt19937(const void *work)
{
    (void)work;
    return new_source(gsl_rng_mt19937);
}

static void *open_ranlxd1(const void *work)
{
    (void)work;
    return new_source(gsl_rng_ranlxd1);
}

static void close_source(void *scratch)
{
    struct source *source = scratch;
    if (source->rng != NULL)
        gsl_rng_free(source->rng);
    free(source);
}

static void judge(double sum, size_t draws, double mean, double sd, struct answer *answer)
{
    double off = (sum / (double)draws - mean) / (sd / sqrt((double)draws));
    if (fabs(off) <= 6.0)
        *answer = fair;
    else
        snprintf(answer->text, sizeof answer->text, "mean off");
}

#define DRAW(name, draw, mean, sd)                                                        \
    static void name(void *scratch, const void *work, size_t item, struct answer *answer) \
    {                                                                                     \
        struct source *source = scratch;                                                  \
        double sum = 0;                                                                   \
        (void)work, (void)item;                                                           \
        for (int i = 0; i < DRAWS; i++)                                                   \
            sum += (double)(draw);                                                        \
        judge(sum, DRAWS, mean, sd, answer);                                              \
    }

DRAW(run_u32, stream_u32(&source->stream), 0.5 * UINT32_MAX, UINT32_MAX / sqrt(12))
DRAW(run_uniform, stream_uniform(&source->stream), 0.5, 1 / sqrt(12))
DRAW(run_exponential, stream_exponential(&source->stream, 1), 1, 1)
DRAW(run_normal, stream_normal(&source->stream, 0, 1), 0, 1)
DRAW(run_gsl_u32, gsl_rng_get(source->rng), 0.5 * UINT32_MAX, UINT32_MAX / sqrt(12))
DRAW(run_gsl_uniform, gsl_rng_uniform(source->rng), 0.5, 1 / sqrt(12))
DRAW(run_gsl_exponential, gsl_ran_exponential(source->rng, 1), 1, 1)
DRAW(run_gsl_normal, gsl_ran_gaussian_ziggurat(source->rng, 1), 0, 1)

/* In bulk, as a camera's noise is made; the mean is over the words. */
static void run_blocks(void *scratch, const void *work, size_t item, struct answer *answer)
{
    struct source *source = scratch;
    (void)work, (void)item;
    stream_blocks((struct stream_key){.seed = 1}, source->first, BLOCKS, source->words);
    source->first += BLOCKS;
    uint64_t sum = 0;
    for (int i = 0; i < 4 * BLOCKS; i++)
        sum += source->words[i];
    judge((double)sum, 4 * BLOCKS, 0.5 * UINT32_MAX, UINT32_MAX / sqrt(12), answer);
}

#define SUBJECT(title, opened, running, foreign, count)                                        \
    {                                                                                          \
        .name = title, .open = opened, .close = close_source, .run = running, .answers = true, \
        .peer = foreign, .operations = count                                                   \
    }

/* The first of a kind is what the others are set against. */
static const struct {
    const char *kind;
    bool first;
    struct subject subject;
} rows[] = {
    {"u32", true, SUBJECT("mt19937", open_mt19937, run_gsl_u32, true, DRAWS)},
    {"u32", false, SUBJECT("cashpoint", open_stream, run_u32, false, DRAWS)},
    {"u32", false, SUBJECT("cashpoint, bulk", open_stream, run_blocks, false, 4 * BLOCKS)},
    {"uniform", true, SUBJECT("mt19937", open_mt19937, run_gsl_uniform, true, DRAWS)},
    {"uniform", false, SUBJECT("ranlxd1", open_ranlxd1, run_gsl_uniform, true, DRAWS)},
    {"uniform", false, SUBJECT("cashpoint", open_stream, run_uniform, false, DRAWS)},
    {"exponential", true, SUBJECT("mt19937", open_mt19937, run_gsl_exponential, true, DRAWS)},
    {"exponential", false, SUBJECT("ranlxd1", open_ranlxd1, run_gsl_exponential, true, DRAWS)},
    {"exponential", false, SUBJECT("cashpoint", open_stream, run_exponential, false, DRAWS)},
    {"normal", true, SUBJECT("mt19937", open_mt19937, run_gsl_normal, true, DRAWS)},
    {"normal", false, SUBJECT("ranlxd1", open_ranlxd1, run_gsl_normal, true, DRAWS)},
    {"normal", false, SUBJECT("cashpoint", open_stream, run_normal, false, DRAWS)},
};

static void run(struct bench *bench)
{
    size_t items = bench_effort(bench)->items;
    struct answer *truths = calloc(items, sizeof *truths);
    CHECK(truths != NULL);
    for (size_t i = 0; i < items; i++)
        truths[i] = fair;
    double reference_s = 0;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct row *row = bench_measure(bench, rows[i].kind, &rows[i].subject, NULL, truths,
                                              rows[i].first ? 0 : reference_s);
        reference_s = rows[i].first ? row->median_s : reference_s;
    }
    free(truths);
}

const struct suite suite_random = {
    "random", "Draws of 32 bits, uniform, exponential and normal; peers: GSL's mt19937 and ranlxd1",
    run,      "mt19937",
    "a draw", NULL,
    false};
