/*
 * Drives a target without libFuzzer: mutates its seeds with a fixed generator, so that the same
 * inputs come at every call.
 *
 *   fuzz_TARGET EXECUTIONS [SECONDS]   mutate; stop early after so much time (0: never)
 *   fuzz_TARGET --seeds FOLDER         write the seeds, for libFuzzer to begin with
 *   fuzz_TARGET FILE...                run these inputs, such as findings
 */
#include "engine/error.h"
#include "engine/random.h"
#include "fuzz.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static uint8_t input[FUZZ_MAX_BYTES], running[FUZZ_MAX_BYTES];
static volatile size_t running_size;

/* Keeps the input that a CHECK or a sanitizer (with abort_on_error=1) has ended on. */
static void on_abort(int number)
{
    static const char said[] = "the input is in ./fuzz-finding; run it again by that name\n";
    int file = open("fuzz-finding", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (file >= 0 && write(file, running, running_size) == (ssize_t)running_size)
        (void)!write(STDERR_FILENO, said, sizeof said - 1);
    signal(number, SIG_DFL);
    raise(number);
}

static void run(size_t size)
{
    memcpy(running, input, size);
    running_size = size;
    LLVMFuzzerTestOneInput(input, size);
}

static unsigned below(struct stream *stream, size_t n)
{
    return (unsigned)stream_below(stream, (uint32_t)n);
}

/* One change: a bit, a byte, a number at the edge, a run copied, moved in or cut out. */
static size_t change(struct stream *stream, uint8_t *data, size_t size)
{
    static const uint8_t edges[] = {0, 1, 127, 128, 255};
    size_t at = below(stream, size), run = 1 + below(stream, size < 64 ? size : 64);
    switch (below(stream, 6)) {
    case 0:
        data[at] ^= (uint8_t)(1u << below(stream, 8));
        return size;
    case 1:
        data[at] = (uint8_t)below(stream, 256);
        return size;
    case 2:
        data[at] = edges[below(stream, sizeof edges)];
        return size;
    case 3: {
        size_t from = below(stream, size);
        run = run < size - at ? run : size - at;
        run = run < size - from ? run : size - from;
        memmove(data + at, data + from, run);
        return size;
    }
    case 4:
        if (size + run > FUZZ_MAX_BYTES)
            return size;
        memmove(data + at + run, data + at, size - at);
        return size + run;
    default:
        run = run < size - at ? run : size - at;
        if (run >= size)
            return size;
        memmove(data + at, data + at + run, size - at - run);
        return size - run;
    }
}

static unsigned count_seeds(void)
{
    unsigned count = 0;
    while (fuzz_seed(count, input, sizeof input) > 0)
        count++;
    CHECK(count > 0);
    return count;
}

static int mutate(unsigned long executions, double seconds)
{
    unsigned seeds = count_seeds();
    time_t started = time(NULL);
    unsigned long done = 0;
    for (; done < executions; done++) {
        struct stream stream;
        stream_init(&stream, (struct stream_key){.seed = 2026, .entity = done});
        size_t size = fuzz_seed((unsigned)(done % seeds), input, sizeof input);
        for (unsigned i = done < seeds ? 0 : 1u << below(&stream, 7); i > 0; i--)
            size = change(&stream, input, size);
        fuzz_repair(input, size);
        run(size);
        if (seconds > 0 && difftime(time(NULL), started) >= seconds)
            break;
    }
    printf("%lu executions of %u seeds, no finding\n", done, seeds);
    return 0;
}

static int write_seeds(const char *folder)
{
    size_t size;
    for (unsigned i = 0; (size = fuzz_seed(i, input, sizeof input)) > 0; i++) {
        char path[4096];
        snprintf(path, sizeof path, "%s/seed-%03u", folder, i);
        FILE *file = fopen(path, "wb");
        if (file == NULL || fwrite(input, 1, size, file) != size || fclose(file) != 0) {
            perror(path);
            return 1;
        }
    }
    return 0;
}

static int run_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        perror(path);
        return 1;
    }
    size_t size = fread(input, 1, sizeof input, file);
    fclose(file);
    run(size);
    printf("%s: %zu bytes, no finding\n", path, size);
    return 0;
}

int main(int count, char **words)
{
    char *end = NULL;
    signal(SIGABRT, on_abort);
    unsigned long executions = count > 1 ? strtoul(words[1], &end, 10) : 0;
    if (count == 3 && strcmp(words[1], "--seeds") == 0)
        return write_seeds(words[2]);
    if (executions > 0 && *end == '\0')
        return mutate(executions, count > 2 ? strtod(words[2], NULL) : 0);
    int bad = count < 2;
    for (int i = 1; i < count; i++)
        bad |= run_file(words[i]);
    if (count < 2)
        fprintf(stderr, "usage: %s EXECUTIONS [SECONDS] | --seeds FOLDER | FILE...\n", words[0]);
    return bad;
}
