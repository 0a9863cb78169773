#include "symbology/scan.h"

#include "symbology/book.h"
#include "symbology/code128.h"
#include "symbology/grade_line.h"
#include "symbology/line128.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <zbar.h>

/* ZBar counts in 1/32 pixel. */
enum { ZBAR_FRACTION_BITS = 5, MAX_TOLD = 4, EDGES_BACK = EDGES_MAX - 20 };

/* Looked at before a symbol and behind what ZBar has seen of it, which is not all of the stop. */
static const float QUIET_PX = 60, BRIGHT = 255;

/* A line of pixels on its way through an image. */
struct line {
    const uint8_t *first;
    ptrdiff_t step;     /* bytes from pixel to pixel */
    unsigned length;    /* pixels */
    float x, y, dx, dy; /* where its pixel 0 begins, and its direction */
};

struct reader {
    zbar_scanner_t *scanner; /* pixels to edges */
    zbar_decoder_t *decoder; /* widths to strings */
    float *edges;            /* of this line, pixels from its beginning */
    float *values;           /* and its grey levels, between two bright ones: whose symbol begins at
                              * the frame's edge means no black beyond it */
    unsigned count;
    struct told {                         /* what ZBar reads of this line */
        char text[PAYLOAD_MAX_BYTES + 1]; /* cut to fit */
        unsigned length, edges;           /* when so many edges had come */
    } told[MAX_TOLD];
    unsigned told_count;
    float max_off; /* modules; 0: not checked */
    struct scan_result *result;
};

static void reader_init(struct reader *reader, unsigned longest, struct scan_result *result)
{
    memset(result, 0, sizeof *result);
    reader->decoder = zbar_decoder_create();
    reader->scanner = zbar_scanner_create(NULL);
    reader->edges = malloc(((size_t)longest + 4) * sizeof *reader->edges);
    reader->values = malloc(((size_t)longest + 2) * sizeof *reader->values);
    CHECK(reader->decoder != NULL && reader->scanner != NULL && reader->edges != NULL &&
          reader->values != NULL);
    zbar_decoder_set_config(reader->decoder, ZBAR_NONE, ZBAR_CFG_ENABLE, 0);
    zbar_decoder_set_config(reader->decoder, ZBAR_CODE128, ZBAR_CFG_ENABLE, 1);
    reader->result = result;
}

static void reader_fini(struct reader *reader)
{
    zbar_scanner_destroy(reader->scanner);
    zbar_decoder_destroy(reader->decoder);
    free(reader->edges);
    free(reader->values);
}

/* ---- reading a line again ---- */

/* The edges of the pixels where ZBar told a symbol, and of a quiet zone behind them. */
static void edges_of(const struct reader *reader, const struct line *line, const struct told *told,
                     struct edges *edges)
{
    unsigned begin = told->edges > EDGES_BACK ? told->edges - EDGES_BACK : 0;
    unsigned from = (unsigned)fmaxf(reader->edges[begin] - QUIET_PX, 0);
    unsigned to = (unsigned)fmaxf(reader->edges[told->edges - 1] + QUIET_PX, 0);
    to = to < line->length + 2 ? to : line->length + 2;
    from = from < to ? from : to;
    float range = edges_range(reader->values + from, to - from);
    edges_find(reader->values + from, to - from, fmaxf(range / 8, 3), edges);
    for (unsigned i = 0; i < edges->count; i++)
        edges->at[i] += (float)from;
}

static bool same_text(const struct told *told, const struct line_read *line,
                      struct scan_found *found)
{
    found->length = code128_text(line->start, line->words, line->count - 1, found->text,
                                 PAYLOAD_MAX_BYTES, &found->digits);
    return found->length == told->length && memcmp(found->text, told->text, sizeof told->text) == 0;
}

/* What the edges say of a symbol that ZBar told; false where that is something else. */
static bool read_again(const struct reader *reader, const struct line *line,
                       const struct told *told, struct edges *edges, struct line_read *read,
                       struct scan_found *found)
{
    memset(found, 0, sizeof *found);
    memset(read, 0, sizeof *read);
    edges_of(reader, line, told, edges);
    return line128_read(edges, read) && same_text(told, read, found) &&
           (reader->max_off == 0 || read->off <= reader->max_off);
}

/* ---- collecting ---- */

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

static void measure(const struct reader *reader, const struct line *line,
                    const struct line_read *read, const struct edges *edges,
                    struct scan_found *found)
{
    float first = fminf(read->first, read->last), last = fmaxf(read->first, read->last);
    unsigned from = first > 0 ? (unsigned)first : 0;
    unsigned to = last + 1 < (float)line->length + 1 ? (unsigned)(last + 1) : line->length + 1;
    found->off = read->off;
    found->module_px = (last - first) / (float)book_modules(&book_code128, read->count);
    found->contrast = edges_range(reader->values + from, to > from ? to - from : 0) / 255;
    grade_line(reader->values, line->length + 2, edges, first, last, read->off, &found->grade);
}

static void collect(struct reader *reader, const struct line *line, const struct told *told)
{
    struct scan_found found;
    struct line_read read;
    struct edges edges;
    if (!read_again(reader, line, told, &edges, &read, &found))
        return;
    measure(reader, line, &read, &edges, &found);
    found.left = found.top = INFINITY;
    found.right = found.bottom = -INFINITY;
    struct scan_found *entry = find_entry(reader->result, &found);
    if (entry == NULL)
        return;
    entry->lines++;
    entry->off = fminf(entry->off, found.off);
    const float ends[] = {read.first - 0.5f, read.last - 0.5f}; /* value 1 is the first pixel */
    for (int i = 0; i < 2; i++)
        grow_box(entry, line->x + ends[i] * line->dx, line->y + ends[i] * line->dy);
}

/* ---- scanning ---- */

static void note(struct reader *reader)
{
    if (reader->told_count == MAX_TOLD)
        return;
    struct told *told = &reader->told[reader->told_count++];
    unsigned length = zbar_decoder_get_data_length(reader->decoder);
    unsigned kept = length < PAYLOAD_MAX_BYTES ? length : PAYLOAD_MAX_BYTES;
    memset(told, 0, sizeof *told);
    memcpy(told->text, zbar_decoder_get_data(reader->decoder), kept);
    told->length = length;
    told->edges = reader->count;
}

static void on_edge(struct reader *reader)
{
    int place = (int)zbar_scanner_get_edge(reader->scanner, 0, ZBAR_FRACTION_BITS);
    reader->edges[reader->count++] = (float)place / (1 << ZBAR_FRACTION_BITS);
    if (zbar_decode_width(reader->decoder, zbar_scanner_get_width(reader->scanner)) == ZBAR_CODE128)
        note(reader);
}

static void scan_line(struct reader *reader, const struct line *line)
{
    reader->count = reader->told_count = 0;
    const uint8_t *pixel = line->first;
    for (unsigned i = 0; i < line->length; i++, pixel += line->step) {
        reader->values[i + 1] = *pixel;
        if (zbar_scan_y(reader->scanner, *pixel) != ZBAR_NONE)
            on_edge(reader);
    }
    for (int i = 0; i < 2; i++)
        if (zbar_scanner_flush(reader->scanner) != ZBAR_NONE)
            on_edge(reader);
    reader->values[0] = reader->values[line->length + 1] = BRIGHT;
    for (unsigned i = 0; i < reader->told_count; i++)
        collect(reader, line, &reader->told[i]);
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
}
