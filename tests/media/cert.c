/* SPDX-License-Identifier: GPL-3.0-or-later
 * What libav finds in a file. */
#include "film.h"

#include <math.h>

struct reading {
    AVFormatContext *format;
    AVCodecContext **decoders;
    GChecksum **sums;
    float *peaks;
    struct cert *cert;
};

static double seconds(const AVStream *stream, int64_t ts)
{
    return ts == AV_NOPTS_VALUE ? NAN : (double)ts * av_q2d(stream->time_base);
}

static void free_stream(gpointer data)
{
    struct cert_stream *stream = data;
    g_array_unref(stream->pts_s);
    g_array_unref(stream->dts_s);
    g_free(stream);
}

static struct cert_stream *describe(const AVStream *stream)
{
    const AVCodecParameters *par = stream->codecpar;
    const AVDictionaryEntry *language = av_dict_get(stream->metadata, "language", NULL, 0);
    struct cert_stream *to = g_new0(struct cert_stream, 1);
    to->type = par->codec_type;
    to->disposition = stream->disposition;
    to->rate = par->sample_rate;
    to->channels = par->ch_layout.nb_channels;
    to->start_s = seconds(stream, stream->start_time);
    to->duration_s = seconds(stream, stream->duration);
    to->pts_s = g_array_new(FALSE, FALSE, sizeof(double));
    to->dts_s = g_array_new(FALSE, FALSE, sizeof(double));
    to->loudest = -1;
    g_strlcpy(to->codec, avcodec_get_name(par->codec_id), sizeof to->codec);
    g_strlcpy(to->language, language ? language->value : "", sizeof to->language);
    return to;
}

static AVCodecContext *decoder_of(const AVStream *stream)
{
    const AVCodec *codec = avcodec_find_decoder(stream->codecpar->codec_id);
    if (stream->codecpar->codec_type != AVMEDIA_TYPE_AUDIO || !codec)
        return NULL;
    AVCodecContext *decoder = avcodec_alloc_context3(codec);
    g_assert_cmpint(avcodec_parameters_to_context(decoder, stream->codecpar), >=, 0);
    decoder->pkt_timebase = stream->time_base;
    decoder->request_sample_fmt = AV_SAMPLE_FMT_FLTP;
    g_assert_cmpint(avcodec_open2(decoder, codec, NULL), >=, 0);
    return decoder;
}

/* Of the first channel, full scale 1. */
static float value(const AVFrame *frame, int i)
{
    int channels = frame->ch_layout.nb_channels;
    int at = av_sample_fmt_is_planar(frame->format) ? i : i * channels;
    switch (av_get_packed_sample_fmt(frame->format)) {
    case AV_SAMPLE_FMT_S16:
        return ((const int16_t *)frame->data[0])[at] / 32768.f;
    case AV_SAMPLE_FMT_S32:
        return (float)(((const int32_t *)frame->data[0])[at] / 2147483648.);
    case AV_SAMPLE_FMT_FLT:
        return ((const float *)frame->data[0])[at];
    default:
        g_assert_not_reached();
    }
}

static void decode(struct reading *reading, int index, const AVPacket *packet)
{
    AVCodecContext *decoder = reading->decoders[index];
    struct cert_stream *to = reading->cert->streams->pdata[index];
    AVFrame *frame = av_frame_alloc();
    if (decoder && avcodec_send_packet(decoder, packet) >= 0)
        while (avcodec_receive_frame(decoder, frame) >= 0) {
            for (int i = 0; i < frame->nb_samples; i++) {
                float level = fabsf(value(frame, i));
                if (level > reading->peaks[index]) {
                    reading->peaks[index] = level;
                    to->loudest = to->decoded + i;
                }
            }
            to->decoded += frame->nb_samples;
        }
    av_frame_free(&frame);
}

static void take(struct reading *reading, const AVPacket *packet)
{
    const AVStream *stream = reading->format->streams[packet->stream_index];
    struct cert_stream *to = reading->cert->streams->pdata[packet->stream_index];
    double pts = seconds(stream, packet->pts), dts = seconds(stream, packet->dts);
    g_array_append_val(to->pts_s, pts);
    g_array_append_val(to->dts_s, dts);
    g_checksum_update(reading->sums[packet->stream_index], packet->data, packet->size);
    decode(reading, packet->stream_index, packet);
}

static void read_all(struct reading *reading)
{
    AVPacket *packet = av_packet_alloc();
    while (av_read_frame(reading->format, packet) >= 0) {
        take(reading, packet);
        av_packet_unref(packet);
    }
    av_packet_free(&packet);
}

static void finish(struct reading *reading)
{
    for (unsigned i = 0; i < reading->format->nb_streams; i++) {
        struct cert_stream *to = reading->cert->streams->pdata[i];
        decode(reading, (int)i, NULL);
        g_strlcpy(to->md5, g_checksum_get_string(reading->sums[i]), sizeof to->md5);
        g_checksum_free(reading->sums[i]);
        avcodec_free_context(&reading->decoders[i]);
    }
    g_free(reading->sums);
    g_free(reading->decoders);
    g_free(reading->peaks);
    avformat_close_input(&reading->format);
}

struct cert *cert_of(int fd)
{
    g_autofree char *path = g_strdup_printf("/proc/self/fd/%d", fd);
    struct reading reading = {.cert = g_new0(struct cert, 1)};
    g_assert_cmpint(avformat_open_input(&reading.format, path, NULL, NULL), >=, 0);
    g_assert_cmpint(avformat_find_stream_info(reading.format, NULL), >=, 0);
    unsigned count = reading.format->nb_streams;
    reading.cert->streams = g_ptr_array_new_with_free_func(free_stream);
    reading.cert->chapters = reading.format->nb_chapters;
    reading.decoders = g_new0(AVCodecContext *, count);
    reading.sums = g_new0(GChecksum *, count);
    reading.peaks = g_new0(float, count);
    for (unsigned i = 0; i < count; i++) {
        g_ptr_array_add(reading.cert->streams, describe(reading.format->streams[i]));
        reading.decoders[i] = decoder_of(reading.format->streams[i]);
        reading.sums[i] = g_checksum_new(G_CHECKSUM_MD5);
    }
    read_all(&reading);
    finish(&reading);
    return reading.cert;
}

void cert_free(struct cert *cert)
{
    g_ptr_array_unref(cert->streams);
    g_free(cert);
}

const struct cert_stream *cert_stream(const struct cert *cert, enum AVMediaType type, unsigned n)
{
    for (unsigned i = 0; i < cert->streams->len; i++) {
        const struct cert_stream *stream = cert->streams->pdata[i];
        if (stream->type == type && n-- == 0)
            return stream;
    }
    g_assert_not_reached();
}
