#include "engine/resource.h"

#include "engine/error.h"

#include <stdlib.h>

enum { PRIORITY_BITS = 6, FIRST_CAPACITY = 8 };

static const simtime gap = INT64_MIN; /* since when a place waits that was left */

void resource_init(struct resource *resource, unsigned servers)
{
    CHECK(servers > 0);
    *resource = (struct resource){.servers = servers, .up = servers, .room = RESOURCE_ANY_ROOM};
    resource->servers_up.value = servers;
}

void resource_fini(struct resource *resource)
{
    for (int i = 0; resource->lines_behind != NULL && i < RESOURCE_PRIORITIES - 1; i++)
        free(resource->lines_behind[i].places);
    free(resource->lines_behind);
    free(resource->line.places);
    *resource = (struct resource){0};
}

void resource_set_room(struct resource *resource, size_t room)
{
    resource->room = room;
}

static struct resource_claim *place_of(const struct resource_line *line, uint64_t number)
{
    return &line->places[number & (line->capacity - 1)];
}

static void grow(struct resource_line *line)
{
    struct resource_line larger = *line;
    larger.capacity = line->capacity == 0 ? FIRST_CAPACITY : line->capacity * 2;
    larger.places = malloc(larger.capacity * sizeof *larger.places);
    CHECK(larger.places != NULL);
    for (uint64_t number = line->first; number != line->next; number++)
        *place_of(&larger, number) = *place_of(line, number);
    free(line->places);
    *line = larger;
}

/* The first place is never a gap. */
static void skip_gaps(struct resource_line *line)
{
    for (; line->gaps > 0 && place_of(line, line->first)->since == gap; line->gaps--)
        line->first++;
}

static void open_lines(struct resource *resource)
{
    resource->lines_behind = calloc(RESOURCE_PRIORITIES - 1, sizeof *resource->lines_behind);
    CHECK(resource->lines_behind != NULL);
}

static struct resource_line *line_of(struct resource *resource, unsigned priority)
{
    return priority == 0 ? &resource->line : &resource->lines_behind[priority - 1];
}

static void start_service(struct resource *resource, simtime now)
{
    resource->granted++;
    resource->served_ns -= (uint64_t)now;
    resource->busy++;
    time_average_rise(&resource->servers_busy, now);
}

static inline resource_ticket join(struct resource *resource, simtime now, uint32_t subject,
                                   unsigned priority)
{
    struct resource_line *line = line_of(resource, priority);
    if (line->next - line->first == line->capacity)
        grow(line);
    uint64_t number = line->next++;
    *place_of(line, number) = (struct resource_claim){subject, priority, now};
    if (priority > 0)
        resource->behind |= UINT64_C(1) << priority;
    resource->length++;
    time_average_rise(&resource->queue_length, now);
    return (number + 1) << PRIORITY_BITS | priority;
}

bool resource_request(struct resource *resource, simtime now, uint32_t subject)
{
    resource->arrived++;
    if (resource->busy < resource->up) {
        start_service(resource, now);
        return true;
    }
    CHECK(resource->length < resource->room);
    (void)join(resource, now, subject, 0);
    return false;
}

enum resource_answer resource_ask(struct resource *resource, simtime now, uint32_t subject,
                                  unsigned priority, resource_ticket *ticket)
{
    resource_ticket none;
    ticket = ticket == NULL ? &none : ticket;
    *ticket = 0;
    CHECK(priority < RESOURCE_PRIORITIES);
    resource->arrived++;
    if (resource->busy < resource->up) {
        start_service(resource, now);
        return RESOURCE_GRANTED;
    }
    if (resource->length >= resource->room) {
        resource->lost++;
        return RESOURCE_LOST;
    }
    if (priority > 0 && resource->lines_behind == NULL)
        open_lines(resource);
    *ticket = join(resource, now, subject, priority);
    return RESOURCE_WAITS;
}

void resource_balk(struct resource *resource)
{
    resource->arrived++;
    resource->balked++;
}

bool resource_leave(struct resource *resource, simtime now, resource_ticket ticket)
{
    unsigned priority = (unsigned)ticket & (RESOURCE_PRIORITIES - 1);
    uint64_t number = (ticket >> PRIORITY_BITS) - 1;
    if (ticket == 0 || (priority > 0 && resource->lines_behind == NULL))
        return false;
    struct resource_line *line = line_of(resource, priority);
    if (number < line->first || number >= line->next || place_of(line, number)->since == gap)
        return false;
    resource->reneged++;
    resource->reneged_s += simtime_to_seconds(now - place_of(line, number)->since);
    place_of(line, number)->since = gap;
    line->gaps++;
    skip_gaps(line);
    if (line->first == line->next)
        resource->behind &= ~(UINT64_C(1) << priority);
    resource->length--;
    time_average_fall(&resource->queue_length, now);
    return true;
}

static struct resource_claim take_from(struct resource_line *line)
{
    struct resource_claim first = *place_of(line, line->first);
    line->first++;
    skip_gaps(line);
    return first;
}

static struct resource_claim take_from_behind(struct resource *resource)
{
    unsigned priority = (unsigned)__builtin_ctzll(resource->behind);
    struct resource_line *line = line_of(resource, priority);
    struct resource_claim first = take_from(line);
    if (line->first == line->next)
        resource->behind &= resource->behind - 1;
    return first;
}

/* The first of the lowest priority that waits. */
static inline struct resource_claim take_first(struct resource *resource, simtime now)
{
    bool front = resource->line.first != resource->line.next;
    struct resource_claim first = front ? take_from(&resource->line) : take_from_behind(resource);
    resource->length--;
    time_average_fall(&resource->queue_length, now);
    resource->waited_s += simtime_to_seconds(now - first.since);
    return first;
}

bool resource_release(struct resource *resource, simtime now, struct resource_claim *next)
{
    CHECK(resource->busy > 0);
    if (resource->length == 0 || resource->busy > resource->up) {
        resource->served_ns += (uint64_t)now;
        resource->busy--;
        time_average_fall(&resource->servers_busy, now);
        return false;
    }
    *next = take_first(resource, now);
    resource->granted++; /* the server passes on: one service ends where the next starts */
    return true;
}

bool resource_fail(struct resource *resource, simtime now)
{
    CHECK(resource->up > 0);
    resource->up--;
    time_average_fall(&resource->servers_up, now);
    return resource->busy <= resource->up;
}

bool resource_repair(struct resource *resource, simtime now, struct resource_claim *next)
{
    CHECK(resource->up < resource->servers);
    resource->up++;
    time_average_rise(&resource->servers_up, now);
    if (resource->length == 0 || resource->busy >= resource->up)
        return false;
    *next = take_first(resource, now);
    start_service(resource, now);
    return true;
}

static double waited_in(const struct resource_line *line, simtime now)
{
    double sum_s = 0.0;
    for (uint64_t number = line->first; number != line->next; number++)
        if (place_of(line, number)->since != gap)
            sum_s += simtime_to_seconds(now - place_of(line, number)->since);
    return sum_s;
}

/* What all who joined have waited so far. */
static double waited_by_all(const struct resource *resource, simtime now)
{
    double sum_s = resource->waited_s + resource->reneged_s + waited_in(&resource->line, now);
    for (int i = 0; resource->lines_behind != NULL && i < RESOURCE_PRIORITIES - 1; i++)
        sum_s += waited_in(&resource->lines_behind[i], now);
    return sum_s;
}

static struct resource_little little(const struct resource *resource, simtime now, double length,
                                     double spent_s)
{
    double joined = (double)(resource->arrived - resource->lost - resource->balked);
    double run_s = simtime_to_seconds(now);
    if (joined == 0.0 || run_s == 0.0)
        return (struct resource_little){length, 0.0, 0.0};
    return (struct resource_little){length, joined / run_s, spent_s / joined};
}

struct resource_little resource_little_queue(const struct resource *resource, simtime now)
{
    return little(resource, now, time_average_mean(&resource->queue_length, now),
                  waited_by_all(resource, now));
}

struct resource_little resource_little_system(const struct resource *resource, simtime now)
{
    uint64_t served_ns = resource->served_ns + resource->busy * (uint64_t)now;
    double length = time_average_mean(&resource->queue_length, now) +
                    time_average_mean(&resource->servers_busy, now);
    return little(resource, now, length, waited_by_all(resource, now) + (double)served_ns * 1e-9);
}
