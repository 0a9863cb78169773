#include "symbology/dot_matrix_plain.h"

#include "symbology/dark_areas.h"
#include "symbology/dot_matrix_sample.h"

#include <stdlib.h>
#include <string.h>

enum { FACTOR = 4, LEAST_SIDE = 64, LEVELS = 256 };

/* Of the blocks that should be bright, so many may be dark; and an eighth as many as the string has
 * bits, so that the string itself does not pass for a blank end. */
static const float most_dark = 0.02f;

struct dot_matrix_plain {
    struct dark_areas *areas;
    struct dot_matrix_sampler *sampler;
    uint8_t *negative; /* of the frame */
    size_t capacity;
    float greys[DOT_MATRIX_MAX_CELLS];
};

struct dot_matrix_plain *dot_matrix_plain_new(void)
{
    struct dot_matrix_plain *plain = calloc(1, sizeof *plain);
    CHECK(plain != NULL);
    plain->areas = dark_areas_new();
    plain->sampler = dot_matrix_sampler_new();
    return plain;
}

void dot_matrix_plain_free(struct dot_matrix_plain *plain)
{
    if (plain == NULL)
        return;
    dark_areas_free(plain->areas);
    dot_matrix_sampler_free(plain->sampler);
    free(plain->negative);
    free(plain);
}

/* What is bright lies dark on bright ground in the negative. */
static struct frame negative_of(struct dot_matrix_plain *plain, const struct frame *frame)
{
    size_t need = (size_t)frame->width * frame->height;
    if (need > plain->capacity) {
        free(plain->negative);
        plain->negative = malloc(need);
        CHECK(plain->negative != NULL);
        plain->capacity = need;
    }
    for (unsigned y = 0; y < frame->height; y++)
        for (unsigned x = 0; x < frame->width; x++)
            plain->negative[(size_t)y * frame->width + x] =
                (uint8_t)(255 - frame->pixels[(size_t)y * frame->stride + x]);
    return (struct frame){frame->width, frame->height, frame->width, plain->negative};
}

/* The grey value of the cell of which `part` of all are darker. */
static float grey_of_part(const float *greys, unsigned cells, float part)
{
    unsigned counts[LEVELS] = {0}, level = 0;
    for (unsigned i = 0; i < cells; i++)
        counts[(unsigned)greys[i]]++;
    unsigned below = counts[0];
    while (level + 1 < LEVELS && (float)below <= part * (float)cells)
        below += counts[++level];
    return (float)level + 0.5f;
}

/* Most cells are bright, and few dark ones are enough to know how dark. */
static float threshold_of(const float *greys, unsigned cells)
{
    return 0.5f * (grey_of_part(greys, cells, 0.5f) + grey_of_part(greys, cells, 0.005f));
}

/* False where what should be bright is not. */
static bool take_bits(const struct dot_matrix_plain *plain, unsigned cells, unsigned length,
                      char *text)
{
    float threshold = threshold_of(plain->greys, cells);
    unsigned dark = 0, used = 8 * length;
    memset(text, 0, PAYLOAD_MAX_BYTES + 1);
    for (unsigned i = 0; i < cells; i++) {
        bool bit = plain->greys[i] < threshold;
        if (i < used)
            text[i / 8] = (char)((uint8_t)text[i / 8] | bit << (7 - i % 8));
        else
            dark += bit;
    }
    return (float)dark <= most_dark * (float)(cells - used) && 8 * dark <= used;
}

static void fill(const struct dot_matrix_view *view, const struct dot_matrix_layout *layout,
                 float pixel_px, const char *text, const struct decode_rules *rules,
                 struct decoded *decoded)
{
    float width = (float)layout->width, height = (float)layout->height;
    const float xs[4] = {0, width, width, 0}, ys[4] = {0, 0, height, height};
    decoded->status = DECODE_OK;
    decoded->length = rules->length;
    memcpy(decoded->text, text, PAYLOAD_MAX_BYTES + 1);
    decoded->margin.module_px =
        pixel_px * (float)(layout->block_width < layout->block_height ? layout->block_width
                                                                      : layout->block_height);
    for (int i = 0; i < 4; i++) {
        struct corner at = dot_matrix_view_point(view, xs[i], ys[i]);
        decoded->corners[i] = (struct place){at.x, at.y};
    }
}

/* Reads a bright rectangle, every way round that its blank end allows. */
static void read_quad(struct dot_matrix_plain *plain, const struct dot_matrix_layout *layout,
                      const struct frame *frame, const struct quad *quad,
                      const struct decode_rules *rules, struct decoded *decoded)
{
    float width = (float)layout->width, height = (float)layout->height;
    float bezel = DOT_MATRIX_BEZEL;
    float pixel_px = dot_matrix_pixel_px(quad, width + 2 * bezel, height + 2 * bezel);
    dot_matrix_sampler_look_at(plain->sampler, frame, quad, pixel_px);
    for (unsigned turn = 0; turn < 4; turn++) {
        struct dot_matrix_view view;
        char text[PAYLOAD_MAX_BYTES + 1];
        if (!dot_matrix_view_make(quad, turn, frame, width, height, -bezel, &view))
            continue;
        dot_matrix_sample(plain->sampler, layout, &view, plain->greys);
        if (!take_bits(plain, layout->cells, rules->length, text))
            continue;
        bool other = decoded->status == DECODE_OK && memcmp(text, decoded->text, sizeof text) != 0;
        fill(&view, layout, pixel_px, text, rules, decoded);
        if (other)
            *decoded = (struct decoded){.status = DECODE_AMBIGUOUS,
                                        .symbology = decoded->symbology,
                                        .shots = decoded->shots};
        if (other)
            return;
    }
}

/* A second string would refuse the frame, so all rectangles are looked at. */
static bool is_settled(const struct decoded *decoded, const struct decode_rules *rules)
{
    return decoded->status == DECODE_AMBIGUOUS || (decoded->status == DECODE_OK && rules->several);
}

void dot_matrix_plain_read(struct dot_matrix_plain *plain, const struct dot_matrix_layout *layout,
                           const struct frame *frame, const struct decode_rules *rules,
                           struct budget *budget, struct decoded *decoded)
{
    struct dark_area areas[DARK_AREAS_MOST];
    double pixels = (double)frame->width * frame->height;
    if (rules->length == 0 || 8 * rules->length >= layout->cells || !budget_spend(budget, pixels))
        return;
    struct frame negative = negative_of(plain, frame);
    unsigned count =
        dark_areas_find(plain->areas, &negative, FACTOR, SHRUNK_BETWEEN, LEAST_SIDE, budget, areas);
    decoded->symbology = SYMBOLOGY_DOT_MATRIX;
    for (unsigned i = 0; i < count && !is_settled(decoded, rules); i++) {
        struct quad quad;
        if (!budget_spend(budget, QUAD_EDGES_NS(QUAD_EDGES_THOROUGH) +
                                      DOT_MATRIX_AVERAGE_NS * pixels +
                                      4 * DOT_MATRIX_LOOK_NS * layout->width * layout->height))
            return;
        if (!quad_edges_find(&negative, areas[i].corners, 1.5f * FACTOR + 2, QUAD_EDGES_THOROUGH,
                             &quad))
            continue;
        read_quad(plain, layout, frame, &quad, rules, decoded);
        if (decoded->status == DECODE_NO_SYMBOL)
            decoded->status = DECODE_UNREADABLE;
    }
    if (decoded->status == DECODE_OK && decoded->margin.module_px < rules->min_module_px)
        decoded->status = DECODE_TOO_SMALL;
}
