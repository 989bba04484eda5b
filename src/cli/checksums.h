/* SPDX-License-Identifier: GPL-3.0-or-later
 * CHECKSUMS.xxh128 in the output folder: a line a file, as `xxh128sum -c` reads them. Likewise of
 * md5 and sha1. */
#pragma once

#include "session.h"

/* What the file says. At no moment does it hold a line that isn't true of the file with that name:
 * lines of what is about to be rendered are taken out of the file first, and come back when it has
 * ended. Lines of other files are kept. */
struct checksums;

/* NULL when the pipeline wants none of its kind (*error unset), or the file can't be written. */
struct checksums *checksums_open(const struct session *session, GError **error);
/* An output was published. `hash` is its xxh128, and may be NULL: then it is read for it at the
 * end, as the files of one that is a folder are. */
void checksums_put(struct checksums *checksums, const struct plan_output *output, const char *hash);
/* Reads what has no hash yet, and writes the file. */
bool checksums_write(struct checksums *checksums, GError **error);
void checksums_destroy(struct checksums *checksums); /* accepts NULL */
