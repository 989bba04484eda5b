/* SPDX-License-Identifier: GPL-3.0-or-later
 * The tags of an output. */
#include "tags.h"

#include <string.h>

AVDictionary *tags_edited(const AVDictionary *source, GHashTable *edits)
{
    AVDictionary *tags = NULL;
    GHashTableIter each;
    gpointer key, value;
    if (!g_hash_table_contains(edits, "*"))
        av_dict_copy(&tags, source, 0);
    g_hash_table_iter_init(&each, edits);
    while (g_hash_table_iter_next(&each, &key, &value))
        if (strcmp(key, "*") != 0)
            av_dict_set(&tags, key, value, 0);
    return tags;
}
