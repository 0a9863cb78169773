/*
 * An ATM: the main control, a camera with two modes, and a dispenser; or a merchant's POS, where
 * the merchant is the dispenser (till.h) and the counter counts what was confirmed. (Who stands at
 * it, and the line before it, are its site's business.)
 *
 * The camera watches the room (surveillance, focus far away) until the bank orders a shot; main
 * control then switches it to capture mode (focus near), which takes time, and back afterwards. The
 * seconds in between are lost to surveillance, and counted. A shot in surveillance mode is a bug of
 * main control: it is CHECKed.
 */
#ifndef CASHPOINT_ATM_H
#define CASHPOINT_ATM_H

#include "engine/simtime.h"
#include "message.h"

enum camera_mode { CAMERA_SURVEILLANCE, CAMERA_CAPTURE };

struct atm {
    enum camera_mode mode;
    simtime away_since; /* in capture mode: since when */
    simtime away_total; /* surveillance lost */
    uint64_t shots;
    uint32_t repairs;   /* so far */
    uint32_t trace;     /* the number of the newest transaction */
    uint64_t dispensed; /* the dispenser's counter: payments */
    int64_t dispensed_minor;
};

void atm_init(struct atm *atm);

/* Main control on the bank's order: to capture mode at `now`. */
void atm_switch_to_capture(struct atm *atm, simtime now);
void atm_take_shot(struct atm *atm);
/* Back to surveillance, reached at `now`. Nothing happens where the camera is there already. */
void atm_switch_to_surveillance(struct atm *atm, simtime now);

/* Begins a transaction: its number. */
uint32_t atm_next_trace(struct atm *atm);

/* Pays out on the permit for a transaction and counts it: the report that goes to the bank. */
struct dispense_report atm_dispense(struct atm *atm, uint32_t terminal, uint32_t trace,
                                    uint64_t reservation, int64_t amount_minor);

#endif
