/*
 * The sensor: irradiance to grey bytes, with the noise of EMVA 1288.
 *
 * Noise is made by address, not in sequence: sheaf y * sheaves_per_row + i of the capture's stream
 * holds the random bits of 64 pixels, 16 each, of which normals.h makes normal numbers. So rows may
 * be made in any order and on any thread.
 *
 * A camera's PRNU map is made again at each capture, so it has to be cheap: each row is a stretch
 * of one pool of normal numbers, and the camera's own stream draws where it starts.
 */
#include "optics/camera_private.h"
#include "optics/lanes.h"
#include "optics/normals.h"

#include "engine/philox_bulk.h"

_Static_assert(SENSOR_GROUP == 2 * SHEAF_WORDS, "a group of pixels takes a sheaf of random bits");

/* Streams apart from any that a run draws from: no run uses this replication and purpose. */
static struct stream_key fixed_key(uint64_t seed, uint32_t camera_id)
{
    return (struct stream_key){
        .seed = seed, .entity = camera_id, .replication = UINT32_MAX, .purpose = UINT16_MAX};
}

enum { POOL_SEED = 1, START_SEED = 2 };

/* Normal numbers of variance one, from sheaf `first` on. */
static void fill_noise(struct stream_key key, uint32_t first, uint32_t sheaves,
                       struct sensor_row *row)
{
    philox_sheaves(key, first, sheaves, row->words);
    normals_fill(row->words, (size_t)sheaves * SHEAF_WORDS, row->numbers);
    lanes_here()->scale(row->numbers, sheaves * SENSOR_GROUP, (float)(1.0 / normals_sd()),
                        row->noise);
}

void sensor_tables_fill(struct sensor_tables *tables)
{
    uint32_t words[SHEAF_WORDS];
    int16_t numbers[SENSOR_GROUP];
    struct sensor_row row = {.numbers = numbers, .words = words};
    for (uint32_t i = 0; i < SENSOR_POOL / SENSOR_GROUP; i++) {
        row.noise = tables->pool + i * SENSOR_GROUP;
        fill_noise(fixed_key(POOL_SEED, 0), i, 1, &row);
    }
}

static const float *fixed_pattern(const float *pool, uint32_t camera_id, unsigned y, unsigned width)
{
    uint32_t words[4];
    stream_block(fixed_key(START_SEED, camera_id), y, words);
    return pool + words[0] % (SENSOR_POOL - width);
}

void sensor_expose_row(const struct conditions *conditions, struct stream_key key, unsigned y,
                       const struct sensor_tables *tables, struct sensor_row *row, uint8_t *bytes)
{
    const struct camera *camera = &conditions->camera;
    unsigned sheaves = (camera->width + SENSOR_GROUP - 1) / SENSOR_GROUP;
    fill_noise(key, y * sheaves, sheaves, row);
    double dn_per_e = 255.0 / camera->full_well_e, read_dn = camera->read_noise_e * dn_per_e;
    struct sensor_levels levels = {.prnu = (float)camera->prnu,
                                   .read_variance = (float)(read_dn * read_dn),
                                   .variance_per_dn = (float)dn_per_e};
    const float *fixed = fixed_pattern(tables->pool, conditions->camera_id, y, camera->width);
    lanes_here()->expose(&levels, row->irradiance, fixed, camera->width, row->noise, bytes);
}
