/*
 * ZBar's QR reader, given nothing but clean pictures of grids.
 *
 * ZBar takes its time from how many finder patterns an image seems to hold (tilings of them take
 * hundreds of times what a symbol takes), drowns in noise, and keeps a random generator from scan
 * to scan. So it is shown what has been sampled module by module, drawn anew with the patterns that
 * are known, by a fresh scanner each time: its part is the error correction and the data.
 */
#ifndef CASHPOINT_QR_ZBAR_H
#define CASHPOINT_QR_ZBAR_H

#include "symbology/qr_code.h"

enum { QR_MOST_BYTES = 2953 };

struct qr_text {
    unsigned length;
    char bytes[QR_MOST_BYTES + 1]; /* zero-terminated; may hold zeros */
};

/* Reads a grid as sampled; false where ZBar cannot. */
bool qr_zbar_read(const struct qr_code *code, struct qr_text *text);

/* What reading a grid costs, ns; infinite where it holds so much that looks like finders that ZBar
 * must not be asked. */
double qr_zbar_cost_ns(const struct qr_code *code);

#endif
