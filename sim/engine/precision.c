#include "engine/precision.h"

#include "engine/error.h"

#include <gsl/gsl_cdf.h>
#include <math.h>

/* The widest half width that will do. */
static double goal_of(const struct precision *precision, double mean)
{
    double relative = precision->relative / (1.0 + precision->relative) * fabs(mean);
    return fmax(relative, precision->absolute);
}

/* The half width falls with the root of n; one step at least is needed. */
static size_t wanted_for(const struct precision *precision, const struct precision_result *result)
{
    double ratio = result->half_width / result->goal;
    double wanted = ceil((double)result->used * ratio * ratio);
    if (!(wanted < (double)precision->most))
        return precision->most;
    return wanted <= (double)result->used ? result->used + 1 : (size_t)wanted;
}

static void look(const struct precision *precision, const struct tally *tally,
                 struct precision_result *result)
{
    double n = (double)tally->n;
    double t = gsl_cdf_tdist_Pinv(0.5 + 0.5 * precision->confidence, n - 1.0);
    result->used = tally->n;
    result->half_width = t * sqrt(tally_variance(tally) / n);
    result->goal = goal_of(precision, tally->mean);
    result->interval.low = tally->mean - result->half_width;
    result->interval.high = tally->mean + result->half_width;
    if (result->half_width <= result->goal)
        result->verdict = PRECISION_REACHED;
    else if (tally->n >= precision->most)
        result->verdict = PRECISION_MISSED;
    result->wanted = result->verdict == PRECISION_MORE ? wanted_for(precision, result) : tally->n;
}

struct precision_result precision_check(const struct precision *precision, const double *values,
                                        size_t n)
{
    CHECK(precision->relative >= 0.0 && precision->absolute >= 0.0);
    CHECK(precision->relative > 0.0 || precision->absolute > 0.0);
    CHECK(precision->confidence > 0.0 && precision->confidence < 1.0);
    CHECK(precision->least >= 2 && precision->most >= precision->least);
    struct precision_result result = {.verdict = PRECISION_MORE,
                                      .used = n,
                                      .interval = {-INFINITY, INFINITY},
                                      .half_width = INFINITY,
                                      .wanted = precision->least};
    struct tally tally = {0};
    for (size_t i = 0; i < n && result.verdict == PRECISION_MORE; i++) {
        tally_add(&tally, values[i]);
        if (tally.n >= precision->least)
            look(precision, &tally, &result);
    }
    return result;
}
