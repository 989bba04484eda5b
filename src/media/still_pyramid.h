/* SPDX-License-Identifier: GPL-3.0-or-later
 * Are the pages of a TIFF the same picture in smaller sizes? libvips doesn't tell what each page is
 * marked as (NewSubfileType, TIFF 6.0 p. 36), so their sizes tell, as they do its thumbnailer. */
#pragma once

#include <stdbool.h>
#include <vips/vips.h>

/* Whether every page after `first` is half as wide and high as the one before, but for 5 pixels at
 * most that rounding took. False of what isn't a TIFF. Opens headers alone. */
bool still_is_pyramid(int fd, VipsImage *first);
