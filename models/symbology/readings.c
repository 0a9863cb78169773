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

void readings_collect(struct readings *readings, const struct reading *reading)
{
    struct reading *known = readings_find(readings, reading);
    if (known == NULL) {
        if (readings->count < MAX_READINGS)
            readings->reading[readings->count++] = *reading;
        return;
    }
    if (known->symbology != reading->symbology)
        return; /* no second line of this symbol */
    unsigned lines = known->margin.lines + reading->margin.lines;
    float off = fminf(known->margin.off_modules, reading->margin.off_modules);
    if (reading->step < known->step)
        *known = *reading;
    known->margin.lines = lines;
    known->margin.off_modules = off;
    known->margin.lead = fmaxf(known->margin.lead, reading->margin.lead);
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
