/*
 * Presets: choices that stand for values of the other keys of their group (struct
 * parameter_preset).
 *
 * A preset speaks before the scenario does: it fills those keys of its group that the scenario says
 * nothing of, at every design point anew, so that the preset itself can be swept.
 */
#ifndef CASHPOINT_PRESET_H
#define CASHPOINT_PRESET_H

#include "experiment/parameter.h"

/* Fills what the chosen presets stand for. `said`: by row, what is left alone; null: nothing. */
void preset_fill(const struct parameter_table *table, const bool *said, void *settings);

/* The row whose choice may fill that row; table->count where none does. */
size_t preset_over(const struct parameter_table *table, size_t row);

/* Aborts where a preset names a choice or a key that is none. */
void preset_check(const struct parameter_table *table);

/* Reads a value that the table itself holds (a default, a preset's); aborts where it is none. */
void parameter_read_own(const struct parameter *row, const char *text, void *settings);

#endif
