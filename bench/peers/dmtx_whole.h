/*
 * A peer: libdmtx on the whole frame, as its dmtxread does, for Data Matrix. It may look for 200 ms
 * of CPU time (so its answers may depend on the machine); others have no limit.
 *
 * Built where libdmtx-dev is installed (CASHPOINT_DMTX); elsewhere it is not there.
 */
#ifndef CASHPOINT_DMTX_WHOLE_H
#define CASHPOINT_DMTX_WHOLE_H

#include "bench/measure.h"

extern const struct subject subject_dmtx;

const char *dmtx_whole_version(void);

#endif
