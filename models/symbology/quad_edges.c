#include "symbology/quad_edges.h"

#include "symbology/grey_at.h"

#include <math.h>

enum {
    MOST_PLACES = 48,
    MAX_REACH = 12,  /* pixels, either way */
    NEAR_REACH = 4,  /* the second time */
    LEAST_FALL = 6,  /* grey levels a pixel: less is no edge */
    LEAST_PLACES = 8 /* that have one */
};

/* How much is looked at: places along a side, of which half will do for a start; neighbouring
 * profiles that are averaged, for a start and in the end; fits of a line, each with weights of the
 * one before. */
static const struct effort {
    int places, first_beside, beside, fits;
} efforts[] = {[QUAD_EDGES_QUICK] = {24, 1, 3, 3}, [QUAD_EDGES_THOROUGH] = {MOST_PLACES, 3, 3, 4}};

/* Profiles keep clear of the corners by this part of the side. */
static const float clear_of_corner = 0.04f;

/* ---- one side ---- */

struct side {
    float x, y;       /* where it starts */
    float dx, dy;     /* to its end */
    float in_x, in_y; /* one pixel inwards */
};

static struct side side_of(struct corner from, struct corner to)
{
    struct side side = {from.x, from.y, to.x - from.x, to.y - from.y, 0, 0};
    float length = sqrtf(side.dx * side.dx + side.dy * side.dy);
    length = length > 1 ? length : 1;
    side.in_x = -side.dy / length;
    side.in_y = side.dx / length;
    return side;
}

static float place_at(int i, int places)
{
    return clear_of_corner + (1 - 2 * clear_of_corner) * ((float)i + 0.5f) / (float)places;
}

/* Sums of `count` profiles at part t of the side, from -reach to reach pixels inwards. */
static void take_profile(const struct frame *frame, const struct side *side, float t, int reach,
                         int count, int *profile)
{
    for (int i = 0; i <= 2 * reach; i++)
        profile[i] = 0;
    for (int k = 0; k < count; k++) {
        float beside = (float)(k - count / 2) * 1.4f; /* pixels along the side */
        float x = side->x + t * side->dx + beside * side->in_y - (float)reach * side->in_x;
        float y = side->y + t * side->dy - beside * side->in_x - (float)reach * side->in_y;
        int across[2 * MAX_REACH + 1], down[2 * MAX_REACH + 1];
        for (int i = 0; i <= 2 * reach; i++) {
            across[i] = grey_place(x + (float)i * side->in_x, frame->width);
            down[i] = grey_place(y + (float)i * side->in_y, frame->height);
        }
        for (int i = 0; i <= 2 * reach; i++)
            profile[i] += grey_at_place(frame, across[i], down[i]);
    }
}

struct edge_place {
    float t;      /* along the side */
    float offset; /* pixels inwards */
    float fall;   /* 256 grey levels, of all profiles: 0: there is no edge */
};

/* The steepest fall of a profile, and the centre of the fall around it. */
static struct edge_place find_fall(const int *profile, int reach, int count, float t)
{
    struct edge_place place = {.t = t};
    int steepest = -1, most = LEAST_FALL * 256 * count;
    for (int i = 1; i < 2 * reach; i++) {
        int fall = profile[i - 1] - profile[i + 1]; /* over two pixels */
        if (fall > most) {
            most = fall;
            steepest = i;
        }
    }
    if (steepest < 0)
        return place;
    float sum = 0, moment = 0;
    for (int i = steepest - 2; i < steepest + 2; i++) {
        if (i < 0 || i + 1 > 2 * reach || profile[i] <= profile[i + 1])
            continue;
        float fall = (float)(profile[i] - profile[i + 1]);
        sum += fall;
        moment += fall * ((float)i + 0.5f);
    }
    place.fall = (float)most;
    place.offset = moment / sum - (float)reach;
    return place;
}

/* ---- lines through places ---- */

/* offset(t) = start + t * (end - start) + bow * 4 t (1 - t). */
struct edge_line {
    float start, end, bow;
};

static float line_at(const struct edge_line *line, float t)
{
    return line->start + t * (line->end - line->start) + line->bow * 4 * t * (1 - t);
}

/* Solves the symmetric 3 x 3 system by elimination; false where it is singular. */
static bool solve3(float a[3][4])
{
    for (int i = 0; i < 3; i++) {
        if (!(fabsf(a[i][i]) > 1e-6f))
            return false;
        for (int k = 0; k < 3; k++) {
            float factor = k == i ? 0 : a[k][i] / a[i][i];
            for (int j = i; j < 4; j++)
                a[k][j] -= factor * a[i][j];
        }
    }
    for (int i = 0; i < 3; i++)
        a[i][3] /= a[i][i];
    return true;
}

/* Weighted least squares; with the bow, or straight. */
static bool fit_once(const struct edge_place *places, const float *weights, int count, bool bowed,
                     struct edge_line *line)
{
    float a[3][4] = {{0}};
    for (int i = 0; i < count; i++) {
        float t = places[i].t;
        const float basis[3] = {1 - t, t, bowed ? 4 * t * (1 - t) : 0};
        for (int j = 0; j < 3; j++) {
            for (int k = 0; k < 3; k++)
                a[j][k] += weights[i] * basis[j] * basis[k];
            a[j][3] += weights[i] * basis[j] * places[i].offset;
        }
    }
    a[2][2] += bowed ? 0 : 1;
    if (!solve3(a))
        return false;
    *line = (struct edge_line){a[0][3], a[1][3], a[2][3]};
    return true;
}

/* Places far off the line count for less, and less again; `width` is what is near, in the end. */
static bool fit(const struct edge_place *places, const struct effort *effort, bool bowed,
                float width, struct edge_line *line)
{
    float weights[MOST_PLACES];
    int count = 0;
    for (int i = 0; i < effort->places; i++) {
        weights[i] = places[i].fall > 0 ? 1 : 0;
        count += places[i].fall > 0;
    }
    if (count < LEAST_PLACES)
        return false;
    for (int round = 0; round < effort->fits; round++) {
        if (!fit_once(places, weights, effort->places, bowed, line))
            return false;
        float near = width * (float)(1 << (effort->fits - 1 - round)) * 0.5f;
        for (int i = 0; i < effort->places; i++) {
            float off = (places[i].offset - line_at(line, places[i].t)) / near;
            weights[i] = places[i].fall > 0 ? 1 / ((1 + off * off) * (1 + off * off)) : 0;
        }
    }
    return true;
}

static bool find_line(const struct frame *frame, const struct side *side,
                      const struct effort *effort, int reach, bool bowed, struct edge_line *line)
{
    struct edge_place places[MOST_PLACES];
    int profile[2 * MAX_REACH + 1], count = bowed ? effort->beside : effort->first_beside;
    for (int i = 0; i < effort->places; i++) {
        float t = place_at(i, effort->places);
        places[i] = (struct edge_place){.t = t};
        if (!bowed && i % 2 != 0)
            continue; /* half will do for a start */
        take_profile(frame, side, t, reach, count, profile);
        places[i] = find_fall(profile, reach, count, t);
    }
    return fit(places, effort, bowed, bowed ? 0.7f : 1.5f, line);
}

/* ---- four sides ---- */

/* Where the chords of two lines meet. */
static bool meet(const struct side *a, const struct edge_line *la, const struct side *b,
                 const struct edge_line *lb, struct corner *corner)
{
    float ax = a->x + la->start * a->in_x, ay = a->y + la->start * a->in_y;
    float bx = b->x + lb->start * b->in_x, by = b->y + lb->start * b->in_y;
    float adx = a->dx + (la->end - la->start) * a->in_x;
    float ady = a->dy + (la->end - la->start) * a->in_y;
    float bdx = b->dx + (lb->end - lb->start) * b->in_x;
    float bdy = b->dy + (lb->end - lb->start) * b->in_y;
    float cross = adx * bdy - ady * bdx;
    if (!(fabsf(cross) > 0.05f * sqrtf((adx * adx + ady * ady) * (bdx * bdx + bdy * bdy))))
        return false;
    float t = ((bx - ax) * bdy - (by - ay) * bdx) / cross;
    corner->x = ax + t * adx;
    corner->y = ay + t * ady;
    return true;
}

/* Mean grey of the side `off` pixels outwards, minus that `off` inwards, in grey levels. */
static float contrast_of(const struct frame *frame, const struct side *side, float off)
{
    enum { PLACES = 24 };
    int outside = 0, inside = 0;
    for (int i = 0; i < PLACES; i++) {
        float t = place_at(i, PLACES), x = side->x + t * side->dx, y = side->y + t * side->dy;
        outside += grey_at(frame, x - off * side->in_x, y - off * side->in_y);
        inside += grey_at(frame, x + off * side->in_x, y + off * side->in_y);
    }
    return (float)(outside - inside) / (256.0f * PLACES);
}

static bool refine(const struct frame *frame, const struct effort *effort, int reach, bool bowed,
                   struct quad *quad)
{
    struct side sides[4];
    struct edge_line lines[4];
    for (int i = 0; i < 4; i++) {
        sides[i] = side_of(quad->corners[i], quad->corners[(i + 1) % 4]);
        if (!find_line(frame, &sides[i], effort, reach, bowed, &lines[i]))
            return false;
        quad->bows[i] = -lines[i].bow;
    }
    for (int i = 0; i < 4; i++)
        if (!meet(&sides[(i + 3) % 4], &lines[(i + 3) % 4], &sides[i], &lines[i],
                  &quad->corners[i]))
            return false;
    return true;
}

bool quad_edges_find(const struct frame *frame, const struct corner corners[4], float reach,
                     enum quad_edges_effort effort, struct quad *quad)
{
    int pixels = (int)ceilf(reach);
    pixels = pixels < NEAR_REACH ? NEAR_REACH : pixels > MAX_REACH ? MAX_REACH : pixels;
    for (int i = 0; i < 4; i++)
        quad->corners[i] = corners[i];
    if (!refine(frame, &efforts[effort], pixels, false, quad) ||
        !refine(frame, &efforts[effort], NEAR_REACH, true, quad))
        return false;
    quad->contrast = INFINITY;
    for (int i = 0; i < 4; i++) {
        struct side side = side_of(quad->corners[i], quad->corners[(i + 1) % 4]);
        quad->contrast = fminf(quad->contrast, contrast_of(frame, &side, 2));
    }
    return true;
}
