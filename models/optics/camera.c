#include "optics/camera_private.h"
#include "optics/lanes.h"

#include "engine/error.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { ALIGNED = 16 }; /* floats of the widest vectors, and of a cache line */

/* Not a page of it is touched before it is needed. */
static float *allocate_floats(size_t count)
{
    size_t bytes = (count + ALIGNED) / ALIGNED * ALIGNED * sizeof(float);
    float *memory = aligned_alloc(ALIGNED * sizeof(float), bytes);
    CHECK(memory != NULL);
    return memory;
}

static void *allocate(size_t count, size_t size)
{
    void *memory = calloc(count, size);
    CHECK(memory != NULL);
    return memory;
}

/* Two spare cells, and rows that start as vectors do: those that lie across two cache lines cost
 * twice. */
static size_t stride_for(int width)
{
    return ((size_t)width + 2 + ALIGNED - 1) / ALIGNED * ALIGNED;
}

struct camera_scratch *camera_scratch_new(unsigned width, unsigned height)
{
    CHECK(width > 0 && height > 0 && width <= CAMERA_MAX_SIDE && height <= CAMERA_MAX_SIDE);
    const int margin = 2 * BLUR_MAX_RADIUS; /* of the disc and of the line */
    int widest = (int)width + 2 * margin, highest = (int)height + 2 * margin;
    size_t row = (width + SENSOR_GROUP - 1) / SENSOR_GROUP * SENSOR_GROUP;
    struct camera_scratch *scratch = allocate(1, sizeof *scratch);
    scratch->width = width;
    scratch->height = height;
    scratch->canvas_size = stride_for(widest) * (size_t)highest;
    scratch->rendered = allocate_floats(scratch->canvas_size);
    scratch->blurred = allocate_floats(scratch->canvas_size);
    scratch->sums = allocate_floats(blur_sums_size(widest, highest, BLUR_MAX_RADIUS));
    CHECK(kernel_sums_size(widest) <= blur_sums_size(widest, highest, BLUR_MAX_RADIUS));
    scratch->kernel = allocate(1, sizeof *scratch->kernel);
    scratch->kernel_work = allocate(1, sizeof *scratch->kernel_work);
    kernel_work_fill(scratch->kernel_work);
    scratch->tables = allocate(1, sizeof *scratch->tables);
    scratch->row.irradiance = allocate(row, sizeof(float));
    scratch->row.noise = allocate(row, sizeof(float));
    scratch->row.numbers = allocate(row, sizeof(int16_t));
    scratch->row.words = allocate(row, sizeof(uint32_t));
    scratch->points = allocate(2 * ((size_t)widest + 1), sizeof *scratch->points);
    sensor_tables_fill(scratch->tables);
    return scratch;
}

void camera_scratch_free(struct camera_scratch *scratch)
{
    if (scratch == NULL)
        return;
    free(scratch->rendered);
    free(scratch->blurred);
    free(scratch->sums);
    free(scratch->tables);
    free(scratch->points);
    free(scratch->corners);
    free(scratch->shades);
    free(scratch->kernel);
    free(scratch->kernel_work);
    free(scratch->row.irradiance);
    free(scratch->row.noise);
    free(scratch->row.numbers);
    free(scratch->row.words);
    free(scratch);
}

struct canvas camera_canvas(const struct camera_scratch *scratch, float *cells)
{
    const struct region *region = &scratch->region;
    struct canvas canvas = {.cells = cells,
                            .stride = stride_for(region->x1 - region->x0),
                            .width = region->x1 - region->x0,
                            .height = region->y1 - region->y0};
    CHECK(canvas.stride * (size_t)canvas.height <= scratch->canvas_size);
    return canvas;
}

struct canvas camera_blurred(struct camera_scratch *scratch)
{
    struct canvas canvas = camera_canvas(scratch, scratch->rendered);
    struct canvas blurred = camera_canvas(scratch, scratch->blurred);
    if (canvas.width == 0)
        return canvas;
    if (scratch->kernel->radius > 0) {
        kernel_apply(scratch->kernel, &canvas, &blurred, scratch->sums);
        canvas = blurred;
    }
    const struct blur *blurs[2] = {&scratch->disc, &scratch->line};
    for (int i = 0; i < 2; i++) {
        if (blurs[i]->radius == 0)
            continue;
        blur_apply(blurs[i], &canvas, &blurred, scratch->sums);
        canvas = blurred;
    }
    return canvas;
}

void camera_lay_row(const struct camera_scratch *scratch, const struct canvas *canvas,
                    unsigned width, int y, float *restrict irradiance)
{
    const struct region *region = &scratch->region;
    int start = region->x0 > 0 ? region->x0 : 0;
    int end = region->x1 < (int)width ? region->x1 : (int)width;
    const float *cells = NULL;
    if (y < region->y0 || y >= region->y1 || end <= start)
        start = end = 0;
    else
        cells = canvas->cells + (size_t)(y - region->y0) * canvas->stride + (start - region->x0);
    lanes_here()->lay(scratch->surroundings, cells, (unsigned)start, (unsigned)end, width,
                      irradiance);
}

/* What the camera's electronics, and those who test it, do to the frame. */
static void finish_frame(const struct conditions *conditions, struct stream_key key,
                         struct camera_scratch *scratch, struct frame *frame)
{
    const struct camera *camera = &conditions->camera;
    if (camera->mosaic != MOSAIC_NONE)
        mosaic_to_grey(camera, scratch->blurred, frame);
    if (camera->jpeg > 0)
        jpeg_round_trip(camera->jpeg, frame);
    if (camera->stress.kind != STRESS_NONE)
        stress_apply(conditions, key, scratch, frame);
}

void camera_expose(const struct conditions *conditions, struct stream_key key,
                   struct camera_scratch *scratch, struct frame *frame)
{
    const struct camera *camera = &conditions->camera;
    CHECK(frame->width == camera->width && frame->height == camera->height);
    CHECK(frame->stride >= frame->width && frame->width <= scratch->width);
    struct canvas canvas = camera_blurred(scratch);
    double phase = camera->flicker > 0.0 ? noise_phase(key, conditions->frame) : 0.0;
    for (unsigned y = 0; y < frame->height; y++) {
        camera_lay_row(scratch, &canvas, frame->width, (int)y, scratch->row.irradiance);
        exposure_shade_row(camera, y, exposure_flicker(camera, phase, y), scratch->row.irradiance);
        if (camera->mosaic != MOSAIC_NONE)
            mosaic_filter_row(camera, y, scratch->row.irradiance);
        sensor_expose_row(conditions, key, y, scratch->tables, &scratch->row,
                          frame->pixels + (size_t)y * frame->stride);
    }
    finish_frame(conditions, key, scratch, frame);
}

void camera_irradiance(const struct conditions *conditions, struct stream_key key,
                       struct camera_scratch *scratch, enum camera_view view, struct frame *frame)
{
    const struct camera *camera = &conditions->camera;
    CHECK(frame->width == camera->width && frame->height == camera->height);
    CHECK(frame->stride >= frame->width && frame->width <= scratch->width);
    struct canvas canvas = view == CAMERA_RENDERED ? camera_canvas(scratch, scratch->rendered)
                                                   : camera_blurred(scratch);
    double phase = camera->flicker > 0.0 ? noise_phase(key, conditions->frame) : 0.0;
    for (unsigned y = 0; y < frame->height; y++) {
        uint8_t *bytes = frame->pixels + (size_t)y * frame->stride;
        camera_lay_row(scratch, &canvas, frame->width, (int)y, scratch->row.irradiance);
        if (view == CAMERA_SHADED)
            exposure_shade_row(camera, y, exposure_flicker(camera, phase, y),
                               scratch->row.irradiance);
        for (unsigned x = 0; x < frame->width; x++)
            bytes[x] = (uint8_t)lrintf(fminf(fmaxf(scratch->row.irradiance[x], 0), 1) * 255);
    }
}

void camera_capture(const struct code_image *image, const struct conditions *conditions,
                    struct stream_key key, struct camera_scratch *scratch, struct frame *frame)
{
    camera_render(image, conditions, scratch);
    camera_expose(conditions, key, scratch, frame);
}
