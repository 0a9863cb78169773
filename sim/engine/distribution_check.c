/* Which parameters make a distribution, and what to write where they make none. */
#include "engine/distribution.h"

#include <gsl/gsl_cdf.h>
#include <math.h>

/* The share of draws that min and max keep. */
static double kept_share(const double p[])
{
    double below = isnan(p[2]) ? 0.0 : gsl_cdf_ugaussian_P((p[2] - p[0]) / p[1]);
    double above = isnan(p[3]) ? 0.0 : gsl_cdf_ugaussian_Q((p[3] - p[0]) / p[1]);
    return 1.0 - below - above;
}

static bool check_mean(const double p[], struct error *error)
{
    return p[0] > 0.0 || error_set(error, "mean must be above 0");
}

static bool check_normal(const double p[], struct error *error)
{
    if (isnan(p[0]))
        return error_set(error, "mean must be a number");
    if (!(p[1] >= 0.0))
        return error_set(error, "sd must not be negative");
    if (p[2] > p[3])
        return error_set(error, "min must not exceed max");
    /* Draws outside are drawn again: the kept part must not be a rarity. */
    if (p[2] > p[0] + 4.0 * p[1] || p[3] < p[0] - 4.0 * p[1])
        return error_set(error, "min..max lies over 4 sd from the mean: nothing would be drawn");
    if (p[1] > 0.0 && !(kept_share(p) >= 3e-5)) /* what lies over 4 sd away, on one side */
        return error_set(error, "min..max keeps under 3 draws in 100000: widen it, or write its "
                                "middle as a constant");
    return true;
}

static bool check_lognormal(const double p[], struct error *error)
{
    return check_mean(p, error) && (p[1] >= 0.0 || error_set(error, "sd must not be negative"));
}

static bool check_erlang(const double p[], struct error *error)
{
    return check_mean(p, error) &&
           ((p[1] >= 1.0 && p[1] <= 1000.0 && p[1] == floor(p[1])) ||
            error_set(error, "stages must be a whole number from 1 to 1000"));
}

/* Beyond these ends the shape leaves what doubles can draw. */
static bool check_gamma(const double p[], struct error *error)
{
    if (!check_lognormal(p, error))
        return false;
    if (p[1] > 30.0 * p[0])
        return error_set(error, "sd must not exceed 30 times the mean: write lognormal");
    return p[1] == 0.0 || p[1] >= 1e-6 * p[0] ||
           error_set(error, "sd lies under a millionth of the mean: write the mean as a constant");
}

static bool check_weibull(const double p[], struct error *error)
{
    return check_mean(p, error) &&
           ((p[1] >= 0.1 && p[1] <= 1000.0) || error_set(error, "shape must lie from 0.1 to 1000"));
}

static bool check_hyperexponential(const double p[], struct error *error)
{
    if (!check_mean(p, error))
        return false;
    return (p[1] > 1.0 && p[1] <= 1000.0) ||
           error_set(error, "cv must be above 1 and at most 1000: write exponential for a cv of 1, "
                            "gamma for less");
}

static bool check_empirical(const struct distribution *distribution, struct error *error)
{
    size_t pairs = distribution_pairs(distribution);
    if (pairs == 0)
        return error_set(error, "at least one pair is needed");
    for (size_t i = 0; i < pairs; i++) {
        if (!isfinite(distribution->table->pairs[i].value))
            return error_set(error, "value %zu must be a number", i + 1);
        if (!(distribution->table->pairs[i].weight > 0.0))
            return error_set(error, "weight %zu must be above 0", i + 1);
    }
    return isfinite(distribution->table->passed[pairs - 1]) ||
           error_set(error, "the weights are too large: their sum is no number");
}

bool distribution_check(const struct distribution *distribution, struct error *error)
{
    const double *p = distribution->parameter;
    switch (distribution->kind) {
    case DISTRIBUTION_CONSTANT:
        return !isnan(p[0]) || error_set(error, "value must be a number");
    case DISTRIBUTION_UNIFORM:
        return p[0] <= p[1] || error_set(error, "min must not exceed max");
    case DISTRIBUTION_EXPONENTIAL:
        return check_mean(p, error);
    case DISTRIBUTION_NORMAL:
        return check_normal(p, error);
    case DISTRIBUTION_LOGNORMAL:
        return check_lognormal(p, error);
    case DISTRIBUTION_ERLANG:
        return check_erlang(p, error);
    case DISTRIBUTION_GAMMA:
        return check_gamma(p, error);
    case DISTRIBUTION_WEIBULL:
        return check_weibull(p, error);
    case DISTRIBUTION_HYPEREXPONENTIAL:
        return check_hyperexponential(p, error);
    case DISTRIBUTION_EMPIRICAL:
        return check_empirical(distribution, error);
    case DISTRIBUTION_KINDS:
        break;
    }
    return true;
}
