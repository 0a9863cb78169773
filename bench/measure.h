/*
 * Measuring one subject on one kind of work.
 *
 * Work is a number of items (frames to decode, shots to take), made before the clock starts; an
 * item may be many operations too short to time alone (events, draws). Every item is answered once
 * and the answer held against the truth; only then are times taken, round after round over all
 * items, until the median stands still. Later answers are held against the first, from every
 * thread, so a subject that answers differently under load is found out.
 */
#ifndef CASHPOINT_BENCH_MEASURE_H
#define CASHPOINT_BENCH_MEASURE_H

#include "bench/sample.h"
#include "symbology/symbology.h"

#include <stdint.h>

/* What a subject read, or should; an empty text is no read. Decoders read any bytes, zeros too, and
 * say how many; what else has an answer writes a string. Zero up to the end. */
struct answer {
    char text[PAYLOAD_MAX_BYTES + 1];
    unsigned length; /* bytes; 0: no answer */
};

void answer_set(struct answer *answer, const void *bytes, size_t length);
bool answer_same(const struct answer *a, const struct answer *b);

struct subject {
    const char *name;
    void *(*open)(const void *work); /* scratch of one thread */
    void (*close)(void *scratch);
    void (*prepare)(void *scratch, const void *work, size_t item); /* outside the clock; or null */
    void (*run)(void *scratch, const void *work, size_t item, struct answer *answer);
    bool answers;      /* whether there is an answer to check */
    bool peer;         /* another library's, or ours without rules: wrong answers are allowed */
    bool waits;        /* timed by the clock: for a disk, say; its rate a core is one a second */
    double operations; /* an item; 0: the item is one, and quoted in microseconds */
    const char *note;  /* printed below the row; or null */
};

enum { ROW_NAME_BYTES = 64, ROW_NOTE_BYTES = 160, ROW_STRETCHES = 200 };

struct row {
    char name[ROW_NAME_BYTES]; /* suite/work/subject */
    bool answers, peer;
    uint64_t items;
    uint64_t right, wrong; /* equal to the truth; read, but not the truth */
    uint64_t unstable;     /* later answers that differed from the first */
    uint64_t samples;
    double operations;             /* an item, as the subject's; what follows is of one operation */
    double median_s, mad_s, p99_s; /* CPU time */
    double
        stretch_s[ROW_STRETCHES]; /* the middles of as many equal shares of the times, ascending */
    double rate_core;             /* a second of CPU time; where the subject waits, of time */
    double rate_all;              /* a second, by the clock, over `jobs` threads */
    int jobs;
    double instructions;       /* NaN: not available */
    double ratio;              /* median over the reference's median; NaN: no reference here */
    const char *reference;     /* "memcpy" */
    char note[ROW_NOTE_BYTES]; /* printed below the row; empty: nothing */
};

struct effort {
    size_t items;      /* a kind of work */
    size_t survey;     /* frames a cell of the misread survey */
    unsigned rounds;   /* at most */
    double cpu_s;      /* no further round after so much */
    double parallel_s; /* of the rate over all cores, by the clock */
    int jobs;
    bool quick;
};

/* Fills all of the row but name, ratio and reference. `truths`: a string an item, empty where
 * nothing is there to be read; null where the subject has no answers. */
void measure(const struct subject *subject, const void *work, const struct answer *truths,
             const struct effort *effort, struct row *row);

/* The same in one round, for work of which there is much: each item is timed as it is answered, and
 * one in 16 is asked again of a fresh scratch. No instructions, and no rate over all cores. */
void measure_once(const struct subject *subject, const void *work, const struct answer *truths,
                  size_t items, struct row *row);

#endif
