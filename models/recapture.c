#include "recapture.h"

#include "engine/error.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Around the display's dots, on the phone. */
enum { MARGIN_DOTS = 4, PHOTO_FRAME = CAMERA_FRAMES - 1 };

/* Of a panel whose pitch is not given. */
#define FINE_PITCH_M 0.1e-3

struct recapture {
    unsigned width, height; /* room */
    struct camera_scratch *scratch;
    struct frame photograph, picture;
    size_t picture_room; /* pixels */
    float *row;          /* of the photograph; and its running sums */
    double *sums;
    double pitch_m;
};

static uint8_t *pixels_new(size_t count)
{
    uint8_t *pixels = calloc(count, 1);
    CHECK(pixels != NULL);
    return pixels;
}

struct recapture *recapture_new(void)
{
    struct recapture *recapture = calloc(1, sizeof *recapture);
    CHECK(recapture != NULL);
    return recapture;
}

static void make_room(struct recapture *recapture, unsigned width, unsigned height)
{
    if (width > recapture->width || height > recapture->height) {
        recapture->width = width > recapture->width ? width : recapture->width;
        recapture->height = height > recapture->height ? height : recapture->height;
        camera_scratch_free(recapture->scratch);
        free(recapture->photograph.pixels);
        free(recapture->row);
        free(recapture->sums);
        recapture->row = calloc(recapture->width, sizeof *recapture->row);
        recapture->sums = calloc((size_t)recapture->width + 2, sizeof *recapture->sums);
        CHECK(recapture->row != NULL && recapture->sums != NULL);
        recapture->scratch = camera_scratch_new(recapture->width, recapture->height);
        recapture->photograph.pixels = pixels_new((size_t)recapture->width * recapture->height);
    }
    recapture->photograph.width = recapture->photograph.stride = width;
    recapture->photograph.height = height;
}

void recapture_free(struct recapture *recapture)
{
    if (recapture == NULL)
        return;
    camera_scratch_free(recapture->scratch);
    free(recapture->photograph.pixels);
    free(recapture->picture.pixels);
    free(recapture->row);
    free(recapture->sums);
    free(recapture);
}

/* A part of the photograph, in its pixels. */
struct part {
    double x0, y0, x1, y1;
};

/* The upright rectangle around the display; the whole photograph where that is none. */
static struct part display_part(const struct code_image *image, const struct conditions *photo)
{
    const double width = photo->camera.width, height = photo->camera.height;
    struct part part = {width, height, 0.0, 0.0};
    for (int corner = 0; corner < 4; corner++) {
        double u, v;
        camera_project(image, photo, corner % 2 ? image->width + MARGIN_DOTS : -MARGIN_DOTS,
                       corner / 2 ? image->height + MARGIN_DOTS : -MARGIN_DOTS, &u, &v);
        part.x0 = fmin(part.x0, fmax(u, 0.0));
        part.y0 = fmin(part.y0, fmax(v, 0.0));
        part.x1 = fmax(part.x1, fmin(u, width));
        part.y1 = fmax(part.y1, fmin(v, height));
    }
    bool some = part.x1 - part.x0 >= 2.0 && part.y1 - part.y0 >= 2.0;
    return some ? part : (struct part){0.0, 0.0, width, height};
}

/* How much of a cell lies between two points of an axis. */
static double overlap(double from, double to, int cell)
{
    double low = fmax(from, cell), high = fmin(to, cell + 1.0);
    return high > low ? high - low : 0.0;
}

/* The photograph's rows between top and bottom, each by how much of it lies there, as running sums
 * along the row: sums[x] over the pixels before x. */
static void sum_rows(const struct frame *photo, double top, double bottom, float *restrict row,
                     double *restrict sums)
{
    unsigned width = photo->width;
    memset(row, 0, width * sizeof *row);
    for (int y = (int)top; y < bottom && y < (int)photo->height; y++) {
        const uint8_t *restrict pixels = photo->pixels + (size_t)y * photo->stride;
        float share = (float)overlap(top, bottom, y);
        for (unsigned x = 0; x < width; x++)
            row[x] += share * pixels[x];
    }
    sums[0] = 0.0;
    for (unsigned x = 0; x < width; x++)
        sums[x + 1] = sums[x] + (double)row[x];
    sums[width + 1] = sums[width];
}

static double sum_until(const double *sums, double x, unsigned width)
{
    unsigned cell = x < width ? (unsigned)x : width;
    return sums[cell] + (fmin(x, width) - cell) * (sums[cell + 1] - sums[cell]);
}

static void make_room_for_picture(struct recapture *recapture, unsigned width, unsigned height)
{
    struct frame *picture = &recapture->picture;
    size_t needed = (size_t)width * height;
    if (needed > recapture->picture_room) {
        free(picture->pixels);
        picture->pixels = pixels_new(needed);
        recapture->picture_room = needed;
    }
    picture->width = picture->stride = width;
    picture->height = height;
}

/* Scales the part to the panel's pixels, `step` of the photograph's each. */
static void lay_out(struct recapture *recapture, const struct part *part, double step)
{
    const struct frame *photo = &recapture->photograph;
    unsigned width = (unsigned)fmax(floor((part->x1 - part->x0) / step), 1.0);
    unsigned height = (unsigned)fmax(floor((part->y1 - part->y0) / step), 1.0);
    make_room_for_picture(recapture, width, height);
    for (unsigned y = 0; y < height; y++) {
        double top = part->y0 + y * step;
        uint8_t *pixels = recapture->picture.pixels + (size_t)y * width;
        sum_rows(photo, top, top + step, recapture->row, recapture->sums);
        double before = sum_until(recapture->sums, part->x0, photo->width);
        for (unsigned x = 0; x < width; x++) {
            double after = sum_until(recapture->sums, part->x0 + (x + 1) * step, photo->width);
            pixels[x] = (uint8_t)(int)((after - before) / (step * step) + 0.5);
            before = after;
        }
    }
}

void recapture_take(struct recapture *recapture, const struct code_image *image,
                    const struct conditions *photo, struct stream_key noise,
                    const struct display *phone)
{
    struct conditions conditions = *photo;
    conditions.frame = PHOTO_FRAME;
    make_room(recapture, photo->camera.width, photo->camera.height);
    camera_capture(image, &conditions, noise, recapture->scratch, &recapture->photograph);
    struct part part = display_part(image, photo);
    double shown_m = phone->pitch_m * (image->width + 2 * MARGIN_DOTS);
    recapture->pitch_m = phone->panel_pitch_m > 0.0 ? phone->panel_pitch_m : FINE_PITCH_M;
    double across = fmin(fmax(shown_m / recapture->pitch_m, 1.0), UINT16_MAX);
    double least = fmax((part.y1 - part.y0) / UINT16_MAX, 1e-3);
    lay_out(recapture, &part, fmax((part.x1 - part.x0) / across, least));
}

const struct frame *recapture_picture(const struct recapture *recapture)
{
    return &recapture->picture;
}

double recapture_pitch_m(const struct recapture *recapture)
{
    return recapture->pitch_m;
}

const struct frame *recapture_photograph(const struct recapture *recapture)
{
    return &recapture->photograph;
}
