/*
 * Where numbers were taken: without it they mean nothing.
 */
#ifndef CASHPOINT_CONTEXT_H
#define CASHPOINT_CONTEXT_H

struct context {
    char date[32]; /* UTC, ISO 8601 */
    char cpu[128];
    long cpus; /* online */
    char zbar[16];
    const char *zxing, *dmtx; /* "none": not built in */
    const char *compiler, *flags, *build_type, *gsl;
};

void context_fill(struct context *context);

#endif
