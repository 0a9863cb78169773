#include "symbology/likelihood.h"

#include "engine/error.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Windows are filled up with zeros to a multiple of 4. */
enum { S = LIKELIHOOD_SAMPLES, MAX_MODULES = 18, WINDOW = (S * MAX_MODULES + 3) / 4 * 4 };
/* Samples that a module's blur reaches to either side, and all it covers. */
enum { REACH = 4 * S + 2, RESPONSE = S + 2 * REACH };

/* Halves of a word's window: `right` as the window's right word (from half a word before it to its
 * middle), `left` as the left one (from its middle to half a word behind it). */
struct shape {
    float left[WINDOW], right[WINDOW];
};

struct shapes {
    const struct book *book;
    float blur;
    unsigned window;          /* samples */
    float response[RESPONSE]; /* of one dark module */
    struct shape word[LIKELIHOOD_WORDS], start, stop;
    float left_energy[LIKELIHOOD_WORDS], right_energy[LIKELIHOOD_WORDS];
    float both[LIKELIHOOD_WORDS][LIKELIHOOD_WORDS];
    float after_start[LIKELIHOOD_WORDS], before_stop[LIKELIHOOD_WORDS];
};

/* A word that does not exist lies beyond all others. */
static const float FAR = 1e9f;

static const double COST_SEARCH_NS = 80000, COST_PLACE_NS = 3000;

/* ---- shapes ---- */

/* Dark part at `x` of a module that covers `from` to `from` + 1, under the blur. */
static float module_value(float x, float from, float blur)
{
    float scale = 1 / (blur * 1.41421356f);
    return 0.5f * (erff((from + 1 - x) * scale) - erff((from - x) * scale));
}

void shapes_pattern(const struct shapes *shapes, uint32_t bits, unsigned modules, int first,
                    unsigned count, float *samples)
{
    memset(samples, 0, count * sizeof *samples);
    for (int m = 0; m < (int)modules; m++) {
        if (!(bits >> ((int)modules - 1 - m) & 1))
            continue;
        /* The module's response begins REACH samples before it. */
        int begin = S * m - REACH - first, low = begin < 0 ? 0 : begin;
        int high = begin + RESPONSE < (int)count ? begin + RESPONSE : (int)count;
        for (int i = low; i < high; i++)
            samples[i] += shapes->response[i - begin];
    }
}

static void draw_shape(const struct shapes *shapes, uint32_t bits, unsigned modules,
                       struct shape *shape)
{
    int window = (int)shapes->window, before = window / 2;
    memset(shape, 0, sizeof *shape);
    shapes_pattern(shapes, bits, modules, -before, shapes->window, shape->right);
    shapes_pattern(shapes, bits, modules, S * (int)modules - before, shapes->window, shape->left);
    /* The left half begins in its own middle, so for words of the window's width both halves of
     * one word join; the start's middle lies half a window before its end. */
}

static float product(const float *restrict a, const float *restrict b, unsigned count)
{
    float sums[4] = {0, 0, 0, 0};
    for (unsigned i = 0; i < count; i += 4)
        for (unsigned k = 0; k < 4; k++)
            sums[k] += a[i + k] * b[i + k];
    return (sums[0] + sums[1]) + (sums[2] + sums[3]);
}

static unsigned padded(unsigned count)
{
    return (count + 3) / 4 * 4;
}

struct shapes *shapes_new(const struct book *book, float blur)
{
    struct shapes *shapes = calloc(1, sizeof *shapes);
    CHECK(shapes != NULL && book->word_modules <= MAX_MODULES && book->words <= LIKELIHOOD_WORDS);
    shapes->book = book;
    shapes->blur = blur;
    shapes->window = S * book->word_modules;
    for (int i = 0; i < RESPONSE; i++)
        shapes->response[i] = module_value(((float)(i - REACH) + 0.5f) / S, 0, blur);
    unsigned length = padded(shapes->window);
    draw_shape(shapes, book->start, book->start_modules, &shapes->start);
    draw_shape(shapes, book->stop, book->stop_modules, &shapes->stop);
    for (unsigned w = 0; w < book->words; w++)
        draw_shape(shapes, book->word[w], book->word_modules, &shapes->word[w]);
    for (unsigned w = 0; w < book->words; w++) {
        const struct shape *shape = &shapes->word[w];
        shapes->left_energy[w] = product(shape->left, shape->left, length);
        shapes->right_energy[w] = product(shape->right, shape->right, length);
        shapes->after_start[w] = 2 * product(shapes->start.left, shape->right, length);
        shapes->before_stop[w] = 2 * product(shape->left, shapes->stop.right, length);
        for (unsigned b = 0; b < book->words; b++)
            shapes->both[w][b] = 2 * product(shape->left, shapes->word[b].right, length);
    }
    return shapes;
}

void shapes_free(struct shapes *shapes)
{
    free(shapes);
}

float shapes_blur(const struct shapes *shapes)
{
    return shapes->blur;
}

void shapes_draw(const struct shapes *shapes, const uint8_t *words, unsigned count, float *samples)
{
    const struct book *book = shapes->book;
    int total = S * (int)(book_modules(book, count) + 2 * LIKELIHOOD_QUIET);
    unsigned at = LIKELIHOOD_QUIET;
    float piece[RESPONSE + WINDOW];
    memset(samples, 0, (size_t)total * sizeof *samples);
    for (unsigned k = 0; k < count + 2; k++) {
        unsigned wide = k == 0           ? book->start_modules
                        : k == count + 1 ? book->stop_modules
                                         : book->word_modules;
        uint32_t bits = k == 0           ? book->start
                        : k == count + 1 ? book->stop
                                         : book->word[words[k - 1]];
        int first = S * (int)at - REACH;
        unsigned length = 2 * REACH + S * wide;
        shapes_pattern(shapes, bits, wide, -REACH, length, piece);
        for (int i = 0; i < (int)length; i++)
            if (first + i >= 0 && first + i < total)
                samples[first + i] += piece[i];
        at += wide;
    }
}

/* ---- distances ---- */

void distances_clear(struct distances *distances, const struct book *book, unsigned words)
{
    CHECK(words > 0 && words <= LIKELIHOOD_MAX_WORDS);
    memset(distances, 0, sizeof *distances);
    distances->book = book;
    distances->words = words;
}

static void add_window(struct distances *distances, const struct shapes *shapes, unsigned k,
                       const float *samples, float weight)
{
    unsigned length = padded(shapes->window), words = distances->book->words;
    float window[WINDOW] = {0};
    memcpy(window, samples, shapes->window * sizeof *window);
    distances->constant += weight * product(window, window, length);
    if (k == 0)
        distances->constant += weight * (product(shapes->start.left, shapes->start.left, length) -
                                         2 * product(shapes->start.left, window, length));
    if (k == distances->words)
        distances->constant += weight * (product(shapes->stop.right, shapes->stop.right, length) -
                                         2 * product(shapes->stop.right, window, length));
    for (unsigned w = 0; w < words && k > 0; w++)
        distances->first[k][w] +=
            weight * (shapes->left_energy[w] - 2 * product(shapes->word[w].left, window, length));
    for (unsigned w = 0; w < words && k < distances->words; w++)
        distances->second[k][w] +=
            weight * (shapes->right_energy[w] - 2 * product(shapes->word[w].right, window, length));
}

void distances_add(struct distances *distances, const struct shapes *shapes, const float *samples,
                   float weight)
{
    const struct book *book = distances->book;
    CHECK(shapes->book == book);
    int middle = (int)(shapes->window / 2);
    const float *first = samples + S * (LIKELIHOOD_QUIET + (int)book->start_modules) - middle;
    for (unsigned k = 0; k <= distances->words; k++)
        add_window(distances, shapes, k, first + (size_t)k * shapes->window, weight);
    for (unsigned w = 0; w < book->words; w++) {
        distances->after_start[w] += weight * shapes->after_start[w];
        distances->before_stop[w] += weight * shapes->before_stop[w];
        for (unsigned b = 0; b < book->words; b++)
            distances->both[w][b] += weight * shapes->both[w][b];
    }
}

/* ---- searching ---- */

enum { MAX_NODES = 4096, MAX_VISITS = 600 };

/* A string of words that has got to position `at`; `total` is its distance and the least that may
 * still come. */
struct node {
    float total, so_far;
    int before; /* the node that it goes on from; -1: none */
    uint16_t sum;
    uint8_t at, word;
};

struct search {
    const struct distances *distances;
    unsigned data_words[2]; /* words that may stand at places of data, at the check's place */
    float to_come[LIKELIHOOD_MAX_WORDS][LIKELIHOOD_WORDS];
    struct node nodes[MAX_NODES];
    int heap[MAX_NODES];
    int node_count, heap_count;
};

static unsigned allowed(const struct search *search, unsigned at)
{
    return search
        ->data_words[at + search->distances->book->check_words >= search->distances->words];
}

/* The least distance from each word at each place to the end, from behind. */
static void look_back(struct search *search)
{
    const struct distances *d = search->distances;
    unsigned last = d->words - 1;
    for (unsigned w = 0; w < LIKELIHOOD_WORDS; w++)
        search->to_come[last][w] =
            w < allowed(search, last) ? d->first[d->words][w] + d->before_stop[w] : FAR;
    for (unsigned at = last; at-- > 0;) {
        float next[LIKELIHOOD_WORDS];
        for (unsigned w = 0; w < LIKELIHOOD_WORDS; w++)
            next[w] = d->second[at + 1][w] + search->to_come[at + 1][w];
        for (unsigned w = 0; w < LIKELIHOOD_WORDS; w++) {
            float least[4] = {FAR, FAR, FAR, FAR};
            for (unsigned b = 0; b < LIKELIHOOD_WORDS; b += 4)
                for (unsigned k = 0; k < 4; k++) {
                    float here = next[b + k] + d->both[w][b + k];
                    least[k] = here < least[k] ? here : least[k];
                }
            float nearest = fminf(fminf(least[0], least[1]), fminf(least[2], least[3]));
            search->to_come[at][w] = w < allowed(search, at) ? nearest + d->first[at + 1][w] : FAR;
        }
    }
}

static bool before(const struct search *search, int a, int b)
{
    return search->nodes[a].total < search->nodes[b].total;
}

static void push(struct search *search, const struct node *node)
{
    if (search->node_count == MAX_NODES || node->total >= 0.5f * FAR)
        return;
    search->nodes[search->node_count] = *node;
    int at = search->heap_count++, index = search->node_count++;
    while (at > 0 && before(search, index, search->heap[(at - 1) / 2])) {
        search->heap[at] = search->heap[(at - 1) / 2];
        at = (at - 1) / 2;
    }
    search->heap[at] = index;
}

static int pop(struct search *search)
{
    int top = search->heap[0], index = search->heap[--search->heap_count], at = 0;
    for (;;) {
        int child = 2 * at + 1;
        if (child >= search->heap_count)
            break;
        if (child + 1 < search->heap_count &&
            before(search, search->heap[child + 1], search->heap[child]))
            child++;
        if (!before(search, search->heap[child], index))
            break;
        search->heap[at] = search->heap[child];
        at = child;
    }
    search->heap[at] = index;
    return top;
}

/* Of the words that may follow only those near the best are kept: what is left out lies farther
 * than any lead that is asked for. */
static void extend(struct search *search, int from, float limit)
{
    const struct distances *d = search->distances;
    const struct node *node = from >= 0 ? &search->nodes[from] : NULL;
    unsigned at = node ? node->at + 1u : 0;
    const float *both = node ? d->both[node->word] : d->after_start;
    float so_far = node ? node->so_far + d->first[at][node->word] : d->constant;
    unsigned sum = node ? node->sum : CODE128_START_C;
    for (unsigned w = 0; w < allowed(search, at); w++) {
        float here = so_far + both[w] + d->second[at][w], total = here + search->to_come[at][w];
        if (total > limit)
            continue;
        bool check = at + 1 == d->words && d->book->check_words > 0;
        if (check && sum % 103 != w)
            continue;
        push(search, &(struct node){total, here, from, (uint16_t)((sum + (at + 1) * w) % 103),
                                    (uint8_t)at, (uint8_t)w});
    }
}

static void write_words(const struct search *search, int index, struct likely *likely)
{
    likely->distance = search->nodes[index].total;
    for (; index >= 0; index = search->nodes[index].before)
        likely->words[search->nodes[index].at] = search->nodes[index].word;
}

/* How far to look beyond the best of all, in the distances' own unit. */
static const float FARTHEST = 60;

static bool search_nearest(struct search *search, struct likely *likely)
{
    bool found = false;
    float limit = INFINITY, reached = 0;
    extend(search, -1, FAR);
    int visits = 0;
    while (search->heap_count > 0) {
        int index = pop(search);
        const struct node *node = &search->nodes[index];
        reached = node->total;
        if (visits++ == 0)
            limit = node->total + FARTHEST;
        if (found && node->at + 1u == search->distances->words)
            break;
        if (visits > MAX_VISITS || search->node_count == MAX_NODES)
            break;
        if (node->at + 1u < search->distances->words) {
            extend(search, index, limit);
            continue;
        }
        write_words(search, index, likely);
        found = true;
    }
    if (!found)
        return false;
    likely->lead = (search->heap_count > 0 ? reached : limit) - likely->distance;
    return true;
}

struct search *search_new(void)
{
    struct search *search = malloc(sizeof *search);
    CHECK(search != NULL);
    return search;
}

void search_free(struct search *search)
{
    free(search);
}

bool distances_nearest(const struct distances *distances, struct search *search,
                       struct budget *budget, struct likely *likely)
{
    if (!budget_spend(budget, COST_SEARCH_NS + COST_PLACE_NS * distances->words))
        return false;
    search->distances = distances;
    search->data_words[0] = BOOK_PAIRS;
    search->data_words[1] = distances->book->check_words > 0 ? distances->book->words : BOOK_PAIRS;
    search->node_count = search->heap_count = 0;
    look_back(search);
    return search_nearest(search, likely);
}
