/* SPDX-License-Identifier: GPL-3.0-or-later
 * The XMP of a GIF (XMP Specification Part 3, 1.1.2: an application extension that isn't in
 * sub-blocks). */
#pragma once

#include <glib.h>

/* NULL: none, or the file isn't understood up to it. Caller unrefs. */
GBytes *gif_xmp_read(int fd);
