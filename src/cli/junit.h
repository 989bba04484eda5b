/* SPDX-License-Identifier: GPL-3.0-or-later
 * --junit FILE. A regular file is replaced as one, under the name that links lead to; what is
 * something else (/dev/stdout, a pipe, a device) is written to as it is. */
#pragma once

#include "args.h"
#include "report/report.h"

/* Found out now, not at the end of the night: false after saying why it can't be written. True
 * without --junit. */
bool junit_has_place(const struct args *args);
/* False and *error (G_FILE_ERROR). */
bool junit_write(const char *path, const struct report *report, GError **error);
