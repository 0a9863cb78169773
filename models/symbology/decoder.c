#include "symbology/symbology.h"

#include "symbology/budget.h"
#include "symbology/check_digits.h"
#include "symbology/dot_matrix.h"
#include "symbology/laser.h"
#include "symbology/qr.h"
#include "symbology/strips.h"

#include <stdlib.h>
#include <string.h>

/* Larger frames are shrunk by a whole factor; sides beyond the limit hold no picture at all. */
enum { MAX_PIXELS = 2000000, MAX_SIDE = 16384 };

static const double SHRINK_PIXEL_NS = 0.5;

struct decoder {
    struct grey shrunk;
    struct laser *laser;
    struct qr *qr;
    struct dot_matrix *matrix;
    unsigned shots; /* frames of this presentation */
};

struct decoder *decoder_new(void)
{
    struct decoder *decoder = calloc(1, sizeof *decoder);
    CHECK(decoder != NULL);
    decoder->laser = laser_new();
    decoder->qr = qr_new();
    decoder->matrix = dot_matrix_new();
    return decoder;
}

void decoder_free(struct decoder *decoder)
{
    if (decoder == NULL)
        return;
    grey_fini(&decoder->shrunk);
    laser_free(decoder->laser);
    qr_free(decoder->qr);
    dot_matrix_free(decoder->matrix);
    free(decoder);
}

const char *decode_status_name(enum decode_status status)
{
#define X(id, name, text) name,
    static const char *const names[] = {DECODE_STATUSES(X)};
#undef X
    CHECK((unsigned)status < DECODE_STATUS_COUNT);
    return names[status];
}

const char *decode_status_text(enum decode_status status)
{
#define X(id, name, text) text,
    static const char *const texts[] = {DECODE_STATUSES(X)};
#undef X
    CHECK((unsigned)status < DECODE_STATUS_COUNT);
    return texts[status];
}

struct decode_rules decode_rules_strict(enum symbology symbology, unsigned length)
{
    CHECK((unsigned)symbology < SYMBOLOGY_COUNT);
    return (struct decode_rules){
        .symbologies = 1u << symbology,
        .length = length,
        .min_lines = 2,
        .min_module_px = symbology == SYMBOLOGY_CODE128 || symbology == SYMBOLOGY_ITF ? 1 : 0,
        .max_off_modules = 0.4f,
        .display_width = 128,
        .display_height = 64,
        .max_corrected = 0.35f,
        .min_lead = 20,
        .max_misfit = 0.012f,
        .budget_ms = 100,
    };
}

static unsigned shrink_factor(const struct frame *frame)
{
    uint64_t factor = 1;
    while ((frame->width / factor) * (frame->height / factor) > MAX_PIXELS)
        factor++;
    return (unsigned)factor;
}

static void enlarge(struct decoded *decoded, unsigned factor)
{
    for (int i = 0; i < 4; i++) {
        decoded->corners[i].x *= (float)factor;
        decoded->corners[i].y *= (float)factor;
    }
    decoded->margin.module_px *= (float)factor;
}

/* ---- one reader a family of symbologies ---- */

enum family { FAMILY_LASER, FAMILY_QR, FAMILY_DOT_MATRIX, FAMILY_COUNT };

static unsigned members(enum family family)
{
    switch (family) {
    case FAMILY_QR:
        return 1u << SYMBOLOGY_QR;
    case FAMILY_DOT_MATRIX:
        return 1u << SYMBOLOGY_DOT_MATRIX;
    default:
        return 1u << SYMBOLOGY_CODE128 | 1u << SYMBOLOGY_ITF;
    }
}

/* Reads with the check digits in the length; what is told has them no more. */
static void read_barcode(struct laser *laser, const struct frame *frame,
                         const struct decode_rules *rules, struct budget *budget,
                         struct decoded *decoded)
{
    struct decode_rules longer = *rules;
    if (rules->check_digits && rules->length != 0)
        longer.length += CHECK_DIGITS;
    laser_read(laser, frame, &longer, budget, decoded);
    bool told = decoded->status == DECODE_OK ||
                (rules->any_characters && decoded->status == DECODE_WRONG_ALPHABET);
    if (!rules->check_digits || !told)
        return;
    if (!check_digits_fit(decoded->text, decoded->length)) {
        decoded->status = DECODE_WRONG_CHECK;
        return;
    }
    decoded->length -= CHECK_DIGITS;
    memset(decoded->text + decoded->length, 0, CHECK_DIGITS);
}

static void read_family(struct decoder *decoder, enum family family, const struct frame *frame,
                        const struct decode_rules *rules, struct budget *budget,
                        struct decoded *decoded)
{
    switch (family) {
    case FAMILY_QR:
        qr_read(decoder->qr, frame, rules, budget, decoded);
        break;
    case FAMILY_DOT_MATRIX:
        dot_matrix_read(decoder->matrix, frame, rules, budget, decoded);
        break;
    default:
        read_barcode(decoder->laser, frame, rules, budget, decoded);
    }
}

/* Which of two refusals says more of the frame: the later in this list. */
static int telling(enum decode_status status)
{
    static const enum decode_status order[] = {
        DECODE_NO_SYMBOL,   DECODE_OVER_BUDGET,  DECODE_UNREADABLE,
        DECODE_TOO_SMALL,   DECODE_WRONG_LENGTH, DECODE_WRONG_ALPHABET,
        DECODE_WRONG_CHECK, DECODE_AMBIGUOUS,    DECODE_OK,
    };
    int place = (int)(sizeof order / sizeof order[0]) - 1;
    while (place >= 0 && order[place] != status)
        place--;
    CHECK(place >= 0);
    return place;
}

/* Whether a string was told, be it accepted or not. */
static bool told(const struct decoded *decoded)
{
    return decoded->status == DECODE_OK || decoded->length > 0;
}

/* One frame, one string: what two readers accept must be the same, and a string that is refused is
 * another. */
static void join(const struct decoded *other, const struct decode_rules *rules,
                 struct decoded *decoded)
{
    bool several = decoded->status == DECODE_AMBIGUOUS || other->status == DECODE_AMBIGUOUS;
    bool accepted = decoded->status == DECODE_OK || other->status == DECODE_OK;
    bool differ = accepted && told(decoded) && told(other) &&
                  (decoded->length != other->length ||
                   memcmp(decoded->text, other->text, sizeof decoded->text) != 0);
    if (!rules->several && (several || differ))
        *decoded = (struct decoded){
            .status = DECODE_AMBIGUOUS, .step = other->step, .shots = decoded->shots};
    else if (telling(other->status) > telling(decoded->status))
        *decoded = *other;
}

/* Families in the order of the list, within one budget. */
static void read_frame(struct decoder *decoder, const struct frame *frame,
                       const struct decode_rules *rules, struct budget *budget,
                       struct decoded *decoded)
{
    const struct decoded nothing = *decoded;
    for (int family = 0; family < FAMILY_COUNT; family++) {
        if ((rules->symbologies & members(family)) == 0 || decoded->status == DECODE_AMBIGUOUS ||
            (rules->several && decoded->status == DECODE_OK))
            continue;
        struct decoded other = nothing;
        read_family(decoder, family, frame, rules, budget, &other);
        if (rules->any_characters && other.status == DECODE_WRONG_ALPHABET)
            other.status = DECODE_OK;
        join(&other, rules, decoded);
    }
}

void decoder_more(struct decoder *decoder, const struct frame *frame,
                  const struct decode_rules *rules, struct decoded *decoded)
{
    CHECK(rules->symbologies != 0 && rules->symbologies >> SYMBOLOGY_COUNT == 0);
    CHECK(frame->stride >= frame->width);
    memset(decoded, 0, sizeof *decoded);
    decoded->status = DECODE_NO_SYMBOL;
    decoded->shots = ++decoder->shots;
    if (frame->width > MAX_SIDE || frame->height > MAX_SIDE)
        return;
    struct budget budget = budget_begin(rules->budget_ms, rules->clock);
    unsigned factor = shrink_factor(frame);
    if (factor == 1) {
        read_frame(decoder, frame, rules, &budget, decoded);
        return;
    }
    if (!budget_spend(&budget, SHRINK_PIXEL_NS * frame->width * frame->height)) {
        decoded->status = DECODE_OVER_BUDGET;
        return;
    }
    strips_shrink(frame, factor, &decoder->shrunk);
    struct frame shrunk = {decoder->shrunk.width, decoder->shrunk.height, decoder->shrunk.width,
                           decoder->shrunk.pixels};
    struct decode_rules smaller = *rules;
    smaller.min_module_px /= (float)factor; /* it is of the frame's own pixels */
    read_frame(decoder, &shrunk, &smaller, &budget, decoded);
    enlarge(decoded, factor);
}

void decoder_read(struct decoder *decoder, const struct frame *frame,
                  const struct decode_rules *rules, struct decoded *decoded)
{
    decoder->shots = 0;
    laser_forget(decoder->laser);
    qr_forget(decoder->qr);
    dot_matrix_forget(decoder->matrix);
    decoder_more(decoder, frame, rules, decoded);
}

const char *decoder_bytes(const struct decoder *decoder, const struct decoded *decoded)
{
    return decoded->symbology == SYMBOLOGY_QR && decoded->length > PAYLOAD_MAX_BYTES
               ? qr_bytes(decoder->qr)
               : decoded->text;
}
