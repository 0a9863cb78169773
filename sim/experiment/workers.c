#include "experiment/workers.h"

#include "engine/error.h"

#include <pthread.h>
#include <stdlib.h>

struct workers {
    int jobs;
    void **contexts; /* [0] is the caller's */
    pthread_t *threads;
    pthread_mutex_t lock; /* guards all below, and every task's state */
    pthread_cond_t offered, finished;
    struct task **ring;
    size_t room, head, length;
    int started; /* threads that have taken their number */
    bool closing;
};

/* The task that has waited longest for someone to begin it. Called with the lock held. */
static struct task *take(struct workers *workers)
{
    if (workers->length == 0)
        return NULL;
    struct task *task = workers->ring[workers->head];
    workers->head = (workers->head + 1) % workers->room;
    workers->length--;
    return task;
}

/* No entry may outlive its task's turn: the caller may use or free its memory afterwards. Called
 * with the lock held. */
static void forget(struct workers *workers, const struct task *task)
{
    size_t kept = 0;
    for (size_t i = 0; i < workers->length; i++) {
        struct task *waiting = workers->ring[(workers->head + i) % workers->room];
        if (waiting != task)
            workers->ring[(workers->head + kept++) % workers->room] = waiting;
    }
    workers->length = kept;
}

/* Called with the lock held; releases it while the task runs. */
static void run(struct workers *workers, struct task *task, void *context)
{
    task->state = TASK_RUNNING;
    pthread_mutex_unlock(&workers->lock);
    task->run(task, context);
    pthread_mutex_lock(&workers->lock);
    task->state = TASK_DONE;
    pthread_cond_broadcast(&workers->finished);
}

static void *work(void *argument)
{
    struct workers *workers = argument;
    pthread_mutex_lock(&workers->lock);
    void *context = workers->contexts[++workers->started];
    while (!workers->closing) {
        struct task *task = take(workers);
        if (task != NULL)
            run(workers, task, context);
        else
            pthread_cond_wait(&workers->offered, &workers->lock);
    }
    pthread_mutex_unlock(&workers->lock);
    return NULL;
}

struct workers *workers_new(int jobs, void *const *contexts, size_t room)
{
    CHECK(jobs >= 1 && room >= 1);
    struct workers *workers = calloc(1, sizeof *workers);
    CHECK(workers != NULL);
    workers->jobs = jobs;
    workers->room = room;
    workers->contexts = calloc((size_t)jobs, sizeof *workers->contexts);
    workers->threads = calloc((size_t)jobs, sizeof *workers->threads);
    workers->ring = calloc(room, sizeof(struct task *));
    CHECK(workers->contexts != NULL && workers->threads != NULL && workers->ring != NULL);
    for (int i = 0; i < jobs; i++)
        workers->contexts[i] = contexts[i];
    pthread_mutex_init(&workers->lock, NULL);
    pthread_cond_init(&workers->offered, NULL);
    pthread_cond_init(&workers->finished, NULL);
    for (int i = 1; i < jobs; i++)
        CHECK(pthread_create(&workers->threads[i], NULL, work, workers) == 0);
    return workers;
}

void workers_free(struct workers *workers)
{
    if (workers == NULL)
        return;
    pthread_mutex_lock(&workers->lock);
    workers->closing = true;
    pthread_cond_broadcast(&workers->offered);
    pthread_mutex_unlock(&workers->lock);
    for (int i = 1; i < workers->jobs; i++)
        pthread_join(workers->threads[i], NULL);
    pthread_cond_destroy(&workers->finished);
    pthread_cond_destroy(&workers->offered);
    pthread_mutex_destroy(&workers->lock);
    free(workers->ring);
    free(workers->threads);
    free(workers->contexts);
    free(workers);
}

void workers_submit(struct workers *workers, struct task *task)
{
    pthread_mutex_lock(&workers->lock);
    CHECK(task->state == TASK_IDLE);
    if (workers->jobs > 1 && workers->length < workers->room) {
        task->state = TASK_QUEUED;
        workers->ring[(workers->head + workers->length++) % workers->room] = task;
        pthread_cond_signal(&workers->offered);
    }
    pthread_mutex_unlock(&workers->lock);
}

void workers_await(struct workers *workers, struct task *task)
{
    pthread_mutex_lock(&workers->lock);
    if (task->state == TASK_QUEUED)
        forget(workers, task);
    if (task->state == TASK_IDLE || task->state == TASK_QUEUED)
        run(workers, task, workers->contexts[0]);
    while (task->state != TASK_DONE) {
        struct task *other = take(workers);
        if (other != NULL)
            run(workers, other, workers->contexts[0]);
        else
            pthread_cond_wait(&workers->finished, &workers->lock);
    }
    pthread_mutex_unlock(&workers->lock);
}

void workers_cancel(struct workers *workers, struct task *task)
{
    pthread_mutex_lock(&workers->lock);
    if (task->state == TASK_QUEUED) {
        forget(workers, task);
        task->state = TASK_IDLE;
    }
    while (task->state == TASK_RUNNING)
        pthread_cond_wait(&workers->finished, &workers->lock);
    pthread_mutex_unlock(&workers->lock);
}
