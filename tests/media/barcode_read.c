/* SPDX-License-Identifier: GPL-3.0-or-later
 * Films that can be told to the frame and to the sample: what is in a file. */
#include "barcode.h"

#include <libavutil/pixdesc.h>
#include <math.h>

enum { BITS = 16 };

struct reading {
    AVFormatContext *format;
    AVCodecContext *decoders[2];
    int streams[2]; /* picture and sound; -1 none */
    struct barcode_seen *seen;
};

static double luma(const AVFrame *frame, double across, double down)
{
    int x = (int)(across * frame->width), y = (int)(down * frame->height);
    const uint8_t *line = frame->data[0] + (ptrdiff_t)y * frame->linesize[0];
    int depth = av_pix_fmt_desc_get(frame->format)->comp[0].depth;
    return depth > 8 ? ((const uint16_t *)line)[x] / (double)(1 << (depth - 8)) : line[x];
}

int barcode_number(const AVFrame *frame)
{
    const double dark = 80, light = 170;
    int number = 0;
    for (int bit = 0; bit < BITS; bit++) {
        double across = (bit + 0.5) / BITS;
        double one = luma(frame, across, 0.25), other = luma(frame, across, 0.75);
        if (!(one < dark && other > light) && !(one > light && other < dark))
            return BARCODE_NONE;
        number = number << 1 | (one > light);
    }
    return number;
}

static float level(const AVFrame *frame, int i)
{
    int at = av_sample_fmt_is_planar(frame->format) ? i : i * frame->ch_layout.nb_channels;
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

/* Of neighbours that are loud the loudest. */
static void listen(struct barcode_seen *seen, const AVFrame *frame, double start_s)
{
    int best = -1;
    for (int i = 0; i <= frame->nb_samples; i++) {
        bool loud = i < frame->nb_samples && fabsf(level(frame, i)) > 0.3f;
        if (loud && (best < 0 || fabsf(level(frame, i)) > fabsf(level(frame, best))))
            best = i;
        if (!loud && best >= 0) {
            double at_s = start_s + (double)best / frame->sample_rate;
            g_array_append_val(seen->clicks_s, at_s);
            best = -1;
        }
    }
    seen->samples += frame->nb_samples;
}

static void take(struct reading *reading, int which, const AVFrame *frame)
{
    struct barcode_seen *seen = reading->seen;
    const AVStream *stream = reading->format->streams[reading->streams[which]];
    double at_s = (double)frame->best_effort_timestamp * av_q2d(stream->time_base);
    seen->errors += (frame->flags & AV_FRAME_FLAG_CORRUPT) || frame->decode_error_flags;
    if (which) {
        seen->sound_s = isnan(seen->sound_s) ? at_s : seen->sound_s;
        listen(seen, frame, at_s);
        return;
    }
    int number = barcode_number(frame);
    g_array_append_val(seen->numbers, number);
    g_array_append_val(seen->times_s, at_s);
    g_array_append_val(seen->widths, frame->width);
    seen->last_s = (double)frame->pkt_duration * av_q2d(stream->time_base);
}

/* NULL drains. */
static void decode(struct reading *reading, int which, const AVPacket *packet)
{
    AVCodecContext *decoder = reading->decoders[which];
    AVFrame *frame = av_frame_alloc();
    reading->seen->errors += avcodec_send_packet(decoder, packet) < 0;
    while (avcodec_receive_frame(decoder, frame) >= 0)
        take(reading, which, frame);
    av_frame_free(&frame);
}

static void open_decoders(struct reading *reading)
{
    static const enum AVMediaType types[] = {AVMEDIA_TYPE_VIDEO, AVMEDIA_TYPE_AUDIO};
    for (int which = 0; which < 2; which++) {
        int index = av_find_best_stream(reading->format, types[which], -1, -1, NULL, 0);
        reading->streams[which] = MAX(index, -1);
        if (index < 0)
            continue;
        const AVStream *stream = reading->format->streams[index];
        AVCodecContext *decoder =
            avcodec_alloc_context3(avcodec_find_decoder(stream->codecpar->codec_id));
        g_assert_cmpint(avcodec_parameters_to_context(decoder, stream->codecpar), >=, 0);
        decoder->pkt_timebase = stream->time_base;
        decoder->thread_count = 1;
        g_assert_cmpint(avcodec_open2(decoder, NULL, NULL), >=, 0);
        reading->decoders[which] = decoder;
    }
}

static void read_packets(struct reading *reading)
{
    AVPacket *packet = av_packet_alloc();
    while (av_read_frame(reading->format, packet) >= 0) {
        for (int which = 0; which < 2; which++)
            if (packet->stream_index == reading->streams[which])
                decode(reading, which, packet);
        av_packet_unref(packet);
    }
    for (int which = 0; which < 2; which++)
        if (reading->decoders[which])
            decode(reading, which, NULL);
    av_packet_free(&packet);
}

struct barcode_seen *barcode_read(int fd)
{
    struct reading reading = {.seen = g_new0(struct barcode_seen, 1)};
    struct barcode_seen *seen = reading.seen;
    g_autofree char *path = g_strdup_printf("/proc/self/fd/%d", fd);
    seen->numbers = g_array_new(FALSE, FALSE, sizeof(int));
    seen->times_s = g_array_new(FALSE, FALSE, sizeof(double));
    seen->widths = g_array_new(FALSE, FALSE, sizeof(int));
    seen->clicks_s = g_array_new(FALSE, FALSE, sizeof(double));
    seen->sound_s = NAN;
    g_assert_cmpint(avformat_open_input(&reading.format, path, NULL, NULL), >=, 0);
    g_assert_cmpint(avformat_find_stream_info(reading.format, NULL), >=, 0);
    open_decoders(&reading);
    if (reading.streams[0] >= 0) {
        AVStream *stream = reading.format->streams[reading.streams[0]];
        AVRational fps = av_guess_frame_rate(reading.format, stream, NULL);
        seen->fps = (struct rational){fps.num, fps.den};
    }
    read_packets(&reading);
    avcodec_free_context(&reading.decoders[0]);
    avcodec_free_context(&reading.decoders[1]);
    avformat_close_input(&reading.format);
    return seen;
}

void barcode_seen_free(struct barcode_seen *seen)
{
    if (!seen)
        return;
    g_array_unref(seen->numbers);
    g_array_unref(seen->times_s);
    g_array_unref(seen->widths);
    g_array_unref(seen->clicks_s);
    g_free(seen);
}

int barcode_at(const struct barcode_seen *seen, unsigned i)
{
    g_assert_cmpuint(i, <, seen->numbers->len);
    return g_array_index(seen->numbers, int, i);
}

double barcode_time(const struct barcode_seen *seen, unsigned i)
{
    g_assert_cmpuint(i, <, seen->times_s->len);
    return g_array_index(seen->times_s, double, i);
}

void barcode_check(const struct barcode_seen *seen, int first, unsigned count)
{
    g_assert_cmpuint(seen->numbers->len, ==, count);
    for (unsigned i = 0; i < count; i++)
        g_assert_cmpint(barcode_at(seen, i), ==, first + (int)i);
    g_assert_cmpint(seen->errors, ==, 0);
}
