/*
 * What a running world holds: its customers, thieves, machines, sites and captures, and the events
 * that happen to them. Which file keeps which: parts.h.
 */
#ifndef CASHPOINT_STATE_H
#define CASHPOINT_STATE_H

#include "engine/kernel.h"
#include "engine/profile.h"
#include "exchange.h"
#include "network/banking.h"
#include "network/channel.h"
#include "people/people.h"
#include "story.h"
#include "streams.h"
#include "terminal/atm.h"
#include "terminal/cassettes.h"
#include "terminal/site.h"
#include "terminal/till.h"
#include "world.h"

enum { BOOKS_FOLDER_BYTES = 512 };

enum world_event {
    EVENT_RESERVE,       /* customer: wants cash */
    EVENT_ARRIVE,        /* customer: at the ATM */
    EVENT_STEP,          /* customer: the current step ends */
    EVENT_CARD_ARRIVE,   /* site, arrival */
    EVENT_CARD_LEAVE,    /* ATM, arrival */
    EVENT_SHIFT,         /* thief: goes to another ATM */
    EVENT_PHOTOGRAPH,    /* attack */
    EVENT_STRIKE,        /* attack: the accomplice comes to another ATM */
    EVENT_STRIKE_ASK,    /* attack: the bank is asked for the reservation */
    EVENT_STRIKE_SHOW,   /* attack: the stolen code is before the camera, or typed */
    EVENT_STRIKE_DONE,   /* attack: the notes are taken */
    EVENT_STRIKE_AWAY,   /* attack: the accomplice leaves the machine */
    EVENT_SWEEP,         /* the bank releases what has expired */
    EVENT_RENEGE,        /* customer, waiter: has waited too long */
    EVENT_CARD_RENEGE,   /* site, waiter: the same, with a card */
    EVENT_FAIL,          /* ATM, repairs so far */
    EVENT_REPAIR,        /* ATM, repairs so far */
    EVENT_COUNTER_LEAVE, /* site, arrival: served by a clerk */
    EVENT_TO_BANK,       /* exchange, letter: a message arrives at the bank */
    EVENT_SERVED,        /* exchange, letter: ... and was worked on */
    EVENT_FROM_BANK,     /* exchange, reply: the bank's answer arrives */
    EVENT_TIMEOUT,       /* exchange */
    EVENT_BANK_CRASH,    /* bank, crashes so far */
    EVENT_BANK_RESTART,  /* bank */
    EVENT_CRASH,         /* ATM, crashes so far; or for once (faults.c) */
    EVENT_RESTART,       /* ATM */
    EVENT_POWER,         /* site, power cuts so far */
    EVENT_DAY_END,       /* bank: reconciles */
    EVENT_TOKEN_LOST,    /* customer, which token: its certificate is revoked */
    EVENT_LISTED,        /* bank, index: a fault of the scenario's list (faults.at) */
    EVENT_TO_PHONE,      /* exchange, question: the bank's arrives at a phone */
    EVENT_CODE_MADE,     /* exchange, question: ... and its owner has had the token answer it */
    EVENT_REFILL,        /* ATM: its cassettes are filled up */
};

enum step {
    STEP_IDLE,
    STEP_TRAVEL,
    STEP_QUEUE,
    STEP_TYPE_MOBILE,
    STEP_LOOKUP,                /* an exchange with the bank */
    STEP_SHOW,                  /* image-code */
    STEP_TYPE_RESERVATION_CODE, /* sms-code */
    STEP_READ_SMS,              /* sms-code */
    STEP_TYPE_SMS,              /* sms-code */
    STEP_AT_BANK,               /* an exchange with the bank */
    STEP_RESERVE,               /* by network banking, where that may take more than one try */
    STEP_TAKE_CASH,
    STEP_MAKE_CODE, /* reserved at the terminal: an exchange of the bank with the phone */
    STEP_LOG_IN,    /* to network banking */
    STEP_COUNT
};

/* Detail of EVENT_STEP: the step, and above it the visit, as the customer may be gone by then. */
enum { STEP_BITS = 4, STEP_MASK = (1 << STEP_BITS) - 1 };

_Static_assert(STEP_COUNT <= 1 << STEP_BITS, "as in the streams of visits");

/* 64 bytes a customer; what is drawn can be drawn again and is not kept. */
struct customer {
    uint64_t reservation; /* the bank's number, of the session under way */
    uint64_t booked;      /* the bank's number, of the customer's own reservation */
    uint64_t code;        /* sms-code: the SMS code as a number; image-code: what it is made of
                           * beside that reservation, a moment: codes.c */
    simtime since;        /* the current stage: wish, arrival, then start of the session */
    simtime exposed;      /* when the code was first to be seen; SIMTIME_NEVER: not yet */
    uint32_t amount_minor;
    uint32_t shot; /* world->shots index + 1; 0: none */
    uint32_t token_counter;
    uint16_t terminal; /* on the way and in the line: the first of the site */
    uint16_t visit;    /* reservations tried */
    uint16_t wishes;   /* had so far */
    uint8_t step;
    uint8_t tries;         /* failed at this visit */
    uint8_t reason;        /* the bank's last word */
    uint8_t final : 1;     /* ... and whether it is the last */
    uint8_t moved : 2;     /* places that could not pay, so far at this visit */
    uint8_t new_token : 1; /* the next wish begins at the bank's counter: signatures */
    uint8_t wants;         /* further wishes that wait for the end of this visit */
    uint8_t entitled;      /* stood at the machine with an open reservation */
};

_Static_assert(sizeof(struct customer) <= 64, "a million customers are 64 MB");

enum thief_kind { THIEF_WATCHER, THIEF_PHOTOGRAPHER, THIEF_MALWARE, THIEF_FORGER, THIEF_KINDS };

#define NO_THIEF UINT32_MAX /* nobody stands there */

struct thief {
    uint16_t terminal;
    uint8_t kind;
    uint32_t shift;
};

struct attack {
    uint32_t customer;
    uint16_t visit; /* of the owner's, at which the code was seen */
    uint16_t machine;
    uint8_t kind, tries;
    bool ended, gone; /* gone: what is still scheduled of it does not happen */
    bool altered;     /* the transaction of the owner's reservation, by malware */
    uint32_t thief;
    uint32_t shot;                               /* index + 1 */
    uint64_t owned;                              /* the owner's reservation */
    uint64_t reservation;                        /* that the bank named to the accomplice */
    struct token_code code;                      /* image-code: as the thief's decoder read it */
    char reservation_code[MESSAGE_DIGITS_BYTES]; /* sms-code: as typed by the owner */
    char sms_code[MESSAGE_DIGITS_BYTES];
    uint64_t challenge; /* a forger's own reservation at the terminal */
    simtime expires;
};

enum guest_kind { GUEST_WITH_RESERVATION, GUEST_WITH_CARD };

/* Whom a site serves. */
struct guest {
    enum guest_kind kind;
    uint32_t who; /* a customer; or which arrival of the site, of those with a card */
};

/* Somebody in a line; its number there is the subject of the site's resource. */
struct waiter {
    struct guest guest;
    uint32_t next_free; /* number of the next free one */
    resource_ticket ticket;
    event_id alarm; /* when patience ends; 0: never */
};

struct crowd {
    struct site *sites;
    uint32_t site_count;
    uint32_t per_site, atms, atm_sites; /* site i has the ATMs from i x per_site on ... */
    uint32_t terminals;                 /* ... and after the last of those each POS has its own */
    struct waiter *waiters;             /* numbered from 1 */
    uint32_t waiter_capacity, free_waiter;
    bool ranks;     /* some go before others */
    bool impatient; /* customers with a reservation may leave the line */
    bool card_impatient;
};

/* Who stands at a machine with a reservation, or a stolen code. */
enum session_of { SESSION_NONE, SESSION_OWNER, SESSION_ACCOMPLICE };

struct session {
    uint8_t of;
    bool down;      /* crashed: hears nothing until it is up again */
    bool crashed;   /* ... and has still to go down, or is down, for that */
    bool out;       /* no one can stand here: crashed or failed */
    bool failing;   /* has failed too, and goes when the one who stands here leaves */
    bool crash_due; /* crashes in this very moment, over what it has just dispensed */
    uint32_t who;
    uint32_t exchange; /* theirs with the bank, or 0 */
    uint32_t crashes, restarts;
    simtime down_for; /* SIMTIME_NEVER: as long as a restart takes */
};

/* The bank's server. */
struct station {
    struct resource workers; /* where there are so many, and not any number */
    bool limited, down;
    bool direct;    /* neither limited nor ever down: arriving and being served are one event */
    uint16_t epoch; /* crashes so far */
    simtime down_since, down_total;
    uint64_t heard, shed;
};

/* What the invariants need to know of a reservation. */
struct dossier {
    uint64_t expires_us : 48, facts : 8, wrong : 8;
};

/* The ten invariants, and whatever the first that broke says. */
struct invariants {
    struct dossier *dossiers; /* by reservation */
    size_t count, capacity;
    unsigned broken; /* its number; 0: none */
    uint64_t reservation;
    struct error error;
};

/* What the dispensers have counted since the last reconciliation. */
struct dispensed {
    struct dispense_report *entries;
    size_t count, capacity;
};

/* Whose picture a shot is. */
enum shown_by { SHOWN_BY_OWNER, SHOWN_BY_ACCOMPLICE, PHOTOGRAPHED_BY_THIEF };

enum { SHOT_CHUNK = 64, SHOTS_AHEAD = 4096 };

struct world {
    const struct settings *settings;
    enum scheme scheme;
    unsigned replication;
    struct kernel kernel;
    struct profile profile;
    struct bank *bank;
    char books_folder[BOOKS_FOLDER_BYTES]; /* of its file; empty: in memory */
    struct token_algorithm *algorithm;     /* the tokens' */
    struct token_model token_model;
    struct channel terminal_channel, phone_channel, computer_channel;
    bool timed;   /* something may get lost: there are timers and acknowledgements */
    bool logs_in; /* to network banking: it may take time */
    struct exchange_pool exchanges;
    struct station station;
    struct session *sessions;   /* by ATM */
    struct dispensed dispensed; /* where `timed` */
    struct invariants invariants;
    volatile bool halt; /* no further event */
    struct workers *workers;
    struct gallery *gallery; /* or null */
    const struct world_watch *watch;
    struct trace *trace; /* or null */
    struct unit_result *result;

    struct customer *customers;
    struct atm *atms;   /* and what a POS has of one, its camera and its journal */
    struct till *tills; /* by POS */
    struct cassette_plan plan;
    struct cassettes *cassettes; /* by ATM, or null: never empty */
    struct crowd crowd;
    struct thief *thieves;
    uint32_t thief_count;
    uint32_t *thief_at; /* by ATM and kind: index + 1 */
    struct attack *attacks;
    uint32_t attack_count, attack_capacity;

    struct shot **shots; /* stable addresses, in chunks */
    uint32_t *free_shots;
    uint32_t shot_capacity, free_shot_count;
    uint64_t captures; /* numbers them */
};

static inline bool world_shows_images(const struct world *world)
{
    return world->scheme == SCHEME_IMAGE_CODE;
}

/* Customers reserve at the machine. */
static inline bool world_reserves_here(const struct world *world)
{
    return world_shows_images(world) && world->settings->order == ORDER_AT_TERMINAL;
}

/* ATMs are numbered first. */
static inline bool world_is_pos(const struct world *world, uint16_t terminal)
{
    return terminal >= world->crowd.atms;
}

static inline struct till *world_till(const struct world *world, uint16_t terminal)
{
    CHECK(world_is_pos(world, terminal));
    return &world->tills[terminal - world->crowd.atms];
}

static inline uint32_t crowd_site(const struct world *world, uint16_t terminal)
{
    const struct crowd *crowd = &world->crowd;
    return terminal < crowd->atms ? terminal / crowd->per_site
                                  : crowd->atm_sites + (terminal - crowd->atms);
}

/* The site of a POS. */
static inline bool crowd_is_shop(const struct world *world, uint32_t site)
{
    return site >= world->crowd.atm_sites;
}

/* Of its machines, which follow one another. */
static inline uint16_t crowd_first(const struct world *world, uint32_t site)
{
    const struct crowd *crowd = &world->crowd;
    return (uint16_t)(crowd_is_shop(world, site) ? crowd->atms + (site - crowd->atm_sites)
                                                 : site * crowd->per_site);
}

static inline uint32_t crowd_machines(const struct world *world, uint32_t site)
{
    return crowd_is_shop(world, site) ? 1 : world->crowd.per_site;
}

static inline void world_count_outcome(struct world *world, size_t measure)
{
    unit_count(world->result, measure, 1.0);
}

static inline uint32_t world_shots_taken(const struct world *world)
{
    return world->shot_capacity - world->free_shot_count;
}

#endif
