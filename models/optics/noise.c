/*
 * Noise by address, not in sequence: a frame has 2^26 blocks of the capture's stream, row y those
 * from y * blocks_per_row on. So rows may be made in any order and on any thread.
 *
 * Fast: a sheaf of blocks holds the random bits of 64 pixels, 16 each, of which normals.h makes
 * normal numbers up to 4.3 sigma. Exact: a block holds four 32-bit numbers, which Box and Muller's
 * formula turns into four normal ones, up to 6.76 sigma.
 *
 * A camera's fixed maps are made again at each capture, so they have to be cheap: each row is a
 * stretch of one pool of normal numbers, and the camera's own stream draws where it starts.
 */
#include "optics/camera_private.h"
#include "optics/normals.h"

#include "engine/error.h"
#include "engine/philox_bulk.h"

_Static_assert(SENSOR_GROUP == 2 * SHEAF_WORDS, "a group of pixels takes a sheaf of random bits");

#include <math.h>

/* Streams apart from any that a run draws from: no run uses this replication and purpose. */
static struct stream_key fixed_key(uint64_t seed, uint32_t camera_id)
{
    return (struct stream_key){
        .seed = seed, .entity = camera_id, .replication = UINT32_MAX, .purpose = UINT16_MAX};
}

enum { POOL_SEED = 1, START_SEED = 2 };

void sensor_tables_fill(struct sensor_tables *tables)
{
    enum { SHEAVES = SENSOR_POOL / SENSOR_GROUP };
    uint32_t words[SHEAF_WORDS];
    for (uint32_t i = 0; i < SHEAVES; i++) {
        philox_sheaves(fixed_key(POOL_SEED, 0), i, 1, words);
        normals_fill(words, SHEAF_WORDS, tables->pool + i * SENSOR_GROUP);
    }
}

struct fixed_rows noise_fixed(const struct sensor_tables *tables, uint32_t camera_id, unsigned y,
                              unsigned width, struct fixed_starts *starts)
{
    unsigned first = y / FIXED_ROWS * FIXED_ROWS;
    if (!starts->known || starts->camera_id != camera_id || starts->first != first) {
        stream_blocks(fixed_key(START_SEED, camera_id), first, FIXED_ROWS, starts->words);
        starts->camera_id = camera_id;
        starts->first = first;
        starts->known = true;
    }
    const uint32_t *words = starts->words + 4 * (size_t)(y - first);
    return (struct fixed_rows){.gains = tables->pool + words[0] % (SENSOR_POOL - width),
                               .offsets = tables->pool + words[1] % (SENSOR_POOL - width)};
}

static uint32_t first_block(uint32_t frame)
{
    CHECK(frame < CAMERA_FRAMES);
    return frame << 26;
}

void noise_fast(struct stream_key key, uint32_t frame, unsigned y, unsigned count,
                struct sensor_row *row)
{
    uint32_t sheaves = count / SENSOR_GROUP;
    philox_sheaves(key, first_block(frame) / SHEAF_BLOCKS + y * sheaves, sheaves, row->words);
    normals_fill(row->words, (size_t)sheaves * SHEAF_WORDS, row->numbers);
}

void noise_pair(const uint32_t words[2], float pair[2])
{
    double radius = sqrt(-2.0 * log((words[0] + 0.5) * 0x1p-32));
    double angle = 2.0 * M_PI * ((words[1] + 0.5) * 0x1p-32);
    pair[0] = (float)(radius * cos(angle));
    pair[1] = (float)(radius * sin(angle));
}

void noise_exact(struct stream_key key, uint32_t frame, unsigned y, unsigned count,
                 struct sensor_row *row)
{
    unsigned blocks = count / 4;
    stream_blocks(key, first_block(frame) + y * blocks, blocks, row->words);
    for (unsigned i = 0; i < count; i += 2)
        noise_pair(row->words + i, row->noise + i);
}

/* The first of the blocks that no row of the frame uses: 8192 rows of 8192 pixels take 2^24. */
double noise_phase(struct stream_key key, uint32_t frame)
{
    uint32_t words[4];
    stream_block(key, first_block(frame) + (1u << 25), words);
    return 2.0 * M_PI * (words[0] * 0x1p-32);
}

struct stream noise_stream(struct stream_key key, uint32_t frame)
{
    struct stream stream;
    stream_init(&stream, key);
    stream.block = first_block(frame) + (1u << 25) + 1;
    return stream;
}
