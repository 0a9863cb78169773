#include "experiment/design.h"

#include <stdlib.h>

/* Lays the units of all points side by side, and counts those that are done. */
static void gather(struct design *design)
{
    design->count = design->done = 0;
    for (size_t point = 0; point < design->point_count; point++) {
        const struct experiment *experiment = &design->points[point];
        for (size_t i = 0; i < experiment->count; i++) {
            design->units[design->count++] = experiment->units[i];
            design->done += experiment->units[i]->done;
        }
    }
}

void design_init(struct design *design, const struct model_tables *const *tables, size_t points,
                 uint32_t schemes, unsigned replications)
{
    *design = (struct design){.point_count = points, .shards = 1};
    design->points = calloc(points, sizeof *design->points);
    CHECK(points > 0 && design->points != NULL);
    size_t count = 0;
    for (size_t point = 0; point < points; point++) {
        struct experiment *experiment = &design->points[point];
        experiment_init(experiment, tables[point], schemes, replications);
        for (size_t i = 0; i < experiment->count; i++)
            experiment->units[i]->point = (unsigned)point;
        count += experiment->count;
    }
    design->units = calloc(count + 1, sizeof *design->units);
    CHECK(design->units != NULL);
    gather(design);
}

void design_fini(struct design *design)
{
    for (size_t point = 0; point < design->point_count; point++)
        experiment_fini(&design->points[point]);
    free(design->points);
    free(design->units);
    *design = (struct design){0};
}

struct unit_result *design_unit(const struct design *design, unsigned point, unsigned scheme,
                                unsigned replication)
{
    return point < design->point_count
               ? experiment_unit(&design->points[point], scheme, replication)
               : NULL;
}

void design_keep(struct design *design, size_t point, unsigned replications)
{
    experiment_keep(&design->points[point], replications);
    gather(design);
}
