/*
 * Workers: threads that evaluate pure tasks while the event loop runs on.
 *
 * A task is started when its input is known (the customer sets off with the code) and awaited when
 * its result is needed (the bank answers). Nothing is ever computed twice, and nobody sits idle
 * while there is work: whoever awaits a task that no thread has begun runs it on the spot, and one
 * that waits for a running task runs others meanwhile. As tasks are pure, the results do not depend
 * on who ran them.
 *
 * Each thread has a context of its own (decoder, scratch memory), made by the caller. With one job
 * there is no thread at all: every task runs when it is awaited.
 */
#ifndef CASHPOINT_WORKERS_H
#define CASHPOINT_WORKERS_H

#include <stdbool.h>
#include <stddef.h>

enum task_state { TASK_IDLE, TASK_QUEUED, TASK_RUNNING, TASK_DONE };

struct task {
    void (*run)(struct task *task, void *context);
    enum task_state state; /* the workers' own */
};

struct workers;

/* `jobs` threads in all, the caller's included (at least 1); `contexts`: one a job, borrowed;
 * `room`: how many tasks may wait begun by nobody. Never null. */
struct workers *workers_new(int jobs, void *const *contexts, size_t room);
void workers_free(struct workers *workers); /* waits for what runs; drops what waits */

/* Offers an idle task. Where there is no room it stays idle, to be run when it is awaited. */
void workers_submit(struct workers *workers, struct task *task);

/* Returns when the task is done; it may then be used again after task->state = TASK_IDLE. */
void workers_await(struct workers *workers, struct task *task);

/* Takes a task back: when this returns it runs nowhere, and is idle or done. */
void workers_cancel(struct workers *workers, struct task *task);

#endif
