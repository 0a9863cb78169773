#include "bench/subjects.h"

#include <stdio.h>
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

static void run_decoder(void *scratch, const void *work, size_t item, struct answer *answer)
{
    const struct shots *shots = work;
    struct decode_rules rules = decode_rules_strict(SYMBOLOGY_CODE128, SHOT_DIGITS);
    struct decoded decoded;
    decoder_read(scratch, &shots->frames[item], &rules, &decoded);
    if (decoded.status == DECODE_OK)
        snprintf(answer->text, sizeof answer->text, "%s", decoded.text);
}

const struct subject subject_decoder = {.name = "cashpoint",
                                        .open = open_decoder,
                                        .close = close_decoder,
                                        .run = run_decoder,
                                        .answers = true};

static void *open_buffer(const void *work)
{
    (void)work;
    void *buffer = calloc(SHOT_WIDTH, SHOT_HEIGHT);
    CHECK(buffer != NULL);
    return buffer;
}

static void run_memcpy(void *scratch, const void *work, size_t item, struct answer *answer)
{
    const struct shots *shots = work;
    (void)answer;
    memcpy(scratch, shots->frames[item].pixels, (size_t)SHOT_WIDTH * SHOT_HEIGHT);
    __asm__ volatile("" : : "r"(scratch) : "memory"); /* or the copy would be left out */
}

const struct subject subject_memcpy = {
    .name = "memcpy", .open = open_buffer, .close = free, .run = run_memcpy};
