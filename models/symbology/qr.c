#include "symbology/qr.h"

#include "symbology/qr_grid.h"
#include "symbology/qr_pyramid.h"
#include "symbology/qr_third.h"
#include "symbology/qr_zbar.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* What the frames of a presentation say of each module, added up. */
struct evidence {
    unsigned side, frames;
    float values[QR_MAX_SIDE * QR_MAX_SIDE];
};

struct qr {
    struct qr_pyramid pyramid;
    struct qr_grid grid;
    struct qr_code code, drawn;
    struct qr_text text, kept; /* of the last grid; of the frame */
    struct evidence evidence;
    struct qr_field window; /* scratch */
};

/* One frame being read. */
struct look {
    struct qr *qr;
    const struct decode_rules *rules;
    struct budget *budget;
    struct decoded *decoded;
    unsigned grids;   /* laid so far */
    unsigned located; /* of those, that looked like a symbol */
    bool read;
    bool mirrored; /* the last that was tried */
};

struct qr *qr_new(void)
{
    struct qr *qr = calloc(1, sizeof *qr);
    CHECK(qr != NULL);
    return qr;
}

void qr_free(struct qr *qr)
{
    if (qr == NULL)
        return;
    qr_pyramid_fini(&qr->pyramid);
    qr_field_fini(&qr->window);
    free(qr);
}

void qr_forget(struct qr *qr)
{
    qr->evidence.side = qr->evidence.frames = 0;
}

/* ---- from values to bytes ---- */

/* Dark or light, the known modules as they must be; in a mirror the axes change places. */
static void decide_as(const struct qr_grid *grid, const float *values, bool mirrored,
                      struct qr_code *code)
{
    unsigned side = grid->side;
    code->side = side;
    for (unsigned y = 0, i = 0; y < side; y++)
        for (unsigned x = 0; x < side; x++, i++) {
            float value = values[mirrored ? x * side + y : i];
            code->dark[i] = qr_is_known(grid->kinds[i]) ? qr_is_dark(grid->kinds[i]) : value > 0;
        }
}

/* Tells whether the symbol is mirrored. */
static bool decide(const struct qr_grid *grid, const float *values, struct qr_code *code)
{
    decide_as(grid, values, false, code);
    if (!qr_code_mirrored(code))
        return false;
    decide_as(grid, values, true, code);
    return true;
}

/* What costs more to read is worth it only where the format information says that it is a symbol.
 */
static const double DEAR_NS = 2e6;

static bool try_values(struct look *look, const float *values)
{
    struct qr *qr = look->qr;
    look->mirrored = decide(&qr->grid, values, &qr->code);
    double cost_ns = qr_zbar_cost_ns(&qr->code);
    if (isinf(cost_ns) || (cost_ns > DEAR_NS && !qr_code_format_clear(&qr->code)) ||
        !budget_spend(look->budget, cost_ns))
        return false;
    return qr_zbar_read(&qr->code, &qr->text);
}

/* ---- several frames ---- */

static void add_evidence(struct evidence *evidence, const struct qr_grid *grid)
{
    size_t count = (size_t)grid->side * grid->side;
    if (evidence->side != grid->side) {
        evidence->side = grid->side;
        evidence->frames = 0;
        memset(evidence->values, 0, count * sizeof *evidence->values);
    }
    evidence->frames++;
    for (size_t i = 0; i < count; i++)
        evidence->values[i] += fmaxf(-2, fminf(2, grid->values[i]));
}

/* ---- what it is worth ---- */

/* Modules that differ from the symbol as it should be; false where it cannot be drawn alike. */
static bool count_corrected(struct qr *qr, unsigned *corrected, unsigned *bits,
                            enum qr_level *level)
{
    struct qr_choice choice = {.version = (qr->code.side - 17) / 4};
    qr_code_format(&qr->code, &choice.level, &choice.mask);
    *level = choice.level;
    *corrected = *bits = 0;
    if (!qr_code_draw(&choice, qr->text.bytes, qr->text.length, &qr->drawn, NULL))
        return false;
    for (unsigned i = 0; i < qr->code.side * qr->code.side; i++)
        if (qr->grid.kinds[i] == QR_DATA) {
            ++*bits;
            *corrected += qr->code.dark[i] != qr->drawn.dark[i];
        }
    return *corrected < *bits / 5; /* else the same bytes in other segments */
}

static double leg(const struct place *a, const struct place *b)
{
    return hypot((double)a->x - (double)b->x, (double)a->y - (double)b->y);
}

/* The modulation that all but one module in twenty reach. */
static float modulation(const struct qr_grid *grid)
{
    enum { BINS = 100 };
    unsigned bins[BINS] = {0}, count = grid->side * grid->side, seen = 0;
    for (unsigned i = 0; i < count; i++)
        bins[(int)(fminf(fabsf(grid->values[i]), 0.99f) * BINS)]++;
    for (int bin = 0; bin < BINS; bin++)
        if ((seen += bins[bin]) > count / 20)
            return (float)bin / BINS;
    return 1;
}

/* ISO/IEC 15415: thresholds for 4, 3, 2 and 1. Grid nonuniformity is left out: the grid is laid by
 * a projective map, against which it cannot be uneven, and a tilt is no fault of the symbol. */
static void add_grades(struct qr *qr, enum qr_level level, struct decoded *decoded)
{
    static const float contrast[] = {0.7f, 0.55f, 0.4f, 0.2f}, mod[] = {0.5f, 0.4f, 0.3f, 0.2f};
    static const float axial[] = {0.06f, 0.08f, 0.1f, 0.12f}, fixed[] = {0, 0.09f, 0.13f, 0.17f};
    static const float unused[] = {0.62f, 0.5f, 0.37f, 0.25f};
    static const float correctable[] = {
        [QR_LEVEL_L] = 0.07f, [QR_LEVEL_M] = 0.15f, [QR_LEVEL_Q] = 0.25f, [QR_LEVEL_H] = 0.3f};
    const struct qr_grid *grid = &qr->grid;
    const struct decode_margin *margin = &decoded->margin;
    float across = (float)leg(&decoded->corners[0], &decoded->corners[1]);
    float down = (float)leg(&decoded->corners[0], &decoded->corners[3]);
    float values[] = {grid->contrast, modulation(grid), 1 - grid->known,
                      fabsf(across - down) * 2 / (across + down), 0};
    grade_add(&decoded->grade, "symbol contrast", values[0], grade_between(values[0], contrast));
    grade_add(&decoded->grade, "modulation", values[1], grade_between(values[1], mod));
    grade_add(&decoded->grade, "fixed pattern damage", values[2], grade_between(values[2], fixed));
    grade_add(&decoded->grade, "axial nonuniformity", values[3], grade_between(values[3], axial));
    if (margin->code_bits == 0)
        return;
    /* Each wrong module may be a codeword of its own. */
    values[4] =
        1 - 8 * (float)margin->corrected_bits / ((float)margin->code_bits * correctable[level]);
    values[4] = fmaxf(values[4], 0);
    grade_add(&decoded->grade, "unused error correction", values[4],
              grade_between(values[4], unused));
}

static void fill(struct look *look, unsigned scale, int step)
{
    static const unsigned corner_u[4] = {0, 1, 1, 0}, corner_v[4] = {0, 0, 1, 1};
    struct qr *qr = look->qr;
    struct decoded *decoded = look->decoded;
    enum qr_level level;
    unsigned kept = qr->text.length < PAYLOAD_MAX_BYTES ? qr->text.length : PAYLOAD_MAX_BYTES;
    decoded->symbology = SYMBOLOGY_QR;
    decoded->step = step;
    decoded->length = qr->text.length;
    qr->kept.length = qr->text.length;
    memcpy(qr->kept.bytes, qr->text.bytes, qr->text.length + 1);
    memcpy(decoded->text, qr->text.bytes, kept);
    for (int i = 0; i < 4; i++) {
        double x, y;
        unsigned u = (look->mirrored ? corner_v : corner_u)[i] * qr->grid.side;
        unsigned v = (look->mirrored ? corner_u : corner_v)[i] * qr->grid.side;
        qr_map_place(&qr->grid.map, u, v, &x, &y);
        decoded->corners[i] = (struct place){(float)(x * scale), (float)(y * scale)};
    }
    decoded->margin.module_px = qr->grid.module_px * (float)scale;
    decoded->margin.contrast = qr->grid.contrast;
    if (!count_corrected(qr, &decoded->margin.corrected_bits, &decoded->margin.code_bits, &level))
        decoded->margin.corrected_bits = decoded->margin.code_bits = 0;
    add_grades(qr, level, decoded);
}

static enum decode_status judge(const struct decoded *decoded, const struct decode_rules *rules)
{
    if (decoded->margin.module_px < rules->min_module_px)
        return DECODE_TOO_SMALL;
    return rules->length != 0 && decoded->length != rules->length ? DECODE_WRONG_LENGTH : DECODE_OK;
}

/* A symbol was read: the first of the frame, the same again, or another. */
static void take(struct look *look, unsigned scale, int step)
{
    struct decoded *decoded = look->decoded;
    const struct qr_text *text = &look->qr->text, *kept = &look->qr->kept;
    if (!look->read) {
        fill(look, scale, step);
        decoded->status = judge(decoded, look->rules);
        look->read = true;
    } else if (text->length != kept->length ||
               memcmp(text->bytes, kept->bytes, text->length) != 0) {
        unsigned shots = decoded->shots;
        *decoded = (struct decoded){.status = DECODE_AMBIGUOUS, .step = step, .shots = shots};
    }
}

/* ---- the cascade ---- */

/* As it lies; settled; with a clearer corner; with the frames before. */
static bool read_grid(struct look *look, const struct qr_field *field)
{
    struct qr *qr = look->qr;
    if (try_values(look, qr->grid.values))
        return true;
    qr_grid_settle(field, look->budget, &qr->grid);
    if (try_values(look, qr->grid.values))
        return true;
    qr_grid_clear(field, look->budget, &qr->grid);
    add_evidence(&qr->evidence, &qr->grid);
    return try_values(look, qr->grid.values) ||
           (qr->evidence.frames > 1 && try_values(look, qr->evidence.values));
}

/* The level at which to sample modules that have `module` pixels at level `found`. */
static const struct qr_field *choose_field(struct look *look, unsigned found, float module,
                                           bool negative)
{
    static const float LEAST = 2.5f;
    float frame_px = module * (float)(1u << found);
    unsigned level = 0;
    while (level + 1 < QR_LEVELS && frame_px >= 2 * LEAST * (float)(1u << level))
        level++;
    bool smooth = frame_px >= LEAST * (float)(1u << level);
    enum qr_form form = negative ? smooth ? QR_SMOOTH_NEGATIVE : QR_PLAIN_NEGATIVE
                        : smooth ? QR_SMOOTH
                                 : QR_PLAIN;
    return qr_pyramid_field(&look->qr->pyramid, level, form, look->budget);
}

/* Whether a corner's middle lies in the symbol that was read. */
static bool inside(const struct decoded *decoded, const struct qr_corner *corner, unsigned scale)
{
    float x = (corner->top_right.x + corner->bottom_left.x) / 2 * (float)scale;
    float y = (corner->top_right.y + corner->bottom_left.y) / 2 * (float)scale;
    unsigned left = 0; /* of so many sides: none or all, whichever way the corners go round */
    for (int i = 0; i < 4; i++) {
        const struct place *a = &decoded->corners[i], *b = &decoded->corners[(i + 1) % 4];
        left += (b->x - a->x) * (y - a->y) - (b->y - a->y) * (x - a->x) < 0;
    }
    return left % 4 == 0;
}

/* Three finders that belong to no one symbol have half of the timing patterns between them right by
 * chance; of 2,136 grids that were read in degraded frames none had less than 0.8. To read a grid
 * in vain takes some ms. */
static const float LEAST_TIMING = 0.65f;

static void try_corner(struct look *look, unsigned level, const struct qr_field *found,
                       const struct qr_corner *corner, bool negative, int step)
{
    struct qr *qr = look->qr;
    float module =
        fminf(corner->top_left.module, fminf(corner->top_right.module, corner->bottom_left.module));
    const struct qr_field *field = choose_field(look, level, module, negative);
    if (field == NULL || !qr_grid_lay(found, field, corner, look->budget, &qr->grid))
        return;
    if (qr->grid.timing < LEAST_TIMING)
        return;
    look->located++;
    if (read_grid(look, field))
        take(look, field->scale, step);
}

/* A level, and a frame: where so many were symbols but unread, so will the next be. */
enum { MOST_GRIDS = 12, MOST_LOCATED = 6 };

/* The cascade, in its order. Finer levels hold symbols whose finders are 6 pixels and more high in
 * the middle: every fourth row passes there. What is printed light on dark comes last. */
static const struct step {
    int level; /* from the first */
    enum qr_form form;
    unsigned rows; /* every so many are looked at */
} steps[] = {{0, QR_SMOOTH, 2}, {0, QR_SHARP, 2},  {0, QR_PLAIN, 2},
             {1, QR_SMOOTH, 2}, {1, QR_SHARP, 2},  {-1, QR_SMOOTH, 4},
             {-1, QR_SHARP, 4}, {2, QR_SMOOTH, 2}, {0, QR_SMOOTH_NEGATIVE, 4}};
/* In which, where two finders are seen, the third is looked for. */
enum { STEPS = sizeof steps / sizeof steps[0], THIRD_STEP = 0 };

static void try_corners(struct look *look, unsigned level, const struct qr_field *field,
                        const struct qr_corner *corners, unsigned count, int number)
{
    bool negative = qr_is_negative(steps[number].form);
    for (unsigned i = 0; i < count && look->grids < MOST_GRIDS && look->located < MOST_LOCATED;
         i++) {
        if (look->read && (look->decoded->status == DECODE_AMBIGUOUS ||
                           inside(look->decoded, &corners[i], field->scale)))
            continue;
        look->grids++;
        try_corner(look, level, field, &corners[i], negative, number);
        if (look->read && look->rules->several)
            return;
    }
}

static void try_step(struct look *look, unsigned level, int number)
{
    const struct step *step = &steps[number];
    struct qr_finder finders[QR_FINDERS];
    struct qr_corner corners[QR_CORNERS];
    const struct qr_field *field =
        qr_pyramid_field(&look->qr->pyramid, level, step->form, look->budget);
    if (field == NULL)
        return;
    look->grids = 0;
    unsigned found = qr_find(field, step->rows, look->budget, finders);
    unsigned count = qr_corners(finders, found, look->budget, corners);
    try_corners(look, level, field, corners, count, number);
    if (look->read || number != THIRD_STEP)
        return;
    count = qr_third_corners(field, finders, found, look->budget, &look->qr->window, corners);
    look->grids = 0;
    try_corners(look, level, field, corners, count, number);
}

/* The level at which the frame has no more pixels than VGA, about. */
static int first_level(const struct frame *frame)
{
    static const double ENOUGH = 500000;
    int level = 0;
    while (level + 1 < QR_LEVELS &&
           (double)frame->width * frame->height > ENOUGH * (1 << 2 * level))
        level++;
    return level;
}

void qr_read(struct qr *qr, const struct frame *frame, const struct decode_rules *rules,
             struct budget *budget, struct decoded *decoded)
{
    struct look look = {.qr = qr, .rules = rules, .budget = budget, .decoded = decoded};
    int first = first_level(frame);
    qr_pyramid_begin(&qr->pyramid, frame);
    const struct qr_field *plain =
        qr_pyramid_field(&qr->pyramid, (unsigned)first, QR_PLAIN, budget);
    if (plain != NULL && !plain->contrast)
        return; /* nothing anywhere is dark, at any scale and in any form */
    for (int i = 0; i < STEPS && !look.read; i++) {
        int level = first + steps[i].level;
        if (level >= 0 && level < QR_LEVELS)
            try_step(&look, (unsigned)level, i);
    }
    if (look.read)
        return;
    decoded->status = budget->over       ? DECODE_OVER_BUDGET
                      : look.located > 0 ? DECODE_UNREADABLE
                                         : DECODE_NO_SYMBOL;
}

const char *qr_bytes(const struct qr *qr)
{
    return qr->kept.bytes;
}
