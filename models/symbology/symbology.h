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
#include "symbology/grade.h"

#include <stddef.h>

/* X-macro: symbology, name on command lines and in records, what a reader is told. */
#define SYMBOLOGIES(X)                                                             \
    X(SYMBOLOGY_CODE128, "code128", "Code 128, set C: the patent's laser barcode") \
    X(SYMBOLOGY_ITF, "itf", "Interleaved 2 of 5: two digits a word, no check")     \
    X(SYMBOLOGY_QR, "qr", "QR Code: what a bank would take today")                 \
    X(SYMBOLOGY_DOT_MATRIX, "dotmatrix", "the patent's dot matrix (symbology/dot_matrix.h)")

enum symbology {
#define X(symbology, name, text) symbology,
    SYMBOLOGIES(X)
#undef X
        SYMBOLOGY_COUNT
};

extern const char *const symbology_names[]; /* null-terminated, by enum symbology */

/* A payload is a string of bytes: digits in a barcode; text or a 64-byte signature with up to 68
 * bytes of its transaction in a matrix. Where it is kept, a zero follows. */
enum { PAYLOAD_MAX_BYTES = 132 };

/* How much of a QR Code may be lost: about 7 % with L, 15 % M, 25 % Q, 30 % H. Numbered as the
 * symbol itself does (ISO/IEC 18004, format information), so that a format that does not say is M.
 */
enum qr_level { QR_LEVEL_M, QR_LEVEL_L, QR_LEVEL_H, QR_LEVEL_Q, QR_LEVEL_COUNT };

extern const char *const qr_level_names[]; /* null-terminated, by enum qr_level */

/* X-macro: how a dot matrix corrects errors, name in scenarios, what a reader is told. */
#define MATRIX_FECS(X)                                                                      \
    X(MATRIX_VITERBI, "viterbi", "convolutional, constraint length 9, rate 1/3, soft bits") \
    X(MATRIX_REED_SOLOMON, "rs", "Reed-Solomon over bytes")                                 \
    X(MATRIX_NO_FEC, "none", "none: one wrong bit is a read lost")

enum matrix_fec {
#define X(fec, name, text) fec,
    MATRIX_FECS(X)
#undef X
        MATRIX_FEC_COUNT
};

extern const char *const matrix_fec_names[]; /* null-terminated, by enum matrix_fec */

enum { MATRIX_MAX_BLOCK = 8 };

/* How a dot matrix is laid out: symbology/dot_matrix.h. */
struct matrix_format {
    unsigned block_width, block_height; /* display pixels of a bit; 0: 1 wide, 2 high */
    unsigned quiet;                     /* bright pixels around it; 0: the bezel is bright */
    enum matrix_fec fec;
    bool plain; /* the patent's own: bits alone, nothing to find it by and no check */
};

/* How a code is drawn. */
struct code_format {
    enum symbology symbology;
    bool check_digits; /* of a barcode: two more digits that check the others (check_digits.h) */
    enum qr_level qr_level;
    struct matrix_format matrix;
};

/* Draws `length` bytes on a display of width x height pixels, centred, one module as many whole
 * pixels as fit (at least 1); the quiet zone may run onto the bezel, which is as bright as the
 * background. False with a message where they cannot be drawn or do not fit. */
bool symbology_draw(const struct code_format *format, const char *bytes, size_t length,
                    unsigned width, unsigned height, struct code_image *image, struct error *error);

/* X-macro: status, name in records, what a reader is told. */
#define DECODE_STATUSES(X)                                                                       \
    X(DECODE_OK, "decoded", "one symbol as expected")                                            \
    X(DECODE_NO_SYMBOL, "no-symbol", "no symbol found in the frame")                             \
    X(DECODE_UNREADABLE, "unreadable", "a symbol was located but nothing could be read from it") \
    X(DECODE_TOO_SMALL, "too-small", "a symbol with modules too small to be trusted")            \
    X(DECODE_WRONG_LENGTH, "wrong-length", "a symbol of another length than the bank issues")    \
    X(DECODE_WRONG_ALPHABET, "wrong-alphabet", "a symbol with characters the bank never issues") \
    X(DECODE_WRONG_CHECK, "wrong-check", "a symbol whose check digits do not fit")               \
    X(DECODE_AMBIGUOUS, "ambiguous", "two different strings in one frame")                       \
    X(DECODE_OVER_BUDGET, "over-budget", "the frame would have taken more time than it may")

enum decode_status {
#define X(status, name, text) status,
    DECODE_STATUSES(X)
#undef X
        DECODE_STATUS_COUNT
};

const char *decode_status_name(enum decode_status status);
const char *decode_status_text(enum decode_status status);

/* What has to hold before a string is accepted. Start from decode_rules_strict(): each rule costs
 * reads, and switching it off costs misreads. */
struct decode_rules {
    /* To look for: a set of 1u << enum symbology. Readers come in the order of the list and share
     * the budget; what two of them accept must be the same string. */
    unsigned symbologies;
    struct matrix_format matrix;            /* of a dot matrix ... */
    unsigned display_width, display_height; /* ... and the display that shows it, pixels */
    unsigned length;                        /* exact number of bytes; 0: any */
    unsigned min_lines;    /* scan lines of a barcode that must agree, at least 1 */
    float min_module_px;   /* modules smaller than this are not trusted; 0: any */
    float max_off_modules; /* how far the worst edge of a scan line may lie off; 0: not checked.
                            * Best lines of 51,000 hard frames: 29,956 within 0.45 and 5,349
                            * within 0.5, all right; 3,726 within 0.55, 7 of them wrong; one at
                            * 0.49 was wrong in 12,000 frames more. A bank's digits that are
                            * refused for 0.4 are read by likelihood instead, but for one frame
                            * in 200 of the worst cell. */
    float max_corrected;   /* part of a matrix's bits that error correction may turn over; 0: any */
    float min_lead;    /* log likelihood ratio of a soft reading against the next string; 0: any */
    float max_misfit;  /* mean square of what a soft reading leaves unexplained, of the contrast
                        * squared; 0: any. Measured on 1,100 hard frames: of those read softly and
                        * rightly one lies above 0.012, and all wrong ones with a lead of 5 or more
                        * at 0.015 or more. */
    bool check_digits; /* a barcode ends with two check digits, beyond `length`: they must fit, and
                        * are not told */
    bool any_characters; /* of a barcode: accept more than the digits that a bank issues, and light
                          * bars on dark */
    bool several;        /* take the first string of a frame that holds several */
    double budget_ms;    /* work a frame may cause (symbology/budget.h); 0: no limit */
    bool clock; /* hold the thread's CPU clock to the budget, too: then answers may depend on
                 * the machine, which a simulation must not */
};

struct decode_rules decode_rules_strict(enum symbology symbology, unsigned length);

/* max_off_modules for other people's barcodes: what is no digits, likelihood does not read. */
#define DECODE_OTHERS_OFF 0.5f

/* How sure an accepted read is. What a symbology does not know is 0. */
struct decode_margin {
    unsigned lines;          /* scan lines that agree */
    unsigned corrected_bits; /* by error correction */
    unsigned code_bits;      /* that many there were */
    float off_modules;       /* how far the worst edge of the best line lies off */
    float misfit;            /* of a soft reading: mean square of what it leaves unexplained, of the
                              * contrast squared */
    float lead;              /* log likelihood ratio against the next string, of a soft reading */
    float module_px;         /* size of a module in the frame */
    float contrast;          /* bright minus dark, of 1 */
};

struct place {
    float x, y; /* pixels of the frame, from its upper left corner */
};

struct decoded {
    enum decode_status status;
    enum symbology symbology;
    unsigned length;                  /* bytes; 0 where none are told */
    char text[PAYLOAD_MAX_BYTES + 1]; /* where DECODE_OK or DECODE_WRONG_*, else empty; longer
                                       * strings are cut */
    struct decode_margin margin;
    struct grade grade;
    int step;                /* which step of the symbology's cascade settled it, from 0 */
    struct place corners[4]; /* of the symbol: its own top left, top right, bottom right, bottom
                              * left; all 0: unknown */
    unsigned shots;          /* frames whose evidence was added up: 1, or more after decoder_more */
};

/* A decoder owns its libraries' scanners and scratch images; one a thread. Its answers depend on
 * the frame (or the frames of one presentation) and the rules alone, never on what it read before.
 */
struct decoder;
struct decoder *decoder_new(void); /* never null: out of memory is a CHECK */
void decoder_free(struct decoder *decoder);

/* Reads a frame for itself: the first of a presentation. */
void decoder_read(struct decoder *decoder, const struct frame *frame,
                  const struct decode_rules *rules, struct decoded *decoded);

/* Reads another frame of the same presentation, with the same rules: for itself and, where that
 * fails, together with what the frames since decoder_read() told. */
void decoder_more(struct decoder *decoder, const struct frame *frame,
                  const struct decode_rules *rules, struct decoded *decoded);

/* The whole string of the decoder's last frame, `decoded` being what came of it: longer than `text`
 * holds where a QR Code holds more than a bank issues. Until the next frame. */
const char *decoder_bytes(const struct decoder *decoder, const struct decoded *decoded);

#endif
