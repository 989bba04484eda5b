/* SPDX-License-Identifier: GPL-3.0-or-later
 * Are the pages of a TIFF the same picture in smaller sizes? libvips doesn't tell what each page is
 * marked as (NewSubfileType, TIFF 6.0 p. 36). */
#pragma once

#include <stdbool.h>
#include <vips/vips.h>

/* Whether every page after `first` is marked as a smaller one of another in the file: its own
 * size tells nothing. False of what isn't a TIFF. Reads 30 pages at most, by pread. */
bool still_is_pyramid(int fd, VipsImage *first);
