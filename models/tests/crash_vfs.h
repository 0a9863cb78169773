/*
 * A file system for SQLite that dies, or fills up, at a write of one's choice.
 *
 * Everything goes to the real one. The n-th write, truncation or sync from here on ends the process
 * by a real SIGKILL in the middle of it: a write may be half done. With a power loss, whatever was
 * written since the last sync of its file is first undone, and then a random part of it done: what
 * a disk may have kept.
 */
#ifndef CASHPOINT_CRASH_VFS_H
#define CASHPOINT_CRASH_VFS_H

#include <stdbool.h>
#include <stdint.h>

/* For every database that this process opens from now on. */
void crash_vfs_install(void);

/* `after` 0: never. */
void crash_vfs_arm(unsigned after, bool power_loss, uint64_t seed);

/* The disk is full (SQLITE_FULL) at every write, or no more. */
void crash_vfs_fill(bool full);

#endif
