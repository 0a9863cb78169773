#include "decode_count.h"

#include "engine/statistics.h"

#include <stdlib.h>
#include <string.h>

void decode_count_fini(struct decode_count *count)
{
    free(count->took_ms);
    *count = (struct decode_count){0};
}

void decode_count_add(struct decode_count *count, const struct decoded *decoded, double took_ms)
{
    if (count->pictures == count->capacity) {
        count->capacity = count->capacity > 0 ? 2 * count->capacity : 256;
        count->took_ms = realloc(count->took_ms, count->capacity * sizeof *count->took_ms);
        CHECK(count->took_ms != NULL);
    }
    count->took_ms[count->pictures++] = took_ms;
    count->statuses[decoded->status]++;
}

const char *decode_count_judge(struct decode_count *count, const struct decoded *decoded,
                               const char *bytes, const struct truth_line *truth)
{
#define X(verdict, name, text) name,
    static const char *const names[] = {DECODE_VERDICTS(X)};
#undef X
    bool read = decoded->status == DECODE_OK;
    bool same =
        read && decoded->length == truth->length && memcmp(bytes, truth->bytes, truth->length) == 0;
    enum decode_verdict verdict = same || (!read && truth->length == 0) ? VERDICT_RIGHT
                                  : read                                ? VERDICT_WRONG
                                                                        : VERDICT_MISSED;
    count->verdicts[verdict]++;
    return names[verdict];
}

static int by_size(const void *a, const void *b)
{
    double one = *(const double *)a, other = *(const double *)b;
    return (one > other) - (one < other);
}

static void print_share(FILE *out, uint64_t hits, uint64_t n)
{
    struct interval interval = interval_wilson(hits, n, 0.95);
    fprintf(out, "%llu (%.1f %% [%.1f, %.1f])", (unsigned long long)hits,
            100.0 * (double)hits / (double)n, 100.0 * interval.low, 100.0 * interval.high);
}

static void print_refused(FILE *out, const struct decode_count *count)
{
    const char *before = " (";
    for (int status = 0; status < DECODE_STATUS_COUNT; status++)
        if (status != DECODE_OK && count->statuses[status] > 0) {
            fprintf(out, "%s%llu %s", before, (unsigned long long)count->statuses[status],
                    decode_status_name((enum decode_status)status));
            before = ", ";
        }
    if (strcmp(before, ", ") == 0)
        fputs(")", out);
}

static void print_verdicts(FILE *out, const struct decode_count *count)
{
    uint64_t n = 0;
    for (int i = 0; i < VERDICT_COUNT; i++)
        n += count->verdicts[i];
    if (n == 0)
        return;
    fprintf(out, "of %llu whose truth is told: right ", (unsigned long long)n);
    print_share(out, count->verdicts[VERDICT_RIGHT], n);
    fputs(", wrong ", out);
    print_share(out, count->verdicts[VERDICT_WRONG], n);
    fputs(", missed ", out);
    print_share(out, count->verdicts[VERDICT_MISSED], n);
    fputs("; Wilson 95 %\n", out);
}

void decode_count_print(FILE *out, struct decode_count *count)
{
    size_t n = count->pictures;
    uint64_t read = count->statuses[DECODE_OK];
    fprintf(out, "%zu picture%s: ", n, n == 1 ? "" : "s");
    if (n > 0) {
        qsort(count->took_ms, n, sizeof *count->took_ms, by_size);
        fputs("read ", out);
        print_share(out, read, n);
        fprintf(out, ", refused %llu", (unsigned long long)(n - read));
        print_refused(out, count);
        fprintf(out, "; median %.2f ms, longest %.2f ms",
                0.5 * (count->took_ms[(n - 1) / 2] + count->took_ms[n / 2]), count->took_ms[n - 1]);
    }
    if (count->no_pictures > 0)
        fprintf(out, "%s%llu file%s no picture", n > 0 ? "; " : "",
                (unsigned long long)count->no_pictures, count->no_pictures == 1 ? " is" : "s are");
    fputs("\n", out);
    print_verdicts(out, count);
}
