#include "bench/peers/dmtx_whole.h"

#include "bench/batch.h"
#include "engine/stopwatch.h"

#include <dmtx.h>
#include <stddef.h>

enum { LIMIT_MS = 200, SLICE_MS = 10 };

static void *open_nothing(const void *work)
{
    (void)work;
    return NULL;
}

static void close_nothing(void *scratch)
{
    (void)scratch;
}

/* True where a region held a symbol that could be read. */
static bool read_region(DmtxDecode *decode, DmtxRegion *region, struct answer *answer)
{
    DmtxMessage *message = dmtxDecodeMatrixRegion(decode, region, DmtxUndefined);
    if (message == NULL)
        return false;
    answer_set(answer, message->output, (size_t)message->outputIdx);
    dmtxMessageDestroy(&message);
    return true;
}

/* The library's own limit is by the clock on the wall, which other programs use up: so it is asked
 * in slices (it goes on where it stopped), and the CPU time is added up. */
static DmtxRegion *find_next(DmtxDecode *decode, int64_t until_ns)
{
    for (;;) {
        DmtxTime limit = dmtxTimeAdd(dmtxTimeNow(), SLICE_MS);
        DmtxRegion *region = dmtxRegionFindNext(decode, &limit);
        bool searched_all = region == NULL && !dmtxTimeExceeded(limit);
        if (region != NULL || searched_all || stopwatch_ns() >= until_ns)
            return region;
    }
}

static void search(DmtxDecode *decode, struct answer *answer)
{
    int64_t until_ns = stopwatch_ns() + LIMIT_MS * INT64_C(1000000);
    DmtxRegion *region;
    bool found = false;
    while (!found && (region = find_next(decode, until_ns)) != NULL) {
        found = read_region(decode, region, answer);
        dmtxRegionDestroy(&region);
    }
}

static void run(void *scratch, const void *work, size_t item, struct answer *answer)
{
    const struct frame *frame = &((const struct batch *)work)->frames[item];
    (void)scratch;
    CHECK(frame->stride == frame->width);
    DmtxImage *image =
        dmtxImageCreate(frame->pixels, (int)frame->width, (int)frame->height, DmtxPack8bppK);
    CHECK(image != NULL);
    DmtxDecode *decode = dmtxDecodeCreate(image, 1);
    CHECK(decode != NULL);
    search(decode, answer);
    dmtxDecodeDestroy(&decode);
    dmtxImageDestroy(&image);
}

const struct subject subject_dmtx = {.name = "libdmtx",
                                     .open = open_nothing,
                                     .close = close_nothing,
                                     .run = run,
                                     .answers = true,
                                     .peer = true};

const char *dmtx_whole_version(void)
{
    return dmtxVersion();
}
