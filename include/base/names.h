/* SPDX-License-Identifier: GPL-3.0-or-later
 * Names, as a sentence lists them. */
#pragma once

#include <glib.h>

/* "a, b, c and 12 more": 16 of them, or 17 where that is all. Names come from strangers: what isn't
 * UTF-8 is replaced. "" of none. Caller frees. */
char *names_text(const char *const *names, guint count);
/* Of char *. */
char *names_text_of(const GPtrArray *names);
