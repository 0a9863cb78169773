/*
 * Exact area coverage of polygons, by Green's theorem.
 *
 * An edge that goes up through a pixel row covers all that lies right of it: a trapezium of the
 * pixels it crosses, the whole height it spans of those beyond. Each edge therefore touches only
 * the cells it crosses, as differences along the row; one running sum turns them into areas.
 * (The signed-area accumulation of font rasterisers: R. Levien's font-rs; the "cover and area"
 * cells of LibArt and FreeType.)
 */
#include "optics/camera_private.h"
#include "optics/lanes.h"

enum { FEW_ROWS = 8 }; /* that are not worth vectors */

/* Not fmin and fmax: those are calls, for the sake of NaN, and no NaN comes here. */
static inline double least(double a, double b)
{
    return a < b ? a : b;
}

static inline double most(double a, double b)
{
    return a > b ? a : b;
}

/* The part of an edge inside one row, from x = from to x = to, `cover` = signed height * weight. */
static inline void add_to_row(float *cells, double from, double to, double cover)
{
    double low = least(from, to), high = most(from, to);
    int cell = (int)low;
    if (high <= cell + 1) {
        double beyond = cover * (0.5 * (low + high) - cell);
        cells[cell] += (float)(cover - beyond);
        cells[cell + 1] += (float)beyond;
        return;
    }
    /* integral(t): what the edge covers of the strip between it and x = t, a height of one. */
    double half_slope = 0.5 / (high - low), integral = 0.0, covered = 0.0;
    for (; cell < high; cell++) {
        double t = cell + 1;
        double next = t < high ? (t - low) * (t - low) * half_slope : t - 0.5 * (low + high);
        double here = next - integral;
        cells[cell] += (float)(cover * (here - covered));
        integral = next;
        covered = here;
    }
    cells[cell] += (float)(cover * (1.0 - covered));
}

/* Whole rows of an edge, of which the first is entered at x. By rounding it may come to the spare
 * cells beside the canvas. */
static void add_rows(float *cells, size_t stride, double x, double slope, int rows, double weight)
{
    enum { SOME = 64 };
    const struct lanes *lanes = lanes_here();
    for (int done = 0; done < rows; done += SOME) {
        int32_t at[SOME];
        float left[SOME], over[SOME], whole = (float)weight;
        int count = rows - done < SOME ? rows - done : SOME;
        lanes->cross(x + slope * done, slope, count, at, left, over);
        for (int i = 0; i < count; i++, cells += stride) {
            if (over[i] > 0.0f) {
                double here = x + slope * (done + i);
                add_to_row(cells, most(0.0, here), most(0.0, here + slope), weight);
                continue;
            }
            float beyond = whole * left[i];
            cells[at[i]] += whole - beyond;
            cells[at[i] + 1] += beyond;
        }
    }
}

/* An edge wholly inside the canvas, y0 < y1. */
static void add_inside(const struct canvas *canvas, struct point top, struct point bottom,
                       double weight)
{
    double slope = (bottom.x - top.x) / (bottom.y - top.y), x = top.x, width = canvas->width;
    int row = (int)top.y, last = least((int)bottom.y, canvas->height - 1);
    float *cells = canvas->cells + (size_t)row * canvas->stride;
    if (row < last) {
        x = most(0.0, least(top.x + slope * (row + 1 - top.y), width));
        add_to_row(cells, top.x, x, weight * (row + 1 - top.y));
        row++;
        cells += canvas->stride;
    }
    for (; row < last && last - row < FEW_ROWS; row++, cells += canvas->stride) {
        double next_x = most(0.0, least(top.x + slope * (row + 1 - top.y), width));
        add_to_row(cells, x, next_x, weight);
        x = next_x;
    }
    if (row < last) {
        add_rows(cells, canvas->stride, x, slope, last - row, weight);
        x = most(0.0, least(top.x + slope * (last - top.y), width));
        cells += (size_t)(last - row) * canvas->stride;
    }
    double rest = bottom.y - most(last, top.y);
    if (rest > 0.0)
        add_to_row(cells, x, most(0.0, least(bottom.x, width)), weight * rest);
}

static struct point between(struct point a, struct point b, double y)
{
    double t = (y - a.y) / (b.y - a.y);
    return (struct point){a.x + t * (b.x - a.x), y};
}

static double height_at(struct point a, struct point b, double x)
{
    double y = a.y + (x - a.x) / (b.x - a.x) * (b.y - a.y);
    return most(a.y, least(y, b.y));
}

/* A piece that crosses neither side: what lies left of the canvas covers its rows from the first
 * cell on, what lies right of it covers nothing. */
static void add_piece(const struct canvas *canvas, struct point top, struct point bottom,
                      double weight)
{
    double middle = 0.5 * (top.x + bottom.x);
    if (bottom.y <= top.y || middle >= canvas->width)
        return;
    top.x = middle <= 0.0 ? 0.0 : most(0.0, least(top.x, canvas->width));
    bottom.x = middle <= 0.0 ? 0.0 : most(0.0, least(bottom.x, canvas->width));
    add_inside(canvas, top, bottom, weight);
}

/* Cuts the edge where it crosses x = side, and returns the height of the cut (the bottom, if none).
 */
static double cut(struct point top, struct point bottom, double side)
{
    bool crosses = (top.x < side) != (bottom.x < side);
    return crosses ? height_at(top, bottom, side) : bottom.y;
}

/* The edges of small things, which pass through one row or two: false of all others. */
static inline bool add_short(const struct canvas *canvas, struct point from, struct point to,
                             double weight)
{
    double left = least(from.x, to.x), right = most(from.x, to.x);
    double top = least(from.y, to.y), bottom = most(from.y, to.y);
    if (!((left >= 0.0) & (right < canvas->width) & (top >= 0.0) & (bottom < canvas->height)))
        return false;
    int first = (int)from.y, second = (int)to.y, below = first < second ? second : first;
    float *cells = canvas->cells + (size_t)first * canvas->stride;
    if (first == second) {
        add_to_row(cells, from.x, to.x, weight * (from.y - to.y));
        return true;
    }
    if (first - second > 1 || second - first > 1)
        return false;
    double x = from.x + (below - from.y) / (to.y - from.y) * (to.x - from.x);
    x = most(left, least(x, right)); /* rounding may bring it elsewhere */
    add_to_row(cells, from.x, x, weight * (from.y - below));
    add_to_row(canvas->cells + (size_t)second * canvas->stride, x, to.x, weight * (below - to.y));
    return true;
}

void coverage_edge(const struct canvas *canvas, struct point from, struct point to, double weight)
{
    if (add_short(canvas, from, to, weight))
        return;
    bool up = to.y < from.y;
    struct point top = up ? to : from, bottom = up ? from : to;
    if (!(top.y < bottom.y) || bottom.y <= 0.0 || top.y >= canvas->height)
        return;
    if (top.y < 0.0)
        top = between(top, bottom, 0.0);
    if (bottom.y > canvas->height)
        bottom = between(top, bottom, canvas->height);
    double signed_weight = up ? weight : -weight;
    double left = cut(top, bottom, 0.0), right = cut(top, bottom, canvas->width);
    double first = least(left, right), second = most(left, right);
    struct point a = first < bottom.y ? between(top, bottom, first) : bottom;
    struct point b = second < bottom.y ? between(top, bottom, second) : bottom;
    add_piece(canvas, top, a, signed_weight);
    add_piece(canvas, a, b, signed_weight);
    add_piece(canvas, b, bottom, signed_weight);
}

void coverage_polygon(const struct canvas *canvas, const struct point *points, int count,
                      double weight)
{
    for (int i = 0; i < count; i++)
        coverage_edge(canvas, points[i], points[(i + 1) % count], weight);
}

void coverage_finish(const struct canvas *canvas)
{
    running_sums(canvas, canvas->cells, canvas->stride);
}
