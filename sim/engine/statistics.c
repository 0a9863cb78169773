#include "engine/statistics.h"

#include "engine/error.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_sf_gamma.h>
#include <math.h>

double tally_variance(const struct tally *tally)
{
    return tally->n < 2 ? 0.0 : tally->m2 / (double)(tally->n - 1);
}

double time_average_area(const struct time_average *average, simtime now)
{
    return (double)((time_average_sum)average->value * now - average->steps) * 1e-9;
}

double time_average_mean(const struct time_average *average, simtime now)
{
    return now > 0 ? time_average_area(average, now) / simtime_to_seconds(now) : 0.0;
}

static struct interval student(const struct tally *tally, double confidence)
{
    if (tally->n < 2)
        return (struct interval){-INFINITY, INFINITY};
    double t = gsl_cdf_tdist_Pinv(0.5 + 0.5 * confidence, (double)(tally->n - 1));
    double half = t * sqrt(tally_variance(tally) / (double)tally->n);
    return (struct interval){tally->mean - half, tally->mean + half};
}

struct interval interval_student(const double *values, size_t n, double confidence)
{
    struct tally tally = {0};
    for (size_t i = 0; i < n; i++)
        tally_add(&tally, values[i]);
    return student(&tally, confidence);
}

struct interval interval_paired(const double *a, const double *b, size_t n, double confidence)
{
    struct tally tally = {0};
    for (size_t i = 0; i < n; i++)
        tally_add(&tally, a[i] - b[i]);
    return student(&tally, confidence);
}

double paired_gain(const double *a, const double *b, size_t n)
{
    struct tally left = {0}, right = {0}, off = {0};
    for (size_t i = 0; i < n; i++) {
        tally_add(&left, a[i]);
        tally_add(&right, b[i]);
        tally_add(&off, a[i] - b[i]);
    }
    double apart = tally_variance(&left) + tally_variance(&right), paired = tally_variance(&off);
    return paired > 0.0 ? apart / paired : INFINITY;
}

struct interval interval_wilson(uint64_t hits, uint64_t n, double confidence)
{
    CHECK(hits <= n);
    if (n == 0)
        return (struct interval){0.0, 1.0};
    double z = gsl_cdf_ugaussian_Pinv(0.5 + 0.5 * confidence);
    double count = (double)n, p = (double)hits / count;
    double centre = p + z * z / (2.0 * count);
    double half = z * sqrt(p * (1.0 - p) / count + z * z / (4.0 * count * count));
    double scale = 1.0 + z * z / count;
    return (struct interval){hits == 0 ? 0.0 : (centre - half) / scale,
                             hits == n ? 1.0 : (centre + half) / scale};
}

static double away_from_0(double value)
{
    return fabs(value) < 1e-300 ? 1e-300 : value;
}

/* The continued fraction of the incomplete beta function (DLMF 8.17.22), by Lentz's method, in some
 * sqrt(a + b) steps. GSL stops at 512 and then says NAN, for a + b from about 10^7. */
static double beta_fraction(double x, double a, double b)
{
    enum { MOST_STEPS = 20000000 };
    double value = 1.0, upper = 1.0, lower = 0.0, change = 0.0;
    for (int i = 0; i < MOST_STEPS && fabs(change - 1.0) > 1e-15; i++) {
        double m = (i + 1) / 2, odd = -(a + m) * (a + b + m), even = m * (b - m);
        double term = (i % 2 == 0 ? odd : even) * x / ((a + i) * (a + i + 1.0));
        lower = 1.0 / away_from_0(1.0 + term * lower);
        upper = away_from_0(1.0 + term / upper);
        change = upper * lower;
        value *= change;
    }
    CHECK(fabs(change - 1.0) <= 1e-15);
    return value;
}

/* The Beta(a, b) distribution function. */
static double beta_below(double x, double a, double b)
{
    double log_density = a * log(x) + b * log1p(-x) - gsl_sf_lnbeta(a, b);
    if (x > (a + 1.0) / (a + b + 2.0)) /* the fraction converges fast on the other side */
        return 1.0 - exp(log_density) / (b * beta_fraction(1.0 - x, b, a));
    return exp(log_density) / (a * beta_fraction(x, a, b));
}

/* The x at which the Beta(a, b) distribution function reaches `probability`. */
static double beta_quantile(double probability, double a, double b)
{
    double low = 0.0, high = 1.0;
    for (int i = 0; i < 200 && low < high; i++) {
        double middle = 0.5 * (low + high);
        if (middle <= low || middle >= high)
            break;
        if (beta_below(middle, a, b) < probability)
            low = middle;
        else
            high = middle;
    }
    return 0.5 * (low + high);
}

struct interval interval_clopper_pearson(uint64_t hits, uint64_t n, double confidence)
{
    CHECK(hits <= n);
    if (n == 0)
        return (struct interval){0.0, 1.0};
    double tail = 0.5 * (1.0 - confidence), k = (double)hits, rest = (double)(n - hits);
    double step = log(tail) / (double)n; /* tail = p^n has a closed form */
    if (hits == 0)
        return (struct interval){0.0, -expm1(step)};
    if (hits == n)
        return (struct interval){exp(step), 1.0};
    return (struct interval){beta_quantile(tail, k, rest + 1.0),
                             beta_quantile(1.0 - tail, k + 1.0, rest)};
}
