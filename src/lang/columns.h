/* SPDX-License-Identifier: GPL-3.0-or-later
 * Text in columns, for the manual. */
#pragma once

#include <glib.h>

enum { COLUMNS = 4 };

/* Rows of up to COLUMNS texts; a column that is empty in all rows takes no room. */
struct columns;
struct columns *columns_create(void);
/* Texts are copied; NULL and "" leave a column empty. */
void columns_add(struct columns *columns, const char *a, const char *b, const char *c,
                 const char *d);
/* Appends all rows, indented by two spaces, and frees the columns. */
void columns_finish(struct columns *columns, GString *out);
