/* SPDX-License-Identifier: GPL-3.0-or-later
 * What films behind the first had that a joined output has no track for. */
#include "../audio/parts.h"
#include "join.h"

struct losses {
    const struct render *part;
    const struct joined_cues *cues;
    guint tracks; /* of the first */
    GPtrArray *rows, *notes;
};

/* `row` is of a film's, by whose name it is told. */
static void tell(const struct losses *losses, struct carried_row row)
{
    g_autofree char *name = sound_part_name(losses->part->job->task, losses->part->part);
    g_autofree char *what = g_strdup_printf("%s: %s", name, row.what);
    row.stream = -1;
    row.what = what;
    row.fate = FATE_DROPPED;
    g_ptr_array_add(losses->rows, carried_copy(&row));
    g_ptr_array_add(losses->notes, g_strdup_printf("dropped: %s: %s", what, row.why));
}

static void lose(const struct losses *losses, const struct source_stream *stream, const char *why)
{
    g_autofree char *words = stream_words(losses->part->source, stream->index);
    tell(losses, (struct carried_row){.keep = stream_keep(losses->part->source, stream),
                                      .what = words,
                                      .why = (char *)why});
}

/* Where no output has sound, the first film's row tells. */
static void look_at_sound(const struct losses *losses, const struct source_stream *stream)
{
    const struct render *part = losses->part;
    const struct shared *shared = shared_of(part, stream->index);
    if (shared && (guint)shared->track >= losses->tracks)
        lose(losses, stream, "the first file has no such track");
    else if (!shared && MAX(losses->tracks, part->shared->len) > 1)
        lose(losses, stream, "it can't be decoded");
}

static void look_at_cues(const struct losses *losses, const struct source_stream *stream)
{
    const char *why = joined_cues_why_not(losses->cues, stream->index);
    if (why)
        lose(losses, stream, why);
}

static void look_at(const struct losses *losses, const struct source_stream *stream)
{
    const struct render *part = losses->part;
    if (stream->index == part->picture || stream_is_timecode(stream) ||
        stream_is_chapters(part->source, stream))
        return;
    if (stream->type == AVMEDIA_TYPE_AUDIO)
        look_at_sound(losses, stream);
    else if (stream->type == AVMEDIA_TYPE_SUBTITLE)
        look_at_cues(losses, stream);
    else
        lose(losses, stream, "of films that are joined, only the first one's is kept");
}

static const struct video_shape *picture_of(const struct render *render)
{
    return chain_video(g_array_index(render->shared, struct shared, 0).chain);
}

/* As an encoder without transparency, a first film without takes pictures as they are. */
static void look_at_alpha(const struct losses *losses, const struct render *first)
{
    const struct render *part = losses->part;
    if (!picture_of(part)->alpha || picture_of(first)->alpha)
        return;
    static const char why[] = "the first file's picture has none, and the colours under it are "
                              "seen: put `flatten` before";
    tell(losses, (struct carried_row){.keep = KEEP_ALPHA,
                                      .what = (char *)"transparency",
                                      .before = (char *)picture_of(part)->pix_fmt,
                                      .why = (char *)why});
}

static void lose_row(const struct losses *losses, struct carried_row *row)
{
    if (row)
        tell(losses, *row);
    carried_destroy(row);
}

static void look_at_sayings(const struct losses *losses)
{
    g_autoptr(GPtrArray) lost = source_lost(losses->part->source);
    for (guint i = 0; i < lost->len; i++)
        tell(losses, *(const struct carried_row *)lost->pdata[i]);
}

static void look_at_timecode(const struct losses *losses, const struct render *first)
{
    const char *timecode = source_timecode(losses->part);
    static const char why[] = "a joined output counts on from the first file's, which has none";
    if (*timecode && !*source_timecode(first))
        tell(losses, (struct carried_row){.keep = KEEP_TIMECODE,
                                          .what = (char *)"timecode",
                                          .before = (char *)timecode,
                                          .why = (char *)why});
}

static void note_silence(const struct losses *losses, const struct render *first)
{
    const struct render *part = losses->part;
    g_autofree char *name = sound_part_name(part->job->task, part->part);
    for (guint i = part->shared->len; i < losses->tracks; i++) {
        int stream = g_array_index(first->shared, struct shared, i).stream;
        g_autofree char *words = stream_words(first->source, stream);
        g_ptr_array_add(losses->notes,
                        g_strdup_printf("%s: silence, where the first has %s", name, words));
    }
}

static void note_no_cues(const struct losses *losses, const struct render *first)
{
    const struct render *part = losses->part;
    g_autofree char *name = sound_part_name(part->job->task, part->part);
    for (int i = 0; i < source_streams(first->source); i++) {
        if (!stream_is_cues(source_stream(first->source, i)) || joined_cues_reach(losses->cues, i))
            continue;
        g_autofree char *words = stream_words(first->source, i);
        g_ptr_array_add(losses->notes,
                        g_strdup_printf("%s: no cues, where the first has %s", name, words));
    }
}

void join_losses(const struct render *part, const struct render *first,
                 const struct joined_cues *cues, GPtrArray *rows, GPtrArray *notes)
{
    const struct losses losses = {part, cues, first->shared->len, rows, notes};
    const struct source_stream *picture = source_stream(part->source, part->picture);
    for (int i = 0; i < source_streams(part->source); i++)
        look_at(&losses, source_stream(part->source, i));
    look_at_alpha(&losses, first);
    lose_row(&losses, stream_crop_row(picture));
    lose_row(&losses, stream_active_format_row(picture));
    look_at_sayings(&losses);
    look_at_timecode(&losses, first);
    note_silence(&losses, first);
    note_no_cues(&losses, first);
}

void join_loses_captions(const struct render *film, const char *captions, const char *why,
                         GPtrArray *rows, GPtrArray *notes)
{
    const struct losses losses = {.part = film, .rows = rows, .notes = notes};
    tell(&losses, (struct carried_row){.keep = KEEP_CAPTIONS,
                                       .what = (char *)"captions",
                                       .before = (char *)captions,
                                       .why = (char *)why});
}
