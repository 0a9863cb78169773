/*
 * Settings that do not go together: a scenario's mistakes beyond a single value's.
 */
#ifndef CASHPOINT_SETTINGS_CHECK_H
#define CASHPOINT_SETTINGS_CHECK_H

#include "experiment/parameter.h"

/* Tells each; `settings` is a struct settings. */
void settings_check(const void *settings, parameter_teller *tell, void *listener);

#endif
