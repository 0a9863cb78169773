#include "symbology/soft.h"

#include "symbology/edges.h"
#include "symbology/fine.h"
#include "symbology/grade_line.h"
#include "symbology/ruler.h"

#include "engine/error.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { BOOKS = 2, BLURS = 12, MAX_ROUNDS = 4, MAX_COUNTS = 5 };

static const float FIRST_BLUR = 0.2f, BLUR_STEP = 0.1f;
static const int PILOT_BLURS[RULER_BLURS] = {3, 1, 5, 8};
/* Bins a module, more or less; between 1 and 4 a pixel. */
static const float BINS_A_MODULE = 4;
/* Nothing is measured more exactly than this, of the contrast: shapes are never quite true. */
static const float LEAST_NOISE = 0.03f, SEARCH_NOISE = 0.06f;
/* A bright gap this many times as wide as the mean element ends the symbol. */
static const float GAP_ELEMENTS = 3.3f;

static const double COST_LAY_NS = 25000, COST_FILL_NS = 30000;

struct soft {
    struct shapes *shapes[SYMBOLOGY_COUNT][BLURS];
    struct fine fine;
    struct edges edges;
    struct distances distances;
    struct search *search;
    struct gathered {
        struct distances distances; /* negative log likelihoods */
        unsigned frames;
        bool told; /* this frame is in it */
    } gathered[BOOKS];
    float reversed[FINE_MAX_BINS];
};

struct soft *soft_new(void)
{
    struct soft *soft = calloc(1, sizeof *soft);
    CHECK(soft != NULL);
    soft->search = search_new();
    return soft;
}

void soft_free(struct soft *soft)
{
    if (soft == NULL)
        return;
    search_free(soft->search);
    for (int s = 0; s < SYMBOLOGY_COUNT; s++)
        for (int i = 0; i < BLURS; i++)
            shapes_free(soft->shapes[s][i]);
    free(soft);
}

void soft_forget(struct soft *soft)
{
    for (int i = 0; i < BOOKS; i++)
        soft->gathered[i].frames = 0;
}

void soft_next_frame(struct soft *soft)
{
    for (int i = 0; i < BOOKS; i++)
        soft->gathered[i].told = false;
}

static int blur_index(float blur)
{
    int index = (int)lrintf((blur - FIRST_BLUR) / BLUR_STEP);
    return index < 0 ? 0 : index >= BLURS ? BLURS - 1 : index;
}

static const struct shapes *shapes_for(struct soft *soft, const struct book *book, int blur)
{
    struct shapes **shapes = &soft->shapes[book->symbology][blur];
    if (*shapes == NULL)
        *shapes = shapes_new(book, FIRST_BLUR + BLUR_STEP * (float)blur);
    return *shapes;
}

/* ---- where the symbol begins and ends ---- */

struct stretch {
    float first, last; /* bins */
    unsigned edges;
};

/* Of the stretches without wide gaps the one with most edges. */
static struct stretch longest_stretch(const struct edges *edges)
{
    struct stretch best = {0, 0, 0};
    if (edges->count < 2)
        return best;
    float mean = (edges->at[edges->count - 1] - edges->at[0]) / (float)(edges->count - 1);
    for (int round = 0; round < 2; round++) {
        best.edges = 0;
        for (unsigned i = 0, begin = 0; i < edges->count; i++) {
            bool ends =
                i + 1 == edges->count || edges->at[i + 1] - edges->at[i] > GAP_ELEMENTS * mean;
            if (!ends)
                continue;
            if (i + 1 - begin > best.edges)
                best = (struct stretch){edges->at[begin], edges->at[i], i + 1 - begin};
            begin = i + 1;
        }
        mean = best.edges > 1 ? (best.last - best.first) / (float)(best.edges - 1) : mean;
    }
    return best;
}

static struct stretch find_stretch(struct soft *soft)
{
    const struct fine *fine = &soft->fine;
    float range = edges_range(fine->sum, fine->bins);
    edges_find(fine->sum, fine->bins, fmaxf(6 * fine->noise, range / 16), &soft->edges);
    return longest_stretch(&soft->edges);
}

/* Numbers of words that the stretch may hold, the likeliest first. */
static unsigned guess_counts(const struct book *book, const struct stretch *stretch, unsigned words,
                             unsigned counts[MAX_COUNTS])
{
    counts[0] = words;
    if (words > 0)
        return 1;
    float elements = (float)(stretch->edges - 1);
    float guess = (elements - 13) / (float)book->elements;
    unsigned count = 0, middle = (unsigned)fmaxf(guess + 0.5f, 1);
    for (unsigned i = 0; i < MAX_COUNTS; i++) {
        unsigned here = middle + (i + 1) / 2 * (i % 2 == 1 ? 1 : -1u);
        if (here >= book->least_soft_words && here <= LIKELIHOOD_MAX_WORDS)
            counts[count++] = here;
    }
    return count;
}

/* ---- reading along the ruler ---- */

/* What one direction gave. */
struct attempt {
    struct ruler ruler;
    struct likely likely;
    unsigned count;
    bool backward, read;
    float distance; /* a sample, of the depth squared: how well it fits */
};

static bool nearest_words(struct soft *soft, const struct measured *profile,
                          const struct book *book, struct budget *budget, struct attempt *attempt)
{
    float samples[LIKELIHOOD_MAX_SAMPLES];
    const struct shapes *shapes = shapes_for(soft, book, blur_index(attempt->ruler.blur));
    float noise = fmaxf(SEARCH_NOISE,
                        2 * soft->fine.noise / (attempt->ruler.depth[0] + attempt->ruler.depth[1]));
    if (!budget_spend(budget, COST_FILL_NS))
        return false;
    ruler_sample(&attempt->ruler, profile, samples);
    distances_clear(&soft->distances, book, attempt->count);
    float weight = 1 / (2 * noise * noise);
    distances_add(&soft->distances, shapes, samples, weight);
    if (!distances_nearest(&soft->distances, soft->search, budget, &attempt->likely))
        return false;
    attempt->likely.lead /= weight;
    attempt->distance = attempt->likely.distance / weight /
                        (float)(LIKELIHOOD_SAMPLES * book->word_modules * (attempt->count + 1));
    return true;
}

/* Lays the ruler on the words, under the blur that fits best of three. */
static void fit(struct soft *soft, const struct measured *profile, const struct book *book,
                struct attempt *attempt)
{
    struct ruler best = attempt->ruler;
    int middle = blur_index(best.blur);
    best.misfit = INFINITY;
    for (int i = middle - 1; i <= middle + 1; i++) {
        if (i < 0 || i >= BLURS)
            continue;
        float drawn[LIKELIHOOD_MAX_SAMPLES];
        struct ruler ruler = attempt->ruler;
        shapes_draw(shapes_for(soft, book, i), attempt->likely.words, attempt->count, drawn);
        ruler_fit(&ruler, profile, drawn);
        ruler.blur = FIRST_BLUR + BLUR_STEP * (float)i;
        if (ruler.misfit < best.misfit)
            best = ruler;
    }
    attempt->ruler = best;
}

static bool refine(struct soft *soft, const struct measured *profile, const struct book *book,
                   struct budget *budget, struct attempt *attempt)
{
    for (int round = 0; round < MAX_ROUNDS; round++) {
        uint8_t words[LIKELIHOOD_MAX_WORDS];
        int blur = blur_index(attempt->ruler.blur);
        memcpy(words, attempt->likely.words, sizeof words);
        if (!budget_spend(budget, 3 * COST_LAY_NS))
            return false;
        fit(soft, profile, book, attempt);
        if (!nearest_words(soft, profile, book, budget, attempt))
            return false;
        if (memcmp(words, attempt->likely.words, attempt->count) == 0 &&
            blur == blur_index(attempt->ruler.blur))
            return true;
    }
    return true;
}

static void reverse(struct soft *soft)
{
    unsigned bins = soft->fine.bins;
    for (unsigned i = 0; i < bins; i++)
        soft->reversed[i] = soft->fine.sum[bins - 1 - i];
}

static struct measured profile_of(const struct soft *soft, bool backward)
{
    return (struct measured){backward ? soft->reversed : soft->fine.sum, soft->fine.bins};
}

/* Both directions and all numbers of words; keeps what fits best. */
static bool attempt_all(struct soft *soft, const struct book *book, const struct stretch *stretch,
                        unsigned words, struct budget *budget, struct attempt *best)
{
    unsigned counts[MAX_COUNTS], count = guess_counts(book, stretch, words, counts);
    float last_bin = (float)soft->fine.bins - 1;
    const struct shapes *shapes[RULER_BLURS];
    for (int i = 0; i < RULER_BLURS; i++)
        shapes[i] = shapes_for(soft, book, PILOT_BLURS[i]);
    best->read = false;
    for (unsigned i = 0; i < 2 * count; i++) {
        struct attempt here = {.count = counts[i / 2], .backward = i % 2};
        struct measured profile = profile_of(soft, here.backward);
        float first = here.backward ? last_bin - stretch->last : stretch->first;
        float last = here.backward ? last_bin - stretch->first : stretch->last;
        if (!budget_spend(budget, COST_LAY_NS))
            return false;
        if (!ruler_lay(&profile, book, shapes, book_modules(book, here.count), first + 0.5f,
                       last + 0.5f, &here.ruler) ||
            !nearest_words(soft, &profile, book, budget, &here))
            continue;
        here.read = true;
        if (!best->read || here.distance < best->distance)
            *best = here;
    }
    return best->read;
}

/* ---- telling ---- */

static void tell_corners(const struct soft *soft, const struct region *region,
                         const struct attempt *attempt, struct soft_read *read)
{
    const struct fine *fine = &soft->fine;
    float top = INFINITY, bottom = -INFINITY, n = (float)attempt->ruler.modules;
    float half = fine->strips > 1 ? 0.5f * (fine->along[1] - fine->along[0]) : 0;
    for (unsigned k = 0; k < fine->strips; k++)
        if (fine->used[k]) {
            top = fminf(top, fine->along[k] - half);
            bottom = fmaxf(bottom, fine->along[k] + half);
        }
    for (int i = 0; i < 4; i++) {
        float at = attempt->ruler.origin + (i == 1 || i == 2 ? attempt->ruler.module * n : 0);
        at = attempt->backward ? (float)fine->bins - at : at;
        float v = (i < 2) != attempt->backward ? top : bottom;
        fine_place(fine, region, fine->first + at / fine->per_px, v, &read->corners[i].x,
                   &read->corners[i].y);
    }
}

/* What is unexplained beyond the noise that the strips show. */
static float excess(const struct soft *soft, const struct attempt *attempt)
{
    float depth = 0.5f * (attempt->ruler.depth[0] + attempt->ruler.depth[1]);
    float noise = soft->fine.noise / depth;
    return fmaxf(0, attempt->ruler.misfit - noise * noise);
}

/* Log likelihood for each unit of distance. Samples nearer to each other than pixels do not err
 * independently. */
static float weight_of(const struct soft *soft, const struct attempt *attempt)
{
    float module_px = attempt->ruler.module / soft->fine.per_px;
    float variance = fmaxf(attempt->ruler.misfit, LEAST_NOISE * LEAST_NOISE);
    return fminf(1, module_px / LIKELIHOOD_SAMPLES) / (2 * variance);
}

static void tell(const struct soft *soft, const struct region *region,
                 const struct stretch *stretch, const struct attempt *attempt,
                 struct soft_read *read)
{
    const struct ruler *ruler = &attempt->ruler;
    read->frames = 1;
    read->count = attempt->count;
    memcpy(read->words, attempt->likely.words, sizeof read->words);
    read->strips = soft->fine.used_count;
    read->misfit = excess(soft, attempt);
    read->blur = ruler->blur;
    read->module_px = ruler->module / soft->fine.per_px;
    read->bright = 0.5f * (ruler->bright[0] + ruler->bright[1]);
    read->depth = 0.5f * (ruler->depth[0] + ruler->depth[1]);
    read->lead = attempt->likely.lead * weight_of(soft, attempt);
    tell_corners(soft, region, attempt, read);
    grade_line(soft->fine.sum, soft->fine.bins, &soft->edges, stretch->first, stretch->last,
               GRADE_LINE_UNDECODABLE, &read->grade);
}

/* Adds this frame to those before it, and reads what they tell together. */
static void gather(struct soft *soft, const struct book *book, const struct attempt *attempt,
                   struct budget *budget, struct soft_read *read)
{
    struct gathered *gathered = &soft->gathered[book->symbology == SYMBOLOGY_ITF];
    if (gathered->told || !budget_spend(budget, COST_FILL_NS))
        return;
    if (gathered->frames == 0 || gathered->distances.words != attempt->count) {
        gathered->frames = 0;
        distances_clear(&gathered->distances, book, attempt->count);
    }
    float samples[LIKELIHOOD_MAX_SAMPLES];
    struct measured profile = profile_of(soft, attempt->backward);
    struct likely likely;
    ruler_sample(&attempt->ruler, &profile, samples);
    distances_add(&gathered->distances, shapes_for(soft, book, blur_index(attempt->ruler.blur)),
                  samples, weight_of(soft, attempt));
    gathered->told = true;
    if (++gathered->frames < 2 ||
        !distances_nearest(&gathered->distances, soft->search, budget, &likely))
        return;
    read->frames = gathered->frames;
    memcpy(read->words, likely.words, sizeof read->words);
    /* What shapes lack in truth is the same in all frames: only noise is independent. */
    read->lead = likely.lead / sqrtf((float)gathered->frames);
}

bool soft_read(struct soft *soft, const struct frame *frame, const struct region *region,
               const struct book *book, unsigned words, struct budget *budget,
               struct soft_read *read)
{
    float module = words > 0 ? 0.75f * region->length / (float)book_modules(book, words) : 2;
    float per_px = fminf(fmaxf((float)lrintf(BINS_A_MODULE / module), 1), 4);
    per_px = fminf(per_px, (float)FINE_MAX_BINS / (region->length + 1));
    if (words > LIKELIHOOD_MAX_WORDS || !fine_take(frame, region, per_px, budget, &soft->fine))
        return false;
    struct stretch stretch = find_stretch(soft);
    struct attempt best;
    if (stretch.edges < 8)
        return false;
    reverse(soft);
    if (!attempt_all(soft, book, &stretch, words, budget, &best))
        return false;
    struct measured profile = profile_of(soft, best.backward);
    if (!refine(soft, &profile, book, budget, &best))
        return false;
    tell(soft, region, &stretch, &best, read);
    gather(soft, book, &best, budget, read);
    return true;
}
