#include "people/people.h"

#include <math.h>
#include <string.h>

int64_t people_amount_minor(const struct settings *settings, const struct distribution *wanted,
                            struct stream *stream)
{
    int64_t note_minor = llround(settings->bank.note * 100.0);
    int64_t most = llround(settings->bank.daily_limit * 100.0) / note_minor;
    double wanted_minor = distribution_draw(wanted, stream) * 100.0;
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

/* That none of so many digits is wrong. */
static double chance_of_right(double error, size_t digits)
{
    double right = 1.0;
    for (; digits > 0; digits--)
        right *= 1.0 - error;
    return right;
}

/* One draw says whether any digit is wrong, which seldom is. Where one is, it is the first of those
 * left with the chance error / (1 - chance that all of them are right); after it each for itself.
 */
bool people_type(const struct settings *settings, const char *wanted, struct stream *stream,
                 char *typed)
{
    double error = settings->customers.typing_error;
    size_t left = strlen(wanted);
    memcpy(typed, wanted, left + 1);
    if (stream_chance(stream, chance_of_right(error, left)))
        return false;
    bool wrong = false;
    for (; left > 0; left--, typed++) {
        double chance = wrong ? error : error / (1.0 - chance_of_right(error, left));
        if (!stream_chance(stream, chance))
            continue;
        *typed = (char)('0' + (*typed - '0' + 1 + (int)stream_below(stream, 9)) % 10);
        wrong = true;
    }
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
