/*
 * Tracing a unit, for `run` and `replay`: the options, the file's first and last lines.
 *
 * The first lines of a trace say, as remarks, what it is of: format, build, scenario (name and hash
 * of the resolved text), unit, seed, window and entity. The last says how many lines there are and
 * the unit's fingerprint, or why it broke off. So the same unit gives the same bytes, whoever made
 * the trace and when.
 */
#ifndef CASHPOINT_RUN_TRACE_H
#define CASHPOINT_RUN_TRACE_H

#include "run.h"

/* The --trace options as they were given; null where not. */
struct trace_wish {
    const char *file, *from, *to, *entity;
};

/* Reads what of a unit is to be traced; false where an option is wrong (said on stderr). */
bool run_trace_filter(const struct run *run, const struct trace_wish *wish,
                      const struct unit_result *unit, struct trace_filter *filter);

/* Reads [POINT/]SCHEME/REPLICATION, null: the first unit of all. Points are counted from 1, as the
 * folders of their records; a run without a sweep has none. Null where there is no such unit (said
 * on stderr, as of option `name`). */
struct unit_result *run_find_unit(const struct run *run, const char *name, const char *text);

/* How people call a unit: as run_find_unit() reads it. */
struct unit_name {
    char text[80];
};
struct unit_name run_unit_name(const struct run *run, const struct unit_result *unit);

/* Opens the file, which may be new, empty or an older trace, and writes its first lines. */
bool run_trace_open(const struct run *run, struct trace *trace, const char *path,
                    const struct trace_filter *filter, const struct unit_result *unit,
                    struct error *error);

/* Writes the last line, and closes it. `end`: how the unit ended; `why`: where it failed. */
bool run_trace_close(struct trace *trace, enum unit_end end, const struct unit_result *unit,
                     const char *why, struct error *error);

/* What `run` is to trace. */
struct trace_plan {
    const char *file; /* null: nothing */
    struct trace_filter filter;
    struct unit_result *unit;
    bool failed; /* the file is not whole: said on stderr */
};

/* `unit`: of --trace-unit, or null. False where it cannot be done (said on stderr). */
bool run_trace_plan(const struct run *run, const struct trace_wish *wish, const char *unit,
                    struct trace_plan *plan);

/* Runs the planned unit in this process, before all others, and keeps it in the journal. A file
 * that cannot be opened ends the run before it begins; one that fills the disk does not. */
enum exit_code run_traced_unit(struct run *run, struct trace_plan *plan);

#endif
