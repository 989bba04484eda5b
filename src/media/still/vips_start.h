/* SPDX-License-Identifier: GPL-3.0-or-later
 * Starting libvips: once, before anything else of it. */
#pragma once

#include <stdbool.h>

/* With its untrusted readers blocked, and of its modules only that of HEIF and AVIF: the others
 * (ImageMagick, PDF, slides, JPEG XL) are for formats that are blocked, and their 17 libraries took
 * a fifth of the worker's start and a fourteenth of each fork. What can't be read row by row (WebP,
 * AVIF, GIF) is decoded in memory, however large: from 100 MB on libvips would put it into /tmp,
 * where a task has no place. Later calls do nothing. Starts no thread; the first call is to be in a
 * process that has one. False: see vips_error_buffer(). */
bool vips_start(void);
/* Of what is blocked, a class and those below it, for the rest of this process
 * ("VipsForeignLoadRad" …). For JPEG XL its module is loaded first, which takes 5 ms; without one
 * it stays unknown. */
void vips_unblock(const char *class);
void vips_unblock_jxl(const char *class);
