/* SPDX-License-Identifier: GPL-3.0-or-later
 * Blocks of GIF (GIF89a Specification), as far as they are understood. Bytes come from strangers.
 */
#pragma once

#include <glib.h>
#include <stdbool.h>

/* Its XMP (XMP Specification Part 3, 1.1.2: an application extension that isn't in sub-blocks).
 * NULL: none, or the file isn't understood up to it. Caller unrefs. */
GBytes *gif_xmp_read(int fd);
/* Whether it ends before its trailer (27), as after a copy that broke off, and decoders make of it
 * the frames they find. */
bool gif_is_cut(int fd);
