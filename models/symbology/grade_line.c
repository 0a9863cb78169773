#include "symbology/grade_line.h"

#include <math.h>

/* ISO/IEC 15416, table of parameter grades: 4, 3, 2 and 1. */
static const float contrast_limits[] = {0.70f, 0.55f, 0.40f, 0.20f};
static const float modulation_limits[] = {0.70f, 0.60f, 0.50f, 0.40f};
static const float defect_limits[] = {0.15f, 0.20f, 0.25f, 0.30f};
static const float decodability_limits[] = {0.62f, 0.50f, 0.37f, 0.25f};
static const float MIN_EDGE_CONTRAST = 0.15f;

/* Values of an element (between two edges), seen so that bars are valleys: spaces negated. */
struct element {
    float least, most; /* grey levels */
    float wobble;      /* the highest hill between two valleys of a bar, or the reverse */
};

enum { MOST_SAMPLES = 256 }; /* of an element that are looked at */

static float smaller(float a, float b)
{
    return a < b ? a : b;
}

static float larger(float a, float b)
{
    return a > b ? a : b;
}

static struct element measure(const float *values, unsigned count, float from, float to, bool dark)
{
    struct element element = {INFINITY, -INFINITY, 0};
    unsigned begin = from > 0 ? (unsigned)ceilf(from) : 0, end = begin;
    while (end < count && (float)end <= to && end - begin < MOST_SAMPLES)
        end++;
    float sign = dark ? 1 : -1, right[MOST_SAMPLES], valley = INFINITY;
    for (unsigned i = end; i-- > begin;) {
        valley = smaller(valley, sign * values[i]);
        right[i - begin] = valley;
        element.least = smaller(element.least, values[i]);
        element.most = larger(element.most, values[i]);
    }
    valley = INFINITY;
    for (unsigned i = begin; i < end; i++) {
        valley = smaller(valley, sign * values[i]);
        float hill = sign * values[i] - larger(valley, right[i - begin]);
        element.wobble = larger(element.wobble, hill);
    }
    return element;
}

void grade_line(const float *values, unsigned count, const struct edges *edges, float first,
                float last, float off, struct grade *grade)
{
    float least = INFINITY, most = -INFINITY, edge_contrast = INFINITY, defects = 0, before = -1;
    for (unsigned i = 0; i + 1 < edges->count; i++) {
        if (edges->at[i] < first - 0.5f || edges->at[i + 1] > last + 0.5f)
            continue;
        bool dark = edges->dark_first == (i % 2 == 0);
        struct element element = measure(values, count, edges->at[i], edges->at[i + 1], dark);
        if (element.least > element.most)
            continue;
        float level = dark ? element.least : element.most;
        if (before >= 0)
            edge_contrast = fminf(edge_contrast, fabsf(level - before));
        before = level;
        least = fminf(least, element.least);
        most = fmaxf(most, element.most);
        defects = fmaxf(defects, element.wobble);
    }
    float contrast = most - least;
    if (!(contrast > 0) || edge_contrast == INFINITY)
        return;
    float decodability = fmaxf(0, 1 - off / GRADE_LINE_UNDECODABLE);
    grade_add(grade, "symbol contrast", contrast / 255,
              grade_between(contrast / 255, contrast_limits));
    grade_add(grade, "minimum reflectance", least / 255, least <= 0.5f * most ? 4 : 0);
    grade_add(grade, "edge contrast", edge_contrast / 255,
              edge_contrast / 255 >= MIN_EDGE_CONTRAST ? 4 : 0);
    grade_add(grade, "modulation", edge_contrast / contrast,
              grade_between(edge_contrast / contrast, modulation_limits));
    grade_add(grade, "defects", defects / contrast,
              grade_between(defects / contrast, defect_limits));
    grade_add(grade, "decodability", decodability,
              grade_between(decodability, decodability_limits));
}
