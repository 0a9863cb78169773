#include "engine/resource.h"

#include "engine/error.h"

#include <stdlib.h>

void resource_init(struct resource *resource, unsigned servers)
{
    CHECK(servers > 0);
    *resource = (struct resource){.servers = servers};
}

void resource_fini(struct resource *resource)
{
    free(resource->queue);
    *resource = (struct resource){0};
}

static void set_busy(struct resource *resource, simtime now, unsigned busy)
{
    resource->busy = busy;
    time_average_set(&resource->servers_busy, now, busy);
}

static void set_length(struct resource *resource, simtime now, size_t length)
{
    resource->length = length;
    time_average_set(&resource->queue_length, now, (double)length);
}

static void grow(struct resource *resource)
{
    size_t capacity = resource->capacity == 0 ? 8 : resource->capacity * 2;
    struct resource_claim *queue = malloc(capacity * sizeof *queue);
    CHECK(queue != NULL);
    for (size_t i = 0; i < resource->length; i++)
        queue[i] = resource->queue[(resource->head + i) % resource->capacity];
    free(resource->queue);
    resource->queue = queue;
    resource->head = 0;
    resource->capacity = capacity;
}

bool resource_request(struct resource *resource, simtime now, uint32_t subject)
{
    if (resource->busy < resource->servers) {
        resource->granted++;
        set_busy(resource, now, resource->busy + 1);
        return true;
    }
    if (resource->length == resource->capacity)
        grow(resource);
    size_t tail = (resource->head + resource->length) % resource->capacity;
    resource->queue[tail] = (struct resource_claim){subject, now};
    set_length(resource, now, resource->length + 1);
    return false;
}

bool resource_release(struct resource *resource, simtime now, struct resource_claim *next)
{
    CHECK(resource->busy > 0);
    if (resource->length == 0) {
        set_busy(resource, now, resource->busy - 1);
        return false;
    }
    *next = resource->queue[resource->head];
    resource->head = (resource->head + 1) % resource->capacity;
    set_length(resource, now, resource->length - 1);
    resource->granted++;
    resource->waited_s += simtime_to_seconds(now - next->since);
    return true;
}
