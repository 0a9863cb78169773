#include "engine/profile.h"

#include "engine/error.h"

static const double day_s = 86400.0, hour_s = 3600.0;

void profile_init(struct profile *profile, const double *weights)
{
    double sum = 0.0;
    for (int hour = 0; hour < 24; hour++) {
        CHECK(weights[hour] >= 0.0);
        sum += weights[hour];
    }
    CHECK(sum > 0.0 && isfinite(sum));
    profile->start[0] = 0.0;
    for (int hour = 0; hour < 24; hour++)
        profile->start[hour + 1] = profile->start[hour] + day_s * weights[hour] / sum;
}

static double to_operational(const struct profile *profile, double time_s)
{
    double day = floor(time_s / day_s), in_day = time_s - day * day_s;
    int hour = (int)fmin(in_day / hour_s, 23.0);
    double part = in_day / hour_s - hour;
    double step = profile->start[hour + 1] - profile->start[hour];
    return day * profile->start[24] + profile->start[hour] + part * step;
}

static double from_operational(const struct profile *profile, double operational_s)
{
    double day = floor(operational_s / profile->start[24]);
    double in_day = operational_s - day * profile->start[24];
    int hour = 0;
    while (hour < 23 && profile->start[hour + 1] <= in_day)
        hour++;
    double step = profile->start[hour + 1] - profile->start[hour];
    double part = step > 0.0 ? (in_day - profile->start[hour]) / step : 0.0;
    return day * day_s + (hour + part) * hour_s;
}

simtime profile_after(const struct profile *profile, simtime now, double operational_s)
{
    double from = to_operational(profile, simtime_to_seconds(now));
    simtime at = simtime_from_seconds(from_operational(profile, from + operational_s));
    return at > now ? at : now;
}
