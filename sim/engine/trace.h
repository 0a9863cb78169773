/*
 * The trace: what happened, a line a happening, for people, grep and awk.
 *
 *     0000032412.678901234 granted customer:17 atm:4 reservation:31 waited_s=12.000000000
 *
 * Fields stand one blank apart. First the simulated time: seconds in ten digits and nine
 * decimals, so that lines sort as text; those of the same nanosecond stand in the order in which
 * they happened. Then the event. Then whom it concerns, KIND:NUMBER, the one who acts
 * first: so `grep -w customer:17` finds all that concerns him. Then the data, NAME=VALUE, the unit
 * at the end of the name. No field holds a blank or a quote. Lines that begin with # are no
 * happenings.
 *
 * A trace keeps to a window of time and, on wish, to the lines that concern one entity. What
 * events, kinds and names there are is the model's to say. Writing must never change what is
 * simulated: who is full, or gone, stops writing, and says so when the trace is closed.
 */
#ifndef CASHPOINT_TRACE_H
#define CASHPOINT_TRACE_H

#include "engine/error.h"
#include "engine/simtime.h"

#include <stddef.h>
#include <stdio.h>

/* A duration or a moment in seconds, exactly: printf("waited_s=" TRACE_SECONDS, TRACE_PARTS(t)). */
#define TRACE_SECONDS "%lld.%09lld"
#define TRACE_PARTS(time) (long long)((time) / SIMTIME_SECOND), (long long)((time) % SIMTIME_SECOND)

enum { TRACE_MOST_CONCERNED = 8, TRACE_TEXT_BYTES = 256 };

struct trace_entity {
    const char *kind; /* a name without blank or colon; borrowed */
    uint64_t number;
};

/* What is written: everything where all is zero but `to`. */
struct trace_filter {
    simtime from, to;         /* both included */
    struct trace_entity only; /* of no kind: whoever it concerns */
};

struct trace {
    FILE *file;
    char path[4096]; /* for messages */
    struct trace_filter filter;
    uint64_t lines; /* written */
    int failure;    /* errno of the first that failed; 0: all is well */
};

/* Opens the file, or standard output for "-". */
bool trace_open(struct trace *trace, const char *path, const struct trace_filter *filter,
                struct error *error);

/* A line of its own that begins with "# ". */
void trace_remark(struct trace *trace, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Would this line be written? To spare making the text of one that would not. */
bool trace_wants(const struct trace *trace, simtime at, const struct trace_entity *concerned,
                 size_t count);

/* A happening; `concerned` (at most TRACE_MOST_CONCERNED): who acts, then the others; `text`: the
 * event, then its data. */
void trace_line(struct trace *trace, simtime at, const struct trace_entity *concerned, size_t count,
                const char *text);

/* Flushes and closes; false where not all is on the disk. */
bool trace_close(struct trace *trace, struct error *error);

/* Reads KIND:NUMBER; `kinds` is null-terminated. */
bool trace_parse_entity(const char *text, const char *const *kinds, struct trace_entity *entity,
                        struct error *error);

#endif
