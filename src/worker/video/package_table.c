/* SPDX-License-Identifier: GPL-3.0-or-later
 * The table of preservation of a package: what it has of its first rung. */
#include "package_table.h"

#include "media/captions.h"
#include "media/tag_groups.h"
#include "model/holds.h"
#include "stream_words.h"

#include <string.h>

struct table {
    const struct source *rung;
    const struct facts *facts; /* of the rung; NULL unknown */
    const char *container;
    const GPtrArray *tracks; /* struct package_track */
    GPtrArray *rows, *notes;
};

/* What is dropped is a note as well, but for what stands for something that has a row of its own.
 */
static void add(const struct table *table, const struct carried_row *row)
{
    g_ptr_array_add(table->rows, carried_copy(row));
    if (row->fate == FATE_DROPPED && !g_str_has_prefix(row->why, "see "))
        g_ptr_array_add(table->notes, g_strdup_printf("dropped: %s: %s", row->what, row->why));
}

/* --- streams --- */

static const struct package_track *track_of(const struct table *table, int stream)
{
    for (guint i = 0; i < table->tracks->len; i++) {
        const struct package_track *track = table->tracks->pdata[i];
        if (track->file == 0 && track->stream == stream)
            return track;
    }
    return NULL;
}

static char *why_passed_over(const struct table *table, enum keep keep)
{
    static const char *const whys[KEEP_COUNT] = {
        [KEEP_TRACKS] = "it isn't one of those that are packed",
        [KEEP_SUBTITLES] = "it isn't one of those that are packed",
        [KEEP_CAPTIONS] = "it isn't one of those that are packed",
        [KEEP_ATTACHMENTS] = "it keeps no such file",
        [KEEP_DATA] = "data tracks are not carried over",
    };
    if (keep == KEEP_TIMECODE || keep == KEEP_CHAPTERS)
        return g_strdup_printf("see %s", keep_words[keep].word);
    return g_strdup_printf("%s output: %s", table->container, whys[keep]);
}

static enum carried_fate fate_of(const struct package_track *track, enum keep keep)
{
    return !track || !track->packed ? FATE_DROPPED
           : track->why             ? FATE_CHANGED
           : keep == KEEP_SUBTITLES ? FATE_CONVERTED
                                    : FATE_COPIED;
}

static void add_stream(const struct table *table, const struct source_stream *stream)
{
    const struct package_track *track = track_of(table, stream->index);
    const enum keep keep = stream_keep(table->rung, stream);
    g_autofree char *what = stream_words(table->rung, stream->index);
    g_autofree char *before = stream_value(stream->av);
    g_autofree char *why = track ? g_strdup(track->why) : why_passed_over(table, keep);
    struct carried_row row = {.keep = keep,
                              .stream = stream->index,
                              .what = what,
                              .before = before,
                              .fate = fate_of(track, keep),
                              .why = why};
    if (row.fate != FATE_DROPPED)
        row.after =
            (char *)(keep == KEEP_SUBTITLES ? container_subtitles(table->container) : before);
    add(table, &row);
}

/* --- what belongs to the programme --- */

static void lose(const struct table *table, enum keep keep, const char *what, const char *before)
{
    g_autofree char *why = g_strdup_printf("%s output keeps none", table->container);
    add(table, &(struct carried_row){.keep = keep,
                                     .stream = -1,
                                     .what = (char *)what,
                                     .before = (char *)before,
                                     .fate = FATE_DROPPED,
                                     .why = why});
}

static void add_programme(const struct table *table)
{
    const unsigned chapters = source_format(table->rung)->nb_chapters;
    g_autofree char *count = g_strdup_printf("%u", chapters);
    if (table->facts && table->facts->timecode)
        lose(table, KEEP_TIMECODE, "timecode", table->facts->timecode);
    if (chapters)
        lose(table, KEEP_CHAPTERS, "chapters", count);
    const char *captions = table->facts ? captions_within(table->facts->captions) : NULL;
    if (captions)
        add(table, &(struct carried_row){.keep = KEEP_CAPTIONS,
                                         .stream = -1,
                                         .what = (char *)"captions",
                                         .before = (char *)captions,
                                         .after = (char *)captions,
                                         .fate = FATE_KEPT});
}

static void add_picture(const struct table *table)
{
    const int picture = source_picture(table->rung);
    if (picture < 0)
        return;
    g_autoptr(GPtrArray) rows =
        stream_picture_rows(source_stream(table->rung, picture)->av, table->container);
    for (guint i = 0; i < rows->len; i++)
        add(table, rows->pdata[i]);
}

/* --- words --- */

/* A package as a file would be read back: its streams and their languages, and no tags. */
static AVFormatContext *made_of(const struct table *table)
{
    AVFormatContext *made = avformat_alloc_context();
    for (guint i = 0; made && i < table->tracks->len; i++) {
        const struct package_track *track = table->tracks->pdata[i];
        AVStream *stream =
            track->file == 0 && track->packed ? avformat_new_stream(made, NULL) : NULL;
        if (!stream)
            continue;
        const struct source_stream *from = source_stream(table->rung, track->stream);
        stream->codecpar->codec_type = from->av->codecpar->codec_type;
        av_dict_set(&stream->metadata, "language", stream_language(from), 0);
    }
    return made;
}

static void add_roles(const struct table *table)
{
    for (guint i = 0; i < table->tracks->len; i++) {
        const struct package_track *track = table->tracks->pdata[i];
        if (track->file || !track->packed)
            continue;
        const AVStream *stream = source_stream(table->rung, track->stream)->av;
        struct carried_row *row = stream_role_row(
            table->rung, track->stream, package_marks(table->container, stream), table->container);
        if (row)
            add(table, row);
        carried_destroy(row);
    }
}

static void add_words(const struct table *table)
{
    const AVFormatContext *rung = source_format(table->rung);
    AVFormatContext *made = made_of(table);
    const guint from = table->rows->len;
    if (!made)
        return;
    tags_compare(rung, made, table->container, NULL, table->rows);
    languages_compare(rung, made, table->rows);
    avformat_free_context(made);
    for (guint i = from; i < table->rows->len; i++) {
        const struct carried_row *row = table->rows->pdata[i];
        if (row->fate == FATE_DROPPED && (row->keep == KEEP_DATES || row->keep == KEEP_LOCATION))
            g_ptr_array_add(table->notes, g_strdup_printf("dropped: %s %s: %s", row->what,
                                                          row->before, row->why));
    }
}

void package_table(const struct job *job, const char *container, const GPtrArray *tracks,
                   struct output_result *made)
{
    g_auto(source_ptr) rung = source_open(job->fds[0], NULL, &made->failure);
    if (!rung)
        return;
    const struct table table = {rung,   job->task->source, container,
                                tracks, carried_new(),     made->notes};
    for (int i = 0; i < source_streams(rung); i++)
        add_stream(&table, source_stream(rung, i));
    add_programme(&table);
    add_picture(&table);
    add_roles(&table);
    add_words(&table);
    made->claim.carried = table.rows;
}
