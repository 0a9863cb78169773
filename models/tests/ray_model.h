/* The same picture the slow way: many rays a pixel, through rotation matrices multiplied out. */
#ifndef CASHPOINT_RAY_MODEL_H
#define CASHPOINT_RAY_MODEL_H

#include "optics_fixture.h"

struct ray_model {
    double axes[3][3]; /* the display's x, y and normal */
    double centre[3];
    const struct code_image *image;
    const struct conditions *conditions;
    const struct frame *picture; /* in place of the image; or null */
};

static inline void multiply(double out[3][3], double a[3][3], double b[3][3])
{
    for (int i = 0; i < 3; i++)
        for (int j = 0; j < 3; j++)
            out[i][j] = a[i][0] * b[0][j] + a[i][1] * b[1][j] + a[i][2] * b[2][j];
}

static inline struct ray_model ray_model(const struct code_image *image,
                                         const struct conditions *conditions)
{
    const struct pose *p = &conditions->pose;
    double yaw[3][3] = {{cos(p->yaw), 0, sin(p->yaw)}, {0, 1, 0}, {-sin(p->yaw), 0, cos(p->yaw)}};
    double pitch[3][3] = {
        {1, 0, 0}, {0, cos(p->pitch), -sin(p->pitch)}, {0, sin(p->pitch), cos(p->pitch)}};
    double roll[3][3] = {
        {cos(p->roll), -sin(p->roll), 0}, {sin(p->roll), cos(p->roll), 0}, {0, 0, 1}};
    double both[3][3], all[3][3];
    multiply(both, pitch, yaw);
    multiply(all, roll, both);
    struct ray_model model = {.image = image,
                              .conditions = conditions,
                              .centre = {p->offset_x_m, p->offset_y_m, p->distance_m}};
    for (int axis = 0; axis < 3; axis++)
        for (int i = 0; i < 3; i++)
            model.axes[axis][i] = all[i][axis];
    return model;
}

static inline double dot(const double a[3], const double b[3])
{
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

/* The ray that the lens bends to radius r was at radius t before: t (1 + k1 t^2 + k2 t^4) = r. */
static inline double unbent(const struct camera *camera, double r)
{
    double low = 0.0, high = 4.0 * r;
    if (camera->k1 == 0.0 && camera->k2 == 0.0)
        return r;
    for (int i = 0; i < 50; i++) {
        double t = 0.5 * (low + high);
        double bent = t * (1.0 + camera->k1 * t * t + camera->k2 * t * t * t * t);
        *(bent < r ? &low : &high) = t;
    }
    return low;
}

/* 1 on a dot of that pitch, 0 in the gap around it. */
static inline bool on_dot(double x, double y, double gap)
{
    return fabs(x - floor(x) - 0.5) < 0.5 - 0.5 * gap && fabs(y - floor(y) - 0.5) < 0.5 - 0.5 * gap;
}

/* What the point (x, y), in dots, shines with behind the glass. */
static inline double shine(const struct ray_model *model, double x, double y)
{
    const struct display *display = &model->conditions->display;
    double dark = 1.0 / display->contrast;
    if (model->picture != NULL)
        return dark +
               (1.0 - dark) / 255.0 *
                   model->picture->pixels[(unsigned)y * model->picture->stride + (unsigned)x];
    bool inside = x >= 0.0 && y >= 0.0 && x < model->image->width && y < model->image->height;
    bool dot = inside && on_dot(x, y, display->gap);
    if (display->kind == DISPLAY_OLED)
        return dot && !code_image_dark(model->image, (unsigned)x, (unsigned)y) ? 1.0 : dark;
    return dot && code_image_dark(model->image, (unsigned)x, (unsigned)y) ? dark : 1.0;
}

static inline double light(const struct ray_model *model, double x, double y)
{
    const struct display *display = &model->conditions->display;
    const struct glare *glare = &model->conditions->pose.glare;
    double grid = 1.0, spot = 0.0;
    if (display->kind == DISPLAY_PHONE && display->panel_gap > 0.0) {
        double pixels = display->pitch_m / display->panel_pitch_m;
        double bright = 1.0 / pow(1.0 - display->panel_gap, 2.0);
        grid = on_dot(x * pixels, y * pixels, display->panel_gap) ? bright : 0.0;
    }
    if (glare->peak > 0.0) {
        double dx = x - 0.5 * model->image->width - glare->x;
        double dy = y - 0.5 * model->image->height - glare->y;
        double far = hypot(dx, dy) * display->pitch_m / glare->size_m;
        spot = glare->peak * exp(-0.5 * far * far);
    }
    return grid * shine(model, x, y) + glare->veil + spot;
}

static inline double radiance(const struct ray_model *model, double u, double v)
{
    const struct camera *camera = &model->conditions->camera;
    const struct display *display = &model->conditions->display;
    double scale = camera->pitch_m / image_distance(camera);
    double ray[3] = {(u - camera->width / 2.0) * scale, (v - camera->height / 2.0) * scale, 1.0};
    double r = hypot(ray[0], ray[1]), straight = r > 0.0 ? unbent(camera, r) / r : 1.0;
    ray[0] *= straight;
    ray[1] *= straight;
    double depth = dot(model->axes[2], model->centre) / dot(model->axes[2], ray);
    if (!(depth > 0.0) || dot(model->axes[2], model->centre) <= 0.0)
        return 0.25;
    double at[3], bezel = model->picture != NULL ? 0.0 : 6.0;
    for (int i = 0; i < 3; i++)
        at[i] = ray[i] * depth - model->centre[i];
    double x = dot(at, model->axes[0]) / display->pitch_m + model->image->width / 2.0;
    double y = dot(at, model->axes[1]) / display->pitch_m + model->image->height / 2.0;
    bool on = x >= -bezel && y >= -bezel && x < model->image->width + bezel &&
              y < model->image->height + bezel;
    return on ? light(model, x, y) : 0.25;
}

/* `count` rays a pixel on a Fibonacci lattice (count, step: 610, 377 or 2584, 1597): a regular grid
 * of as many would itself err by 1 %. */
static inline double traced(const struct ray_model *model, unsigned x, unsigned y, unsigned count,
                            unsigned step)
{
    double sum = 0.0;
    for (unsigned i = 0; i < count; i++)
        sum += radiance(model, x + (i + 0.5) / count, y + (i * step % count + 0.5) / count);
    return sum / count;
}

static inline double supersampled(const struct ray_model *model, unsigned x, unsigned y)
{
    return traced(model, x, y, 610, 377);
}

#endif
