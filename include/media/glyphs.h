/* SPDX-License-Identifier: GPL-3.0-or-later
 * Which characters the fonts have. DejaVu Sans, the font of pictures, draws alike on every machine.
 * What it lacks is drawn in other fonts that this one has; which they are has to be told, since
 * another machine may have others. What none has would be a box with a number in it. */
#pragma once

#include "model/failure.h"

#include <glib.h>

struct glyphs;
struct glyphs *glyphs_create(void);
void glyphs_destroy(struct glyphs *glyphs); /* accepts NULL */

/* Those of a text (UTF-8) that Pango sets, and its fonts. */
void glyphs_add_text(struct glyphs *glyphs, const char *text);
/* One that no font has. Of those that aren't seen anyhow, as spaces and marks of direction, none
 * is missing. */
void glyphs_add_missing(struct glyphs *glyphs, gunichar character);
void glyphs_add_font(struct glyphs *glyphs, const char *name);

/* "日 (U+65E5), 本 (U+672C)", each once; NULL: none is missing. Caller frees. */
char *glyphs_missing(const struct glyphs *glyphs);
/* False where any is: FAIL_CONFIG of this step, which says what to do. */
bool glyphs_complete(const struct glyphs *glyphs, const char *step, struct failure *failure);
/* Names the fonts besides DejaVu Sans, for the report; NULL: there are none. Caller frees. */
char *glyphs_note(const struct glyphs *glyphs);
/* The last two of one text. */
bool glyphs_check_text(const char *text, const char *step, char **note, struct failure *failure);

typedef struct glyphs *glyphs_ptr; /* for `g_auto(glyphs_ptr)` */
G_DEFINE_AUTO_CLEANUP_FREE_FUNC(glyphs_ptr, glyphs_destroy, NULL)
