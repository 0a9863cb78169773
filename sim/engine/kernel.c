#include "engine/kernel.h"

#include "engine/error.h"

void kernel_init(struct kernel *kernel, void *world, size_t expected)
{
    *kernel = (struct kernel){.world = world, .fingerprint = UINT64_C(0xcbf29ce484222325)};
    events_init(&kernel->events, expected, EVENTS_AUTO);
}

void kernel_fini(struct kernel *kernel)
{
    events_fini(&kernel->events);
}

void kernel_handle(struct kernel *kernel, uint16_t kind, kernel_handler *handler)
{
    CHECK(kind < KERNEL_MAX_KINDS && kernel->handlers[kind] == NULL);
    kernel->handlers[kind] = handler;
}

event_id kernel_schedule_event(struct kernel *kernel, const struct event *event)
{
    CHECK(event->at >= kernel->now);
    CHECK(event->kind < KERNEL_MAX_KINDS && kernel->handlers[event->kind] != NULL);
    return events_add(&kernel->events, event);
}

event_id kernel_schedule(struct kernel *kernel, simtime delay, uint16_t kind, uint32_t subject,
                         uint32_t detail)
{
    struct event event = {kernel->now + delay, subject, detail, kind, 0};
    return kernel_schedule_event(kernel, &event);
}

bool kernel_cancel(struct kernel *kernel, event_id id)
{
    return events_cancel(&kernel->events, id);
}

/* FNV-1a by 64-bit words with a rotation, so that high bits reach low ones. */
static uint64_t mix(uint64_t hash, uint64_t word)
{
    hash = (hash ^ word) * UINT64_C(0x100000001b3);
    return hash << 29 | hash >> 35;
}

static void dispatch(struct kernel *kernel, const struct event *event)
{
    kernel->now = event->at;
    kernel->dispatched++;
    kernel->fingerprint = mix(kernel->fingerprint, (uint64_t)event->at);
    kernel->fingerprint = mix(kernel->fingerprint, (uint64_t)event->subject << 32 | event->detail);
    kernel->fingerprint = mix(kernel->fingerprint, event->kind);
    kernel->handlers[event->kind](kernel->world, event);
}

bool kernel_run(struct kernel *kernel, simtime end, const volatile bool *stop)
{
    CHECK(end >= kernel->now);
    struct event event;
    for (;;) {
        if (stop != NULL && *stop && events_next(&kernel->events) <= end)
            return false;
        if (!events_pop_until(&kernel->events, end, &event))
            break;
        dispatch(kernel, &event);
    }
    kernel->now = end;
    return true;
}
