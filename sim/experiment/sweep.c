#include "experiment/sweep.h"

#include "experiment/table.h"
#include "experiment/value.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

void sweep_init(struct sweep *sweep, const struct parameter_table *table)
{
    *sweep = (struct sweep){.table = table};
}

static void free_factor(struct sweep_factor *factor)
{
    for (size_t i = 0; i < factor->key_count; i++)
        free(factor->keys[i].values);
    *factor = (struct sweep_factor){0};
}

void sweep_fini(struct sweep *sweep)
{
    for (size_t i = 0; i < sweep->count; i++)
        free_factor(&sweep->factors[i]);
    sweep->count = 0;
}

static void drop_factor(struct sweep *sweep, size_t factor)
{
    free_factor(&sweep->factors[factor]);
    memmove(&sweep->factors[factor], &sweep->factors[factor + 1],
            (--sweep->count - factor) * sizeof *sweep->factors);
    sweep->factors[sweep->count] = (struct sweep_factor){0}; /* its keys lie one place before */
}

void sweep_drop(struct sweep *sweep, size_t row)
{
    for (size_t i = 0; i < sweep->count; i++) {
        struct sweep_factor *factor = &sweep->factors[i];
        size_t key = 0;
        while (key < factor->key_count && factor->keys[key].row != row)
            key++;
        if (key == factor->key_count)
            continue;
        free(factor->keys[key].values);
        memmove(&factor->keys[key], &factor->keys[key + 1],
                (--factor->key_count - key) * sizeof *factor->keys);
        if (factor->key_count == 0)
            drop_factor(sweep, i);
        return;
    }
}

const struct sweep_key *sweep_find(const struct sweep *sweep, size_t row)
{
    for (size_t i = 0; i < sweep->count; i++)
        for (size_t k = 0; k < sweep->factors[i].key_count; k++)
            if (sweep->factors[i].keys[k].row == row)
                return &sweep->factors[i].keys[k];
    return NULL;
}

size_t sweep_points(const struct sweep *sweep)
{
    size_t points = 1;
    for (size_t i = 0; i < sweep->count; i++)
        if (__builtin_mul_overflow(points, sweep->factors[i].levels, &points))
            return SIZE_MAX;
    return points;
}

size_t sweep_level(const struct sweep *sweep, size_t point, size_t factor)
{
    for (size_t i = sweep->count; --i > factor;)
        point /= sweep->factors[i].levels;
    return point % sweep->factors[factor].levels;
}

static void apply_level(const struct sweep *sweep, const struct sweep_key *key, size_t level,
                        void *settings)
{
    const struct parameter *row = &sweep->table->rows[key->row];
    size_t bytes = value_bytes(row);
    memcpy((char *)settings + row->offset, key->values + level * bytes, bytes);
}

void sweep_apply(const struct sweep *sweep, size_t point, void *settings)
{
    for (size_t i = 0; i < sweep->count; i++)
        for (size_t k = 0; k < sweep->factors[i].key_count; k++)
            apply_level(sweep, &sweep->factors[i].keys[k], sweep_level(sweep, point, i), settings);
}

/* The last word of a key, or the last two where another swept key ends in the same. */
static const char *short_name(const struct sweep *sweep, const char *key)
{
    const char *name = table_key_ending(key, 1);
    size_t same = 0;
    for (size_t i = 0; i < sweep->count; i++)
        for (size_t k = 0; k < sweep->factors[i].key_count; k++)
            same +=
                strcmp(name, table_key_ending(sweep->table->rows[sweep->factors[i].keys[k].row].key,
                                              1)) == 0;
    return same > 1 ? table_key_ending(key, 2) : name;
}

struct sweep_label sweep_label(const struct sweep *sweep, const void *settings)
{
    struct sweep_label label = {{0}};
    FILE *out = fmemopen(label.text, sizeof label.text, "w");
    CHECK(out != NULL);
    const char *joint = "";
    for (size_t i = 0; i < sweep->count; i++)
        for (size_t k = 0; k < sweep->factors[i].key_count; k++) {
            const struct parameter *row = &sweep->table->rows[sweep->factors[i].keys[k].row];
            fprintf(out, "%s%s ", joint, short_name(sweep, row->key));
            value_write(row, settings, out);
            joint = ", ";
        }
    fclose(out);
    label.text[sizeof label.text - 1] = '\0';
    return label;
}

/* One key and its levels as a block list. */
static void write_key(const struct sweep *sweep, const struct sweep_factor *factor, size_t key,
                      int indent, void *scratch, FILE *out)
{
    const struct parameter *row = &sweep->table->rows[factor->keys[key].row];
    fprintf(out, "%s:\n", row->key);
    for (size_t level = 0; level < factor->levels; level++) {
        apply_level(sweep, &factor->keys[key], level, scratch);
        fprintf(out, "%*s- ", indent, "");
        value_write(row, scratch, out);
        fputc('\n', out);
    }
}

static bool is_zipped(const struct sweep_factor *factor)
{
    return factor->key_count > 1;
}

void sweep_write(const struct sweep *sweep, const void *settings, FILE *out)
{
    if (sweep->count == 0)
        return;
    char *scratch = malloc(sweep->table->settings_bytes);
    CHECK(scratch != NULL);
    memcpy(scratch, settings, sweep->table->settings_bytes);
    fputs("sweep:\n", out);
    bool zips = false;
    for (size_t i = 0; i < sweep->count; i++) {
        const struct sweep_factor *factor = &sweep->factors[i];
        if (is_zipped(factor) && !zips)
            fputs("  zip:\n", out);
        zips = zips || is_zipped(factor);
        for (size_t k = 0; k < factor->key_count; k++) {
            fputs(!is_zipped(factor) ? "  " : k == 0 ? "    - " : "      ", out);
            write_key(sweep, factor, k, is_zipped(factor) ? 8 : 4, scratch, out);
        }
    }
    free(scratch);
}
