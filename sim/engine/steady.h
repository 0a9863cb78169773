/*
 * A mean in the steady state: the warm-up deleted, an interval, and what is doubtful about it.
 *
 * Of several replications, MSER-5 (warmup.h) looks at their average, cell by cell, and the same
 * stretch is deleted from each; the interval is Student's over the means of what is left. Of a
 * single one, MSER's first minimum says what to delete, and the interval is of batch means
 * (batch.h). Where no end of the warm-up is found, nothing is deleted and the doubt is said.
 *
 * Replications are independent, yet their interval misleads where each is too short: what the start
 * left is then not small beside the width, and their means are skewed. Two figures tell, both from
 * 80 means of equal parts of each replication's rest, around their mean in all:
 *
 *     brief    their correlation from one to the next (von Neumann's, as in batch.h, here of all
 *              replications together, which makes it sharp) lies above 1/3: fewer than 40 effective
 *              observations in a replication
 *     skewed   the coverage that Student's interval loses by skewness, 0.22 g^2 / n, where g is the
 *              skewness of a replication's mean as these parts give it, lies above 2%: too few
 *              replications for numbers so skewed (Hall, Theoretical comparison of bootstrap
 *              confidence intervals, Annals of Statistics 16, 1988, equation 2.10, with a kurtosis
 *              of 1.5 g^2 as of the gamma distribution)
 *
 * M/M/1 started empty, nominal 95%: how many cover, and how many are doubted (1,000 experiments
 * each; tests/test_coverage.c keeps some of it):
 *
 *                      one run             3 replications      10 replications
 *     rho  customers   cover    doubted    cover    doubted    cover    doubted
 *     0.5      1,000   89.7%        43%    92.8%        22%    92.5%        18%
 *     0.5      3,000   93.4%        13%    93.6%         7%    93.3%         1%
 *     0.8      3,000   86.3%        90%    91.5%        95%    91.8%       100%
 *     0.8     10,000   90.2%        39%    92.7%        16%    92.2%         9%
 *     0.8     30,000   91.1%        10%    94.9%         3%    94.2%         0%
 *     0.9      3,000   68.2%       100%    86.6%       100%    84.2%       100%
 *     0.9     10,000   82.2%        95%    90.2%        99%    89.9%       100%
 *     0.9     30,000   88.5%        55%    92.7%        39%    93.5%        48%
 *     0.9    100,000   92.6%        14%    93.9%         6%    95.1%         0%
 *
 * So a healthy run is doubted at most once in fourteen; a single one once in eight. No doubt is no
 * proof: see batch.h.
 */
#ifndef CASHPOINT_STEADY_H
#define CASHPOINT_STEADY_H

#include "engine/series.h"
#include "engine/statistics.h"
#include "engine/warmup.h"

enum { STEADY_BATCHES = 20, STEADY_PARTS = 80, STEADY_DOUBTS = 6 };

enum steady_doubt {
    STEADY_TRUSTED = 0,
    STEADY_SHORT = 1 << 0,      /* too few observations to tell where the warm-up ends */
    STEADY_UNSETTLED = 1 << 1,  /* it did not end by half the run */
    STEADY_FEW = 1 << 2,        /* one replication: no batches to speak of */
    STEADY_CORRELATED = 1 << 3, /* one replication: the batches depend on each other */
    STEADY_BRIEF = 1 << 4,      /* a run is not much longer than its memory */
    STEADY_SKEWED = 1 << 5,     /* too few replications for numbers so skewed */
};

struct steady {
    size_t n;              /* replications with observations; 0: none below is meant */
    uint64_t observations; /* of them all, from the start */
    uint64_t deleted;      /* of each */
    unsigned log_width;    /* of the cells: 2^this observations */
    size_t cells;          /* of the average: the shortest replication's */
    struct warmup warmup;  /* in cells */
    double mean;
    struct interval interval; /* [-inf, inf]: none */
    size_t batches;           /* where n is 1 */
    double correlation;       /* from part to part; from batch to batch where n is 1 */
    double skewness;          /* g above; 0 where n is 1 */
    unsigned doubts;          /* of enum steady_doubt */
};

/*
 * Of `count` series (null: that replication has none). Fills `means` by replication, NAN where it
 * has no observations, and `average` (SERIES_ROOM) with the averaged cells.
 */
struct steady steady_estimate(const struct series *const *series, size_t count, double confidence,
                              double *means, double *average);

/* One doubt (a single bit) as a word for records, and as a sentence without a full stop that says
 * the way out. */
const char *steady_word(unsigned doubt);
const char *steady_text(unsigned doubt);

#endif
