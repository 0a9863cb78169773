#include "bench/counter.h"

#include <linux/perf_event.h>
#include <sys/syscall.h>
#include <unistd.h>

void counter_open(struct counter *counter)
{
    struct perf_event_attr wanted = {
        .type = PERF_TYPE_HARDWARE,
        .size = sizeof wanted,
        .config = PERF_COUNT_HW_INSTRUCTIONS,
        .exclude_kernel = 1,
        .exclude_hv = 1,
    };
    counter->descriptor =
        (int)syscall(SYS_perf_event_open, &wanted, 0, -1, -1, PERF_FLAG_FD_CLOEXEC);
}

void counter_close(struct counter *counter)
{
    if (counter->descriptor >= 0)
        close(counter->descriptor);
    counter->descriptor = -1;
}

bool counter_read(const struct counter *counter, uint64_t *instructions)
{
    return counter->descriptor >= 0 && read(counter->descriptor, instructions,
                                            sizeof *instructions) == (ssize_t)sizeof *instructions;
}
