/*
 * Finding one's way in the table of parameters, and a check of the table itself.
 *
 * A group is what stands before a dot: "terminals" and "terminals.camera" are the groups of
 * "terminals.camera.f_number". The rows of a group stand together.
 */
#ifndef CASHPOINT_TABLE_H
#define CASHPOINT_TABLE_H

#include "experiment/parameter.h"

/* The first row of that name, or table->count where there is none. */
size_t table_find(const struct parameter_table *table, const char *key);

/* The first row of that group, or table->count where there is none. */
size_t table_find_group(const struct parameter_table *table, const char *group);

/* The last words of a dotted key, or all of it: "camera.f_number" for two. */
const char *table_key_ending(const char *key, int words);

/* What may have been meant by the unknown `key` ("terminals.camra.f_number"); false where nothing
 * is near. `also`: more names that may stand at the top, null-terminated; or null. */
struct table_key {
    char text[128];
};
bool table_suggest(const struct parameter_table *table, const char *key, const char *const *also,
                   struct table_key *suggestion);

/* Aborts, naming the row, where the table is wrong: a key that is none, stands twice or is a group
 * too; a group in two places; fields that overlap or leave the settings; a bound, default or list
 * of choices that does not fit its type. */
void table_check(const struct parameter_table *table);

#endif
