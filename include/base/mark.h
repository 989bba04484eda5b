/* SPDX-License-Identifier: GPL-3.0-or-later
 * A place in a text: what every message about a pipeline points at. */
#pragma once

#include <glib.h>

/* Where something stands. `file` is an interned string (g_intern_string) and is never freed;
 * NULL means "nowhere in a file". Lines and columns count from 1, columns in characters (not
 * bytes); 0 means unknown. `end_column` is one past the last character on `line`, so the text to
 * underline is [column, end_column). */
struct mark {
    const char *file;
    int line, column, end_column;
};

/* A mark on the command line: "--set" and friends are places too. `what` is interned. */
struct mark mark_option(const char *what);
