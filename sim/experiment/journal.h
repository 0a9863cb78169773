/*
 * The journal: every finished unit, kept at once, so that a killed run goes on where it was.
 *
 * A text file of lines. The first says whose journal it is (format, scenario, hash of the resolved
 * scenario, build); each further one holds all numbers of one unit, exactly (%.17g). Every line
 * ends with a checksum of itself and is on the disk (fdatasync) before the next unit begins. When a
 * run is resumed, the file is cut at the first line that is not whole: what a crash left half
 * written is run again, and the records come out byte for byte as if nothing had happened.
 */
#ifndef CASHPOINT_JOURNAL_H
#define CASHPOINT_JOURNAL_H

#include "experiment/design.h"

#include <stdio.h>

struct journal_identity {
    char scenario[64];      /* name; no blank */
    char build[64];         /* version and commit; no blank */
    uint64_t scenario_hash; /* of the resolved text */
};

struct journal {
    FILE *file;
    char path[4096];
};

/* Starts a journal at `path`, which must not exist. */
bool journal_create(struct journal *journal, const char *path,
                    const struct journal_identity *identity, struct error *error);

/* Reads the first line alone. */
bool journal_identify(const char *path, struct journal_identity *identity, struct error *error);

/* Opens the journal of a run that broke off, fills the units it holds (done = true) and cuts off
 * what is not whole. False where it belongs to another scenario or build. */
bool journal_resume(struct journal *journal, const char *path,
                    const struct journal_identity *identity, struct design *design,
                    struct error *error);

/* Fills the units that the journal holds and leaves it as it is: for putting shards together. */
bool journal_load(const char *path, const struct journal_identity *identity, struct design *design,
                  struct error *error);

/* Is every line whole, with the seal that it was written with? Else `error` names the first that is
 * not: broken off, or changed by someone. */
bool journal_check(const char *path, struct error *error);

bool journal_append(struct journal *journal, const struct unit_result *unit, struct error *error);
void journal_close(struct journal *journal);

#endif
