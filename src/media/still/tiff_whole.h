/* SPDX-License-Identifier: GPL-3.0-or-later
 * Is what stands in a TIFF beside its pixels all there? libtiff passes over tags and pages that lie
 * behind the end of the file, as after a copy that broke off. */
#pragma once

#include <stdint.h>

/* Of all pages: NULL when their directories, and the values of those, lie within the file of `end`
 * bytes, else what doesn't in words (caller frees). */
char *tiff_missing(int fd, int64_t end);
