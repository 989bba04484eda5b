/* SPDX-License-Identifier: GPL-3.0-or-later
 * Numbered pictures as a source: a bundle (base/bundle.h), each file of it one frame. libavformat's
 * own demuxer opens files by name, which no task may; this one makes the stream by hand. */
#include "base/bundle.h"
#include "dpx_header.h"
#include "media/frame.h"
#include "source.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

enum { PICTURE_MAX = 1 << 30 };

struct sequence {
    struct bundle *bundle;
    guint next;
};

static const AVInputFormat numbered_pictures = {
    .name = "sequence",
    .long_name = "numbered pictures",
};

static const struct {
    const char *extension;
    enum AVCodecID codec;
} codecs[] = {
    {".dpx", AV_CODEC_ID_DPX},  {".exr", AV_CODEC_ID_EXR},   {".png", AV_CODEC_ID_PNG},
    {".tif", AV_CODEC_ID_TIFF}, {".tiff", AV_CODEC_ID_TIFF},
};

static enum AVCodecID codec_of(const char *name)
{
    const char *dot = strrchr(name, '.');
    for (unsigned i = 0; dot && i < G_N_ELEMENTS(codecs); i++)
        if (g_ascii_strcasecmp(dot, codecs[i].extension) == 0)
            return codecs[i].codec;
    return AV_CODEC_ID_NONE;
}

int sequence_read(struct source *source, AVPacket *packet)
{
    struct sequence *sequence = source->sequence;
    if (sequence->next >= sequence->bundle->files->len)
        return AVERROR_EOF;
    const struct bundle_file *file =
        &g_array_index(sequence->bundle->files, struct bundle_file, sequence->next);
    if (file->length <= 0 || file->length > PICTURE_MAX)
        return AVERROR_INVALIDDATA;
    if (av_new_packet(packet, (int)file->length) < 0)
        return AVERROR(ENOMEM);
    if (pread(source->fd, packet->data, (size_t)file->length, file->offset) != file->length)
        return AVERROR(EIO);
    packet->pts = packet->dts = sequence->next++;
    packet->duration = 1;
    packet->pos = file->offset;
    packet->flags = AV_PKT_FLAG_KEY;
    return 0;
}

/* The first picture tells size and format of all; what differs is met while reading. */
static bool look_at_first(struct source *source, AVStream *stream, struct failure *failure)
{
    const AVCodec *codec = avcodec_find_decoder(stream->codecpar->codec_id);
    AVCodecContext *decoder = codec ? avcodec_alloc_context3(codec) : NULL;
    AVPacket *packet = packet_new();
    AVFrame *frame = frame_new();
    bool seen = decoder && avcodec_open2(decoder, codec, NULL) >= 0 &&
                sequence_read(source, packet) >= 0 && avcodec_send_packet(decoder, packet) >= 0 &&
                avcodec_send_packet(decoder, NULL) >= 0 &&
                avcodec_receive_frame(decoder, frame) >= 0 &&
                avcodec_parameters_from_context(stream->codecpar, decoder) >= 0;
    g_autofree char *timecode = seen && codec->id == AV_CODEC_ID_DPX ? dpx_timecode(packet) : NULL;
    av_dict_set(&stream->metadata, "timecode", timecode, 0);
    source->sequence->next = 0;
    av_frame_free(&frame);
    av_packet_free(&packet);
    avcodec_free_context(&decoder);
    return seen || fail(failure, FAIL_INPUT_DAMAGED, "the first picture can't be read");
}

static AVRational rate_of(const struct bundle *bundle)
{
    struct rational fps;
    bool known = rational_parse(bundle->about, &fps) && fps.num > 0 && fps.num <= INT_MAX;
    return known ? av_make_q((int)fps.num, (int)fps.den) : av_make_q(25, 1);
}

static bool add_stream(struct source *source, struct failure *failure)
{
    const struct bundle *bundle = source->sequence->bundle;
    AVStream *stream = avformat_new_stream(source->format, NULL);
    if (!stream)
        return fail(failure, FAIL_MEMORY, "out of memory");
    AVRational fps = rate_of(bundle);
    stream->codecpar->codec_type = AVMEDIA_TYPE_VIDEO;
    stream->codecpar->codec_id = codec_of(g_array_index(bundle->files, struct bundle_file, 0).name);
    stream->time_base = av_inv_q(fps);
    stream->avg_frame_rate = stream->r_frame_rate = fps;
    stream->start_time = 0;
    stream->duration = stream->nb_frames = bundle->files->len;
    source->format->duration = av_rescale_q(stream->duration, stream->time_base, AV_TIME_BASE_Q);
    source->format->start_time = 0;
    return look_at_first(source, stream, failure);
}

bool sequence_open(struct source *source, struct failure *failure)
{
    g_autoptr(GError) error = NULL;
    source->format = avformat_alloc_context();
    if (!source->format)
        return fail(failure, FAIL_MEMORY, "out of memory");
    source->format->iformat = &numbered_pictures;
    source->sequence = g_new0(struct sequence, 1);
    source->sequence->bundle = bundle_open(source->fd, &error);
    if (!source->sequence->bundle)
        return fail(failure, FAIL_INPUT_DAMAGED, "%s", error->message);
    if (!source->sequence->bundle->files->len)
        return fail(failure, FAIL_INPUT_DAMAGED, "there are no pictures in it");
    return add_stream(source, failure);
}

void sequence_seek(struct source *source, int64_t frame)
{
    guint count = source->sequence->bundle->files->len;
    source->sequence->next = (guint)CLAMP(frame, 0, (int64_t)count);
}

double sequence_progress(const struct source *source)
{
    return (double)source->sequence->next / source->sequence->bundle->files->len;
}

void sequence_close(struct source *source)
{
    avformat_free_context(source->format);
    source->format = NULL;
    bundle_close(source->sequence->bundle);
    g_free(source->sequence);
}
