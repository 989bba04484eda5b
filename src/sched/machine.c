/* SPDX-License-Identifier: GPL-3.0-or-later
 * How much memory this machine, or the control group we are in, can give now. */
#include "state.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double reserve_bytes = 256e6, reserve_share = 0.1;

/* A number after `key` in a small file; NAN when there is none ("max" is none). */
static double number_in(const char *path, const char *key)
{
    g_autofree char *text = NULL;
    if (!g_file_get_contents(path, &text, NULL, NULL))
        return NAN;
    const char *at = strstr(text, key);
    if (!at)
        return NAN;
    char *end;
    at += strlen(key);
    double value = g_ascii_strtod(at, &end);
    return end == at ? NAN : value;
}

double machine_memory_bytes(void)
{
    double free_bytes = number_in("/proc/meminfo", "MemAvailable:") * 1024;
    double group =
        number_in("/sys/fs/cgroup/memory.max", "") - number_in("/sys/fs/cgroup/memory.current", "");
    if (isnan(free_bytes))
        return INFINITY;
    if (group < free_bytes)
        free_bytes = MAX(group, 0);
    return free_bytes - MIN(reserve_bytes, free_bytes * reserve_share);
}
