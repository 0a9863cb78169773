#include "measures.h"

#include "pipeline.h"
#include "settings.h"

static const struct measure measures[M_COUNT] = {
#define X(id, name, kind, unit, scale, proportion, help) \
    [id] = {name, unit, help, MEASURE_##kind, scale, proportion},
    MEASURES(X)
#undef X
#define X(id, name, text) \
    [M_OUTCOME_REASON + id] = {"outcome." name, "1", text, MEASURE_RATIO, 1, true},
        REASONS(X)
#undef X
};

static const struct curve curves[C_COUNT] = {
#define X(id, name, unit, bins, low, high) [id] = {name, unit, bins, low, high},
    CURVES(X)
#undef X
};

const struct model_tables model_tables = {
    .measures = measures,
    .curves = curves,
    .schemes = scheme_names,
    .stages = stage_names,
    .measure_count = M_COUNT,
    .curve_count = C_COUNT,
    .scheme_count = SCHEME_COUNT,
    .stage_count = STAGE_COUNT,
};
