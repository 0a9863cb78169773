/*
 * The mobile phone as network terminal, and the channels between the parties.
 *
 * The phone turns what its owner wants into a request to the bank and receives the answer; the
 * token hangs on it by USB. A channel is a delay: in this version nothing sent is lost or overtaken.
 */
#ifndef CASHPOINT_PHONE_H
#define CASHPOINT_PHONE_H

#include "engine/distribution.h"
#include "message.h"

/* One way, or there and back. */
struct channel {
    struct distribution delay; /* s, one way */
};

simtime channel_one_way(const struct channel *channel, struct stream *stream);
simtime channel_round_trip(const struct channel *channel, struct stream *stream);

/* The request that mobile banking sends; `reservation_code` is null in the image-code scheme. */
struct reservation_request phone_reserve(enum scheme scheme, uint64_t mobile, uint64_t card,
                                         int64_t amount_minor, const char *reservation_code);

#endif
