#include "symbology/qr_third.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_FINDERS = 4, PLACES = 6, LEAST_CONTRAST = 20 };

/* Modules, from the middle of where the pattern should lie: what is cut out, and what its own
 * threshold is of. */
static const float WINDOW = 7.5f, PATTERN = 4;
/* Between two patterns of one symbol. */
static const float MOST_RATIO = 1.3f, LEAST_MODULES = 14;

static const double WINDOW_PX_NS = 8;

/* Where the third may lie if a and b are the ends of a side (four), or of the diagonal. */
static void guess_places(const struct qr_finder *a, const struct qr_finder *b, float xs[PLACES],
                         float ys[PLACES])
{
    float dx = b->x - a->x, dy = b->y - a->y;
    for (int i = 0; i < 4; i++) {
        const struct qr_finder *from = i < 2 ? a : b;
        float sign = i % 2 == 0 ? 1 : -1;
        xs[i] = from->x - sign * dy;
        ys[i] = from->y + sign * dx;
    }
    for (int i = 4; i < PLACES; i++) {
        float sign = i % 2 == 0 ? 0.5f : -0.5f;
        xs[i] = 0.5f * (a->x + b->x) - sign * dy;
        ys[i] = 0.5f * (a->y + b->y) + sign * dx;
    }
}

/* Cuts out a square round a place. False where it does not lie in the field. */
static bool cut_out(const struct qr_field *field, float x, float y, float reach,
                    struct qr_field *window, unsigned *left, unsigned *top)
{
    float width = (float)field->grey.width, height = (float)field->grey.height;
    if (!(x > 0 && y > 0 && x < width && y < height))
        return false;
    *left = (unsigned)fmaxf(x - reach, 0);
    *top = (unsigned)fmaxf(y - reach, 0);
    unsigned right = (unsigned)fminf(x + reach, width), bottom = (unsigned)fminf(y + reach, height);
    grey_resize(&window->grey, right - *left, bottom - *top);
    for (unsigned row = *top; row < bottom; row++)
        memcpy(window->grey.pixels + (size_t)(row - *top) * window->grey.width,
               field->grey.pixels + (size_t)row * field->grey.width + *left, right - *left);
    return right > *left && bottom > *top;
}

/* The middle between dark and light of what lies within `reach` of (x, y); 0: there is nothing. */
static uint8_t middle_grey(const struct grey *grey, float x, float y, float reach)
{
    unsigned counts[256] = {0}, total = 0, low = 0, high = 255;
    for (unsigned row = 0; row < grey->height; row++)
        for (unsigned column = 0; column < grey->width; column++) {
            bool near = fabsf((float)column - x) < reach && fabsf((float)row - y) < reach;
            counts[grey->pixels[(size_t)row * grey->width + column]] += near;
            total += near;
        }
    for (unsigned below = counts[0]; below * 10 < total && low < 255; below += counts[low])
        low++;
    for (unsigned above = counts[255]; above * 10 < total && high > 0; above += counts[high])
        high--;
    return high < low + LEAST_CONTRAST ? 0 : (uint8_t)((low + high + 1) / 2);
}

/* Looks for a pattern of about that module size near a place of the field. */
static bool find_at(const struct qr_field *field, float x, float y, float module,
                    struct budget *budget, struct qr_field *window, struct qr_finder *third)
{
    struct qr_finder finders[QR_FINDERS];
    unsigned left, top;
    float reach = WINDOW * module;
    if (!budget_spend(budget, WINDOW_PX_NS * 4 * reach * reach) ||
        !cut_out(field, x, y, reach, window, &left, &top))
        return false;
    uint8_t middle = middle_grey(&window->grey, x - (float)left, y - (float)top, PATTERN * module);
    qr_field_threshold(window);
    memset(window->thresholds.pixels, middle,
           (size_t)window->thresholds.width * window->thresholds.height);
    unsigned count = middle > 0 ? qr_find(window, 1, budget, finders) : 0;
    for (unsigned i = 0; i < count; i++) {
        if (finders[i].module > MOST_RATIO * module || module > MOST_RATIO * finders[i].module)
            continue;
        *third = finders[i];
        third->x += (float)left;
        third->y += (float)top;
        return true;
    }
    return false;
}

static bool belong(const struct qr_finder *a, const struct qr_finder *b)
{
    float larger = fmaxf(a->module, b->module), smaller = fminf(a->module, b->module);
    float apart = hypotf(a->x - b->x, a->y - b->y);
    return larger < MOST_RATIO * smaller && apart > LEAST_MODULES * smaller &&
           apart < QR_MAX_SIDE * 1.5f * larger;
}

unsigned qr_third_corners(const struct qr_field *field, const struct qr_finder *finders,
                          unsigned count, struct budget *budget, struct qr_field *window,
                          struct qr_corner corners[QR_CORNERS])
{
    unsigned few = count < MOST_FINDERS ? count : MOST_FINDERS, found = 0;
    for (unsigned i = 0; i < few; i++)
        for (unsigned j = i + 1; j < few; j++) {
            struct qr_finder three[3] = {finders[i], finders[j]};
            float xs[PLACES], ys[PLACES], module = 0.5f * (finders[i].module + finders[j].module);
            if (!belong(&finders[i], &finders[j]))
                continue;
            guess_places(&finders[i], &finders[j], xs, ys);
            for (int k = 0; k < PLACES && found < QR_CORNERS; k++) {
                struct qr_corner made[QR_CORNERS];
                if (find_at(field, xs[k], ys[k], module, budget, window, &three[2]) &&
                    qr_corners(three, 3, budget, made) == 1)
                    corners[found++] = made[0];
            }
        }
    return found;
}
