/*
 * A site: machines that stand side by side with one line before them, and a counter with clerks.
 *
 * The resource knows how many machines are taken, the site which ones. They are taken in turn, so
 * that all wear alike. A machine that fails while somebody stands at it lets them finish and goes
 * then; the others serve on meanwhile.
 */
#ifndef CASHPOINT_SITE_H
#define CASHPOINT_SITE_H

#include "engine/resource.h"

enum { SITE_MACHINES = 64 };

struct site {
    struct resource machines; /* who stands at one or waits for one */
    struct resource counter;  /* the clerks and who waits for them */
    uint64_t free;            /* bit i: machine i is up and nobody stands at it */
    uint64_t failing;         /* bit i: goes when the one who stands at it leaves */
    unsigned turn;            /* the machine after the last that was taken */
};

/* At most SITE_MACHINES machines; all are up. */
void site_init(struct site *site, unsigned machines, unsigned clerks);
void site_fini(struct site *site);

/* The machine of somebody whom `machines` has just granted one. */
unsigned site_take(struct site *site);

/* True where nobody stands at the machine, and it works. */
bool site_is_free(const struct site *site, unsigned machine);

/* Takes a free machine past the line (which is empty then). */
void site_take_machine(struct site *site, unsigned machine, simtime now, uint32_t subject);

enum site_then {
    SITE_IDLE, /* the machine is free */
    SITE_NEXT, /* it is granted to the first in the line: site_take() gives it */
    SITE_DOWN, /* it has failed meanwhile and goes now */
};

/* Who stands at the machine leaves. */
enum site_then site_leave(struct site *site, unsigned machine, simtime now,
                          struct resource_claim *next);

/* The machine, which is up, fails. False where it goes only when the one who stands at it leaves.
 */
bool site_fail(struct site *site, unsigned machine, simtime now);

/* The machine, which is down, works again. True where the first in the line gets it. */
bool site_repair(struct site *site, unsigned machine, simtime now, struct resource_claim *next);

#endif
