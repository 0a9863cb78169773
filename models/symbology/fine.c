#include "symbology/fine.h"

#include "engine/error.h"

#include <math.h>
#include <string.h>

enum { FIXED = 16, MIN_STRIP_PX = 4 };

static const double COST_PIXEL_NS = 1.6, COST_BIN_NS = 1.2;
/* Strips that show less than this part of the bars of all are not part of the symbol. */
static const float MIN_SHARE = 0.25f;

struct box {
    float least_s, most_s, least_v, most_v;
};

/* ---- sorting pixels ---- */

/* Columns of row y whose centres lie in the box, as [first, end). */
static void row_span(const struct frame *frame, const struct region *region, const struct box *box,
                     int y, int *first, int *end)
{
    float dy = (float)y + 0.5f - region->y, low = -INFINITY, high = INFINITY;
    const float slopes[] = {region->ux, -region->uy - region->skew * region->ux};
    const float at[] = {dy * region->uy, dy * (region->ux - region->skew * region->uy)};
    const float least[] = {box->least_s, box->least_v}, most[] = {box->most_s, box->most_v};
    for (int i = 0; i < 2; i++) {
        if (fabsf(slopes[i]) < 1e-6f) {
            if (at[i] < least[i] || at[i] >= most[i])
                high = -INFINITY;
            continue;
        }
        float a = (least[i] - at[i]) / slopes[i], b = (most[i] - at[i]) / slopes[i];
        low = fmaxf(low, fminf(a, b));
        high = fminf(high, fmaxf(a, b));
    }
    low += region->x - 0.5f;
    high += region->x - 0.5f;
    *first = low > 0 ? (int)fminf(ceilf(low), (float)frame->width) : 0;
    *end = high > 0 ? (int)fminf(ceilf(high), (float)frame->width) : 0;
}

/* Sums in the low 20 bits, counts above: a strip has fewer than 4096 pixels a bin. */
static void sort_strip(const struct frame *frame, const struct region *region,
                       const struct fine *fine, const struct box *box, uint32_t *sums)
{
    float least_y = INFINITY, most_y = -INFINITY;
    for (int corner = 0; corner < 4; corner++) {
        float s = corner % 2 ? box->most_s : box->least_s;
        float v = (corner / 2 ? box->most_v : box->least_v) + region->skew * s;
        least_y = fminf(least_y, region->y + s * region->uy + v * region->ux);
        most_y = fmaxf(most_y, region->y + s * region->uy + v * region->ux);
    }
    int y0 = (int)floorf(fmaxf(least_y, -1)), y1 = (int)ceilf(fminf(most_y, 1e6f));
    y0 = y0 < 0 ? 0 : y0;
    y1 = y1 < (int)frame->height ? y1 : (int)frame->height;
    int32_t step = (int32_t)lrintf(region->ux * fine->per_px * (1 << FIXED));
    for (int y = y0; y < y1; y++) {
        int first, end;
        row_span(frame, region, box, y, &first, &end);
        float s = ((float)first + 0.5f - region->x) * region->ux +
                  ((float)y + 0.5f - region->y) * region->uy - fine->first;
        int32_t at = (int32_t)lrintf(s * fine->per_px * (1 << FIXED));
        const uint8_t *row = frame->pixels + (size_t)y * frame->stride;
        for (int x = first; x < end; x++, at += step) {
            uint32_t bin = (uint32_t)(at >> FIXED);
            if (bin < fine->bins)
                sums[bin] += row[x] + (1u << 20);
        }
    }
}

/* Means; bins without pixels lie on a line between their neighbours. */
static bool even_out(const uint32_t *sums, unsigned bins, float *values)
{
    unsigned last = 0;
    bool any = false;
    for (unsigned i = 0; i < bins; i++) {
        uint32_t count = sums[i] >> 20;
        if (count == 0)
            continue;
        values[i] = (float)(sums[i] & 0xfffff) / (float)count;
        float from = any ? values[last] : values[i];
        for (unsigned k = any ? last + 1 : 0; k < i; k++)
            values[k] = from + (values[i] - from) * (float)(k - last) / (float)(i - last);
        last = i;
        any = true;
    }
    for (unsigned k = last + 1; any && k < bins; k++)
        values[k] = values[last];
    return any;
}

static bool sort_pixels(const struct frame *frame, const struct region *region, struct fine *fine)
{
    float top = -0.5f * region->height, deep = region->height / (float)fine->strips;
    float right = fine->first + (float)fine->bins / fine->per_px;
    static _Thread_local uint32_t sums[FINE_MAX_BINS];
    unsigned kept = 0;
    for (unsigned k = 0; k < fine->strips; k++) {
        struct box box = {fine->first, right, top + (float)k * deep, top + (float)(k + 1) * deep};
        memset(sums, 0, fine->bins * sizeof *sums);
        sort_strip(frame, region, fine, &box, sums);
        fine->along[kept] = 0.5f * (box.least_v + box.most_v);
        if (even_out(sums, fine->bins, fine->values[kept]))
            fine->used[kept++] = true;
    }
    fine->strips = fine->used_count = kept;
    return kept > 0;
}

/* ---- aligning strips ---- */

static float bin_s(const struct fine *fine, float bin)
{
    return fine->first + (bin + 0.5f) / fine->per_px;
}

/* Adds values[i + shift] to sum[i] for first <= i < end, repeating the ends. */
static void add_shifted(const float *values, int bins, int shift, int first, int end,
                        float *restrict sum)
{
    int low = first < -shift ? -shift : first, high = end > bins - shift ? bins - shift : end;
    low = low < end ? low : end;
    high = high > low ? high : low;
    for (int i = first; i < low; i++)
        sum[i] += values[0];
    for (int i = low; i < high; i++)
        sum[i] += values[i + shift];
    for (int i = high; i < end; i++)
        sum[i] += values[bins - 1];
}

/* Adds up the strips used as if the bars leaned and fanned so: each in pieces that are shifted by
 * whole bins. */
static void add_up(const struct fine *fine, float lean, float fan, float *sum)
{
    int bins = (int)fine->bins;
    memset(sum, 0, fine->bins * sizeof *sum);
    for (unsigned k = 0; k < fine->strips; k++) {
        if (!fine->used[k])
            continue;
        float v = fine->along[k], slope = fan * v;
        float at = (lean + fan * bin_s(fine, 0)) * v * fine->per_px + 0.5f;
        for (int i = 0; i < bins;) {
            float here = at + slope * (float)i, shift = floorf(here);
            float left = slope > 0   ? (shift + 1 - here) / slope
                         : slope < 0 ? (shift - here) / slope
                                     : INFINITY;
            int end = left < (float)(bins - i) ? i + 1 + (int)left : bins;
            add_shifted(fine->values[k], bins, (int)shift, i, end, sum);
            i = end;
        }
    }
}

/* Bars on bars give the sum most energy. */
static float energy(const struct fine *fine, float lean, float fan, float *sum)
{
    add_up(fine, lean, fan, sum);
    float mean = 0, squares = 0;
    for (unsigned i = 0; i < fine->bins; i++)
        mean += sum[i];
    mean /= (float)fine->bins;
    for (unsigned i = 0; i < fine->bins; i++)
        squares += (sum[i] - mean) * (sum[i] - mean);
    return squares;
}

/* Climbs from step to step: a step of `lean` moves the outermost strips by a pixel at first, a step
 * of `fan` moves the ends of those by as much. */
static void align(struct fine *fine)
{
    float half_v = fmaxf(fabsf(fine->along[0]), fabsf(fine->along[fine->strips - 1]));
    if (fine->strips < 2 || half_v <= 0)
        return;
    float half_s = 0.5f * (float)fine->bins / fine->per_px;
    float step = 1 / half_v, best = energy(fine, fine->lean, fine->fan, fine->sum);
    for (int round = 0; round < 4; round++, step *= 0.5f)
        for (int which = 0; which < 2; which++)
            for (int side = -1; side <= 1; side += 2)
                for (int tries = 0; tries < 4; tries++) {
                    float lean = fine->lean + (which == 0 ? (float)side * step : 0);
                    float fan = fine->fan + (which == 1 ? (float)side * step / half_s : 0);
                    float here = energy(fine, lean, fan, fine->sum);
                    if (here <= best)
                        break;
                    best = here;
                    fine->lean = lean;
                    fine->fan = fan;
                }
}

static void mean_sum(struct fine *fine)
{
    add_up(fine, fine->lean, fine->fan, fine->sum);
    float scale = 1 / (float)fine->used_count;
    for (unsigned i = 0; i < fine->bins; i++)
        fine->sum[i] *= scale;
}

/* Of the differences between bins that lie some pixels apart: bars have many, shadows and the edges
 * of a display few. */
static float covariance(const float *a, const float *b, unsigned count, unsigned apart)
{
    float sum = 0;
    for (unsigned i = 0; i + apart < count; i++)
        sum += (a[i + apart] - a[i]) * (b[i + apart] - b[i]);
    return sum;
}

/* Leaves out strips above and below the bars. */
static void choose_strips(struct fine *fine)
{
    mean_sum(fine);
    unsigned apart = (unsigned)(3 * fine->per_px);
    float whole = covariance(fine->sum, fine->sum, fine->bins, apart);
    unsigned used = 0;
    bool keep[FINE_MAX_STRIPS];
    for (unsigned k = 0; k < fine->strips; k++) {
        keep[k] = covariance(fine->values[k], fine->sum, fine->bins, apart) >= MIN_SHARE * whole;
        used += keep[k];
    }
    if (used == 0)
        return;
    memcpy(fine->used, keep, sizeof keep);
    fine->used_count = used;
}

/* Mean square of what two strips differ in. */
static float mean_square(const float *a, const float *b, unsigned count)
{
    float squares = 0;
    for (unsigned i = 0; i < count; i++)
        squares += (a[i] - b[i]) * (a[i] - b[i]);
    return squares / (float)count;
}

/* From the two neighbours that differ least: where strips lean against each other or reach beyond
 * the bars they differ in more than noise. */
static float noise_of_sum(const struct fine *fine)
{
    float least = INFINITY;
    for (unsigned k = 0; k + 1 < fine->strips; k++)
        if (fine->used[k] && fine->used[k + 1])
            least = fminf(least, mean_square(fine->values[k], fine->values[k + 1], fine->bins));
    if (least == INFINITY)
        return 1;
    return sqrtf(0.6f * least / (float)fine->used_count);
}

bool fine_take(const struct frame *frame, const struct region *region, float per_px,
               struct budget *budget, struct fine *fine)
{
    float length = region->length;
    fine->per_px = per_px;
    fine->first = -0.5f * length;
    fine->bins = (unsigned)fminf(ceilf(length * per_px), FINE_MAX_BINS);
    fine->strips = (unsigned)fminf(fmaxf(region->height / MIN_STRIP_PX, 1), FINE_MAX_STRIPS);
    fine->lean = fine->fan = 0;
    if (!budget_spend(budget, COST_PIXEL_NS * length * region->height +
                                  COST_BIN_NS * fine->bins * fine->strips * 30.0))
        return false;
    if (!sort_pixels(frame, region, fine))
        return false;
    choose_strips(fine);
    align(fine);
    choose_strips(fine);
    align(fine);
    mean_sum(fine);
    fine->noise = noise_of_sum(fine);
    return true;
}

void fine_place(const struct fine *fine, const struct region *region, float s, float v, float *x,
                float *y)
{
    float across = s + (fine->lean + fine->fan * s) * v;
    v += region->skew * s;
    *x = region->x + across * region->ux - v * region->uy;
    *y = region->y + across * region->uy + v * region->ux;
}
