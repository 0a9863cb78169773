#include "network/phone.h"

#include <string.h>

simtime channel_one_way(const struct channel *channel, struct stream *stream)
{
    return distribution_delay(&channel->delay, stream);
}

simtime channel_round_trip(const struct channel *channel, struct stream *stream)
{
    simtime there = channel_one_way(channel, stream);
    return there + channel_one_way(channel, stream);
}

struct reservation_request phone_reserve(enum scheme scheme, uint64_t mobile, uint64_t card,
                                         int64_t amount_minor, const char *reservation_code)
{
    struct reservation_request request = {
        .scheme = scheme, .mobile = mobile, .card = card, .amount_minor = amount_minor};
    if (reservation_code != NULL)
        memccpy(request.reservation_code, reservation_code, '\0',
                sizeof request.reservation_code - 1); /* the last stays 0 */
    return request;
}
