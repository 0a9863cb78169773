/*
 * Code 128 by the table of ISO/IEC 15417: the tests' own, so that neither libzint nor ZBar can be
 * wrong unseen.
 */
#ifndef CASHPOINT_CODE128_TABLE_H
#define CASHPOINT_CODE128_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

static const char *const patterns[] = {
    "212222", "222122", "222221", "121223", "121322", "131222", "122213", "122312", "132212",
    "221213", "221312", "231212", "112232", "122132", "122231", "113222", "123122", "123221",
    "223211", "221132", "221231", "213212", "223112", "312131", "311222", "321122", "321221",
    "312212", "322112", "322211", "212123", "212321", "232121", "111323", "131123", "131321",
    "112313", "132113", "132311", "211313", "231113", "231311", "112133", "112331", "132131",
    "113123", "113321", "133121", "313121", "211331", "231131", "213113", "213311", "213131",
    "311123", "311321", "331121", "312113", "312311", "332111", "314111", "221411", "431111",
    "111224", "111422", "121124", "121421", "141122", "141221", "112214", "112412", "122114",
    "122411", "142112", "142211", "241211", "221114", "413111", "241112", "134111", "111242",
    "121142", "121241", "114212", "124112", "124211", "411212", "421112", "421211", "212141",
    "214121", "412121", "111143", "111341", "131141", "114113", "114311", "411113", "411311",
    "113141", "114131", "311141", "411131", "211412", "211214", "211232", "2331112"};

enum { START_A = 103, START_B, START_C, STOP };

/* Appends the modules of one symbol character as '1' (dark) and '0'. */
static inline void append_pattern(char *modules, unsigned code)
{
    size_t at = strlen(modules);
    for (int i = 0; patterns[code][i] != '\0'; i++)
        for (int j = patterns[code][i] - '0'; j > 0; j--)
            modules[at++] = i % 2 == 0 ? '1' : '0';
    modules[at] = '\0';
}

/* The whole symbol: a start word, the others, their check word and the stop. */
static inline void reference_words(const uint8_t *words, size_t count, char *modules)
{
    unsigned sum = words[0];
    modules[0] = '\0';
    for (size_t i = 0; i < count; i++) {
        append_pattern(modules, words[i]);
        sum += (unsigned)i * words[i];
    }
    append_pattern(modules, sum % 103);
    append_pattern(modules, STOP);
}

/* The whole symbol: set C takes digits by pairs, set B one character each. */
static inline void reference_modules(const char *text, bool set_c, char *modules)
{
    unsigned start = set_c ? START_C : START_B, sum = start, position = 1;
    modules[0] = '\0';
    append_pattern(modules, start);
    for (size_t i = 0; text[i] != '\0'; i += set_c ? 2 : 1, position++) {
        unsigned code = set_c ? (unsigned)(text[i] - '0') * 10 + (unsigned)(text[i + 1] - '0')
                              : (unsigned)text[i] - 32;
        append_pattern(modules, code);
        sum += position * code;
    }
    append_pattern(modules, sum % 103);
    append_pattern(modules, STOP);
}

#endif
