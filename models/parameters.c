#include "settings.h"

#include "bank/bank.h"
#include "cassette_list.h"
#include "experiment/needed.h"
#include "experiment/quantity.h"
#include "listed_fault.h"
#include "measures.h"
#include "message.h"
#include "optics/camera.h"
#include "parameter_rows.h"
#include "presets.h"
#include "settings_check.h"
#include "symbology/symbology.h"
#include "world.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

const char *const scheme_names[] = {
    [SCHEME_SMS_CODE] = "sms-code", [SCHEME_IMAGE_CODE] = "image-code", [SCHEME_COUNT] = NULL};

static const char *const disciplines[] = {
    [QUEUE_FIFO] = "fifo", [QUEUE_RESERVED_FIRST] = "reserved-first", NULL};
static const char *const pending_sets[] = {
    [EVENTS_AUTO] = "auto", [EVENTS_HEAP] = "heap", [EVENTS_LADDER] = "ladder", NULL};
static const char *const worlds[] = {[WORLD_TOWN] = "town", [WORLD_MATRIX] = "matrix", NULL};
static const char *const images[] = {[SYMBOLOGY_CODE128] = "laser-barcode",
                                     [SYMBOLOGY_ITF] = "itf",
                                     [SYMBOLOGY_QR] = "qr-code",
                                     [SYMBOLOGY_DOT_MATRIX] = "dot-matrix",
                                     NULL};
static const char *const blocks[] = {"1x1", "1x2", "2x2", "4x4", NULL};
const struct matrix_block matrix_blocks[] = {{1, 1}, {1, 2}, {2, 2}, {4, 4}};
static const char *const code_kinds[] = {
#define X(kind, name, text) name,
    CODE_KINDS(X)
#undef X
        NULL};
static const char *const alphabets[] = {
    [PASSCODE_DIGITS] = "digits", [PASSCODE_CHARACTERS] = "characters", NULL};
static const char *const orders[] = {
    [ORDER_RESERVE_AHEAD] = "reserve-ahead", [ORDER_AT_TERMINAL] = "at-terminal", NULL};
static const char *const books[] = {[BOOKS_IN_MEMORY] = "memory", [BOOKS_IN_FILE] = "file", NULL};
static const char *const bindings[] = {
    [BINDING_MOBILE] = "mobile", [BINDING_CERTIFICATE] = "certificate", NULL};
static const char *const ways[] = {[WAY_TOKEN_DISPLAY] = "token-display",
                                   [WAY_IMAGE_TO_PHONE] = "image-to-phone",
                                   [WAY_PHOTO_OF_DISPLAY] = "photo-of-display",
                                   NULL};
static const char *const shown_before[] = {
    [DISPLAY_SHOWS_NOTHING] = "nothing", [DISPLAY_SHOWS_TRANSACTION] = "transaction", NULL};
static const char *const alterations[] = {[MALWARE_NOTHING] = "nothing",
                                          [MALWARE_AMOUNT] = "amount",
                                          [MALWARE_CARD] = "card",
                                          [MALWARE_TERMINAL] = "terminal",
                                          NULL};
static const char *const exposure_modes[] = {
    [EXPOSURE_AUTO] = "auto", [EXPOSURE_FIXED] = "fixed", NULL};
static const char *const noise_modes[] = {[NOISE_FAST] = "fast", [NOISE_EXACT] = "exact", NULL};
static const char *const mosaics[] = {[MOSAIC_NONE] = "none", [MOSAIC_RGGB] = "rggb", NULL};
static const char *const display_kinds[] = {
    [DISPLAY_LCD] = "lcd", [DISPLAY_OLED] = "oled", [DISPLAY_PHONE] = "phone", NULL};
static const char *const stress_kinds[] = {[STRESS_NONE] = "none",
                                           [STRESS_GAUSSIAN_NOISE] = "gaussian-noise",
                                           [STRESS_SHOT_NOISE] = "shot-noise",
                                           [STRESS_DEFOCUS] = "defocus",
                                           [STRESS_GAUSSIAN_BLUR] = "gaussian-blur",
                                           [STRESS_MOTION] = "motion",
                                           NULL};

static bool check_expectation(const char *text, struct error *error)
{
    struct expectation expectation;
    return expectation_parse(&expectation, &model_tables, text, error);
}

static bool check_asked(const char *text, struct error *error)
{
    const char *names[M_COUNT + 1] = {NULL};
    for (size_t i = 0; i < M_COUNT; i++) {
        names[i] = model_tables.measures[i].name;
        if (strcmp(names[i], text) == 0)
            return true;
    }
    const char *near = nearest_name(text, names);
    return error_set(error, "there is no metric \"%s\"%s%s%s", text,
                     near != NULL ? "; did you mean \"" : ": every run's summary.csv names them",
                     near != NULL ? near : "", near != NULL ? "\"?" : "");
}

static bool check_steady_name(const char *text, struct error *error)
{
    int scheme;
    size_t measure;
    if (!expectation_find(&model_tables, text, &scheme, &measure, error))
        return false;
    if (scheme == SUMMARY_DIFFERENCE)
        return error_set(error, "a difference is steady where both of its schemes are: name them");
    return model_tables.measures[measure].kind == MEASURE_TIME ||
           error_set(error, "\"%s\" is no time: only times are observed one by one",
                     model_tables.measures[measure].name);
}

static bool check_listed_fault(const char *text, struct error *error)
{
    struct listed_fault fault;
    return listed_fault_parse(text, &fault, error);
}

static bool check_cassette(const char *text, struct error *error)
{
    int64_t note_minor;
    uint32_t notes;
    return cassette_parse(text, &note_minor, &notes, error);
}

static const struct parameter rows[] = {
    TEXT("description", description, NULL, "The question that this scenario asks, in a sentence"),
    COUNT("seed", seed, "0", "9007199254740992", "1", "Root of all random streams", ""),
    COUNT("replications", replications, "1", "1000", "5",
          "Independent repetitions; intervals are made over them", ""),
    QUANTITY("duration", duration, DIMENSION_TIME, "1 s", "366 day", "24 h",
             "Simulated time, from midnight on", ""),
    {"world", PARAMETER_CHOICE, DIMENSION_NUMBER, NULL, NULL, "town",
     "What is run: a town with its bank, or captures of random matrices whose bit errors are "
     "counted (scheme image-code; of the other keys those of token.display, presentation and "
     "terminals.camera count)",
     "", worlds, 0, AT(world)},
    COUNT("matrix.captures", matrix_captures, "1", "10000", "10",
          "Captures of random matrices in a replication (world: matrix)", ""),
    {"schemes", PARAMETER_CHOICES, DIMENSION_NUMBER, NULL, NULL, "[sms-code, image-code]",
     "Which schemes run, on the same customers and arrivals", "", scheme_names, 0, AT(schemes)},
    CHOICE("order", order, orders, "reserve-ahead",
           "Where the customers of image-code reserve: on the phone before they set off, or at the "
           "machine, where the bank then has the phone's token make the code on the spot",
           "CN101945118A, paragraphs 54-58 and 75-80"),
    {"precision.metric", PARAMETER_TEXT, DIMENSION_NUMBER, NULL, NULL, "",
     "Stop when this is known well enough, as in image-code.false-refusal; replications is then "
     "the most",
     "", NULL, 0, AT(precision_metric)},
    QUANTITY("precision.within", precision, DIMENSION_RATIO, "0 %", "100 %", "0 %",
             "Half width of the 95 % interval, of the mean: the error that is accepted; 0 %: not "
             "asked for (5 % where precision.absolute is not, either)",
             "Law 2015, 9.4.1"),
    {"precision.absolute", PARAMETER_TEXT, DIMENSION_NUMBER, NULL, NULL, "",
     "The same in the unit of the metric, as in 0.5 s or 0.2 %; of both, either will do. A run "
     "that stops when its interval is narrow covers a little less than 95 %",
     "Law 2015, 9.4.1", NULL, 0, AT(precision_absolute)},
    COUNT("precision.least", precision_least, "2", "1000", "10",
          "Replications before the first look; fewer cover less than 95 %", "Law 2015, 9.4.1"),
    {"steady.metrics", PARAMETER_TEXTS, DIMENSION_NUMBER, NULL, NULL, "[]",
     "Times whose steady state is asked for, as in sms-code.card-wait: the warm-up is deleted by "
     "MSER-5, and doubts are said; none: each run counts from its start, as a day does",
     "White 1997; Pasupathy and Schmeiser 2010", NULL, STEADY_METRICS,
     offsetof(struct settings, steady), check_steady_name},
    {"expect", PARAMETER_TEXTS, DIMENSION_NUMBER, NULL, NULL, "[]",
     "What must come out, or the run exits with 99: image-code.false-refusal <= 2 %", "", NULL,
     EXPECTATIONS, offsetof(struct settings, expect), check_expectation},
    {"report.metrics", PARAMETER_TEXTS, DIMENSION_NUMBER, NULL, NULL, "[]",
     "Metrics that a sweep's report draws before all others, as in session-time", "", NULL,
     ASKED_METRICS, offsetof(struct settings, asked), check_asked},
    {"report.needed", PARAMETER_TEXT, DIMENSION_NUMBER, NULL, NULL, "",
     "How much of a swept key it takes, at each combination of the others: bank.workers for "
     "sms-code.bank-wait-p99 <= 1 s",
     "", NULL, 0, AT(needed)},

    COUNT("customers.count", customers.count, "1", "16000000", "5000",
          "Customers with account, card, token and phone", ""),
    QUANTITY("customers.reservations", customers.reservations, DIMENSION_RATE, "0 /day", "24 /day",
             "0.4 /day", "Reservations a customer makes", ASSUMED),
    {"customers.profile", PARAMETER_NUMBERS, DIMENSION_NUMBER, "0", "1000",
     "[1, 1, 1, 1, 1, 2, 4, 7, 8, 8, 8, 9, 10, 9, 8, 8, 9, 10, 10, 8, 6, 4, 3, 2]",
     "Weight of each hour of the day, from midnight on; the rate is the mean", ASSUMED, NULL,
     PROFILE_HOURS, AT(customers.profile)},
    DRAWN("customers.amount", customers.amount, DIMENSION_MONEY, "0 CNY", "1000000 CNY",
          "lognormal(mean 800 CNY, sd 600 CNY)",
          "Amount wanted; rounded up to whole notes, at most the daily limit", ASSUMED),
    DRAWN("customers.opening_balance", customers.opening_balance, DIMENSION_MONEY, "0 CNY",
          "100000000 CNY", "lognormal(mean 8000 CNY, sd 10000 CNY)",
          "Balance when the account is opened", ASSUMED),
    DRAWN("customers.travel", customers.travel, DIMENSION_TIME, "0 s", "30 day",
          "lognormal(mean 45 min, sd 40 min)", "From the reservation to the arrival at the ATM",
          ASSUMED),
    QUANTITY("customers.no_show", customers.no_show, DIMENSION_RATIO, "0 %", "100 %", "3 %",
             "Reservations whose customer never comes", ASSUMED),
    COUNT(
        "customers.balk_at", customers.balk_at, "1", "100000", "8",
        "A customer who finds so many people at the site, served and waiting, leaves again (the K "
        "of M/M/c/K)",
        ASSUMED),
    DRAWN("customers.patience", customers.patience, DIMENSION_TIME, "0 s", "366 day", NEVER,
          "How long a customer waits in the line before leaving it; " NEVER ": for ever", ASSUMED),
    RATIO("customers.pos_share", customers.pos_share, "100 %", "20 %",
          "Reservations that are withdrawn at a merchant's POS, where there are any "
          "(terminals.pos.count)",
          ASSUMED),
    RATIO("customers.elsewhere", customers.elsewhere, "100 %", "50 %",
          "Customers who go on to another ATM where a machine has no notes for the amount, or a "
          "till is too low, and says so before the bank permits",
          ASSUMED),
    DRAWN("customers.way_on", customers.way_on, DIMENSION_TIME, "0 s", "1 day",
          "lognormal(mean 8 min, sd 5 min)", "How long that takes them", ASSUMED),
    DRAWN("customers.keystroke", customers.keystroke, DIMENSION_TIME, "0 s", "1 min",
          "lognormal(mean 0.8 s, sd 0.4 s)", "One key on the ATM's keypad", ASSUMED),
    QUANTITY("customers.typing_error", customers.typing_error, DIMENSION_RATIO, "0 %", "100 %",
             "0.5 %", "Wrong digit, for each digit typed and not noticed", ASSUMED),
    DRAWN("customers.read_sms", customers.read_sms, DIMENSION_TIME, "0 s", "1 h",
          "lognormal(mean 7 s, sd 4 s)", "Finding the SMS on the phone", ASSUMED),
    DRAWN("customers.confirm", customers.confirm, DIMENSION_TIME, "0 s", "1 h",
          "lognormal(mean 6 s, sd 4 s)",
          "Finding the bank's question on the phone and having the token answer it (order: "
          "at-terminal)",
          ASSUMED),
    RATIO("customers.checks_display", customers.checks_display, "100 %", "79 %",
          "Customers who look whether what the token's display shows is what they want "
          "(token.display_shows), and see where it is not",
          "AlZomai et al. 2008: 79 % saw an obvious alteration in an SMS, 39 % one digit"),
    DRAWN("customers.read_display", customers.read_display, DIMENSION_TIME, "0 s", "1 h",
          "lognormal(mean 4 s, sd 2 s)", "How long they look", ASSUMED),
    DRAWN("customers.time_to_show", customers.time_to_show, DIMENSION_TIME, "0 s", "1 h",
          "lognormal(mean 8 s, sd 4 s)", "Holding the code in front of the camera",
          "scan at an ATM takes 9 to 10 s in all (bank press releases)"),
    DRAWN("customers.take_cash", customers.take_cash, DIMENSION_TIME, "0 s", "1 h",
          "lognormal(mean 12 s, sd 4 s)", "Counting out the notes and taking them", ASSUMED),

    CHOICE("token.code", code, code_kinds, "hotp",
           "What the token makes: a one-time code of a counter (hotp), of the time at which it is "
           "shown (totp) or of the transaction (ocra); or the transaction, signed (ecdsa on P-256, "
           "sm2 with SM3, ed25519): 118 bytes, for which a barcode has no room",
           "CN101945118A; RFC 4226, RFC 6238, RFC 6287; FIPS 186, GB/T 32918, RFC 8032"),
    FLAG("token.check_digits", check_digits, "no",
         "Whether a barcode has two more digits that check the others (ISO 7064 MOD 97-10); codes "
         "whose check digits do not fit are refused as wrong-check",
         ASSUMED),
    COUNT("token.code_digits", code_digits, "10", "20", "12",
          "Length of a one-time code, in digits (in a laser barcode an even number of 12 to 16) or "
          "characters",
          "CN101945118A: 10 or more"),
    CHOICE("token.alphabet", code_alphabet, alphabets, "digits",
           "A one-time code's: 0-9, or 32 characters of 5 bits each, which a barcode does not hold",
           "CN101945118A"),
    QUANTITY("token.totp_step", totp_step, DIMENSION_TIME, "1 s", "1 h", "30 s",
             "How long a code of the time lasts (token.code: totp), in whole seconds", "RFC 6238"),
    DRAWN("token.clock_error", clock_error, DIMENSION_TIME, "-1 day", "1 day",
          "normal(mean 0 s, sd 10 s)", "How far each token's clock is off (token.code: totp)",
          ASSUMED),
    {"token.image", PARAMETER_CHOICE, DIMENSION_NUMBER, NULL, NULL, "laser-barcode",
     "What the code is drawn as", "CN101945118A", images, 0, AT(symbology)},
    CHOICE(
        "token.qr.level", qr_level, qr_level_names, "M",
        "Error correction of a QR Code: about 7 % of it may be lost with L, 15 % M, 25 % Q, 30 % "
        "H",
        "ISO/IEC 18004"),
    CHOICE("token.matrix.block", matrix.block, blocks, "1x2",
           "Display pixels that make one bit of a dot matrix, across and down",
           "CN101945118A: two pixels one above the other"),
    CHOICE("token.matrix.fec", matrix.fec, matrix_fec_names, "viterbi",
           "How a dot matrix corrects errors: a convolutional code (constraint length 9, rate 1/3, "
           "soft bits), Reed-Solomon, or not at all",
           ASSUMED),
    COUNT("token.matrix.quiet", matrix.quiet, "0", "16", "0",
          "Dots left bright around a dot matrix; a bright bezel needs none, a black one 4",
          ASSUMED),
    FLAG("token.matrix.plain", matrix.plain, "no",
         "A dot matrix as the patent has it: bits in order, nothing to find it by, no check",
         "CN101945118A"),
    CHOICE("token.way", way, ways, "token-display",
           "How the image comes before the terminal's camera: on the token's display, sent to the "
           "phone, or photographed by the phone from the token's display",
           "CN101945118A"),
    CHOICE("token.display_shows", display_shows, shown_before, "nothing",
           "What the token shows before it makes a code: nothing, or the transaction that it was "
           "asked for, which its owner may look at and not confirm (what you see is what you "
           "sign; token.code: ocra or a signature)",
           ASSUMED),
    COUNT("token.display.width", display.width, "32", "256", "128", "Width in dots", LCD),
    COUNT("token.display.height", display.height, "16", "128", "64", "Height in dots", LCD),
    DISPLAY("token.display", display, token_preset_names, "custom", "lcd", "0.45 mm", "8", "100",
            LCD),

    DRAWN("presentation.distance", presentation.distance, DIMENSION_LENGTH, "5 mm", "10 m",
          "normal(mean 100 mm, sd 20 mm, min 40 mm)", "From the lens to the token", ASSUMED),
    DRAWN("presentation.offset", presentation.offset, DIMENSION_LENGTH, "-1 m", "1 m",
          "normal(mean 0 mm, sd 4 mm)", "From the optical axis, across and up", ASSUMED),
    DRAWN("presentation.yaw", presentation.yaw, DIMENSION_ANGLE, "-85 deg", "85 deg",
          "normal(mean 0 deg, sd 8 deg)", "Turned about the vertical", ASSUMED),
    DRAWN("presentation.pitch", presentation.pitch, DIMENSION_ANGLE, "-85 deg", "85 deg",
          "normal(mean 0 deg, sd 8 deg)", "Tilted about the horizontal", ASSUMED),
    DRAWN("presentation.roll", presentation.roll, DIMENSION_ANGLE, "-180 deg", "180 deg",
          "normal(mean 0 deg, sd 3 deg)", "Turned about the optical axis", ASSUMED),
    DRAWN("presentation.speed", presentation.speed, DIMENSION_SPEED, "0 mm/s", "10 m/s",
          "lognormal(mean 30 mm/s, sd 20 mm/s)", "Of the hand, in any direction across", ASSUMED),
    DRAWN("presentation.veil", glare.veil, DIMENSION_RATIO, "0 %", "10000 %", "0 %",
          "What the glass reflects of the room, of a bright dot's luminance", ASSUMED),
    DRAWN("presentation.glare", glare.peak, DIMENSION_RATIO, "0 %", "100000 %", "0 %",
          "Peak of a lamp's reflection somewhere on the display, likewise", ASSUMED),
    DRAWN("presentation.glare_size", glare.size, DIMENSION_LENGTH, "0.1 mm", "1 m", "5 mm",
          "Its standard deviation, as it is gaussian", ASSUMED),
    COUNT("presentation.frames", sequence.frames, "1", "30", "1",
          "Frames of one presentation; they are tried one after the other until one is read",
          ASSUMED),
    QUANTITY("presentation.frame_interval", sequence.interval, DIMENSION_TIME, "1 ms", "10 s",
             "33 ms", "From one of them to the next", "30 frames a second"),
    QUANTITY("presentation.tremor", sequence.tremor, DIMENSION_LENGTH, "0 mm", "20 mm", "0.2 mm",
             "Amplitude of the hand's tremor from frame to frame", ASSUMED),
    QUANTITY("presentation.tremor_rate", sequence.tremor_rate, DIMENSION_RATE, "0.1 /s", "50 /s",
             "9 /s", "Its frequency", "physiological tremor: 8 to 12 Hz"),

    DRAWN("phone.login", phone.login, DIMENSION_TIME, "0 s", "1 h", "0 s",
          "Logging in to mobile banking before a reservation; 0 s: who wants cash has done so",
          ASSUMED),
    DISPLAY("phone.display", phone.display, phone_preset_names, "custom", "phone", "0.5 mm", "20",
            "400", ASSUMED),
    CAMERA("phone.camera", phone.camera, "phone-1x", "1920", "1080", "1.4 um", "4.5 mm", "1.8",
           "22 us", "3240 e-", "4.4 e-", PHONE),
    DRAWN("phone.photograph.distance", phone.photograph.distance, DIMENSION_LENGTH, "10 mm", "10 m",
          "normal(mean 150 mm, sd 20 mm, min 80 mm)", "From the phone's lens to the token",
          ASSUMED),
    DRAWN("phone.photograph.offset", phone.photograph.offset, DIMENSION_LENGTH, "-1 m", "1 m",
          "normal(mean 0 mm, sd 4 mm)", "From its optical axis, across and up", ASSUMED),
    DRAWN("phone.photograph.yaw", phone.photograph.yaw, DIMENSION_ANGLE, "-85 deg", "85 deg",
          "normal(mean 0 deg, sd 5 deg)", "Turned about the vertical", ASSUMED),
    DRAWN("phone.photograph.pitch", phone.photograph.pitch, DIMENSION_ANGLE, "-85 deg", "85 deg",
          "normal(mean 0 deg, sd 5 deg)", "Tilted about the horizontal", ASSUMED),
    DRAWN("phone.photograph.roll", phone.photograph.roll, DIMENSION_ANGLE, "-180 deg", "180 deg",
          "normal(mean 0 deg, sd 3 deg)", "Turned about the optical axis", ASSUMED),
    DRAWN("phone.photograph.speed", phone.photograph.speed, DIMENSION_SPEED, "0 mm/s", "10 m/s",
          "lognormal(mean 20 mm/s, sd 15 mm/s)", "Of both hands, across", ASSUMED),

    RATIO("computer.share", computer.share, "100 %", "0 %",
          "Customers who reserve with online banking on a personal computer at home; the others "
          "with mobile banking on the phone",
          ASSUMED),
    DRAWN("computer.login", computer.login, DIMENSION_TIME, "0 s", "1 h",
          "lognormal(mean 40 s, sd 20 s)",
          "Logging in to online banking before a reservation, the token plugged in", ASSUMED),

    CHANNEL("network.terminal", terminal_channel, "ATM to bank", "lognormal(mean 80 ms, sd 40 ms)",
            "5 s"),
    CHANNEL("network.phone", phone_channel, "Phone to bank", "lognormal(mean 150 ms, sd 100 ms)",
            "10 s"),
    CHANNEL("network.computer", computer_channel, "Personal computer to bank",
            "lognormal(mean 40 ms, sd 20 ms)", "10 s"),

    COUNT("terminals.atms", terminals.atms, "1", "65535", "100", "Automated teller machines", ""),
    COUNT("terminals.per_site", terminals.per_site, "1", "64", "1",
          "Machines of one site, which share one line; must divide terminals.atms", ""),
    {"terminals.queue", PARAMETER_CHOICE, DIMENSION_NUMBER, NULL, NULL, "fifo",
     "Who is next in a line: first come first served, or customers with a reservation before those "
     "with a card; nobody is interrupted",
     ASSUMED, disciplines, 0, AT(terminals.queue)},
    COUNT("terminals.shots", terminals.shots, "1", "15", "3",
          "Unreadable pictures after which the customer gives up", ASSUMED),
    QUANTITY("terminals.card_customers", terminals.card_customers, DIMENSION_RATE, "0 /day",
             "100000 /day", "150 /day", "Other customers of each ATM, who come with a card",
             ASSUMED),
    DRAWN("terminals.card_session", terminals.card_session, DIMENSION_TIME, "0 s", "1 h",
          "lognormal(mean 60 s, sd 25 s)", "How long each of them takes", ASSUMED),
    DRAWN("terminals.card_patience", terminals.card_patience, DIMENSION_TIME, "0 s", "366 day",
          NEVER, "How long each of them waits in the line before leaving it; " NEVER ": for ever",
          ASSUMED),
    QUANTITY("terminals.card_priority", terminals.card_priority, DIMENSION_RATIO, "0 %", "100 %",
             "0 %", "Share of them who go before the others in a line", ASSUMED),
    COUNT("terminals.card_population", terminals.card_population, "0", "100000", "0",
          "A closed population instead of arrivals at a rate: so many customers with a card belong "
          "to each site; 0: none",
          ""),
    DRAWN("terminals.card_think", terminals.card_think, DIMENSION_TIME, "0 s", "366 day",
          "exponential(mean 3 day)",
          "From leaving the site to coming again, of each of a population, at any hour", ASSUMED),
    QUANTITY("terminals.failures", terminals.failures, DIMENSION_RATE, "0 /day", "100000 /day",
             "0 /day", "Failures of each machine; whoever stands at it is served to the end first",
             ASSUMED),
    DRAWN("terminals.repair", terminals.repair, DIMENSION_TIME, "0 s", "366 day",
          "lognormal(mean 2 h, sd 2 h)", "From a failure to its repair", ASSUMED),
    QUANTITY("terminals.counter.share", terminals.counter_share, DIMENSION_RATIO, "0 %", "100 %",
             "0 %", "Customers with a card who go on to the site's counter, with a line of its own",
             ASSUMED),
    COUNT("terminals.counter.clerks", terminals.clerks, "1", "1000", "1", "Clerks of each site",
          ASSUMED),
    DRAWN("terminals.counter.session", terminals.counter_session, DIMENSION_TIME, "0 s", "1 day",
          "lognormal(mean 4 min, sd 3 min)", "How long a clerk takes for one", ASSUMED),
    {"terminals.cassettes", PARAMETER_TEXTS, DIMENSION_NUMBER, NULL, NULL, "[]",
     "Each ATM's cassettes when they are full, at most 8: 100 CNY x 2000; none: never empty",
     ASSUMED, NULL, CASSETTE_LINES, offsetof(struct settings, terminals.cassettes), check_cassette},
    QUANTITY(
        "terminals.refill", terminals.refill, DIMENSION_TIME, "1 min", "366 day", "1 day",
        "From one filling of an ATM's cassettes to the next; the service comes to the machines "
        "one after the other",
        ASSUMED),
    DRAWN("terminals.card_amount", terminals.card_amount, DIMENSION_MONEY, "0 CNY", "1000000 CNY",
          "lognormal(mean 800 CNY, sd 600 CNY)",
          "What a customer with a card takes out of the cassettes, rounded as customers.amount",
          ASSUMED),
    COUNT("terminals.pos.count", terminals.pos.count, "0", "65534", "0",
          "POS: terminals with a camera and no dispenser, each with a merchant who pays from the "
          "till, and whom the bank credits; machines are numbered ATMs first, then POS",
          "CN101945118A"),
    DRAWN("terminals.pos.till", terminals.pos.till, DIMENSION_MONEY, "0 CNY", "100000000 CNY",
          "lognormal(mean 4000 CNY, sd 2000 CNY)", "In each till when the run begins", ASSUMED),
    RATIO("terminals.pos.looks", terminals.pos.looks, "100 %", "90 %",
          "Withdrawals at which the merchant looks into the till before the code is asked for; at "
          "the others one who cannot pay says so after the permit, which is then taken back",
          ASSUMED),
    DRAWN("terminals.pos.pay", terminals.pos.pay, DIMENSION_TIME, "0 s", "1 h",
          "lognormal(mean 20 s, sd 8 s)", "The merchant counts the notes out of the till", ASSUMED),
    QUANTITY("terminals.pos.shoppers", terminals.pos.shoppers, DIMENSION_RATE, "0 /day",
             "100000 /day", "120 /day",
             "Others at each till, who buy for cash and wait in the same line", ASSUMED),
    DRAWN("terminals.pos.serve", terminals.pos.serve, DIMENSION_TIME, "0 s", "1 h",
          "lognormal(mean 40 s, sd 20 s)", "How long the merchant takes for one", ASSUMED),
    DRAWN("terminals.pos.purchase", terminals.pos.purchase, DIMENSION_MONEY, "0 CNY", "1000000 CNY",
          "lognormal(mean 40 CNY, sd 40 CNY)", "What each of them leaves in the till", ASSUMED),
    CAMERA("terminals.camera", terminals.camera, "vga-security", "640", "480", "6 um", "3.6 mm",
           "2.8", "63.5 us", "10000 e-", "20 e-", VGA),
    QUANTITY("terminals.camera.capture_focus", terminals.camera.focus, DIMENSION_LENGTH, "10 mm",
             "100 m", "120 mm", "Distance in focus in capture mode", ASSUMED),
    QUANTITY("terminals.camera.switch_time", terminals.switch_time, DIMENSION_TIME, "0 s", "1 min",
             "0.8 s", "From surveillance to capture mode, or back", ASSUMED),
    QUANTITY("terminals.camera.surveillance_focus", terminals.surveillance_focus, DIMENSION_LENGTH,
             "10 mm", "100 m", "500 mm", "Distance in focus in surveillance mode", ASSUMED),
    QUANTITY("terminals.camera.refocus_time", terminals.refocus_time, DIMENSION_TIME, "0 s",
             "1 min", "0.5 s",
             "What the lens needs to refocus for capture, in dioptres evenly; if it is longer than "
             "switch_time, the lens stops on its way and shots are taken there",
             ASSUMED),

    COUNT("bank.tries", bank.tries, "1", "100", "3", "Wrong codes until the reservation is locked",
          "usual for PINs"),
    COUNT("bank.look_ahead", bank.look_ahead, "0", "1000", "10",
          "Counters beyond the next that are accepted", "RFC 4226, 7.4"),
    COUNT("bank.totp_window", bank.totp_window, "0", "100", "1",
          "Steps before and after its own whose code the bank accepts (token.code: totp)",
          "RFC 6238, 5.2"),
    CHOICE(
        "bank.binding", bank.binding, bindings, "mobile",
        "What the card is bound to at registration: the mobile number, or the certificate, which "
        "must then be good when its owner reserves, and not only when the code is shown",
        "CN101945118A, claim 7"),
    QUANTITY(
        "bank.certificate_lifetime", bank.certificate_lifetime, DIMENSION_TIME, "1 min", "3650 day",
        "1095 day",
        "From the issue of a certificate to its expiry (signatures); the first ones are of any "
        "age",
        ASSUMED),
    QUANTITY(
        "bank.revocations", bank.revocations, DIMENSION_RATE, "0 /day", "1000 /day", "0 /day",
        "Tokens that a customer reports lost: their certificates are revoked (signatures). The "
        "customer has another after the first refusal",
        ASSUMED),
    QUANTITY("bank.revocation_list", bank.list_interval, DIMENSION_TIME, "1 min", "30 day", "1 h",
             "From one list of revoked certificates to the next: until then they are accepted",
             ASSUMED),
    CHOICE(
        "bank.database", bank.database, books, "memory",
        "Where the books lie: in memory, or in a file of the system's temporary folder (TMPDIR), "
        "with a write-ahead log and every commit waited for. What comes out is the same",
        ""),
    COUNT("bank.sms_digits", bank.sms_digits, "4", "12", "6",
          "Digits of the SMS code and of the reservation code", "published rules of banks"),
    QUANTITY("bank.code_lifetime", bank.code_lifetime, DIMENSION_TIME, "1 s", "30 day", "4 h",
             "How long a reservation can be withdrawn", "banks: 30 min to 24 h"),
    QUANTITY("bank.daily_limit", bank.daily_limit, DIMENSION_MONEY, "1 CNY", "1000000 CNY",
             "3000 CNY", "Most that a customer may reserve a day", "published rules of banks"),
    QUANTITY("bank.note", bank.note, DIMENSION_MONEY, "1 CNY", "1000 CNY", "100 CNY",
             "The note that ATMs pay out", "renminbi"),
    DRAWN("bank.service", bank.service, DIMENSION_TIME, "0 s", "10 min",
          "lognormal(mean 40 ms, sd 20 ms)",
          "A worker's time for one message; measured ones: empirical(file ...)", ASSUMED),
    COUNT("bank.workers", bank.workers, "0", "10000", "0",
          "Messages that the bank works on at a time; 0: any number, nothing waits", ASSUMED),
    COUNT("bank.queue", bank.queue, "0", "1000000", "100",
          "Messages that may wait for a worker; one more is turned away as bank-busy, and comes "
          "again later",
          ASSUMED),

    COUNT("attacks.watchers.count", attacks.watchers, "0", "65535", "0",
          "Thieves who watch the keypad of an ATM", ""),
    QUANTITY("attacks.watchers.success", attacks.watch_success, DIMENSION_RATIO, "0 %", "100 %",
             "26.5 %", "Typed codes that a watcher reads",
             "six digits after several views: Aviv et al. 2017"),
    COUNT("attacks.photographers.count", attacks.photographers, "0", "65535", "0",
          "Thieves who photograph the code image from a distance", ""),
    QUANTITY("attacks.photographers.sight", attacks.sight, DIMENSION_RATIO, "0 %", "100 %", "50 %",
             "Presentations to which a photographer has a line of sight", ASSUMED),
    QUANTITY("attacks.photographers.knows_mobile", attacks.knows_mobile, DIMENSION_RATIO, "0 %",
             "100 %", "100 %", "Owners whose mobile number the photographer knows",
             "assumption: the worst case; it is typed in view"),
    DRAWN("attacks.photographers.distance", attacks.photograph.distance, DIMENSION_LENGTH, "50 mm",
          "1000 m", "uniform(min 1 m, max 4 m)", "From the thief's lens to the token",
          "payment codes were photographed from 3 m"),
    DRAWN("attacks.photographers.offset", attacks.photograph.offset, DIMENSION_LENGTH, "-10 m",
          "10 m", "normal(mean 0 mm, sd 20 mm)", "From the optical axis, across and up", ASSUMED),
    DRAWN("attacks.photographers.yaw", attacks.photograph.yaw, DIMENSION_ANGLE, "-85 deg", "85 deg",
          "normal(mean 0 deg, sd 25 deg)", "Turned about the vertical", ASSUMED),
    DRAWN("attacks.photographers.pitch", attacks.photograph.pitch, DIMENSION_ANGLE, "-85 deg",
          "85 deg", "normal(mean 0 deg, sd 15 deg)", "Tilted about the horizontal", ASSUMED),
    DRAWN("attacks.photographers.roll", attacks.photograph.roll, DIMENSION_ANGLE, "-180 deg",
          "180 deg", "normal(mean 0 deg, sd 3 deg)", "Turned about the optical axis", ASSUMED),
    DRAWN("attacks.photographers.speed", attacks.photograph.speed, DIMENSION_SPEED, "0 mm/s",
          "10 m/s", "lognormal(mean 30 mm/s, sd 20 mm/s)",
          "Of the token against the line of sight, both hands together", ASSUMED),
    CAMERA("attacks.photographers.camera", attacks.camera, "phone-5x", "1280", "720", "1.4 um",
           "22 mm", "3.4", "22 us", "3240 e-", "4.4 e-", "phone with a 5x lens, MT9F002 class"),
    DISPLAY("attacks.photographers.display", attacks.display, phone_preset_names, "custom", "phone",
            "0.5 mm", "20", "400", "the phone that shows the stolen code: assumption"),
    RATIO("attacks.malware.phones", attacks.malware.phones, "100 %", "0 %",
          "Phones on which malware has taken hold of mobile banking", ASSUMED),
    RATIO("attacks.malware.computers", attacks.malware.computers, "100 %", "0 %",
          "Personal computers on which it has of online banking", ASSUMED),
    CHOICE("attacks.malware.alters", attacks.malware.alters, alterations, "amount",
           "What malware makes of a transaction, to the bank and to the token alike where it "
           "stands between; codes that lie on the phone it copies for an accomplice in any case",
           ASSUMED),
    QUANTITY("attacks.malware.amount", attacks.malware.amount, DIMENSION_MONEY, "1 CNY",
             "1000000 CNY", "3000 CNY",
             "What it asks for where its owner wants less (attacks.malware.alters: amount)",
             "assumption: the daily limit"),
    RATIO("attacks.forgers.reach", attacks.forgers.reach, "100 %", "0 %",
          "Reservations for which a forger comes, who knows the mobile number and makes codes up",
          ASSUMED),
    COUNT("attacks.forgers.tries", attacks.forgers.tries, "1", "40", "3",
          "Codes that a forger makes up for one reservation, unless the bank locks it before",
          ASSUMED),
    DRAWN("attacks.forgers.after", attacks.forgers.after, DIMENSION_TIME, "0 s", "30 day",
          "lognormal(mean 10 min, sd 10 min)",
          "From the reservation (order: at-terminal: from the wish) to a forger's coming", ASSUMED),
    DRAWN("attacks.relay", attacks.relay, DIMENSION_TIME, "0 s", "1 day",
          "lognormal(mean 5 s, sd 3 s)",
          "From seeing the code to an accomplice stepping up to another ATM", ASSUMED),
    DRAWN("attacks.distraction", attacks.distraction, DIMENSION_TIME, "0 s", "1 h",
          "exponential(mean 30 s)", "How long a second accomplice holds up the owner", ASSUMED),
    QUANTITY("attacks.shift", attacks.shift, DIMENSION_TIME, "1 min", "30 day", "2 h",
             "Time that a thief stays at one ATM", ASSUMED),
    QUANTITY("faults.bank_crash", faults.bank_crash, DIMENSION_RATE, "0 /day", "10000 /day",
             "0 /day",
             "Crashes of the bank's server: what waits or is worked on is lost, the "
             "database stays",
             ASSUMED),
    DRAWN("faults.bank_restart", faults.bank_restart, DIMENSION_TIME, "0 s", "1 day",
          "lognormal(mean 2 min, sd 1 min)", "Until it is up again; what comes meanwhile is lost",
          ASSUMED),
    QUANTITY(
        "faults.terminal_crash", faults.terminal_crash, DIMENSION_RATE, "0 /day", "10000 /day",
        "0 /day",
        "Crashes of each machine, at any moment: what is in its memory is lost, its journal and "
        "the dispenser's counter stay",
        ASSUMED),
    DRAWN("faults.terminal_restart", faults.terminal_restart, DIMENSION_TIME, "0 s", "1 day",
          "lognormal(mean 4 min, sd 2 min)", "Until it is up again", ASSUMED),
    RATIO("faults.dispense_crash", faults.dispense_crash, "100 %", "0 %",
          "Payments over which the machine crashes: half before the notes are out, half after, "
          "before its journal says so",
          ASSUMED),
    QUANTITY("faults.power", faults.power, DIMENSION_RATE, "0 /day", "10000 /day", "0 /day",
             "Power cuts of each site: all its machines and their cameras go", ASSUMED),
    DRAWN("faults.power_out", faults.power_out, DIMENSION_TIME, "0 s", "1 day",
          "lognormal(mean 20 min, sd 20 min)", "How long one lasts, restart included", ASSUMED),
    RATIO("faults.database_busy", faults.database_busy, "100 %", "0 %",
          "Presentations whose database transaction does not come about: sent again later",
          ASSUMED),
    RATIO("faults.camera", faults.camera, "100 %", "0 %", "Shots that fail: the frame is black",
          ASSUMED),

    {"faults.at", PARAMETER_TEXTS, DIMENSION_NUMBER, NULL, NULL, "[]",
     "Faults at given times from the start, besides those that are drawn: 10:30 bank-crash 5 min, "
     "11:00 terminal-crash atm:3 2 min, 34:15 power site:0 20 min",
     "", NULL, LISTED_FAULTS, offsetof(struct settings, faults.at), check_listed_fault},

    {"engine.pending_set", PARAMETER_CHOICE, DIMENSION_NUMBER, NULL, NULL, "auto",
     "How the events to come are kept: a heap, a ladder queue, or a heap that takes to the ladder "
     "when it has grown; it changes the speed and nothing else",
     "", pending_sets, 0, AT(pending_set)},
};

static const char *const fixed[] = {"description", "seed",   "replications", "schemes", "precision",
                                    "expect",      "steady", "world",        "report",  NULL};

const struct parameter_table settings_table = {rows,
                                               sizeof rows / sizeof rows[0],
                                               sizeof(struct settings),
                                               settings_check,
                                               fixed,
                                               presets,
                                               PRESET_COUNT};
