/* SPDX-License-Identifier: GPL-3.0-or-later
 * Mixing matrices from one channel layout to another, by name. */
#pragma once

#include <glib.h>

/* The arguments of libavfilter's `pan` that mix layout `from` (libav's description) to "mono",
 * "stereo" or "5.1", with channels by number and factors as written; caller frees. NULL when a
 * channel of `from` has no place in the matrix; *stranger (static or part of `from`'s table) then
 * names what isn't known. */
char *matrix_pan(const char *from, const char *to, const char **stranger);
