/*
 * A scenario file and its parents, read as text and as trees.
 *
 * `extends: base.yaml` names one parent in the same folder. The folder is the border: no path, no
 * symbolic link, so that a scenario from elsewhere cannot read the rest of the disk.
 */
#ifndef CASHPOINT_CHAIN_H
#define CASHPOINT_CHAIN_H

#include "experiment/diagnostics.h"
#include "experiment/document.h"

enum { CHAIN_FILES = 4 };

struct chain {
    size_t count; /* of files read: the scenario first, its eldest parent last */
    bool whole;   /* nothing is missing of it, so a key that is not there was not given */
    struct {
        struct source source;
        struct document document;
    } file[CHAIN_FILES];
};

/* What is wrong with a file as a whole, or with its `extends`, is told to `diagnostics`. */
void chain_read(struct chain *chain, const char *path, struct diagnostics *diagnostics);
void chain_fini(struct chain *chain);

#endif
