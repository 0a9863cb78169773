#include "experiment/experiment.h"

#include <stdlib.h>

static bool runs(const struct experiment *experiment, unsigned scheme)
{
    return scheme < experiment->tables->scheme_count && experiment->schemes >> scheme & 1;
}

void experiment_init(struct experiment *experiment, const struct model_tables *tables,
                     uint32_t schemes, unsigned replications)
{
    *experiment =
        (struct experiment){.tables = tables, .schemes = schemes, .replications = replications};
    experiment->units = calloc(tables->scheme_count * replications, sizeof *experiment->units);
    CHECK(experiment->units != NULL);
    for (unsigned replication = 0; replication < replications; replication++)
        for (unsigned scheme = 0; scheme < tables->scheme_count; scheme++)
            if (runs(experiment, scheme))
                experiment->units[experiment->count++] =
                    unit_result_new(tables, scheme, replication);
}

void experiment_fini(struct experiment *experiment)
{
    for (size_t i = 0; i < experiment->count; i++)
        unit_result_free(experiment->units[i]);
    free(experiment->units);
    *experiment = (struct experiment){0};
}

struct unit_result *experiment_unit(const struct experiment *experiment, unsigned scheme,
                                    unsigned replication)
{
    if (replication >= experiment->replications || !runs(experiment, scheme))
        return NULL;
    unsigned before = experiment->schemes & ((1u << scheme) - 1);
    size_t each = (size_t)__builtin_popcount(experiment->schemes);
    return experiment->units[replication * each + (size_t)__builtin_popcount(before)];
}

unsigned experiment_whole(const struct experiment *experiment)
{
    for (size_t i = 0; i < experiment->count; i++)
        if (!experiment->units[i]->done)
            return experiment->units[i]->replication;
    return experiment->replications;
}

void experiment_keep(struct experiment *experiment, unsigned replications)
{
    size_t kept = 0;
    for (size_t i = 0; i < experiment->count; i++) {
        struct unit_result *unit = experiment->units[i];
        if (unit->replication >= replications) {
            unit_result_free(unit);
            continue;
        }
        experiment->units[kept++] = unit;
    }
    experiment->count = kept;
    experiment->replications = replications;
}
