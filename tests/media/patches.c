/* SPDX-License-Identifier: GPL-3.0-or-later
 * Films of grey patches. */
#include "patches.h"

#include "made.h"

#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/dovi_meta.h>
#include <libavutil/pixdesc.h>

enum { SIDE = 64 };

AVMasteringDisplayMetadata patches_display(void)
{
    return (AVMasteringDisplayMetadata){
        .display_primaries = {{{34000, 50000}, {16000, 50000}},
                              {{13250, 50000}, {34500, 50000}},
                              {{7500, 50000}, {3000, 50000}}},
        .white_point = {{15635, 50000}, {16450, 50000}},
        .min_luminance = {50, 10000},
        .max_luminance = {10000000, 10000},
        .has_primaries = 1,
        .has_luminance = 1,
    };
}

static void add(AVStream *stream, enum AVPacketSideDataType type, const void *data, size_t size)
{
    memcpy(av_stream_new_side_data(stream, type, size), data, size);
}

static void add_light(AVStream *stream, const struct patches_light *light)
{
    const AVMasteringDisplayMetadata display = patches_display();
    const AVContentLightMetadata level = {light->max_cll, 120};
    const AVDOVIDecoderConfigurationRecord dolby = {
        .dv_version_major = 1,
        .dv_profile = (uint8_t)light->dolby_vision,
        .dv_level = 1,
        .rpu_present_flag = 1,
        .bl_present_flag = 1,
        .dv_bl_signal_compatibility_id = (uint8_t)light->base_like,
    };
    if (light->mastering)
        add(stream, AV_PKT_DATA_MASTERING_DISPLAY_METADATA, &display, sizeof display);
    if (light->max_cll)
        add(stream, AV_PKT_DATA_CONTENT_LIGHT_LEVEL, &level, sizeof level);
    if (light->dolby_vision)
        add(stream, AV_PKT_DATA_DOVI_CONF, &dolby, sizeof dolby);
}

static int sample(const int luma[PATCHES], int slope, int plane, int x, int y)
{
    return plane == 0 ? luma[x * PATCHES / SIDE] : plane == 1 ? PATCHES_CHROMA + slope * y : 512;
}

static AVFrame *paint(const int luma[PATCHES], int slope, int n)
{
    AVFrame *frame = av_frame_alloc();
    frame->format = AV_PIX_FMT_YUV444P10LE;
    frame->width = frame->height = SIDE;
    frame->pts = n;
    g_assert_cmpint(av_frame_get_buffer(frame, 0), >=, 0);
    for (int plane = 0; plane < 3; plane++)
        for (int y = 0; y < SIDE; y++)
            for (int x = 0; x < SIDE; x++)
                ((guint16 *)(frame->data[plane] + y * frame->linesize[plane]))[x] =
                    (guint16)sample(luma, slope, plane, x, y);
    return frame;
}

static AVCodecContext *open_coder(const struct patches_tags *tags)
{
    AVCodecContext *coder = avcodec_alloc_context3(avcodec_find_encoder(AV_CODEC_ID_FFV1));
    coder->width = coder->height = SIDE;
    coder->pix_fmt = AV_PIX_FMT_YUV444P10LE;
    coder->time_base = av_make_q(1, 25);
    coder->framerate = av_make_q(25, 1);
    coder->thread_count = 1;
    coder->color_range = AVCOL_RANGE_MPEG;
    coder->colorspace = tags->matrix;
    coder->color_primaries = tags->primaries;
    coder->color_trc = tags->transfer;
    coder->flags |= AV_CODEC_FLAG_GLOBAL_HEADER;
    g_assert_cmpint(avcodec_open2(coder, NULL, NULL), >=, 0);
    return coder;
}

static void put(AVFormatContext *format, AVCodecContext *coder, const AVFrame *frame)
{
    AVPacket *packet = av_packet_alloc();
    g_assert_cmpint(avcodec_send_frame(coder, frame), >=, 0);
    while (avcodec_receive_packet(coder, packet) >= 0) {
        packet->duration = 1;
        av_packet_rescale_ts(packet, coder->time_base, format->streams[0]->time_base);
        g_assert_cmpint(av_interleaved_write_frame(format, packet), >=, 0);
    }
    av_packet_free(&packet);
}

static int film(const int luma[PATCHES], int slope, const struct patches_tags *tags,
                const struct patches_light *light)
{
    const int fd = made_file();
    g_autofree char *path = g_strdup_printf("/proc/self/fd/%d", fd);
    AVFormatContext *format = NULL;
    avformat_alloc_output_context2(&format, NULL, "matroska", NULL);
    AVStream *stream = avformat_new_stream(format, NULL);
    AVCodecContext *coder = open_coder(tags);
    avcodec_parameters_from_context(stream->codecpar, coder);
    stream->time_base = coder->time_base;
    stream->avg_frame_rate = coder->framerate;
    format->strict_std_compliance = FF_COMPLIANCE_UNOFFICIAL; /* Dolby Vision */
    add_light(stream, light);
    g_assert_cmpint(avio_open(&format->pb, path, AVIO_FLAG_WRITE), >=, 0);
    g_assert_cmpint(avformat_write_header(format, NULL), >=, 0);
    for (int n = 0; n < 3; n++) {
        AVFrame *frame = paint(luma, slope, n);
        put(format, coder, frame);
        av_frame_free(&frame);
    }
    put(format, coder, NULL);
    g_assert_cmpint(av_write_trailer(format), >=, 0);
    avcodec_free_context(&coder);
    avio_closep(&format->pb);
    avformat_free_context(format);
    return fd;
}

int patches_film(const int luma[PATCHES], const struct patches_tags *tags, bool hdr10)
{
    return film(luma, 0, tags, &(struct patches_light){hdr10, hdr10 ? 800 : 0, 0, 0});
}

int patches_lit(const int luma[PATCHES], const struct patches_tags *tags,
                const struct patches_light *light)
{
    return film(luma, 0, tags, light);
}

int patches_slope(int slope, const struct patches_tags *tags)
{
    const int grey[PATCHES] = {500, 500, 500, 500, 500, 500, 500, 500};
    return film(grey, slope, tags, &(struct patches_light){0});
}

static void see_light(struct patches_seen *seen, const AVMasteringDisplayMetadata *display,
                      const AVContentLightMetadata *light)
{
    if (display) {
        seen->mastering = true;
        seen->display = *display;
    }
    if (light && (light->MaxCLL || light->MaxFALL)) {
        seen->light = true;
        seen->max_cll = light->MaxCLL;
        seen->max_fall = light->MaxFALL;
    }
}

static const void *of_frame(const AVFrame *frame, enum AVFrameSideDataType type)
{
    const AVFrameSideData *data = av_frame_get_side_data(frame, type);
    return data ? data->data : NULL;
}

static void see_frame(struct patches_seen *seen, const AVFrame *frame)
{
    const bool deep = av_pix_fmt_desc_get(frame->format)->comp[0].depth > 8;
    const guint8 *row = frame->data[0] + frame->height / 2 * frame->linesize[0];
    seen->bitstream =
        (struct patches_tags){frame->colorspace, frame->color_primaries, frame->color_trc};
    see_light(seen, of_frame(frame, AV_FRAME_DATA_MASTERING_DISPLAY_METADATA),
              of_frame(frame, AV_FRAME_DATA_CONTENT_LIGHT_LEVEL));
    for (int i = 0; i < PATCHES; i++) {
        const int x = (2 * i + 1) * frame->width / PATCHES / 2;
        seen->luma[i] = deep ? ((const guint16 *)row)[x] : row[x];
    }
    const guint8 *chroma = frame->data[1] + PATCHES_ROW * frame->linesize[1];
    seen->chroma = deep ? ((const guint16 *)chroma)[8] : chroma[8];
}

/* Nothing of the container's tags reaches the decoder. */
static void decode_first(struct patches_seen *seen, AVFormatContext *format)
{
    AVCodecParameters *par = format->streams[0]->codecpar;
    AVCodecContext *coder = avcodec_alloc_context3(avcodec_find_decoder(par->codec_id));
    AVFrame *frame = av_frame_alloc();
    AVPacket *packet = av_packet_alloc();
    par->color_space = AVCOL_SPC_UNSPECIFIED;
    par->color_primaries = AVCOL_PRI_UNSPECIFIED;
    par->color_trc = AVCOL_TRC_UNSPECIFIED;
    g_assert_cmpint(avcodec_parameters_to_context(coder, par), >=, 0);
    coder->thread_count = 1;
    g_assert_cmpint(avcodec_open2(coder, NULL, NULL), >=, 0);
    int got = AVERROR(EAGAIN);
    while (got == AVERROR(EAGAIN)) {
        const bool read = av_read_frame(format, packet) >= 0;
        avcodec_send_packet(coder, read ? packet : NULL);
        av_packet_unref(packet);
        got = avcodec_receive_frame(coder, frame);
    }
    g_assert_cmpint(got, >=, 0);
    see_frame(seen, frame);
    av_packet_free(&packet);
    av_frame_free(&frame);
    avcodec_free_context(&coder);
}

struct patches_seen patches_look(int fd)
{
    struct patches_seen seen = {0};
    g_autofree char *path = g_strdup_printf("/proc/self/fd/%d", fd);
    AVFormatContext *format = NULL;
    g_assert_cmpint(avformat_open_input(&format, path, NULL, NULL), >=, 0);
    AVStream *stream = format->streams[0];
    const AVCodecParameters *par = stream->codecpar;
    seen.container = (struct patches_tags){par->color_space, par->color_primaries, par->color_trc};
    see_light(&seen,
              (void *)av_stream_get_side_data(stream, AV_PKT_DATA_MASTERING_DISPLAY_METADATA, NULL),
              (void *)av_stream_get_side_data(stream, AV_PKT_DATA_CONTENT_LIGHT_LEVEL, NULL));
    decode_first(&seen, format);
    avformat_close_input(&format);
    return seen;
}
