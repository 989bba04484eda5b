/* SPDX-License-Identifier: GPL-3.0-or-later
 * This machine: its clocks, and how much memory and disk it, or the control group we are in, can
 * give now. */
#include "base/file.h"
#include "state.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

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

static double less_reserve(double bytes)
{
    return bytes - MIN(reserve_bytes, bytes * reserve_share);
}

static double memory_bytes(void *self)
{
    double free_bytes = number_in("/proc/meminfo", "MemAvailable:") * 1024;
    double group =
        number_in("/sys/fs/cgroup/memory.max", "") - number_in("/sys/fs/cgroup/memory.current", "");
    if (isnan(free_bytes))
        return INFINITY;
    if (group < free_bytes)
        free_bytes = MAX(group, 0);
    return less_reserve(free_bytes);
}

static double memory_stalled(void *self)
{
    double percent = number_in("/proc/pressure/memory", "some avg10=");
    return isnan(percent) ? 0 : percent;
}

static double disk_bytes(void *self, const char *folder)
{
    int64_t bytes = disk_free_bytes(folder);
    return bytes < 0 ? INFINITY : less_reserve((double)bytes);
}

static double disk_size(void *self, const char *folder)
{
    int64_t bytes = disk_size_bytes(folder);
    return bytes < 0 ? INFINITY : (double)bytes;
}

static double load(void *self)
{
    double lately;
    return getloadavg(&lately, 1) == 1 ? lately / g_get_num_processors() : 0;
}

static double file_bytes(void *self, const char *path)
{
    struct stat file;
    return stat(path, &file) == 0 ? (double)file.st_blocks * 512 : 0;
}

static int64_t clock_us(void *self)
{
    return g_get_monotonic_time();
}

static int64_t wall_us(void *self)
{
    return g_get_real_time();
}

const struct machine this_machine = {.clock_us = clock_us,
                                     .wall_us = wall_us,
                                     .memory_bytes = memory_bytes,
                                     .memory_stalled = memory_stalled,
                                     .disk_bytes = disk_bytes,
                                     .disk_size = disk_size,
                                     .load = load,
                                     .file_bytes = file_bytes};
