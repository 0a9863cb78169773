#include "network/channel.h"

simtime channel_one_way(const struct channel *channel, struct stream *stream)
{
    return distribution_delay(&channel->delay, stream);
}

simtime channel_round_trip(const struct channel *channel, struct stream *stream)
{
    simtime there = channel_one_way(channel, stream);
    return there + channel_one_way(channel, stream);
}

void channel_fate(const struct channel *channel, struct stream *stream, struct passage *passage)
{
    if (channel_is_plain(channel))
        return;
    passage->lost = stream_chance(stream, channel->loss);
    passage->twice = stream_chance(stream, channel->duplicate);
}
