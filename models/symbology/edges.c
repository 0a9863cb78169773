#include "symbology/edges.h"

static float crossing(const float *values, unsigned from, unsigned to)
{
    float middle = 0.5f * (values[from] + values[to]);
    bool up = values[to] > values[from];
    unsigned i = from;
    while (i + 1 < to && (values[i + 1] < middle) == up)
        i++;
    float step = values[i + 1] - values[i];
    return (float)i + (step != 0 ? (middle - values[i]) / step : 0.5f);
}

static void add_edge(const float *values, unsigned from, unsigned to, struct edges *edges)
{
    if (edges->count == EDGES_MAX)
        return;
    if (edges->count == 0)
        edges->dark_first = values[to] < values[from];
    edges->at[edges->count++] = crossing(values, from, to);
}

void edges_find(const float *values, unsigned count, float threshold, struct edges *edges)
{
    edges->count = 0;
    edges->dark_first = true;
    if (count == 0)
        return;
    unsigned least = 0, most = 0, last = 0; /* extremes so far; the last that counts */
    int direction = 0;                      /* of the profile now; 0: not known yet */
    for (unsigned i = 1; i < count; i++) {
        if (values[i] < values[least])
            least = i;
        if (values[i] > values[most])
            most = i;
        if (direction >= 0 && values[most] - values[i] >= threshold) {
            if (direction > 0)
                add_edge(values, last, most, edges);
            last = most;
            least = i;
            direction = -1;
        } else if (direction <= 0 && values[i] - values[least] >= threshold) {
            if (direction < 0)
                add_edge(values, last, least, edges);
            last = least;
            most = i;
            direction = 1;
        }
    }
    if (direction != 0)
        add_edge(values, last, direction > 0 ? most : least, edges);
}

void edges_mirror(const struct edges *edges, struct edges *mirrored)
{
    mirrored->count = edges->count;
    mirrored->dark_first = edges->dark_first == (edges->count % 2 == 0);
    for (unsigned i = 0; i < edges->count; i++)
        mirrored->at[i] = -edges->at[edges->count - 1 - i];
}

float edges_range(const float *values, unsigned count)
{
    if (count == 0)
        return 0;
    float least = values[0], most = values[0];
    for (unsigned i = 1; i < count; i++) {
        least = values[i] < least ? values[i] : least;
        most = values[i] > most ? values[i] : most;
    }
    return most - least;
}
