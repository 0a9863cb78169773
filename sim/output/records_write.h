/*
 * Writes the records of an experiment (their formats: output/records.h).
 */
#ifndef CASHPOINT_RECORDS_WRITE_H
#define CASHPOINT_RECORDS_WRITE_H

#include "experiment/summary.h"
#include "output/folder.h"
#include "output/text.h"

/* Writes replications.csv, summary.csv, summary.json, curves.csv, steady.csv, warmup.csv,
 * timings.csv and fingerprint.txt.
 * `*fingerprint` receives a hash over every byte that the simulation decided: the same scenario,
 * seed and build give the same, whatever the jobs. */
bool records_write(const struct folder *folder, const struct experiment *experiment,
                   const struct summary *summary, uint64_t *fingerprint, struct error *error);

/* The header and the rows of summary.csv; `prefix` opens each row. */
void records_summary_header(struct text *text);
void records_summary_rows(struct text *text, const char *prefix, const struct summary *summary,
                          const struct model_tables *tables);

#endif
