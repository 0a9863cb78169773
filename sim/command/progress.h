/*
 * A progress bar on stderr: only on a terminal, in place, with the time that is left.
 */
#ifndef CASHPOINT_PROGRESS_H
#define CASHPOINT_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct progress {
    bool shown;       /* stderr is a terminal */
    size_t done, all; /* units */
    const char *what; /* the unit under way */
    int64_t started_ns, drawn_ns;
};

void progress_start(struct progress *progress, size_t all);
void progress_draw(struct progress *progress, double fraction_of_unit);
void progress_end(struct progress *progress); /* wipes the line */

/* Wall time since progress_start, s. */
double progress_elapsed_s(const struct progress *progress);

#endif
