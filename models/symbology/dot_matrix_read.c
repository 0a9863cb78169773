#include "symbology/dot_matrix.h"

#include "symbology/dot_matrix_grade.h"
#include "symbology/dot_matrix_plain.h"
#include "symbology/dot_matrix_sample.h"
#include "symbology/dot_matrix_shots.h"
#include "symbology/dot_matrix_soft.h"
#include "symbology/dot_matrix_trial.h"
#include "symbology/dot_matrix_unmix.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* How symbols are looked for, one step after the other until one is read: most are found in few
 * pixels. */
static const struct step {
    unsigned factor; /* by which the frame is made smaller */
    enum shrunk_level level;
} steps[] = {{4, SHRUNK_BETWEEN}, {2, SHRUNK_BETWEEN}, {4, SHRUNK_BELOW}, {2, SHRUNK_BELOW}};

enum { STEPS = sizeof steps / sizeof steps[0], MAX_TRIED = STEPS * DARK_AREAS_MOST };

/* A symbol is at least so many pixels wide or high; nothing smaller can be read. */
enum { LEAST_SIDE = 64 };

static const float least_contrast = 8;      /* DN, of the frame against what surrounds it */
static const float least_timing = 0.2f;     /* of 1: else it is no symbol */
static const float doubtful_timing = 0.45f; /* of the better: the other half turn may be right */

struct dot_matrix {
    struct dark_areas *areas;
    struct dot_matrix_sampler *sampler;
    struct dot_matrix_fec *fec;
    struct dot_matrix_unmix *unmix;
    struct dot_matrix_layout layout;
    struct matrix_format format;
    struct quad tried[MAX_TRIED];
    unsigned tried_count;
    uint8_t mask[DOT_MATRIX_MAX_CELLS];
    float greys[DOT_MATRIX_MAX_CELLS], values[DOT_MATRIX_MAX_CELLS], weights[DOT_MATRIX_MAX_CELLS];
    int16_t soft[DOT_MATRIX_MAX_CELLS]; /* in the order of the code */
    struct dot_matrix_shots *shots;
    struct dot_matrix_plain *plain;
};

struct dot_matrix *dot_matrix_new(void)
{
    struct dot_matrix *matrix = calloc(1, sizeof *matrix);
    CHECK(matrix != NULL);
    matrix->areas = dark_areas_new();
    matrix->sampler = dot_matrix_sampler_new();
    matrix->fec = dot_matrix_fec_new();
    matrix->unmix = dot_matrix_unmix_new();
    matrix->shots = dot_matrix_shots_new();
    matrix->plain = dot_matrix_plain_new();
    return matrix;
}

void dot_matrix_free(struct dot_matrix *matrix)
{
    if (matrix == NULL)
        return;
    dark_areas_free(matrix->areas);
    dot_matrix_sampler_free(matrix->sampler);
    dot_matrix_fec_free(matrix->fec);
    dot_matrix_unmix_free(matrix->unmix);
    dot_matrix_shots_free(matrix->shots);
    dot_matrix_plain_free(matrix->plain);
    free(matrix);
}

void dot_matrix_forget(struct dot_matrix *matrix)
{
    dot_matrix_shots_forget(matrix->shots);
}

static bool same_format(const struct matrix_format *a, const struct matrix_format *b)
{
    return a->block_width == b->block_width && a->block_height == b->block_height &&
           a->quiet == b->quiet && a->fec == b->fec && a->plain == b->plain;
}

/* False where there can be no such symbol. */
static bool expect(struct dot_matrix *matrix, const struct decode_rules *rules)
{
    const struct dot_matrix_layout *layout = &matrix->layout;
    if (same_format(&matrix->format, &rules->matrix) && layout->width == rules->display_width &&
        layout->height == rules->display_height)
        return true;
    if (!dot_matrix_lay_out(&rules->matrix, rules->display_width, rules->display_height,
                            &matrix->layout, NULL)) {
        matrix->layout.width = 0;
        return false;
    }
    matrix->format = rules->matrix;
    dot_matrix_mask(&matrix->layout, matrix->mask);
    return true;
}

/* ---- one view ---- */

/* The values as soft bits in the order of the code. */
static void order(struct dot_matrix *matrix)
{
    const struct dot_matrix_layout *layout = &matrix->layout;
    int16_t odds[DOT_MATRIX_MAX_CELLS];
    unsigned cell = 0;
    for (unsigned i = 0; i < layout->cells; i++) { /* without a branch: they would be guessed */
        float sure = matrix->values[i] * matrix->weights[i] * SOFT_ONE;
        sure = sure < SOFT_LIMIT ? sure : SOFT_LIMIT;
        sure = sure > -SOFT_LIMIT ? sure : -SOFT_LIMIT;
        odds[i] = (int16_t)((int)sure * (1 - 2 * matrix->mask[i]));
    }
    for (unsigned j = 0; j < layout->cells; j++) {
        matrix->soft[j] = odds[cell];
        cell += layout->stride;
        cell -= cell >= layout->cells ? layout->cells : 0;
    }
}

static void sample(struct dot_matrix *matrix, const struct dot_matrix_view *view,
                   struct soft_zones *zones)
{
    dot_matrix_sample(matrix->sampler, &matrix->layout, view, matrix->greys);
    dot_matrix_find_zones(&matrix->layout, matrix->greys, zones);
    dot_matrix_even_out(&matrix->layout, matrix->greys, zones, matrix->values, matrix->weights);
    order(matrix);
}

static float mean_half(const struct soft_zones *zones)
{
    float sum = 0;
    for (unsigned y = 0; y < zones->high; y++)
        for (unsigned x = 0; x < zones->wide; x++)
            sum += zones->zones[y][x].half;
    return sum / (float)(zones->wide * zones->high);
}

/* Blur lets the frame's line, which is thin, seem to begin further out than it does, by up to half
 * a display pixel. Draws the view in by as much as makes dark and bright cells lie farthest apart,
 * and samples anew. */
static void draw_in(struct dot_matrix *matrix, struct dot_matrix_view *view,
                    struct soft_zones *zones)
{
    static const float steps_in[] = {0.15f, 0.3f, 0.45f, 0.6f}; /* display pixels, at the edges */
    struct dot_matrix_view best = *view, drawn = *view;
    float most = mean_half(zones);
    for (size_t i = 0; i < sizeof steps_in / sizeof steps_in[0]; i++) {
        drawn.bend[0][1] = drawn.bend[1][2] = -steps_in[i];
        sample(matrix, &drawn, zones);
        if (mean_half(zones) <= most)
            break;
        most = mean_half(zones);
        best = drawn;
    }
    *view = best;
    sample(matrix, view, zones);
}

/* How far the means of dark and bright cells lie apart, of what they would without blur. */
static float part_left(const struct dot_matrix *matrix, const struct dot_matrix_view *view,
                       const struct soft_zones *zones)
{
    float middle = 0, half = mean_half(zones), count = (float)(zones->wide * zones->high);
    for (unsigned y = 0; y < zones->high; y++)
        for (unsigned x = 0; x < zones->wide; x++)
            middle += zones->zones[y][x].middle / count;
    float whole = dot_matrix_quiet_grey(matrix->sampler, &matrix->layout, view) - middle;
    float part = whole > 1 ? half / whole : 1;
    return part > 1 ? 1 : part < 0.2f ? 0.2f : part;
}

/* Reads through a view as it is; where that fails and `hard` says so, with the neighbours' light
 * taken out. */
static bool read_view(struct dot_matrix *matrix, struct dot_matrix_view *view, bool hard,
                      const struct decode_rules *rules, struct budget *budget,
                      struct dot_matrix_found *found)
{
    const struct dot_matrix_layout *layout = &matrix->layout;
    double look_ns = DOT_MATRIX_LOOK_NS * layout->width * layout->height;
    struct soft_zones zones;
    if (!budget_spend(budget, look_ns))
        return false;
    sample(matrix, view, &zones);
    if (dot_matrix_try(matrix->fec, rules, matrix->soft, layout->cells, budget, found))
        return true;
    if (!hard || !budget_spend(budget, DOT_MATRIX_UNMIX_NS * layout->cells + 4 * look_ns))
        return false;
    draw_in(matrix, view, &zones);
    dot_matrix_unmix(matrix->unmix, layout, part_left(matrix, view, &zones), matrix->values,
                     matrix->weights);
    order(matrix);
    return dot_matrix_try(matrix->fec, rules, matrix->soft, layout->cells, budget, found);
}

/* ---- one candidate ---- */

static float side_length(const struct quad *quad, unsigned side)
{
    struct corner a = quad->corners[side % 4], b = quad->corners[(side + 1) % 4];
    return hypotf(b.x - a.x, b.y - a.y);
}

/* Whether the quad's sides say that it lies across, so turned. */
static bool may_be_turned(const struct dot_matrix_layout *layout, const struct quad *quad,
                          unsigned turn)
{
    float along = side_length(quad, turn) + side_length(quad, turn + 2);
    float down = side_length(quad, turn + 1) + side_length(quad, turn + 3);
    float shown = along / fmaxf(down, 1);
    return layout->width >= layout->height ? shown >= 0.8f : shown <= 1.25f;
}

/* The two views that agree best with the timing, the better first; returns how many. */
static unsigned find_turns(struct dot_matrix *matrix, const struct frame *frame,
                           const struct quad *quad, struct dot_matrix_sight best[2])
{
    const struct dot_matrix_layout *layout = &matrix->layout;
    unsigned count = 0;
    for (unsigned turn = 0; turn < 4; turn++) {
        struct dot_matrix_sight turned = {.contrast = quad->contrast};
        if (!may_be_turned(layout, quad, turn) ||
            !dot_matrix_view_make(quad, turn, frame, (float)layout->width, (float)layout->height,
                                  (float)layout->quiet, &turned.view))
            continue;
        turned.timing = dot_matrix_timing(matrix->sampler, layout, &turned.view);
        if (turned.timing < least_timing)
            continue;
        bool better = count > 0 && turned.timing > best[0].timing;
        if (better)
            best[1] = best[0];
        if (better || count == 0)
            best[0] = turned;
        else if (count == 1 || turned.timing > best[1].timing)
            best[1] = turned;
        count = count < 2 ? count + 1 : 2;
    }
    return count;
}

static bool was_tried(struct dot_matrix *matrix, const struct quad *quad)
{
    for (unsigned i = 0; i < matrix->tried_count; i++) {
        float off = 0;
        for (int k = 0; k < 4; k++)
            off += fabsf(matrix->tried[i].corners[k].x - quad->corners[k].x) +
                   fabsf(matrix->tried[i].corners[k].y - quad->corners[k].y);
        if (off < 4)
            return true;
    }
    if (matrix->tried_count < MAX_TRIED)
        matrix->tried[matrix->tried_count++] = *quad;
    return false;
}

static enum decode_status judge(const struct dot_matrix_found *found,
                                const struct decode_rules *rules, float module_px)
{
    if (module_px < rules->min_module_px)
        return DECODE_TOO_SMALL;
    return rules->length != 0 && found->length != rules->length ? DECODE_WRONG_LENGTH : DECODE_OK;
}

static void fill(const struct dot_matrix *matrix, const struct dot_matrix_found *found,
                 const struct dot_matrix_sight *sight, const struct decode_rules *rules,
                 struct decoded *decoded)
{
    const struct dot_matrix_view *view = &sight->view;
    const struct dot_matrix_layout *layout = &matrix->layout;
    unsigned block =
        layout->block_width < layout->block_height ? layout->block_width : layout->block_height;
    decoded->length = found->length;
    memcpy(decoded->text, found->text, sizeof found->text);
    decoded->margin.corrected_bits = found->corrected;
    decoded->margin.code_bits = found->bits;
    decoded->margin.module_px = sight->pixel_px * (float)block;
    decoded->margin.contrast = sight->contrast / 255;
    decoded->status = judge(found, rules, decoded->margin.module_px);
    float left = (float)layout->quiet, right = (float)(layout->width - layout->quiet);
    float bottom = (float)(layout->height - layout->quiet);
    const struct corner corners[4] = {
        dot_matrix_view_point(view, left, left), dot_matrix_view_point(view, right, left),
        dot_matrix_view_point(view, right, bottom), dot_matrix_view_point(view, left, bottom)};
    for (int i = 0; i < 4; i++)
        decoded->corners[i] = (struct place){corners[i].x, corners[i].y};
}

static bool find_quad(const struct frame *frame, const struct corner corners[4], float reach,
                      enum quad_edges_effort effort, struct budget *budget, struct quad *quad)
{
    return budget_spend(budget, QUAD_EDGES_NS(effort)) &&
           quad_edges_find(frame, corners, reach, effort, quad) && quad->contrast >= least_contrast;
}

/* Reads what lies within, either way round. */
static void read_quad(struct dot_matrix *matrix, const struct frame *frame, const struct quad *quad,
                      bool hard, const struct decode_rules *rules, struct budget *budget,
                      struct decoded *decoded)
{
    const struct dot_matrix_layout *layout = &matrix->layout;
    struct dot_matrix_sight turns[2];
    struct dot_matrix_found found;
    float wide = (float)(layout->width - 2 * layout->quiet);
    float high = (float)(layout->height - 2 * layout->quiet);
    float pixel_px = dot_matrix_pixel_px(quad, wide, high);
    if (!budget_spend(budget, DOT_MATRIX_AVERAGE_NS * dot_matrix_sampler_area(frame, quad)))
        return;
    dot_matrix_sampler_look_at(matrix->sampler, frame, quad, pixel_px);
    unsigned count = find_turns(matrix, frame, quad, turns);
    for (unsigned i = 0; i < count; i++) {
        decoded->status = DECODE_UNREADABLE;
        if (i > 0 && turns[i].timing < doubtful_timing * turns[0].timing)
            return;
        turns[i].pixel_px = pixel_px;
        if (read_view(matrix, &turns[i].view, hard, rules, budget, &found)) {
            fill(matrix, &found, &turns[i], rules, decoded);
            dot_matrix_grade(layout, matrix->greys, &turns[i], found.corrected, found.message_bits,
                             &decoded->grade);
            return;
        }
        if (hard)
            dot_matrix_shots_offer(matrix->shots, &turns[i], i > 0, matrix->soft, layout->cells);
    }
}

/* Reads what lies in a dark area: quickly, which is enough for most symbols; and what seems to be
 * one, but cannot be read, once more with all effort. */
static void read_area(struct dot_matrix *matrix, const struct frame *frame,
                      const struct dark_area *area, unsigned factor,
                      const struct decode_rules *rules, struct budget *budget,
                      struct decoded *decoded)
{
    enum { NEAR_PX = 3 };
    struct quad quad, fine;
    float reach = 1.5f * (float)factor + 2;
    if (!find_quad(frame, area->corners, reach, QUAD_EDGES_QUICK, budget, &quad) ||
        was_tried(matrix, &quad))
        return;
    read_quad(matrix, frame, &quad, false, rules, budget, decoded);
    if (decoded->status != DECODE_UNREADABLE || budget->over)
        return;
    bool found = find_quad(frame, quad.corners, NEAR_PX, QUAD_EDGES_THOROUGH, budget, &fine);
    read_quad(matrix, frame, found ? &fine : &quad, true, rules, budget, decoded);
}

/* ---- a frame ---- */

/* What one candidate more makes of the answer so far: a string outweighs none, an accepted one a
 * refused one, and two different ones refuse the frame. */
static void merge(const struct decoded *more, const struct decode_rules *rules,
                  struct decoded *decoded)
{
    bool had = decoded->status == DECODE_OK, has = more->status == DECODE_OK;
    bool same = more->length == decoded->length &&
                memcmp(more->text, decoded->text, sizeof more->text) == 0;
    if (had && has && !rules->several && !same) {
        decoded->status = DECODE_AMBIGUOUS;
        decoded->length = 0;
        memset(decoded->text, 0, sizeof decoded->text);
    } else if (!had && decoded->status != DECODE_AMBIGUOUS && more->status != DECODE_NO_SYMBOL &&
               (has || more->length > 0 || decoded->length == 0)) {
        *decoded = *more;
    }
}

static void read_areas(struct dot_matrix *matrix, const struct frame *frame, int step,
                       const struct decode_rules *rules, struct budget *budget,
                       struct decoded *decoded)
{
    struct dark_area areas[DARK_AREAS_MOST];
    unsigned count = dark_areas_find(matrix->areas, frame, steps[step].factor, steps[step].level,
                                     LEAST_SIDE, budget, areas);
    for (unsigned i = 0; i < count && !budget->over; i++) {
        struct decoded more = {.status = DECODE_NO_SYMBOL,
                               .symbology = SYMBOLOGY_DOT_MATRIX,
                               .step = step,
                               .shots = decoded->shots};
        read_area(matrix, frame, &areas[i], steps[step].factor, rules, budget, &more);
        merge(&more, rules, decoded);
        if (rules->several && decoded->status == DECODE_OK)
            return;
    }
}

/* Reads what this frame and those before it tell together. */
static void read_shots(struct dot_matrix *matrix, const struct decode_rules *rules,
                       struct budget *budget, struct decoded *decoded)
{
    struct dot_matrix_found found;
    struct dot_matrix_sight sight;
    unsigned cells = matrix->layout.cells;
    if (!dot_matrix_shots_add(matrix->shots, cells, matrix->soft, &sight) ||
        !dot_matrix_try(matrix->fec, rules, matrix->soft, cells, budget, &found))
        return;
    decoded->symbology = SYMBOLOGY_DOT_MATRIX;
    decoded->step = STEPS;
    fill(matrix, &found, &sight, rules, decoded);
}

/* What was seen before the budget ran out stands where it says more. */
static void heed_budget(const struct budget *budget, struct decoded *decoded)
{
    if (budget->over &&
        (decoded->status == DECODE_NO_SYMBOL || decoded->status == DECODE_UNREADABLE))
        decoded->status = DECODE_OVER_BUDGET;
}

void dot_matrix_read(struct dot_matrix *matrix, const struct frame *frame,
                     const struct decode_rules *rules, struct budget *budget,
                     struct decoded *decoded)
{
    if (frame->width < LEAST_SIDE || frame->height < LEAST_SIDE / 2 || !expect(matrix, rules))
        return;
    if (matrix->layout.plain) {
        dot_matrix_plain_read(matrix->plain, &matrix->layout, frame, rules, budget, decoded);
        heed_budget(budget, decoded);
        return;
    }
    matrix->tried_count = 0;
    dot_matrix_shots_next(matrix->shots);
    for (int step = 0; step < STEPS && decoded->status != DECODE_OK &&
                       decoded->status != DECODE_AMBIGUOUS && !budget->over;
         step++)
        read_areas(matrix, frame, step, rules, budget, decoded);
    if (decoded->status == DECODE_UNREADABLE && !budget->over)
        read_shots(matrix, rules, budget, decoded);
    heed_budget(budget, decoded);
}
