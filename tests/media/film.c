/* SPDX-License-Identifier: GPL-3.0-or-later
 * Films made with libav alone. */
#include "film.h"

#include "made.h"

#include <libavutil/opt.h>
#include <math.h>

struct making {
    const struct film *film;
    AVFormatContext *format;
    AVCodecContext *coders[1 + FILM_SOUNDS];
};

static AVFrame *picture(int n)
{
    AVFrame *frame = av_frame_alloc();
    frame->format = AV_PIX_FMT_YUV420P;
    frame->width = 64;
    frame->height = 48;
    g_assert_cmpint(av_frame_get_buffer(frame, 0), >=, 0);
    for (int plane = 0; plane < 3; plane++)
        for (int y = 0; y < (plane ? 24 : 48); y++)
            memset(frame->data[plane] + y * frame->linesize[plane],
                   plane ? 128 : 40 + 3 * n % 100 + y, plane ? 32 : 64);
    frame->pts = n;
    return frame;
}

static float sound_at(int track, int64_t i)
{
    float tone = (float)(0.05 * sin((double)i * 0.02 * (track + 1)));
    return i == FILM_CLICK ? 0.9f : tone;
}

static AVFrame *sound(const AVCodecContext *coder, int track, int64_t at, int samples)
{
    AVFrame *frame = av_frame_alloc();
    frame->format = coder->sample_fmt;
    frame->sample_rate = coder->sample_rate;
    frame->nb_samples = samples;
    av_channel_layout_copy(&frame->ch_layout, &coder->ch_layout);
    g_assert_cmpint(av_frame_get_buffer(frame, 0), >=, 0);
    for (int i = 0; i < samples; i++) {
        float level = sound_at(track, at + i);
        if (av_get_packed_sample_fmt(coder->sample_fmt) == AV_SAMPLE_FMT_S16)
            ((int16_t *)frame->data[0])[i] = (int16_t)lrintf(32767 * level);
        else
            ((float *)frame->data[0])[i] = level;
    }
    frame->pts = at;
    return frame;
}

/* One that sound() makes. */
static enum AVSampleFormat format_of(const AVCodec *codec)
{
    const enum AVSampleFormat *one = codec->sample_fmts;
    while (av_get_packed_sample_fmt(*one) == AV_SAMPLE_FMT_S32)
        one++;
    return *one;
}

static AVCodecContext *open_coder(struct making *making, const char *name)
{
    AVCodecContext *coder = avcodec_alloc_context3(avcodec_find_encoder_by_name(name));
    g_assert_nonnull(coder);
    if (coder->codec_type == AVMEDIA_TYPE_VIDEO) {
        coder->width = 64;
        coder->height = 48;
        coder->pix_fmt = AV_PIX_FMT_YUV420P;
        coder->framerate = av_make_q(25, 1);
        coder->time_base = av_make_q(1, 25);
        coder->gop_size = 12;
        coder->max_b_frames = 2;
        coder->thread_count = 1;
        av_opt_set(coder->priv_data, "preset", "ultrafast", 0);
        av_opt_set(coder->priv_data, "x264-params", "bframes=2:b-adapt=0:scenecut=0", 0);
    } else {
        coder->sample_fmt = format_of(coder->codec);
        coder->sample_rate = FILM_RATE;
        coder->time_base = av_make_q(1, FILM_RATE);
        av_channel_layout_default(&coder->ch_layout, 1);
    }
    if (making->format->oformat->flags & AVFMT_GLOBALHEADER)
        coder->flags |= AV_CODEC_FLAG_GLOBAL_HEADER;
    g_assert_cmpint(avcodec_open2(coder, NULL, NULL), >=, 0);
    return coder;
}

static void add_stream(struct making *making, int index, const char *codec)
{
    AVStream *stream = avformat_new_stream(making->format, NULL);
    making->coders[index] = open_coder(making, codec);
    avcodec_parameters_from_context(stream->codecpar, making->coders[index]);
    stream->time_base = making->coders[index]->time_base;
    stream->avg_frame_rate = making->coders[index]->framerate;
    if (index == 0 || making->film->default_sound == index - 1)
        stream->disposition = AV_DISPOSITION_DEFAULT;
    if (index && making->film->languages[index - 1])
        av_dict_set(&stream->metadata, "language", making->film->languages[index - 1], 0);
}

/* NULL drains. */
static void encode(struct making *making, int index, const AVFrame *frame)
{
    AVCodecContext *coder = making->coders[index];
    AVStream *stream = making->format->streams[index];
    AVPacket *packet = av_packet_alloc();
    int64_t late = llround(making->film->late_s * FILM_RATE);
    g_assert_cmpint(avcodec_send_frame(coder, frame), >=, 0);
    while (avcodec_receive_packet(coder, packet) >= 0) {
        if (!index && packet->duration <= 0)
            packet->duration = 1;
        if (index) {
            packet->pts += late;
            packet->dts += late;
        }
        av_packet_rescale_ts(packet, coder->time_base, stream->time_base);
        packet->stream_index = index;
        g_assert_cmpint(av_interleaved_write_frame(making->format, packet), >=, 0);
    }
    av_packet_free(&packet);
}

static void fill(struct making *making)
{
    const struct film *film = making->film;
    for (int n = 0; n < film->frames; n++) {
        AVFrame *frame = picture(n);
        encode(making, 0, frame);
        av_frame_free(&frame);
    }
    for (int s = 1; s <= film->sounds; s++) {
        int size = making->coders[s]->frame_size > 0 ? making->coders[s]->frame_size : 1000;
        for (int at = 0; at < film->samples; at += size) {
            AVFrame *frame = sound(making->coders[s], s - 1, at, MIN(size, film->samples - at));
            encode(making, s, frame);
            av_frame_free(&frame);
        }
    }
    for (int s = 0; s <= film->sounds; s++)
        encode(making, s, NULL);
}

int film_make(const struct film *film)
{
    int fd = made_file();
    g_autofree char *path = g_strdup_printf("/proc/self/fd/%d", fd);
    struct making making = {.film = film};
    AVDictionary *options = NULL;
    avformat_alloc_output_context2(&making.format, NULL, film->muxer, NULL);
    add_stream(&making, 0, "libx264");
    for (int s = 1; s <= film->sounds; s++)
        add_stream(&making, s, film->codec);
    g_assert_cmpint(avio_open(&making.format->pb, path, AVIO_FLAG_WRITE), >=, 0);
    if (film->movie_timescale)
        av_dict_set_int(&options, "movie_timescale", film->movie_timescale, 0);
    g_assert_cmpint(avformat_write_header(making.format, &options), >=, 0);
    fill(&making);
    g_assert_cmpint(av_write_trailer(making.format), >=, 0);
    for (int s = 0; s <= film->sounds; s++)
        avcodec_free_context(&making.coders[s]);
    avio_closep(&making.format->pb);
    avformat_free_context(making.format);
    av_dict_free(&options);
    return fd;
}
