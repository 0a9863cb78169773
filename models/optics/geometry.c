#include "optics/camera_private.h"

#include "engine/error.h"

#include <math.h>

/*
 * Axes as a picture's: x to the right, y downwards, z away from the camera. The display's own axes
 * are turned by yaw, then pitch, then roll; only their images of x and y are needed.
 */
struct frame_axes {
    double x[3], y[3];
};

static struct frame_axes display_axes(const struct pose *pose)
{
    double sy = sin(pose->yaw), cy = cos(pose->yaw);
    double sp = sin(pose->pitch), cp = cos(pose->pitch);
    double sr = sin(pose->roll), cr = cos(pose->roll);
    return (struct frame_axes){
        .x = {cr * cy - sr * sp * sy, sr * cy + cr * sp * sy, -cp * sy},
        .y = {-sr * cp, cr * cp, sp},
    };
}

static void check_conditions(const struct conditions *conditions)
{
    const struct camera *camera = &conditions->camera;
    const struct pose *pose = &conditions->pose;
    CHECK(camera->width > 0 && camera->height > 0);
    CHECK(camera->pitch_m > 0.0 && camera->focal_length_m > 0.0 && camera->f_number > 0.0);
    CHECK(camera->focus_m > 0.0 && camera->full_well_e > 0.0);
    CHECK(camera->exposure_s >= 0.0 && camera->read_noise_e >= 0.0 && camera->prnu >= 0.0);
    CHECK(camera->level >= 0.0 && isfinite(camera->level));
    CHECK(camera->gain_dn_e >= 0.0 && camera->dark_dn >= 0.0 && camera->dark_dn < 255.0);
    CHECK(camera->dsnu_dn >= 0.0 && camera->flicker >= 0.0 && camera->flicker <= 1.0);
    CHECK(isfinite(camera->k1) && isfinite(camera->k2));
    CHECK(camera->exposure == EXPOSURE_AUTO ||
          (conditions->display.luminance_cd_m2 > 0.0 && camera->quantum_efficiency > 0.0));
    CHECK(conditions->display.pitch_m > 0.0 && conditions->display.contrast >= 1.0);
    CHECK(conditions->display.gap >= 0.0 && conditions->display.gap < 1.0);
    CHECK(isfinite(pose->distance_m) && isfinite(pose->offset_x_m) && isfinite(pose->offset_y_m));
    CHECK(isfinite(pose->yaw) && isfinite(pose->pitch) && isfinite(pose->roll));
    CHECK(isfinite(pose->speed_m_s) && isfinite(pose->direction));
}

/* A rolling shutter takes row v when the image has moved for (v - height / 2) row times, so that
 *     v' - height / 2 = (v - height / 2) / (1 - b),   u' = u + a (v' - height / 2),
 * (a, b) being how far the display's centre moves in a row time. */
static void skew(const struct conditions *conditions, double image_px,
                 struct homography *homography)
{
    const struct camera *camera = &conditions->camera;
    const struct pose *pose = &conditions->pose;
    double moved_m = pose->speed_m_s * camera->row_time_s;
    if (moved_m == 0.0 || pose->distance_m < GEOMETRY_NEAR_M)
        return;
    double moved_px = image_px * moved_m / pose->distance_m;
    moved_px = fmax(-CAMERA_MAX_SKEW, fmin(moved_px, CAMERA_MAX_SKEW));
    double a = moved_px * cos(pose->direction), b = moved_px * sin(pose->direction);
    for (int j = 0; j < 3; j++) {
        double *column[3] = {&homography->m[0][j], &homography->m[1][j], &homography->m[2][j]};
        double middle = 0.5 * camera->height * *column[2];
        double down = (*column[1] - middle) / (1.0 - b);
        *column[1] = middle + down;
        *column[0] += a * down;
    }
}

struct homography geometry_homography(const struct code_image *image,
                                      const struct conditions *conditions)
{
    check_conditions(conditions);
    const struct camera *camera = &conditions->camera;
    const struct pose *pose = &conditions->pose;
    struct frame_axes axes = display_axes(pose);
    double centre[3] = {pose->offset_x_m, pose->offset_y_m, pose->distance_m};
    double space[3][3]; /* (x, y, 1) in dots -> metres before the camera */
    for (int i = 0; i < 3; i++) {
        space[i][0] = conditions->display.pitch_m * axes.x[i];
        space[i][1] = conditions->display.pitch_m * axes.y[i];
        space[i][2] =
            centre[i] - 0.5 * image->width * space[i][0] - 0.5 * image->height * space[i][1];
    }
    double image_px = lens_image_distance(camera) / camera->pitch_m;
    struct homography homography;
    for (int j = 0; j < 3; j++) {
        homography.m[0][j] = image_px * space[0][j] + 0.5 * camera->width * space[2][j];
        homography.m[1][j] = image_px * space[1][j] + 0.5 * camera->height * space[2][j];
        homography.m[2][j] = space[2][j];
    }
    skew(conditions, image_px, &homography);
    return homography;
}

bool geometry_faces_camera(const struct homography *homography)
{
    const double(*m)[3] = homography->m;
    double determinant = m[0][0] * (m[1][1] * m[2][2] - m[1][2] * m[2][1]) -
                         m[0][1] * (m[1][0] * m[2][2] - m[1][2] * m[2][0]) +
                         m[0][2] * (m[1][0] * m[2][1] - m[1][1] * m[2][0]);
    return determinant > 0.0;
}

void camera_project(const struct code_image *image, const struct conditions *conditions, double x,
                    double y, double *u, double *v)
{
    struct homography homography = geometry_homography(image, conditions);
    double(*m)[3] = homography.m;
    double depth_m = m[2][0] * x + m[2][1] * y + m[2][2];
    bool seen = depth_m >= GEOMETRY_NEAR_M;
    *u = *v = (double)NAN;
    if (!seen)
        return;
    struct lens lens = lens_of(&conditions->camera);
    struct point pinhole = {(m[0][0] * x + m[0][1] * y + m[0][2]) / depth_m,
                            (m[1][0] * x + m[1][1] * y + m[1][2]) / depth_m};
    struct point seen_at = lens_bend(&lens, pinhole);
    *u = seen_at.x;
    *v = seen_at.y;
}

/* The least length in pixels of a vector one dot long at the display's centre: the smaller singular
 * value of the projection's derivative there (without the lens's distortion). */
static double least_scale(const struct conditions *conditions)
{
    const struct pose *pose = &conditions->pose;
    struct frame_axes axes = display_axes(pose);
    double scale = conditions->display.pitch_m * lens_image_distance(&conditions->camera) /
                   (pose->distance_m * conditions->camera.pitch_m);
    double tan_x = pose->offset_x_m / pose->distance_m;
    double tan_y = pose->offset_y_m / pose->distance_m;
    double a = axes.x[0] - tan_x * axes.x[2], b = axes.y[0] - tan_x * axes.y[2];
    double c = axes.x[1] - tan_y * axes.x[2], d = axes.y[1] - tan_y * axes.y[2];
    return scale * 0.5 * fabs(hypot(a + d, b - c) - hypot(a - d, b + c));
}

struct capture_geometry camera_geometry(const struct code_image *image,
                                        const struct conditions *conditions)
{
    check_conditions(conditions);
    const struct camera *camera = &conditions->camera;
    const struct pose *pose = &conditions->pose;
    if (pose->distance_m < GEOMETRY_NEAR_M)
        return (struct capture_geometry){0};
    double travel_m = fabs(pose->speed_m_s) * camera->exposure_s;
    return (struct capture_geometry){
        .module_px = image->module_px * least_scale(conditions),
        .defocus_px = lens_defocus_px(camera, pose->distance_m),
        .motion_px = travel_m * lens_image_distance(camera) / (pose->distance_m * camera->pitch_m),
    };
}
