/*
 * Network banking: the two network terminals of the patent, and what they send to the bank.
 *
 * A mobile phone with mobile banking goes with its owner: it may reserve ahead, answer the bank's
 * question while its owner stands at the machine, and show the code's image there. A personal
 * computer with online banking stays at home: it reserves ahead, and that is all. The token hangs
 * on either by USB. Both send the same request; what differs is the way to the bank (each has a
 * channel of its own) and how long its owner takes to log in.
 */
#ifndef CASHPOINT_BANKING_H
#define CASHPOINT_BANKING_H

#include "message.h"

enum network_terminal { ON_PHONE, ON_COMPUTER };

/* The request that network banking sends; `reservation_code` is null in the image-code scheme;
 * `number`: the same in a repetition, larger in the customer's next. */
struct reservation_request banking_reserve(enum scheme scheme, uint64_t mobile, uint64_t card,
                                           int64_t amount_minor, const char *reservation_code,
                                           uint64_t number);

#endif
