/*
 * QR Code (ISO/IEC 18004, model 2): bytes as a square of light and dark modules, drawn by libzint.
 *
 * Version v has 17 + 4 v modules a side. Where modules carry no data but help to find the symbol
 * (finder, separator, timing and alignment patterns) is known beforehand: a reader holds those
 * against what it sees.
 */
#ifndef CASHPOINT_QR_CODE_H
#define CASHPOINT_QR_CODE_H

#include "engine/error.h"
#include "symbology/symbology.h"

enum { QR_MIN_SIDE = 21, QR_MAX_SIDE = 177, QR_MASKS = 8 };

struct qr_code {
    unsigned side;                           /* modules */
    uint8_t dark[QR_MAX_SIDE * QR_MAX_SIDE]; /* 0 or 1, row by row */
};

/* How to draw: the smallest version that fits and the best mask, or those that are named. */
struct qr_choice {
    enum qr_level level;
    unsigned version; /* 1 to 40; 0: the smallest */
    int mask;         /* 0 to 7; -1: the best */
};

/* False with a message where the bytes do not fit. */
bool qr_code_draw(const struct qr_choice *choice, const char *bytes, size_t length,
                  struct qr_code *code, struct error *error);

/* X-macro: what a module is for. */
enum qr_module { QR_DATA, QR_FORMAT, QR_LIGHT, QR_DARK, QR_TIMING_LIGHT, QR_TIMING_DARK };

/* The kind of every module of a symbol with `side` modules; version information counts as data. */
void qr_code_layout(unsigned side, uint8_t *kinds);

/* Level and mask as the format information of a symbol says, whichever of the 32 words is nearest;
 * returns how many of its 15 bits differ. */
unsigned qr_code_format(const struct qr_code *code, enum qr_level *level, int *mask);

/* Whether both copies of the format information together are right or nearly so. */
bool qr_code_format_clear(const struct qr_code *code);

/* Whether the symbol is seen in a mirror: read with its axes exchanged, the two copies of the
 * format information are right or nearly so, and else they are not. */
bool qr_code_mirrored(const struct qr_code *code);

#endif
