#include "symbology/dot_matrix_shots.h"

#include "symbology/dot_matrix_fec.h"

#include <stdlib.h>
#include <string.h>

struct kept {
    bool there;
    struct dot_matrix_sight sight;
    int16_t soft[DOT_MATRIX_MAX_CELLS];
};

struct dot_matrix_shots {
    struct kept kept[2]; /* of this frame: as its timing says, and turned */
    unsigned count;      /* of frames in the sums */
    int32_t sums[DOT_MATRIX_MAX_CELLS];
};

struct dot_matrix_shots *dot_matrix_shots_new(void)
{
    struct dot_matrix_shots *shots = calloc(1, sizeof *shots);
    CHECK(shots != NULL);
    return shots;
}

void dot_matrix_shots_free(struct dot_matrix_shots *shots)
{
    free(shots);
}

void dot_matrix_shots_next(struct dot_matrix_shots *shots)
{
    shots->kept[0].there = shots->kept[1].there = false;
}

void dot_matrix_shots_forget(struct dot_matrix_shots *shots)
{
    shots->count = 0;
    dot_matrix_shots_next(shots);
}

void dot_matrix_shots_offer(struct dot_matrix_shots *shots, const struct dot_matrix_sight *sight,
                            bool turned, const int16_t *soft, unsigned cells)
{
    struct kept *kept = &shots->kept[turned];
    if (kept->there && kept->sight.timing >= sight->timing)
        return;
    kept->there = true;
    kept->sight = *sight;
    memcpy(kept->soft, soft, cells * sizeof *soft);
    if (!turned)
        shots->kept[1].there = false; /* that was of another symbol */
}

static int64_t agreement(const struct dot_matrix_shots *shots, const struct kept *kept,
                         unsigned cells)
{
    int64_t sum = 0;
    for (unsigned i = 0; i < cells; i++)
        sum += (int64_t)shots->sums[i] * kept->soft[i];
    return sum;
}

bool dot_matrix_shots_add(struct dot_matrix_shots *shots, unsigned cells, int16_t *soft,
                          struct dot_matrix_sight *sight)
{
    const struct kept *kept = &shots->kept[0];
    if (!kept->there)
        return false;
    if (shots->count == 0)
        memset(shots->sums, 0, cells * sizeof *shots->sums);
    else if (shots->kept[1].there &&
             agreement(shots, &shots->kept[1], cells) > agreement(shots, kept, cells))
        kept = &shots->kept[1];
    shots->count++;
    *sight = kept->sight;
    for (unsigned i = 0; i < cells; i++) {
        int32_t sum = shots->sums[i] += kept->soft[i];
        soft[i] = (int16_t)(sum > SOFT_LIMIT ? SOFT_LIMIT : sum < -SOFT_LIMIT ? -SOFT_LIMIT : sum);
    }
    return shots->count > 1;
}
