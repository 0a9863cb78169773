/*
 * Finder patterns of QR Codes: squares in squares, 1:1:3:1:1 along any line through the middle.
 *
 * A frame without a symbol has none, and to know that costs a fraction of what ZBar takes, so this
 * comes first. The frame is judged dark or light against thresholds of its neighbourhood, runs of
 * rows are held against the pattern, and what fits is held against it downward and across again.
 */
#ifndef CASHPOINT_QR_FINDER_H
#define CASHPOINT_QR_FINDER_H

#include "symbology/budget.h"
#include "symbology/strips.h"

enum { QR_TILE = 16, QR_FINDERS = 128 };

/* A grey image with a threshold for each tile of QR_TILE x QR_TILE pixels. */
struct qr_field {
    struct grey grey;
    struct grey lows, highs; /* of each tile */
    struct grey thresholds;  /* of each tile; 0: nothing is dark */
    unsigned scale;          /* pixels of the frame to one of this image */
    bool contrast;           /* whether any threshold is above 0 */
};

void qr_field_fini(struct qr_field *field);

/* Fills in the thresholds from the grey pixels. */
void qr_field_threshold(struct qr_field *field);

static inline bool qr_field_dark(const struct qr_field *field, unsigned x, unsigned y)
{
    return field->grey.pixels[(size_t)y * field->grey.width + x] <
           field->thresholds.pixels[y / QR_TILE * field->thresholds.width + x / QR_TILE];
}

struct qr_finder {
    float x, y;    /* pixels of the field; the middle of pixel 0 is at 0.5 */
    float module;  /* pixels along the axes: a turned pattern looks larger, up to sqrt 2 */
    unsigned hits; /* rows that saw it */
    float clear;   /* its ring lighter than its middle, of the range of grey around it */
};

/* Looks at every `every`-th row; returns how many were found, the clearest first. Ends where there
 * are QR_FINDERS. */
unsigned qr_find(const struct qr_field *field, unsigned every, struct budget *budget,
                 struct qr_finder finders[QR_FINDERS]);

#endif
