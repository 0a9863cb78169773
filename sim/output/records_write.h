/*
 * Writes the records of an experiment (their formats: output/records.h).
 */
#ifndef CASHPOINT_RECORDS_WRITE_H
#define CASHPOINT_RECORDS_WRITE_H

#include "experiment/summary.h"
#include "output/folder.h"

/* Writes replications.csv, summary.csv, summary.json, curves.csv, timings.csv and fingerprint.txt.
 * `*fingerprint` receives a hash over every byte that the simulation decided: the same scenario,
 * seed and build give the same, whatever the jobs. */
bool records_write(const struct folder *folder, const struct experiment *experiment,
                   const struct summary *summary, uint64_t *fingerprint, struct error *error);

#endif
