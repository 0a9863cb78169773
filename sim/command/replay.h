/*
 * Inside `cashpoint replay`: a unit, or one of its captures, again from a run's own folder.
 *
 *     replay.c           options, the folder, what differs from then; a unit, compared
 *     replay_capture.c   one picture, stage by stage
 */
#ifndef CASHPOINT_REPLAY_H
#define CASHPOINT_REPLAY_H

#include "run_trace.h"

#include <stdio.h>

struct replay {
    struct run *run;                 /* read from the folder; its journal is not open */
    struct journal_identity written; /* whose journal it is */
    struct trace_wish wish;
    FILE *out;        /* what is printed: stdout, or stderr where that holds the trace */
    bool other_build; /* than that which wrote the journal */
    bool damaged;     /* the journal is not whole (said on stderr) */
    bool finished;    /* the run came to its end */
};

/* Runs `unit` (fresh) with the trace asked for, up to `wanted` (or null); `*end` says how it ended.
 * Else what to exit with, said on stderr. */
enum exit_code replay_run(struct replay *replay, struct unit_result *unit,
                          struct wanted_capture *wanted, enum unit_end *end);

/* `id`: [POINT/]SCHEME/REPLICATION/NUMBER; `out`: the folder to write, or null. */
enum exit_code replay_capture(struct replay *replay, const char *id, const char *out);

#endif
