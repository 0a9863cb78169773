#include "symbology/scan.h"

#include "symbology/code128.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <zbar.h>

/* ZBar counts in 1/32 pixel. */
enum { ZBAR_FRACTION_BITS = 5, ELEMENTS = 6, CHARACTER_MODULES = 11 };
enum { MAX_ELEMENTS = ELEMENTS * (CODE128_MAX_DIGITS / 2 + 3) };

/* A line of pixels on its way through an image. */
struct line {
    const uint8_t *first;
    ptrdiff_t step;     /* bytes from pixel to pixel */
    unsigned length;    /* pixels */
    float x, y, dx, dy; /* where its pixel 0 begins, and its direction */
};

static const float IMPOSSIBLE = 100;

struct reader {
    zbar_scanner_t *scanner; /* pixels to edges */
    zbar_decoder_t *decoder; /* widths to strings */
    float *edges;            /* of this line, pixels from its beginning */
    unsigned count;
    float max_off; /* modules; 0: not checked */
    struct scan_result *result;
};

static void reader_init(struct reader *reader, unsigned longest, struct scan_result *result)
{
    memset(result, 0, sizeof *result);
    reader->decoder = zbar_decoder_create();
    reader->scanner = zbar_scanner_create(NULL);
    reader->edges = malloc(((size_t)longest + 4) * sizeof *reader->edges);
    CHECK(reader->decoder != NULL && reader->scanner != NULL && reader->edges != NULL);
    zbar_decoder_set_config(reader->decoder, ZBAR_NONE, ZBAR_CFG_ENABLE, 0);
    zbar_decoder_set_config(reader->decoder, ZBAR_CODE128, ZBAR_CFG_ENABLE, 1);
    reader->result = result;
}

static void reader_fini(struct reader *reader)
{
    zbar_scanner_destroy(reader->scanner);
    zbar_decoder_destroy(reader->decoder);
    free(reader->edges);
}

/* ---- checking a line ---- */

/* Edges of a drawn symbol, modules from its left, without the stop's last bar. */
static unsigned drawn_edges(const struct bars *code, unsigned edges[MAX_ELEMENTS + 1])
{
    unsigned count = 0;
    edges[count++] = 0;
    for (unsigned i = 1; i < code->count && count <= MAX_ELEMENTS; i++)
        if (code->dark[i] != code->dark[i - 1])
            edges[count++] = i;
    return count;
}

/* How far the worst edge of one character lies off, in modules. */
static float character_off(const float *seen, const unsigned *drawn)
{
    float worst = 0;
    float module = (seen[ELEMENTS] - seen[0]) / CHARACTER_MODULES;
    if (!(module > 0))
        return IMPOSSIBLE;
    for (unsigned i = 1; i < ELEMENTS; i++) {
        float place = (seen[i] - seen[0]) / module;
        worst = fmaxf(worst, fabsf(place - (float)(drawn[i] - drawn[0])));
    }
    return worst;
}

/* Lays the last edges of the line side by side from the symbol's left edge, whichever way the line
 * ran. False where the line is too short for `count` of them. */
static bool last_edges(const struct reader *reader, bool forward, unsigned count, float *seen)
{
    if (reader->count < count)
        return false;
    const float *last = reader->edges + reader->count - 1;
    for (unsigned i = 0; i < count; i++)
        seen[i] = forward ? last[(ptrdiff_t)i + 1 - (ptrdiff_t)count] : -last[-(ptrdiff_t)i];
    return true;
}

/* The worst edge of all, or IMPOSSIBLE where the line cannot be the text in set C. */
static float line_off(const struct reader *reader, const char *text, bool forward)
{
    struct bars code;
    unsigned drawn[MAX_ELEMENTS + 1];
    float seen[MAX_ELEMENTS + 1], worst = 0;
    if (!code128_draw(text, &code, NULL))
        return IMPOSSIBLE;
    unsigned edges = drawn_edges(&code, drawn);
    if (edges % ELEMENTS != 1 || !last_edges(reader, forward, edges, seen))
        return IMPOSSIBLE;
    for (unsigned i = 0; i + 1 < edges; i += ELEMENTS)
        worst = fmaxf(worst, character_off(seen + i, drawn + i));
    return worst;
}

/* ---- collecting ---- */

static void copy_text(const zbar_decoder_t *decoder, struct scan_found *found)
{
    const char *data = zbar_decoder_get_data(decoder);
    found->length = zbar_decoder_get_data_length(decoder);
    found->digits = true;
    for (unsigned i = 0; i < found->length; i++) {
        found->digits = found->digits && data[i] >= '0' && data[i] <= '9';
        if (i < sizeof found->text - 1)
            found->text[i] = data[i];
    }
}

static void grow_box(struct scan_found *found, float x, float y)
{
    found->left = fminf(found->left, x);
    found->right = fmaxf(found->right, x);
    found->top = fminf(found->top, y);
    found->bottom = fmaxf(found->bottom, y);
}

/* The entry of this string, new or old; null where there is no room for another. */
static struct scan_found *find_entry(struct scan_result *result, const struct scan_found *found)
{
    for (unsigned i = 0; i < result->count; i++)
        if (result->found[i].length == found->length &&
            memcmp(result->found[i].text, found->text, sizeof found->text) == 0)
            return &result->found[i];
    if (result->count == SCAN_MAX_FOUND)
        return NULL;
    result->found[result->count] = *found;
    return &result->found[result->count++];
}

static void on_symbol(struct reader *reader, const struct line *line)
{
    struct scan_found found = {.left = INFINITY, .top = INFINITY, .off = INFINITY};
    found.right = found.bottom = -INFINITY;
    copy_text(reader->decoder, &found);
    bool forward = zbar_decoder_get_direction(reader->decoder) > 0;
    unsigned elements = ELEMENTS;
    float off = 0;
    if (code128_takes(found.text, found.length)) {
        off = line_off(reader, found.text, forward);
        elements = ELEMENTS * (found.length / 2 + 3);
    }
    if (reader->max_off > 0 && off > reader->max_off)
        return;
    struct scan_found *entry = find_entry(reader->result, &found);
    if (entry == NULL)
        return;
    entry->lines++;
    entry->off = fminf(entry->off, off);
    unsigned back = reader->count > elements ? elements : reader->count - 1;
    float ends[] = {reader->edges[reader->count - 1], reader->edges[reader->count - 1 - back]};
    for (int i = 0; i < 2; i++)
        grow_box(entry, line->x + ends[i] * line->dx, line->y + ends[i] * line->dy);
}

/* Misreadings that nothing checks come one at a time. */
static void drop_unchecked_strays(struct scan_result *result)
{
    unsigned kept = 0;
    for (unsigned i = 0; i < result->count; i++) {
        const struct scan_found *found = &result->found[i];
        if (code128_takes(found->text, found->length) || found->lines > 1)
            result->found[kept++] = *found;
    }
    result->count = kept;
}

/* ---- scanning ---- */

static void on_edge(struct reader *reader, const struct line *line)
{
    int place = (int)zbar_scanner_get_edge(reader->scanner, 0, ZBAR_FRACTION_BITS);
    reader->edges[reader->count++] = (float)place / (1 << ZBAR_FRACTION_BITS);
    if (zbar_decode_width(reader->decoder, zbar_scanner_get_width(reader->scanner)) == ZBAR_CODE128)
        on_symbol(reader, line);
}

static void scan_line(struct reader *reader, const struct line *line)
{
    reader->count = 0;
    const uint8_t *pixel = line->first;
    for (unsigned i = 0; i < line->length; i++, pixel += line->step)
        if (zbar_scan_y(reader->scanner, *pixel) != ZBAR_NONE)
            on_edge(reader, line);
    for (int i = 0; i < 2; i++)
        if (zbar_scanner_flush(reader->scanner) != ZBAR_NONE)
            on_edge(reader, line);
    zbar_scanner_new_scan(reader->scanner);
    zbar_decoder_new_scan(reader->decoder);
}

static void scan_row(struct reader *reader, const uint8_t *pixels, unsigned width, unsigned y,
                     bool backward)
{
    const uint8_t *row = pixels + (size_t)y * width;
    struct line line = {row, 1, width, 0, (float)y + 0.5f, 1, 0};
    if (backward)
        line = (struct line){row + width - 1, -1, width, (float)width, (float)y + 0.5f, -1, 0};
    scan_line(reader, &line);
}

static void scan_column(struct reader *reader, const uint8_t *pixels, unsigned width,
                        unsigned height, unsigned x, bool backward)
{
    ptrdiff_t step = (ptrdiff_t)width;
    struct line line = {pixels + x, step, height, (float)x + 0.5f, 0, 0, 1};
    if (backward)
        line = (struct line){pixels + x + (size_t)(height - 1) * width,
                             -step,
                             height,
                             (float)x + 0.5f,
                             (float)height,
                             0,
                             -1};
    scan_line(reader, &line);
}

void scan_image(const uint8_t *pixels, unsigned width, unsigned height, unsigned every,
                bool columns_too, float max_off_modules, struct scan_result *result)
{
    CHECK(every > 0);
    struct reader reader;
    reader_init(&reader, width > height ? width : height, result);
    reader.max_off = max_off_modules;
    if (width > 0 && height > 0) {
        for (unsigned y = every / 2, i = 0; y < height; y += every, i++)
            scan_row(&reader, pixels, width, y, i % 2);
        for (unsigned x = every / 2, i = 0; columns_too && x < width; x += every, i++)
            scan_column(&reader, pixels, width, height, x, i % 2);
    }
    reader_fini(&reader);
    drop_unchecked_strays(result);
}
