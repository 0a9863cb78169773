#include "bench/context.h"

#include "bench/peers/zbar_whole.h"
#ifdef CASHPOINT_DMTX
#include "bench/peers/dmtx_whole.h"
#endif
#ifdef CASHPOINT_ZXING
#include "bench/peers/zxing_read.h"
#endif

#include <gsl/gsl_version.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static void read_cpu(char *name, size_t bytes)
{
    snprintf(name, bytes, "unknown");
    FILE *file = fopen("/proc/cpuinfo", "r");
    if (file == NULL)
        return;
    char line[256];
    while (fgets(line, sizeof line, file) != NULL) {
        char *value = strstr(line, ": ");
        if (strncmp(line, "model name", 10) != 0 || value == NULL)
            continue;
        value[strcspn(value, "\n")] = '\0';
        snprintf(name, bytes, "%s", value + 2);
        break;
    }
    fclose(file);
}

static const char *find_zxing(void)
{
#ifdef CASHPOINT_ZXING
    return zxing_version();
#else
    return "none";
#endif
}

static const char *find_dmtx(void)
{
#ifdef CASHPOINT_DMTX
    return dmtx_whole_version();
#else
    return "none";
#endif
}

void context_fill(struct context *context)
{
    time_t now = time(NULL);
    struct tm utc;
    gmtime_r(&now, &utc);
    strftime(context->date, sizeof context->date, "%Y-%m-%dT%H:%M:%SZ", &utc);
    read_cpu(context->cpu, sizeof context->cpu);
    context->cpus = sysconf(_SC_NPROCESSORS_ONLN);
    zbar_whole_version(context->zbar, sizeof context->zbar);
    context->zxing = find_zxing();
    context->dmtx = find_dmtx();
    context->compiler = BENCH_COMPILER;
    context->flags = BENCH_FLAGS;
    context->build_type = BENCH_BUILD_TYPE;
    context->gsl = gsl_version;
}
