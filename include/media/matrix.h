/* SPDX-License-Identifier: GPL-3.0-or-later
 * Mixing matrices from one channel layout to another, by name. */
#pragma once

#include <glib.h>
#include <stdbool.h>

/* The arguments of libavfilter's `pan` that mix layout `from` (libav's description) to "mono",
 * "stereo" or "5.1": inputs by number, factors as they are used. NULL when a channel has no place
 * there; *stranger is then its name, or the layout's. Caller frees both. */
char *matrix_pan(const char *from, const char *to, char **stranger);
