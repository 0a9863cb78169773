#include "decode_windows.h"

#include <math.h>
#include <string.h>
#include <time.h>

/* Beyond this the decoder shrinks. */
static const double MOST_PIXELS = 2e6;

struct windows {
    const struct frame *frame;
    const struct decode_rules *rules;
    unsigned width, height, across, down; /* of one; how many */
    double began_ms, budget_ms;           /* CPU time: of this thread, of the whole picture */
};

static double cpu_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec * 1e-6;
}

/* What is left of the budget: false where there is none; 0 is no limit, as in the rules. */
static bool time_left(const struct windows *windows, double *left_ms)
{
    *left_ms = windows->budget_ms > 0 ? windows->budget_ms - cpu_ms() + windows->began_ms : 0;
    return windows->budget_ms == 0 || *left_ms > 0;
}

static struct frame window_at(const struct windows *windows, unsigned index, unsigned *left,
                              unsigned *top)
{
    const struct frame *frame = windows->frame;
    unsigned column = index % windows->across, row = index / windows->across;
    *left = (frame->width - windows->width) * column / (windows->across - 1);
    *top = (frame->height - windows->height) * row / (windows->down - 1);
    return (struct frame){windows->width, windows->height, frame->stride,
                          frame->pixels + (size_t)*top * frame->stride + *left};
}

/* False where there is no time for it. */
static bool read_window(struct decoder *decoder, const struct windows *windows, unsigned index,
                        struct decoded *decoded)
{
    struct decode_rules rules = *windows->rules;
    unsigned left, top;
    struct frame window = window_at(windows, index, &left, &top);
    if (!time_left(windows, &rules.budget_ms))
        return false;
    decoder_read(decoder, &window, &rules, decoded);
    for (int i = 0; i < 4 && decoded->status == DECODE_OK; i++) {
        decoded->corners[i].x += (float)left;
        decoded->corners[i].y += (float)top;
    }
    return decoded->status != DECODE_OVER_BUDGET;
}

static bool same(const struct decoded *a, const struct decoded *b)
{
    return a->length == b->length && memcmp(a->text, b->text, sizeof a->text) == 0;
}

/* Tells which window told the string first; their number where none did. */
static unsigned read_windows(struct decoder *decoder, const struct windows *windows,
                             struct decoded *decoded)
{
    unsigned count = windows->across * windows->down, told = count;
    struct decoded here;
    for (unsigned i = 0; i < count; i++) {
        if (!read_window(decoder, windows, i, &here)) {
            if (told == count)
                decoded->status = DECODE_OVER_BUDGET;
            break;
        }
        bool differs = told < count && here.status == DECODE_OK && !same(&here, decoded);
        if (here.status == DECODE_AMBIGUOUS || differs) {
            *decoded = (struct decoded){.status = DECODE_AMBIGUOUS, .shots = 1};
            return count;
        }
        if (here.status != DECODE_OK || told < count)
            continue;
        *decoded = here;
        told = i;
        if (windows->rules->several)
            break;
    }
    return told;
}

/* Makes this window the decoder's last frame, whose string it keeps whole. */
static void remember(struct decoder *decoder, const struct windows *windows, unsigned index)
{
    struct decode_rules rules = *windows->rules;
    struct decoded again;
    unsigned left, top;
    struct frame window = window_at(windows, index, &left, &top);
    rules.budget_ms = 0;
    decoder_read(decoder, &window, &rules, &again);
}

void decode_windows_read(struct decoder *decoder, const struct frame *frame,
                         const struct decode_rules *rules, struct decoded *decoded)
{
    struct windows windows = {.frame = frame, .rules = rules, .began_ms = cpu_ms()};
    double size = (double)frame->width * frame->height / MOST_PIXELS;
    unsigned parts = (unsigned)ceil(sqrt(size));
    decoder_read(decoder, frame, rules, decoded);
    if (parts < 2 || decoded->status == DECODE_OK || decoded->status == DECODE_AMBIGUOUS)
        return;
    windows.budget_ms = rules->budget_ms * size;
    windows.width = (frame->width + parts - 1) / parts;
    windows.height = (frame->height + parts - 1) / parts;
    windows.across = windows.down = 2 * parts - 1;
    unsigned told = read_windows(decoder, &windows, decoded);
    if (decoded->status == DECODE_OK && decoded->length > PAYLOAD_MAX_BYTES)
        remember(decoder, &windows, told);
}
