/*
 * The misread survey: how often a string is accepted that is not there, with the bank's rules and
 * with each of them switched off.
 *
 * Over the cells of the grid that are hard enough to err in (cell.hard), every frame is read once
 * by each set of rules. What is counted does not depend on the number of threads.
 */
#ifndef CASHPOINT_SURVEY_H
#define CASHPOINT_SURVEY_H

#include "bench/cells.h"
#include "symbology/symbology.h"

#include <stdint.h>

struct survey_rules {
    const char *name, *text;
    unsigned symbols; /* for which these rules mean anything: a set of 1u << enum symbol */
    void (*change)(struct decode_rules *rules); /* of the strict rules; null: nothing */
};

/* The first are the strict rules; the last none at all. */
extern const struct survey_rules survey_rules[];
enum { SURVEY_RULES_MAX = 16 };
extern const size_t survey_rules_count;

struct survey_count {
    uint64_t frames, right, wrong; /* right + wrong: accepted */
};

struct survey {
    enum symbol symbol;
    size_t items; /* frames a cell */
    int jobs;
    unsigned wanted; /* which rules: a set of 1u << their place in survey_rules */
    size_t cells;    /* that were gone through */
    struct survey_count counts[SURVEY_RULES_MAX];
};

/* Counts what one frame was read as, whose truth that is. */
void survey_note(struct survey_count *count, const struct decoded *decoded,
                 const struct answer *truth);

/* Upper limit, one-sided at 95 %, of the share of wrong strings among those accepted (Clopper and
 * Pearson); NaN where nothing was accepted. */
double survey_limit(const struct survey_count *count);

/* Whether these rules differ from the strict ones for this symbol. */
bool survey_applies(const struct survey_rules *rules, enum symbol symbol);

/* Goes through the hard cells of survey->symbol (matrices of 2 px a display pixel in QVGA) and
 * fills in counts; from zero frames, zero. */
void survey_run(struct survey *survey);

#endif
