/*
 * A message on its way, between post.c, which carries it, and station.c, where the bank takes it
 * up.
 */
#ifndef CASHPOINT_LETTER_H
#define CASHPOINT_LETTER_H

#include "parts.h"

/* What a message is; a reply is its question + REPLY. */
enum letter_kind {
    LETTER_REQUEST, /* or the phone's answer to the bank's question */
    LETTER_REVERSAL,
    LETTER_ADVICE,
    REPLY,
    LETTER_DATABASE = 6,
    LETTER_QUESTION /* from the bank to a phone */
};

/* Of an event's detail; what is left of it is free. */
enum { LETTER_BITS = 10 };

/* A message to the bank, as events carry it: kind (2 bits), repetition (7), copy (1). */
struct letter {
    unsigned kind, number, copy;
};

static inline uint32_t letter_pack(struct letter letter)
{
    return letter.kind | letter.number << 2 | letter.copy << 9;
}

static inline struct letter letter_unpack(uint32_t detail)
{
    return (struct letter){detail & 3, detail >> 2 & (EXCHANGE_ATTEMPTS - 1), detail >> 9 & 1};
}

/* post.c: it is lost, there; the bank says this to it; the bank works on it, for so long. */
void post_lose(struct world *world, uint32_t exchange, const char *where);
void post_reply(struct world *world, uint32_t exchange, struct letter letter, enum reason reason,
                bool final);
void post_hear(struct world *world, uint32_t exchange, struct letter letter);
simtime post_service(const struct world *world, uint32_t exchange, struct letter letter);

#endif
