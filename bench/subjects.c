#include "bench/subjects.h"

#include <stdlib.h>
#include <string.h>

static void *open_decoder(const void *work)
{
    (void)work;
    return decoder_new();
}

static void close_decoder(void *scratch)
{
    decoder_free(scratch);
}

static const struct {
    enum symbology symbology;
    unsigned length; /* that the bank issues, where the frame holds nothing; 0: not ours */
} ours[SYMBOL_COUNT] = {[SYMBOL_CODE128] = {SYMBOLOGY_CODE128, 12},
                        [SYMBOL_ITF] = {SYMBOLOGY_ITF, 12},
                        [SYMBOL_DOT_MATRIX] = {SYMBOLOGY_DOT_MATRIX, 132},
                        [SYMBOL_QR] = {SYMBOLOGY_QR, 132}};

bool subject_reads(enum symbol symbol)
{
    return ours[symbol].length > 0;
}

struct decode_rules subject_rules(enum symbol symbol, unsigned length)
{
    CHECK(subject_reads(symbol));
    return decode_rules_strict(ours[symbol].symbology, length > 0 ? length : ours[symbol].length);
}

void subject_make_lax(struct decode_rules *rules)
{
    rules->length = 0;
    rules->min_lines = 1;
    rules->min_module_px = 0;
    rules->max_off_modules = 0;
    rules->min_lead = 0;
    rules->max_misfit = 0;
    rules->any_characters = true;
    rules->max_corrected = 0;
    rules->several = true;
}

static void read_by(struct decoder *decoder, const struct frame *frame,
                    const struct decode_rules *rules, struct answer *answer)
{
    struct decoded decoded;
    decoder_read(decoder, frame, rules, &decoded);
    if (decoded.status == DECODE_OK)
        answer_set(answer, decoded.text, decoded.length);
}

static void run_decoder(void *scratch, const void *work, size_t item, struct answer *answer)
{
    const struct batch *batch = work;
    struct decode_rules rules = subject_rules(batch->symbol, batch->truths[item].length);
    read_by(scratch, &batch->frames[item], &rules, answer);
}

static void run_lax(void *scratch, const void *work, size_t item, struct answer *answer)
{
    const struct batch *batch = work;
    struct decode_rules rules = subject_rules(batch->symbol, 0);
    subject_make_lax(&rules);
    read_by(scratch, &batch->frames[item], &rules, answer);
}

const struct subject subject_decoder = {.name = "cashpoint",
                                        .open = open_decoder,
                                        .close = close_decoder,
                                        .run = run_decoder,
                                        .answers = true};

const struct subject subject_lax = {.name = "lax",
                                    .open = open_decoder,
                                    .close = close_decoder,
                                    .run = run_lax,
                                    .answers = true,
                                    .peer = true};

static void *open_buffer(const void *work)
{
    const struct frame *frame = &((const struct batch *)work)->frames[0];
    return batch_frame_new(frame->width, frame->height).pixels;
}

static void run_memcpy(void *scratch, const void *work, size_t item, struct answer *answer)
{
    const struct frame *frame = &((const struct batch *)work)->frames[item];
    (void)answer;
    memcpy(scratch, frame->pixels, (size_t)frame->width * frame->height);
    __asm__ volatile("" : : "r"(scratch) : "memory"); /* or the copy would be left out */
}

const struct subject subject_memcpy = {
    .name = "memcpy", .open = open_buffer, .close = free, .run = run_memcpy};
