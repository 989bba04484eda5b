/* SPDX-License-Identifier: GPL-3.0-or-later
 * Text from outside (file names, messages of libraries) on its way into a page, an XML file or a
 * terminal. Whatever it holds, it stays text. */
#pragma once

#include <glib.h>

/* For XML and HTML, in elements and quoted attributes: markup is escaped, and what XML 1.0 can't
 * carry (control characters, bytes that aren't UTF-8) becomes "\xNN". NULL adds nothing. */
void append_escaped(GString *out, const char *text);
/* The same of several lines: line feeds stay. */
void append_lines(GString *out, const char *text);
/* printf whose every %s is escaped as above; only %s, %d, %u and %% are known. */
void append_markup(GString *out, const char *format, ...);
/* One line for a terminal: path_display(), with what turns the direction of writing made visible
 * too. NULL gives "". Caller frees. */
char *line_text(const char *text);
