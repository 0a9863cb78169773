/*
 * What the report of a sweep is made from: design.csv and summary.csv of its folder, read and
 * checked.
 */
#ifndef CASHPOINT_SWEEP_DATA_H
#define CASHPOINT_SWEEP_DATA_H

#include "output/report_data.h"

enum { SWEEP_DATA_KEYS = 64, SWEEP_DATA_METRICS = 256, SWEEP_DATA_SCHEMES = 4 };

/* A swept key: its value at each point. */
struct sweep_axis {
    const char *key;   /* dotted */
    const char *name;  /* the last part of it, or two where others end in the same */
    size_t factor;     /* keys of one factor go together */
    size_t levels;     /* of the factor */
    bool numeric;      /* every value is a number in one unit */
    const char *unit;  /* "" for a pure number, or where not numeric */
    size_t *level;     /* by point, from 0; owned */
    double *number;    /* by point; NAN where not numeric; owned */
    const char **text; /* by point; owned, but not the texts */
};

struct sweep_metric {
    const char *name, *unit, *kind;
    bool responds; /* the intervals of two points lie apart, in some scheme */
    /* Of "needed": the factor that it is a value of, which is no axis of its own then; else 0. It
     * has cells at one point of each combination of the others: mean, and at best and at worst. */
    size_t of_factor;
};

struct sweep_doubt {
    size_t point; /* from 0 */
    const char *scheme, *metric;
    const char *words; /* apart by a blank; "": none */
};

struct sweep_data {
    struct csv design, summary, steady, asked, needed; /* own the texts */
    struct summary_row *rows, *needed_rows;            /* owned */
    size_t points, axis_count, metric_count, scheme_count;
    struct sweep_axis axes[SWEEP_DATA_KEYS];
    struct sweep_metric metrics[SWEEP_DATA_METRICS];
    const char *schemes[SWEEP_DATA_SCHEMES]; /* without "difference" */
    const struct summary_row **cells;        /* by point, scheme, metric; null: no value; owned */
    struct sweep_doubt *doubts;              /* owned; a metric of steady.metrics at a point */
    size_t doubt_count;
    struct file_bytes scenario, manifest, fingerprint;
    char description[1024];
};

/* True where the folder holds a sweep. */
bool sweep_data_is_there(const struct folder *run);

bool sweep_data_load(struct sweep_data *data, const struct folder *run, struct error *error);
void sweep_data_free(struct sweep_data *data);

/* Null where there is no value. */
const struct summary_row *sweep_data_cell(const struct sweep_data *data, size_t point,
                                          size_t scheme, size_t metric);

/* Did the scheme measure this at any point? */
bool sweep_data_has(const struct sweep_data *data, size_t scheme, size_t metric);

/* The metrics worth a picture: those that the scenario names, then what responds, the most telling
 * first: at most `room` indexes. */
size_t sweep_data_choose(const struct sweep_data *data, size_t *metrics, size_t room);

#endif
