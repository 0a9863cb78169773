/*
 * Batch means: an interval for the mean of one long, correlated series.
 *
 * The series (its warm-up deleted) is cut into b batches of equal length, the remainder is left
 * off at the front; Student's interval of their means is right where they are as good as
 * independent and normal (Schmeiser, Batch size effects in the analysis of simulation output,
 * Operations Research 30, 1982, finds 10 to 30 batches enough). Where they are not, the interval is
 * too narrow and says nothing of it: of M/M/1 at rho 0.9, 10,000 customers in 20 batches, a nominal
 * 95% covers 82%. So an interval carries its doubts:
 *
 *     few         under ten batches
 *     correlated  von Neumann's ratio of the batch means: c = 1 - sum of (y_i - y_{i-1})^2 / (2 sum
 *                 of (y_i - mean)^2) is about normal with variance (b - 2) / (b^2 - 1) where they
 *                 are independent (von Neumann 1941; Fishman, Grouping observations in digital
 *                 simulation, Management Science 24, 1978). Doubtful above the one-sided 5% point.
 *     short       the same c of means of a quarter of a batch lies above 1/4: as an autoregressive
 *                 process, 4 (1 - c) / (1 + c) of its 4 quarters in a batch are effective, fewer
 *                 than 2.4. Four times as many means see what the batches are too few to show.
 *
 * M/M/1 started empty, 20 batches, nominal 95% (400 to 2,000 runs each):
 *
 *     rho   customers   cover   are doubted
 *     0.5      10,000   93.8%        7%
 *     0.8     100,000   94.2%        7%
 *     0.9     100,000   94.0%       17%
 *     0.8      10,000   89.5%       36%
 *     0.9      30,000   87.8%       56%
 *     0.9      10,000   81.8%       95%
 *
 * Of independent data about one series in sixteen is doubted. No doubt is no proof: a run that saw
 * no busy spell looks calm, and is wrong. Replications are the safe way.
 */
#ifndef CASHPOINT_BATCH_H
#define CASHPOINT_BATCH_H

#include "engine/statistics.h"

#include <stdbool.h>

enum { BATCH_LEAST = 10, BATCH_QUARTERS = 4 };

enum batch_doubt {
    BATCH_TRUSTED = 0,
    BATCH_FEW = 1 << 0,
    BATCH_CORRELATED = 1 << 1,
    BATCH_SHORT = 1 << 2,
};

struct batch_means {
    size_t batches, length; /* used; a batch's length is a multiple of four */
    double mean;
    struct interval interval;
    double correlation;         /* c of the batches, from -1 to 1 */
    double quarter_correlation; /* c of their quarters */
    unsigned doubts;            /* of enum batch_doubt; 0: trusted */
};

/* Of `n` values in `batches` (2 or more). Where n holds fewer than four values a batch, no batch is
 * used, the interval is [-inf, inf] and BATCH_FEW is said. */
struct batch_means batch_means(const double *values, size_t n, size_t batches, double confidence);

#endif
