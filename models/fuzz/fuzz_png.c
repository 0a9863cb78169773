/*
 * Any file as a PNG: refused with a message, or a frame within the limits. Checksums are made right
 * after each mutation: with wrong ones libpng looks at nothing behind the first chunk.
 */
#include "fuzz.h"
#include "fuzz_paint.h"
#include "optics/frame_png.h"

#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#ifdef CASHPOINT_LIBFUZZER
size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t capacity);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t capacity, unsigned seed);

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t capacity, unsigned seed)
{
    (void)seed;
    size = LLVMFuzzerMutate(data, size, capacity);
    fuzz_repair(data, size);
    return size;
}

/* libpng itself is not instrumented: what it says of a file, and the kind of picture, stand for the
 * code that was reached there. */
__attribute__((section("__libfuzzer_extra_counters"))) static uint8_t reached[1024];

static void note(const uint8_t *data, size_t size, const char *message)
{
    unsigned hash = 5381;
    if (message != NULL)
        for (const char *at = strchr(message, '('); at != NULL && *at != '\0'; at++)
            hash = 33 * hash + (unsigned char)*at;
    else
        for (size_t i = 24; i < 29 && i < size; i++) /* depth, colour, ..., interlacing */
            hash = 33 * hash + data[i];
    reached[hash % sizeof reached] = 1;
}
#else
static void note(const uint8_t *data, size_t size, const char *message)
{
    (void)data;
    (void)size;
    (void)message;
}
#endif

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static int fd = -1;
    char path[64];
    struct frame frame;
    struct error error = {""};
    if (fd < 0)
        fd = memfd_create("fuzz.png", MFD_CLOEXEC);
    CHECK(fd >= 0 && ftruncate(fd, 0) == 0);
    CHECK(pwrite(fd, data, size, 0) == (ssize_t)size);
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    if (!frame_png_read(path, &frame, &error)) {
        CHECK(error.text[0] != '\0' && frame.pixels == NULL);
        note(data, size, error.text);
        return 0;
    }
    CHECK(frame.width > 0 && frame.width <= FRAME_PNG_MAX_SIDE && frame.stride >= frame.width);
    CHECK(frame.height > 0 && frame.height <= FRAME_PNG_MAX_SIDE);
    note(data, size, NULL);
    unsigned sum = 0; /* every pixel is there */
    for (size_t i = 0; i < (size_t)frame.stride * frame.height; i++)
        sum += frame.pixels[i];
    CHECK(sum <= 255u * frame.stride * frame.height);
    free(frame.pixels);
    return 0;
}

/* ---- chunks ---- */

/* The checksum of PNG, annex D, bit by bit. */
static uint32_t checksum(const uint8_t *bytes, size_t length)
{
    uint32_t sum = UINT32_MAX;
    for (size_t i = 0; i < length; i++) {
        sum ^= bytes[i];
        for (int bit = 0; bit < 8; bit++)
            sum = sum >> 1 ^ (sum & 1 ? UINT32_C(0xedb88320) : 0);
    }
    return ~sum;
}

static uint32_t get32(const uint8_t *bytes)
{
    return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
}

static void put32(uint8_t *bytes, uint32_t value)
{
    for (int i = 0; i < 4; i++)
        bytes[i] = (uint8_t)(value >> (24 - 8 * i));
}

void fuzz_repair(uint8_t *data, size_t size)
{
    size_t at = 8; /* behind the signature */
    while (size >= 12 && at <= size - 12) {
        size_t length = get32(data + at);
        if (length > size - 12 - at)
            return;
        put32(data + at + 8 + length, checksum(data + at + 4, 4 + length));
        at += 12 + length;
    }
}

static uint8_t *put_chunk(uint8_t *out, const char *type, const uint8_t *bytes, size_t length)
{
    put32(out, (uint32_t)length);
    memcpy(out + 4, type, 4);
    memcpy(out + 8, bytes, length);
    put32(out + 8 + length, checksum(out + 4, 4 + length));
    return out + 12 + length;
}

/* Rows of `row` bytes as a zlib stream without compression. */
static size_t store_rows(uint8_t *out, unsigned height, size_t row)
{
    size_t length = height * (row + 1);
    uint32_t a = 1, b = 0;
    const uint8_t head[] = {0x78,
                            0x01,
                            1,
                            (uint8_t)length,
                            (uint8_t)(length >> 8),
                            (uint8_t)~length,
                            (uint8_t)(~length >> 8)};
    memcpy(out, head, sizeof head);
    uint8_t *bytes = out + sizeof head;
    for (size_t i = 0; i < length; i++) {
        bytes[i] = i % (row + 1) == 0 ? (uint8_t)(i / (row + 1) % 5) : (uint8_t)(i * 37);
        a = (a + bytes[i]) % 65521;
        b = (b + a) % 65521;
    }
    put32(bytes + length, b << 16 | a);
    return sizeof head + length + 4;
}

/* Every kind of pixel and depth that PNG has, plain and interlaced. */
size_t fuzz_seed(unsigned index, uint8_t *data, size_t capacity)
{
    static const struct {
        uint8_t depth, colour, channels;
    } kinds[] = {{1, 0, 1}, {2, 0, 1}, {4, 0, 1}, {8, 0, 1}, {16, 0, 1}, {8, 2, 3}, {16, 2, 3},
                 {1, 3, 1}, {4, 3, 1}, {8, 3, 1}, {8, 4, 2}, {16, 4, 2}, {8, 6, 4}, {16, 6, 4}};
    enum { KINDS = sizeof kinds / sizeof kinds[0], SIDE = 16, ROOM = 1 << 14 };
    static const uint8_t signature[8] = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
    static const uint8_t palette[3 * 256] = {255, 0, 0, 0, 255, 0, 0, 0, 255}, clear[4] = {0, 99};
    uint8_t rows[ROOM], header[13] = {0, 0, 0, SIDE, 0, 0, 0, SIDE};
    if (index >= 2 * KINDS || capacity < ROOM)
        return 0;
    size_t bits = (size_t)kinds[index / 2].depth * kinds[index / 2].channels;
    bool indexed = kinds[index / 2].colour == 3;
    header[8] = kinds[index / 2].depth;
    header[9] = kinds[index / 2].colour;
    header[12] = index % 2; /* interlaced: its rows are others, which is as good a start */
    memcpy(data, signature, sizeof signature);
    uint8_t *out = put_chunk(data + 8, "IHDR", header, sizeof header);
    if (indexed) {
        out = put_chunk(out, "PLTE", palette, 3u << header[8]);
        out = put_chunk(out, "tRNS", clear, 2);
    }
    out = put_chunk(out, "IDAT", rows, store_rows(rows, SIDE, SIDE * bits / 8));
    return (size_t)(put_chunk(out, "IEND", rows, 0) - data);
}
