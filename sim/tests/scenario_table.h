/* A small table of parameters with one row of every type, for the tests of scenarios. */
#ifndef CASHPOINT_SCENARIO_TABLE_H
#define CASHPOINT_SCENARIO_TABLE_H

#include "experiment/parameter.h"

struct test_camera {
    double f_number;
    double focus;
    struct distribution distance;
    double quantum;
    int preset;
};

struct test_settings {
    char description[PARAMETER_TEXT_BYTES];
    int64_t seed;
    int64_t replications;
    uint32_t schemes;
    struct distribution time_to_show;
    double rate;
    int profile;
    struct test_camera camera;
    double tilt;
    double matrix[3];
    int64_t tries;
    bool strict;
    double limit;
    double refusal;
    double speed;
    struct distribution gain;
};

static const char *const test_schemes[] = {"sms-code", "image-code", "chip", NULL};
static const char *const test_profiles[] = {"weekday", "weekend", "flat", NULL};

static const char *const test_lenses[] = {"custom", "fast", "slow", NULL};

#define AT(field) .offset = offsetof(struct test_settings, field)

static const struct parameter test_rows[] = {
    {"description", PARAMETER_TEXT, .default_text = "", .help = "What the scenario asks",
     .source = "the author", AT(description)},
    {"seed", PARAMETER_COUNT, .minimum = "0", .help = "Root of all random streams",
     .source = "the author", AT(seed)},
    {"replications", PARAMETER_COUNT, .minimum = "1", .maximum = "1000", .default_text = "10",
     .help = "Independent repetitions", .source = "assumption", AT(replications)},
    {"schemes", PARAMETER_CHOICES, .default_text = "[sms-code, image-code]",
     .choices = test_schemes, .help = "Which schemes compete", .source = "assumption", AT(schemes)},
    {"customers.time_to_show", PARAMETER_DISTRIBUTION, DIMENSION_TIME, .minimum = "0 s",
     .maximum = "10 min", .default_text = "lognormal(mean 8 s, sd 4 s)",
     .help = "From the code's arrival to the code before the camera", .source = "assumption",
     AT(time_to_show)},
    {"customers.reservations.rate", PARAMETER_QUANTITY, DIMENSION_RATE, .minimum = "0 /day",
     .default_text = "0.4 /day", .help = "Reservations of one customer", .source = "assumption",
     AT(rate)},
    {"customers.reservations.profile", PARAMETER_CHOICE, .default_text = "weekday",
     .choices = test_profiles, .help = "How reservations spread over the day",
     .source = "assumption", AT(profile)},
    {"terminals.camera.f_number", PARAMETER_QUANTITY, DIMENSION_NUMBER, .minimum = "0.7",
     .maximum = "32", .default_text = "2.8", .help = "Focal length over aperture",
     .source = "a common security lens", AT(camera.f_number)},
    {"terminals.camera.focus", PARAMETER_QUANTITY, DIMENSION_LENGTH, .minimum = "1 mm",
     .maximum = "10 m", .default_text = "120 mm", .help = "Distance that the lens is focused on",
     .source = "assumption", AT(camera.focus)},
    {"terminals.camera.distance", PARAMETER_DISTRIBUTION, DIMENSION_LENGTH, .minimum = "1 mm",
     .maximum = "10 m", .default_text = "normal(mean 100 mm, sd 20 mm, min 10 mm)",
     .help = "From the lens to the display", .source = "assumption", AT(camera.distance)},
    {"terminals.camera.quantum", PARAMETER_QUANTITY, DIMENSION_CHARGE, .minimum = "0 e-",
     .default_text = "20 e-", .help = "Read noise", .source = "assumption", AT(camera.quantum)},
    {"terminals.camera.preset", PARAMETER_CHOICE, .default_text = "custom",
     .choices = test_lenses, .help = "A lens by its name", .source = "assumption",
     AT(camera.preset)},
    {"terminals.tilt", PARAMETER_QUANTITY, DIMENSION_ANGLE, .minimum = "-90 deg",
     .maximum = "90 deg", .default_text = "8 deg", .help = "Tilt of the display",
     .source = "assumption", AT(tilt)},
    {"terminals.matrix", PARAMETER_NUMBERS, .minimum = "-1", .maximum = "1",
     .default_text = "[0.3, 0.59, 0.11]", .length = 3, .help = "Weights of the colours",
     .source = "Rec. 601 | rounded", AT(matrix)},
    {"bank.tries", PARAMETER_COUNT, .minimum = "1", .maximum = "10", .default_text = "3",
     .help = "Wrong codes until a reservation is locked", .source = "assumption", AT(tries)},
    {"bank.strict", PARAMETER_FLAG, .default_text = "yes", .help = "Refuse a code seen before",
     .source = "assumption", AT(strict)},
    {"bank.limit", PARAMETER_QUANTITY, DIMENSION_MONEY, .minimum = "0 CNY",
     .default_text = "3000 CNY", .help = "Largest amount of one withdrawal",
     .source = "common practice", AT(limit)},
    {"bank.refusal", PARAMETER_QUANTITY, DIMENSION_RATIO, .minimum = "0 %", .maximum = "100 %",
     .default_text = "2 %", .help = "Share of withdrawals refused at random",
     .source = "assumption", AT(refusal)},
    {"hand.speed", PARAMETER_QUANTITY, DIMENSION_SPEED, .default_text = "30 mm/s",
     .help = "Speed of the hand", .source = "assumption", AT(speed)},
    {"hand.gain", PARAMETER_DISTRIBUTION, DIMENSION_NUMBER, .minimum = "0", .maximum = "1e6",
     .default_text = "erlang(mean 2, stages 4)", .help = "A pure number that scatters",
     .source = "assumption", AT(gain)},
};

enum { TEST_ROWS = sizeof test_rows / sizeof *test_rows };

static const char *const test_fast[] = {"f_number=1.4", "quantum=5 e-", NULL};
static const char *const test_slow[] = {"f_number=8", NULL};
static const struct parameter_preset test_presets[] = {
    {"terminals.camera.preset", "fast", test_fast},
    {"terminals.camera.preset", "slow", test_slow},
};

static const struct parameter_table test_table = {
    test_rows, TEST_ROWS, sizeof(struct test_settings), NULL, NULL, test_presets, 2};

#endif
