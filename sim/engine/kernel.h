/*
 * The kernel: a clock, the pending events, and a handler for each kind of event.
 *
 * The world registers a handler a kind and schedules events by delay; the kernel moves the clock to
 * the earliest event and calls its handler, until the end. Handlers are flat callbacks: whatever
 * lives from one event to the next is plain data of the world's.
 *
 * The fingerprint is a running hash of every dispatched event (time, kind, subject, detail): two
 * runs with the same fingerprint did the same things in the same order.
 */
#ifndef CASHPOINT_KERNEL_H
#define CASHPOINT_KERNEL_H

#include "engine/events.h"

enum { KERNEL_MAX_KINDS = 64 };

typedef void kernel_handler(void *world, const struct event *event);

/* Told of the event that is probably dispatched next (`place` 0), and of that after it (1), so that
 * it can have the processor bring what their handlers will touch. It must change nothing. */
typedef void kernel_ahead(const void *world, const struct event *event, unsigned place);

struct kernel {
    struct events events;
    simtime now;
    void *world; /* borrowed: handed to every handler */
    kernel_handler *handlers[KERNEL_MAX_KINDS];
    kernel_ahead *ahead; /* or null */
    uint64_t dispatched;
    uint64_t fingerprint;
};

/* `expected`: about how many events are pending at once; `form`: how they are kept, which changes
 * nothing but the speed. */
void kernel_init(struct kernel *kernel, void *world, size_t expected, enum events_form form);
void kernel_fini(struct kernel *kernel);

void kernel_handle(struct kernel *kernel, uint16_t kind, kernel_handler *handler);

/* Schedules after `delay` (at least 0), at priority 0. */
event_id kernel_schedule(struct kernel *kernel, simtime delay, uint16_t kind, uint32_t subject,
                         uint32_t detail);
event_id kernel_schedule_event(struct kernel *kernel, const struct event *event);
bool kernel_cancel(struct kernel *kernel, event_id id);

/* Runs every event up to and including `end`, then sets the clock to `end`. Stops early, the clock
 * where it is, when `*stop` (null: never) becomes true; returns false then. */
bool kernel_run(struct kernel *kernel, simtime end, const volatile bool *stop);

#endif
