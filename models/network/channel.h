/*
 * A channel between two parties: what becomes of a message on its way.
 *
 * Each message is delayed by itself, so that one may overtake another; it may be lost; it may come
 * a second time, some time after the first. The draws come in this order from the stream of the
 * message, the later ones only where the channel may lose or repeat at all: so a channel's loss
 * moves no delay.
 */
#ifndef CASHPOINT_CHANNEL_H
#define CASHPOINT_CHANNEL_H

#include "engine/distribution.h"

struct channel {
    struct distribution delay; /* s, one way */
    struct distribution again; /* s, from the first copy to the second */
    double loss, duplicate;    /* probabilities of a message; of a lost one, both copies are */
};

/* What becomes of one message. */
struct passage {
    simtime delay;
    bool lost, twice;
};

static inline bool channel_is_plain(const struct channel *channel)
{
    return !(channel->loss > 0.0) && !(channel->duplicate > 0.0);
}

simtime channel_one_way(const struct channel *channel, struct stream *stream);
simtime channel_round_trip(const struct channel *channel, struct stream *stream);

/* The rest of a passage whose delay was drawn before from the same stream. */
void channel_fate(const struct channel *channel, struct stream *stream, struct passage *passage);

#endif
