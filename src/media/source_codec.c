/* SPDX-License-Identifier: GPL-3.0-or-later
 * A track of a transport stream that goes on in another codec. */
#include "source.h"

#include <math.h>
#include <string.h>

/* Of one family, a stream's own headers tell more than the table of its programme. */
static enum AVCodecID family(enum AVCodecID codec)
{
    static const enum AVCodecID rows[][2] = {
        {AV_CODEC_ID_MPEG1VIDEO, AV_CODEC_ID_MPEG2VIDEO},
        {AV_CODEC_ID_MP1, AV_CODEC_ID_MP3},
        {AV_CODEC_ID_MP2, AV_CODEC_ID_MP3},
        {AV_CODEC_ID_EAC3, AV_CODEC_ID_AC3},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
        if (codec == rows[i][0])
            return rows[i][1];
    return codec;
}

static bool differ(enum AVCodecID before, enum AVCodecID now)
{
    return before != AV_CODEC_ID_NONE && now != AV_CODEC_ID_NONE && family(before) != family(now);
}

static bool refuse(const char *what, const char *where, enum AVCodecID before, enum AVCodecID now,
                   struct failure *failure)
{
    return fail(failure, FAIL_UNSUPPORTED,
                "%s: the %s goes on in another codec (%s, then %s), as where one transport stream "
                "is put behind another: split the file there, or convert both to one codec first",
                where, what, avcodec_get_name(before), avcodec_get_name(now));
}

GArray *source_codecs(const AVFormatContext *format)
{
    GArray *codecs = g_array_new(FALSE, FALSE, sizeof(enum AVCodecID));
    for (unsigned i = 0; i < format->nb_streams; i++)
        g_array_append_val(codecs, format->streams[i]->codecpar->codec_id);
    return codecs;
}

/* That of sound is a guess until its packets are read. */
bool source_codecs_stay(const struct source *source, const GArray *codecs, struct failure *failure)
{
    const AVFormatContext *format = source->format;
    if (strcmp(format->iformat->name, "mpegts") != 0)
        return true;
    for (guint i = 0; i < codecs->len; i++) {
        const enum AVCodecID before = g_array_index(codecs, enum AVCodecID, i);
        const AVCodecParameters *par = format->streams[i]->codecpar;
        if (par->codec_type == AVMEDIA_TYPE_VIDEO && differ(before, par->codec_id))
            return refuse("picture", "within its first seconds", before, par->codec_id, failure);
    }
    return true;
}

bool source_is_recoded(const struct source *source, int stream)
{
    if (!source_is_transport_stream(source) || stream >= source->count)
        return false;
    const struct track *track = &source->tracks[stream];
    const bool counts = track->use || source_chosen(source, stream) == track;
    return counts && differ(track->codec, track->facts.av->codecpar->codec_id);
}

bool source_refuse_codec(const struct source *source, struct failure *failure)
{
    int stream = 0;
    while (!source_is_recoded(source, stream))
        stream++;
    const struct track *track = &source->tracks[stream];
    const bool picture = track->facts.type == AVMEDIA_TYPE_VIDEO;
    g_autofree char *where = g_strdup_printf("%.3f s", isnan(track->run_s) ? 0 : track->run_s);
    return refuse(picture ? "picture" : "sound", where, track->codec,
                  track->facts.av->codecpar->codec_id, failure);
}
