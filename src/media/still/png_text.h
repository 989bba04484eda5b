/* SPDX-License-Identifier: GPL-3.0-or-later
 * Texts of PNG (PNG Third Edition, 11.3.3). */
#pragma once

#include <glib.h>

/* The text of a chunk tEXt, zTXt or iTXt, and its keyword, both UTF-8: Latin-1 is converted, unless
 * it is UTF-8, as many write it against the standard. NULL: it isn't understood, or is more than
 * 16 MiB. Caller frees both. */
char *png_text_read(const char *type, const guint8 *data, gsize size, char **keyword);

/* What stands behind "Raw profile type …": a name, the length, and hexadecimal digits, in lines.
 * NULL: it doesn't, or not as many. */
GBytes *png_raw_profile(const char *text);

/* As chunks hold what is compressed (10.1). NULL: it is more than 16 MiB. Caller unrefs. */
GByteArray *png_deflated(const guint8 *data, gsize size);
