#include "symbology/dot_matrix_view.h"

#include <math.h>
#include <string.h>

/* ---- the lens ---- */

/* A side's ends lie farther from the middle than its own middle: radial r^2 moves them by more, so
 * a side of half length l at distance d bows by -radial l^2 d. All four by least squares. */
static float radial_of(const struct quad *quad, float middle_x, float middle_y)
{
    float sum = 0, squares = 0;
    for (int i = 0; i < 4; i++) {
        struct corner a = quad->corners[i], b = quad->corners[(i + 1) % 4];
        float dx = b.x - a.x, dy = b.y - a.y, length = sqrtf(dx * dx + dy * dy);
        float mx = 0.5f * (a.x + b.x) - middle_x, my = 0.5f * (a.y + b.y) - middle_y;
        float distance = (mx * dy - my * dx) / length; /* outwards */
        float lever = -0.25f * length * length * distance;
        sum += quad->bows[i] * lever;
        squares += lever * lever;
    }
    return squares > 0 ? sum / squares : 0;
}

static struct corner undistort(const struct dot_matrix_view *view, struct corner at)
{
    float x = at.x - view->middle_x, y = at.y - view->middle_y, u = x, v = y;
    for (int i = 0; i < 3; i++) {
        float scale = 1 / (1 + view->radial * (u * u + v * v));
        u = x * scale;
        v = y * scale;
    }
    return (struct corner){u + view->middle_x, v + view->middle_y};
}

/* ---- the projective map ---- */

/* The unit square onto four corners (Heckbert 1989, 2.2.3). */
static bool square_to_quad(const struct corner c[4], float m[9])
{
    float sx = c[0].x - c[1].x + c[2].x - c[3].x, sy = c[0].y - c[1].y + c[2].y - c[3].y;
    float dx1 = c[1].x - c[2].x, dy1 = c[1].y - c[2].y;
    float dx2 = c[3].x - c[2].x, dy2 = c[3].y - c[2].y;
    float cross = dx1 * dy2 - dx2 * dy1;
    if (!(fabsf(cross) > 1))
        return false;
    float g = (sx * dy2 - dx2 * sy) / cross, h = (dx1 * sy - sx * dy1) / cross;
    const float map[9] = {c[1].x - c[0].x + g * c[1].x,
                          c[3].x - c[0].x + h * c[3].x,
                          c[0].x,
                          c[1].y - c[0].y + g * c[1].y,
                          c[3].y - c[0].y + h * c[3].y,
                          c[0].y,
                          g,
                          h,
                          1};
    memcpy(m, map, sizeof map);
    /* The denominator is positive on the square, and still around it. */
    return 1 + fminf(g, 0) + fminf(h, 0) > 0.2f;
}

bool dot_matrix_view_make(const struct quad *quad, unsigned turn, const struct frame *frame,
                          float width, float height, float inset, struct dot_matrix_view *view)
{
    struct corner corners[4];
    *view = (struct dot_matrix_view){.middle_x = 0.5f * (float)frame->width,
                                     .middle_y = 0.5f * (float)frame->height,
                                     .width = width,
                                     .height = height};
    view->radial = radial_of(quad, view->middle_x, view->middle_y);
    for (unsigned i = 0; i < 4; i++)
        corners[i] = undistort(view, quad->corners[(i + turn) % 4]);
    float *h = view->h, wide = width - 2 * inset, high = height - 2 * inset;
    if (!square_to_quad(corners, h))
        return false;
    for (int i = 0; i < 9; i += 3) { /* from display pixels to the square first */
        h[i] /= wide;
        h[i + 1] /= high;
        h[i + 2] -= inset * (h[i] + h[i + 1]);
    }
    return true;
}

/* ---- points ---- */

void dot_matrix_view_row(const struct dot_matrix_view *view, float y, float first, float step,
                         unsigned count, float *restrict xs, float *restrict ys)
{
    const float *h = view->h, *across = view->bend[0], *down = view->bend[1];
    float v = 2 * y / view->height - 1, scale_u = 2 / view->width;
    float across_0 = across[0] + v * (across[2] + v * across[5]),
          across_1 = across[1] + v * across[4];
    float down_0 = down[0] + v * (down[2] + v * down[5]), down_1 = down[1] + v * down[4];
    for (unsigned i = 0; i < count; i++) {
        float x = first + (float)(int)i * step, u = scale_u * x - 1;
        float at_x = x + across_0 + u * (across_1 + u * across[3]);
        float at_y = y + down_0 + u * (down_1 + u * down[3]);
        float under = 1 / (h[6] * at_x + h[7] * at_y + h[8]);
        float px = (h[0] * at_x + h[1] * at_y + h[2]) * under - view->middle_x;
        float py = (h[3] * at_x + h[4] * at_y + h[5]) * under - view->middle_y;
        float out = 1 + view->radial * (px * px + py * py);
        xs[i] = px * out + view->middle_x;
        ys[i] = py * out + view->middle_y;
    }
}

struct corner dot_matrix_view_point(const struct dot_matrix_view *view, float x, float y)
{
    struct corner at;
    dot_matrix_view_row(view, y, x, 0, 1, &at.x, &at.y);
    return at;
}
