#include "bench/contest.h"

#include "bench/peers/zbar_whole.h"
#include "bench/subjects.h"
#include "engine/statistics.h"

#ifdef CASHPOINT_DMTX
#include "bench/peers/dmtx_whole.h"
#endif
#ifdef CASHPOINT_ZXING
#include "bench/peers/zxing_whole.h"
#endif

#include <stdlib.h>
#include <string.h>

#define CODE128 (1u << SYMBOL_CODE128)
#define ITF (1u << SYMBOL_ITF)
#define DOT_MATRIX (1u << SYMBOL_DOT_MATRIX)
#define QR (1u << SYMBOL_QR)
#define DATA_MATRIX (1u << SYMBOL_DATA_MATRIX)

const struct contestant decoders[] = {
    {&subject_decoder, CODE128 | ITF | DOT_MATRIX | QR, false},
    {&subject_lax, CODE128 | ITF | DOT_MATRIX | QR, false},
    {&subject_zbar_whole, CODE128 | ITF | QR, false},
#ifdef CASHPOINT_ZXING
    {&subject_zxing, CODE128 | ITF | QR | DATA_MATRIX, false},
    {&subject_zxing_fast, CODE128 | ITF | DATA_MATRIX, false},
#endif
#ifdef CASHPOINT_DMTX
    {&subject_dmtx, DATA_MATRIX, true},
#endif
};

const size_t decoder_count = sizeof decoders / sizeof decoders[0];

_Static_assert(sizeof decoders / sizeof decoders[0] <= CONTEST_MAX_DECODERS, "too many decoders");

const char *contest_absent(void)
{
    return ""
#ifndef CASHPOINT_ZXING
           "Not there: zxing-cpp (libzxing-dev and g++ were not found when this was built)\n"
#endif
#ifndef CASHPOINT_DMTX
           "Not there: libdmtx (libdmtx-dev was not found when this was built)\n"
#endif
        ;
}

void contest_init(struct contest *contest, FILE *table, size_t items)
{
    *contest = (struct contest){.table = table};
    fprintf(
        table,
        "n frames (of %zu a cell), each answered once by each decoder; CPU time a frame in us; the "
        "interval\nis Wilson's at 95 %%. cashpoint: by the bank's rules; lax: with all of them "
        "switched off\n%s\n"
        "%-28s %5s %8s %16s %6s %10s %10s\n",
        items, contest_absent(), "", "n", "right %", "interval", "wrong", "median", "p99");
}

void contest_cell(struct contest *contest, const struct cell *cell)
{
    char path[CELL_PATH_BYTES], text[160];
    cell_path(cell, path);
    cell_describe(cell, text, sizeof text);
    bool long_line = strlen(path) + strlen(text) > 98;
    fprintf(contest->table, "%s:%s%s\n", path, long_line ? "\n    " : " ", text);
    fflush(contest->table);
    if (contest->count == contest->capacity) {
        contest->capacity = contest->capacity == 0 ? 64 : 2 * contest->capacity;
        contest->results = realloc(contest->results, contest->capacity * sizeof *contest->results);
        CHECK(contest->results != NULL);
    }
    struct result *result = &contest->results[contest->count++];
    memset(result, 0, sizeof *result);
    result->cell = cell;
}

void contest_add(struct contest *contest, const struct cell *cell, size_t decoder,
                 const struct row *row)
{
    struct result *result = &contest->results[contest->count - 1];
    CHECK(contest->count > 0 && result->cell == cell && decoder < CONTEST_MAX_DECODERS);
    result->rows[decoder] = *row;
    struct interval interval = interval_wilson(row->right, row->items, 0.95);
    double n = (double)row->items;
    fprintf(contest->table, "%c %-26s %5.0f %8.1f [%6.1f, %6.1f] %6llu %10.1f %10.1f%s\n",
            row->wrong > 0 && !row->peer ? '!' : ' ', decoders[decoder].subject->name, n,
            100 * (double)row->right / n, 100 * interval.low, 100 * interval.high,
            (unsigned long long)row->wrong, 1e6 * row->median_s, 1e6 * row->p99_s,
            row->unstable > 0 ? "  ANSWERS CHANGED" : "");
    fflush(contest->table);
}

static void print_across(const struct contest *contest, const struct result *result, int width)
{
    char path[CELL_PATH_BYTES];
    cell_path(result->cell, path);
    fprintf(contest->table, "%-*s", width, path);
    for (size_t i = 0; i < decoder_count; i++) {
        const struct row *row = &result->rows[i];
        if (row->items > 0)
            fprintf(contest->table, " %5.1f%c%7.3f", 100 * (double)row->right / (double)row->items,
                    row->wrong > 0 ? '!' : ' ', 1e3 * row->median_s);
    }
    fputc('\n', contest->table);
}

static int widest_path(const struct contest *contest, enum symbol symbol)
{
    size_t widest = 21;
    for (size_t i = 0; i < contest->count; i++) {
        char path[CELL_PATH_BYTES];
        cell_path(contest->results[i].cell, path);
        if (contest->results[i].cell->symbol == symbol && strlen(path) > widest)
            widest = strlen(path);
    }
    return (int)widest;
}

static void print_symbol(const struct contest *contest, enum symbol symbol)
{
    bool begun = false;
    int width = widest_path(contest, symbol);
    for (size_t i = 0; i < contest->count; i++) {
        if (contest->results[i].cell->symbol != symbol)
            continue;
        if (!begun) {
            fprintf(contest->table, "\n%-*s", width, "right %, median in ms");
            for (size_t j = 0; j < decoder_count; j++)
                if (decoders[j].symbols >> symbol & 1)
                    fprintf(contest->table, " %13s", decoders[j].subject->name);
            fputc('\n', contest->table);
        }
        begun = true;
        print_across(contest, &contest->results[i], width);
    }
}

void contest_fini(struct contest *contest)
{
    fputs("\nSide by side; !: some were read wrongly\n", contest->table);
    for (int i = 0; i < SYMBOL_COUNT; i++)
        print_symbol(contest, (enum symbol)i);
    free(contest->results);
}
