/*
 * The mobile phone as network terminal: it turns what its owner wants into a request to the bank
 * and receives the answer; the token hangs on it by USB.
 */
#ifndef CASHPOINT_PHONE_H
#define CASHPOINT_PHONE_H

#include "message.h"

/* The request that mobile banking sends; `reservation_code` is null in the image-code scheme;
 * `number`: the same in a repetition, larger in the customer's next. */
struct reservation_request phone_reserve(enum scheme scheme, uint64_t mobile, uint64_t card,
                                         int64_t amount_minor, const char *reservation_code,
                                         uint64_t number);

#endif
