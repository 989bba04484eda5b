/* SPDX-License-Identifier: GPL-3.0-or-later
 * What comes over from the source besides picture and sound; what doesn't becomes a note. */
#include "join.h"

#include <math.h>

static bool carry_stream(struct branch *branch, const struct source_stream *stream)
{
    g_autofree char *words = stream_words(branch->render, stream->index);
    const struct chain *chain = branch_chain(branch);
    const char *reason = NULL;
    const char *name = branch->container->name;
    if (branch->container->kind == KIND_AUDIO) {
        reason = "it holds sound only";
    } else if (stream->type == AVMEDIA_TYPE_SUBTITLE) {
        if (chain && chain_is_retimed(chain))
            reason = "it can't follow a change of time";
        else if (!writer_takes(branch->container, stream->av->codecpar->codec_id, &reason))
            reason = "the container doesn't hold this codec";
        else
            return lane_open_copy(branch, stream->index);
    } else if (stream->type == AVMEDIA_TYPE_VIDEO) {
        reason = "an output keeps one picture";
    } else if (stream->type == AVMEDIA_TYPE_ATTACHMENT) {
        if (writer_attachment(branch->writer, stream->av, &branch->result->failure))
            return true;
        if (branch->result->failure.class != FAIL_NONE)
            return false;
        reason = "it keeps no such file";
    } else {
        reason = "data tracks are not carried over";
    }
    branch_note(branch, "dropped: %s: %s output: %s", words, name, reason);
    return true;
}

/* A tmcd track is written anew from the timecode, not copied. */
static bool is_timecode(const struct source_stream *stream)
{
    return stream->av->codecpar->codec_tag == MKTAG('t', 'm', 'c', 'd') ||
           av_dict_get(stream->av->metadata, "timecode", NULL, 0);
}

/* Nor is the text track in which MOV and MP4 keep chapters. */
static bool is_chapters(const struct branch *branch, const struct source_stream *stream)
{
    return source_format(branch->render->source)->nb_chapters &&
           stream->av->codecpar->codec_tag == MKTAG('t', 'e', 'x', 't');
}

static bool carry_streams(struct branch *branch)
{
    struct render *render = branch->render;
    bool pictured = branch->container->kind == KIND_VIDEO;
    for (int i = 0; i < source_streams(render->source); i++) {
        const struct source_stream *stream = source_stream(render->source, i);
        if (branch_lane(branch, i) || (pictured && i == render->picture) ||
            stream->type == AVMEDIA_TYPE_AUDIO ||
            (stream->type == AVMEDIA_TYPE_DATA &&
             (is_timecode(stream) || is_chapters(branch, stream))))
            continue;
        if (!carry_stream(branch, stream))
            return false;
    }
    return true;
}

/* What belongs to a copied picture, and where libavformat keeps it. */
static const struct {
    enum AVPacketSideDataType type;
    const char *containers, *words;
} picture_data[] = {
    {AV_PKT_DATA_DISPLAYMATRIX, "mp4 mov", "how the picture is turned; name a codec to turn it"},
    {AV_PKT_DATA_DOVI_CONF, "mp4 mkv", "Dolby Vision's configuration"},
    {AV_PKT_DATA_MASTERING_DISPLAY_METADATA, "mp4 mov mkv webm mxf", "HDR10 metadata"},
    {AV_PKT_DATA_CONTENT_LIGHT_LEVEL, "mp4 mov mkv webm", "HDR10 light levels"},
    {AV_PKT_DATA_STEREO3D, "mp4 mov mkv webm", "how the picture is stereoscopic"},
    {AV_PKT_DATA_SPHERICAL, "mp4 mov mkv webm", "how the picture is spherical"},
};

static void note_lost_data(struct branch *branch)
{
    const struct lane *lane = branch_lane(branch, branch->render->picture);
    if (!lane || lane->mode != LANE_COPY)
        return;
    const AVStream *from = source_stream(branch->render->source, lane->stream)->av;
    for (unsigned i = 0; i < G_N_ELEMENTS(picture_data); i++) {
        g_auto(GStrv) keep = g_strsplit(picture_data[i].containers, " ", -1);
        if (av_stream_get_side_data(from, picture_data[i].type, NULL) &&
            !g_strv_contains((const char *const *)keep, branch->container->name))
            branch_note(branch, "dropped: %s: a copied picture in %s has no place for it",
                        picture_data[i].words, branch->container->name);
    }
}

static bool carry_chapters(struct branch *branch)
{
    AVFormatContext *format = source_format(branch->render->source);
    const struct chain *chain = branch_chain(branch);
    double from = branch->render->start_s, ignored, to = NAN;
    if (!format->nb_chapters)
        return true;
    static const char *const keep[] = {"mp4", "mov", "mkv", "webm", "m4a", NULL};
    if (!g_strv_contains(keep, branch->container->name)) {
        branch_note(branch, "dropped: %u chapters: %s output keeps none", format->nb_chapters,
                    branch->container->name);
        return true;
    }
    if (chain && chain_is_retimed(chain)) {
        branch_note(branch, "dropped: %u chapters, which can't follow a change of time",
                    format->nb_chapters);
        return true;
    }
    if (chain) {
        from = chain_origin(chain);
        chain_span(chain, &ignored, &to);
    }
    for (unsigned i = 0; i < format->nb_chapters; i++) {
        const AVChapter *chapter = format->chapters[i];
        double start = chapter->start * av_q2d(chapter->time_base);
        double end = chapter->end * av_q2d(chapter->time_base);
        start = MAX(start, from);
        end = isnan(to) ? end : MIN(end, to);
        if (end > start && !writer_chapter(branch->writer, start - from, end - from,
                                           chapter->metadata, &branch->result->failure))
            return false;
    }
    return true;
}

static void carry_tags(struct branch *branch)
{
    GHashTableIter each;
    gpointer key, value;
    if (!g_hash_table_contains(branch->tags, "*"))
        writer_tags(branch->writer, source_format(branch->render->source)->metadata);
    g_hash_table_iter_init(&each, branch->tags);
    while (g_hash_table_iter_next(&each, &key, &value))
        if (strcmp(key, "*") != 0)
            writer_tag(branch->writer, key, value);
}

bool carry_over(struct branch *branch)
{
    if (branch->writer)
        carry_tags(branch);
    note_lost_data(branch);
    return carry_streams(branch) &&
           (branch->render->joining ? joining_chapters(branch) : carry_chapters(branch));
}

static bool is_noted(const struct branch *branch, const char *beginning)
{
    for (guint i = 0; i < branch->result->notes->len; i++)
        if (g_str_has_prefix(branch->result->notes->pdata[i], beginning))
            return true;
    return false;
}

void note_lost_timecode(struct branch *branch)
{
    static const char *const keep[] = {"mp4", "mov", "mxf", "mkv", "webm", NULL};
    const char *timecode = source_timecode(branch->render);
    if (!timecode[0] || branch->result->claim.timecode || is_noted(branch, "dropped: timecode"))
        return;
    if (g_strv_contains(keep, branch->container->name))
        branch_note(branch, "dropped: timecode %s: its frames have no constant rate", timecode);
    else
        branch_note(branch, "dropped: timecode %s: %s output keeps none", timecode,
                    branch->container->name);
}
