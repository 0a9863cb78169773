#include "symbology/symbology.h"

#include "symbology/scan.h"
#include "symbology/strips.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/*
 * The cascade: the cheapest step that reads anything ends it. A clean frame is read by the first; a
 * frame without a code goes through all of them, which bounds the cost of any frame.
 */
struct step {
    enum { ROWS, TURNED, WHOLE } kind;
    unsigned thickness; /* pixels averaged along the bars */
    unsigned smooth;    /* [1 2 1] across them: for noise, at the price of narrow bars */
};

static const struct step steps[] = {
    {ROWS, 16, 1}, {ROWS, 8, 0}, {TURNED, 16, 1}, {TURNED, 8, 0}, {TURNED, 48, 2}, {WHOLE, 1, 0},
};

/* The whole frame is read at every fourth row and column: a symbol that only this step can read is
 * many rows high. */
enum { WHOLE_EVERY = 4 };

enum { STEP_COUNT = sizeof steps / sizeof steps[0] };

/* Larger frames are shrunk by a whole factor; sides beyond the limit hold no picture at all. */
enum { MAX_PIXELS = 2000000, MAX_SIDE = 16384 };

/* A line alone may err; two lines, or two steps, have to agree. */
enum { MIN_LINES = 2 };

struct decoder {
    struct grey shrunk, strips;
};

struct decoder *decoder_new(void)
{
    struct decoder *decoder = calloc(1, sizeof *decoder);
    CHECK(decoder != NULL);
    return decoder;
}

void decoder_free(struct decoder *decoder)
{
    if (decoder == NULL)
        return;
    grey_fini(&decoder->shrunk);
    grey_fini(&decoder->strips);
    free(decoder);
}

const char *decode_status_name(enum decode_status status)
{
#define X(id, name, text) name,
    static const char *const names[] = {DECODE_STATUSES(X)};
#undef X
    CHECK((unsigned)status < DECODE_STATUS_COUNT);
    return names[status];
}

const char *decode_status_text(enum decode_status status)
{
#define X(id, name, text) text,
    static const char *const texts[] = {DECODE_STATUSES(X)};
#undef X
    CHECK((unsigned)status < DECODE_STATUS_COUNT);
    return texts[status];
}

/* ---- one step ---- */

/* What the steps so far saw on a single line. */
struct evidence {
    struct scan_found found;
    int step; /* that saw it first; -1: none */
};

static unsigned shrink_factor(const struct frame *frame)
{
    uint64_t factor = 1;
    while ((frame->width / factor) * (frame->height / factor) > MAX_PIXELS)
        factor++;
    return (unsigned)factor;
}

static void look(struct decoder *decoder, const struct frame *frame, const struct step *step,
                 struct scan_result *result, struct strips_map *map)
{
    if (step->kind == ROWS) {
        strips_rows(frame, step->thickness, step->smooth, &decoder->strips, map);
    } else if (step->kind == TURNED) {
        double across_x, across_y;
        strips_direction(frame, &across_x, &across_y);
        strips_turned(frame, across_x, across_y, step->thickness, step->smooth, &decoder->strips,
                      map);
    } else {
        *map = (struct strips_map){.across_x = 1, .along_y = 1};
        strips_shrink(frame, 1, &decoder->strips);
    }
    scan_image(decoder->strips.pixels, decoder->strips.width, decoder->strips.height,
               step->kind == WHOLE ? WHOLE_EVERY : 1, step->kind == WHOLE, result);
}

static enum decode_status judge_text(const struct scan_found *found,
                                     const struct decode_rules *rules)
{
    if (found->length >= CODE_TEXT_BYTES || (rules->length != 0 && found->length != rules->length))
        return DECODE_WRONG_LENGTH;
    return found->digits ? DECODE_OK : DECODE_WRONG_ALPHABET;
}

/* The box of the frame around a box of the strips. */
static void place_box(const struct scan_found *found, const struct strips_map *map, double scale,
                      struct decoded *decoded)
{
    const float xs[] = {found->left, found->right}, ys[] = {found->top, found->bottom};
    for (int i = 0; i < 4; i++) {
        double x = xs[i % 2], y = ys[i / 2];
        float u = (float)(scale * (map->left + x * map->across_x + y * map->along_x));
        float v = (float)(scale * (map->top + x * map->across_y + y * map->along_y));
        decoded->left = i == 0 ? u : fminf(decoded->left, u);
        decoded->right = i == 0 ? u : fmaxf(decoded->right, u);
        decoded->top = i == 0 ? v : fminf(decoded->top, v);
        decoded->bottom = i == 0 ? v : fmaxf(decoded->bottom, v);
    }
}

/* True where the strings seen so far settle the frame. */
static bool settle(const struct scan_result *result, int step, const struct decode_rules *rules,
                   struct evidence *evidence, struct decoded *decoded)
{
    if (result->count == 0)
        return false;
    const struct scan_found *found = &result->found[0];
    bool seen = evidence->step >= 0;
    if (result->count > 1 || (seen && strcmp(evidence->found.text, found->text) != 0)) {
        decoded->status = DECODE_AMBIGUOUS;
        decoded->step = step;
        return true;
    }
    int lines = found->lines + (seen ? evidence->found.lines : 0);
    *evidence = (struct evidence){.found = *found, .step = step};
    evidence->found.lines = lines;
    if (lines < MIN_LINES)
        return false;
    decoded->status = judge_text(found, rules);
    memcpy(decoded->text, found->text, sizeof decoded->text);
    decoded->quality = lines;
    decoded->step = step;
    return true;
}

static void read_shrunk(struct decoder *decoder, const struct frame *frame, double scale,
                        const struct decode_rules *rules, struct decoded *decoded)
{
    struct evidence evidence = {.step = -1};
    for (int i = 0; i < STEP_COUNT; i++) {
        struct scan_result result;
        struct strips_map map;
        look(decoder, frame, &steps[i], &result, &map);
        if (!settle(&result, i, rules, &evidence, decoded))
            continue;
        if (decoded->status != DECODE_AMBIGUOUS)
            place_box(&result.found[0], &map, scale, decoded);
        return;
    }
}

void decoder_read(struct decoder *decoder, const struct frame *frame,
                  const struct decode_rules *rules, struct decoded *decoded)
{
    CHECK(rules->symbology == SYMBOLOGY_CODE128);
    CHECK(frame->stride >= frame->width);
    memset(decoded, 0, sizeof *decoded);
    decoded->status = DECODE_NO_SYMBOL;
    if (frame->width > MAX_SIDE || frame->height > MAX_SIDE)
        return;
    unsigned factor = shrink_factor(frame);
    if (factor == 1) {
        read_shrunk(decoder, frame, 1, rules, decoded);
        return;
    }
    strips_shrink(frame, factor, &decoder->shrunk);
    struct frame shrunk = {decoder->shrunk.width, decoder->shrunk.height, decoder->shrunk.width,
                           decoder->shrunk.pixels};
    read_shrunk(decoder, &shrunk, factor, rules, decoded);
}
