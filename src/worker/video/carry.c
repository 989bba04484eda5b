/* SPDX-License-Identifier: GPL-3.0-or-later
 * What comes over from the source besides picture and sound, and why something doesn't. */
#include "base/language.h"
#include "join.h"
#include "media/subtitle.h"
#include "model/holds.h"

#include <math.h>

/* --- subtitles --- */

/* Whether other tracks can follow what the steps do to time. */
static bool follows(const struct branch *branch)
{
    const struct chain *chain = branch_chain(branch);
    struct time_line ignored;
    return !chain || chain_time_line(chain, &ignored);
}

static bool is_captions(const struct source_stream *stream)
{
    return subtitle_is_captions(stream->av->codecpar->codec_id);
}

/* Pictures of letters with times of their own inside, which only move as a whole. */
static bool is_rigid(const struct source_stream *stream)
{
    return !subtitle_is_text(subtitle_codec(stream->av->codecpar)) && !is_captions(stream);
}

static const char *why_no_text(const struct source_stream *stream)
{
    const AVCodecDescriptor *row = avcodec_descriptor_get(stream->av->codecpar->codec_id);
    if (row && row->props & AV_CODEC_PROP_BITMAP_SUB)
        return "it is made of pictures, which this container doesn't hold";
    return "there is no decoder for it";
}

/* The first text track that is marked default, else the first; -1: there is none. */
static int usual_subtitle(const struct render *render)
{
    int usual = -1;
    for (int i = source_streams(render->source); i-- > 0;) {
        const struct source_stream *stream = source_stream(render->source, i);
        bool preferred = stream->av->disposition & AV_DISPOSITION_DEFAULT;
        if (stream->type == AVMEDIA_TYPE_SUBTITLE && !is_rigid(stream) &&
            (usual < 0 || preferred ||
             !(source_stream(render->source, usual)->av->disposition & AV_DISPOSITION_DEFAULT)))
            usual = i;
    }
    return usual;
}

static int number_of(const struct render *render, const struct source_stream *stream)
{
    int number = 1;
    for (int i = 0; i < stream->index; i++)
        number += source_stream(render->source, i)->type == AVMEDIA_TYPE_SUBTITLE;
    return number;
}

static bool has_language(const struct source_stream *stream, const char *asked)
{
    const char *said = stream_language(stream);
    return said && language_matches(asked, said);
}

/* By `encode: {subtitles: …}`. */
static bool is_wanted(const struct branch *branch, const struct source_stream *stream)
{
    const char *asked = branch->output->encode->subtitles;
    if (!asked)
        return !container_is_subtitles(branch->container) ||
               stream->index == usual_subtitle(branch->render);
    if (g_ascii_isdigit(asked[0]))
        return g_ascii_strtoll(asked, NULL, 10) == number_of(branch->render, stream);
    return strcmp(asked, "all") == 0 || has_language(stream, asked);
}

static bool is_full(const struct branch *branch)
{
    return container_is_subtitles(branch->container) && branch->lanes->len > 0;
}

static bool none_is_text(const struct branch *branch)
{
    return container_is_subtitles(branch->container) && !branch->output->encode->subtitles &&
           usual_subtitle(branch->render) < 0;
}

/* Captions are so many letters a second. */
static bool is_copied(const struct branch *branch, const struct source_stream *stream)
{
    const struct chain *chain = branch_chain(branch);
    return list_has(container_subtitles(branch->container->name),
                    avcodec_get_name(subtitle_codec(stream->av->codecpar))) &&
           !(is_captions(stream) && chain && chain_is_retimed(chain));
}

static bool carry_subtitle(struct branch *branch, const struct source_stream *stream)
{
    const char *name = branch->container->name, *forms = container_subtitles(name);
    const struct chain *chain = branch_chain(branch);
    if (!forms)
        branch_drop(branch, stream->index, "%s output: the container doesn't hold subtitles", name);
    else if (is_full(branch) || !is_wanted(branch, stream))
        branch_drop(branch, stream->index, "%s output: %s", name,
                    none_is_text(branch) ? why_no_text(stream)
                                         : "it isn't the one that was asked for");
    else if (!follows(branch))
        branch_drop(branch, stream->index, "%s output: it can't follow a change of time", name);
    else if (is_rigid(stream) && chain && chain_is_retimed(chain))
        branch_drop(branch, stream->index,
                    "%s output: it is made of pictures, which can't follow a change of time", name);
    else if (is_copied(branch, stream))
        return lane_open_copy(branch, stream->index);
    else if (!is_rigid(stream))
        return lane_open_subtitle(branch, stream->index, forms);
    else
        branch_drop(branch, stream->index, "%s output: %s", name, why_no_text(stream));
    return true;
}

/* --- other tracks --- */

/* GoPro's telemetry (GPMF) is the one camera's track that libavformat's MOV muxer writes. */
static bool carry_data(struct branch *branch, const struct source_stream *stream)
{
    const struct lane *picture = branch_lane(branch, branch->render->picture);
    const struct chain *chain = branch_chain(branch);
    const char *name = branch->container->name;
    if (!(container_holds(name) & HOLDS_TELEMETRY))
        branch_drop(branch, stream->index, "%s output: data tracks are not carried over", name);
    else if (stream->av->codecpar->codec_tag != MKTAG('g', 'p', 'm', 'd'))
        branch_drop(branch, stream->index,
                    "%s output: data tracks are not carried over, but GoPro's", name);
    else if (picture && picture->cut)
        return lane_open_cut(branch, stream->index);
    else if (!picture || picture->mode != LANE_COPY || (chain && !chain_is_empty(chain)))
        branch_drop(branch, stream->index, "%s output: it belongs to a picture that isn't copied",
                    name);
    else
        return lane_open_copy(branch, stream->index);
    return true;
}

static bool carry_attachment(struct branch *branch, const struct source_stream *stream)
{
    if (writer_attachment(branch->writer, stream->av, &branch->result->failure))
        return true;
    if (branch->result->failure.class != FAIL_NONE)
        return false;
    branch_drop(branch, stream->index, "%s output: it keeps no such file", branch->container->name);
    return true;
}

static bool carry_stream(struct branch *branch, const struct source_stream *stream)
{
    const char *name = branch->container->name;
    if (stream->left_out) {
        branch_drop(branch, stream->index, "%s", stream->left_out);
        return true;
    }
    switch (stream->type) {
    case AVMEDIA_TYPE_SUBTITLE:
        if (branch->container->kind == KIND_VIDEO)
            return carry_subtitle(branch, stream);
        break;
    case AVMEDIA_TYPE_ATTACHMENT:
        if (branch->container->kind == KIND_VIDEO)
            return carry_attachment(branch, stream);
        break;
    case AVMEDIA_TYPE_VIDEO:
        if (branch->container->kind == KIND_VIDEO) {
            branch_drop(branch, stream->index, "%s output: an output keeps one picture", name);
            return true;
        }
        break;
    default:
        if (branch->container->kind == KIND_VIDEO)
            return carry_data(branch, stream);
        break;
    }
    branch_drop(branch, stream->index, "%s output: it holds sound only", name);
    return true;
}

static bool carry_streams(struct branch *branch)
{
    struct render *render = branch->render;
    for (int i = 0; i < source_streams(render->source); i++) {
        const struct source_stream *stream = source_stream(render->source, i);
        if (branch_lane(branch, i) || stream->type == AVMEDIA_TYPE_AUDIO ||
            stream_is_timecode(stream) || stream_is_chapters(render->source, stream) ||
            g_hash_table_contains(branch->reasons, GINT_TO_POINTER(i)))
            continue;
        if (!carry_stream(branch, stream))
            return false;
    }
    return true;
}

/* --- what belongs to the picture --- */

static void carry_picture_data(struct branch *branch)
{
    const struct lane *lane = branch_lane(branch, branch->render->picture);
    if (!lane || lane->mode != LANE_COPY)
        return;
    g_autoptr(GPtrArray) rows = stream_picture_rows(
        source_stream(branch->render->source, lane->stream)->av, branch->container->name);
    for (guint i = 0; i < rows->len; i++)
        branch_row(branch, rows->pdata[i]);
}

/* --- chapters and tags --- */

/* A film's sound alone goes into a file of libsndfile without them. */
bool branch_holds_chapters(const struct branch *branch)
{
    return branch->writer && container_holds(branch->container->name) & HOLDS_CHAPTERS;
}

/* One that the programme has no part of is left out, and one that ends behind it ends with it: MP4
 * would be as long as its last chapter. */
static bool carry_chapter(struct branch *branch, const struct time_line *line,
                          const AVChapter *chapter)
{
    static const double rounding_s = 0.05;
    double start = chapter->start * av_q2d(chapter->time_base);
    double end = chapter->end * av_q2d(chapter->time_base);
    if (!time_line_cut(line, &start, &end))
        return true;
    if (end > branch->length_s + rounding_s)
        end = branch->length_s;
    if (end <= start)
        return true;
    branch->chapters++;
    return writer_chapter(branch->writer, start, end, chapter->metadata, &branch->result->failure);
}

void branch_lose_chapters(struct branch *branch, unsigned count, const char *why)
{
    branch->chapters_lost = g_strdup(why);
    branch_note(branch, "dropped: %u chapters: %s", count, why);
}

static bool lose_chapters(struct branch *branch, const char *name)
{
    g_autofree char *why = g_strdup_printf("%s output keeps none", name);
    branch_lose_chapters(branch, source_format(branch->render->source)->nb_chapters, why);
    return true;
}

static bool carry_chapters(struct branch *branch)
{
    AVFormatContext *format = source_format(branch->render->source);
    struct time_line line;
    if (!format->nb_chapters)
        return true;
    if (!branch_holds_chapters(branch))
        return lose_chapters(branch, branch->container->name);
    if (!branch_time_line(branch, &line)) {
        branch_lose_chapters(branch, format->nb_chapters, "they can't follow a change of time");
        return true;
    }
    for (unsigned i = 0; i < format->nb_chapters; i++)
        if (!carry_chapter(branch, &line, format->chapters[i]))
            return false;
    return true;
}

/* MXF dates its packages, which is as near as it gets to when a picture was taken. */
static void carry_date(struct branch *branch)
{
    const AVDictionary *tags = source_format(branch->render->source)->metadata;
    const AVDictionaryEntry *made = av_dict_get(tags, "modification_date", NULL, 0);
    if (made && !av_dict_get(tags, "creation_time", NULL, 0))
        writer_tag(branch->writer, "creation_time", made->value);
}

static void carry_tags(struct branch *branch)
{
    GHashTableIter each;
    gpointer key, value;
    if (!g_hash_table_contains(branch->tags, "*"))
        writer_tags(branch->writer, source_format(branch->render->source)->metadata);
    if (!g_hash_table_contains(branch->tags, "*"))
        carry_date(branch);
    g_hash_table_iter_init(&each, branch->tags);
    while (g_hash_table_iter_next(&each, &key, &value))
        if (strcmp(key, "*") != 0)
            writer_tag(branch->writer, key, value);
}

bool carry_over(struct branch *branch)
{
    if (branch->writer)
        carry_tags(branch);
    carry_picture_data(branch);
    return carry_streams(branch) &&
           (branch->render->joining ? joining_chapters(branch, false) : carry_chapters(branch));
}

void carry_picture_alone(struct branch *branch)
{
    const struct source *source = branch->render->source;
    const char *name = branch_form(branch);
    for (int i = 0; i < source_streams(source); i++) {
        const struct source_stream *stream = source_stream(source, i);
        if (stream->left_out)
            branch_drop(branch, i, "%s", stream->left_out);
        else if (i != branch->render->picture && !stream_is_timecode(stream) &&
                 !stream_is_chapters(source, stream))
            branch_drop(branch, i, "%s output: it holds a picture alone", name);
    }
    if (source_format(source)->nb_chapters)
        lose_chapters(branch, name);
}
