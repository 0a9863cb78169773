/* A small table of measures, and units filled by hand: for tests of the summary and the records. */
#ifndef CASHPOINT_SUMMARY_SAMPLE_H
#define CASHPOINT_SUMMARY_SAMPLE_H

#include "experiment/summary.h"

enum { PAID, REFUSED, THEFTS, LOSS, WAIT, MEASURES };
enum { BY_HOUR, BY_RANGE, CURVES };
enum { OLD, NEW, SCHEMES };
enum { DECODE, STAGES };
enum { OLD_ONLY = 1, NEW_ONLY = 2, BOTH = 3 };

static const struct measure measures[MEASURES] = {
    {"paid", "1", "", MEASURE_COUNT, 1.0, false},
    {"refused", "1", "", MEASURE_RATIO, 1.0, true},
    {"thefts", "per 1000 withdrawals", "", MEASURE_RATE, 1000.0, true},
    {"loss", "CNY per 1000 withdrawals", "", MEASURE_RATE, 1000.0, false},
    {"wait", "s", "", MEASURE_TIME, 1.0, false},
};
static const struct curve curves[CURVES] = {{"by-hour", "h", 2, 0.0, 24.0},
                                            {"by-range", "mm", 3, 50.0, 350.0}};
static const char *const schemes[SCHEMES] = {"old", "new"};
static const char *const stages[STAGES] = {"decode"};
static const struct model_tables tables = {measures, curves,  schemes, stages, MEASURES,
                                           CURVES,   SCHEMES, STAGES,  NULL};

/* Events and trials of one measure in each replication; the rest of the unit stays empty. */
struct counts {
    size_t measure;
    double events[8], trials[8];
};

static inline void fill(struct experiment *experiment, unsigned scheme, const struct counts *counts)
{
    for (size_t i = 0; i < experiment->count; i++) {
        struct unit_result *unit = experiment->units[i];
        if (unit->scheme == scheme)
            unit_ratio(unit, counts->measure, counts->events[unit->replication],
                       counts->trials[unit->replication]);
    }
}

#endif
