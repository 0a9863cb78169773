/*
 * The cassettes of an ATM: so many notes of one denomination each, what was put in, and what the
 * counter of the dispenser saw come out. They are hardware: a crash changes nothing in them.
 *
 * A mix of notes for an amount is found whenever there is one (the machine's cassettes hold a
 * bounded number of each: the subset-sum problem of Bellman 1957, over the amount in units of the
 * denominations' greatest common divisor); taking the largest first is not enough: 60 of one 50 and
 * three 20s. Of several mixes it is the one with the fewest of the smallest notes, then of the next
 * larger ones, and so on.
 */
#ifndef CASHPOINT_CASSETTES_H
#define CASHPOINT_CASSETTES_H

#include "engine/simtime.h"

#include <stdbool.h>
#include <stdint.h>

enum { CASSETTES = 8, CASSETTE_UNITS = 20000 };

/* What every machine has: cassettes with the largest notes first. */
struct cassette_plan {
    unsigned count; /* 0: never empty */
    struct {
        int64_t note_minor;
        uint32_t notes; /* when full */
    } each[CASSETTES];
};

struct cassettes {
    uint32_t left[CASSETTES];
    uint64_t in[CASSETTES], out[CASSETTES]; /* notes, so far */
    int64_t paid_minor, card_minor;         /* of what came out, what had to; cards' part */
    uint64_t refills, overdrawn;            /* payments without the notes: main control's fault */
    simtime empty_since, empty_total;       /* SIMTIME_NEVER: not empty */
};

/* The largest part in which all denominations can be counted. */
int64_t cassettes_unit_minor(const struct cassette_plan *plan);

/* Finds notes that make exactly the amount: how many of each cassette. False where there are none,
 * or the amount is of more than CASSETTE_UNITS units. */
bool cassettes_mix(const struct cassette_plan *plan, const uint32_t left[CASSETTES],
                   int64_t amount_minor, uint32_t mix[CASSETTES]);

bool cassettes_can_pay(const struct cassette_plan *plan, const struct cassettes *cassettes,
                       int64_t amount_minor);

/* Counts the notes out: false, and overdrawn, where there are none for the amount. */
bool cassettes_pay(const struct cassette_plan *plan, struct cassettes *cassettes,
                   int64_t amount_minor);

/* Fills all of them up. */
void cassettes_refill(const struct cassette_plan *plan, struct cassettes *cassettes);

/* Notes in = notes out + left, in each; and what came out is worth what was to be paid. */
bool cassettes_add_up(const struct cassette_plan *plan, const struct cassettes *cassettes);

#endif
