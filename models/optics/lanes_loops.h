/* Included by lanes.c once for each kind of vector, with LANES(name) naming the functions. */

static void LANES(expose)(const struct sensor_levels *levels, const float *restrict irradiance,
                          const struct fixed_rows *fixed, unsigned width, float *restrict noise,
                          uint8_t *restrict bytes)
{
    const float full = levels->full, dark = levels->dark, most = levels->most;
    const float prnu = levels->prnu, dsnu = levels->dsnu, read_variance = levels->read_variance;
    const float variance_per_dn = levels->variance_per_dn;
    const float *restrict gains = fixed->gains, *restrict offsets = fixed->offsets;
    for (unsigned x = 0; x < width; x++) {
        float light = full * irradiance[x] * (1.0f + prnu * gains[x]);
        light = light > 0.0f ? light : 0.0f;
        float mean = light + (dark + dsnu * offsets[x]);
        float noisy = mean + sqrtf(read_variance + variance_per_dn * light) * noise[x];
        float positive = noisy > 0.0f ? noisy : 0.0f;
        noise[x] = positive < most ? positive : most;
    }
    /* Apart from the above: gcc makes vectors of either, not of both at once. */
    for (unsigned x = 0; x < width; x++)
        bytes[x] = (uint8_t)(int)(noise[x] + 0.5f);
}

static void LANES(scale)(const int16_t *restrict numbers, unsigned count, float scale,
                         float *restrict out)
{
    for (unsigned x = 0; x < count; x++)
        out[x] = scale * numbers[x];
}

/* Sixteen pixels at a time stay in registers while the slabs pass. */
static void LANES(add_boxes)(const struct box_taps *restrict taps, int count, int width,
                             float *restrict out)
{
    typedef float group __attribute__((vector_size(64), aligned(4), may_alias));
    const int step = (int)(sizeof(group) / sizeof *out);
    int x = 0;
    for (; x + step <= width; x += step) {
        group sum = {0};
        for (int k = 0; k < count; k++) {
            const struct box_taps *t = &taps[k];
            sum += (t->end_left * *(const group *)(t->end + x) +
                    t->end_right * *(const group *)(t->end + x + 1)) -
                   (t->start_left * *(const group *)(t->start + x) +
                    t->start_right * *(const group *)(t->start + x + 1));
        }
        *(group *)(out + x) = sum;
    }
    for (; x < width; x++) {
        float sum = 0.0f;
        for (int k = 0; k < count; k++) {
            const struct box_taps *t = &taps[k];
            sum += (t->end_left * t->end[x] + t->end_right * t->end[x + 1]) -
                   (t->start_left * t->start[x] + t->start_right * t->start[x + 1]);
        }
        out[x] = sum;
    }
}

static const struct lanes LANES(lanes) = {LANES_NAME, LANES(expose), LANES(scale),
                                          LANES(add_boxes)};

#undef LANES
#undef LANES_NAME
