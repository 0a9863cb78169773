#include "engine/distribution.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_randist.h>
#include <math.h>

const struct distribution_form distribution_forms[DISTRIBUTION_KINDS] = {
    [DISTRIBUTION_CONSTANT] = {"constant", {{"value", false, false}}, "constant(value 20 s)"},
    [DISTRIBUTION_UNIFORM] = {"uniform",
                              {{"min", false, false}, {"max", false, false}},
                              "uniform(min 1 s, max 4 s)"},
    [DISTRIBUTION_EXPONENTIAL] = {"exponential",
                                  {{"mean", false, false}},
                                  "exponential(mean 20 s)"},
    [DISTRIBUTION_NORMAL] =
        {"normal",
         {{"mean", false, false}, {"sd", false, false}, {"min", false, true}, {"max", false, true}},
         "normal(mean 20 s, sd 8 s, min 0 s)"},
    [DISTRIBUTION_LOGNORMAL] = {"lognormal",
                                {{"mean", false, false}, {"sd", false, false}},
                                "lognormal(mean 20 s, sd 8 s)"},
    [DISTRIBUTION_ERLANG] = {"erlang",
                             {{"mean", false, false}, {"stages", true, false}},
                             "erlang(mean 20 s, stages 4)"},
};

struct distribution distribution_constant(double value)
{
    return (struct distribution){DISTRIBUTION_CONSTANT, {value, NAN, NAN, NAN}};
}

/* The share of draws that min and max keep. */
static double kept_share(const double p[])
{
    double below = isnan(p[2]) ? 0.0 : gsl_cdf_ugaussian_P((p[2] - p[0]) / p[1]);
    double above = isnan(p[3]) ? 0.0 : gsl_cdf_ugaussian_Q((p[3] - p[0]) / p[1]);
    return 1.0 - below - above;
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

bool distribution_check(const struct distribution *distribution, struct error *error)
{
    const double *p = distribution->parameter;
    switch (distribution->kind) {
    case DISTRIBUTION_UNIFORM:
        return p[0] <= p[1] || error_set(error, "min must not exceed max");
    case DISTRIBUTION_EXPONENTIAL:
        return p[0] > 0.0 || error_set(error, "mean must be above 0");
    case DISTRIBUTION_NORMAL:
        return check_normal(p, error);
    case DISTRIBUTION_LOGNORMAL:
        if (!(p[0] > 0.0))
            return error_set(error, "mean must be above 0");
        return p[1] >= 0.0 || error_set(error, "sd must not be negative");
    case DISTRIBUTION_ERLANG:
        if (!(p[0] > 0.0))
            return error_set(error, "mean must be above 0");
        return (p[1] >= 1.0 && p[1] <= 1000.0 && p[1] == floor(p[1])) ||
               error_set(error, "stages must be a whole number from 1 to 1000");
    case DISTRIBUTION_CONSTANT:
        return !isnan(p[0]) || error_set(error, "value must be a number");
    case DISTRIBUTION_KINDS:
        break;
    }
    return true;
}

void distribution_support(const struct distribution *distribution, double *low, double *high)
{
    const double *p = distribution->parameter;
    *low = 0.0;
    *high = INFINITY;
    if (distribution->kind == DISTRIBUTION_CONSTANT) {
        *low = *high = p[0];
    } else if (distribution->kind == DISTRIBUTION_UNIFORM) {
        *low = p[0];
        *high = p[1];
    } else if (distribution->kind == DISTRIBUTION_NORMAL) {
        *low = isnan(p[2]) ? -INFINITY : p[2];
        *high = isnan(p[3]) ? INFINITY : p[3];
    }
}

double distribution_mean(const struct distribution *distribution)
{
    const double *p = distribution->parameter;
    return distribution->kind == DISTRIBUTION_UNIFORM ? 0.5 * (p[0] + p[1]) : p[0];
}

static double draw_normal(const double p[], struct stream *stream)
{
    double value = stream_normal(stream, p[0], p[1]);
    while (value < p[2] || value > p[3]) /* false for NAN: an open end */
        value = stream_normal(stream, p[0], p[1]);
    return value;
}

/* mean and sd of the value itself, turned into those of its logarithm. */
static double draw_lognormal(const double p[], struct stream *stream)
{
    double ratio = p[1] / p[0];
    double variance = log1p(ratio * ratio);
    return exp(stream_normal(stream, log(p[0]) - 0.5 * variance, sqrt(variance)));
}

double distribution_draw(const struct distribution *distribution, struct stream *stream)
{
    const double *p = distribution->parameter;
    gsl_rng holder;
    switch (distribution->kind) {
    case DISTRIBUTION_CONSTANT:
        return p[0];
    case DISTRIBUTION_UNIFORM:
        return p[0] + (p[1] - p[0]) * stream_uniform(stream);
    case DISTRIBUTION_EXPONENTIAL:
        return stream_exponential(stream, p[0]);
    case DISTRIBUTION_NORMAL:
        return draw_normal(p, stream);
    case DISTRIBUTION_LOGNORMAL:
        return draw_lognormal(p, stream);
    case DISTRIBUTION_ERLANG:
        return gsl_ran_gamma(stream_gsl(stream, &holder), p[1], p[0] / p[1]);
    case DISTRIBUTION_KINDS:
        break;
    }
    CHECK(!"a distribution of no kind");
    return 0.0;
}

simtime distribution_delay(const struct distribution *distribution, struct stream *stream)
{
    return simtime_from_seconds(distribution_draw(distribution, stream));
}
