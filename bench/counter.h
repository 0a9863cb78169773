/*
 * Instructions of the calling thread, counted by the processor (perf_event_open). Many containers
 * and virtual machines do not offer it: then there is no count, which is not a count of 0.
 */
#ifndef CASHPOINT_COUNTER_H
#define CASHPOINT_COUNTER_H

#include <stdbool.h>
#include <stdint.h>

struct counter {
    int descriptor; /* -1: not available */
};

void counter_open(struct counter *counter);
void counter_close(struct counter *counter);

/* False where there is no count. */
bool counter_read(const struct counter *counter, uint64_t *instructions);

#endif
