/* The decoders on the grid of cells.h: cell by cell, so that one cell's frames are all there is in
 * memory, each decoder on the same frames. */
#include "bench/contest.h"
#include "bench/degrade.h"
#include "bench/select.h"
#include "bench/suite.h"

#include <string.h>

static void make(struct batch *batch, const struct cell *cell, const struct effort *effort)
{
    if (!cell->camera) {
        degrade_batch(batch, cell, 0, effort->items, effort->jobs);
        return;
    }
    struct shots shots;
    shots_plan(&shots, cell->kind, effort->items);
    shots_capture(&shots);
    *batch = shots_take(&shots);
}

static size_t frames_for(const struct contestant *decoder, const struct batch *batch)
{
    return decoder->slow && batch->count > 1 ? (batch->count + 9) / 10 : batch->count;
}

static void run_cell(struct bench *bench, const struct cell *cell, struct contest *contest)
{
    const struct effort *effort = bench_effort(bench);
    char path[CELL_PATH_BYTES];
    struct batch batch;
    cell_path(cell, path);
    make(&batch, cell, effort);
    contest_cell(contest, cell);
    for (size_t i = 0; i < decoder_count; i++)
        if (decoders[i].symbols >> cell->symbol & 1)
            contest_add(contest, cell, i,
                        bench_read(bench, path, decoders[i].subject, &batch, batch.truths,
                                   frames_for(&decoders[i], &batch)));
    batch_fini(&batch);
}

static void run(struct bench *bench)
{
    struct contest contest;
    contest_init(&contest, bench_table(bench), bench_effort(bench)->items);
    for (size_t i = 0; i < cell_count; i++) {
        char path[CELL_PATH_BYTES];
        cell_path(&cells[i], path);
        if (bench_wants(bench, path))
            run_cell(bench, &cells[i], &contest);
    }
    contest_fini(&contest);
}

static bool knows(const char *part)
{
    for (size_t i = 0; i < cell_count; i++) {
        char path[CELL_PATH_BYTES];
        cell_path(&cells[i], path);
        if (select_matches(part, path))
            return true;
    }
    return false;
}

const struct suite suite_decode = {
    .name = "decode",
    .help =
        "Decoders side by side on a grid of frames; decode/noise, decode/code128/vga/blur/2 and "
        "the like run a part",
    .run = run,
    .reference = "memcpy",
    .knows = knows,
    .own_table = true,
};
