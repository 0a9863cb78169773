/*
 * Inside `cashpoint run` and `merge`: the state of a run, and the files that share it.
 *
 *     run.c          options, the scenario, the flow
 *     run_units.c    workers, units, the journal
 *     run_ranks.c    several ranks: who has the run, who helps
 *     run_trace.c    one unit told line by line
 *     merge.c        shards put together
 *     run_folder.c   the folder, and the scenario in it
 *     run_records.c  the records of a design point
 *     run_verdict.c  precision and expectations
 *     run_steady.c   the steady state, and its warnings
 *     run_output.c   all of that at the end, the report, what is printed
 */
#ifndef CASHPOINT_RUN_H
#define CASHPOINT_RUN_H

#include "command.h"
#include "engine/precision.h"
#include "experiment/journal.h"
#include "experiment/ranks.h"
#include "experiment/scenario.h"
#include "experiment/summary.h"
#include "manifest.h"
#include "progress.h"
#include "world.h"

enum { RUN_PATH_BYTES = 4096 };

/* What belongs to one design point; without a sweep there is one. */
struct run_point {
    struct settings *settings; /* owned */
    struct model model;
    struct precision_result precision; /* where the scenario asks for one */
    struct summary summary;            /* at the end */
    uint64_t fingerprint;
};

/* A unit that runs no further than to one of its pictures. */
struct wanted_capture {
    uint64_t number;
    uint64_t last; /* the pictures seen, which are numbered from 1 */
    bool found;    /* then: */
    struct exhibit exhibit;
};

struct run {
    struct scenario scenario;
    struct settings *settings; /* the scenario's: of them, what belongs to the whole run */
    char *resolved;            /* the scenario as scenario.yaml holds it, owned */
    size_t resolved_length;
    struct run_point *points; /* owned; design.point_count */
    struct design design;
    struct journal journal;
    struct progress progress;
    struct workers *workers;
    struct pipeline **pipelines; /* one a thread of this process */
    int64_t threads;             /* of this process; 0: not started */
    int64_t jobs;                /* processors to use, of this rank */
    unsigned processes;
    struct ranks *ranks;           /* null: this process is alone */
    double helpers_cpu_s;          /* CPU time of the others */
    struct trace *trace;           /* of the unit under way, or null */
    struct wanted_capture *wanted; /* ... and the picture at which it ends, or null */
    bool report;                   /* make it at the end */
    char directory[RUN_PATH_BYTES];
};

/* run.c */
struct run *run_new(bool report);
void run_fini(struct run *run); /* frees it, too */
/* Fills scenario, settings, resolved text and the units, or says on stderr why not. */
enum exit_code run_read_scenario(struct run *run, const char *path, const char *const *set,
                                 size_t count);
struct journal_identity run_identify(const struct run *run);
void run_journal_path(const struct run *run, char path[RUN_PATH_BYTES + 16]);

/* run_units.c: EXIT_DONE where every unit is done, else what to exit with (said on stderr). Every
 * finished unit is in the journal by then. */
enum exit_code run_units(struct run *run);
/* The pipelines and workers of this process, where it has none yet. */
void run_start_workers(struct run *run);
void run_stop_workers(struct run *run);
/* On a rank that helps: up to the verdict. `trouble`: why it cannot, or null. */
enum exit_code run_help(struct run *run, const char *trouble);
/* Runs one unit in this process, and stops the workers; the journal knows nothing of it. */
enum unit_end run_unit_here(struct run *run, struct unit_result *unit, struct error *error);
/* Puts a unit that run_unit_here() ended into the journal; else says why not, on stderr. */
enum exit_code run_keep_unit(struct run *run, enum unit_end end, struct unit_result *unit,
                             const struct error *why);
/* What the scenario asks for; it names a metric. */
struct precision run_precision_goal(const struct run *run);
/* How well the metric that the scenario names is known of a design point by now. */
struct precision_result run_precision(const struct run *run, size_t point);

/* run_ranks.c: joins the ranks that were started together. False where this is not the one that has
 * the run: it has helped, or could not; `code` is what to exit with. */
bool run_join(struct run *run, bool jobs_given, enum exit_code *code);
/* What the others get to know of this run; owned by the caller. */
char *run_task(const struct run *run, size_t *length);
/* The end: what all exit with. */
void run_tell_ranks(struct run *run, enum exit_code code);

/* run_folder.c */
bool run_resolve(struct run *run); /* fills `resolved` */
/* Makes a folder and those it is in; one that is there already is fine. */
bool run_make_path(const char *path, struct error *error);
/* results/SCENARIO/TIME, or `out`; never a folder with something in it. */
bool run_make_folder(struct run *run, const char *out, struct error *error);
bool run_write_scenario(const struct run *run, struct error *error);
/* Where the records of a point go: the run's folder, or points/N in it where there are several. */
void run_point_path(const struct run *run, size_t point, char path[RUN_PATH_BYTES + 32]);

/* run_records.c: the records, the gallery and, where there are several points, the scenario of
 * each; then the records of the sweep. Fills the fingerprints. */
bool run_write_records(struct run *run, struct manifest *manifest, struct error *error);

/* run_verdict.c: true where nothing was asked for, or all of it came out; says what did not. */
bool run_check(const struct run *run);

/* run_steady.c: what was found of steady.metrics, on stdout, and what is doubtful, on stderr. */
void run_print_steady(const struct run *run);

/* run_output.c */
enum exit_code run_finish(struct run *run);

#endif
