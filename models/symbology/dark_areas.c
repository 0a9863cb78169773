#include "symbology/dark_areas.h"

#include "symbology/dark_runs.h"

#include "engine/error.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Measured, with room: a pixel of the frame, and a run of the shrunk one. */
static const double pixel_ns = 0.25, run_ns = 12;

struct dark_areas {
    struct shrunk shrunk;
    struct dark_runs runs;
};

struct dark_areas *dark_areas_new(void)
{
    struct dark_areas *scratch = calloc(1, sizeof *scratch);
    CHECK(scratch != NULL);
    return scratch;
}

void dark_areas_free(struct dark_areas *scratch)
{
    if (scratch == NULL)
        return;
    shrunk_fini(&scratch->shrunk);
    dark_runs_fini(&scratch->runs);
    free(scratch);
}

/* ---- the main axes of an area ---- */

struct moments {
    double count, x, y, xx, xy, yy;
};

static void add_run(struct moments *moments, const struct dark_run *run)
{
    double n = run->end - run->start, x = 0.5 * (run->start + run->end), y = run->row + 0.5;
    moments->count += n;
    moments->x += n * x;
    moments->y += n * y;
    moments->xx += n * (x * x + (n * n - 1) / 12);
    moments->xy += n * x * y;
    moments->yy += n * y * y;
}

/* Unit vectors of the axes over the spread along each. */
struct axes {
    float long_x, long_y, short_x, short_y;
};

static struct axes axes_of(const struct moments *moments)
{
    double n = moments->count, x = moments->x / n, y = moments->y / n;
    double xx = moments->xx / n - x * x, xy = moments->xy / n - x * y;
    double yy = moments->yy / n - y * y;
    double half = 0.5 * (xx - yy), root = sqrt(half * half + xy * xy), mean = 0.5 * (xx + yy);
    /* The direction by half angles. */
    double c = root > 0 ? sqrt(0.5 * (1 + half / root)) : 1;
    double s = root > 0 ? copysign(sqrt(fmax(0, 0.5 * (1 - half / root))), xy) : 0;
    double wide = sqrt(fmax(mean + root, 0.1)), narrow = sqrt(fmax(mean - root, 0.1));
    return (struct axes){(float)(c / wide), (float)(s / wide), (float)(-s / narrow),
                         (float)(c / narrow)};
}

/* ---- its corners ---- */

struct extremes {
    float farthest[4];
    struct corner corners[4];
};

static void extend(struct extremes *extremes, const struct axes *axes, float x, float y)
{
    float along = axes->long_x * x + axes->long_y * y;
    float across = axes->short_x * x + axes->short_y * y;
    const float far[4] = {-along - across, along - across, along + across, across - along};
    for (int i = 0; i < 4; i++)
        if (far[i] > extremes->farthest[i]) {
            extremes->farthest[i] = far[i];
            extremes->corners[i] = (struct corner){x, y};
        }
}

static float quad_size(const struct corner c[4])
{
    return 0.5f * ((c[2].x - c[0].x) * (c[3].y - c[1].y) - (c[3].x - c[1].x) * (c[2].y - c[0].y));
}

static void outline(const struct dark_runs *runs, const struct dark_piece *piece, unsigned factor,
                    struct dark_area *area)
{
    struct moments moments = {0};
    struct extremes extremes = {{-INFINITY, -INFINITY, -INFINITY, -INFINITY}, {{0, 0}}};
    for (uint32_t i = piece->first; i != DARK_RUNS_END; i = runs->runs[i].next)
        add_run(&moments, &runs->runs[i]);
    struct axes axes = axes_of(&moments);
    for (uint32_t i = piece->first; i != DARK_RUNS_END; i = runs->runs[i].next) {
        const struct dark_run *run = &runs->runs[i];
        extend(&extremes, &axes, run->start, (float)run->row + 0.5f);
        extend(&extremes, &axes, run->end, (float)run->row + 0.5f);
    }
    for (int i = 0; i < 4; i++) {
        area->corners[i].x = extremes.corners[i].x * (float)factor;
        area->corners[i].y = extremes.corners[i].y * (float)factor;
    }
    area->size = quad_size(area->corners);
}

/* ---- which areas ---- */

static bool is_candidate(const struct dark_piece *piece, const struct shrunk *shrunk,
                         unsigned least_side)
{
    unsigned width = piece->right - piece->left, height = piece->bottom - piece->top;
    unsigned longer = width > height ? width : height;
    unsigned shorter = width > height ? height : width;
    bool inside = piece->left > 0 && piece->top > 0 && piece->right < shrunk->width &&
                  piece->bottom < shrunk->height;
    return inside && longer >= least_side && 2 * shorter >= least_side;
}

static unsigned insert(struct dark_area areas[DARK_AREAS_MOST], unsigned count,
                       const struct dark_area *area)
{
    unsigned at = count;
    while (at > 0 && areas[at - 1].size < area->size)
        at--;
    if (at == DARK_AREAS_MOST)
        return count;
    unsigned kept = count < DARK_AREAS_MOST ? count : DARK_AREAS_MOST - 1;
    memmove(&areas[at + 1], &areas[at], (kept - at) * sizeof *areas);
    areas[at] = *area;
    return kept + 1;
}

unsigned dark_areas_find(struct dark_areas *scratch, const struct frame *frame, unsigned factor,
                         enum shrunk_level level, unsigned least_side, struct budget *budget,
                         struct dark_area areas[DARK_AREAS_MOST])
{
    unsigned count = 0, least = least_side / factor > 4 ? least_side / factor : 4;
    if (!budget_spend(budget, pixel_ns * frame->width * frame->height))
        return 0;
    shrunk_make(&scratch->shrunk, frame, factor, level);
    unsigned runs = dark_runs_find(&scratch->runs, &scratch->shrunk);
    if (!budget_spend(budget, run_ns * runs))
        return 0;
    dark_runs_join(&scratch->runs);
    for (unsigned i = 0; i < scratch->runs.piece_count; i++) {
        struct dark_area area;
        if (!is_candidate(&scratch->runs.pieces[i], &scratch->shrunk, least))
            continue;
        outline(&scratch->runs, &scratch->runs.pieces[i], factor, &area);
        if (area.size > 0)
            count = insert(areas, count, &area);
    }
    return count;
}
