#include "symbology/laser.h"

#include "symbology/code128.h"
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
    double cost_px_ns;  /* a pixel of the frame, where there is nothing to find, noise included */
};

static const struct step steps[] = {
    {ROWS, 16, 1, 0.6},  {ROWS, 8, 0, 1},    {TURNED, 16, 1, 2},
    {TURNED, 8, 0, 2.5}, {TURNED, 48, 2, 2}, {WHOLE, 1, 0, 8},
};

/* The whole frame is read at every fourth row and column: a symbol that only this step can read is
 * many rows high. */
enum { WHOLE_EVERY = 4 };

enum { STEP_COUNT = sizeof steps / sizeof steps[0] };

/* What the steps so far saw, in this frame and those before it, on too few lines. */
struct evidence {
    struct scan_found found;
    int step; /* that saw it first; -1: none */
};

struct laser {
    struct grey strips;
    struct evidence evidence;
};

struct laser *laser_new(void)
{
    struct laser *laser = calloc(1, sizeof *laser);
    CHECK(laser != NULL);
    laser->evidence.step = -1;
    return laser;
}

void laser_free(struct laser *laser)
{
    if (laser == NULL)
        return;
    grey_fini(&laser->strips);
    free(laser);
}

void laser_forget(struct laser *laser)
{
    laser->evidence.step = -1;
}

/* ---- one step ---- */

static void look(struct laser *laser, const struct frame *frame, const struct step *step,
                 const struct decode_rules *rules, struct scan_result *result,
                 struct strips_map *map)
{
    if (step->kind == ROWS) {
        strips_rows(frame, step->thickness, step->smooth, &laser->strips, map);
    } else if (step->kind == TURNED) {
        double across_x, across_y;
        strips_direction(frame, &across_x, &across_y);
        strips_turned(frame, across_x, across_y, step->thickness, step->smooth, &laser->strips,
                      map);
    } else {
        *map = (struct strips_map){.across_x = 1, .along_y = 1};
        strips_shrink(frame, 1, &laser->strips);
    }
    scan_image(laser->strips.pixels, laser->strips.width, laser->strips.height,
               step->kind == WHOLE ? WHOLE_EVERY : 1, step->kind == WHOLE, rules->max_off_modules,
               result);
}

static enum decode_status judge_text(const struct scan_found *found,
                                     const struct decode_rules *rules)
{
    if (found->length > PAYLOAD_MAX_BYTES || (rules->length != 0 && found->length != rules->length))
        return DECODE_WRONG_LENGTH;
    return found->digits ? DECODE_OK : DECODE_WRONG_ALPHABET;
}

/* The corners in the frame of a box of the strips. */
static void place_corners(const struct scan_found *found, const struct strips_map *map,
                          struct decoded *decoded)
{
    const float xs[] = {found->left, found->right, found->right, found->left};
    const float ys[] = {found->top, found->top, found->bottom, found->bottom};
    for (int i = 0; i < 4; i++) {
        decoded->corners[i].x = (float)(map->left + xs[i] * map->across_x + ys[i] * map->along_x);
        decoded->corners[i].y = (float)(map->top + xs[i] * map->across_y + ys[i] * map->along_y);
    }
}

static void fill(const struct scan_found *found, int step, struct decoded *decoded)
{
    decoded->step = step;
    decoded->length = found->length;
    memcpy(decoded->text, found->text, sizeof found->text);
    decoded->margin.lines = (unsigned)found->lines;
    decoded->margin.off_modules = found->off;
    float modules = (float)code128_module_count(found->length) - 2;
    decoded->margin.module_px = (found->right - found->left) / modules;
}

/* True where the strings seen so far settle the frame. */
static bool settle(const struct scan_result *result, int step, const struct decode_rules *rules,
                   struct evidence *evidence, struct decoded *decoded)
{
    if (result->count == 0)
        return false;
    const struct scan_found *found = &result->found[0];
    bool seen = evidence->step >= 0, other = seen && strcmp(evidence->found.text, found->text) != 0;
    if (!rules->several && (result->count > 1 || other)) {
        decoded->status = DECODE_AMBIGUOUS;
        decoded->step = step;
        return true;
    }
    int lines = found->lines + (seen && !other ? evidence->found.lines : 0);
    *evidence = (struct evidence){.found = *found, .step = step};
    evidence->found.lines = lines;
    if (lines < (int)rules->min_lines)
        return false;
    fill(&evidence->found, step, decoded);
    decoded->status = decoded->margin.module_px < rules->min_module_px ? DECODE_TOO_SMALL
                                                                       : judge_text(found, rules);
    return true;
}

void laser_read(struct laser *laser, const struct frame *frame, const struct decode_rules *rules,
                struct budget *budget, struct decoded *decoded)
{
    for (int i = 0; i < STEP_COUNT; i++) {
        struct scan_result result;
        struct strips_map map;
        if (!budget_spend(budget, steps[i].cost_px_ns * frame->width * frame->height)) {
            decoded->status = DECODE_OVER_BUDGET;
            return;
        }
        look(laser, frame, &steps[i], rules, &result, &map);
        if (!settle(&result, i, rules, &laser->evidence, decoded))
            continue;
        if (decoded->status == DECODE_OK)
            place_corners(&result.found[0], &map, decoded);
        return;
    }
}
