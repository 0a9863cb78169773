#include "terminal/site.h"

#include "engine/error.h"

static uint64_t bit_of(unsigned machine)
{
    return UINT64_C(1) << machine;
}

void site_init(struct site *site, unsigned machines, unsigned clerks)
{
    CHECK(machines > 0 && machines <= SITE_MACHINES);
    *site = (struct site){.free = UINT64_MAX >> (SITE_MACHINES - machines)};
    resource_init(&site->machines, machines);
    resource_init(&site->counter, clerks);
}

void site_fini(struct site *site)
{
    resource_fini(&site->machines);
    resource_fini(&site->counter);
}

unsigned site_take(struct site *site)
{
    CHECK(site->free != 0);
    uint64_t ahead = site->free & UINT64_MAX << site->turn;
    unsigned machine = (unsigned)__builtin_ctzll(ahead != 0 ? ahead : site->free);
    site->free &= ~bit_of(machine);
    site->turn = (machine + 1) % SITE_MACHINES;
    return machine;
}

bool site_is_free(const struct site *site, unsigned machine)
{
    return site->free & bit_of(machine);
}

void site_take_machine(struct site *site, unsigned machine, simtime now, uint32_t subject)
{
    CHECK(site_is_free(site, machine) && resource_request(&site->machines, now, subject));
    site->free &= ~bit_of(machine);
}

enum site_then site_leave(struct site *site, unsigned machine, simtime now,
                          struct resource_claim *next)
{
    bool fails = site->failing & bit_of(machine);
    site->failing &= ~bit_of(machine);
    if (fails) /* first, so that nobody in the line is granted it */
        resource_fail(&site->machines, now);
    else
        site->free |= bit_of(machine);
    if (resource_release(&site->machines, now, next))
        return SITE_NEXT;
    return fails ? SITE_DOWN : SITE_IDLE;
}

bool site_fail(struct site *site, unsigned machine, simtime now)
{
    if (!site_is_free(site, machine)) {
        site->failing |= bit_of(machine);
        return false;
    }
    site->free &= ~bit_of(machine);
    return resource_fail(&site->machines, now);
}

bool site_repair(struct site *site, unsigned machine, simtime now, struct resource_claim *next)
{
    site->free |= bit_of(machine);
    return resource_repair(&site->machines, now, next);
}
