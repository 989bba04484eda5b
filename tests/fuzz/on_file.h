/* SPDX-License-Identifier: GPL-3.0-or-later
 * For parsers that read a descriptor. */
#pragma once

#include <glib.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

/* An unlinked file of these bytes, which the next call overwrites. */
static inline int on_file(const uint8_t *data, size_t size)
{
    static int fd = -1;
    if (fd < 0)
        fd = memfd_create("fuzz", 0);
    g_assert(ftruncate(fd, 0) == 0 && pwrite(fd, data, size, 0) == (ssize_t)size);
    return fd;
}
