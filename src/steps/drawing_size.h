/* SPDX-License-Identifier: GPL-3.0-or-later
 * How large what steps draw is, in pixels: what their descriptions know without drawing it. */
#pragma once

enum { DRAWING_SIDE_MAX = 16383 /* WebP's, the least of the formats' */ };

/* Height of a line of text of this size. */
static inline int drawing_line(int size_px)
{
    return (size_px * 17 + 9) / 10;
}
