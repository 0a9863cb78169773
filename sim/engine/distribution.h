/*
 * Distributions of durations, lengths, angles and amounts.
 *
 * A distribution is a kind and up to four parameters in base units (seconds, metres, radians, CNY).
 * The forms below are also the grammar of a scenario file: `lognormal(mean 20 s, sd 8 s)` names its
 * parameters, in any order; a bare quantity is a constant. Every form takes the parameters a user
 * can measure (mean, sd), never a library's shape and scale.
 */
#ifndef CASHPOINT_DISTRIBUTION_H
#define CASHPOINT_DISTRIBUTION_H

#include "engine/error.h"
#include "engine/random.h"
#include "engine/simtime.h"

enum distribution_kind {
    DISTRIBUTION_CONSTANT,
    DISTRIBUTION_UNIFORM,
    DISTRIBUTION_EXPONENTIAL,
    DISTRIBUTION_NORMAL,
    DISTRIBUTION_LOGNORMAL,
    DISTRIBUTION_ERLANG,
    DISTRIBUTION_KINDS
};

enum { DISTRIBUTION_PARAMETERS = 4 };

struct distribution {
    enum distribution_kind kind;
    double parameter[DISTRIBUTION_PARAMETERS]; /* in the order of its form; NAN: not given */
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
};

extern const struct distribution_form distribution_forms[DISTRIBUTION_KINDS];

/* False with the reason where the parameters make no distribution (sd below 0, min over max). */
bool distribution_check(const struct distribution *distribution, struct error *error);

struct distribution distribution_constant(double value);

/* The smallest and largest value a draw can take (-INFINITY, INFINITY where unbounded). */
void distribution_support(const struct distribution *distribution, double *low, double *high);

/* The mean of the form before truncation (normal with min or max: of the untruncated normal). */
double distribution_mean(const struct distribution *distribution);

double distribution_draw(const struct distribution *distribution, struct stream *stream);

/* A draw in seconds as a delay: quantised to nanoseconds, below 0 becomes 0. */
simtime distribution_delay(const struct distribution *distribution, struct stream *stream);

#endif
