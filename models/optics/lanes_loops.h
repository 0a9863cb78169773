/* Included by lanes.c once for each kind of vector, with LANES(name) naming the functions and
 * LANES_BYTES the size of a vector. */

/* Of as many floats as fit; anywhere in a row. */
typedef float LANES(floats) __attribute__((vector_size(LANES_BYTES), aligned(4), may_alias));

static void LANES(shade)(float gain, float rest, float first, float step, unsigned width,
                         float *restrict row)
{
    for (unsigned x = 0; x < width; x++) {
        float along = first + (float)(int)x * step;
        float cosine_squared = 1.0f / (rest + along * along);
        row[x] *= gain * cosine_squared * cosine_squared;
    }
}

/* A grey level and the half that rounds it. */
static inline float LANES(grey)(struct sensor_levels levels, float irradiance, float gain,
                                float offset, float noise)
{
    float light = positive(irradiance * (levels.full + levels.prnu * gain));
    float mean = light + (levels.dark_and_half + levels.dsnu * offset);
    float variance = levels.read_variance + levels.variance_per_dn * light;
    return clamp(mean + sqrtf(variance) * noise, levels.most_and_half);
}

static void LANES(expose)(const struct sensor_levels *given, const float *restrict irradiance,
                          const struct fixed_rows *fixed, const int16_t *restrict numbers,
                          unsigned width, float *restrict noise, uint8_t *restrict bytes)
{
    const struct sensor_levels levels = *given;
    const int16_t *restrict gains = fixed->gains, *restrict offsets = fixed->offsets;
    if (numbers != NULL)
        for (unsigned x = 0; x < width; x++)
            noise[x] = LANES(grey)(levels, irradiance[x], gains[x], offsets[x], numbers[x]);
    else
        for (unsigned x = 0; x < width; x++)
            noise[x] = LANES(grey)(levels, irradiance[x], gains[x], offsets[x], noise[x]);
    /* Apart from the above: gcc makes better vectors of the two. */
    for (unsigned x = 0; x < width; x++)
        bytes[x] = (uint8_t)(int)noise[x];
}

/* The floats from the second of `here` to the first of `next`: cheaper than to load them, as most
 * such loads lie across two cache lines. */
static inline LANES(floats) LANES(shift)(LANES(floats) here, LANES(floats) next)
{
    typedef int32_t places __attribute__((vector_size(LANES_BYTES)));
#if LANES_BYTES == 64
    const places second = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};
#elif LANES_BYTES == 32
    const places second = {1, 2, 3, 4, 5, 6, 7, 8};
#else
    const places second = {1, 2, 3, 4};
#endif
    return __builtin_shuffle(here, next, second);
}

/* Some vectors of pixels stay in registers while the slabs pass. */
static inline void LANES(add_boxes_at)(const struct box_taps *restrict taps, int count, int x,
                                       float *restrict out)
{
    enum { PART = LANES_BYTES / sizeof(float), PARTS = 4 };
    LANES(floats) sums[PARTS] = {{0}};
    for (int k = 0; k < count; k++) {
        const LANES(floats) *end = (const LANES(floats) *)(taps[k].end + x);
        const LANES(floats) *start = (const LANES(floats) *)(taps[k].start + x);
        const float end_left = taps[k].end_left, end_right = taps[k].end_right;
        const float start_left = taps[k].start_left, start_right = taps[k].start_right;
        LANES(floats) end_here = end[0], start_here = start[0];
        STAY(end_here);
        STAY(start_here);
#pragma GCC unroll 4
        for (int i = 0; i < PARTS; i++) {
            LANES(floats) end_next = end[i + 1], start_next = start[i + 1];
            STAY(end_next);
            STAY(start_next);
            sums[i] +=
                (end_left * end_here + end_right * LANES(shift)(end_here, end_next)) -
                (start_left * start_here + start_right * LANES(shift)(start_here, start_next));
            end_here = end_next;
            start_here = start_next;
        }
    }
#pragma GCC unroll 4
    for (int i = 0; i < PARTS; i++)
        *(LANES(floats) *)(out + x + i * PART) = sums[i];
}

/* The last stretch overlaps the one before it: a pixel made twice is the same. */
static void LANES(add_boxes)(const struct box_taps *restrict taps, int count, int width,
                             float *restrict out)
{
    enum { STRETCH = LANES_BYTES };
    for (int x = 0; width >= STRETCH && x < width; x += STRETCH)
        LANES(add_boxes_at)(taps, count, x + STRETCH <= width ? x : width - STRETCH, out);
    for (int x = 0; width < STRETCH && x < width; x++) {
        float sum = 0.0f;
        for (int k = 0; k < count; k++) {
            const struct box_taps *t = &taps[k];
            sum += (t->end_left * t->end[x] + t->end_right * t->end[x + 1]) -
                   (t->start_left * t->start[x] + t->start_right * t->start[x + 1]);
        }
        out[x] = sum;
    }
}

/* As above: some vectors at once, so that a weight is loaded once for them. */
static inline void LANES(weigh_columns_at)(const struct row_pair *restrict rows, int row_count,
                                           const struct column_taps *restrict columns,
                                           int column_count, int x)
{
    enum { PART = LANES_BYTES / sizeof(float), PARTS = 4 };
    typedef float aligned __attribute__((vector_size(LANES_BYTES)));
    aligned sums[LANES_MAX_ROWS][PARTS];
    for (int k = 0; k < row_count; k++)
#pragma GCC unroll 4
        for (int i = 0; i < PARTS; i++) {
            sums[k][i] = *(const LANES(floats) *)(rows[k].one + x + i * PART);
            if (rows[k].other != NULL)
                sums[k][i] += *(const LANES(floats) *)(rows[k].other + x + i * PART);
        }
    for (int j = 0; j < column_count; j++) {
        const float *weights = columns[j].weights;
        aligned all[PARTS] = {{0}};
        for (int k = 0; k < columns[j].count; k++)
#pragma GCC unroll 4
            for (int i = 0; i < PARTS; i++)
                all[i] += weights[k] * sums[columns[j].first + k][i];
#pragma GCC unroll 4
        for (int i = 0; i < PARTS; i++)
            *(LANES(floats) *)(columns[j].out + x + i * PART) = all[i];
    }
}

static void LANES(weigh_columns)(const struct row_pair *restrict rows, int row_count,
                                 const struct column_taps *restrict columns, int column_count,
                                 int width)
{
    enum { STRETCH = LANES_BYTES };
    for (int x = 0; width >= STRETCH && x < width; x += STRETCH)
        LANES(weigh_columns_at)
    (rows, row_count, columns, column_count, x + STRETCH <= width ? x : width - STRETCH);
    for (int j = 0; width < STRETCH && j < column_count; j++)
        for (int x = 0; x < width; x++) {
            float sum = 0.0f;
            for (int k = 0; k < columns[j].count; k++) {
                const struct row_pair *row = &rows[columns[j].first + k];
                float pair = row->other != NULL ? row->one[x] + row->other[x] : row->one[x];
                sum += columns[j].weights[k] * pair;
            }
            columns[j].out[x] = sum;
        }
}

static inline void LANES(add_rows_at)(const float *const *restrict rows, int count, int x,
                                      float *restrict out)
{
    enum { PART = LANES_BYTES / sizeof(float), PARTS = 4 };
    LANES(floats) sums[PARTS] = {{0}};
    for (int k = 0; k < count; k++)
#pragma GCC unroll 4
        for (int i = 0; i < PARTS; i++)
            sums[i] += *(const LANES(floats) *)(rows[k] + x + i * PART);
#pragma GCC unroll 4
    for (int i = 0; i < PARTS; i++)
        *(LANES(floats) *)(out + x + i * PART) = sums[i];
}

static void LANES(add_rows)(const float *const *restrict rows, int count, int width,
                            float *restrict out)
{
    enum { STRETCH = LANES_BYTES };
    for (int x = 0; width >= STRETCH && x < width; x += STRETCH)
        LANES(add_rows_at)(rows, count, x + STRETCH <= width ? x : width - STRETCH, out);
    for (int x = 0; width < STRETCH && x < width; x++) {
        float sum = 0.0f;
        for (int k = 0; k < count; k++)
            sum += rows[k][x];
        out[x] = sum;
    }
}

static void LANES(cross)(double x, double slope, int count, int32_t *restrict cells,
                         float *restrict left, float *restrict over)
{
    const double first = slope < 0.0 ? x + slope : x, reach = fabs(slope);
    for (int i = 0; i < count; i++) {
        double low = first + slope * i;
        int32_t cell = (int32_t)low;
        double part = low - cell;
        cells[i] = cell;
        left[i] = (float)(part + 0.5 * reach);
        over[i] = (float)(part + reach - 1.0);
    }
}

static void LANES(lay)(float level, const float *restrict cells, unsigned start, unsigned end,
                       unsigned width, float *restrict out)
{
    for (unsigned x = 0; x < start; x++)
        out[x] = level;
    for (unsigned x = start; x < end; x++)
        out[x] = level + cells[x - start];
    for (unsigned x = end; x < width; x++)
        out[x] = level;
}

static const struct lanes LANES(lanes) = {.name = LANES_NAME,
                                          .shade = LANES(shade),
                                          .expose = LANES(expose),
                                          .add_boxes = LANES(add_boxes),
                                          .weigh_columns = LANES(weigh_columns),
                                          .add_rows = LANES(add_rows),
                                          .cross = LANES(cross),
                                          .lay = LANES(lay)};

#undef LANES
#undef LANES_NAME
#undef LANES_BYTES
