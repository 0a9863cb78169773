#include "bench/cells.h"

#include <stdio.h>
#include <string.h>

#define C128(at, in_row, called, ...)                                                \
    {                                                                                \
        .symbol = SYMBOL_CODE128, .size = SIZE_##at, .row = in_row, .value = called, \
        .degradation = {__VA_ARGS__},                                                \
    }
#define HARD(at, in_row, called, ...)                                                \
    {                                                                                \
        .symbol = SYMBOL_CODE128, .size = SIZE_##at, .row = in_row, .value = called, \
        .degradation = {__VA_ARGS__}, .hard = true,                                  \
    }
#define ITF(in_row, called, difficult, ...)                                     \
    {                                                                           \
        .symbol = SYMBOL_ITF, .size = SIZE_VGA, .row = in_row, .value = called, \
        .degradation = {__VA_ARGS__}, .hard = difficult,                        \
    }
#define CAMERA(called, shot)                                                          \
    {                                                                                 \
        .symbol = SYMBOL_CODE128, .size = SIZE_VGA, .row = "camera", .value = called, \
        .camera = true, .kind = shot,                                                 \
    }
#define DOTS(of, what, difficult, in_row, called, ...)                                    \
    {                                                                                     \
        .symbol = SYMBOL_##of, .payload = PAYLOAD_##what, .row = in_row, .value = called, \
        .degradation = {__VA_ARGS__}, .hard = difficult,                                  \
    }

/* The same six at each size of a display pixel. */
#define STRENGTHS(of, what, in_row, px, difficult)                                             \
    DOTS(of, what, difficult, in_row, "noise10-blur0.7", .module_px = px),                     \
        DOTS(of, what, difficult, in_row, "noise20-blur1", .module_px = px, .noise = 20,       \
             .blur_px = 1),                                                                    \
        DOTS(of, what, difficult, in_row, "noise30-blur1", .module_px = px, .noise = 30,       \
             .blur_px = 1),                                                                    \
        DOTS(of, what, difficult, in_row, "noise10-blur1.5", .module_px = px, .blur_px = 1.5), \
        DOTS(of, what, difficult, in_row, "noise10-blur2", .module_px = px, .blur_px = 2),     \
        DOTS(of, what, difficult, in_row, "contrast0.25-noise8", .module_px = px, .noise = 8,  \
             .contrast = 0.25)

/* What every matrix is tried on. */
#define MATRIX(of)                                                                           \
    DOTS(of, SIGNED, false, "clean", NULL, .noise = 2, .blur_px = 0.5),                      \
        DOTS(of, SIGNED, false, "empty", "2", .noise = 2, .blank = true),                    \
        DOTS(of, SIGNED, false, "empty", "30", .noise = 30, .blank = true),                  \
        STRENGTHS(of, SIGNED, "2px", 2, true), STRENGTHS(of, SIGNED, "3px", 3, true),        \
        STRENGTHS(of, SIGNED, "4px", 4, false),                                              \
        DOTS(of, SIGNED, false, "perspective", "mild", .perspective = PERSPECTIVE_MILD),     \
        DOTS(of, SIGNED, false, "perspective", "strong", .perspective = PERSPECTIVE_STRONG), \
        DOTS(of, SIGNED, false, "rotation", "5", .rotation_deg = 5),                         \
        DOTS(of, SIGNED, false, "rotation", "10", .rotation_deg = 10),                       \
        DOTS(of, SIGNED, false, "rotation", "20", .rotation_deg = 20),                       \
        DOTS(of, SIGNED, false, "rotation", "30", .rotation_deg = 30),                       \
        DOTS(of, SIGNED, false, "rotation", "45", .rotation_deg = 45),                       \
        DOTS(of, SIGNED, false, "rotation", "180", .rotation_deg = 180),                     \
        DOTS(of, SIGNED, false, "light", "gradient", .light = LIGHT_GRADIENT),               \
        DOTS(of, SIGNED, false, "light", "vignetting", .light = LIGHT_VIGNETTING),           \
        DOTS(of, SIGNED, false, "light", "glare", .light = LIGHT_GLARE),                     \
        DOTS(of, SIGNED, true, "mix", "mild", MIX_MILD),                                     \
        DOTS(of, SIGNED, true, "mix", "medium", MIX_MEDIUM),                                 \
        DOTS(of, SIGNED, true, "mix", "hard", MIX_HARD), STRENGTHS(of, CODE, "2px", 2, true)

#define MIX_MILD \
    .noise = 6, .blur_px = 0.8, .rotation_deg = 4, .contrast = 0.6, .light = LIGHT_GRADIENT
#define MIX_MEDIUM                                                                            \
    .noise = 10, .blur_px = 1.2, .rotation_deg = 8, .contrast = 0.5, .light = LIGHT_GRADIENT, \
    .perspective = PERSPECTIVE_MILD
#define MIX_HARD                                                                                \
    .noise = 20, .blur_px = 1.6, .rotation_deg = 15, .contrast = 0.35, .light = LIGHT_GRADIENT, \
    .perspective = PERSPECTIVE_STRONG

const struct cell cells[] = {
    C128(VGA, "clean", NULL, .noise = 2),
    C128(VGA, "empty", "2", .noise = 2, .blank = true),
    C128(VGA, "empty", "30", .noise = 30, .blank = true),
    C128(VGA, "noise", "5", .noise = 5),
    C128(VGA, "noise", "10", .noise = 10),
    C128(VGA, "noise", "20", .noise = 20),
    HARD(VGA, "noise", "40", .noise = 40),
    HARD(VGA, "noise", "60", .noise = 60),
    C128(VGA, "noise", "90", .noise = 90),
    C128(VGA, "blur", "1", .blur_px = 1),
    HARD(VGA, "blur", "1.5", .blur_px = 1.5),
    HARD(VGA, "blur", "2", .blur_px = 2),
    HARD(VGA, "blur", "3", .blur_px = 3),
    HARD(VGA, "blur", "4", .blur_px = 4),
    C128(VGA, "rotation", "5", .rotation_deg = 5),
    C128(VGA, "rotation", "10", .rotation_deg = 10),
    HARD(VGA, "rotation", "20", .rotation_deg = 20),
    C128(VGA, "rotation", "30", .rotation_deg = 30),
    C128(VGA, "rotation", "45", .rotation_deg = 45),
    C128(VGA, "perspective", "mild", .perspective = PERSPECTIVE_MILD),
    HARD(VGA, "perspective", "strong", .perspective = PERSPECTIVE_STRONG),
    C128(VGA, "module", "0.9", .module_px = 0.9),
    HARD(VGA, "module", "1.1", .module_px = 1.1),
    HARD(VGA, "module", "1.25", .module_px = 1.25),
    HARD(VGA, "module", "1.5", .module_px = 1.5),
    C128(VGA, "module", "2", .module_px = 2),
    C128(VGA, "module", "3.5", .module_px = 3.5),
    C128(VGA, "contrast", "0.5", .contrast = 0.5),
    C128(VGA, "contrast", "0.25", .contrast = 0.25),
    HARD(VGA, "contrast", "0.12", .contrast = 0.12),
    C128(VGA, "light", "gradient", .light = LIGHT_GRADIENT),
    C128(VGA, "light", "vignetting", .light = LIGHT_VIGNETTING),
    C128(VGA, "light", "glare", .light = LIGHT_GLARE),
    HARD(VGA, "mix", "mild", MIX_MILD),
    HARD(VGA, "mix", "medium", MIX_MEDIUM),
    HARD(VGA, "mix", "hard", MIX_HARD),
    C128(720P, "clean", NULL, .noise = 2),
    C128(720P, "empty", "2", .noise = 2, .blank = true),
    C128(720P, "noise", "20", .noise = 20),
    HARD(720P, "blur", "2", .blur_px = 2),
    C128(720P, "rotation", "20", .rotation_deg = 20),
    HARD(720P, "mix", "medium", MIX_MEDIUM),
    C128(QVGA, "clean", NULL, .noise = 2),
    C128(QVGA, "empty", "2", .noise = 2, .blank = true),
    HARD(QVGA, "noise", "20", .noise = 20),
    HARD(QVGA, "blur", "1", .blur_px = 1),
    HARD(QVGA, "rotation", "20", .rotation_deg = 20),
    HARD(QVGA, "mix", "mild", MIX_MILD),
    CAMERA("clean", SHOT_CLEAN),
    CAMERA("noisy", SHOT_NOISY),
    CAMERA("blurred", SHOT_BLURRED),
    CAMERA("tilted", SHOT_TILTED),
    CAMERA("empty", SHOT_EMPTY),
    ITF("clean", NULL, false, .noise = 2),
    ITF("empty", "2", false, .noise = 2, .blank = true),
    ITF("empty", "30", false, .noise = 30, .blank = true),
    ITF("noise", "20", false, .noise = 20),
    ITF("noise", "60", true, .noise = 60),
    ITF("blur", "2", true, .blur_px = 2),
    ITF("rotation", "10", true, .rotation_deg = 10),
    ITF("rotation", "20", true, .rotation_deg = 20),
    ITF("rotation", "30", true, .rotation_deg = 30),
    ITF("perspective", "strong", true, .perspective = PERSPECTIVE_STRONG),
    ITF("module", "1.5", true, .module_px = 1.5),
    ITF("contrast", "0.12", true, .contrast = 0.12),
    ITF("mix", "mild", true, MIX_MILD),
    ITF("mix", "medium", true, MIX_MEDIUM),
    MATRIX(DOT_MATRIX),
    MATRIX(QR),
    MATRIX(DATA_MATRIX),
};

const size_t cell_count = sizeof cells / sizeof cells[0];

static const struct {
    const char *name;
    unsigned width, height;
} sizes[SIZE_COUNT] = {[SIZE_VGA] = {"vga", 640, 480},
                       [SIZE_720P] = {"720p", 1280, 720},
                       [SIZE_QVGA] = {"qvga", 320, 240}};

const char *const symbol_names[] = {
#define X(symbol, name) name,
    SYMBOLS(X)
#undef X
};

static const char *const payload_names[] = {
#define X(payload, name) name,
    PAYLOADS(X)
#undef X
};

void size_pixels(enum frame_size size, unsigned *width, unsigned *height)
{
    *width = sizes[size].width;
    *height = sizes[size].height;
}

void cell_path(const struct cell *cell, char path[CELL_PATH_BYTES])
{
    bool barcode = cell->payload == PAYLOAD_DIGITS;
    int length =
        snprintf(path, CELL_PATH_BYTES, "%s/%s/%s%s%s", symbol_names[cell->symbol],
                 barcode ? sizes[cell->size].name : payload_names[cell->payload], cell->row,
                 cell->value != NULL ? "/" : "", cell->value != NULL ? cell->value : "");
    CHECK(length > 0 && length < CELL_PATH_BYTES);
}

static double or_usual(double value, double usual)
{
    return value > 0 ? value : usual;
}

struct degradation cell_degradation(const struct cell *cell)
{
    struct degradation is = cell->degradation;
    bool barcode = cell->payload == PAYLOAD_DIGITS;
    double module_px = cell->size == SIZE_QVGA ? 1.75 : 3.5;
    is.module_px = or_usual(is.module_px, barcode ? module_px : 3);
    is.noise = or_usual(is.noise, barcode ? 2 : 10);
    is.blur_px = or_usual(is.blur_px, barcode ? 0.5 : 0.7);
    is.contrast = or_usual(is.contrast, 1);
    return is;
}

void cell_describe(const struct cell *cell, char *text, size_t bytes)
{
    static const char *const perspectives[] = {"", ", perspective mild", ", perspective strong"};
    static const char *const lights[] = {"", ", gradient", ", vignetting", ", glare"};
    struct degradation is = cell_degradation(cell);
    if (cell->camera) {
        snprintf(text, bytes, "the whole camera model");
        return;
    }
    int used = snprintf(text, bytes, "%.4g px a module, noise %.4g, blur %.4g", is.module_px,
                        is.noise, is.blur_px);
    if (is.rotation_deg > 0)
        used += snprintf(text + used, bytes - (size_t)used, ", rotation %.4g", is.rotation_deg);
    if (is.contrast < 1)
        used += snprintf(text + used, bytes - (size_t)used, ", contrast %.4g", is.contrast);
    snprintf(text + used, bytes - (size_t)used, "%s%s%s", perspectives[is.perspective],
             lights[is.light], is.blank ? ", nothing shown" : "");
}
