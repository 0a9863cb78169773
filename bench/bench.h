/*
 * The benches: what the decoder, the capture pipeline and the engine cost on this machine, and how
 * often they are right.
 *
 * A suite fills rows; a row is one subject (our decoder, a peer, a ceiling) on one kind of work. A
 * row checks every answer against the truth before it quotes a speed, and says so where one was
 * wrong. Times are CPU time of the thread; only the rate over all cores is by the clock on the
 * wall. Peers run in the same process on the same work; figures published elsewhere are printed as
 * such, in a note.
 *
 * Adding a suite: one file suite_NAME.c and one line in the table of runner.c.
 */
#ifndef CASHPOINT_BENCH_H
#define CASHPOINT_BENCH_H

#include "engine/error.h"

#include <stddef.h>
#include <stdio.h>

struct bench_options {
    const char *const *suites; /* names; none: all */
    size_t suite_count;
    const char *json_path; /* null: no JSON */
    const char *service; /* ROW=FILE: that row's times, for a scenario's bank.service; null: none */
    const char *plots;   /* a folder for plots of decode and misreads; null: none */
    size_t items;        /* a kind of work, frames a cell; 0: as many as the suite takes */
    int jobs;            /* threads of the rates over all cores, at least 1 */
    bool quick;          /* few samples: a check that it works, not a measurement */
};

/* Runs the suites, writes the rows to `table`, how far it is to `progress` (null: nowhere), and the
 * JSON (like Google Benchmark's: a context and a list) whole or not at all. EXIT_USAGE for a suite
 * that does not exist, EXIT_FAILED where the JSON or the service times cannot be written or an
 * answer of ours is wrong; both fill `error`. */
enum exit_code bench_run(const struct bench_options *options, FILE *table, FILE *progress,
                         struct error *error);

/* The suites, a line each. */
void bench_list(FILE *table);

#endif
