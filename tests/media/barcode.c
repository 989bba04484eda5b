/* SPDX-License-Identifier: GPL-3.0-or-later
 * Films that can be told to the frame and to the sample: how they are made. */
#include "barcode.h"

#include "made.h"

#include <libavutil/opt.h>
#include <libavutil/pixdesc.h>
#include <math.h>

enum { BITS = 16, WHITE = 235, BLACK = 16, MILLISECONDS = 1000 };

struct making {
    const struct barcode *of;
    struct rational fps;
    AVFormatContext *format;
    AVCodecContext *picture, *sound;
    int width, height;
};

static bool is_white(int number, double across, double down)
{
    int bit = number >> (BITS - 1 - (int)(across * BITS)) & 1;
    return down < 0.5 ? bit : !bit;
}

static void paint(AVFrame *frame, int number)
{
    const AVPixFmtDescriptor *row = av_pix_fmt_desc_get(frame->format);
    int shift = row->comp[0].depth - 8, bytes = row->comp[0].depth > 8 ? 2 : 1;
    for (int plane = 0; plane < 3; plane++) {
        int wide = plane ? AV_CEIL_RSHIFT(frame->width, row->log2_chroma_w) : frame->width;
        int high = plane ? AV_CEIL_RSHIFT(frame->height, row->log2_chroma_h) : frame->height;
        for (int y = 0; y < high; y++)
            for (int x = 0; x < wide; x++) {
                bool white = is_white(number, (x + 0.5) / wide, (y + 0.5) / high);
                int value = (plane ? 128 : white ? WHITE : BLACK) << shift;
                uint8_t *at = frame->data[plane] + (ptrdiff_t)y * frame->linesize[plane];
                if (bytes == 2)
                    ((uint16_t *)at)[x] = (uint16_t)value;
                else
                    at[x] = (uint8_t)value;
            }
    }
}

static AVFrame *picture(const struct making *making, int n)
{
    AVFrame *frame = av_frame_alloc();
    frame->format = making->picture->pix_fmt;
    frame->width = making->width;
    frame->height = making->height;
    g_assert_cmpint(av_frame_get_buffer(frame, 0), >=, 0);
    paint(frame, making->of->first + n);
    frame->pts = making->of->time_ms ? making->of->time_ms(n) : n;
    return frame;
}

static AVFrame *sound(const AVCodecContext *coder, int64_t at, int samples)
{
    AVFrame *frame = av_frame_alloc();
    frame->format = coder->sample_fmt;
    frame->sample_rate = coder->sample_rate;
    frame->nb_samples = samples;
    av_channel_layout_copy(&frame->ch_layout, &coder->ch_layout);
    g_assert_cmpint(av_frame_get_buffer(frame, 0), >=, 0);
    for (int i = 0; i < samples; i++) {
        float level = (at + i) % BARCODE_RATE == BARCODE_RATE / 2 ? 0.9f : 0;
        if (av_get_packed_sample_fmt(coder->sample_fmt) == AV_SAMPLE_FMT_S16)
            ((int16_t *)frame->data[0])[i] = (int16_t)lrintf(32767 * level);
        else
            ((float *)frame->data[0])[i] = level;
    }
    frame->pts = at;
    return frame;
}

static void set_options(AVCodecContext *coder, const char *options)
{
    g_auto(GStrv) pairs = g_strsplit(options ? options : "", ",", -1);
    for (char **pair = pairs; *pair && **pair; pair++) {
        g_auto(GStrv) words = g_strsplit(*pair, "=", 2);
        g_assert_cmpint(av_opt_set(coder, words[0], words[1], AV_OPT_SEARCH_CHILDREN), >=, 0);
    }
}

static AVCodecContext *new_coder(const struct making *making, const char *name)
{
    AVCodecContext *coder = avcodec_alloc_context3(avcodec_find_encoder_by_name(name));
    g_assert_nonnull(coder);
    coder->thread_count = 1;
    if (making->format->oformat->flags & AVFMT_GLOBALHEADER)
        coder->flags |= AV_CODEC_FLAG_GLOBAL_HEADER;
    return coder;
}

static AVCodecContext *open_picture(const struct making *making)
{
    const struct barcode *of = making->of;
    AVCodecContext *coder = new_coder(making, of->video ? of->video : "libx264");
    coder->width = making->width;
    coder->height = making->height;
    coder->pix_fmt = av_get_pix_fmt(of->pix_fmt ? of->pix_fmt : "yuv420p");
    coder->framerate = av_make_q((int)making->fps.num, (int)making->fps.den);
    coder->time_base = of->time_ms ? av_make_q(1, MILLISECONDS) : av_inv_q(coder->framerate);
    coder->gop_size = of->gop ? of->gop : 12;
    coder->max_b_frames = of->b_frames;
    coder->bit_rate = 2000000;
    if (!strcmp(coder->codec->name, "libx264")) {
        av_opt_set(coder->priv_data, "preset", "ultrafast", 0);
        g_autofree char *b =
            g_strdup_printf("bframes=%d:b-adapt=0:scenecut=0:crf=12", of->b_frames);
        av_opt_set(coder->priv_data, "x264-params", b, 0);
        coder->bit_rate = 0;
    }
    set_options(coder, of->options);
    g_assert_cmpint(avcodec_open2(coder, NULL, NULL), >=, 0);
    return coder;
}

static AVCodecContext *open_sound(const struct making *making)
{
    AVCodecContext *coder = new_coder(making, making->of->audio);
    const enum AVSampleFormat *format = coder->codec->sample_fmts;
    while (av_get_packed_sample_fmt(*format) == AV_SAMPLE_FMT_S32)
        format++;
    coder->sample_fmt = *format;
    coder->sample_rate = BARCODE_RATE;
    coder->time_base = av_make_q(1, BARCODE_RATE);
    coder->bit_rate = 128000;
    av_channel_layout_default(&coder->ch_layout, 1);
    g_assert_cmpint(avcodec_open2(coder, NULL, NULL), >=, 0);
    return coder;
}

static void add_stream(struct making *making, const AVCodecContext *coder)
{
    AVStream *stream = avformat_new_stream(making->format, NULL);
    avcodec_parameters_from_context(stream->codecpar, coder);
    stream->time_base = coder->time_base;
    if (coder->codec_type == AVMEDIA_TYPE_VIDEO && !making->of->time_ms)
        stream->avg_frame_rate = coder->framerate;
}

static int64_t step_of(const struct making *making, int64_t ms)
{
    int n = 0;
    if (!making->of->time_ms)
        return 1;
    while (n + 1 < making->of->frames && making->of->time_ms(n) < ms)
        n++;
    if (n + 1 == making->of->frames && making->of->last_ms)
        return making->of->last_ms;
    return n + 1 < making->of->frames ? making->of->time_ms(n + 1) - ms
                                      : ms - making->of->time_ms(MAX(n - 1, 0));
}

/* NULL drains. */
static void encode(struct making *making, int index, AVCodecContext *coder, const AVFrame *frame)
{
    AVStream *stream = making->format->streams[index];
    AVPacket *packet = av_packet_alloc();
    double late_s = making->of->start_s + (index ? making->of->sound_late_s : 0);
    int64_t late = llround(late_s / av_q2d(coder->time_base));
    g_assert_cmpint(avcodec_send_frame(coder, frame), >=, 0);
    while (avcodec_receive_packet(coder, packet) >= 0) {
        if (!index && packet->duration <= 0)
            packet->duration = step_of(making, packet->pts);
        packet->pts += late;
        packet->dts += late;
        av_packet_rescale_ts(packet, coder->time_base, stream->time_base);
        packet->stream_index = index;
        g_assert_cmpint(av_interleaved_write_frame(making->format, packet), >=, 0);
    }
    av_packet_free(&packet);
}

/* Another encoder goes on in the same stream. */
static void change(struct making *making)
{
    encode(making, 0, making->picture, NULL);
    avcodec_free_context(&making->picture);
    making->width = making->of->change_width;
    making->height = making->of->change_height;
    making->picture = open_picture(making);
}

static double end_s(const struct making *making)
{
    const struct barcode *of = making->of;
    int n = of->frames;
    if (!of->time_ms)
        return (double)n / rational_value(making->fps);
    return (of->time_ms(n - 1) + step_of(making, of->time_ms(n - 1))) / (double)MILLISECONDS;
}

static void fill_sound(struct making *making, int64_t *at, int64_t until, bool last)
{
    int size = making->sound->frame_size > 0 ? making->sound->frame_size : 1000;
    while (*at < until && (last || *at + size <= until)) {
        int samples = (int)MIN(size, until - *at);
        AVFrame *frame = sound(making->sound, *at, samples);
        encode(making, 1, making->sound, frame);
        av_frame_free(&frame);
        *at += samples;
    }
}

static void fill(struct making *making)
{
    const struct barcode *of = making->of;
    int64_t at = 0, samples = of->samples ? of->samples : llround(end_s(making) * BARCODE_RATE);
    for (int n = 0; n < of->frames; n++) {
        if (of->change_at && n == of->change_at)
            change(making);
        AVFrame *frame = picture(making, n);
        double time_s = of->time_ms ? of->time_ms(n) / 1000. : n / rational_value(making->fps);
        encode(making, 0, making->picture, frame);
        av_frame_free(&frame);
        if (making->sound)
            fill_sound(making, &at, MIN(samples, llround(time_s * BARCODE_RATE)), false);
    }
    encode(making, 0, making->picture, NULL);
    if (making->sound) {
        fill_sound(making, &at, samples, true);
        encode(making, 1, making->sound, NULL);
    }
}

int barcode_make(const struct barcode *of)
{
    int fd = made_file();
    g_autofree char *path = g_strdup_printf("/proc/self/fd/%d", fd);
    struct making making = {.of = of,
                            .fps = of->fps.num ? of->fps : (struct rational){25, 1},
                            .width = of->width ? of->width : 320,
                            .height = of->height ? of->height : 180};
    avformat_alloc_output_context2(&making.format, NULL, of->muxer, NULL);
    g_assert_nonnull(making.format);
    making.picture = open_picture(&making);
    add_stream(&making, making.picture);
    if (of->audio) {
        making.sound = open_sound(&making);
        add_stream(&making, making.sound);
    }
    g_assert_cmpint(avio_open(&making.format->pb, path, AVIO_FLAG_WRITE), >=, 0);
    making.format->avoid_negative_ts = AVFMT_AVOID_NEG_TS_AUTO;
    g_assert_cmpint(avformat_write_header(making.format, NULL), >=, 0);
    fill(&making);
    g_assert_cmpint(av_write_trailer(making.format), >=, 0);
    avcodec_free_context(&making.picture);
    avcodec_free_context(&making.sound);
    avio_closep(&making.format->pb);
    avformat_free_context(making.format);
    return fd;
}
