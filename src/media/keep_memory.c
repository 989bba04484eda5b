/* SPDX-License-Identifier: GPL-3.0-or-later
 * The heap of a worker. */
#include "media/warm.h"

#include <limits.h>
#include <malloc.h>

/* Frames come and go by the hundred: memory that goes back to the system between them is zeroed by
 * it each time (a fifth of a render's time, measured). A task's memory goes back when it ends. */
void media_keep_memory(void)
{
    mallopt(M_MMAP_THRESHOLD, 32 << 20); /* the most that glibc takes */
    mallopt(M_TRIM_THRESHOLD, INT_MAX);
}
