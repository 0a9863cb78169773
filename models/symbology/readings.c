#include "symbology/readings.h"

#include <math.h>
#include <string.h>

struct reading *readings_find(struct readings *readings, const struct reading *reading)
{
    for (unsigned i = 0; i < readings->count; i++)
        if (readings->reading[i].length == reading->length &&
            memcmp(readings->reading[i].text, reading->text, sizeof reading->text) == 0)
            return &readings->reading[i];
    return NULL;
}

static unsigned larger(unsigned a, unsigned b)
{
    return a > b ? a : b;
}

void readings_next_frame(struct readings *readings)
{
    for (unsigned i = 0; i < readings->count; i++) {
        struct tally *tally = &readings->tallies[i];
        *tally = (struct tally){.before = tally->before + larger(tally->most, tally->now)};
    }
}

void readings_next_look(struct readings *readings)
{
    for (unsigned i = 0; i < readings->count; i++) {
        struct tally *tally = &readings->tallies[i];
        tally->most = larger(tally->most, tally->now);
        tally->now = 0;
    }
}

/* How far down `at` lies, from the box's upper side (0) to its lower one (1). */
static float depth(const struct place box[4], const struct place *at)
{
    float x = box[3].x - box[0].x, y = box[3].y - box[0].y;
    return ((at->x - box[0].x) * x + (at->y - box[0].y) * y) / fmaxf(x * x + y * y, 1e-6f);
}

/* Moves the upper or the lower side out to where another line lies. */
static void extend_box(struct place box[4], const struct place line[4])
{
    bool above = depth(box, &line[0]) < 0;
    bool below = depth(box, &line[3]) > 1;
    if (above)
        memcpy(&box[0], &line[0], 2 * sizeof box[0]);
    if (below)
        memcpy(&box[2], &line[2], 2 * sizeof box[2]);
}

static void add(struct reading *known, struct tally *tally, const struct reading *reading)
{
    float off = fminf(known->margin.off_modules, reading->margin.off_modules);
    if (reading->step < known->step)
        *known = *reading;
    else if (reading->step == known->step && tally->now > 0)
        extend_box(known->corners, reading->corners);
    tally->now += reading->margin.lines;
    known->margin.lines = tally->before + larger(tally->most, tally->now);
    known->margin.off_modules = off;
    known->margin.lead = fmaxf(known->margin.lead, reading->margin.lead);
}

void readings_collect(struct readings *readings, const struct reading *reading)
{
    struct reading *known = readings_find(readings, reading);
    if (known != NULL && known->symbology == reading->symbology) {
        add(known, &readings->tallies[known - readings->reading], reading);
    } else if (known == NULL && readings->count < MAX_READINGS) {
        readings->tallies[readings->count] = (struct tally){.now = reading->margin.lines};
        readings->reading[readings->count++] = *reading;
    } /* else no second line of this symbol, or no room */
}

/* ---- judging ---- */

static enum decode_status judge(const struct reading *reading, const struct decode_rules *rules)
{
    if (reading->margin.module_px < rules->min_module_px)
        return DECODE_TOO_SMALL;
    if (reading->length > PAYLOAD_MAX_BYTES ||
        (rules->length != 0 && reading->length != rules->length))
        return DECODE_WRONG_LENGTH;
    return reading->digits ? DECODE_OK : DECODE_WRONG_ALPHABET;
}

static void fill(const struct reading *reading, const struct decode_rules *rules,
                 struct decoded *decoded)
{
    decoded->status = judge(reading, rules);
    decoded->symbology = reading->symbology;
    decoded->step = reading->step;
    decoded->margin = reading->margin;
    decoded->grade = reading->grade;
    memcpy(decoded->corners, reading->corners, sizeof decoded->corners);
    if (decoded->status == DECODE_TOO_SMALL)
        return;
    decoded->length = reading->length;
    memcpy(decoded->text, reading->text, sizeof decoded->text);
}

bool readings_settle(const struct readings *readings, const struct decode_rules *rules,
                     struct decoded *decoded)
{
    if (readings->count > 1 && !rules->several) {
        decoded->status = DECODE_AMBIGUOUS;
        decoded->step = readings->reading[1].step;
        return true;
    }
    for (unsigned i = 0; i < readings->count; i++)
        if (readings->reading[i].margin.lines >= rules->min_lines) {
            fill(&readings->reading[i], rules, decoded);
            return true;
        }
    return false;
}
