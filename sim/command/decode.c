/* cashpoint decode: the bank's decoder on anyone's pictures. */
#include "command.h"
#include "decode_count.h"
#include "decode_list.h"
#include "decode_print.h"
#include "decode_rules.h"
#include "decode_truth.h"
#include "decode_windows.h"
#include "engine/stopwatch.h"
#include "experiment/quantity.h"
#include "experiment/utf8.h"
#include "optics/frame_png.h"
#include "progress.h"
#include "symbology/symbology.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Everything of one call. */
struct job {
    struct decode_rules rules;
    struct decode_list list;
    struct decode_truth truth;
    struct decode_count count;
    struct decoder *decoder;
    bool json, has_truth;
    int name_width;
};

/* ---- decoding ---- */

static void tell(struct job *job, const struct decode_answer *answer)
{
    if (job->json)
        decode_print_json(stdout, answer);
    else
        decode_print_text(stdout, answer, job->name_width);
}

static void decode_picture(struct job *job, const char *path, const struct frame *frame)
{
    struct decoded decoded;
    struct decode_answer answer = {path, frame->width, frame->height, &decoded, NULL, 0, NULL};
    int64_t since_ns = stopwatch_ns();
    decode_windows_read(job->decoder, frame, &job->rules, &decoded);
    answer.took_ms = (double)(stopwatch_ns() - since_ns) * 1e-6;
    answer.bytes = decoder_bytes(job->decoder, &decoded);
    decode_count_add(&job->count, &decoded, answer.took_ms);
    if (job->has_truth) {
        const struct truth_line *truth = decode_truth_find(&job->truth, path);
        if (truth != NULL)
            answer.verdict = decode_count_judge(&job->count, &decoded, answer.bytes, truth);
        else
            warn("the truth has no line for '%s': it is not counted", path);
    }
    tell(job, &answer);
}

static void decode_file(struct job *job, const char *path)
{
    struct frame frame;
    struct error error;
    if (frame_png_read(path, &frame, &error)) {
        decode_picture(job, path, &frame);
        free(frame.pixels);
        return;
    }
    job->count.no_pictures++;
    if (job->has_truth)
        decode_truth_find(&job->truth, path); /* named, though there is nothing to count */
    fflush(stdout);
    complain(EXIT_BAD_INPUT, "%s", error.text);
    if (job->json)
        decode_print_json_error(stdout, path, error.text);
}

static void decode_all(struct job *job)
{
    struct progress progress;
    progress_start(&progress, job->list.count);
    progress.shown = progress.shown && !isatty(STDOUT_FILENO); /* there, the lines are progress */
    for (size_t i = 0; i < job->list.count; i++) {
        progress.done = i;
        progress_draw(&progress, 0);
        decode_file(job, job->list.paths[i]);
    }
    progress_end(&progress);
}

/* ---- before and after ---- */

static bool prepare(struct job *job, const struct arguments *arguments, enum exit_code *code)
{
    const char *truth = arguments->options[DECODE_TRUTH];
    struct error error;
    *code = EXIT_USAGE;
    if (!decode_rules_choose(arguments->options, &job->rules))
        return false;
    *code = EXIT_BAD_INPUT;
    for (size_t i = 0; i < arguments->word_count; i++)
        if (!decode_list_add(&job->list, arguments->words[i], &error)) {
            complain(*code, "%s", error.text);
            return false;
        }
    if (truth != NULL && !decode_truth_read(&job->truth, truth, &error)) {
        complain(*code, "%s", error.text);
        return false;
    }
    job->has_truth = truth != NULL;
    job->json = arguments->options[DECODE_JSON] != NULL;
    return true;
}

static void measure_names(struct job *job)
{
    enum { WIDEST = 48 };
    for (size_t i = 0; i < job->list.count; i++) {
        size_t length = strlen(job->list.paths[i]);
        if (length <= WIDEST && (int)length > job->name_width)
            job->name_width = (int)length;
    }
}

/* False where the truth speaks of pictures that were not among those decoded. */
static bool check_truth(const struct job *job, const char *path)
{
    bool all = true;
    for (size_t i = 0; i < job->truth.count; i++)
        if (!job->truth.lines[i].met) {
            complain(EXIT_BAD_INPUT,
                     "%s:%zu: '%s' is not among the pictures: name its folder, too, or take the "
                     "line out",
                     path, job->truth.lines[i].line, job->truth.lines[i].file);
            all = false;
        }
    return all;
}

static enum exit_code conclude(struct job *job, const char *truth)
{
    const struct decode_count *count = &job->count;
    bool whole = check_truth(job, truth);
    if (job->list.count > 1 || job->has_truth)
        decode_count_print(job->json ? stderr : stdout, &job->count);
    if (!whole || count->no_pictures > 0)
        return EXIT_BAD_INPUT;
    if (job->has_truth)
        return count->verdicts[VERDICT_WRONG] > 0    ? EXIT_NOT_MET
               : count->verdicts[VERDICT_MISSED] > 0 ? EXIT_FAILED
                                                     : EXIT_DONE;
    return count->statuses[DECODE_OK] == count->pictures ? EXIT_DONE : EXIT_FAILED;
}

static enum exit_code decode(const struct arguments *arguments)
{
    struct job job = {.json = false};
    enum exit_code code;
    if (prepare(&job, arguments, &code)) {
        job.decoder = decoder_new();
        measure_names(&job);
        decode_all(&job);
        code = conclude(&job, arguments->options[DECODE_TRUTH]);
        decoder_free(job.decoder);
    }
    decode_count_fini(&job.count);
    decode_truth_fini(&job.truth);
    decode_list_fini(&job.list);
    return code;
}

const struct command command_decode = {
    .name = "decode",
    .takes = "FILE.png|FOLDER... [options]",
    .help = "Run the bank's decoder on PNG files, and on all of a folder",
    .more =
        "Examples:\n"
        "  cashpoint decode photo.png\n"
        "  cashpoint decode photos/ --symbology code128 --digits --length 12\n"
        "  cashpoint decode photos/ --json | jq -r 'select(.status == \"decoded\") | .text'\n"
        "  cashpoint decode photos/ --truth photos/truth.csv\n\n"
        "Any PNG is read (grey, RGB, palette, 1 to 16 bits, transparent on white), up to 4096 "
        "pixels "
        "a side\nand 12 megapixels; more than 2 megapixels are shrunk first and, where that tells "
        "nothing, read\npart by part. Grades follow ISO/IEC 15416 and 15415, uncalibrated. auto "
        "tries the symbologies one\nafter the other within one budget; two different strings in a "
        "picture are refused as ambiguous.\n\n"
        "The truth is a CSV file with a line file,text for each picture; text is empty where there "
        "is no\ncode and may be hex:0011... for bytes.\n\n"
        "Exit codes: 0 every picture was read (with --truth: every one that it names, rightly), 1 "
        "some picture\nholds no code that may be accepted (was missed), 65 some file is no picture "
        "or not there, 99 some\npicture was read wrongly.",
    .run = decode,
    .options =
        {{"symbology", "NAME", "What to look for: auto, code128, ... (default: auto)"},
         {"length", "N", "The exact number of characters to accept (default: any)"},
         {"digits", NULL,
          "Of barcodes accept digits alone, dark on light, as the bank does; of others anything"},
         {"min-module", "PX", "Refuse symbols with smaller modules (default: 0, any)"},
         {"min-lines", "N", "Scan lines of a barcode that must agree (default: 2)"},
         {"max-off", "MODULES",
          "How far the edges of a scan line may lie off (default: 0.5; with --digits 0.4; 0: any)"},
         {"several", NULL, "Take the first of several strings instead of refusing"},
         {"check-digits", NULL,
          "A barcode's last two digits check the others (ISO 7064 MOD 97-10), and are not told"},
         {"display", "WxH", "Dots of the display, for a dot matrix (default: 128x64)"},
         {"block", "WxH", "Dots of the display that are one bit of a dot matrix (default: 1x2)"},
         {"fec", "NAME",
          "Error correction of a dot matrix: viterbi, rs or none (default: viterbi)"},
         {"quiet", "N", "Bright dots around a dot matrix, of the display's (default: 0)"},
         {"plain", NULL, "A dot matrix as the patent has it: bits alone (needs --length)"},
         {"budget", "MS",
          "Time that 2 megapixels may take, a larger picture more; 0: no limit (default: 100)"},
         {"json", NULL, "One JSON object a line; summary and errors on stderr"},
         {"truth", "FILE", "What the pictures hold (CSV: file,text): counts right and wrong"}},
    .least_words = 1,
    .most_words = SIZE_MAX,
};
