/*
 * Strings as symbols, and symbols read back.
 *
 * Drawing is what the token's conversion module does (libzint draws, in modules). Reading is what
 * the bank's verification module does first: the production decoder that this program times.
 * Knows no camera and no bank; needs no engine.
 *
 * A misread is worse than no read, so reading is strict by default: one symbology, the exact length
 * the bank issues, one string a frame. What a frame holds is data (enum decode_status), never an
 * operating error.
 */
#ifndef CASHPOINT_SYMBOLOGY_H
#define CASHPOINT_SYMBOLOGY_H

#include "engine/error.h"
#include "optics/frame.h"
#include "symbology/code_image.h"

enum symbology {
    SYMBOLOGY_CODE128, /* "laser barcode": set C, digits only, an even number of them */
    SYMBOLOGY_COUNT
};

extern const char *const symbology_names[]; /* null-terminated, by enum symbology */

enum { CODE_TEXT_BYTES = 64 };

/* Draws `text` on a display of width x height pixels, centred, one module as many whole pixels as
 * fit (at least 1); the quiet zone may run onto the bezel, which is as bright as the background.
 * False with a message where the text cannot be drawn or does not fit. */
bool symbology_draw(enum symbology symbology, const char *text, unsigned width, unsigned height,
                    struct code_image *image, struct error *error);

/* X-macro: status, name in records, what a reader is told. */
#define DECODE_STATUSES(X)                                                                         \
    X(DECODE_OK, "decoded", "one symbol as expected")                                              \
    X(DECODE_NO_SYMBOL, "no-symbol", "no symbol found in the frame")                               \
    X(DECODE_WRONG_LENGTH, "wrong-length", "a symbol of another length than the bank issues")      \
    X(DECODE_WRONG_ALPHABET, "wrong-alphabet", "a symbol with characters the bank never issues")   \
    X(DECODE_AMBIGUOUS, "ambiguous", "two different strings in one frame")

enum decode_status {
#define X(status, name, text) status,
    DECODE_STATUSES(X)
#undef X
    DECODE_STATUS_COUNT
};

const char *decode_status_name(enum decode_status status);
const char *decode_status_text(enum decode_status status);

struct decode_rules {
    enum symbology symbology;
    unsigned length; /* exact number of characters; 0: any */
};

struct decoded {
    enum decode_status status;
    char text[CODE_TEXT_BYTES];  /* the string where DECODE_OK (or DECODE_WRONG_*), else empty */
    int quality;                 /* scan lines that agree (ZBar's quality); 0 where none */
    int step;                    /* which step of the cascade read it, from 0 */
    float left, top, right, bottom; /* bounding box of the symbol, pixels */
};

/* A decoder owns ZBar's scanner and scratch images; one a thread. Its answers depend on the frame and
 * the rules alone, never on what it read before. */
struct decoder;
struct decoder *decoder_new(void); /* never null: out of memory is a CHECK */
void decoder_free(struct decoder *decoder);

void decoder_read(struct decoder *decoder, const struct frame *frame, const struct decode_rules *rules,
                  struct decoded *decoded);

#endif
