/*
 * The sensor: irradiance to grey bytes, as EMVA 1288 describes it.
 *
 * Electrons beyond the full well, and grey levels beyond 255, are lost; the rounding to whole grey
 * levels is the 1/12 of the formula.
 */
#include "optics/camera_private.h"
#include "optics/lanes.h"
#include "optics/normals.h"

#include <math.h>

double sensor_gain(const struct camera *camera)
{
    return camera->gain_dn_e > 0.0 ? camera->gain_dn_e
                                   : (255.0 - camera->dark_dn) / camera->full_well_e;
}

static struct sensor_levels levels_of(const struct camera *camera)
{
    double dn_per_e = sensor_gain(camera), read_dn = camera->read_noise_e * dn_per_e;
    double full_dn = dn_per_e * camera->full_well_e, dark_dn = camera->dark_dn;
    double unit = camera->noise == NOISE_FAST ? NORMALS_VARIANCE : 1.0;
    return (struct sensor_levels){.full = (float)full_dn,
                                  .dark_and_half = (float)(dark_dn + 0.5),
                                  .most_and_half = (float)(fmin(dark_dn + full_dn, 255.0) + 0.5),
                                  .prnu = (float)(full_dn * camera->prnu / normals_sd()),
                                  .dsnu = (float)(camera->dsnu_dn / normals_sd()),
                                  .read_variance = (float)(read_dn * read_dn / unit),
                                  .variance_per_dn = (float)(dn_per_e / unit)};
}

void sensor_expose_row(const struct conditions *conditions, struct stream_key key, unsigned y,
                       const struct sensor_tables *tables, struct sensor_row *row, uint8_t *bytes)
{
    const struct camera *camera = &conditions->camera;
    unsigned width = camera->width;
    unsigned count = (width + SENSOR_GROUP - 1) / SENSOR_GROUP * SENSOR_GROUP;
    struct fixed_rows fixed = noise_fixed(tables, conditions->camera_id, y, width, &row->starts);
    if (camera->noise == NOISE_EXACT)
        noise_exact(key, conditions->frame, y, count, row);
    else
        noise_fast(key, conditions->frame, y, count, row);
    struct sensor_levels levels = levels_of(camera);
    const int16_t *numbers = camera->noise == NOISE_FAST ? row->numbers : NULL;
    lanes_here()->expose(&levels, row->irradiance, &fixed, numbers, width, row->noise, bytes);
}
