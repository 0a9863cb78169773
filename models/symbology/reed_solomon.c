#include "symbology/reed_solomon.h"

#include "engine/error.h"

#include <fec.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

enum { CODE_BYTES = 255, POLYNOMIAL = 0x11d, MIN_PARITY = 2, TABLES = 4 };

/* How many of the parity bytes' worth are erased, in thirds, try by try. */
static const unsigned erased_thirds[] = {0, 1, 2};

enum { TRIES = sizeof erased_thirds / sizeof erased_thirds[0] };

struct table {
    unsigned parity, length;
    void *codec;
};

struct reed_solomon {
    struct table tables[TABLES];
    unsigned next; /* to be replaced */
};

static void *make_codec(unsigned length, unsigned parity)
{
    void *codec = init_rs_char(8, POLYNOMIAL, 0, 1, (int)parity, (int)(CODE_BYTES - length));
    CHECK(codec != NULL);
    return codec;
}

static void *codec_of(struct reed_solomon *tables, unsigned length, unsigned parity)
{
    for (int i = 0; i < TABLES; i++)
        if (tables->tables[i].codec != NULL && tables->tables[i].parity == parity &&
            tables->tables[i].length == length)
            return tables->tables[i].codec;
    struct table *table = &tables->tables[tables->next];
    tables->next = (tables->next + 1) % TABLES;
    if (table->codec != NULL)
        free_rs_char(table->codec);
    *table = (struct table){parity, length, make_codec(length, parity)};
    return table->codec;
}

struct reed_solomon *reed_solomon_new(void)
{
    struct reed_solomon *tables = calloc(1, sizeof *tables);
    CHECK(tables != NULL);
    return tables;
}

void reed_solomon_free(struct reed_solomon *tables)
{
    if (tables == NULL)
        return;
    for (int i = 0; i < TABLES; i++)
        if (tables->tables[i].codec != NULL)
            free_rs_char(tables->tables[i].codec);
    free(tables);
}

/* What is dealt to one of several, out of `count`. */
static unsigned dealt(unsigned count, unsigned codes, unsigned which)
{
    return count / codes + (which < count % codes);
}

static unsigned codes_of(unsigned total)
{
    return (total + CODE_BYTES - 1) / CODE_BYTES;
}

bool reed_solomon_fits(unsigned count, unsigned total)
{
    unsigned codes = codes_of(total);
    if (count == 0 || count >= total || total > REED_SOLOMON_MAX_BYTES || count < codes)
        return false;
    for (unsigned i = 0; i < codes; i++)
        if (dealt(total, codes, i) < dealt(count, codes, i) + MIN_PARITY)
            return false;
    return true;
}

void reed_solomon_encode(const uint8_t *bytes, unsigned count, uint8_t *out, unsigned total)
{
    CHECK(reed_solomon_fits(count, total));
    unsigned codes = codes_of(total);
    for (unsigned code = 0; code < codes; code++) {
        uint8_t block[CODE_BYTES];
        unsigned length = dealt(total, codes, code), data = dealt(count, codes, code);
        for (unsigned i = 0; i < data; i++)
            block[i] = bytes[i * codes + code];
        void *codec = make_codec(length, length - data);
        encode_rs_char(codec, block, block + data);
        free_rs_char(codec);
        for (unsigned i = 0; i < length; i++)
            out[i * codes + code] = block[i];
    }
}

/* The places of the `count` least sure bytes, ties by place; in the code as libfec counts, which
 * has the bytes left out before the first. */
static void find_unsure(const uint8_t *sure, unsigned length, unsigned count, int *places)
{
    unsigned histogram[256] = {0}, found = 0, below = 0, level = 0;
    for (unsigned i = 0; i < length; i++)
        histogram[sure[i]]++;
    while (level < 255 && below + histogram[level] <= count)
        below += histogram[level++];
    unsigned ties = count - below;
    for (unsigned i = 0; i < length && found < count; i++)
        if (sure[i] < level || (sure[i] == level && ties > 0)) {
            ties -= sure[i] == level;
            places[found++] = (int)(i + CODE_BYTES - length);
        }
}

static bool decode_block(void *codec, const uint8_t *in, const uint8_t *sure, unsigned length,
                         unsigned data, uint8_t *block)
{
    for (int i = 0; i < TRIES; i++) {
        int places[CODE_BYTES] = {0};
        unsigned erased = (length - data) * erased_thirds[i] / 3;
        find_unsure(sure, length, erased, places);
        memcpy(block, in, length);
        if (decode_rs_char(codec, block, places, (int)erased) >= 0)
            return true;
    }
    return false;
}

bool reed_solomon_decode(struct reed_solomon *tables, const uint8_t *in, const uint8_t *sure,
                         unsigned total, uint8_t *bytes, unsigned count)
{
    CHECK(reed_solomon_fits(count, total));
    unsigned codes = codes_of(total);
    for (unsigned code = 0; code < codes; code++) {
        uint8_t seen[CODE_BYTES], block[CODE_BYTES], how_sure[CODE_BYTES];
        unsigned length = dealt(total, codes, code), data = dealt(count, codes, code);
        for (unsigned i = 0; i < length; i++) {
            seen[i] = in[i * codes + code];
            how_sure[i] = sure[i * codes + code];
        }
        if (!decode_block(codec_of(tables, length, length - data), seen, how_sure, length, data,
                          block))
            return false;
        for (unsigned i = 0; i < data; i++)
            bytes[i * codes + code] = block[i];
    }
    return true;
}
