/* SPDX-License-Identifier: GPL-3.0-or-later
 * Subtitles of films that are joined: which go on in which track of the first film, when, and, if
 * they are text, in its form. Bitmaps go on as they are, where theirs are of the same sort. */
#include "base/language.h"
#include "join.h"

#include <math.h>

/* A track of the film, and the first film's that it goes on in. */
struct pair {
    int stream, to;
    struct subtitle *form; /* of text; NULL: it is of the same one */
};

struct joined_cues {
    const struct render *part, *first;
    GArray *pairs;
    GArray *failed; /* struct unmade: tracks that have a place there */
};

/* A track of the film that can't be made into the form of its place. */
struct unmade {
    int stream;
    char *why;
};

static void clear_unmade(gpointer unmade)
{
    g_free(((struct unmade *)unmade)->why);
}

static const struct unmade *unmade_of(const struct joined_cues *cues, int stream)
{
    for (guint i = 0; i < cues->failed->len; i++) {
        const struct unmade *unmade = &g_array_index(cues->failed, struct unmade, i);
        if (unmade->stream == stream)
            return unmade;
    }
    return NULL;
}

static void clear_pair(gpointer pair)
{
    subtitle_close(((struct pair *)pair)->form);
}

static const struct pair *pair_of(const struct joined_cues *cues, int stream)
{
    for (guint i = 0; i < cues->pairs->len; i++) {
        const struct pair *pair = &g_array_index(cues->pairs, struct pair, i);
        if (pair->stream == stream)
            return pair;
    }
    return NULL;
}

bool joined_cues_reach(const struct joined_cues *cues, int to)
{
    for (guint i = 0; i < cues->pairs->len; i++)
        if (g_array_index(cues->pairs, struct pair, i).to == to)
            return true;
    return false;
}

bool stream_is_cues(const struct source_stream *stream)
{
    return stream->type == AVMEDIA_TYPE_SUBTITLE;
}

static bool is_text(const struct render *render, int stream)
{
    return subtitle_is_text(subtitle_codec(source_stream(render->source, stream)->av->codecpar));
}

static int number_of(const struct render *render, int stream)
{
    int number = 0;
    for (int i = 0; i < stream; i++)
        number += stream_is_cues(source_stream(render->source, i)) &&
                  is_text(render, i) == is_text(render, stream);
    return number;
}

/* By which a track goes on in another, from what is sure on. */
enum nearness {
    NEAR_LANGUAGE,      /* the same */
    NEAR_MAIN_LANGUAGE, /* "pt-BR" and "por" */
    NEAR_PLACE,
    NEAR_COUNT
};

static bool is_partner(const struct joined_cues *cues, int stream, int to, enum nearness by)
{
    if (is_text(cues->part, stream) != is_text(cues->first, to))
        return false;
    const char *own = stream_language(source_stream(cues->part->source, stream));
    const char *other = stream_language(source_stream(cues->first->source, to));
    if (by == NEAR_LANGUAGE)
        return own && g_strcmp0(own, other) == 0;
    if (by == NEAR_MAIN_LANGUAGE)
        return language_matches(own, other) || language_matches(other, own);
    return (!own || !other) && number_of(cues->part, stream) == number_of(cues->first, to);
}

/* The track of a film that goes on in one of the first; -1: there is none. */
static int partner(const struct joined_cues *cues, int to, enum nearness by)
{
    for (int i = 0; i < source_streams(cues->part->source); i++)
        if (stream_is_cues(source_stream(cues->part->source, i)) && !pair_of(cues, i) &&
            !unmade_of(cues, i) && is_partner(cues, i, to, by))
            return i;
    return -1;
}

static const AVStream *av_of(const struct render *render, int stream)
{
    return source_stream(render->source, stream)->av;
}

/* Why bitmaps can't go on behind others, whose track has one header; NULL: they can. */
static char *why_not_behind(const AVCodecParameters *own, const AVCodecParameters *other)
{
    if (own->codec_id != other->codec_id)
        return g_strdup_printf("it is %s, and the first file's is %s",
                               avcodec_get_name(own->codec_id), avcodec_get_name(other->codec_id));
    if (own->width != other->width || own->height != other->height)
        return g_strdup_printf("its bitmaps are for %dx%d, the first file's for %dx%d", own->width,
                               own->height, other->width, other->height);
    bool same = own->extradata_size == other->extradata_size &&
                (!own->extradata_size ||
                 !memcmp(own->extradata, other->extradata, (size_t)own->extradata_size));
    return same ? NULL : g_strdup("its header (of a DVD: size and palette) isn't the first file's");
}

static void match(struct joined_cues *cues, int to, enum nearness by)
{
    struct failure why = {0};
    struct pair pair = {.stream = partner(cues, to, by), .to = to};
    if (pair.stream < 0)
        return;
    const AVStream *from = av_of(cues->part, pair.stream);
    const AVCodecParameters *place = av_of(cues->first, to)->codecpar;
    const enum AVCodecID to_codec = subtitle_codec(place);
    bool same = subtitle_codec(from->codecpar) == to_codec;
    if (!is_text(cues->part, pair.stream))
        same = !(why.message = why_not_behind(from->codecpar, place));
    else if (!same)
        pair.form = subtitle_open(from, to_codec, &why);
    const struct unmade unmade = {pair.stream, why.message};
    if (same || pair.form)
        g_array_append_val(cues->pairs, pair);
    else
        g_array_append_val(cues->failed, unmade);
}

struct joined_cues *joined_cues_create(const struct render *part, const struct render *first)
{
    struct joined_cues *cues = g_new(struct joined_cues, 1);
    *cues = (struct joined_cues){part, first, g_array_new(FALSE, FALSE, sizeof(struct pair)),
                                 g_array_new(FALSE, FALSE, sizeof(struct unmade))};
    g_array_set_clear_func(cues->pairs, clear_pair);
    g_array_set_clear_func(cues->failed, clear_unmade);
    for (enum nearness by = NEAR_LANGUAGE; by < NEAR_COUNT; by++)
        for (int i = 0; i < source_streams(first->source); i++)
            if (stream_is_cues(source_stream(first->source, i)) && !joined_cues_reach(cues, i))
                match(cues, i, by);
    return cues;
}

void joined_cues_destroy(struct joined_cues *cues)
{
    if (!cues)
        return;
    g_array_unref(cues->pairs);
    g_array_unref(cues->failed);
    g_free(cues);
}

const char *joined_cues_why_not(const struct joined_cues *cues, int stream)
{
    if (pair_of(cues, stream))
        return NULL;
    const struct unmade *unmade = unmade_of(cues, stream);
    if (unmade)
        return unmade->why;
    return is_text(cues->part, stream) ? "the first file has no track of text that it could go on "
                                         "in, by its language or its "
                                         "place"
                                       : "the first file has no track of its sort that it could go "
                                         "on in, by its language or "
                                         "its place";
}

int64_t joined_cues_refused(const struct joined_cues *cues)
{
    int64_t refused = 0;
    for (guint i = 0; i < cues->pairs->len; i++) {
        const struct pair *pair = &g_array_index(cues->pairs, struct pair, i);
        refused += pair->form ? subtitle_refused(pair->form) : 0;
    }
    return refused;
}

static const struct chain *picture_of(const struct render *render)
{
    return g_array_index(render->shared, struct shared, 0).chain;
}

/* What is shown until another packet takes it off, as of a Blu-ray, has none of a length. */
static bool ends_shown(enum AVCodecID codec, const AVPacket *packet)
{
    return packet->duration <= 0 && subtitle_takes_off(codec, packet);
}

/* From the film's time to the whole's, and from there to that of the first film's source, in which
 * branches take cues. */
static bool move(const struct joined_cues *cues, const struct pair *pair, AVPacket *packet,
                 double before_s)
{
    const double tb = av_q2d(av_of(cues->part, pair->stream)->time_base);
    const double to_tb = av_q2d(av_of(cues->first, pair->to)->time_base);
    const double length_s = programme_part_length(cues->part->job->task, cues->part->part);
    const enum AVCodecID codec = av_of(cues->part, pair->stream)->codecpar->codec_id;
    struct time_line line, whole;
    if (packet->pts == AV_NOPTS_VALUE || !chain_time_line(picture_of(cues->part), &line) ||
        !chain_time_line(picture_of(cues->first), &whole))
        return false;
    double start = (double)packet->pts * tb, end = start + (double)packet->duration * tb;
    line.length_s = isnan(length_s) ? line.length_s : length_s;
    const bool late = start - line.origin_s >= line.length_s * line.pace;
    if (late && ends_shown(codec, packet))
        start = end = line.length_s;
    else if (!time_line_cut(&line, &start, &end))
        return false;
    start = whole.origin_s + (before_s + start) * whole.pace;
    end = whole.origin_s + (before_s + end) * whole.pace;
    packet->pts = packet->dts = llround(start / to_tb);
    packet->duration = packet->duration > 0 ? llround(end / to_tb) - packet->pts : 0;
    return true;
}

int joined_cues_take(const struct joined_cues *cues, int stream, AVPacket *packet, double before_s,
                     struct failure *failure)
{
    const struct pair *pair = pair_of(cues, stream);
    bool there = pair && move(cues, pair, packet, before_s) &&
                 (!pair->form || subtitle_convert(pair->form, packet, failure)) && packet->size;
    return there ? pair->to : -1;
}
