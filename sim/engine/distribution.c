#include "engine/distribution.h"

#include <gsl/gsl_randist.h>
#include <math.h>
#include <string.h>

const struct distribution_form distribution_forms[DISTRIBUTION_KINDS] = {
    [DISTRIBUTION_CONSTANT] = {"constant",
                               {{"value", false, false}},
                               "constant(value 20 s)",
                               false},
    [DISTRIBUTION_UNIFORM] = {"uniform",
                              {{"min", false, false}, {"max", false, false}},
                              "uniform(min 1 s, max 4 s)",
                              false},
    [DISTRIBUTION_EXPONENTIAL] = {"exponential",
                                  {{"mean", false, false}},
                                  "exponential(mean 20 s)",
                                  false},
    [DISTRIBUTION_NORMAL] =
        {"normal",
         {{"mean", false, false}, {"sd", false, false}, {"min", false, true}, {"max", false, true}},
         "normal(mean 20 s, sd 8 s, min 0 s)",
         false},
    [DISTRIBUTION_LOGNORMAL] = {"lognormal",
                                {{"mean", false, false}, {"sd", false, false}},
                                "lognormal(mean 20 s, sd 8 s)",
                                false},
    [DISTRIBUTION_ERLANG] = {"erlang",
                             {{"mean", false, false}, {"stages", true, false}},
                             "erlang(mean 20 s, stages 4)",
                             false},
    [DISTRIBUTION_GAMMA] = {"gamma",
                            {{"mean", false, false}, {"sd", false, false}},
                            "gamma(mean 20 s, sd 8 s)",
                            false},
    [DISTRIBUTION_WEIBULL] = {"weibull",
                              {{"mean", false, false}, {"shape", true, false}},
                              "weibull(mean 20 s, shape 1.5)",
                              false},
    [DISTRIBUTION_HYPEREXPONENTIAL] = {"hyperexponential",
                                       {{"mean", false, false}, {"cv", true, false}},
                                       "hyperexponential(mean 20 s, cv 2)",
                                       false},
    [DISTRIBUTION_EMPIRICAL] = {"empirical",
                                {{NULL, false, false}},
                                "empirical(10 s:2, 20 s:5, 60 s:1)",
                                true},
};

struct distribution distribution_constant(double value)
{
    struct distribution constant = {.kind = DISTRIBUTION_CONSTANT};
    for (size_t i = 0; i < DISTRIBUTION_PARAMETERS; i++)
        constant.parameter[i] = NAN;
    constant.parameter[0] = value;
    return constant;
}

struct distribution distribution_empirical(const struct distribution_pair *pairs, size_t count)
{
    struct distribution empirical = distribution_constant(NAN);
    empirical.kind = DISTRIBUTION_EMPIRICAL;
    empirical.table = distribution_table(pairs, count);
    return empirical;
}

size_t distribution_pairs(const struct distribution *distribution)
{
    return distribution->table != NULL ? distribution->table->count : 0;
}

static void support_of_pairs(const struct distribution *distribution, double *low, double *high)
{
    *low = INFINITY;
    *high = -INFINITY;
    for (size_t i = 0; i < distribution_pairs(distribution); i++) {
        *low = fmin(*low, distribution->table->pairs[i].value);
        *high = fmax(*high, distribution->table->pairs[i].value);
    }
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
    } else if (distribution->kind == DISTRIBUTION_EMPIRICAL) {
        support_of_pairs(distribution, low, high);
    }
}

static double mean_of_pairs(const struct distribution_table *table)
{
    double total = table->passed[table->count - 1], mean = 0.0;
    for (size_t i = 0; i < table->count; i++)
        mean += table->pairs[i].value * (table->pairs[i].weight / total);
    return mean;
}

double distribution_mean(const struct distribution *distribution)
{
    const double *p = distribution->parameter;
    if (distribution->kind == DISTRIBUTION_EMPIRICAL)
        return mean_of_pairs(distribution->table);
    return distribution->kind == DISTRIBUTION_UNIFORM ? 0.5 * (p[0] + p[1]) : p[0];
}

static double draw_normal(const double p[], struct stream *stream)
{
    double value = stream_normal(stream, p[0], p[1]);
    while (value < p[2] || value > p[3]) /* false for NAN: an open end */
        value = stream_normal(stream, p[0], p[1]);
    return value;
}

struct lognormal {
    double mean, sd; /* of the logarithm */
};

static struct lognormal calculate_lognormal(const double p[])
{
    double ratio = p[1] / p[0];
    double variance = log1p(ratio * ratio);
    return (struct lognormal){log(p[0]) - 0.5 * variance, sqrt(variance)};
}

/* A run draws from few of them again and again: those last calculated are kept, each at a place
 * that its parameters name, by each thread. (A mean is above 0: no place is taken at first.) */
static struct lognormal lognormal_of(const double p[])
{
    enum { PLACES = 32 };
    static _Thread_local struct {
        double p[2];
        struct lognormal of;
    } kept[PLACES];
    uint64_t mean, sd;
    memcpy(&mean, &p[0], sizeof mean);
    memcpy(&sd, &p[1], sizeof sd);
    unsigned place = (mean ^ sd * 3) * UINT64_C(0x9e3779b97f4a7c15) >> 59;
    if (kept[place].p[0] != p[0] || kept[place].p[1] != p[1]) {
        kept[place].p[0] = p[0];
        kept[place].p[1] = p[1];
        kept[place].of = calculate_lognormal(p);
    }
    return kept[place].of;
}

static double draw_lognormal(const double p[], struct stream *stream)
{
    struct lognormal of = lognormal_of(p);
    return exp(stream_normal(stream, of.mean, of.sd));
}

/* Shape and scale from mean and sd. */
static double draw_gamma(const double p[], struct stream *stream)
{
    gsl_rng holder;
    double ratio = p[0] / p[1];
    if (p[1] == 0.0)
        return p[0];
    return gsl_ran_gamma(stream_gsl(stream, &holder), ratio * ratio, p[1] / ratio);
}

static double draw_weibull(const double p[], struct stream *stream)
{
    return p[0] / tgamma(1.0 + 1.0 / p[1]) * pow(stream_exponential(stream, 1.0), 1.0 / p[1]);
}

/* A phase is drawn, then its exponential; the two phases have half the mean each to give. */
static double draw_hyperexponential(const double p[], struct stream *stream)
{
    double gap = 2.0 / (p[1] * p[1] + 1.0);
    double rare = 0.5 * gap / (1.0 + sqrt(1.0 - gap)); /* (1 - sqrt(1 - gap)) / 2, not cancelling */
    double share = stream_uniform(stream) < rare ? rare : 1.0 - rare;
    return stream_exponential(stream, p[0] / (2.0 * share));
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
    case DISTRIBUTION_GAMMA:
        return draw_gamma(p, stream);
    case DISTRIBUTION_WEIBULL:
        return draw_weibull(p, stream);
    case DISTRIBUTION_HYPEREXPONENTIAL:
        return draw_hyperexponential(p, stream);
    case DISTRIBUTION_EMPIRICAL:
        return distribution_table_value(distribution->table, stream_uniform(stream));
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

simtime distribution_delays(const struct distribution *distribution, unsigned count,
                            struct stream *stream)
{
    simtime sum = 0;
    if (distribution->kind != DISTRIBUTION_LOGNORMAL) {
        for (unsigned i = 0; i < count; i++)
            sum += distribution_delay(distribution, stream);
        return sum;
    }
    struct lognormal of = lognormal_of(distribution->parameter);
    for (unsigned i = 0; i < count; i++)
        sum += simtime_from_seconds(exp(stream_normal(stream, of.mean, of.sd)));
    return sum;
}
