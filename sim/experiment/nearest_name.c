/* "Did you mean": the edit distance that also counts two neighbours swapped as one edit (optimal
 * string alignment), over letters without case, with - and _ alike. */
#include "experiment/quantity.h"

#include <string.h>

enum { NAME_LIMIT = 64 }; /* nobody mistypes a longer name; keeps hostile keys cheap */

static char fold(char letter)
{
    if (letter >= 'A' && letter <= 'Z')
        return (char)(letter - 'A' + 'a');
    return letter == '_' || letter == ' ' ? '-' : letter;
}

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

static size_t edit_distance(const char *a, size_t a_length, const char *b, size_t b_length)
{
    size_t rows[3][NAME_LIMIT + 1];
    size_t *before = rows[0], *above = rows[1], *row = rows[2];

    for (size_t j = 0; j <= b_length; ++j)
        above[j] = j;
    for (size_t i = 1; i <= a_length; ++i) {
        row[0] = i;
        for (size_t j = 1; j <= b_length; ++j) {
            bool same = fold(a[i - 1]) == fold(b[j - 1]);
            row[j] = least(least(row[j - 1], above[j]) + 1, above[j - 1] + !same);
            if (i > 1 && j > 1 && fold(a[i - 1]) == fold(b[j - 2]) &&
                fold(a[i - 2]) == fold(b[j - 1]))
                row[j] = least(row[j], before[j - 2] + 1);
        }
        size_t *spare = before;
        before = above;
        above = row;
        row = spare;
    }
    return above[b_length];
}

const char *nearest_name(const char *name, const char *const *names)
{
    const char *nearest = NULL;
    size_t nearest_distance = 0;
    size_t length = strnlen(name, NAME_LIMIT + 1);

    for (; length <= NAME_LIMIT && *names != NULL; ++names) {
        size_t other = strnlen(*names, NAME_LIMIT + 1);
        if (other > NAME_LIMIT)
            continue;
        /* One edit in three letters: below that, every two-letter unit is near every other. */
        size_t allowed = least((length > other ? length : other) / 3, 3);
        size_t distance = edit_distance(name, length, *names, other);
        if (distance <= allowed && (nearest == NULL || distance < nearest_distance)) {
            nearest = *names;
            nearest_distance = distance;
        }
    }
    return nearest;
}
