/*
 * Workers: every task once, the same results for any number of jobs, and nothing left running.
 *
 * No test depends on how long anything takes; a deadlock ends in an alarm. Worth running under
 * -fsanitize=thread, too.
 */
#include "tests/chance.h"
#include "tests/workers_crew.h"

enum { PATIENCE_S = 120 };

enum { MANY = 2000 };

/* Submits with a lead, as a world does, and awaits in order. */
static void run_many(int jobs, uint64_t *results)
{
    enum { LEAD = 50 };
    struct crew crew;
    struct job *many = chance_room(MANY, sizeof *many);
    crew_init(&crew, jobs, 16);
    for (int i = 0; i < MANY + LEAD; i++) {
        if (i < MANY) {
            job_init(&many[i], (uint64_t)i);
            workers_submit(crew.workers, &many[i].task);
        }
        if (i >= LEAD) {
            workers_await(crew.workers, &many[i - LEAD].task);
            assert_done(&many[i - LEAD]);
            results[i - LEAD] = many[i - LEAD].result;
        }
    }
    crew_fini(&crew);
    unsigned runs = 0;
    for (int i = 0; i < MOST_JOBS; i++) {
        runs += crew.scratches[i].runs;
        assert_true(i < jobs || crew.scratches[i].runs == 0);
    }
    assert_int_equal(runs, MANY);
    free(many);
}

static void test_any_number_of_jobs(void **state)
{
    (void)state;
    static const int jobs[] = {1, 2, 5};
    uint64_t *results = chance_room(MANY, sizeof *results);
    uint64_t *others = chance_room(MANY, sizeof *others);
    run_many(1, results);
    for (size_t i = 0; i < sizeof jobs / sizeof *jobs; i++) {
        run_many(jobs[i], others);
        assert_memory_equal(results, others, MANY * sizeof *results);
    }
    free(others);
    free(results);
}

static void test_one_job_runs_what_is_awaited(void **state)
{
    (void)state;
    struct crew crew;
    struct job job;
    crew_init(&crew, 1, 1);
    job_init(&job, 5);
    workers_submit(crew.workers, &job.task);
    assert_int_equal(job.runs, 0);
    workers_cancel(crew.workers, &job.task);
    assert_int_equal(job.task.state, TASK_IDLE);
    workers_await(crew.workers, &job.task); /* idle: never offered, or taken back */
    assert_done(&job);
    workers_await(crew.workers, &job.task); /* nothing is computed twice */
    assert_done(&job);
    workers_cancel(crew.workers, &job.task);
    assert_done(&job);
    crew_fini(&crew);
}

/* One thread held at a gate, so that whatever is submitted stays in the queue. */
struct held {
    struct crew crew;
    struct gate gate;
    struct job holder;
};

static void held_init(struct held *held, size_t room)
{
    crew_init(&held->crew, 2, room);
    gate_init(&held->gate);
    job_init(&held->holder, 1000);
    held->holder.gate = &held->gate;
    workers_submit(held->crew.workers, &held->holder.task);
    gate_await_arrival(&held->gate);
}

static void held_fini(struct held *held)
{
    gate_open(&held->gate);
    workers_await(held->crew.workers, &held->holder.task);
    assert_done(&held->holder);
    crew_fini(&held->crew);
    gate_fini(&held->gate);
}

static void test_more_than_there_is_room_for(void **state)
{
    (void)state;
    enum { ROOM = 4, OFFERED = 10 };
    struct held held;
    struct job jobs[OFFERED];
    held_init(&held, ROOM);
    for (unsigned i = 0; i < OFFERED; i++) {
        job_init(&jobs[i], i);
        workers_submit(held.crew.workers, &jobs[i].task);
        assert_int_equal(jobs[i].task.state, i < ROOM ? TASK_QUEUED : TASK_IDLE);
    }
    for (unsigned i = OFFERED; i > 0; i--) {
        workers_await(held.crew.workers, &jobs[i - 1].task);
        assert_done(&jobs[i - 1]);
    }
    held_fini(&held);
}

/* What is taken out of the middle of the queue leaves the rest in it, and makes room. */
static void test_cancel_queued(void **state)
{
    (void)state;
    enum { ROOM = 4 };
    struct held held;
    struct job jobs[ROOM], late;
    held_init(&held, ROOM);
    for (unsigned i = 0; i < ROOM; i++) {
        job_init(&jobs[i], i);
        workers_submit(held.crew.workers, &jobs[i].task);
    }
    workers_cancel(held.crew.workers, &jobs[1].task);
    assert_int_equal(jobs[1].task.state, TASK_IDLE);
    job_init(&late, 7);
    workers_submit(held.crew.workers, &late.task);
    assert_int_equal(late.task.state, TASK_QUEUED);
    workers_cancel(held.crew.workers, &jobs[1].task); /* again: no harm */
    gate_open(&held.gate);
    for (unsigned i = 0; i < ROOM; i++) {
        if (i == 1)
            continue;
        workers_await(held.crew.workers, &jobs[i].task);
        assert_done(&jobs[i]);
    }
    workers_await(held.crew.workers, &late.task);
    assert_done(&late);
    assert_int_equal(jobs[1].runs, 0);
    held_fini(&held);
}

static void *open_a_little_later(void *argument)
{
    (void)usleep(20000); /* so that cancel has most likely begun to wait */
    gate_open(argument);
    return NULL;
}

/* When cancel returns, the task has finished: not a step of it is still to come. */
static void test_cancel_running(void **state)
{
    (void)state;
    struct crew crew;
    struct gate gate;
    struct job job;
    atomic_bool finished = false;
    pthread_t opener;
    crew_init(&crew, 2, 4);
    gate_init(&gate);
    job_init(&job, 3);
    job.gate = &gate;
    job.leaves_mark = &finished;
    workers_submit(crew.workers, &job.task);
    gate_await_arrival(&gate);
    assert_int_equal(pthread_create(&opener, NULL, open_a_little_later, &gate), 0);
    workers_cancel(crew.workers, &job.task);
    assert_true(finished);
    assert_done(&job);
    assert_int_equal(pthread_join(opener, NULL), 0);
    crew_fini(&crew);
    gate_fini(&gate);
}

static void test_cancel_done_and_use_again(void **state)
{
    (void)state;
    struct crew crew;
    struct job job;
    crew_init(&crew, 3, 4);
    job_init(&job, 11);
    for (uint64_t round = 0; round < 200; round++) {
        workers_submit(crew.workers, &job.task);
        workers_await(crew.workers, &job.task);
        workers_cancel(crew.workers, &job.task);
        assert_done(&job);
        job.task.state = TASK_IDLE;
        job.runs = 0;
        job.input = round;
    }
    crew_fini(&crew);
}

/* The awaited task, run by the other thread, waits for three that only the caller can run. */
static void test_who_waits_helps(void **state)
{
    (void)state;
    struct held held;
    struct job jobs[3];
    atomic_uint done = 0;
    held_init(&held, 8);
    held.holder.wait_for = &done;
    held.holder.wait_until = 3;
    for (unsigned i = 0; i < 3; i++) {
        job_init(&jobs[i], i);
        jobs[i].count_as = &done;
        workers_submit(held.crew.workers, &jobs[i].task);
    }
    held_fini(&held); /* opens the gate and awaits the holder */
    for (unsigned i = 0; i < 3; i++)
        assert_done(&jobs[i]);
}

/* Freed with tasks in the queue and one running: that one is waited for, the others never begin. */
static void test_free_drops_what_waits(void **state)
{
    (void)state;
    struct held held;
    struct job jobs[3];
    pthread_t opener;
    held_init(&held, 8);
    for (unsigned i = 0; i < 3; i++) {
        job_init(&jobs[i], i);
        workers_submit(held.crew.workers, &jobs[i].task);
    }
    for (unsigned i = 0; i < 3; i++)
        workers_cancel(held.crew.workers, &jobs[i].task);
    job_init(&jobs[0], 0);
    workers_submit(held.crew.workers, &jobs[0].task);
    assert_int_equal(pthread_create(&opener, NULL, open_a_little_later, &held.gate), 0);
    crew_fini(&held.crew);
    assert_done(&held.holder);
    assert_true(jobs[0].runs <= 1); /* begun before the end or not at all */
    assert_int_equal(jobs[1].runs + jobs[2].runs, 0);
    assert_int_equal(pthread_join(opener, NULL), 0);
    gate_fini(&held.gate);
}

static void test_nothing_to_do(void **state)
{
    (void)state;
    for (int jobs = 1; jobs <= MOST_JOBS; jobs++) {
        struct crew crew;
        crew_init(&crew, jobs, 1);
        crew_fini(&crew);
    }
    workers_free(NULL);
}

/* What the stress does to one of its tasks; an even input has not been offered yet. */
static void disturb(struct crew *crew, struct job *job, struct stream *stream)
{
    uint32_t what = stream_below(stream, 8);
    if (what < 4 && job->input % 2 == 0) {
        job->input |= 1;
        workers_submit(crew->workers, &job->task);
    } else if (what < 6) {
        workers_await(crew->workers, &job->task);
        assert_done(job);
        job_init(job, 2 * (uint64_t)stream_u32(stream));
    } else if (what == 6) {
        workers_cancel(crew->workers, &job->task);
        if (job->task.state == TASK_DONE)
            assert_done(job);
        else
            assert_true(job->task.state == TASK_IDLE && job->runs == 0);
        job_init(job, 2 * (uint64_t)stream_u32(stream)); /* its memory is ours again */
    }
}

static void test_stress(void **state)
{
    (void)state;
    enum { TASKS = 100, OPERATIONS = 15000 };
    static const size_t rooms[] = {1, 7, 64};
    struct job *jobs = chance_room(TASKS, sizeof *jobs);
    for (int i = 0; i < 3; i++) {
        struct crew crew;
        struct stream stream;
        stream_init(&stream, (struct stream_key){81, (uint64_t)i, 0, 0});
        crew_init(&crew, 2 + 3 * i, rooms[i]);
        for (uint64_t k = 0; k < TASKS; k++)
            job_init(&jobs[k], 2 * k);
        for (int k = 0; k < OPERATIONS; k++)
            disturb(&crew, &jobs[stream_below(&stream, TASKS)], &stream);
        for (int k = 0; k < TASKS; k++)
            workers_cancel(crew.workers, &jobs[k].task);
        crew_fini(&crew);
    }
    free(jobs);
}

static void no_jobs(void)
{
    void *context = NULL;
    (void)workers_new(0, &context, 1);
}

static void submit_twice(void)
{
    struct crew crew;
    struct job job;
    crew_init(&crew, 2, 4);
    job_init(&job, 1);
    workers_submit(crew.workers, &job.task);
    workers_submit(crew.workers, &job.task);
}

static void submit_done_alone(void)
{
    struct crew crew;
    struct job job;
    crew_init(&crew, 1, 4);
    job_init(&job, 1);
    workers_await(crew.workers, &job.task);
    workers_submit(crew.workers, &job.task);
}

static void test_bugs_are_caught(void **state)
{
    (void)state;
    assert_aborts(no_jobs);
    assert_aborts(submit_twice);
    assert_aborts(submit_done_alone); /* with one job as with many */
}

int main(void)
{
    (void)alarm(PATIENCE_S);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_any_number_of_jobs),
        cmocka_unit_test(test_one_job_runs_what_is_awaited),
        cmocka_unit_test(test_more_than_there_is_room_for),
        cmocka_unit_test(test_cancel_queued),
        cmocka_unit_test(test_cancel_running),
        cmocka_unit_test(test_cancel_done_and_use_again),
        cmocka_unit_test(test_who_waits_helps),
        cmocka_unit_test(test_free_drops_what_waits),
        cmocka_unit_test(test_nothing_to_do),
        cmocka_unit_test(test_stress),
        cmocka_unit_test(test_bugs_are_caught),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
