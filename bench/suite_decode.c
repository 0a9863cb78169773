/* The decoder on frames of the real camera, beside plain ZBar and the cost of reading the memory.
 */
#include "bench/peers/zbar_whole.h"
#include "bench/subjects.h"
#include "bench/suite.h"

static void run(struct bench *bench)
{
    for (int kind = 0; kind < SHOT_KIND_COUNT; kind++) {
        struct shots shots;
        shots_plan(&shots, (enum shot_kind)kind, bench_effort(bench)->items);
        shots_capture(&shots);
        const char *name = shot_kind_names[kind];
        double ceiling_s = bench_measure(bench, name, &subject_memcpy, &shots, NULL, 0)->median_s;
        bench_measure(bench, name, &subject_decoder, &shots, shots.truths, ceiling_s);
        bench_measure(bench, name, &subject_zbar_whole, &shots, shots.truths, ceiling_s);
        shots_fini(&shots);
    }
}

const struct suite suite_decode = {
    "decode", "The decoder on clean, noisy, blurred, tilted and empty frames; peers: ZBar, memcpy",
    run, "memcpy", NULL};
