/*
 * A sweep: keys that take several values, and the design points that follow from them.
 *
 *     sweep:
 *       terminals.camera.capture_focus: [120 mm, 200 mm, 500 mm]    # a list of values
 *       token.display.pitch: 0.2 mm to 0.6 mm step 0.1 mm           # a range: both ends count
 *       presentation.distance: 50 mm to 800 mm in 5 log points      # in equal ratios
 *       zip:                                                        # these go together
 *         terminals.atms: [50, 100, 200]
 *         customers.count: [2500, 5000, 10000]
 *
 * A factor is a key, or several zipped ones, with its levels; every combination of levels is a
 * design point (a full factorial design). Points are numbered from 0 with the last factor running
 * fastest, as nested loops would. A range is cut into decimals in the user's own (finest) unit, so
 * that 0.2 mm to 0.6 mm holds the very 0.3 mm that the text "0.3 mm" means. `zip` may be a list of
 * such groups.
 *
 * A parent's sweep is replaced as a whole by its child's; a key that a later layer (a child, a
 * --set) gives plainly is swept no more. --set sweep.KEY=[a, b] sweeps from the command line.
 */
#ifndef CASHPOINT_SWEEP_H
#define CASHPOINT_SWEEP_H

#include "experiment/diagnostics.h"
#include "experiment/document.h"
#include "experiment/parameter.h"

#include <stdio.h>

enum { SWEEP_FACTORS = 8, SWEEP_ZIPPED = 8, SWEEP_LEVELS = 1000, SWEEP_POINTS = 1000 };

struct sweep_key {
    size_t row;                  /* of the table */
    char *values;                /* owned: `levels` times the bytes of the row's field */
    const struct source *source; /* where it was given; null: not at hand any more */
    size_t offset;
};

struct sweep_factor {
    size_t levels, key_count;
    struct sweep_key keys[SWEEP_ZIPPED];
};

struct sweep {
    const struct parameter_table *table;
    size_t count; /* of factors; 0: nothing is swept */
    struct sweep_factor factors[SWEEP_FACTORS];
};

void sweep_init(struct sweep *sweep, const struct parameter_table *table);
void sweep_fini(struct sweep *sweep);

/* Reads the value of `sweep:` in place of what there was. `scratch`: a settings structure of the
 * table's, to be overwritten. Every mistake is told; false then. */
bool sweep_read(struct sweep *sweep, const struct node *mapping, const struct source *source,
                struct diagnostics *diagnostics, void *scratch);

/* Reads one more factor, KEY (dotted from the top) at `key`, in place of the same key's before. */
bool sweep_read_key(struct sweep *sweep, const char *name, const struct node *key,
                    const struct node *value, const struct source *source,
                    struct diagnostics *diagnostics, void *scratch);

/* Leaves a key out; does nothing where it is not swept. */
void sweep_drop(struct sweep *sweep, size_t row);

/* The swept key of that row; null where it is not swept. */
const struct sweep_key *sweep_find(const struct sweep *sweep, size_t row);

/* The number of design points: 1 where nothing is swept, SIZE_MAX where it is larger than that. */
size_t sweep_points(const struct sweep *sweep);

/* The level that `factor` has at a point. */
size_t sweep_level(const struct sweep *sweep, size_t point, size_t factor);

/* Puts the values of a point into the settings. */
void sweep_apply(const struct sweep *sweep, size_t point, void *settings);

/* A point in words, as in "capture_focus 120 mm, tries 3", cut where it is long; "" without a
 * sweep. `settings`: of that point. */
struct sweep_label {
    char text[200];
};
struct sweep_label sweep_label(const struct sweep *sweep, const void *settings);

/* The sweep as YAML that reads back to the same; nothing where nothing is swept. `settings`: any.
 */
void sweep_write(const struct sweep *sweep, const void *settings, FILE *out);

#endif
