/*
 * The settings of a scenario, as the model reads them: plain fields in base units (seconds, metres,
 * radians, CNY, electrons). Filled by the scenario parser through the table of parameters.c.
 */
#ifndef CASHPOINT_SETTINGS_H
#define CASHPOINT_SETTINGS_H

#include "engine/error.h"
#include "engine/events.h"
#include "experiment/parameter.h"

enum {
    PROFILE_HOURS = 24,
    EXPECTATIONS = 16,
    STEADY_METRICS = 16,
    ASKED_METRICS = 8,
    LISTED_FAULTS = 64,
    CASSETTE_LINES = 8
};

struct camera_settings {
    int preset; /* into camera_presets; what it stands for is in the other fields already */
    int64_t width, height;
    double pixel_pitch, focal_length, f_number, focus;
    double k1, k2;
    bool vignetting;
    int exposure_mode; /* enum exposure_mode */
    double exposure, level, row_time, flicker, flicker_rate;
    double quantum_efficiency, full_well, gain, read_noise, dark, prnu, dsnu;
    int noise, mosaic; /* enum noise_mode, enum mosaic */
    double red, blue;
    int64_t jpeg;
    int stress; /* enum stress_kind */
    int64_t severity;
};

struct display_settings {
    int preset, kind; /* enum display_kind */
    double pitch, contrast, gap, panel_pitch, panel_gap, luminance;
    int64_t width, height; /* a token's */
};

/* How something is held in front of a camera. */
struct pose_settings {
    struct distribution distance, offset, yaw, pitch, roll, speed;
};

/* What the glass of the display reflects. */
struct glare_settings {
    struct distribution veil, peak, size;
};

/* Several frames of one presentation. */
struct sequence_settings {
    int64_t frames;
    double interval, tremor, tremor_rate;
};

/* The grid of a dot matrix. */
struct matrix_settings {
    int block; /* into matrix_blocks */
    int fec;   /* enum matrix_fec */
    int64_t quiet;
    bool plain;
};

/* What the token's display shows before it makes a code. */
enum display_shows { DISPLAY_SHOWS_NOTHING, DISPLAY_SHOWS_TRANSACTION };

/* How the image comes before the terminal's camera. */
enum token_way { WAY_TOKEN_DISPLAY, WAY_IMAGE_TO_PHONE, WAY_PHOTO_OF_DISPLAY };

/* The customer's phone: shows the image, or a photograph of the token's display. */
struct phone_settings {
    struct distribution login; /* to mobile banking, s */
    struct display_settings display;
    struct camera_settings camera;
    struct pose_settings photograph;
};

/* The personal computers at home. */
struct computer_settings {
    double share;              /* of the customers, who reserve there and not on the phone */
    struct distribution login; /* to online banking, s */
};

struct customer_settings {
    int64_t count, balk_at;
    double reservations, no_show, typing_error, checks_display, pos_share, elsewhere;
    double profile[PROFILE_HOURS];
    struct distribution amount, opening_balance, travel, patience, way_on;
    struct distribution keystroke, read_sms, confirm, read_display, time_to_show, take_cash;
};

/* The terminals of merchants. */
struct pos_settings {
    int64_t count;
    double looks, shoppers;
    struct distribution till, pay, serve, purchase;
};

enum queue_discipline { QUEUE_FIFO, QUEUE_RESERVED_FIRST };

struct terminal_settings {
    int64_t atms, per_site, shots;
    int queue; /* enum queue_discipline */
    int64_t card_population, clerks;
    double card_customers, card_priority, switch_time, failures, counter_share;
    double surveillance_focus, refocus_time;
    struct distribution card_session, card_patience, card_think, repair, counter_session;
    struct pos_settings pos;
    char cassettes[CASSETTE_LINES][PARAMETER_LINE_BYTES]; /* cassette_list.h; empty: none */
    double refill;
    struct distribution card_amount;
    struct camera_settings camera;
};

struct channel_settings {
    struct distribution delay, again; /* s */
    double loss, duplicate;
    double timeout, longest, back_off; /* until a message is sent again; the factor each time */
    int64_t retries;
};

struct fault_settings {
    double bank_crash, terminal_crash, power; /* rates */
    double dispense_crash, database_busy, camera;
    struct distribution bank_restart, terminal_restart, power_out;
    char at[LISTED_FAULTS][PARAMETER_LINE_BYTES]; /* listed_fault.h; empty: none */
};

enum bank_books { BOOKS_IN_MEMORY, BOOKS_IN_FILE };

struct bank_settings {
    int64_t tries, look_ahead, sms_digits, totp_window, workers, queue;
    int binding;  /* enum bank_binding */
    int database; /* enum bank_books */
    double code_lifetime, daily_limit, note;
    double certificate_lifetime, revocations, list_interval;
    struct distribution service;
};

/* What malware makes of a transaction. */
enum malware_alteration { MALWARE_NOTHING, MALWARE_AMOUNT, MALWARE_CARD, MALWARE_TERMINAL };

struct malware_settings {
    double phones, computers; /* shares that are infected */
    int alters;               /* enum malware_alteration */
    double amount;
};

struct forger_settings {
    double reach; /* of the reservations */
    int64_t tries;
    struct distribution after; /* s */
};

struct attack_settings {
    int64_t watchers, photographers;
    struct malware_settings malware;
    struct forger_settings forgers;
    double watch_success, sight, knows_mobile, shift;
    struct distribution relay, distraction;
    struct pose_settings photograph; /* of the token, from the thief's camera */
    struct camera_settings camera;   /* focus: on the token */
    struct display_settings display; /* the phone that shows the stolen code */
};

/* Where a customer reserves (image-code). */
enum order_of_events { ORDER_RESERVE_AHEAD, ORDER_AT_TERMINAL };

/* What a unit is: a town (world.h), or captures of random matrices (matrix.h). */
enum world_kind { WORLD_TOWN, WORLD_MATRIX };

struct settings {
    char description[PARAMETER_TEXT_BYTES];
    int64_t seed, replications;
    double duration;
    uint32_t schemes;                              /* bit set over enum scheme */
    char precision_metric[PARAMETER_TEXT_BYTES];   /* empty: all replications run */
    double precision;                              /* relative; 0: not asked for */
    char precision_absolute[PARAMETER_TEXT_BYTES]; /* in the metric's unit; empty: not asked for */
    int64_t precision_least;
    char steady[STEADY_METRICS][PARAMETER_LINE_BYTES]; /* empty: none */
    char expect[EXPECTATIONS][PARAMETER_LINE_BYTES];   /* empty: none */
    char asked[ASKED_METRICS][PARAMETER_LINE_BYTES];   /* of the report; empty: none */
    char needed[PARAMETER_TEXT_BYTES];                 /* empty: nothing */
    int order;                                         /* enum order_of_events */
    struct customer_settings customers;
    int code;          /* enum code_kind */
    int code_alphabet; /* enum passcode_kind */
    int64_t code_digits;
    bool check_digits;
    double totp_step;
    struct distribution clock_error; /* s */
    int symbology;
    int qr_level; /* enum qr_level */
    struct matrix_settings matrix;
    int way;           /* enum token_way */
    int display_shows; /* enum display_shows */
    struct display_settings display;
    struct phone_settings phone;
    struct computer_settings computer;
    struct pose_settings presentation;
    struct glare_settings glare;
    struct sequence_settings sequence;
    struct channel_settings terminal_channel, phone_channel, computer_channel;
    struct terminal_settings terminals;
    struct bank_settings bank;
    struct attack_settings attacks;
    struct fault_settings faults;
    int pending_set; /* enum events_form */
    int world;       /* enum world_kind */
    int64_t matrix_captures;
};

extern const struct parameter_table settings_table;
/* Display pixels of a bit of a dot matrix: the choices. */
struct matrix_block {
    unsigned width, height;
};
extern const struct matrix_block matrix_blocks[];

extern const char *const scheme_names[]; /* null-terminated, by enum scheme */

#endif
