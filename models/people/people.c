#include "people/people.h"

#include <math.h>

int64_t people_amount_minor(const struct settings *settings, struct stream *stream)
{
    int64_t note_minor = llround(settings->bank.note * 100.0);
    int64_t most = llround(settings->bank.daily_limit * 100.0) / note_minor;
    double wanted_minor = distribution_draw(&settings->customers.amount, stream) * 100.0;
    double notes = fmin(fmax(ceil(wanted_minor / (double)note_minor), 1.0), (double)most);
    return (int64_t)notes * note_minor;
}

void people_choose_code(struct stream *stream, unsigned digits, char *code)
{
    for (unsigned i = 0; i < digits; i++)
        code[i] = (char)('0' + stream_below(stream, 10));
    code[digits] = '\0';
}

simtime people_typing_time(const struct settings *settings, unsigned keys, struct stream *stream)
{
    return distribution_delays(&settings->customers.keystroke, keys, stream);
}

bool people_type(const struct settings *settings, const char *wanted, struct stream *stream,
                 char *typed)
{
    bool wrong = false;
    for (; *wanted != '\0'; wanted++, typed++) {
        *typed = *wanted;
        if (!stream_chance(stream, settings->customers.typing_error))
            continue;
        *typed = (char)('0' + (*wanted - '0' + 1 + (int)stream_below(stream, 9)) % 10);
        wrong = true;
    }
    *typed = '\0';
    return wrong;
}

simtime people_showing_time(const struct settings *settings, struct stream *stream)
{
    double burst_s = (double)(settings->sequence.frames - 1) * settings->sequence.interval;
    return distribution_delay(&settings->customers.time_to_show, stream) +
           simtime_from_seconds(burst_s);
}

struct pose people_hold(const struct pose_settings *settings, struct stream *stream)
{
    struct pose pose = {0};
    pose.distance_m = distribution_draw(&settings->distance, stream);
    pose.offset_x_m = distribution_draw(&settings->offset, stream);
    pose.offset_y_m = distribution_draw(&settings->offset, stream);
    pose.yaw = distribution_draw(&settings->yaw, stream);
    pose.pitch = distribution_draw(&settings->pitch, stream);
    pose.roll = distribution_draw(&settings->roll, stream);
    pose.speed_m_s = fmax(distribution_draw(&settings->speed, stream), 0.0);
    pose.direction = 2.0 * M_PI * stream_uniform(stream);
    return pose;
}

void people_reflect(const struct glare_settings *settings, double width_m, double height_m,
                    double pitch_m, struct stream *stream, struct glare *glare)
{
    glare->veil = fmax(distribution_draw(&settings->veil, stream), 0.0);
    glare->peak = fmax(distribution_draw(&settings->peak, stream), 0.0);
    glare->size_m = distribution_draw(&settings->size, stream);
    glare->x = width_m / pitch_m * (stream_uniform(stream) - 0.5);
    glare->y = height_m / pitch_m * (stream_uniform(stream) - 0.5);
}
