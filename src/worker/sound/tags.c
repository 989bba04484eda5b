/* SPDX-License-Identifier: GPL-3.0-or-later
 * The tags of two files of sound as libsndfile reads them. The linker takes these in place of the
 * functions that ask libavformat. */
#include "media/sndfile.h"
#include "media/tag_groups.h"

void tags_compare_files(int source, int after, const char *container, GHashTable *removed,
                        GPtrArray *rows)
{
    g_auto(sound_file_ptr) before = sound_file_open(source), made = sound_file_open(after);
    if (!before || !made)
        return;
    const AVFormatContext from = {.metadata = (AVDictionary *)sound_file_tags(before)};
    const AVFormatContext to = {.metadata = (AVDictionary *)sound_file_tags(made)};
    tags_compare(&from, &to, container, removed, rows);
    sound_tags_joined(source, after, to.metadata, rows);
}

void tags_behind_files(int film, int first, GHashTable *removed, GPtrArray *rows)
{
    g_auto(sound_file_ptr) own = sound_file_open(film), kept = sound_file_open(first);
    if (!own || !kept)
        return;
    const AVFormatContext from = {.metadata = (AVDictionary *)sound_file_tags(own)};
    const AVFormatContext to = {.metadata = (AVDictionary *)sound_file_tags(kept)};
    tags_behind(&from, &to, removed, rows);
}
