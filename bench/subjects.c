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

static void run_decoder(void *scratch, const void *work, size_t item, struct answer *answer)
{
    const struct shots *shots = work;
    struct decoded decoded;
    decoder_read(scratch, &shots->frames[item],
                 &(struct decode_rules){SYMBOLOGY_CODE128, SHOT_DIGITS}, &decoded);
    if (decoded.status == DECODE_OK)
        memcpy(answer->text, decoded.text, sizeof answer->text);
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
