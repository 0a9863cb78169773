/*
 * The sensor: irradiance to grey bytes, with the noise of EMVA 1288.
 *
 * Noise is made by address, not in sequence: block y * blocks_per_row + i of the capture's stream
 * holds the eight 16-bit numbers of eight pixels, each an index into a table of normal quantiles.
 * So rows may be made in any order and on any thread. The table's ends cut the tails at 4.3 sigma.
 *
 * A camera's PRNU map is made again at each capture, so it has to be cheap: each row is a stretch
 * of one pool of normal numbers, and the camera's own stream draws where it starts.
 */
#include "optics/camera_private.h"

#include <gsl/gsl_cdf.h>
#include <math.h>

/* Streams apart from any that a run draws from: no run uses this replication and purpose. */
static struct stream_key fixed_key(uint64_t seed, uint32_t camera_id)
{
    return (struct stream_key){
        .seed = seed, .entity = camera_id, .replication = UINT32_MAX, .purpose = UINT16_MAX};
}

enum { POOL_SEED = 1, START_SEED = 2 };

static void fill_quantiles(float *table, int count)
{
    double squares = 0.0;
    for (int i = 0; i < count; i++)
        squares += pow(gsl_cdf_ugaussian_Pinv((i + 0.5) / count), 2.0);
    double scale = sqrt(count / squares);
    for (int i = 0; i < count; i++)
        table[i] = (float)(scale * gsl_cdf_ugaussian_Pinv((i + 0.5) / count));
}

/* The noise of pixels 0 to count - 1 of row y; count is a multiple of SENSOR_GROUP. */
static void fill_noise(struct stream_key key, unsigned y, unsigned count, const float *normals,
                       struct sensor_row *row)
{
    unsigned blocks = count / SENSOR_GROUP;
    stream_blocks(key, y * blocks, blocks, row->words);
    for (unsigned i = 0; i < 4 * blocks; i++) {
        row->noise[2 * i] = normals[row->words[i] & 0xffff];
        row->noise[2 * i + 1] = normals[row->words[i] >> 16];
    }
}

void sensor_tables_fill(struct sensor_tables *tables)
{
    fill_quantiles(tables->normals, SENSOR_NORMALS);
    for (uint32_t i = 0; i < SENSOR_POOL; i += SENSOR_GROUP) {
        uint32_t words[4];
        stream_block(fixed_key(POOL_SEED, 0), i / SENSOR_GROUP, words);
        for (uint32_t j = 0; j < SENSOR_GROUP; j++)
            tables->pool[i + j] = tables->normals[words[j / 2] >> 16 * (j % 2) & 0xffff];
    }
}

static const float *fixed_pattern(const float *pool, uint32_t camera_id, unsigned y, unsigned width)
{
    uint32_t words[4];
    stream_block(fixed_key(START_SEED, camera_id), y, words);
    return pool + words[0] % (SENSOR_POOL - width);
}

/* Clamps first and converts after, in two loops: gcc makes vectors of either, not of both at once.
 */
static void quantise(float *restrict value, unsigned width, uint8_t *restrict bytes)
{
    for (unsigned x = 0; x < width; x++) {
        float positive = value[x] > 0.0f ? value[x] : 0.0f;
        value[x] = positive < 255.0f ? positive : 255.0f;
    }
    for (unsigned x = 0; x < width; x++)
        bytes[x] = (uint8_t)(int)(value[x] + 0.5f);
}

void sensor_expose_row(const struct conditions *conditions, struct stream_key key, unsigned y,
                       const struct sensor_tables *tables, struct sensor_row *row, uint8_t *bytes)
{
    const struct camera *camera = &conditions->camera;
    unsigned width = camera->width;
    unsigned count = (width + SENSOR_GROUP - 1) / SENSOR_GROUP * SENSOR_GROUP;
    fill_noise(key, y, count, tables->normals, row);
    float dn_per_e = (float)(255.0 / camera->full_well_e);
    float read_dn = (float)(camera->read_noise_e * 255.0 / camera->full_well_e);
    float read_variance = read_dn * read_dn;
    const float *restrict irradiance = row->irradiance;
    const float *restrict fixed = fixed_pattern(tables->pool, conditions->camera_id, y, width);
    float *restrict value = row->noise;
    float prnu = (float)camera->prnu;
    for (unsigned x = 0; x < width; x++) {
        float mean = 255.0f * irradiance[x] * (1.0f + prnu * fixed[x]);
        mean = mean > 0.0f ? mean : 0.0f;
        value[x] = mean + sqrtf(read_variance + dn_per_e * mean) * value[x];
    }
    quantise(value, width, bytes);
}
