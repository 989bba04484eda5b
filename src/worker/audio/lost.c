/* SPDX-License-Identifier: GPL-3.0-or-later
 * What a source has besides the sound that was taken of it. */
#include "lost.h"

static void note_lost_stream(GPtrArray *notes, const struct stream_facts *stream)
{
    static const struct {
        const char *kind, *words;
    } rows[] = {{"video", "the picture"},
                {"subtitle", "subtitles"},
                {"cover", "the cover picture"},
                {"attachment", "an attachment"}};
    if (stream->left_out)
        g_ptr_array_add(notes,
                        g_strdup_printf("dropped: %s (%s): %s", stream_kind_words(stream->kind),
                                        stream->codec, stream->left_out));
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++)
        if (stream_facts_is(stream, rows[i].kind))
            g_ptr_array_add(notes, g_strdup_printf("dropped: %s (%s): the output holds sound only",
                                                   rows[i].words, stream->codec));
}

void note_lost(GPtrArray *notes, const struct facts *facts, const char *no_chapters, bool has_time)
{
    int sounds = 0;
    for (unsigned i = 0; facts && facts->streams && i < facts->streams->len; i++) {
        const struct stream_facts *stream = facts->streams->pdata[i];
        sounds += stream_facts_is(stream, "audio");
        note_lost_stream(notes, stream);
    }
    if (sounds > 1)
        g_ptr_array_add(
            notes,
            g_strdup_printf("dropped: %d more sound tracks: the output keeps one", sounds - 1));
    if (facts && facts->chapters > 0 && no_chapters)
        g_ptr_array_add(notes,
                        g_strdup_printf("dropped: %d chapters: %s", facts->chapters, no_chapters));
    if (facts && facts->timecode && !has_time)
        g_ptr_array_add(notes, g_strdup_printf("dropped: timecode %s", facts->timecode));
}
