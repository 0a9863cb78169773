#include "terminal/cassettes.h"

#include "engine/error.h"

#include <stdlib.h>
#include <string.h>

int64_t cassettes_unit_minor(const struct cassette_plan *plan)
{
    int64_t unit = 0;
    for (unsigned i = 0; i < plan->count; i++)
        for (int64_t a = plan->each[i].note_minor; a != 0;) {
            int64_t rest = unit % a;
            unit = a;
            a = rest;
        }
    return unit;
}

enum { OUT_OF_REACH = UINT32_MAX };

/* With the notes of one cassette more, from `before` (null: nothing but 0 is reached): how few of
 * them each amount takes. */
static void reach(const uint32_t *before, uint32_t *fewest, size_t units, size_t note,
                  uint32_t notes)
{
    for (size_t amount = 0; amount <= units; amount++) {
        bool without = before == NULL ? amount == 0 : before[amount] != OUT_OF_REACH;
        uint32_t one_less = amount >= note ? fewest[amount - note] : OUT_OF_REACH;
        fewest[amount] = without ? 0 : one_less < notes ? one_less + 1 : OUT_OF_REACH;
    }
}

bool cassettes_mix(const struct cassette_plan *plan, const uint32_t left[CASSETTES],
                   int64_t amount_minor, uint32_t mix[CASSETTES])
{
    int64_t unit = cassettes_unit_minor(plan);
    size_t units = (size_t)(amount_minor / unit), row = units + 1;
    memset(mix, 0, CASSETTES * sizeof *mix);
    if (amount_minor < 0 || amount_minor % unit != 0 || units > CASSETTE_UNITS)
        return false;
    uint32_t *fewest = malloc(plan->count * row * sizeof *fewest);
    CHECK(fewest != NULL);
    memset(fewest, 0xff, plan->count * row * sizeof *fewest); /* OUT_OF_REACH */
    for (unsigned i = 0; i < plan->count; i++)
        reach(i == 0 ? NULL : fewest + (i - 1) * row, fewest + i * row, units,
              (size_t)(plan->each[i].note_minor / unit), left[i]);
    bool found = fewest[(plan->count - 1) * row + units] != OUT_OF_REACH;
    for (unsigned i = plan->count; found && i-- > 0;) {
        mix[i] = fewest[i * row + units];
        units -= mix[i] * (size_t)(plan->each[i].note_minor / unit);
    }
    CHECK(!found || units == 0);
    free(fewest);
    return found;
}

bool cassettes_can_pay(const struct cassette_plan *plan, const struct cassettes *cassettes,
                       int64_t amount_minor)
{
    uint32_t mix[CASSETTES];
    return cassettes_mix(plan, cassettes->left, amount_minor, mix);
}

bool cassettes_pay(const struct cassette_plan *plan, struct cassettes *cassettes,
                   int64_t amount_minor)
{
    uint32_t mix[CASSETTES];
    if (!cassettes_mix(plan, cassettes->left, amount_minor, mix)) {
        cassettes->overdrawn++;
        return false;
    }
    for (unsigned i = 0; i < plan->count; i++) {
        cassettes->left[i] -= mix[i];
        cassettes->out[i] += mix[i];
    }
    cassettes->paid_minor += amount_minor;
    return true;
}

void cassettes_refill(const struct cassette_plan *plan, struct cassettes *cassettes)
{
    for (unsigned i = 0; i < plan->count; i++) {
        cassettes->in[i] += plan->each[i].notes - cassettes->left[i];
        cassettes->left[i] = plan->each[i].notes;
    }
    cassettes->refills++;
}

bool cassettes_add_up(const struct cassette_plan *plan, const struct cassettes *cassettes)
{
    int64_t minor = 0;
    for (unsigned i = 0; i < plan->count; i++) {
        minor += (int64_t)cassettes->out[i] * plan->each[i].note_minor;
        if (cassettes->in[i] != cassettes->out[i] + cassettes->left[i])
            return false;
    }
    return minor == cassettes->paid_minor;
}
