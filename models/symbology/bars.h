/*
 * A barcode as light and dark modules, from its left edge to its right.
 */
#ifndef CASHPOINT_BARS_H
#define CASHPOINT_BARS_H

#include <stdbool.h>

enum { BARS_MAX_MODULES = 600 };

struct bars {
    unsigned count; /* modules */
    bool dark[BARS_MAX_MODULES];
};

#endif
