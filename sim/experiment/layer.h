/*
 * One source of settings laid over the others: a file, or a --set.
 *
 * Walks the tree of a document along the table: finds the row of every key, sees to it that each
 * stands once, and hands values on.
 */
#ifndef CASHPOINT_LAYER_H
#define CASHPOINT_LAYER_H

#include "experiment/diagnostics.h"
#include "experiment/document.h"
#include "experiment/sweep.h"

/* Who spoke of a row last, and how it went. */
struct given {
    bool spoken, refused;
    const struct source *source; /* null: not at hand any more */
    size_t offset;
};

struct layer {
    const struct parameter_table *table;
    const struct source *source;
    struct diagnostics *diagnostics;
    void *settings;
    struct given *given; /* by row: what some layer said of it */
    struct sweep *sweep; /* what is swept so far; what this layer says of it goes there */
    size_t *first_line;  /* by row and depth: where this source gave the key or group; owned */
};

/* The caller keeps everything it passes; `given` has one entry a row. */
void layer_init(struct layer *layer, const struct parameter_table *table,
                const struct source *source, struct diagnostics *diagnostics, void *settings,
                struct given *given, struct sweep *sweep);
void layer_fini(struct layer *layer);

/* Reads a whole file's mapping; `extends` at its top is left to the caller. */
void layer_read(struct layer *layer, const struct node *mapping);

/* Reads one key, dotted from the top, with its value. */
void layer_read_pair(struct layer *layer, const struct node *key, const struct node *value);

#endif
