/* What no row of the table of parameters can say alone: settings that do not go together. */
#include "settings_check.h"

#include "cassette_list.h"
#include "experiment/needed.h"
#include "listed_fault.h"
#include "world.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static bool is_whole_fen(double amount_cny)
{
    double fen = amount_cny * 100.0;
    return fabs(fen - nearbyint(fen)) < 1e-6;
}

static void check_money(const struct bank_settings *bank, parameter_teller *tell, void *listener)
{
    if (!is_whole_fen(bank->note))
        tell(listener, "bank.note", NULL, "money has no part smaller than 0.01 CNY");
    if (!is_whole_fen(bank->daily_limit))
        tell(listener, "bank.daily_limit", NULL, "money has no part smaller than 0.01 CNY");
    if (bank->note > bank->daily_limit)
        tell(listener, "bank.daily_limit", "bank.note", "must allow at least one note (bank.note)");
}

/* A barcode holds digits: said before anybody tries to draw. */
static bool suits_barcode(const struct settings *settings, parameter_teller *tell, void *listener)
{
    if (settings->symbology != SYMBOLOGY_CODE128 && settings->symbology != SYMBOLOGY_ITF)
        return true;
    if (code_is_signature((enum code_kind)settings->code))
        tell(listener, "token.code", "token.image",
             "a signature with its transaction is 118 bytes, and a barcode holds some digits: set "
             "token.image to dot-matrix or qr-code, or token.code to hotp, totp or ocra");
    else if (settings->code_alphabet != PASSCODE_DIGITS)
        tell(listener, "token.alphabet", "token.image",
             "a barcode holds digits alone: set token.image to dot-matrix or qr-code, or "
             "token.alphabet to digits");
    else if (settings->code_digits < 12 || settings->code_digits > 16)
        tell(listener, "token.code_digits", "token.image",
             "a laser barcode has 12 to 16 digits; other images (token.image) have 10 to 20");
    else
        return true;
    return false;
}

/* Draws a code of that length. */
static void check_image(const struct settings *settings, parameter_teller *tell, void *listener)
{
    struct code_image image;
    struct error why;
    struct token_form form = settings_token_form(settings);
    struct code_format format = settings_format(settings);
    bool signs = code_is_signature(form.kind);
    char code[PAYLOAD_MAX_BYTES], message[2 * sizeof why.text];
    unsigned count = token_code_bytes(&form);
    memset(code, signs ? 0xa5 : settings->code_alphabet == PASSCODE_DIGITS ? '1' : 'A', count);
    if (symbology_draw(&format, code, count, (unsigned)settings->display.width,
                       (unsigned)settings->display.height, &image, &why))
        return;
    snprintf(message, sizeof message, "a code of %u %s does not fit the display: %s", count,
             signs                                        ? "bytes"
             : settings->code_alphabet == PASSCODE_DIGITS ? "digits"
                                                          : "characters",
             why.text);
    tell(listener, signs ? "token.code" : "token.code_digits", "token.display.width", message);
}

static void check_token(const struct settings *settings, parameter_teller *tell, void *listener)
{
    if (settings->check_digits && settings->symbology != SYMBOLOGY_CODE128 &&
        settings->symbology != SYMBOLOGY_ITF)
        tell(listener, "token.check_digits", "token.image",
             "only a barcode has check digits: a matrix corrects and checks its bits itself");
    if (suits_barcode(settings, tell, listener))
        check_image(settings, tell, listener);
    if (settings->totp_step != floor(settings->totp_step))
        tell(listener, "token.totp_step", NULL, "must be whole seconds");
    if (settings->bank.binding == BINDING_CERTIFICATE &&
        !code_is_signature((enum code_kind)settings->code))
        tell(listener, "bank.binding", "token.code",
             "this token has no certificate: set token.code to ecdsa, sm2 or ed25519, or "
             "bank.binding to mobile");
}

/* A personal computer does not come along. */
static void check_computers(const struct settings *settings, parameter_teller *tell, void *listener)
{
    bool shows = (settings->schemes >> SCHEME_IMAGE_CODE & 1) != 0;
    if (!(settings->computer.share > 0.0) || !shows)
        return;
    if (settings->order == ORDER_AT_TERMINAL)
        tell(listener, "computer.share", "order",
             "a personal computer at home cannot answer the bank while its owner stands at the "
             "machine: set computer.share to 0 %, or order to reserve-ahead");
    if (settings->way != WAY_TOKEN_DISPLAY)
        tell(listener, "token.way", "computer.share",
             "who reserves on a personal computer has the image on the token alone, as the "
             "computer stays at home: set token.way to token-display, or computer.share to 0 %");
}

static void check_malware(const struct settings *settings, parameter_teller *tell, void *listener)
{
    const struct malware_settings *malware = &settings->attacks.malware;
    bool shows_images = (settings->schemes >> SCHEME_IMAGE_CODE & 1) != 0;
    bool bound = settings->code == CODE_OCRA || code_is_signature((enum code_kind)settings->code);
    if (settings->display_shows == DISPLAY_SHOWS_TRANSACTION && shows_images && !bound)
        tell(listener, "token.display_shows", "token.code",
             "a code of a counter or of the time is made of no transaction, and there is none to "
             "show: set token.code to ocra, ecdsa, sm2 or ed25519, or token.display_shows to "
             "nothing");
    if (!(malware->phones > 0.0) && !(malware->computers > 0.0))
        return;
    if (malware->alters == MALWARE_TERMINAL && settings->order == ORDER_RESERVE_AHEAD)
        tell(listener, "attacks.malware.alters", "order",
             "what is reserved ahead names no terminal: set order to at-terminal, or "
             "attacks.malware.alters to amount or card");
    if (malware->alters == MALWARE_AMOUNT &&
        fabs(remainder(malware->amount, settings->bank.note)) > 1e-9)
        tell(listener, "attacks.malware.amount", "bank.note",
             "the bank pays whole notes and refuses anything else: set it to a multiple of "
             "bank.note");
}

static void check_absolute(const struct settings *settings, size_t measure, parameter_teller *tell,
                           void *listener)
{
    struct error error;
    double value;
    if (settings->precision_absolute[0] == '\0')
        return;
    if (!expectation_value(&model_tables.measures[measure], settings->precision_absolute, &value,
                           &error))
        tell(listener, "precision.absolute", "precision.metric", error.text);
    else if (!(value > 0.0))
        tell(listener, "precision.absolute", NULL, "must be above 0");
}

static void check_least(const struct settings *settings, parameter_teller *tell, void *listener)
{
    char message[256];
    if (settings->replications >= settings->precision_least)
        return;
    snprintf(message, sizeof message,
             "%lld is the most that may be run, and precision.least are %lld: set replications to "
             "what you can afford, or precision.least to fewer",
             (long long)settings->replications, (long long)settings->precision_least);
    tell(listener, "replications", "precision.least", message);
}

static void check_needed(const struct settings *settings, parameter_teller *tell, void *listener)
{
    struct needed needed;
    struct error error;
    if (settings->needed[0] == '\0')
        return;
    if (!needed_parse(&needed, &model_tables, settings->needed, &error))
        tell(listener, "report.needed", NULL, error.text);
    else if (!(settings->schemes >> needed.bound.scheme & 1))
        tell(listener, "report.needed", "schemes", "that scheme does not run");
}

static void check_precision(const struct settings *settings, parameter_teller *tell, void *listener)
{
    int scheme;
    size_t measure;
    struct error error;
    if (settings->precision_metric[0] == '\0') {
        if (settings->precision_absolute[0] != '\0')
            tell(listener, "precision.absolute", "precision.metric",
                 "of which metric? Name it with precision.metric");
        else if (settings->precision > 0.0)
            tell(listener, "precision.within", "precision.metric",
                 "of which metric? Name it with precision.metric");
        return;
    }
    if (!expectation_find(&model_tables, settings->precision_metric, &scheme, &measure, &error)) {
        tell(listener, "precision.metric", NULL, error.text);
        return;
    }
    if (scheme == SUMMARY_DIFFERENCE || !(settings->schemes >> scheme & 1))
        tell(listener, "precision.metric", "schemes", "that scheme does not run");
    check_least(settings, tell, listener);
    check_absolute(settings, measure, tell, listener);
}

/* What cannot be known is said before a long run, not after it. */
static void check_expect(const struct settings *settings, parameter_teller *tell, void *listener)
{
    struct expectation expectation;
    struct error error;
    bool both = __builtin_popcountll((unsigned long long)settings->schemes) > 1;
    for (int i = 0; i < EXPECTATIONS && settings->expect[i][0] != '\0'; i++) {
        if (!expectation_parse(&expectation, &model_tables, settings->expect[i], &error))
            continue; /* said by its row */
        if (expectation.scheme == SUMMARY_DIFFERENCE
                ? !both
                : !(settings->schemes >> expectation.scheme & 1))
            tell(listener, "expect", "schemes",
                 "one of these speaks of a scheme that does not run");
    }
}

/* What is deleted depends on all replications: a rule that looks after each would see each value
 * change again and again. */
static void check_steady(const struct settings *settings, parameter_teller *tell, void *listener)
{
    int scheme, other;
    size_t measure, precise;
    struct error error;
    bool sequential =
        expectation_find(&model_tables, settings->precision_metric, &other, &precise, &error);
    for (int i = 0; i < STEADY_METRICS && settings->steady[i][0] != '\0'; i++) {
        if (!expectation_find(&model_tables, settings->steady[i], &scheme, &measure, &error))
            continue; /* said by its row */
        if (scheme >= 0 && !(settings->schemes >> scheme & 1))
            tell(listener, "steady.metrics", "schemes", "one of these schemes does not run");
        if (sequential && scheme == other && measure == precise)
            tell(listener, "steady.metrics", "precision.metric",
                 "cannot hold the metric that decides when to stop (precision.metric): what is "
                 "deleted changes with every replication");
    }
}

static void check_sites(const struct settings *settings, parameter_teller *tell, void *listener)
{
    long long atms = (long long)settings->terminals.atms;
    long long each = (long long)settings->terminals.per_site, rest = atms % each;
    char message[256];
    if (rest != 0) {
        snprintf(message, sizeof message,
                 "%lld machines do not make whole sites of %lld; set terminals.atms to %lld", atms,
                 each, atms - rest > 0 ? atms - rest : each);
        tell(listener, "terminals.per_site", "terminals.atms", message);
    }
    if (atms + settings->terminals.pos.count > 65535)
        tell(listener, "terminals.pos.count", "terminals.atms",
             "at most 65535 machines in all, with terminals.atms; make one of them smaller");
    if (settings->customers.balk_at < each) {
        snprintf(message, sizeof message,
                 "people would leave though machines are free; set it to %lld (terminals.per_site) "
                 "or more",
                 each);
        tell(listener, "customers.balk_at", "terminals.per_site", message);
    }
}

/* A mix of notes is looked for in whole parts of them all. */
static void check_cassettes(const struct settings *settings, parameter_teller *tell, void *listener)
{
    struct cassette_plan plan = cassette_plan(&settings->terminals);
    double limit_minor = settings->bank.daily_limit * 100.0;
    if (plan.count > 0 && limit_minor > (double)cassettes_unit_minor(&plan) * CASSETTE_UNITS)
        tell(listener, "terminals.cassettes", "bank.daily_limit",
             "the notes have so small a part in common that the daily limit is more than 20000 of "
             "it: leave the smallest out, or lower bank.daily_limit");
}

static void check_faults(const struct settings *settings, parameter_teller *tell, void *listener)
{
    const struct terminal_settings *terminals = &settings->terminals;
    struct listed_fault fault;
    struct error error;
    for (int i = 0; i < LISTED_FAULTS && settings->faults.at[i][0] != '\0'; i++) {
        if (!listed_fault_parse(settings->faults.at[i], &fault, &error))
            continue; /* said by its row */
        int64_t sites = terminals->atms / terminals->per_site;
        int64_t places =
            terminals->pos.count + (fault.kind == LISTED_POWER ? sites : terminals->atms);
        if (fault.kind != LISTED_BANK_CRASH && fault.where >= places)
            tell(listener, "faults.at", "terminals.atms",
                 "one of these strikes a machine or a site that is not there; they are counted "
                 "from 0");
    }
}

enum { MOST_PEOPLE = 16000000 }; /* each of them waits as an event */

static void check_population(const struct settings *settings, parameter_teller *tell,
                             void *listener)
{
    const struct terminal_settings *terminals = &settings->terminals;
    int64_t people = terminals->card_population * (terminals->atms / terminals->per_site);
    if (terminals->card_population > 0 && terminals->card_customers > 0.0)
        tell(listener, "terminals.card_population", "terminals.card_customers",
             "either a population or arrivals at a rate; set terminals.card_customers to 0 /day");
    if (people > 0 && people + settings->customers.count > MOST_PEOPLE)
        tell(listener, "terminals.card_population", "terminals.atms",
             "at most 16000000 people in all, with customers.count; make one of them smaller, or "
             "terminals.atms");
    if (terminals->card_population > 0 && distribution_mean(&terminals->card_think) < 1e-3)
        tell(listener, "terminals.card_think", "terminals.card_population",
             "must take at least 1 ms in the mean, or the run would hardly get on");
}

static void check_world(const struct settings *settings, parameter_teller *tell, void *listener)
{
    const struct camera_settings *camera = &settings->terminals.camera;
    if (settings->world != WORLD_MATRIX)
        return;
    if (settings->schemes != 1u << SCHEME_IMAGE_CODE)
        tell(listener, "world", "schemes", "matrices are images: set schemes to [image-code]");
    if (camera->exposure_mode != EXPOSURE_AUTO || camera->gain > 0.0)
        tell(listener, "world", "terminals.camera.exposure_mode",
             "dots are judged at the level that auto-exposure holds: set "
             "terminals.camera.exposure_mode to auto and gain to 0");
    if (settings->display.kind == DISPLAY_OLED)
        tell(listener, "world", "token.display.kind",
             "dots are dark on a bright field: set token.display.kind to lcd or phone");
}

static void check_lens(const char *key, struct camera camera, parameter_teller *tell,
                       void *listener)
{
    if (!(camera.focus_m > 0.0))
        camera.focus_m = INFINITY; /* autofocus: then the frame is widest */
    if (!lens_covers_frame(&camera))
        tell(listener, key, NULL,
             "folds the picture back before the frame's corner; bring k1 and k2 nearer to 0");
}

static void check_focus(const struct terminal_settings *terminals, parameter_teller *tell,
                        void *listener)
{
    if (!(terminals->camera.focus > terminals->camera.focal_length))
        tell(listener, "terminals.camera.capture_focus", "terminals.camera.focal_length",
             "the focus must lie beyond the focal length");
    if (!(terminals->surveillance_focus > terminals->camera.focal_length))
        tell(listener, "terminals.camera.surveillance_focus", "terminals.camera.focal_length",
             "the focus must lie beyond the focal length");
}

void settings_check(const void *pointer, parameter_teller *tell, void *listener)
{
    const struct settings *settings = pointer;
    double weight = 0.0;
    for (int hour = 0; hour < PROFILE_HOURS; hour++)
        weight += settings->customers.profile[hour];
    if (!(weight > 0.0))
        tell(listener, "customers.profile", NULL, "at least one hour must be above 0");
    check_token(settings, tell, listener);
    check_world(settings, tell, listener);
    check_focus(&settings->terminals, tell, listener);
    check_lens("terminals.camera.k1", settings_capture_camera(&settings->terminals), tell,
               listener);
    check_lens("phone.camera.k1", settings_camera(&settings->phone.camera), tell, listener);
    check_lens("attacks.photographers.camera.k1", settings_camera(&settings->attacks.camera), tell,
               listener);
    check_money(&settings->bank, tell, listener);
    check_precision(settings, tell, listener);
    check_expect(settings, tell, listener);
    check_needed(settings, tell, listener);
    check_steady(settings, tell, listener);
    check_computers(settings, tell, listener);
    check_malware(settings, tell, listener);
    check_sites(settings, tell, listener);
    check_population(settings, tell, listener);
    check_faults(settings, tell, listener);
    check_cassettes(settings, tell, listener);
}
