/*
 * Exposure: how much of the light is gathered, where on the sensor, and when.
 *
 * The photons of one lux: at 555 nm, where the eye is most sensitive, 683 lm are a watt and a
 * photon carries hc / 555 nm = 3.579e-19 J; so 1 lx brings 4.0907e15 photons a second to a square
 * metre. White light brings some more; the quantum efficiency that is given must fit this
 * convention.
 */
#include "optics/camera_private.h"
#include "optics/lanes.h"

#include <math.h>

#define PHOTONS_PER_LUX 4.0907e15 /* a second and square metre */

/* Where the electrons of a pixel, or its 255 grey levels, end. */
static double saturation_e(const struct camera *camera)
{
    return fmin(camera->full_well_e, (255.0 - camera->dark_dn) / sensor_gain(camera));
}

double exposure_electrons(const struct conditions *conditions)
{
    const struct camera *camera = &conditions->camera;
    if (camera->exposure == EXPOSURE_AUTO)
        return camera->level * saturation_e(camera);
    double shrink = camera->focal_length_m / lens_image_distance(camera);
    double lux = 0.25 * M_PI * conditions->display.luminance_cd_m2 * shrink * shrink /
                 (camera->f_number * camera->f_number);
    double photons = lux * PHOTONS_PER_LUX * camera->exposure_s * camera->pitch_m * camera->pitch_m;
    return camera->quantum_efficiency * photons;
}

double exposure_level(const struct conditions *conditions)
{
    return exposure_electrons(conditions) / conditions->camera.full_well_e;
}

/* The sine's mean over the exposure is its middle, times a factor that is 0 after whole periods. */
double exposure_flicker(const struct camera *camera, double phase, unsigned y)
{
    if (!(camera->flicker > 0.0))
        return 1.0;
    double periods = camera->flicker_hz * camera->exposure_s;
    double left = periods > 0.0 ? sin(M_PI * periods) / (M_PI * periods) : 1.0;
    double middle_s = y * camera->row_time_s + 0.5 * camera->exposure_s;
    return 1.0 + camera->flicker * left * sin(2.0 * M_PI * camera->flicker_hz * middle_s + phase);
}

void exposure_shade_row(const struct camera *camera, unsigned y, double gain,
                        float *restrict irradiance)
{
    if (!camera->vignetting) {
        for (unsigned x = 0; gain != 1.0 && x < camera->width; x++)
            irradiance[x] *= (float)gain;
        return;
    }
    double scale = camera->pitch_m / lens_image_distance(camera);
    double across = (y + 0.5 - 0.5 * camera->height) * scale;
    double first = (0.5 - 0.5 * camera->width) * scale;
    lanes_here()->shade((float)gain, (float)(1.0 + across * across), (float)first, (float)scale,
                        camera->width, irradiance);
}
