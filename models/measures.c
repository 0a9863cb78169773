#include "measures.h"

#include "experiment/expectation.h"
#include "people/people.h"
#include "pipeline.h"
#include "settings.h"
#include "streams.h"
#include "world.h"

#include <math.h>
#include <string.h>

static const struct measure measures[M_COUNT] = {
#define X(id, name, kind, unit, scale, proportion, help) \
    [id] = {name, unit, help, MEASURE_##kind, scale, proportion},
    MEASURES(X)
#undef X
#define X(id, name, text) \
    [M_OUTCOME_REFUSED + id - 1] = {"outcome." name, "1", text, MEASURE_RATIO, 1, true},
        REFUSALS(X)
#undef X
#define X(id, name, text) [M_ATTACK + id] = {"attack." name, "1", text, MEASURE_RATIO, 1, true},
            REASONS(X)
#undef X
                [M_ATTACK_NO_MACHINE] = {"attack.no-machine", "1",
                                         "no machine was free for the accomplice", MEASURE_RATIO, 1,
                                         true},
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

/* --- ranges of the curves: what the scenario's distributions give, sampled --- */

enum { SAMPLES = 1000 };

struct extent {
    double low, high;
};

static void stretch(struct extent *extent, double x)
{
    extent->low = fmin(extent->low, x);
    extent->high = fmax(extent->high, x);
}

/* Widens the range to bins whose width is 1, 2, 2.5 or 5 times a power of ten. */
static void set_range(struct curve *curve, struct extent extent)
{
    static const double steps[] = {1.0, 2.0, 2.5, 5.0, 10.0};
    double width = fmax((extent.high - extent.low) / (curve->bins - 1), 1e-3);
    double power = pow(10.0, floor(log10(width)));
    int step = 0;
    while (steps[step] * power < width && step < 4)
        step++;
    width = steps[step] * power;
    curve->low = floor(extent.low / width) * width;
    unsigned bins = (unsigned)ceil((extent.high - curve->low) / width);
    curve->bins = bins < 1 ? 1 : bins > curve->bins ? curve->bins : bins;
    curve->high = curve->low + curve->bins * width;
}

/* Draws from streams of its own: the model's do not move. */
static struct pose draw_pose(const struct pose_settings *settings, unsigned index)
{
    struct stream stream;
    stream_init(&stream, (struct stream_key){.entity = index, .purpose = PURPOSE_RANGES});
    return people_hold(settings, &stream);
}

static void set_ranges(struct model *model, const struct settings *settings)
{
    struct extent distance = {INFINITY, -INFINITY}, defocus = distance, module = distance,
                  photographer = distance;
    struct code_image image = {.width = (uint16_t)settings->display.width,
                               .height = (uint16_t)settings->display.height,
                               .module_px = 1};
    struct conditions conditions = {.display = settings_display(settings_shown(settings)),
                                    .camera = settings_camera(&settings->terminals.camera)};
    for (unsigned i = 0; i < SAMPLES; i++) {
        conditions.pose = draw_pose(&settings->presentation, i);
        struct capture_geometry geometry = camera_geometry(&image, &conditions);
        stretch(&distance, conditions.pose.distance_m * 1000.0);
        stretch(&defocus, geometry.defocus_px);
        stretch(&module, geometry.module_px);
        stretch(&photographer, draw_pose(&settings->attacks.photograph, i).distance_m);
    }
    set_range(&model->curves[C_DISTANCE], distance);
    set_range(&model->curves[C_DEFOCUS], defocus);
    set_range(&model->curves[C_MODULE], module);
    set_range(&model->curves[C_PHOTOGRAPHER], photographer);
}

static void set_steady(struct model *model, const struct settings *settings)
{
    int scheme;
    size_t measure;
    struct error error;
    memset(model->steady, 0, sizeof model->steady);
    for (int i = 0; i < STEADY_METRICS && settings->steady[i][0] != '\0'; i++) {
        CHECK(expectation_find(&model_tables, settings->steady[i], &scheme, &measure, &error));
        model->steady[(size_t)scheme * M_COUNT + measure] = true;
    }
    model->tables.steady = model->steady;
}

void model_init(struct model *model, const struct settings *settings)
{
    model->tables = model_tables;
    memcpy(model->curves, curves, sizeof curves);
    model->tables.curves = model->curves;
    set_ranges(model, settings);
    set_steady(model, settings);
}
