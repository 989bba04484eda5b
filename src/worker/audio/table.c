/* SPDX-License-Identifier: GPL-3.0-or-later
 * What became of a source in a file of sound. */
#include "table.h"

#include "../video/render.h"
#include "media/captions.h"
#include "media/sndfile.h"
#include "media/tag_groups.h"
#include "parts.h"

#include <string.h>

static enum keep keep_of(const struct stream_facts *stream)
{
    static const struct {
        const char *kind;
        enum keep keep;
    } rows[] = {{"video", KEEP_TRACKS},           {"audio", KEEP_TRACKS},
                {"subtitle", KEEP_SUBTITLES},     {"cover", KEEP_ATTACHMENTS},
                {"attachment", KEEP_ATTACHMENTS}, {"data", KEEP_DATA}};
    if (g_strcmp0(stream->codec, "eia_608") == 0)
        return KEEP_CAPTIONS;
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++)
        if (g_strcmp0(stream->kind, rows[i].kind) == 0)
            return rows[i].keep;
    return KEEP_DATA;
}

static const char keeps_none[] = "the output keeps none";
static const char no_picture[] = "the output holds sound only";

static bool is_default(const struct stream_facts *stream)
{
    g_auto(GStrv) words = g_strsplit(stream->disposition ? stream->disposition : "", " ", -1);
    return g_strv_contains((const char *const *)words, "default");
}

/* As source_sound() chooses. */
static const struct stream_facts *chosen(const struct facts *facts)
{
    const struct stream_facts *first = NULL;
    for (guint i = 0; i < facts->streams->len; i++) {
        const struct stream_facts *stream = facts->streams->pdata[i];
        if (!stream_facts_is(stream, "audio"))
            continue;
        if (is_default(stream))
            return stream;
        first = first ? first : stream;
    }
    return first;
}

static char *words_of(const struct facts *facts, const struct stream_facts *stream)
{
    const char *words = stream_kind_words(stream->kind);
    int number = 1;
    for (guint i = 0; facts->streams->pdata[i] != stream; i++) {
        const struct stream_facts *before = facts->streams->pdata[i];
        number += strcmp(stream_kind_words(before->kind), words) == 0;
    }
    return stream_name(stream->kind, number, stream->language, stream->codec);
}

static enum keep keep_in(const struct sound_made *made, const struct stream_facts *stream)
{
    return made->source ? stream_keep(made->source, source_stream(made->source, stream->index))
                        : keep_of(stream);
}

static unsigned cues_of(int fd, unsigned otherwise)
{
    g_auto(sound_file_ptr) file = sound_file_open(fd);
    return file ? sound_file_cues(file) : otherwise;
}

/* What stands for the timecode, or the chapters, is remade with them. */
static void set_remade(const struct sound_made *made, struct carried_row *row)
{
    const bool time = row->keep == KEEP_TIMECODE;
    const bool there = time ? made->has_time : !made->no_chapters && cues_of(made->fd, 0) > 0;
    row->fate = there ? FATE_CONVERTED : FATE_DROPPED;
    row->after = (char *)(!there ? NULL : time ? "a time reference" : "cue points");
    row->why = (char *)(time ? "see timecode" : "see chapters");
}

static void add_stream(const struct facts *facts, const struct stream_facts *stream,
                       const struct sound_made *made, GPtrArray *rows)
{
    bool sound = g_strcmp0(stream->kind, "audio") == 0;
    g_autofree char *what = words_of(facts, stream);
    struct carried_row row = {.keep = keep_in(made, stream),
                              .stream = stream->index,
                              .what = what,
                              .before = stream->codec,
                              .fate = FATE_DROPPED,
                              .why = (char *)(stream->left_out ? stream->left_out
                                              : sound          ? "the output keeps one"
                                                               : no_picture)};
    if (row.keep == KEEP_TIMECODE || row.keep == KEEP_CHAPTERS)
        set_remade(made, &row);
    g_ptr_array_add(rows, carried_copy(&row));
}

static void add_chosen(const struct facts *facts, const struct stream_facts *stream,
                       const struct sound_made *made, const struct claim *claim, GPtrArray *rows)
{
    g_autofree char *what = words_of(facts, stream);
    g_autofree char *after =
        g_strdup_printf("%s, %d Hz, %s", claim->audio_codec, claim->sample_rate, made->layout);
    const struct carried_row row = {.keep = keep_of(stream),
                                    .stream = stream->index,
                                    .what = what,
                                    .before = stream->codec,
                                    .after = after,
                                    .fate = FATE_ENCODED};
    g_ptr_array_add(rows, carried_copy(&row));
}

static void add_timecode(const struct facts *facts, const char *container, bool has_time,
                         GPtrArray *rows)
{
    g_autofree char *why = has_time ? NULL : g_strdup_printf("%s output keeps none", container);
    const struct carried_row row = {.keep = KEEP_TIMECODE,
                                    .stream = -1,
                                    .what = (char *)"timecode",
                                    .before = facts->timecode,
                                    .after = (char *)(has_time ? "as a time reference" : NULL),
                                    .fate = has_time ? FATE_KEPT : FATE_DROPPED,
                                    .why = why};
    if (facts->timecode)
        g_ptr_array_add(rows, carried_copy(&row));
}

/* Of a film, or the cue points of a sound file. */
static unsigned chapters_of(const struct facts *facts, int fd)
{
    unsigned chapters = (unsigned)MAX(facts->chapters, 0);
    return facts->kind == KIND_AUDIO ? cues_of(fd, chapters) : chapters;
}

const char *sound_no_chapters(const struct container *container, const struct chain *chain)
{
    return !sound_container_cues(container) ? keeps_none
           : chain_is_retimed(chain)        ? "they can't follow a change of time"
                                            : NULL;
}

/* A loss, where there is no place for more. */
static void add_chapters(const struct facts *facts, int fd, const struct sound_made *made,
                         GPtrArray *rows)
{
    unsigned before = chapters_of(facts, fd);
    if (!before)
        return;
    const bool place = !made->no_chapters;
    const guint most = sound_container_cues(made->container);
    unsigned after = place ? cues_of(made->fd, 0) : 0;
    const bool full = place && after == most && before > most;
    g_autofree char *count = g_strdup_printf("%u", before);
    g_autofree char *left = place ? g_strdup_printf("%u", after) : NULL;
    g_autofree char *limit = g_strdup_printf("a %s file holds %u", made->container->name, most);
    const struct carried_row row = {
        .keep = KEEP_CHAPTERS,
        .stream = -1,
        .what = (char *)"chapters",
        .before = count,
        .after = left,
        .fate = !place || full    ? FATE_DROPPED
                : after == before ? FATE_KEPT
                                  : FATE_CHANGED,
        .why = !place            ? (char *)made->no_chapters
               : full            ? limit
               : after == before ? NULL
                                 : (char *)"the others are outside the programme",
    };
    g_ptr_array_add(rows, carried_copy(&row));
}

static void lose(GPtrArray *rows, enum keep keep, const char *what, const char *before,
                 const char *why)
{
    if (before)
        g_ptr_array_add(rows, carried_copy(&(struct carried_row){.keep = keep,
                                                                 .stream = -1,
                                                                 .what = (char *)what,
                                                                 .before = (char *)before,
                                                                 .fate = FATE_DROPPED,
                                                                 .why = (char *)why}));
}

/* --- of what is joined --- */

static bool is_remade(int fd, const struct stream_facts *stream)
{
    return g_strcmp0(stream->kind, "data") == 0 && stream_of_file_is_remade(fd, stream->index);
}

/* Its sound goes on; the rest of it doesn't. */
static void add_rest(const struct facts *facts, int fd, GPtrArray *rows)
{
    static const struct sound_made apart = {0};
    for (guint i = 0; i < facts->streams->len; i++) {
        const struct stream_facts *stream = facts->streams->pdata[i];
        if (stream != chosen(facts) && !is_remade(fd, stream))
            add_stream(facts, stream, &apart, rows);
    }
    lose(rows, KEEP_CAPTIONS, "captions", captions_within(facts->captions), no_picture);
}

static void add_behind(const struct job *job, unsigned part, const struct sound_made *made,
                       GPtrArray *rows)
{
    static const char of_first[] = "only the first file's can be kept";
    const struct facts *first = job->task->parts->pdata[0], *facts = job->task->parts->pdata[part];
    const unsigned chapters = chapters_of(facts, job->fds[part]);
    g_autofree char *name = sound_part_name(job->task, part);
    g_autofree char *count = chapters ? g_strdup_printf("%u", chapters) : NULL;
    g_autoptr(GPtrArray) own = carried_new();
    add_rest(facts, job->fds[part], own);
    lose(own, KEEP_TIMECODE, "timecode", first->timecode ? NULL : facts->timecode,
         made->has_time ? of_first : keeps_none);
    lose(own, KEEP_CHAPTERS, "chapters", count, made->no_chapters ? made->no_chapters : of_first);
    tags_behind_files(job->fds[part], job->fds[0], made->tags, own);
    for (guint i = 0; i < own->len; i++) {
        struct carried_row row = *(const struct carried_row *)own->pdata[i];
        g_autofree char *what = g_strdup_printf("%s: %s", name, row.what);
        row.what = what;
        row.stream = -1;
        g_ptr_array_add(rows, carried_copy(&row));
    }
}

void sound_table(const struct job *job, const struct sound_made *made, struct claim *claim)
{
    const bool joins = task_joins(job->task);
    const struct facts *facts = joins ? job->task->parts->pdata[0] : job->task->source;
    GPtrArray *rows = carried_new();
    const struct stream_facts *ours = facts ? chosen(facts) : NULL;
    for (guint i = 0; facts && i < facts->streams->len; i++) {
        const struct stream_facts *stream = facts->streams->pdata[i];
        if (stream == ours)
            add_chosen(facts, stream, made, claim, rows);
        else
            add_stream(facts, stream, made, rows);
    }
    if (facts) {
        add_timecode(facts, made->container->name, made->has_time, rows);
        add_chapters(facts, job->fds[0], made, rows);
        lose(rows, KEEP_CAPTIONS, "captions", captions_within(facts->captions), no_picture);
    }
    tags_compare_files(job->fds[0], made->fd, made->container->name, made->tags, rows);
    for (unsigned part = 1; joins && part < task_sources(job->task); part++)
        add_behind(job, part, made, rows);
    claim->carried = rows;
}
