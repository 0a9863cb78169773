/* cashpoint show: a code image, a frame, the stages of a capture, or a contact sheet, as PNG. */
#include "show.h"

#include "optics/frame_png.h"
#include "people/people.h"
#include "picture.h"
#include "streams.h"
#include "world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    OPTION_SET,
    OPTION_SCENARIO,
    OPTION_ROWS,
    OPTION_COLUMNS,
    OPTION_SHOTS,
    OPTION_CODE,
    OPTION_SEED,
    OPTION_OUT
};

enum { SHOTS_MOST = 1000 };

enum exit_code show_save(const char *path, const struct frame *frame)
{
    struct error error;
    if (!frame_png_write(path, frame, &error))
        return complain(EXIT_FAILED, "%s", error.text);
    printf("%s: %u x %u pixels\n", path, frame->width, frame->height);
    return EXIT_DONE;
}

/* The code image, as the token's display shows it. */
enum exit_code show_code(const struct show *show)
{
    struct token_model model = settings_token(show->settings);
    struct code_image image;
    token_show(&model, &show->code, &image);
    struct frame frame = picture_of_code(&image);
    enum exit_code code = show_save(show->out, &frame);
    free(frame.pixels);
    return code;
}

struct shot show_shot(const struct show *show, const struct settings *settings, unsigned number)
{
    struct stream_key key = {(uint64_t)show->seed, number, 0, PURPOSE_POSE};
    struct stream stream;
    stream_init(&stream, key);
    key.purpose = PURPOSE_NOISE;
    struct shot shot = {
        .model = settings_token(settings),
        .noise = key,
        .rules = settings_rules(settings),
    };
    settings_present(settings, NULL, 0, &stream, &shot);
    shot.code = show->code;
    return shot;
}

enum exit_code show_frame(const struct show *show)
{
    const struct camera_settings *camera = &show->settings->terminals.camera;
    struct pipeline *pipeline = pipeline_new((unsigned)camera->width, (unsigned)camera->height);
    struct shot shot = show_shot(show, show->settings, 0);
    pipeline_run(pipeline, &shot);
    enum exit_code code = show_save(show->out, pipeline_frame(pipeline));
    picture_describe(stdout, &shot);
    char text[TOKEN_PRINT_BYTES];
    token_print(shot.decoded.text, shot.decoded.length, text);
    printf("decoder: %s%s%s\n", decode_status_text(shot.decoded.status),
           text[0] != '\0' ? ": " : "", text);
    pipeline_free(pipeline);
    return code;
}

/* --- what was asked for --- */

static const struct {
    const char *name;
    enum exit_code (*show)(const struct show *);
} kinds[] = {
    {"code", show_code}, {"frame", show_frame}, {"chain", show_chain}, {"gallery", show_gallery}};

enum { KINDS = sizeof kinds / sizeof kinds[0], GALLERY = KINDS - 1 };

/* What a token would make: the digits of a one-time code as a customer would choose them; of any
 * other, one that a token makes of a transaction drawn from the seed. */
static struct token_code draw_code(const struct show *show, const struct token_form *form)
{
    struct stream stream;
    stream_init(&stream,
                (struct stream_key){.seed = (uint64_t)show->seed, .purpose = PURPOSE_BENCH});
    struct token_code code = {.count = token_code_bytes(form)};
    if (!code_is_signature(form->kind) && form->passcode.kind == PASSCODE_DIGITS) {
        people_choose_code(&stream, code.count, code.bytes);
        return code;
    }
    struct token_secret secret = {.issue = stream_u32(&stream)};
    struct token_order order = {.counter = stream_u32(&stream),
                                .time_s = stream_u32(&stream),
                                .transaction = {.reservation = 1u + stream_u32(&stream),
                                                .mobile = UINT64_C(13000000000),
                                                .card = stream_u32(&stream),
                                                .amount_minor = 80000,
                                                .expires = stream_u32(&stream)}};
    struct token_algorithm *algorithm = token_algorithm_new(form);
    token_request(algorithm, &secret, &order, &code);
    token_algorithm_free(algorithm);
    return code;
}

static bool choose_code(struct show *show, const char *code)
{
    struct token_form form = settings_token_form(show->settings);
    size_t length = token_code_bytes(&form);
    bool digits = form.passcode.kind == PASSCODE_DIGITS, signs = code_is_signature(form.kind);
    const char *alphabet = digits ? "0123456789" : "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    if (code == NULL) {
        show->code = draw_code(show, &form);
    } else if (!signs && strlen(code) == length && strspn(code, alphabet) == length) {
        show->code = token_code_of(code);
    } else {
        if (signs)
            complain(EXIT_USAGE, "--code takes digits, and this token signs (token.code): leave it "
                                 "out, and one is drawn from the seed");
        else
            complain(EXIT_USAGE, "--code takes %zu %s (token.code_digits), not '%s'", length,
                     digits ? "digits" : "characters", code);
        return false;
    }
    return true;
}

/* The scenario, with the axes of a gallery as its sweep. */
static bool read_scenario(struct show *show, const struct arguments *arguments)
{
    static const int axes[2] = {OPTION_ROWS, OPTION_COLUMNS};
    const char *set[COMMAND_MAX_SETTINGS + 2];
    char *made[2] = {NULL, NULL};
    size_t count = arguments->setting_count;
    memcpy(set, arguments->settings, count * sizeof *set);
    for (int i = 0; i < 2; i++)
        if (arguments->options[axes[i]] != NULL) {
            CHECK(asprintf(&made[i], "sweep.%s", arguments->options[axes[i]]) > 0);
            set[count++] = made[i];
        }
    bool good = scenario_read(&show->scenario, &settings_table, arguments->options[OPTION_SCENARIO],
                              set, count, stderr);
    show->settings = show->scenario.settings;
    show->only_rows = made[0] != NULL && made[1] == NULL;
    free(made[0]);
    free(made[1]);
    return good;
}

static bool read_numbers(struct show *show, const struct arguments *arguments)
{
    const char *seed = arguments->options[OPTION_SEED], *shots = arguments->options[OPTION_SHOTS];
    return (seed == NULL || argument_number("seed", seed, 0, INT64_C(1) << 53, &show->seed)) &&
           (shots == NULL || argument_number("shots", shots, 1, SHOTS_MOST, &show->shots));
}

static enum exit_code check_kind(const struct arguments *arguments, size_t kind)
{
    if (kind == KINDS)
        return complain(EXIT_USAGE, "show takes code, frame, chain or gallery, not '%s'",
                        arguments->words[0]);
    for (int i = OPTION_ROWS; i <= OPTION_SHOTS; i++)
        if (kind != GALLERY && arguments->options[i] != NULL)
            return complain(EXIT_USAGE, "--rows, --columns and --shots are a gallery's");
    return EXIT_DONE;
}

static enum exit_code show(const struct arguments *arguments)
{
    struct show it = {.seed = 1, .shots = 1, .out = arguments->options[OPTION_OUT]};
    size_t kind = 0;
    char out[64];
    while (kind < KINDS && strcmp(kinds[kind].name, arguments->words[0]) != 0)
        kind++;
    enum exit_code code = check_kind(arguments, kind);
    if (code != EXIT_DONE)
        return code;
    if (!read_numbers(&it, arguments))
        return EXIT_USAGE;
    snprintf(out, sizeof out, "%s.png", arguments->words[0]);
    if (it.out == NULL)
        it.out = out;
    if (!read_scenario(&it, arguments))
        return EXIT_BAD_INPUT;
    if (kind != GALLERY && it.scenario.sweep.count > 0)
        warn("the scenario sweeps keys, which only a gallery shows: they have their plain values");
    code = choose_code(&it, arguments->options[OPTION_CODE]) ? kinds[kind].show(&it) : EXIT_USAGE;
    scenario_fini(&it.scenario);
    return code;
}

const struct command command_show = {
    .name = "show",
    .takes = "code|frame|chain|gallery [options]",
    .help = "Write a code image, a frame, its stages, or a contact sheet of frames as PNG",
    .more =
        "Examples:\n"
        "  cashpoint show frame --set 'presentation.distance=80 mm' --out near.png\n"
        "  cashpoint show chain --set 'terminals.camera.capture_focus=500 mm' --out stages/\n"
        "  cashpoint show gallery --columns 'presentation.distance=60 mm to 160 mm step 20 mm' \\\n"
        "      --rows 'terminals.camera.capture_focus=[120 mm, 200 mm, 500 mm]' --shots 10\n\n"
        "A gallery's axes are written as in a scenario's sweep; without them it takes those of\n"
        "--scenario, and without a sweep it shows 16 presentations. White borders were read by "
        "the\ndecoder, black ones not; striped ones were misread or refused, which a bank must "
        "tell apart.",
    .run = show,
    .options = {{"set", "KEY=VALUE", "Override a key of the scenario (repeat as needed)"},
                {"scenario", "FILE", "Take the settings of a scenario (default: the defaults)"},
                {"rows", "KEY=VALUES", "Of a gallery: what varies from row to row"},
                {"columns", "KEY=VALUES", "Of a gallery: what varies from column to column"},
                {"shots", "N",
                 "Of a gallery: presentations a cell; the first is shown (default: 1)"},
                {"code", "DIGITS", "The code to show (default: drawn from the seed)"},
                {"seed", "N", "Of the code and the conditions (default: 1)"},
                {"out", "FILE",
                 "The PNG to write (default: KIND.png); of a chain, DIR/ for all files"}},
    .least_words = 1,
    .most_words = 1,
};
