/*
 * Frames made to cost a decoder time: tilings of what it looks for, and what looks like it.
 *
 * Each kind attacks a loop: tilings of finder patterns those over finders (ZBar takes 400 ms of
 * one), stripes and checkerboards those over edges, quadrangles those over frames, bars those over
 * scan lines, noise all of them. None holds a symbol that may be read.
 */
#ifndef CASHPOINT_HOSTILE_H
#define CASHPOINT_HOSTILE_H

#include "optics/frame.h"

#include <stdint.h>

/* X-macro: kind, name in rows. */
#define HOSTILE_KINDS(X)                      \
    X(HOSTILE_NOISE, "noise")                 \
    X(HOSTILE_STATIC, "static")               \
    X(HOSTILE_CHECKS, "checkerboard")         \
    X(HOSTILE_STRIPES, "stripes")             \
    X(HOSTILE_SLANTED, "slanted-stripes")     \
    X(HOSTILE_FINDERS, "finder-tiling")       \
    X(HOSTILE_LOOSE_FINDERS, "loose-finders") \
    X(HOSTILE_MODULES, "random-modules")      \
    X(HOSTILE_BARS, "random-bars")            \
    X(HOSTILE_QUADS, "random-quads")          \
    X(HOSTILE_RINGS, "rings")

enum hostile_kind {
#define X(kind, name) kind,
    HOSTILE_KINDS(X)
#undef X
        HOSTILE_COUNT
};

extern const char *const hostile_names[];

/* Paints the whole frame; `number` varies sizes and chance, from a fixed stream. */
void hostile_paint(const struct frame *frame, enum hostile_kind kind, uint64_t number);

#endif
