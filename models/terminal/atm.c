#include "terminal/atm.h"

#include "engine/error.h"

void atm_init(struct atm *atm)
{
    *atm = (struct atm){.mode = CAMERA_SURVEILLANCE};
}

void atm_switch_to_capture(struct atm *atm, simtime now)
{
    if (atm->mode == CAMERA_CAPTURE)
        return;
    atm->mode = CAMERA_CAPTURE;
    atm->away_since = now;
}

void atm_take_shot(struct atm *atm)
{
    CHECK(atm->mode == CAMERA_CAPTURE);
    atm->shots++;
}

void atm_switch_to_surveillance(struct atm *atm, simtime now)
{
    if (atm->mode == CAMERA_SURVEILLANCE)
        return;
    atm->mode = CAMERA_SURVEILLANCE;
    atm->away_total += now - atm->away_since;
}

uint32_t atm_next_trace(struct atm *atm)
{
    return ++atm->trace;
}

struct dispense_report atm_dispense(struct atm *atm, uint32_t terminal, uint32_t trace,
                                    uint64_t reservation, int64_t amount_minor)
{
    atm->dispensed++;
    atm->dispensed_minor += amount_minor;
    return (struct dispense_report){reservation, terminal, trace, amount_minor};
}
