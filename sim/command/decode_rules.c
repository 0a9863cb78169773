#include "decode_rules.h"

#include "command.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool choose_symbology(const char *name, unsigned *set)
{
    int which = 0;
    if (name == NULL || strcmp(name, "auto") == 0) {
        *set = (1u << SYMBOLOGY_COUNT) - 1;
        return true;
    }
    while (symbology_names[which] != NULL && strcmp(symbology_names[which], name) != 0)
        which++;
    *set = 1u << which;
    if (symbology_names[which] != NULL)
        return true;
    char names[128] = "auto";
    for (int i = 0; i < SYMBOLOGY_COUNT; i++) {
        strncat(names, i + 1 < SYMBOLOGY_COUNT ? ", " : " or ", sizeof names - strlen(names) - 1);
        strncat(names, symbology_names[i], sizeof names - strlen(names) - 1);
    }
    complain(EXIT_USAGE, "there is no symbology '%s': --symbology takes %s", name, names);
    return false;
}

/* A number with a point, or the mistake. */
static bool decimal(const char *name, const char *text, double maximum, double *value)
{
    char *end;
    *value = strtod(text, &end);
    if (end != text && *end == '\0' && *value >= 0 && *value <= maximum)
        return true;
    complain(EXIT_USAGE, "--%s takes a number from 0 to %g, not '%s'", name, maximum, text);
    return false;
}

/* WIDTHxHEIGHT, each from 1 up; nothing given changes nothing. */
static bool choose_size(const char *name, const char *text, unsigned most_width,
                        unsigned most_height, unsigned *width, unsigned *height)
{
    unsigned across, down;
    char behind;
    if (text == NULL)
        return true;
    if (sscanf(text, "%4ux%4u%c", &across, &down, &behind) == 2 && across >= 1 && down >= 1 &&
        across <= most_width && down <= most_height) {
        *width = across;
        *height = down;
        return true;
    }
    complain(EXIT_USAGE, "--%s takes WIDTHxHEIGHT in dots, at most %ux%u, not '%s'", name,
             most_width, most_height, text);
    return false;
}

static bool choose_fec(const char *name, enum matrix_fec *fec)
{
    for (int i = 0; name != NULL && matrix_fec_names[i] != NULL; i++)
        if (strcmp(name, matrix_fec_names[i]) == 0) {
            *fec = (enum matrix_fec)i;
            return true;
        }
    if (name != NULL)
        complain(EXIT_USAGE, "there is no error correction '%s': --fec takes viterbi, rs or none",
                 name);
    return name == NULL;
}

static bool choose_matrix(const char *const *options, struct decode_rules *rules)
{
    struct matrix_format *matrix = &rules->matrix;
    int64_t quiet = 0;
    matrix->plain = options[DECODE_PLAIN] != NULL;
    if (!choose_size("display", options[DECODE_DISPLAY], CODE_IMAGE_MAX_WIDTH,
                     CODE_IMAGE_MAX_HEIGHT, &rules->display_width, &rules->display_height) ||
        !choose_size("block", options[DECODE_BLOCK], MATRIX_MAX_BLOCK, MATRIX_MAX_BLOCK,
                     &matrix->block_width, &matrix->block_height) ||
        !choose_fec(options[DECODE_FEC], &matrix->fec) ||
        (options[DECODE_QUIET] != NULL &&
         !argument_number("quiet", options[DECODE_QUIET], 0, 32, &quiet)))
        return false;
    matrix->quiet = (unsigned)quiet;
    if (matrix->plain && rules->length == 0) {
        complain(EXIT_USAGE, "--plain needs --length: a plain dot matrix does not say how long its "
                             "string is");
        return false;
    }
    return true;
}

/* The numbers that were given, over those that `rules` has. */
static bool choose_limits(const char *const *options, struct decode_rules *rules)
{
    int64_t length = rules->length, lines = rules->min_lines;
    double module = (double)rules->min_module_px, off = (double)rules->max_off_modules;
    if ((options[DECODE_LENGTH] != NULL &&
         !argument_number("length", options[DECODE_LENGTH], 1, PAYLOAD_MAX_BYTES, &length)) ||
        (options[DECODE_MIN_LINES] != NULL &&
         !argument_number("min-lines", options[DECODE_MIN_LINES], 1, 1000, &lines)) ||
        (options[DECODE_MIN_MODULE] != NULL &&
         !decimal("min-module", options[DECODE_MIN_MODULE], 1000, &module)) ||
        (options[DECODE_MAX_OFF] != NULL &&
         !decimal("max-off", options[DECODE_MAX_OFF], 5, &off)) ||
        (options[DECODE_BUDGET] != NULL &&
         !decimal("budget", options[DECODE_BUDGET], 1e6, &rules->budget_ms)))
        return false;
    rules->length = (unsigned)length;
    rules->min_lines = (unsigned)lines;
    rules->min_module_px = (float)module;
    rules->max_off_modules = (float)off;
    return true;
}

bool decode_rules_choose(const char *const *options, struct decode_rules *rules)
{
    unsigned set;
    if (!choose_symbology(options[DECODE_SYMBOLOGY], &set))
        return false;
    *rules = decode_rules_strict((enum symbology)0, 0);
    rules->symbologies = set;
    rules->min_module_px = 0;
    rules->any_characters = options[DECODE_DIGITS] == NULL;
    rules->several = options[DECODE_SEVERAL] != NULL;
    rules->check_digits = options[DECODE_CHECK_DIGITS] != NULL;
    rules->clock = true;
    if (rules->any_characters)
        rules->max_off_modules = DECODE_OTHERS_OFF;
    return choose_limits(options, rules) && choose_matrix(options, rules);
}
