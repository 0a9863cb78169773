/*
 * zxing-cpp from C: the C++ half of a peer. Built where libzxing-dev is installed
 * (CASHPOINT_ZXING); elsewhere it is not there.
 */
#ifndef CASHPOINT_ZXING_READ_H
#define CASHPOINT_ZXING_READ_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum zxing_format { ZXING_CODE128, ZXING_ITF, ZXING_QR, ZXING_DATA_MATRIX };

/* Reads the first symbol of that format in grey pixels without gaps; `harder`: as its defaults have
 * it (harder, rotated, downscaled), else none of these. Writes at most `room` bytes and returns how
 * many there are; 0: nothing was read. */
size_t zxing_read(const uint8_t *pixels, int width, int height, enum zxing_format format,
                  int harder, char *bytes, size_t room);

const char *zxing_version(void);

#ifdef __cplusplus
}
#endif

#endif
