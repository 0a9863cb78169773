#include "bench/hostile.h"

#include "engine/error.h"
#include "engine/random.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { BRIGHT = 220, DARK = 30, MIDDLE = 128 };

const char *const hostile_names[] = {
#define X(kind, name) name,
    HOSTILE_KINDS(X)
#undef X
};

/* What one frame is painted with: a size of 1 to 6 pixels, an angle, and chance. */
struct brush {
    enum hostile_kind kind;
    unsigned size;
    double c, s; /* of the angle */
    struct stream *stream;
    uint8_t *modules; /* at random, MODULES x MODULES of 0 or 1 */
};

enum { MODULES = 256 };

static bool in_finder(unsigned x, unsigned y, unsigned pitch)
{
    unsigned u = x % pitch, v = y % pitch;
    if (u >= 7 || v >= 7)
        return false;
    unsigned edge_u = u < 6 - u ? u : 6 - u, edge_v = v < 6 - v ? v : 6 - v;
    return (edge_u < edge_v ? edge_u : edge_v) != 1;
}

static bool is_dark(const struct brush *brush, unsigned x, unsigned y)
{
    unsigned u = x / brush->size, v = y / brush->size;
    switch (brush->kind) {
    case HOSTILE_CHECKS:
        return (u + v) % 2 != 0;
    case HOSTILE_STRIPES:
        return u % 2 != 0;
    case HOSTILE_SLANTED:
        return (int)floor((x * brush->c + y * brush->s) / brush->size) % 2 != 0;
    case HOSTILE_FINDERS:
        return in_finder(u, v, 8);
    case HOSTILE_LOOSE_FINDERS:
        return in_finder(u, v, 14);
    case HOSTILE_MODULES:
        return brush->modules[v % MODULES * MODULES + u % MODULES];
    case HOSTILE_BARS:
        return brush->modules[u % (MODULES * MODULES)];
    case HOSTILE_RINGS:
        return (int)(hypot(x - 300.0, y - 200.0) / brush->size) % 2 != 0;
    default:
        return false;
    }
}

static void paint_noise(const struct frame *frame, double sd, struct stream *stream)
{
    for (unsigned y = 0; y < frame->height; y++)
        for (unsigned x = 0; x < frame->width; x++) {
            uint8_t *pixel = &frame->pixels[(size_t)y * frame->stride + x];
            double value = *pixel + stream_normal(stream, 0, sd);
            *pixel = (uint8_t)fmin(fmax(value, 0), 255);
        }
}

static void fill(const struct frame *frame, unsigned left, unsigned top, unsigned width,
                 unsigned height, uint8_t grey)
{
    for (unsigned y = top; y < top + height && y < frame->height; y++)
        for (unsigned x = left; x < left + width && x < frame->width; x++)
            frame->pixels[(size_t)y * frame->stride + x] = grey;
}

/* Dark frames around bright insides, as a dot matrix has them, one over the other. */
static void paint_quads(const struct frame *frame, struct stream *stream)
{
    enum { QUADS = 400, LINE = 6 };
    for (int i = 0; i < QUADS; i++) {
        unsigned width = 30 + stream_below(stream, 200), height = 20 + stream_below(stream, 120);
        unsigned left = stream_below(stream, frame->width),
                 top = stream_below(stream, frame->height);
        fill(frame, left, top, width, height, DARK);
        fill(frame, left + LINE, top + LINE, width - 2 * LINE, height - 2 * LINE, BRIGHT);
    }
}

static void paint_pattern(const struct frame *frame, struct brush *brush)
{
    brush->modules = malloc((size_t)MODULES * MODULES);
    CHECK(brush->modules != NULL);
    for (unsigned i = 0; i < MODULES * MODULES; i++)
        brush->modules[i] = stream_below(brush->stream, 2) != 0;
    for (unsigned y = 0; y < frame->height; y++)
        for (unsigned x = 0; x < frame->width; x++)
            frame->pixels[(size_t)y * frame->stride + x] = is_dark(brush, x, y) ? DARK : BRIGHT;
    free(brush->modules);
}

void hostile_paint(const struct frame *frame, enum hostile_kind kind, uint64_t number)
{
    static const double STATIC_SD = 200, NOISE_SD = 30;
    struct stream stream;
    stream_init(&stream, (struct stream_key){.seed = 2026, .entity = number, .purpose = kind});
    double angle = stream_uniform(&stream) * 1.5;
    struct brush brush = {kind, 1 + (unsigned)(number % 6), cos(angle), sin(angle), &stream, NULL};
    for (unsigned y = 0; y < frame->height; y++)
        memset(frame->pixels + (size_t)y * frame->stride, MIDDLE, frame->width);
    if (kind == HOSTILE_NOISE)
        paint_noise(frame, NOISE_SD, &stream);
    else if (kind == HOSTILE_STATIC)
        paint_noise(frame, STATIC_SD, &stream);
    else if (kind == HOSTILE_QUADS)
        paint_quads(frame, &stream);
    else
        paint_pattern(frame, &brush);
    if (number % 2 == 1 && kind != HOSTILE_NOISE && kind != HOSTILE_STATIC)
        paint_noise(frame, 6, &stream);
}
