/*
 * Named sensors and displays: what `preset:` of a camera or a display stands for.
 *
 * Figures of the sensors: full well and dark noise from published SNRmax and dynamic range
 * (MT9M034: 37.7 and 63.4 dB; MT9M031: 37.4 and 54.3 dB; MT9F002: 35.1 and 57.3 dB): the well is
 * 10^(SNR / 10), the noise the well over 10^(DR / 20). The VGA camera, and all that no data sheet
 * says, are assumptions.
 */
#ifndef CASHPOINT_PRESETS_H
#define CASHPOINT_PRESETS_H

#include "experiment/parameter.h"

extern const char *const camera_preset_names[]; /* null-terminated; the first stands for nothing */
extern const char *const token_preset_names[];
extern const char *const phone_preset_names[];

enum { PRESET_COUNT = 27 };
extern const struct parameter_preset presets[PRESET_COUNT];

#endif
