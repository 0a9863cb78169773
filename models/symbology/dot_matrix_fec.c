#include "symbology/dot_matrix_fec.h"

#include "symbology/reed_solomon.h"

#include <stdlib.h>
#include <string.h>

enum {
    LONG_HEADER = 128,
    SHORT_HEADER = 64,
    SHORT_BELOW = 1024, /* cells */
    MAX_CODED = VITERBI_RATE * (MESSAGE_MAX_BITS + VITERBI_TAIL)
};

static unsigned header_cells(unsigned cells)
{
    return cells < SHORT_BELOW ? SHORT_HEADER : LONG_HEADER;
}

static unsigned coded_bits(unsigned bits)
{
    return VITERBI_RATE * (bits + VITERBI_TAIL);
}

static unsigned message_bytes(unsigned bits)
{
    return (bits + 7) / 8;
}

bool dot_matrix_fits(enum matrix_fec fec, unsigned bits, unsigned cells)
{
    if (cells <= header_cells(cells))
        return false;
    unsigned left = cells - header_cells(cells);
    switch (fec) {
    case MATRIX_VITERBI:
        return 2 * left >= coded_bits(bits);
    case MATRIX_REED_SOLOMON:
        return reed_solomon_fits(message_bytes(bits), left / 8);
    default:
        return left >= bits;
    }
}

/* ---- the header ---- */

/* The powers of x modulo x^8 + x^4 + x^3 + x^2 + 1. */
static unsigned next_power(unsigned power)
{
    return power << 1 ^ (power & 0x80 ? 0x11d : 0);
}

static void encode_header(uint8_t header, unsigned count, uint8_t *code)
{
    unsigned power = 1;
    for (unsigned i = 0; i < count; i++, power = next_power(power))
        code[i] = (uint8_t)__builtin_parity(header & power);
}

/* All 256 at once: bit i counts for a header by the parity of header AND power, so the sums are the
 * Walsh-Hadamard transform of the soft bits, each at its power's place. */
int32_t dot_matrix_hear_header(const int16_t *soft, unsigned cells, int32_t agree[256])
{
    unsigned power = 1;
    int32_t most = 0;
    memset(agree, 0, 256 * sizeof *agree);
    for (unsigned i = 0; i < header_cells(cells); i++, power = next_power(power)) {
        agree[power] = -soft[i];
        most += abs(soft[i]);
    }
    for (unsigned half = 1; half < 256; half *= 2)
        for (unsigned block = 0; block < 256; block += 2 * half)
            for (unsigned i = block; i < block + half; i++) {
                int32_t sum = agree[i] + agree[i + half];
                agree[i + half] = agree[i] - agree[i + half];
                agree[i] = sum;
            }
    return most;
}

/* ---- the message ---- */

static unsigned bit_of(const uint8_t *bytes, unsigned at)
{
    return bytes[at / 8] >> (7 - at % 8) & 1u;
}

static void encode_viterbi(const struct dot_matrix_message *message, unsigned count, uint8_t *code)
{
    uint8_t coded[MAX_CODED];
    unsigned all = coded_bits(message->bits);
    viterbi_encode(message->bytes, message->bits, coded);
    for (unsigned i = 0; i < count; i++)
        code[i] = coded[(uint64_t)i * all / count];
}

static void encode_bytes(const uint8_t *bytes, unsigned bits, unsigned count, uint8_t *code)
{
    for (unsigned i = 0; i < count; i++)
        code[i] = i < bits ? (uint8_t)bit_of(bytes, i) : 0;
}

void dot_matrix_encode(enum matrix_fec fec, const struct dot_matrix_message *message,
                       unsigned cells, uint8_t *code)
{
    CHECK(dot_matrix_fits(fec, message->bits, cells));
    unsigned header = header_cells(cells), left = cells - header;
    encode_header(message->header, header, code);
    code += header;
    if (fec == MATRIX_VITERBI) {
        encode_viterbi(message, left, code);
    } else if (fec == MATRIX_REED_SOLOMON) {
        uint8_t bytes[DOT_MATRIX_MAX_CELLS / 8];
        reed_solomon_encode(message->bytes, message_bytes(message->bits), bytes, left / 8);
        encode_bytes(bytes, left / 8 * 8, left, code);
    } else {
        encode_bytes(message->bytes, message->bits, left, code);
    }
}

/* ---- and back ---- */

struct dot_matrix_fec {
    struct viterbi viterbi;
    struct reed_solomon *reed_solomon;
    int32_t sums[MAX_CODED];
    int8_t soft[MAX_CODED];
};

struct dot_matrix_fec *dot_matrix_fec_new(void)
{
    struct dot_matrix_fec *scratch = calloc(1, sizeof *scratch);
    CHECK(scratch != NULL);
    scratch->reed_solomon = reed_solomon_new();
    return scratch;
}

void dot_matrix_fec_free(struct dot_matrix_fec *scratch)
{
    if (scratch == NULL)
        return;
    reed_solomon_free(scratch->reed_solomon);
    free(scratch);
}

/* Adds up what the cells say of each coded bit. */
static void gather(struct dot_matrix_fec *scratch, const int16_t *soft, unsigned count,
                   unsigned all)
{
    memset(scratch->sums, 0, all * sizeof *scratch->sums);
    unsigned at = 0, rest = 0; /* i * all / count, and what is over */
    for (unsigned i = 0; i < count; i++) {
        scratch->sums[at] += soft[i];
        for (rest += all; rest >= count; rest -= count)
            at++;
    }
}

/* Brings the sums into the decoder's range: the mean of their sizes to a quarter of it. */
static void scale(struct dot_matrix_fec *scratch, unsigned all)
{
    int64_t total = 1;
    for (unsigned i = 0; i < all; i++)
        total += abs(scratch->sums[i]);
    float factor = VITERBI_SOFT_LIMIT / 4.0f * (float)all / (float)total;
    for (unsigned i = 0; i < all; i++) {
        float value = (float)scratch->sums[i] * factor;
        value = value > VITERBI_SOFT_LIMIT ? VITERBI_SOFT_LIMIT : value;
        value = value < -VITERBI_SOFT_LIMIT ? -VITERBI_SOFT_LIMIT : value;
        scratch->soft[i] = (int8_t)value;
    }
}

static void decode_viterbi(struct dot_matrix_fec *scratch, const int16_t *soft, unsigned count,
                           struct dot_matrix_message *message)
{
    unsigned all = coded_bits(message->bits);
    gather(scratch, soft, count, all);
    scale(scratch, all);
    viterbi_decode(&scratch->viterbi, scratch->soft, message->bits, message->bytes);
}

/* Bytes with how sure they are: as sure as the least sure bit. */
enum { SURE_STEP = SOFT_ONE / 16 };

static void harden(const int16_t *soft, unsigned bytes, uint8_t *out, uint8_t *sure)
{
    for (unsigned i = 0; i < bytes; i++) {
        out[i] = 0;
        sure[i] = UINT8_MAX;
        for (int bit = 0; bit < 8; bit++, soft++) {
            int steps = abs(*soft) / SURE_STEP;
            uint8_t size = (uint8_t)(steps < UINT8_MAX ? steps : UINT8_MAX);
            out[i] = (uint8_t)(out[i] << 1 | (*soft > 0));
            sure[i] = size < sure[i] ? size : sure[i];
        }
    }
}

bool dot_matrix_correct(struct dot_matrix_fec *scratch, enum matrix_fec fec, const int16_t *soft,
                        unsigned cells, struct dot_matrix_message *message)
{
    uint8_t bytes[DOT_MATRIX_MAX_CELLS / 8], sure[DOT_MATRIX_MAX_CELLS / 8];
    message->bits = dot_matrix_message_bits(message->header);
    if (message->bits == 0 || !dot_matrix_fits(fec, message->bits, cells))
        return false;
    unsigned header = header_cells(cells), left = cells - header;
    soft += header;
    if (fec == MATRIX_VITERBI) {
        decode_viterbi(scratch, soft, left, message);
        return true;
    }
    unsigned wanted = message_bytes(message->bits);
    harden(soft, left / 8, bytes, sure);
    if (fec == MATRIX_REED_SOLOMON)
        return reed_solomon_decode(scratch->reed_solomon, bytes, sure, left / 8, message->bytes,
                                   wanted);
    memcpy(message->bytes, bytes, wanted < left / 8 ? wanted : left / 8);
    return true;
}
