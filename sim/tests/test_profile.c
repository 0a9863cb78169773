/* Arrivals by the hour: the weights are obeyed, the mean rate is kept, and time never runs back. */
#include "engine/profile.h"

#include "engine/random.h"
#include "tests/chance.h"

static const double weekday[24] = {0, 0, 0, 0, 0, 0.5, 2, 4, 6, 5, 5, 6,
                                   8, 6, 5, 5, 6, 9,   8, 5, 3, 2, 1, 0};

static struct profile of(const double *weights)
{
    struct profile profile;
    profile_init(&profile, weights);
    return profile;
}

/* Only the given hour has a weight. */
static struct profile only(int hour)
{
    double weights[24] = {0};
    weights[hour] = 3.0;
    return of(weights);
}

struct arrivals {
    double by_hour[24];
    double *within; /* place in its hour, 0 .. 1 */
    size_t count;
};

/* Arrivals of `days` days at a mean rate of one in `gap_s`. */
static struct arrivals arrive(const struct profile *profile, double gap_s, int days)
{
    size_t room = (size_t)(2.0 * days * 86400.0 / gap_s) + 100;
    struct arrivals arrivals = {.within = chance_room(room, sizeof(double))};
    struct stream stream;
    stream_init(&stream, (struct stream_key){.seed = 71});
    simtime now = 0, last = 0;
    for (;;) {
        now = profile_after(profile, now, stream_exponential(&stream, gap_s));
        assert_true(now >= last);
        last = now;
        if (now >= days * SIMTIME_DAY)
            return arrivals;
        assert_true(arrivals.count < room);
        arrivals.by_hour[now % SIMTIME_DAY / SIMTIME_HOUR]++;
        arrivals.within[arrivals.count++] = (double)(now % SIMTIME_HOUR) / (double)SIMTIME_HOUR;
    }
}

static void check_arrivals(const double *weights, int days)
{
    const double gap_s = 40.0;
    struct profile profile = of(weights);
    struct arrivals arrivals = arrive(&profile, gap_s, days);
    double sum = 0.0, expected[24], due = days * 86400.0 / gap_s;
    for (int hour = 0; hour < 24; hour++)
        sum += weights[hour];
    for (int hour = 0; hour < 24; hour++)
        expected[hour] = (double)arrivals.count * weights[hour] / sum;
    assert_fits(arrivals.by_hour, expected, 24, "arrivals by hour"); /* and none at weight 0 */
    assert_uniform(arrivals.within, arrivals.count, "arrivals within an hour");
    /* Poisson: the count of all days together has the variance of its mean. */
    double off = ((double)arrivals.count - due) / sqrt(due);
    assert_within(off, -CHANCE_DEVIATE, CHANCE_DEVIATE);
    free(arrivals.within);
}

static void test_weights_and_rate(void **state)
{
    (void)state;
    static const double flat[24] = {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
                                    1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1};
    static const double gaps[24] = {1e-3, 0, 2e-3, 0, 0, 1e-3, 0, 0, 0, 0, 0, 5e-3,
                                    0,    0, 0,    0, 0, 0,    0, 0, 0, 0, 0, 1e-3};
    check_arrivals(weekday, 50);
    check_arrivals(flat, 50);
    check_arrivals(gaps, 50);
}

/* On each single day, too: the busy hours are the same hours every day. */
static void test_one_hour_a_day(void **state)
{
    (void)state;
    for (int hour = 0; hour < 24; hour++) {
        struct profile profile = only(hour);
        simtime now = 0;
        for (int i = 0; i < 400; i++) {
            now = profile_after(&profile, now, 86400.0 / 39.51);
            simtime in_day = now % SIMTIME_DAY;
            assert_true(in_day >= hour * SIMTIME_HOUR && in_day < (hour + 1) * SIMTIME_HOUR);
            assert_int_equal(now / SIMTIME_DAY, (int)((i + 1) / 39.51));
        }
    }
}

static void assert_moment(simtime moment, simtime expected)
{
    if (llabs(moment - expected) > 100) /* of 10^16 ns a double keeps a few */
        fail_msg("%lld should be %lld", (long long)moment, (long long)expected);
}

static void test_whole_days_take_whole_days(void **state)
{
    (void)state;
    struct profile profile = of(weekday);
    static const double hours[] = {5.25, 8.0, 12.0, 17.999, 22.5};
    for (size_t i = 0; i < sizeof hours / sizeof *hours; i++)
        for (int days = 0; days < 100; days += 9) {
            simtime now = simtime_from_seconds(hours[i] * 3600.0) + 3 * SIMTIME_DAY;
            assert_moment(profile_after(&profile, now, days * 86400.0), now + days * SIMTIME_DAY);
        }
}

static void test_flat_is_the_plain_clock(void **state)
{
    (void)state;
    double flat[24];
    for (int hour = 0; hour < 24; hour++)
        flat[hour] = 0.7;
    struct profile profile = of(flat);
    for (simtime now = 0; now < 3 * SIMTIME_DAY; now += 1234567890123)
        for (int step_s = 0; step_s < 200000; step_s += 3600)
            assert_moment(profile_after(&profile, now, step_s), now + step_s * SIMTIME_SECOND);
}

/* Two steps are one step of their sum, also over nights in which nothing happens. */
static void test_steps_add_up(void **state)
{
    (void)state;
    struct profile profile = of(weekday);
    struct stream stream;
    stream_init(&stream, (struct stream_key){.seed = 72});
    for (int i = 0; i < 10000; i++) {
        simtime now = (simtime)(stream_uniform(&stream) * 30.0 * (double)SIMTIME_DAY);
        double first = stream_exponential(&stream, 20000.0);
        double second = stream_exponential(&stream, 20000.0);
        simtime stepwise = profile_after(&profile, profile_after(&profile, now, first), second);
        simtime at_once = profile_after(&profile, now, first + second);
        /* Rounding to a nanosecond in a busy hour is up to 18 in a quiet one. */
        assert_moment(stepwise, at_once);
        assert_true(stepwise >= now);
        assert_true(profile_after(&profile, now, 0.0) >= now); /* however it is rounded */
    }
}

static void test_from_within_the_night(void **state)
{
    (void)state;
    struct profile profile = only(9);
    /* Whenever one starts to wait, half of the day's operational time later it is half past nine.
     */
    simtime evening = 20 * SIMTIME_HOUR, next = SIMTIME_DAY + 9 * SIMTIME_HOUR;
    assert_moment(profile_after(&profile, 0, 43200.0), 9 * SIMTIME_HOUR + SIMTIME_HOUR / 2);
    assert_moment(profile_after(&profile, evening, 43200.0), next + SIMTIME_HOUR / 2);
    assert_moment(profile_after(&profile, evening, 0.0), next);
    assert_moment(profile_after(&profile, 0, 86400.0 + 24.0), next + SIMTIME_SECOND);
}

static void test_steps_too_small_to_move(void **state)
{
    (void)state;
    struct profile profile = of(weekday);
    simtime now = 400 * SIMTIME_DAY + 12 * SIMTIME_HOUR + 7;
    for (int i = 0; i < 100000; i++) {
        simtime next = profile_after(&profile, now, 1e-12);
        assert_true(next >= now);
        now = next;
    }
    assert_true(now < 400 * SIMTIME_DAY + 12 * SIMTIME_HOUR + SIMTIME_SECOND);
}

static void no_weights(void)
{
    static const double none[24] = {0};
    (void)of(none);
}

static void a_negative_weight(void)
{
    static const double weights[24] = {2, -1, 3};
    (void)of(weights);
}

static void test_bugs_are_caught(void **state)
{
    (void)state;
    assert_aborts(no_weights);
    assert_aborts(a_negative_weight);
}

/*
 * The counts of a non-homogeneous Poisson process: 1,000 days at 480 arrivals a day, from a profile
 * with a night, a peak and an empty hour. The hours' totals by chi-square; the mean of all; the
 * variance by Fisher's dispersion, the sum of (count - mean)^2 / mean over all hours of all days,
 * which is chi-square with as many degrees of freedom (from above and below); and where in its hour
 * an arrival lies, by Kolmogorov and Smirnov. Each with the false-alarm rate of chance.h.
 */
enum { DAYS = 1000, A_DAY = 480 };

struct counts {
    double hour[24], cell[DAYS][24];
    double *places;
    size_t arrivals;
};

static void count_arrivals(const struct profile *profile, struct counts *counts)
{
    struct stream stream;
    stream_init(&stream, (struct stream_key){.seed = 81});
    for (simtime now = 0;;) {
        now = profile_after(profile, now, stream_exponential(&stream, 86400.0 / A_DAY));
        if (now >= DAYS * SIMTIME_DAY)
            return;
        simtime hour = now / SIMTIME_HOUR;
        counts->cell[hour / 24][hour % 24]++;
        counts->hour[hour % 24]++;
        counts->places[counts->arrivals++] = (double)(now % SIMTIME_HOUR) / (double)SIMTIME_HOUR;
    }
}

static double dispersion_of(const struct counts *counts, const double *expected, double *freedom)
{
    double sum = 0.0;
    *freedom = 0.0;
    for (int day = 0; day < DAYS; day++)
        for (int hour = 0; hour < 24; hour++)
            if (expected[hour] > 0.0) {
                double mean = expected[hour] / DAYS, off = counts->cell[day][hour] - mean;
                sum += off * off / mean;
                ++*freedom;
            }
    return sum;
}

static void test_arrivals_are_poisson(void **state)
{
    (void)state;
    static const double weights[24] = {1, 1, 0, 0.5, 0.5, 1, 2, 4, 6, 8, 9, 10,
                                       9, 8, 7, 6,   6,   8, 9, 6, 4, 3, 2, 1};
    double sum = 0.0, expected[24], freedom;
    struct profile profile;
    struct counts *counts = chance_room(1, sizeof *counts);
    counts->places = chance_room(2 * DAYS * A_DAY, sizeof *counts->places);
    profile_init(&profile, weights);
    count_arrivals(&profile, counts);
    for (int hour = 0; hour < 24; hour++)
        sum += weights[hour];
    for (int hour = 0; hour < 24; hour++)
        expected[hour] = (double)DAYS * A_DAY * weights[hour] / sum;
    assert_fits(counts->hour, expected, 24, "hours");
    assert_mean((double)counts->arrivals / DAYS, A_DAY, sqrt(A_DAY), DAYS, "arrivals a day");
    double dispersion = dispersion_of(counts, expected, &freedom);
    assert_true(gsl_cdf_chisq_Q(dispersion, freedom) > chance_alarm / 2.0);
    assert_true(gsl_cdf_chisq_P(dispersion, freedom) > chance_alarm / 2.0);
    assert_uniform(counts->places, counts->arrivals, "places in the hour");
    free(counts->places);
    free(counts);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_weights_and_rate),
        cmocka_unit_test(test_one_hour_a_day),
        cmocka_unit_test(test_whole_days_take_whole_days),
        cmocka_unit_test(test_flat_is_the_plain_clock),
        cmocka_unit_test(test_steps_add_up),
        cmocka_unit_test(test_from_within_the_night),
        cmocka_unit_test(test_steps_too_small_to_move),
        cmocka_unit_test(test_arrivals_are_poisson),
        cmocka_unit_test(test_bugs_are_caught),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
