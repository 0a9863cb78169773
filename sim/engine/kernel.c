#include "engine/kernel.h"

#include "engine/error.h"

void kernel_init(struct kernel *kernel, void *world, size_t expected, enum events_form form)
{
    *kernel = (struct kernel){.world = world, .fingerprint = UINT64_C(0xcbf29ce484222325)};
    events_init(&kernel->events, expected, form);
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

/* Multiplying by an odd number loses no bit, and moves each up to all above it; the rotation brings
 * them back down for the next event. Only one of the two multiplications waits for the event
 * before. */
static inline uint64_t mix(uint64_t hash, const struct event *event)
{
    uint64_t about = (uint64_t)event->detail << 32 | event->subject;
    hash ^= (uint64_t)event->at * UINT64_C(0x9e3779b97f4a7c15) ^ about;
    hash = hash * UINT64_C(0xd6e8feb86659fd93) + event->kind;
    return hash << 29 | hash >> 35;
}

static inline void dispatch(struct kernel *kernel, const struct event *event)
{
    kernel->now = event->at;
    kernel->dispatched++;
    kernel->fingerprint = mix(kernel->fingerprint, event);
    kernel->handlers[event->kind](kernel->world, event);
}

static inline void look_ahead(const struct kernel *kernel)
{
    struct event event;
    events_look_ahead(&kernel->events);
    for (unsigned place = 0; place < 2; place++)
        if (events_peek(&kernel->events, place, &event))
            kernel->ahead(kernel->world, &event, place);
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
        if (kernel->ahead != NULL)
            look_ahead(kernel);
        dispatch(kernel, &event);
    }
    kernel->now = end;
    return true;
}
