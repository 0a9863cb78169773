#include "optics/reference.h"

#include "engine/philox_bulk.h"
#include "optics/normals.h"

#include <math.h>

/* How much of a pixel at `x` from the middle lies on the slab. */
static double overlap(const struct blur_slab *slab, double x)
{
    double low = fmax(x - 0.5, slab->centre - slab->half);
    double high = fmin(x + 0.5, slab->centre + slab->half);
    return fmax(0.0, high - low) / (2.0 * slab->half);
}

static double cell_or_zero(const struct canvas *canvas, int x, int y)
{
    bool inside = x >= 0 && x < canvas->width && y >= 0 && y < canvas->height;
    return inside ? (double)canvas->cells[(size_t)y * canvas->stride + (size_t)x] : 0.0;
}

static double blurred_cell(const struct blur *blur, const struct canvas *from, int x, int y)
{
    double sum = 0.0;
    int half_group = blur->group / 2;
    for (int k = 0; k < blur->count; k++) {
        const struct blur_slab *slab = &blur->slabs[k];
        int middle = blur->group * (k - blur->count / 2);
        for (int dx = -blur->radius; slab->weight > 0.0 && dx <= blur->radius; dx++) {
            double weight = slab->weight * overlap(slab, dx) / blur->group;
            for (int dy = middle - half_group; weight > 0.0 && dy <= middle + half_group; dy++)
                sum += weight * cell_or_zero(from, x + dx, y + dy);
        }
    }
    return sum;
}

void reference_blur(const struct blur *blur, const struct canvas *from, const struct canvas *to)
{
    for (int y = 0; y < to->height; y++)
        for (int x = 0; x < to->width; x++)
            to->cells[(size_t)y * to->stride + (size_t)x] = (float)blurred_cell(blur, from, x, y);
}

void reference_kernel(const struct kernel *kernel, const struct canvas *from,
                      const struct canvas *to)
{
    int radius = kernel->radius;
    for (int y = 0; y < to->height; y++)
        for (int x = 0; x < to->width; x++) {
            double sum = 0.0;
            for (int dy = -radius; dy <= radius; dy++)
                for (int dx = -radius; dx <= radius; dx++)
                    sum += (double)kernel->columns[dx + radius][dy + radius] *
                           cell_or_zero(from, x + dx, y + dy);
            to->cells[(size_t)y * to->stride + (size_t)x] = (float)sum;
        }
}

void reference_shade_row(const struct camera *camera, unsigned y, double gain, float *irradiance)
{
    double distance = lens_image_distance(camera);
    for (unsigned x = 0; x < camera->width; x++) {
        double across = (x + 0.5 - 0.5 * camera->width) * camera->pitch_m;
        double down = (y + 0.5 - 0.5 * camera->height) * camera->pitch_m;
        double cosine = cos(atan(hypot(across, down) / distance));
        double share = camera->vignetting ? pow(cosine, 4.0) : 1.0;
        irradiance[x] = (float)(irradiance[x] * gain * share);
    }
}

/* The 16 random bits of a pixel: sheaves lie one behind the other, blocks in them by halves. */
static uint32_t bits_of(struct stream_key key, const struct conditions *conditions, unsigned x,
                        unsigned y)
{
    uint32_t sheaves = (conditions->camera.width + SENSOR_GROUP - 1) / SENSOR_GROUP, words[4];
    uint32_t sheaf = y * sheaves + x / SENSOR_GROUP, word = x % SENSOR_GROUP / 2;
    uint32_t half = word / (SHEAF_WORDS / 2), place = word % (SHEAF_WORDS / 2);
    stream_block(key, (conditions->frame << 26) + sheaf * SHEAF_BLOCKS + place / 2, words);
    return words[2 * half + place % 2] >> (x % 2 == 0 ? 0 : 16) & 0xffff;
}

void reference_expose_row(const struct conditions *conditions, struct stream_key key, unsigned y,
                          const struct sensor_tables *tables, const float *irradiance,
                          double *values)
{
    const struct camera *camera = &conditions->camera;
    uint32_t id = conditions->camera_id;
    struct fixed_starts starts = {.known = false};
    struct fixed_rows fixed = noise_fixed(tables, id, y, camera->width, &starts);
    double dn_per_e = sensor_gain(camera), sd_z = normals_sd();
    double most = fmin(camera->dark_dn + dn_per_e * camera->full_well_e, 255.0);
    for (unsigned x = 0; x < camera->width; x++) {
        double electrons =
            camera->full_well_e * irradiance[x] * (1.0 + camera->prnu * (fixed.gains[x] / sd_z));
        electrons = fmax(0.0, electrons);
        double sd = sqrt(camera->read_noise_e * camera->read_noise_e + electrons);
        double z = normals_number(bits_of(key, conditions, x, y)) / sd_z;
        double dark = camera->dark_dn + camera->dsnu_dn * (fixed.offsets[x] / sd_z);
        values[x] = fmin(fmax(0.0, dark + dn_per_e * (electrons + sd * z)), most);
    }
}
