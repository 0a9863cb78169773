#include "symbology/dot_matrix_message.h"

#include <string.h>

enum { CRC_BITS = 32, DIGIT_HEADER = PAYLOAD_MAX_BYTES, MOST_DIGITS = UINT8_MAX - DIGIT_HEADER };

uint32_t dot_matrix_crc(uint32_t crc, const uint8_t *bytes, size_t count)
{
    crc = ~crc;
    for (size_t i = 0; i < count; i++) {
        crc ^= bytes[i];
        for (int bit = 0; bit < 8; bit++)
            crc = crc >> 1 ^ (UINT32_C(0xedb88320) & -(crc & 1));
    }
    return ~crc;
}

static uint32_t check_of(uint8_t header, const char *bytes, size_t length)
{
    return dot_matrix_crc(dot_matrix_crc(0, &header, 1), (const uint8_t *)bytes, length);
}

/* ---- bits ---- */

static void put(struct dot_matrix_message *message, uint32_t value, unsigned count)
{
    while (count-- > 0) {
        unsigned at = message->bits++;
        message->bytes[at / 8] |= (uint8_t)((value >> count & 1) << (7 - at % 8));
    }
}

static uint32_t take(const struct dot_matrix_message *message, unsigned *at, unsigned count)
{
    uint32_t value = 0;
    for (; count > 0; count--, (*at)++)
        value = value << 1 | (message->bytes[*at / 8] >> (7 - *at % 8) & 1u);
    return value;
}

/* ---- digits, up to three at once ---- */

static const unsigned group_bits[] = {0, 4, 7, 10}, group_values[] = {1, 10, 100, 1000};

static void put_digits(struct dot_matrix_message *message, const char *digits, size_t length)
{
    for (size_t i = 0; i < length; i += 3) {
        unsigned count = length - i < 3 ? (unsigned)(length - i) : 3, value = 0;
        for (unsigned k = 0; k < count; k++)
            value = 10 * value + (unsigned)(digits[i + k] - '0');
        put(message, value, group_bits[count]);
    }
}

static bool take_digits(const struct dot_matrix_message *message, unsigned *at, char *digits,
                        unsigned length)
{
    for (unsigned i = 0; i < length; i += 3) {
        unsigned count = length - i < 3 ? length - i : 3;
        uint32_t value = take(message, at, group_bits[count]);
        if (value >= group_values[count])
            return false;
        for (unsigned k = count; k-- > 0; value /= 10)
            digits[i + k] = (char)('0' + value % 10);
    }
    return true;
}

static bool all_digits(const char *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (bytes[i] < '0' || bytes[i] > '9')
            return false;
    return true;
}

/* ---- messages ---- */

void dot_matrix_pack(const char *bytes, size_t length, struct dot_matrix_message *message)
{
    CHECK(length > 0 && length <= PAYLOAD_MAX_BYTES);
    bool digits = length <= MOST_DIGITS && all_digits(bytes, length);
    *message = (struct dot_matrix_message){.header = (uint8_t)(length + digits * DIGIT_HEADER)};
    if (digits)
        put_digits(message, bytes, length);
    else
        for (size_t i = 0; i < length; i++)
            put(message, (uint8_t)bytes[i], 8);
    put(message, check_of(message->header, bytes, length), CRC_BITS);
}

unsigned dot_matrix_message_length(uint8_t header)
{
    return header > DIGIT_HEADER ? header - (unsigned)DIGIT_HEADER : header;
}

unsigned dot_matrix_message_bits(uint8_t header)
{
    unsigned length = dot_matrix_message_length(header);
    if (length == 0)
        return 0;
    return CRC_BITS +
           (header > DIGIT_HEADER ? length / 3 * 10 + group_bits[length % 3] : 8 * length);
}

void dot_matrix_headers(unsigned length, uint8_t headers[2])
{
    headers[0] = length <= PAYLOAD_MAX_BYTES ? (uint8_t)length : 0;
    headers[1] = length > 0 && length <= MOST_DIGITS ? (uint8_t)(length + DIGIT_HEADER) : 0;
}

bool dot_matrix_unpack(const struct dot_matrix_message *message, char bytes[PAYLOAD_MAX_BYTES + 1])
{
    unsigned length = dot_matrix_message_length(message->header), at = 0;
    memset(bytes, 0, PAYLOAD_MAX_BYTES + 1);
    if (message->header > DIGIT_HEADER) {
        if (!take_digits(message, &at, bytes, length))
            return false;
    } else {
        for (unsigned i = 0; i < length; i++)
            bytes[i] = (char)take(message, &at, 8);
        /* Such a string is written as digits, and nothing is written in two ways. */
        if (length <= MOST_DIGITS && all_digits(bytes, length))
            return false;
    }
    return take(message, &at, CRC_BITS) == check_of(message->header, bytes, length);
}
