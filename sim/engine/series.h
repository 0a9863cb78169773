/*
 * A series: observations in the order in which they were made, in a fixed room.
 *
 * The warm-up and the correlation of a run are seen only in order, which sums and histograms
 * forget. A series keeps the sums of each 2^k consecutive observations; when its room is full,
 * neighbours are added together and k grows by one, so that a run of any length keeps between half
 * the room and all of it. Where a sum begins depends on nothing but the number of the observation:
 * the same observations give the same bytes, and series of different lengths can be laid beside
 * each other.
 */
#ifndef CASHPOINT_SERIES_H
#define CASHPOINT_SERIES_H

#include <stddef.h>
#include <stdint.h>

enum {
    SERIES_ROOM = 2048,  /* even; cells, 16 kB */
    SERIES_MOST_LOG = 50 /* of k: 2^61 observations */
};

/* All zeros is an empty series. */
struct series {
    unsigned log_width; /* k */
    size_t cells;       /* whole ones, below SERIES_ROOM after each call */
    uint64_t begun;     /* observations in the cell that is not whole yet, below 2^k */
    double begun_sum;   /* and their sum */
    double sum[SERIES_ROOM];
};

void series_add(struct series *series, double value);

/* All observations so far. */
uint64_t series_count(const struct series *series);

/* Whole cells of 2^log_width observations; log_width at least the series' own. */
size_t series_cells(const struct series *series, unsigned log_width);

/* The mean of one of these cells. */
double series_cell_mean(const struct series *series, unsigned log_width, size_t cell);

/* The mean of all observations after the first `deleted` cells of 2^log_width, those of the cell
 * begun as well; NAN where there are none. */
double series_mean_after(const struct series *series, unsigned log_width, size_t deleted);

#endif
