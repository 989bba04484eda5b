/* SPDX-License-Identifier: GPL-3.0-or-later
 * The files that hold looks, and the one door to their readers: a row of a table per format says
 * how its files are called and who reads them. Readers are strict, the same in every locale, and
 * report with lines; what they accept and refuse stands in each one's header. */
#pragma once

#include "color/look.h"

/* True when a file of this name (by its extension, in any case) is one that look_read reads. */
bool look_file_known(const char *name);
/* The extensions, for messages and manual: ".cube, .3dl" and so on. */
const char *look_file_extensions(void);

/* Reads `length` bytes of `text` (no NUL needed at the end). `name` is the file for messages and
 * reports. Returns NULL after reporting to diag. A name that isn't known is reported. */
struct look *look_read(const char *text, gsize length, const char *name, struct diag *diag);
