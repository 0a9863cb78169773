#include "output/sweep_needed.h"

#include "experiment/value.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

struct work {
    const struct needed *needed;
    const struct sweep *sweep;
    const struct sweep_point *points;
    size_t factor, row; /* row: of the key, in the sweep's table */
};

/* The number that a value begins with, in the unit it is written in. */
static double number_at(const struct work *work, size_t point)
{
    char cell[256] = "";
    FILE *out = fmemopen(cell, sizeof cell - 1, "w");
    CHECK(out != NULL);
    value_write(&work->sweep->table->rows[work->row], work->points[point].settings, out);
    fclose(out);
    return strtod(cell, NULL);
}

/* Do the points differ in nothing but the key that is asked about? */
static bool together(const struct work *work, size_t a, size_t b)
{
    for (size_t i = 0; i < work->sweep->count; i++)
        if (i != work->factor && sweep_level(work->sweep, a, i) != sweep_level(work->sweep, b, i))
            return false;
    return true;
}

/* The smallest value from which on all meet the bound; INFINITY where the largest does not. */
static double find(const struct work *work, size_t first, enum needed_by by)
{
    double failed = -INFINITY, least = INFINITY;
    for (int pass = 0; pass < 2; pass++)
        for (size_t point = 0; point < sweep_points(work->sweep); point++) {
            if (!together(work, first, point))
                continue;
            double number = number_at(work, point);
            if (pass == 0 && !needed_is_met(work->needed, work->points[point].summary, by))
                failed = fmax(failed, number);
            if (pass == 1 && number > failed)
                least = fmin(least, number);
        }
    return least;
}

static void put_number(struct text *text, double number)
{
    if (isinf(number))
        text_put(text, ",");
    else
        text_format(text, ",%.10g", number);
}

void sweep_needed_write(struct text *text, const char *question, const struct needed *needed,
                        const struct sweep *sweep, const struct sweep_point *points)
{
    struct error error;
    struct work work = {.needed = needed, .sweep = sweep, .points = points};
    CHECK(needed_factor(needed, sweep, &work.factor, &error));
    work.row = sweep->factors[work.factor].keys[0].row;
    text_put(text, "point,key,question,needed,at_best,at_worst\n");
    for (size_t point = 0; point < sweep_points(sweep); point++) {
        if (sweep_level(sweep, point, work.factor) != 0)
            continue;
        text_format(text, "%zu,%s,%s", point + 1, needed->key, question);
        put_number(text, find(&work, point, NEEDED_BY_MEAN));
        put_number(text, find(&work, point, NEEDED_AT_BEST));
        put_number(text, find(&work, point, NEEDED_AT_WORST));
        text_put(text, "\n");
    }
}
