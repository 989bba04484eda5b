/* SPDX-License-Identifier: GPL-3.0-or-later
 * What became of a still's tags, while it is found out: rows of struct carried_row, one a name. */
#pragma once

#include "media/still.h"
#include "model/carried.h"

/* NULL: nothing of that name is told. */
struct carried_row *told_row(const GPtrArray *told, const char *what);
/* The row of that name; a new one says that it is kept. */
struct carried_row *told_tell(GPtrArray *told, enum keep keep, const char *what);
/* It is dropped; `why` and `what` may be NULL: then there is no reason, or nothing to tell. */
void told_drop(GPtrArray *told, enum keep keep, const char *what, const char *why);
bool told_dropped(const GPtrArray *told, const char *what);
/* "dropped: GPS, XMP" among the still's notes. */
void told_note(struct still *still, const GPtrArray *told);
/* Of a still, at once: a row of what is in no output of it, and a note. */
void told_lose(struct still *still, enum keep keep, const char *what, const char *why);
/* So of the frames or pages of a file that has `count`, of which the first is taken. */
void told_lose_others(struct still *still, int count, const char *things);
/* Adds copies to what still_carried() gives. */
void told_keep(struct still *still, const GPtrArray *told);
