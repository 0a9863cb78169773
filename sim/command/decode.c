/* cashpoint decode: the bank's decoder on anyone's pictures. */
#include "command.h"
#include "engine/stopwatch.h"
#include "optics/frame_png.h"
#include "symbology/symbology.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { OPTION_SYMBOLOGY, OPTION_LENGTH };

static bool choose_rules(const struct arguments *arguments, struct decode_rules *rules)
{
    const char *name = arguments->options[OPTION_SYMBOLOGY];
    const char *length = arguments->options[OPTION_LENGTH];
    int64_t number = 0;
    int which = 0;
    while (name != NULL && symbology_names[which] != NULL &&
           strcmp(symbology_names[which], name) != 0)
        which++;
    if (symbology_names[which] == NULL) {
        complain(EXIT_USAGE, "there is no symbology '%s'; this version reads %s", name,
                 symbology_names[0]);
        return false;
    }
    if (length != NULL && !argument_number("length", length, 1, PAYLOAD_MAX_BYTES, &number))
        return false;
    *rules = decode_rules_strict((enum symbology)which, (unsigned)number);
    rules->clock = true;
    return true;
}

static void print_decoded(const char *path, const struct frame *frame,
                          const struct decoded *decoded, double took_ms)
{
    if (decoded->status == DECODE_OK)
        printf("%s: %s  (%u lines, from %.0f,%.0f to %.0f,%.0f, step %d, %.2f ms, %ux%u)\n", path,
               decoded->text, decoded->margin.lines, (double)decoded->corners[0].x,
               (double)decoded->corners[0].y, (double)decoded->corners[2].x,
               (double)decoded->corners[2].y, decoded->step, took_ms, frame->width, frame->height);
    else
        printf("%s: %s: %s  (%.2f ms, %ux%u)\n", path, decode_status_name(decoded->status),
               decode_status_text(decoded->status), took_ms, frame->width, frame->height);
}

/* False where the file is no picture that may be read. */
static bool decode_file(struct decoder *decoder, const struct decode_rules *rules, const char *path,
                        bool *read)
{
    struct frame frame;
    struct error error;
    struct decoded decoded;
    if (!frame_png_read(path, &frame, &error)) {
        complain(EXIT_BAD_INPUT, "%s", error.text);
        return false;
    }
    int64_t since_ns = stopwatch_ns();
    decoder_read(decoder, &frame, rules, &decoded);
    print_decoded(path, &frame, &decoded, (double)(stopwatch_ns() - since_ns) * 1e-6);
    free(frame.pixels);
    *read = decoded.status == DECODE_OK;
    return true;
}

static enum exit_code decode(const struct arguments *arguments)
{
    struct decode_rules rules;
    if (!choose_rules(arguments, &rules))
        return EXIT_USAGE;
    struct decoder *decoder = decoder_new();
    bool good = true, all_read = true;
    for (size_t i = 0; i < arguments->word_count; i++) {
        bool read = false;
        good &= decode_file(decoder, &rules, arguments->words[i], &read);
        all_read &= read;
    }
    decoder_free(decoder);
    return !good ? EXIT_BAD_INPUT : all_read ? EXIT_DONE : EXIT_FAILED;
}

const struct command command_decode = {
    .name = "decode",
    .takes = "FILE.png... [options]",
    .help = "Run the bank's decoder on PNG files",
    .more =
        "Exit codes: 0 every picture was read, 1 some picture holds no code that may be accepted,\n"
        "65 some file is no picture that may be read.",
    .run = decode,
    .options = {{"symbology", "NAME", "What to look for (default: code128)"},
                {"length", "N", "The exact number of digits to accept (default: any)"}},
    .least_words = 1,
    .most_words = SIZE_MAX,
};
