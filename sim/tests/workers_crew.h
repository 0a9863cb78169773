/*
 * Workers and jobs for tests: contexts that notice a second user, jobs that know how often they
 * ran, and gates at which threads meet where a test needs them.
 */
#ifndef CASHPOINT_WORKERS_CREW_H
#define CASHPOINT_WORKERS_CREW_H

#include "experiment/workers.h"

#include "engine/random.h"
#include "tests/asserts.h"

#include <pthread.h>
#include <stdatomic.h>
#include <unistd.h>

enum { MOST_JOBS = 8 };

/* Belongs to one thread: `busy` tells when it does not. */
struct scratch {
    atomic_bool busy;
    unsigned runs;
};

struct gate {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    bool reached, open;
};

struct job {
    struct task task;
    uint64_t input, result;
    atomic_uint runs;
    struct gate *gate;        /* null: none */
    atomic_uint *wait_for;    /* null: nothing */
    unsigned wait_until;      /* the value of *wait_for that lets it go on */
    atomic_uint *count_as;    /* null: uncounted */
    atomic_bool *leaves_mark; /* set as the last thing it does */
};

struct crew {
    struct workers *workers;
    struct scratch scratches[MOST_JOBS];
};

static inline void crew_init(struct crew *crew, int jobs, size_t room)
{
    *crew = (struct crew){0};
    void *contexts[MOST_JOBS];
    for (int i = 0; i < MOST_JOBS; i++)
        contexts[i] = &crew->scratches[i];
    assert_true(jobs <= MOST_JOBS);
    crew->workers = workers_new(jobs, contexts, room);
}

static inline void crew_fini(struct crew *crew)
{
    workers_free(crew->workers);
    for (int i = 0; i < MOST_JOBS; i++)
        assert_false(crew->scratches[i].busy);
}

static inline void gate_init(struct gate *gate)
{
    *gate = (struct gate){.reached = false};
    pthread_mutex_init(&gate->lock, NULL);
    pthread_cond_init(&gate->changed, NULL);
}

static inline void gate_fini(struct gate *gate)
{
    pthread_mutex_destroy(&gate->lock);
    pthread_cond_destroy(&gate->changed);
}

static inline void gate_pass(struct gate *gate)
{
    pthread_mutex_lock(&gate->lock);
    gate->reached = true;
    pthread_cond_broadcast(&gate->changed);
    while (!gate->open)
        pthread_cond_wait(&gate->changed, &gate->lock);
    pthread_mutex_unlock(&gate->lock);
}

static inline void gate_await_arrival(struct gate *gate)
{
    pthread_mutex_lock(&gate->lock);
    while (!gate->reached)
        pthread_cond_wait(&gate->changed, &gate->lock);
    pthread_mutex_unlock(&gate->lock);
}

static inline void gate_open(struct gate *gate)
{
    pthread_mutex_lock(&gate->lock);
    gate->open = true;
    pthread_cond_broadcast(&gate->changed);
    pthread_mutex_unlock(&gate->lock);
}

/* A pure function that takes a moment. */
static inline uint64_t work_out(uint64_t input)
{
    struct stream stream;
    uint64_t result = input;
    stream_init(&stream, (struct stream_key){.seed = input});
    for (uint64_t i = 0; i < 4 + input % 64; i++)
        result = result * 31 + stream_u64(&stream);
    return result;
}

static inline void run_job(struct task *task, void *context)
{
    struct job *job = (struct job *)task; /* its first member */
    struct scratch *scratch = context;
    CHECK(!atomic_exchange(&scratch->busy, true));
    scratch->runs++;
    atomic_fetch_add(&job->runs, 1);
    if (job->gate != NULL)
        gate_pass(job->gate);
    while (job->wait_for != NULL && atomic_load(job->wait_for) < job->wait_until)
        (void)usleep(100);
    job->result = work_out(job->input);
    if (job->count_as != NULL)
        atomic_fetch_add(job->count_as, 1);
    if (job->leaves_mark != NULL)
        atomic_store(job->leaves_mark, true);
    atomic_store(&scratch->busy, false);
}

static inline void job_init(struct job *job, uint64_t input)
{
    *job = (struct job){.task = {run_job, TASK_IDLE}, .input = input};
}

static inline void assert_done(const struct job *job)
{
    assert_int_equal(job->task.state, TASK_DONE);
    assert_int_equal(job->runs, 1);
    assert_true(job->result == work_out(job->input));
}

#endif
