#include "bench/measure.h"

#include "bench/counter.h"
#include "engine/stopwatch.h"

#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* The median stands still when a further round moves it by less. */
static const double STILL = 0.01;

enum { LEAST_ROUNDS = 3 };

static void answer_item(const struct subject *subject, void *scratch, const void *work, size_t item,
                        struct answer *answer)
{
    memset(answer, 0, sizeof *answer);
    if (subject->prepare != NULL)
        subject->prepare(scratch, work, item);
    subject->run(scratch, work, item, answer);
}

void answer_set(struct answer *answer, const void *bytes, size_t length)
{
    memset(answer, 0, sizeof *answer);
    answer->length = (unsigned)(length < PAYLOAD_MAX_BYTES ? length : PAYLOAD_MAX_BYTES);
    memcpy(answer->text, bytes, answer->length);
}

bool answer_same(const struct answer *a, const struct answer *b)
{
    return a->length == b->length && memcmp(a->text, b->text, sizeof a->text) == 0;
}

static void judge(const struct answer *answer, const struct answer *truth, struct row *row)
{
    row->right += answer_same(answer, truth);
    bool read = answer->length > 0 || answer->text[0] != '\0';
    row->wrong += read && !answer_same(answer, truth);
}

/* The first answers, and how many of them are right. */
static struct answer *answer_all(const struct subject *subject, void *scratch, const void *work,
                                 const struct answer *truths, struct row *row)
{
    struct answer *first = calloc(row->items, sizeof *first);
    CHECK(first != NULL);
    for (size_t i = 0; i < row->items; i++) {
        answer_item(subject, scratch, work, i, &first[i]);
        if (subject->answers)
            judge(&first[i], &truths[i], row);
    }
    return first;
}

static int64_t wall_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static double timed_item(const struct subject *subject, void *scratch, const void *work,
                         size_t item, struct answer *answer)
{
    memset(answer, 0, sizeof *answer);
    if (subject->prepare != NULL)
        subject->prepare(scratch, work, item);
    int64_t start = subject->waits ? wall_ns() : stopwatch_ns();
    subject->run(scratch, work, item, answer);
    return 1e-9 * (double)((subject->waits ? wall_ns() : stopwatch_ns()) - start);
}

static void describe(const struct sample *sample, struct row *row)
{
    row->samples = sample->count;
    row->median_s = sample_median(sample);
    row->mad_s = sample_mad(sample);
    row->p99_s = sample_quantile(sample, 0.99);
    row->rate_core = (double)sample->count / sample_sum(sample);
    for (int i = 0; i < ROW_STRETCHES; i++)
        row->stretch_s[i] = sample_quantile(sample, (i + 0.5) / ROW_STRETCHES);
}

static void time_rounds(const struct subject *subject, void *scratch, const void *work,
                        const struct answer *first, const struct effort *effort, struct row *row)
{
    struct sample sample = {0};
    double median = NAN;
    for (unsigned round = 0; round < effort->rounds; round++) {
        for (size_t i = 0; i < row->items; i++) {
            struct answer answer;
            sample_add(&sample, timed_item(subject, scratch, work, i, &answer));
            row->unstable += !answer_same(&answer, &first[i]);
        }
        double before = median;
        median = sample_median(&sample);
        bool still = fabs(median - before) <= STILL * median;
        if (round + 1 >= LEAST_ROUNDS && (still || sample_sum(&sample) > effort->cpu_s))
            break;
    }
    describe(&sample, row);
    sample_fini(&sample);
}

static double count_instructions(const struct subject *subject, void *scratch, const void *work,
                                 size_t items)
{
    struct counter counter;
    counter_open(&counter);
    double sum = 0;
    for (size_t i = 0; i < items && !isnan(sum); i++) {
        struct answer answer = {.text = ""};
        uint64_t before, after;
        if (subject->prepare != NULL)
            subject->prepare(scratch, work, i);
        bool counted = counter_read(&counter, &before);
        subject->run(scratch, work, i, &answer);
        counted = counted && counter_read(&counter, &after);
        sum = counted ? sum + (double)(after - before) : NAN;
    }
    counter_close(&counter);
    return sum / (double)items;
}

/* ---- all cores ---- */

struct worker {
    const struct subject *subject;
    const void *work;
    const struct answer *first;
    const struct effort *effort;
    size_t items, start;
    pthread_barrier_t *ready; /* opening takes no part in the rate */
    uint64_t done, unstable;
    double run_s, total_s; /* CPU time inside the clock, and in all */
};

static void *work_on(void *argument)
{
    struct worker *worker = argument;
    void *scratch = worker->subject->open(worker->work);
    (void)pthread_barrier_wait(worker->ready);
    int64_t deadline_ns = wall_ns() + (int64_t)(1e9 * worker->effort->parallel_s);
    int64_t start = worker->subject->waits ? wall_ns() : stopwatch_ns();
    size_t item = worker->start;
    do {
        struct answer answer;
        worker->run_s += timed_item(worker->subject, scratch, worker->work, item, &answer);
        worker->unstable += !answer_same(&answer, &worker->first[item]);
        worker->done++;
        item = (item + 1) % worker->items;
    } while (wall_ns() < deadline_ns);
    worker->total_s =
        1e-9 * (double)((worker->subject->waits ? wall_ns() : stopwatch_ns()) - start);
    worker->subject->close(scratch);
    return NULL;
}

static void time_all_cores(struct worker model, struct row *row)
{
    int jobs = model.effort->jobs;
    struct worker *workers = calloc((size_t)jobs, sizeof *workers);
    pthread_t *threads = calloc((size_t)jobs, sizeof *threads);
    CHECK(workers != NULL && threads != NULL);
    pthread_barrier_t ready;
    CHECK(pthread_barrier_init(&ready, NULL, (unsigned)jobs + 1) == 0);
    for (int i = 0; i < jobs; i++) {
        workers[i] = model;
        workers[i].ready = &ready;
        workers[i].start = (size_t)i * model.items / (size_t)jobs;
        CHECK(pthread_create(&threads[i], NULL, work_on, &workers[i]) == 0);
    }
    (void)pthread_barrier_wait(&ready);
    int64_t start = wall_ns();
    uint64_t done = 0;
    double run_s = 0, total_s = 0;
    for (int i = 0; i < jobs; i++) {
        CHECK(pthread_join(threads[i], NULL) == 0);
        done += workers[i].done;
        row->unstable += workers[i].unstable;
        run_s += workers[i].run_s;
        total_s += workers[i].total_s;
    }
    /* Preparing is not part of the work: only its share of the time on the wall counts. */
    double share = model.subject->prepare != NULL ? run_s / total_s : 1;
    row->jobs = jobs;
    row->rate_all = (double)done / (1e-9 * (double)(wall_ns() - start) * share);
    CHECK(pthread_barrier_destroy(&ready) == 0);
    free(workers);
    free(threads);
}

/* From an item to its operations. */
static void divide(struct row *row, double operations)
{
    row->median_s /= operations;
    row->mad_s /= operations;
    row->p99_s /= operations;
    for (int i = 0; i < ROW_STRETCHES; i++)
        row->stretch_s[i] /= operations;
    row->instructions /= operations;
    row->rate_core *= operations;
    row->rate_all *= operations;
}

static void start_row(struct row *row, const struct subject *subject, size_t items)
{
    row->answers = subject->answers;
    row->peer = subject->peer;
    row->items = items;
    row->right = row->wrong = row->unstable = 0;
    row->operations = subject->operations;
    snprintf(row->note, sizeof row->note, "%s", subject->note != NULL ? subject->note : "");
}

void measure(const struct subject *subject, const void *work, const struct answer *truths,
             const struct effort *effort, struct row *row)
{
    CHECK(effort->items > 0 && effort->rounds > 0 && effort->jobs > 0);
    CHECK(truths != NULL || !subject->answers);
    start_row(row, subject, effort->items);
    void *scratch = subject->open(work);
    struct answer *first = answer_all(subject, scratch, work, truths, row);
    time_rounds(subject, scratch, work, first, effort, row);
    row->instructions = count_instructions(subject, scratch, work, row->items);
    subject->close(scratch);
    time_all_cores((struct worker){.subject = subject,
                                   .work = work,
                                   .first = first,
                                   .effort = effort,
                                   .items = row->items},
                   row);
    if (subject->operations > 0)
        divide(row, subject->operations);
    free(first);
}

/* Answers that depend on what was asked before, or on the scratch. */
static uint64_t ask_again(const struct subject *subject, const void *work,
                          const struct answer *first, size_t items)
{
    enum { EVERY = 16 };
    uint64_t unstable = 0;
    void *scratch = subject->open(work);
    for (size_t i = 0; i < items; i += EVERY) {
        struct answer answer;
        answer_item(subject, scratch, work, i, &answer);
        unstable += !answer_same(&answer, &first[i]);
    }
    subject->close(scratch);
    return unstable;
}

void measure_once(const struct subject *subject, const void *work, const struct answer *truths,
                  size_t items, struct row *row)
{
    CHECK(items > 0 && subject->answers);
    start_row(row, subject, items);
    struct sample sample = {0};
    struct answer *first = calloc(items, sizeof *first);
    CHECK(first != NULL);
    void *scratch = subject->open(work);
    answer_item(subject, scratch, work, 0, &first[0]); /* the first finds cold memory */
    for (size_t i = 0; i < items; i++) {
        sample_add(&sample, timed_item(subject, scratch, work, i, &first[i]));
        judge(&first[i], &truths[i], row);
    }
    subject->close(scratch);
    row->unstable = ask_again(subject, work, first, items);
    describe(&sample, row);
    row->rate_all = row->instructions = NAN;
    row->jobs = 1;
    sample_fini(&sample);
    free(first);
}
