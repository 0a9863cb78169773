/*
 * Distributions of durations, lengths, angles and amounts.
 *
 * A distribution is a kind and its numbers in base units (seconds, metres, radians, CNY). The forms
 * below are also the grammar of a scenario file: `lognormal(mean 20 s, sd 8 s)` names its
 * parameters, in any order; a bare quantity is a constant. Every form takes the parameters a user
 * can measure (mean, sd), never a library's scale.
 *
 * An empirical distribution draws one of up to 4096 values by their weights: `empirical(10 s:2,
 * 20 s:5)`. (A space behind the colon is read too, but YAML then wants the whole in quotes.) Its
 * table lies elsewhere and is shared (distribution_table.h).
 *
 * Sources: the hyperexponential has two phases with balanced means, p1 / rate1 = p2 / rate2 (Whitt,
 * The queueing network analyzer, Bell System Technical Journal 62, 1983, section 3.1); a Weibull's
 * mean is scale x Gamma(1 + 1 / shape) (Johnson, Kotz and Balakrishnan 1994, chapter 21).
 */
#ifndef CASHPOINT_DISTRIBUTION_H
#define CASHPOINT_DISTRIBUTION_H

#include "engine/distribution_table.h"
#include "engine/error.h"
#include "engine/random.h"
#include "engine/simtime.h"

#include <stddef.h>

enum distribution_kind {
    DISTRIBUTION_CONSTANT,
    DISTRIBUTION_UNIFORM,
    DISTRIBUTION_EXPONENTIAL,
    DISTRIBUTION_NORMAL,
    DISTRIBUTION_LOGNORMAL,
    DISTRIBUTION_ERLANG,
    DISTRIBUTION_GAMMA,
    DISTRIBUTION_WEIBULL,
    DISTRIBUTION_HYPEREXPONENTIAL,
    DISTRIBUTION_EMPIRICAL,
    DISTRIBUTION_KINDS
};

enum { DISTRIBUTION_PARAMETERS = 4 };

struct distribution {
    enum distribution_kind kind;
    double parameter[DISTRIBUTION_PARAMETERS]; /* in the order of its form; NAN: not given */
    const struct distribution_table *table;    /* of the empirical; null of the others */
};

/* How a kind is written. `plain` parameters are pure numbers, the others carry the unit. */
struct distribution_form {
    const char *name;
    struct {
        const char *name; /* null: no further parameter */
        bool plain;
        bool optional;
    } parameter[DISTRIBUTION_PARAMETERS];
    const char *example;
    bool pairs; /* value:weight pairs instead of named parameters; a weight is a pure number */
};

extern const struct distribution_form distribution_forms[DISTRIBUTION_KINDS];

/* False with the reason where the parameters make no distribution (sd below 0, min over max). */
bool distribution_check(const struct distribution *distribution, struct error *error);

struct distribution distribution_constant(double value);

/* `count`: from 1 to DISTRIBUTION_PAIRS. */
struct distribution distribution_empirical(const struct distribution_pair *pairs, size_t count);

/* How many value:weight pairs an empirical distribution holds. */
size_t distribution_pairs(const struct distribution *distribution);

/* The smallest and largest value a draw can take (-INFINITY, INFINITY where unbounded). */
void distribution_support(const struct distribution *distribution, double *low, double *high);

/* The mean of the form before truncation (normal with min or max: of the untruncated normal). */
double distribution_mean(const struct distribution *distribution);

double distribution_draw(const struct distribution *distribution, struct stream *stream);

/* A draw in seconds as a delay: quantised to nanoseconds, below 0 becomes 0. */
simtime distribution_delay(const struct distribution *distribution, struct stream *stream);

/* The sum of `count` of them, as if drawn one after the other: what they have in common is
 * calculated once. */
simtime distribution_delays(const struct distribution *distribution, unsigned count,
                            struct stream *stream);

#endif
