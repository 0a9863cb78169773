#include "symbology/dot_matrix_grade.h"

#include <math.h>

enum { LEVELS = 256, PLACES = 8 };

/* ISO/IEC 15415, 7.8: what is needed for 4, 3, 2 and 1. */
static const float for_contrast[4] = {0.70f, 0.55f, 0.40f, 0.20f};
static const float for_modulation[4] = {0.50f, 0.40f, 0.30f, 0.20f};
static const float for_axes[4] = {0.06f, 0.08f, 0.10f, 0.12f};
static const float for_grid[4] = {0.38f, 0.50f, 0.63f, 0.75f};
static const float for_unused[4] = {0.62f, 0.50f, 0.37f, 0.25f};
/* The standard has a table for each symbology; ours: assumption. */
static const float for_pattern[4] = {0.05f, 0.10f, 0.15f, 0.20f};

static void add(struct grade *grade, const char *name, float value, const float thresholds[4])
{
    grade_add(grade, name, value, grade_between(value, thresholds));
}

/* The level below which `part` of the counted lie. */
static unsigned level_at(const unsigned counts[LEVELS], unsigned total, float part)
{
    unsigned level = 0, below = counts[0];
    while (level + 1 < LEVELS && (float)below <= part * (float)total)
        below += counts[++level];
    return level;
}

static unsigned level_of(float value)
{
    return value <= 0 ? 0 : value >= LEVELS - 1 ? LEVELS - 1 : (unsigned)value;
}

static void grade_light(const struct dot_matrix_layout *layout, const float *greys,
                        struct grade *grade)
{
    unsigned counts[LEVELS] = {0}, modulations[LEVELS] = {0};
    for (unsigned i = 0; i < layout->cells; i++)
        counts[level_of(greys[i])]++;
    float low = (float)level_at(counts, layout->cells, 0.01f);
    float high = (float)level_at(counts, layout->cells, 0.99f), range = fmaxf(high - low, 1);
    for (unsigned i = 0; i < layout->cells; i++)
        modulations[level_of(fabsf(2 * greys[i] - high - low) / range * 128)]++;
    add(grade, "symbol contrast", (high - low) / 255, for_contrast);
    add(grade, "modulation", (float)level_at(modulations, layout->cells, 0.05f) / 128,
        for_modulation);
}

static float distance(struct corner a, struct corner b)
{
    return sqrtf((a.x - b.x) * (a.x - b.x) + (a.y - b.y) * (a.y - b.y));
}

static float axial(const struct dot_matrix_view *view)
{
    float x = 0.5f * view->width, y = 0.5f * view->height;
    float across =
        distance(dot_matrix_view_point(view, x - 1, y), dot_matrix_view_point(view, x + 1, y));
    float down =
        distance(dot_matrix_view_point(view, x, y - 1), dot_matrix_view_point(view, x, y + 1));
    return fabsf(across - down) / (0.5f * (across + down));
}

/* The projective map through the corners of a view, with neither its lens nor its bend. */
static bool straighten(const struct dot_matrix_view *view, struct dot_matrix_view *straight)
{
    struct frame nowhere = {0, 0, 0, NULL}; /* a lens has a middle, but there is none */
    float width = view->width, height = view->height;
    struct quad quad = {.corners = {dot_matrix_view_point(view, 0, 0),
                                    dot_matrix_view_point(view, width, 0),
                                    dot_matrix_view_point(view, width, height),
                                    dot_matrix_view_point(view, 0, height)}};
    return dot_matrix_view_make(&quad, 0, &nowhere, width, height, 0, straight);
}

static float unevenness(const struct dot_matrix_view *view, float pixel_px)
{
    struct dot_matrix_view straight;
    float farthest = 0;
    if (!straighten(view, &straight))
        return 1; /* as seen edge on: F */
    for (int i = 0; i < (PLACES + 1) * (PLACES + 1); i++) {
        float x = (float)(i % (PLACES + 1)) * view->width / PLACES;
        float y = (float)(i / (PLACES + 1)) * view->height / PLACES;
        farthest = fmaxf(farthest, distance(dot_matrix_view_point(&straight, x, y),
                                            dot_matrix_view_point(view, x, y)));
    }
    return farthest / pixel_px;
}

/* Half of the bits may not be wrong, none with rate 1; between, where a binary symmetric channel's
 * capacity is the rate, its entropy H(p) taken as (4 p (1 - p))^0.8, which errs by 0.02. */
static float bearable(float rate)
{
    float left = fmaxf(1 - rate, 0), power = left * sqrtf(sqrtf(left));
    return 0.5f * (1 - sqrtf(fmaxf(1 - power, 0)));
}

void dot_matrix_grade(const struct dot_matrix_layout *layout, const float *greys,
                      const struct dot_matrix_sight *sight, unsigned wrong, unsigned bits,
                      struct grade *grade)
{
    float cells = (float)layout->cells;
    float most = fmaxf(bearable((float)bits / cells) * cells, 1);
    grade_light(layout, greys, grade);
    add(grade, "axial nonuniformity", axial(&sight->view), for_axes);
    add(grade, "grid nonuniformity", unevenness(&sight->view, sight->pixel_px), for_grid);
    add(grade, "unused error correction", fmaxf(1 - (float)wrong / most, 0), for_unused);
    add(grade, "fixed pattern damage", 0.5f * (1 - sight->timing), for_pattern);
}
