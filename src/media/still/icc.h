/* SPDX-License-Identifier: GPL-3.0-or-later
 * The name of a colour profile. */
#pragma once

#include <glib.h>

/* The profile description (ICC.1, tag 'desc') as UTF-8, or NULL. Caller frees. */
char *icc_description(const guint8 *profile, gsize length);
