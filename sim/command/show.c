/* cashpoint show: a code image, a frame, or a contact sheet of frames, as PNG. */
#include "command.h"
#include "experiment/scenario.h"
#include "optics/frame_png.h"
#include "people/people.h"
#include "picture.h"
#include "pipeline.h"
#include "streams.h"
#include "world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { OPTION_SET, OPTION_SCENARIO, OPTION_CODE, OPTION_SEED, OPTION_OUT };
enum { SHEET_COLUMNS = 4, SHEET_ROWS = 4, BORDER_PX = 6 };

struct show {
    struct scenario scenario;
    const struct settings *settings;
    const char *out;
    char code[HOTP_TEXT_BYTES];
    int64_t seed;
};

static enum exit_code save(const struct show *show, const struct frame *frame)
{
    struct error error;
    if (!frame_png_write(show->out, frame, &error))
        return complain(EXIT_FAILED, "%s", error.text);
    printf("%s: %u x %u pixels\n", show->out, frame->width, frame->height);
    return EXIT_DONE;
}

/* --- the code image, as the token's display shows it --- */

static enum exit_code show_code(struct show *show)
{
    struct token_model model = settings_token(show->settings);
    struct code_image image;
    token_show(&model, show->code, &image);
    struct frame frame = picture_of_code(&image);
    enum exit_code code = save(show, &frame);
    free(frame.pixels);
    return code;
}

/* --- frames, as the ATM's camera takes them --- */

/* Draws the conditions of presentation `number` and evaluates it. */
static void take(const struct show *show, unsigned number, struct pipeline *pipeline,
                 struct shot *shot)
{
    struct stream_key key = {(uint64_t)show->seed, number, 0, PURPOSE_POSE};
    struct stream stream;
    stream_init(&stream, key);
    key.purpose = PURPOSE_NOISE;
    *shot = (struct shot){
        .model = settings_token(show->settings),
        .conditions = {settings_display(&show->settings->display),
                       settings_camera(&show->settings->terminals.camera),
                       people_hold(&show->settings->presentation, &stream), 0},
        .noise = key,
        .rules = {(enum symbology)show->settings->symbology, (unsigned)show->settings->code_digits},
    };
    snprintf(shot->code, sizeof shot->code, "%s", show->code);
    pipeline_run(pipeline, shot);
}

static void describe(const struct shot *shot)
{
    picture_describe(stdout, shot);
    printf("decoder: %s%s%s\n", decode_status_text(shot->decoded.status),
           shot->decoded.text[0] != '\0' ? ": " : "", shot->decoded.text);
}

static enum exit_code show_frame(struct show *show)
{
    const struct camera_settings *camera = &show->settings->terminals.camera;
    struct pipeline *pipeline = pipeline_new((unsigned)camera->width, (unsigned)camera->height);
    struct shot shot;
    take(show, 0, pipeline, &shot);
    enum exit_code code = save(show, pipeline_frame(pipeline));
    describe(&shot);
    pipeline_free(pipeline);
    return code;
}

/* Half the size, averaged, with a border that says the verdict: white read, black not. */
static void paste(struct frame *sheet, unsigned left, unsigned top, const struct frame *frame,
                  bool read)
{
    unsigned width = frame->width / 2, height = frame->height / 2;
    for (unsigned y = 0; y < height + 2 * BORDER_PX; y++)
        memset(sheet->pixels + (size_t)(top + y) * sheet->stride + left, read ? 255 : 0,
               width + 2 * BORDER_PX);
    for (unsigned y = 0; y < height; y++)
        for (unsigned x = 0; x < width; x++) {
            const uint8_t *at = frame->pixels + (size_t)2 * y * frame->stride + 2 * x;
            unsigned sum = at[0] + at[1] + at[frame->stride] + at[frame->stride + 1];
            sheet->pixels[(size_t)(top + BORDER_PX + y) * sheet->stride + left + BORDER_PX + x] =
                (uint8_t)((sum + 2) / 4);
        }
}

static enum exit_code show_gallery(struct show *show)
{
    const struct camera_settings *camera = &show->settings->terminals.camera;
    unsigned width = (unsigned)camera->width, height = (unsigned)camera->height;
    unsigned step_x = width / 2 + 3 * BORDER_PX, step_y = height / 2 + 3 * BORDER_PX, read = 0;
    struct pipeline *pipeline = pipeline_new(width, height);
    struct frame sheet =
        picture_new(SHEET_COLUMNS * step_x + BORDER_PX, SHEET_ROWS * step_y + BORDER_PX, 128);
    for (unsigned i = 0; i < SHEET_COLUMNS * SHEET_ROWS; i++) {
        struct shot shot;
        take(show, i, pipeline, &shot);
        bool good = shot.decoded.status == DECODE_OK;
        read += good;
        paste(&sheet, BORDER_PX + i % SHEET_COLUMNS * step_x,
              BORDER_PX + i / SHEET_COLUMNS * step_y, pipeline_frame(pipeline), good);
    }
    enum exit_code code = save(show, &sheet);
    printf("%u of %d frames read (white border), the others not (black)\n", read,
           SHEET_COLUMNS * SHEET_ROWS);
    free(sheet.pixels);
    pipeline_free(pipeline);
    return code;
}

static bool choose_code(struct show *show, const char *code)
{
    size_t digits = (size_t)show->settings->code_digits;
    struct stream stream;
    stream_init(&stream,
                (struct stream_key){.seed = (uint64_t)show->seed, .purpose = PURPOSE_BENCH});
    if (code == NULL)
        people_choose_code(&stream, (unsigned)digits, show->code);
    else if (strlen(code) == digits && strspn(code, "0123456789") == digits)
        snprintf(show->code, sizeof show->code, "%s", code);
    else {
        complain(EXIT_USAGE, "--code takes %zu digits (token.code_digits), not '%s'", digits, code);
        return false;
    }
    return true;
}

static enum exit_code show(const struct arguments *arguments)
{
    static const struct {
        const char *name;
        enum exit_code (*show)(struct show *);
    } kinds[] = {{"code", show_code}, {"frame", show_frame}, {"gallery", show_gallery}};
    struct show it = {.seed = 1, .out = arguments->options[OPTION_OUT]};
    size_t kind = 0;
    char out[64];
    while (kind < 3 && strcmp(kinds[kind].name, arguments->words[0]) != 0)
        kind++;
    if (kind == 3)
        return complain(EXIT_USAGE, "show takes code, frame or gallery, not '%s'",
                        arguments->words[0]);
    if (arguments->options[OPTION_SEED] != NULL &&
        !argument_number("seed", arguments->options[OPTION_SEED], 0, INT64_C(1) << 53, &it.seed))
        return EXIT_USAGE;
    snprintf(out, sizeof out, "%s.png", arguments->words[0]);
    if (it.out == NULL)
        it.out = out;
    if (!scenario_read(&it.scenario, &settings_table, arguments->options[OPTION_SCENARIO],
                       arguments->settings, arguments->setting_count, stderr))
        return EXIT_BAD_INPUT;
    it.settings = it.scenario.settings;
    enum exit_code code =
        choose_code(&it, arguments->options[OPTION_CODE]) ? kinds[kind].show(&it) : EXIT_USAGE;
    scenario_fini(&it.scenario);
    return code;
}

const struct command command_show = {
    .name = "show",
    .takes = "code|frame|gallery [options]",
    .help = "Write a code image, a frame, or a contact sheet of frames as PNG",
    .more =
        "Example:\n  cashpoint show frame --set 'presentation.distance=80 mm' --out near.png\n\n"
        "A gallery's white borders were read by the decoder, its black ones not.",
    .run = show,
    .options = {{"set", "KEY=VALUE", "Override a key of the scenario (repeat as needed)"},
                {"scenario", "FILE", "Take the settings of a scenario (default: the defaults)"},
                {"code", "DIGITS", "The code to show (default: drawn from the seed)"},
                {"seed", "N", "Of the code and the conditions (default: 1)"},
                {"out", "FILE", "The PNG to write (default: KIND.png)"}},
    .least_words = 1,
    .most_words = 1,
};
