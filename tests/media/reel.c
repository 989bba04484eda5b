/* SPDX-License-Identifier: GPL-3.0-or-later
 * Films of fields. */
#include "reel.h"

#include "made.h"

#include <libavutil/imgutils.h>
#include <libavutil/pixdesc.h>

int reel_shade(int moment)
{
    return 30 + 3 * (moment % 50);
}

int reel_corner(bool right, bool low)
{
    return 40 + 100 * low + 50 * right;
}

static int moment_shade(const struct reel *reel, int frame, int field)
{
    bool second = reel->interlaced && (field == 0) != reel->top_first;
    return reel_shade(reel->interlaced ? 2 * frame + second : frame);
}

static void fill_line(uint8_t *line, int width, int depth, int shade)
{
    for (int x = 0; x < width; x++)
        if (depth > 8)
            ((guint16 *)line)[x] = (guint16)(shade << (depth - 8));
        else
            line[x] = (uint8_t)shade;
}

/* The right half of a line of 8 or more bits. */
static void fill_right(uint8_t *line, int width, int depth, int shade)
{
    const int bytes = depth > 8 ? 2 : 1, half = width / 2;
    fill_line(line + (ptrdiff_t)half * bytes, width - half, depth, shade);
}

static void paint_corners(AVFrame *frame, int depth)
{
    for (int y = 0; y < frame->height; y++) {
        uint8_t *line = frame->data[0] + (ptrdiff_t)y * frame->linesize[0];
        const bool low = y >= frame->height / 2;
        fill_line(line, frame->width, depth, reel_corner(false, low));
        fill_right(line, frame->width, depth, reel_corner(true, low));
    }
}

static AVFrame *paint(const struct reel *reel, int n)
{
    const AVPixFmtDescriptor *row = av_pix_fmt_desc_get(reel->format);
    AVFrame *frame = av_frame_alloc();
    frame->format = reel->format;
    frame->width = reel->width;
    frame->height = reel->height;
    frame->pts = n;
    frame->interlaced_frame = reel->interlaced;
    frame->top_field_first = reel->top_first;
    g_assert_cmpint(av_frame_get_buffer(frame, 0), >=, 0);
    for (int y = 0; y < reel->height && row->nb_components > 3; y++)
        for (int x = 0; x < reel->width; x++)
            ((guint16 *)(frame->data[3] + y * frame->linesize[3]))[x] = (guint16)reel->alpha;
    for (int plane = 0; plane < 3; plane++) {
        int width = plane ? AV_CEIL_RSHIFT(reel->width, row->log2_chroma_w) : reel->width;
        int height = plane ? AV_CEIL_RSHIFT(reel->height, row->log2_chroma_h) : reel->height;
        for (int y = 0; y < height; y++)
            fill_line(frame->data[plane] + y * frame->linesize[plane], width, row->comp[0].depth,
                      plane         ? 128
                      : reel->shade ? reel->shade(reel, n, y & 1)
                                    : moment_shade(reel, n, y & 1));
    }
    if (reel->corners)
        paint_corners(frame, row->comp[0].depth);
    return frame;
}

static AVCodecContext *open_coder(const struct reel *reel)
{
    const struct reel *colors = reel->coded ? reel->coded : reel;
    const char *codec = reel->codec ? reel->codec : "ffv1";
    AVCodecContext *coder = avcodec_alloc_context3(avcodec_find_encoder_by_name(codec));
    coder->width = reel->width;
    coder->height = reel->height;
    coder->pix_fmt = reel->format;
    coder->time_base = av_inv_q(reel->fps);
    coder->framerate = reel->fps;
    coder->thread_count = 1;
    if (reel->sar.num)
        coder->sample_aspect_ratio = reel->sar;
    coder->color_range = colors->range;
    coder->colorspace = colors->matrix;
    coder->color_primaries = colors->primaries;
    coder->color_trc = colors->transfer;
    coder->field_order = !reel->interlaced ? AV_FIELD_PROGRESSIVE
                         : reel->top_first ? AV_FIELD_TB
                                           : AV_FIELD_BT;
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

int reel_make(const struct reel *reel)
{
    const int fd = made_file();
    g_autofree char *path = g_strdup_printf("/proc/self/fd/%d", fd);
    AVFormatContext *format = NULL;
    avformat_alloc_output_context2(&format, NULL, "matroska", NULL);
    AVStream *stream = avformat_new_stream(format, NULL);
    AVCodecContext *coder = open_coder(reel);
    avcodec_parameters_from_context(stream->codecpar, coder);
    stream->codecpar->color_range = reel->range;
    stream->codecpar->color_space = reel->matrix;
    stream->codecpar->color_primaries = reel->primaries;
    stream->codecpar->color_trc = reel->transfer;
    stream->time_base = coder->time_base;
    stream->avg_frame_rate = reel->fps;
    if (reel->sar.num)
        stream->sample_aspect_ratio = reel->sar;
    g_assert_cmpint(avio_open(&format->pb, path, AVIO_FLAG_WRITE), >=, 0);
    g_assert_cmpint(avformat_write_header(format, NULL), >=, 0);
    for (int n = 0; n < reel->frames; n++) {
        AVFrame *frame = paint(reel, n);
        put(format, coder, frame);
        av_frame_free(&frame);
    }
    put(format, coder, NULL);
    g_assert_cmpint(av_write_trailer(format), >=, 0);
    avio_closep(&format->pb);
    avcodec_free_context(&coder);
    avformat_free_context(format);
    return fd;
}

static int shade_at(const AVFrame *frame, int line)
{
    const AVPixFmtDescriptor *row = av_pix_fmt_desc_get(frame->format);
    const uint8_t *at = frame->data[0] + line * frame->linesize[0];
    int depth = row->comp[0].depth, x = frame->width / 2;
    return depth > 8 ? (((const guint16 *)at)[x] + (1 << (depth - 9))) >> (depth - 8) : at[x];
}

static void sum(GChecksum *md5, const AVFrame *frame)
{
    const AVPixFmtDescriptor *row = av_pix_fmt_desc_get(frame->format);
    for (int plane = 0; plane < av_pix_fmt_count_planes(frame->format); plane++) {
        bool chroma = plane == 1 || plane == 2;
        int height = AV_CEIL_RSHIFT(frame->height, chroma ? row->log2_chroma_h : 0);
        int width = av_image_get_linesize(frame->format, frame->width, plane);
        for (int y = 0; y < height; y++)
            g_checksum_update(md5, frame->data[plane] + y * frame->linesize[plane], width);
    }
}

static void see(struct reel_seen *seen, GChecksum *md5, AVFrame *frame)
{
    sum(md5, frame);
    if (!seen->frames) {
        seen->interlaced = frame->interlaced_frame;
        seen->top_first = frame->top_field_first;
        seen->first = av_frame_clone(frame);
    }
    seen->interlaced_frames += frame->interlaced_frame;
    for (int field = 0; field < 2 && seen->frames < REEL_MOST; field++)
        seen->shade[seen->frames][field] = shade_at(frame, 8 + field);
    seen->frames++;
}

static void decode(AVCodecContext *decoder, const AVPacket *packet, struct reel_seen *seen,
                   GChecksum *md5)
{
    AVFrame *frame = av_frame_alloc();
    g_assert_cmpint(avcodec_send_packet(decoder, packet), >=, 0);
    while (avcodec_receive_frame(decoder, frame) >= 0)
        see(seen, md5, frame);
    av_frame_free(&frame);
}

/* A decoder that knows nothing of what the container says of colour and fields. */
static AVCodecContext *open_decoder(const AVStream *stream)
{
    AVCodecContext *decoder =
        avcodec_alloc_context3(avcodec_find_decoder(stream->codecpar->codec_id));
    g_assert_nonnull(decoder);
    avcodec_parameters_to_context(decoder, stream->codecpar);
    decoder->color_range = AVCOL_RANGE_UNSPECIFIED;
    decoder->colorspace = AVCOL_SPC_UNSPECIFIED;
    decoder->color_primaries = AVCOL_PRI_UNSPECIFIED;
    decoder->color_trc = AVCOL_TRC_UNSPECIFIED;
    decoder->field_order = AV_FIELD_UNKNOWN;
    g_assert_cmpint(avcodec_open2(decoder, NULL, NULL), >=, 0);
    return decoder;
}

static void keep_timecode(const AVFormatContext *format, struct reel_seen *seen)
{
    const AVDictionaryEntry *found = av_dict_get(format->metadata, "timecode", NULL, 0);
    for (unsigned i = 0; !found && i < format->nb_streams; i++)
        found = av_dict_get(format->streams[i]->metadata, "timecode", NULL, 0);
    g_strlcpy(seen->timecode, found ? found->value : "", sizeof seen->timecode);
}

void reel_look(int fd, struct reel_seen *seen)
{
    g_autofree char *path = g_strdup_printf("/proc/self/fd/%d", fd);
    AVFormatContext *format = NULL;
    *seen =
        (struct reel_seen){.par = avcodec_parameters_alloc(), .told = avcodec_parameters_alloc()};
    g_assert_cmpint(avformat_open_input(&format, path, NULL, NULL), >=, 0);
    for (unsigned i = 0; i < format->nb_streams; i++)
        if (format->streams[i]->codecpar->codec_type == AVMEDIA_TYPE_VIDEO)
            avcodec_parameters_copy(seen->told, format->streams[i]->codecpar);
    g_assert_cmpint(avformat_find_stream_info(format, NULL), >=, 0);
    int picture = av_find_best_stream(format, AVMEDIA_TYPE_VIDEO, -1, -1, NULL, 0);
    g_assert_cmpint(picture, >=, 0);
    const AVStream *stream = format->streams[picture];
    avcodec_parameters_copy(seen->par, stream->codecpar);
    seen->order = stream->codecpar->field_order;
    seen->fps = stream->avg_frame_rate;
    seen->sar = av_guess_sample_aspect_ratio(format, format->streams[picture], NULL);
    keep_timecode(format, seen);
    AVCodecContext *decoder = open_decoder(stream);
    AVPacket *packet = av_packet_alloc();
    g_autoptr(GChecksum) md5 = g_checksum_new(G_CHECKSUM_MD5);
    seen->turned = av_stream_get_side_data(stream, AV_PKT_DATA_DISPLAYMATRIX, NULL);
    for (; av_read_frame(format, packet) >= 0; av_packet_unref(packet)) {
        if (packet->stream_index != picture)
            continue;
        seen->keys += packet->flags & AV_PKT_FLAG_KEY;
        decode(decoder, packet, seen, md5);
    }
    decode(decoder, NULL, seen, md5);
    g_strlcpy(seen->md5, g_checksum_get_string(md5), sizeof seen->md5);
    av_packet_free(&packet);
    avcodec_free_context(&decoder);
    avformat_close_input(&format);
}

void reel_clear(struct reel_seen *seen)
{
    avcodec_parameters_free(&seen->told);
    avcodec_parameters_free(&seen->par);
    av_frame_free(&seen->first);
}
