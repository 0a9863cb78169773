#include "bench/survey.h"

#include "bench/degrade.h"
#include "bench/subjects.h"
#include "engine/statistics.h"

#include <math.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

/* Beyond the frames of bench decode: what is tuned on those is not judged by them. */
#define SURVEY_FIRST_FRAME (UINT64_C(1) << 32)

static void any_length(struct decode_rules *rules)
{
    rules->length = 0;
}

static void any_module(struct decode_rules *rules)
{
    rules->min_module_px = 0;
}

static void one_line(struct decode_rules *rules)
{
    rules->min_lines = 1;
}

static void any_edges(struct decode_rules *rules)
{
    rules->max_off_modules = 0;
}

static void any_lead(struct decode_rules *rules)
{
    rules->min_lead = 0;
}

static void any_fit(struct decode_rules *rules)
{
    rules->max_misfit = 0;
}

static void any_correction(struct decode_rules *rules)
{
    rules->max_corrected = 0;
}

static void several_strings(struct decode_rules *rules)
{
    rules->several = true;
}

static void no_rules(struct decode_rules *rules)
{
    subject_make_lax(rules);
}

#define BARCODES (1u << SYMBOL_CODE128 | 1u << SYMBOL_ITF)
#define MATRICES (1u << SYMBOL_DOT_MATRIX | 1u << SYMBOL_QR)
#define ALL (BARCODES | MATRICES)

const struct survey_rules survey_rules[] = {
    {"strict", "all rules", ALL, NULL},
    {"length", "any length", ALL, any_length},
    {"module", "modules of any size", ALL, any_module},
    {"lines", "one scan line is enough", BARCODES, one_line},
    {"edges", "edges are not checked", BARCODES, any_edges},
    {"lead", "the likeliest by any lead", BARCODES, any_lead},
    {"corrected", "any number corrected", MATRICES, any_correction},
    {"fit", "the likeliest even if it fits badly", BARCODES, any_fit},
    {"several", "the first of several strings", ALL, several_strings},
    {"none", "no rules", ALL, no_rules},
};

const size_t survey_rules_count = sizeof survey_rules / sizeof survey_rules[0];

_Static_assert(sizeof survey_rules / sizeof survey_rules[0] <= SURVEY_RULES_MAX, "too many rules");

static struct decode_rules rules_for(const struct survey_rules *rules, enum symbol symbol,
                                     unsigned length)
{
    struct decode_rules changed = subject_rules(symbol, length);
    if (rules->change != NULL)
        rules->change(&changed);
    return changed;
}

static bool same_rules(const struct decode_rules *a, const struct decode_rules *b)
{
    return a->length == b->length && a->min_lines == b->min_lines &&
           a->min_module_px == b->min_module_px && a->max_off_modules == b->max_off_modules &&
           a->min_lead == b->min_lead && a->max_misfit == b->max_misfit &&
           a->max_corrected == b->max_corrected && a->several == b->several;
}

bool survey_applies(const struct survey_rules *rules, enum symbol symbol)
{
    if ((rules->symbols >> symbol & 1) == 0)
        return false;
    struct decode_rules strict = rules_for(&survey_rules[0], symbol, 12);
    struct decode_rules changed = rules_for(rules, symbol, 12);
    return rules->change == NULL || !same_rules(&strict, &changed);
}

double survey_limit(const struct survey_count *count)
{
    uint64_t accepted = count->right + count->wrong;
    return accepted > 0 ? interval_clopper_pearson(count->wrong, accepted, 0.90).high : NAN;
}

/* ---- one cell, on all cores ---- */

struct works {
    const struct cell *cell;
    size_t items;
    unsigned wanted;
    atomic_size_t next;
    pthread_mutex_t lock;
    struct survey_count *counts;
};

void survey_note(struct survey_count *count, const struct decoded *decoded,
                 const struct answer *truth)
{
    count->frames++;
    if (decoded->status != DECODE_OK)
        return;
    struct answer answer;
    answer_set(&answer, decoded->text, decoded->length);
    bool right = answer_same(&answer, truth);
    count->right += right;
    count->wrong += !right;
}

static void read_frame(struct decoder *decoder, const struct cell *cell, const struct frame *frame,
                       const struct answer *truth, unsigned wanted, struct survey_count *counts)
{
    for (size_t i = 0; i < survey_rules_count; i++) {
        if ((wanted >> i & 1) == 0)
            continue;
        struct decode_rules rules = rules_for(&survey_rules[i], cell->symbol, truth->length);
        struct decoded decoded;
        decoder_read(decoder, frame, &rules, &decoded);
        survey_note(&counts[i], &decoded, truth);
    }
}

static void *work_on(void *argument)
{
    struct works *works = argument;
    struct survey_count counts[SURVEY_RULES_MAX] = {{0}};
    struct degrader *degrader = degrader_new(works->cell->size);
    struct decoder *decoder = decoder_new();
    unsigned width, height;
    size_pixels(works->cell->size, &width, &height);
    struct frame frame = batch_frame_new(width, height);
    size_t i;
    while ((i = atomic_fetch_add(&works->next, 1)) < works->items) {
        struct answer truth;
        degrader_make(degrader, works->cell, SURVEY_FIRST_FRAME + i, &frame, &truth);
        read_frame(decoder, works->cell, &frame, &truth, works->wanted, counts);
    }
    free(frame.pixels);
    decoder_free(decoder);
    degrader_free(degrader);
    CHECK(pthread_mutex_lock(&works->lock) == 0);
    for (size_t j = 0; j < survey_rules_count; j++) {
        works->counts[j].frames += counts[j].frames;
        works->counts[j].right += counts[j].right;
        works->counts[j].wrong += counts[j].wrong;
    }
    CHECK(pthread_mutex_unlock(&works->lock) == 0);
    return NULL;
}

/* A small display needs no large frame, and a small frame takes a quarter of the time. */
static struct cell shrink(const struct cell *cell)
{
    struct cell small = *cell;
    if (cell->payload != PAYLOAD_DIGITS && cell->degradation.module_px == 2)
        small.size = SIZE_QVGA;
    return small;
}

void survey_run(struct survey *survey)
{
    survey->cells = 0;
    memset(survey->counts, 0, sizeof survey->counts);
    for (size_t i = 0; i < cell_count; i++) {
        if (cells[i].symbol != survey->symbol || !cells[i].hard)
            continue;
        struct cell cell = shrink(&cells[i]);
        struct works works = {.cell = &cell,
                              .items = survey->items,
                              .wanted = survey->wanted,
                              .counts = survey->counts};
        CHECK(pthread_mutex_init(&works.lock, NULL) == 0);
        on_all_cores(work_on, &works, survey->jobs);
        CHECK(pthread_mutex_destroy(&works.lock) == 0);
        survey->cells++;
    }
}
