/*
 * Quantities with units, as people write them: `30 s`, `6 um`, `3000 CNY`, `0.4 /day`, `2 %`.
 *
 * Every quantity is held in the base unit of its dimension. A pure number takes no unit; any other
 * dimension insists on one, because "distance: 100" has been wrong in every unit system.
 */
#ifndef CASHPOINT_QUANTITY_H
#define CASHPOINT_QUANTITY_H

#include "engine/distribution.h"
#include "engine/error.h"

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* The base unit stands behind each. */
enum dimension {
    DIMENSION_NUMBER, /* none */
    DIMENSION_TIME,   /* s; also ns us ms min h day */
    DIMENSION_LENGTH, /* m; also nm um mm cm */
    DIMENSION_ANGLE,  /* rad; also deg */
    DIMENSION_SPEED,  /* m/s; also mm/s cm/s */
    DIMENSION_RATE,   /* 1/s, written /s; also /min /h /day */
    DIMENSION_MONEY,  /* CNY */
    DIMENSION_RATIO,  /* 1, written with %: 2 % is 0.02 */
    DIMENSION_CHARGE, /* e- (electrons) */
    DIMENSION_COUNT
};

struct unit {
    const char *name;
    enum dimension dimension;
    double factor;  /* base units in one of it */
    double divisor; /* how many make one base unit, where that is exact, else 0: 9 mm is 9 / 1000,
                       the double nearest to 0.009, which 9 * 0.001 is not */
};

/* Every unit there is; `*count` receives how many. The first of a dimension is its base unit. */
const struct unit *quantity_units(size_t *count);
const char *dimension_name(enum dimension dimension);

/* Reads `text` whole: a number, and a unit of the dimension (none for a pure number). Refuses, with
 * a message that says what to write instead: a missing, unknown or wrong unit (with "did you
 * mean"), NaN, infinity, a leading zero, a leading '+', hexadecimal, text that trails. On failure
 * `*at` is the byte offset in `text` that the message speaks of. */
bool quantity_parse(const char *text, enum dimension dimension, double *value, size_t *at,
                    struct error *error);

/* Reads a distribution, or a bare quantity as a constant; the same refusals. */
bool quantity_parse_distribution(const char *text, enum dimension dimension,
                                 struct distribution *distribution, size_t *at,
                                 struct error *error);

/* Reads a whole number, written in digits alone; the same refusals. */
bool quantity_parse_count(const char *text, int64_t *value, size_t *at, struct error *error);

/* A quantity as text that quantity_parse() reads back to the same bits: in the unit that `like`
 * uses (a text of the same dimension, or null) where that is exact and no endless decimal (1 s in
 * min), in the base unit otherwise. */
struct quantity_text {
    char text[256];
};
struct quantity_text quantity_text(double value, enum dimension dimension, const char *like);

/* Writes a distribution so that it reads back to the same bits. */
void quantity_write_distribution(const struct distribution *distribution, enum dimension dimension,
                                 const char *like, FILE *out);

/* The nearest of `names` (null-terminated) to `name` by edit distance, or null where none is near.
 */
const char *nearest_name(const char *name, const char *const *names);

#endif
