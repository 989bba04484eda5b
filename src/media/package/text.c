/* SPDX-License-Identifier: GPL-3.0-or-later
 * Text subtitles as one file of WebVTT. */
#include "../chain/private.h"
#include "media/frame.h"
#include "media/source.h"
#include "media/subtitle.h"
#include "private.h"

#include <math.h>

static const AVRational milliseconds = {1, 1000}; /* in which WebVTT counts */

struct writing {
    struct source *source;
    struct subtitle *subtitle;
    AVFormatContext *mux;
    AVRational from;
    double zero_s; /* of the programme, in the source */
    int cues;
};

static bool open_mux(struct writing *writing, struct failure *failure)
{
    avformat_alloc_output_context2(&writing->mux, NULL, "webvtt", NULL);
    AVStream *stream = writing->mux ? avformat_new_stream(writing->mux, NULL) : NULL;
    if (!stream ||
        avcodec_parameters_copy(stream->codecpar, subtitle_parameters(writing->subtitle)) < 0 ||
        avio_open_dyn_buf(&writing->mux->pb) < 0)
        return fail(failure, FAIL_MEMORY, "out of memory");
    stream->time_base = milliseconds;
    writing->mux->flags |= AVFMT_FLAG_BITEXACT;
    int error = avformat_write_header(writing->mux, NULL);
    return error >= 0 || fail_av(failure, FAIL_INTERNAL, error, "packing subtitles");
}

static bool write_cue(struct writing *writing, AVPacket *cue, struct failure *failure)
{
    const double start_s = (double)cue->pts * av_q2d(writing->from) - writing->zero_s;
    const double end_s = start_s + (double)cue->duration * av_q2d(writing->from);
    if (!subtitle_convert(writing->subtitle, cue, failure))
        return false;
    if (!cue->size || end_s <= 0)
        return true;
    cue->pts = cue->dts = llround(fmax(start_s, 0) * milliseconds.den);
    cue->duration = llround(end_s * milliseconds.den) - cue->pts;
    cue->stream_index = 0;
    writing->cues++;
    int error = av_write_frame(writing->mux, cue);
    return error >= 0 || fail_av(failure, FAIL_INTERNAL, error, "packing subtitles");
}

static bool write_cues(struct writing *writing, struct failure *failure)
{
    struct source_item item;
    enum source_got got;
    bool fine = true;
    while (fine && (got = source_next(writing->source, &item, failure)) == SOURCE_PACKET) {
        AVPacket *cue = packet_copy(item.packet);
        fine = cue->pts == AV_NOPTS_VALUE || write_cue(writing, cue, failure);
        av_packet_free(&cue);
    }
    return fine && got != SOURCE_FAILED;
}

static bool put(struct writing *writing, struct rendition *text, double length_s,
                struct bundle_writer *bundle, struct failure *failure)
{
    g_autofree char *name = rendition_file(text, 1);
    struct segment whole = {.duration = llround(length_s * milliseconds.den)};
    int error = av_write_trailer(writing->mux);
    if (error < 0)
        return fail_av(failure, FAIL_INTERNAL, error, "packing subtitles");
    if (!package_put(writing->mux, bundle, name, &whole.bytes, failure))
        return false;
    g_array_append_val(text->segments, whole);
    return true;
}

bool rendition_write_text(struct rendition *text, const struct package_file *file, int stream,
                          const struct rendition *picture, struct bundle_writer *bundle, char **why,
                          struct failure *failure)
{
    g_auto(source_ptr) source = source_open(file->fd, NULL, failure);
    if (!source || !source_use(source, stream, SOURCE_PACKETS, failure))
        return false;
    const AVStream *from = source_stream(source, stream)->av;
    struct writing writing = {.source = source,
                              .subtitle = subtitle_open(from, AV_CODEC_ID_WEBVTT, failure),
                              .from = from->time_base,
                              .zero_s = rendition_seconds(picture, picture->first)};
    text->time_base = milliseconds;
    bool fine = writing.subtitle && open_mux(&writing, failure) && write_cues(&writing, failure) &&
                (!writing.cues || put(&writing, text, rendition_total(picture), bundle, failure));
    if (fine)
        *why = subtitle_refusal(writing.subtitle);
    if (fine && !writing.cues && !*why)
        *why = g_strdup("there is nothing in it");
    package_drop(writing.mux);
    subtitle_close(writing.subtitle);
    return fine;
}
