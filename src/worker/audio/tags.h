/* SPDX-License-Identifier: GPL-3.0-or-later
 * The tags of an output. */
#pragma once

#include <glib.h>
#include <libavutil/dict.h>

/* The source's tags as the `metadata` steps left them: `edits` is face_env's table, where NULL
 * removes a tag and "*" all of the source's. Caller frees. */
AVDictionary *tags_edited(const AVDictionary *source, GHashTable *edits);
