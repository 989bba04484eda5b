/* SPDX-License-Identifier: GPL-3.0-or-later
 * Moving samples, through libav*. */
#include "make.h"

#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/channel_layout.h>
#include <libavutil/display.h>
#include <libavutil/opt.h>
#include <math.h>

enum { RATE = 48000 };

/* One stream being written: its encoder, its frame, and how far it is. */
struct track {
    AVCodecContext *encoder;
    AVStream *stream;
    AVFrame *frame;
    int64_t next_pts;
};

static void need(int result, const char *what)
{
    if (result < 0)
        stop(what, av_err2str(result));
}

static AVCodecContext *new_encoder(const char *name)
{
    const AVCodec *codec = avcodec_find_encoder_by_name(name);
    AVCodecContext *encoder = codec ? avcodec_alloc_context3(codec) : NULL;
    if (!encoder)
        stop(name, "this encoder isn't there");
    encoder->thread_count = 1;
    encoder->flags |= AV_CODEC_FLAG_BITEXACT;
    return encoder;
}

static void open_track(struct track *track, AVFormatContext *mux, const AVRational *time_base)
{
    if (mux->oformat->flags & AVFMT_GLOBALHEADER)
        track->encoder->flags |= AV_CODEC_FLAG_GLOBAL_HEADER;
    track->encoder->time_base = *time_base;
    need(avcodec_open2(track->encoder, NULL, NULL), track->encoder->codec->name);
    track->stream = avformat_new_stream(mux, NULL);
    track->frame = av_frame_alloc();
    need(avcodec_parameters_from_context(track->stream->codecpar, track->encoder), "stream");
    track->stream->time_base = *time_base;
}

static void open_picture(struct track *track, AVFormatContext *mux, const struct clip *clip)
{
    AVCodecContext *encoder = track->encoder = new_encoder(clip->video_encoder);
    bool hd = clip->height >= 540;
    encoder->width = clip->width;
    encoder->height = clip->height;
    encoder->pix_fmt = AV_PIX_FMT_YUV420P;
    encoder->framerate = (AVRational){clip->rate_num, clip->rate_den};
    encoder->gop_size = 12;
    encoder->color_range = AVCOL_RANGE_MPEG;
    encoder->colorspace = hd && !clip->interlaced ? AVCOL_SPC_BT709 : AVCOL_SPC_BT470BG;
    encoder->color_primaries = hd && !clip->interlaced ? AVCOL_PRI_BT709 : AVCOL_PRI_BT470BG;
    encoder->color_trc = AVCOL_TRC_BT709;
    encoder->chroma_sample_location = AVCHROMA_LOC_LEFT;
    if (clip->sar_num)
        encoder->sample_aspect_ratio = (AVRational){clip->sar_num, clip->sar_den};
    if (clip->interlaced) {
        encoder->flags |= AV_CODEC_FLAG_INTERLACED_DCT | AV_CODEC_FLAG_INTERLACED_ME;
        encoder->field_order = AV_FIELD_TT;
        encoder->bit_rate = 2500000;
    } else
        av_opt_set(encoder->priv_data, "crf", "22", 0);
    AVRational time_base = {clip->rate_den, clip->rate_num};
    open_track(track, mux, &time_base);
    track->stream->avg_frame_rate = encoder->framerate;
    track->stream->sample_aspect_ratio = encoder->sample_aspect_ratio;
    if (clip->rotate) {
        int32_t *matrix = (int32_t *)av_stream_new_side_data(
            track->stream, AV_PKT_DATA_DISPLAYMATRIX, 9 * sizeof *matrix);
        av_display_rotation_set(matrix, clip->rotate);
    }
    track->frame->format = encoder->pix_fmt;
    track->frame->width = clip->width;
    track->frame->height = clip->height;
    need(av_frame_get_buffer(track->frame, 0), "frame");
}

static void open_sound(struct track *track, AVFormatContext *mux, const struct clip *clip)
{
    AVCodecContext *encoder = track->encoder = new_encoder(clip->audio_encoder);
    encoder->sample_rate = RATE;
    encoder->sample_fmt = encoder->codec->sample_fmts[0];
    encoder->bit_rate = 128000;
    av_channel_layout_default(&encoder->ch_layout, 2);
    AVRational time_base = {1, RATE};
    open_track(track, mux, &time_base);
    track->frame->nb_samples =
        encoder->frame_size ? encoder->frame_size : RATE * clip->rate_den / clip->rate_num;
    track->frame->format = encoder->sample_fmt;
    track->frame->sample_rate = RATE;
    need(av_channel_layout_copy(&track->frame->ch_layout, &encoder->ch_layout), "sound");
    need(av_frame_get_buffer(track->frame, 0), "sound");
}

static void drain(struct track *track, AVFormatContext *mux, AVFrame *frame)
{
    AVPacket *packet = av_packet_alloc();
    need(avcodec_send_frame(track->encoder, frame), "encoding");
    int got;
    while ((got = avcodec_receive_packet(track->encoder, packet)) >= 0) {
        packet->stream_index = track->stream->index;
        av_packet_rescale_ts(packet, track->encoder->time_base, track->stream->time_base);
        need(av_interleaved_write_frame(mux, packet), "writing");
    }
    if (got != AVERROR(EAGAIN) && got != AVERROR_EOF)
        need(got, "encoding");
    av_packet_free(&packet);
}

/* Limited-range Y'CbCr by the luma weights of the matrix (BT.709 or BT.601). */
static void to_ycbcr(const double rgb[3], bool bt709, double out[3])
{
    double kr = bt709 ? 0.2126 : 0.299, kb = bt709 ? 0.0722 : 0.114;
    double y = kr * rgb[0] + (1 - kr - kb) * rgb[1] + kb * rgb[2];
    out[0] = 16 + 219 * y;
    out[1] = 128 + 224 * (rgb[2] - y) / (2 * (1 - kb));
    out[2] = 128 + 224 * (rgb[0] - y) / (2 * (1 - kr));
}

/* When each line of frame n was seen: the bottom field half a frame later. */
static double line_time(const struct clip *clip, int64_t n, int line)
{
    double frame = (double)clip->rate_den / clip->rate_num;
    return frame * ((double)n + (clip->interlaced && line % 2 ? 0.5 : 0));
}

static void pixel(const struct clip *clip, int x, int y, double seconds, double out[3], bool bt709)
{
    double across = (x + 0.5) / clip->width, down = (y + 0.5) / clip->height, rgb[3];
    double aspect = (double)clip->width / clip->height *
                    (clip->sar_num ? (double)clip->sar_num / clip->sar_den : 1);
    if (clip->rotate == 90)
        scene_rgb(1 - down, across, 1 / aspect, seconds, rgb);
    else
        scene_rgb(across, down, aspect, seconds, rgb);
    to_ycbcr(rgb, bt709, out);
}

static void draw(AVFrame *frame, const struct clip *clip, int64_t n)
{
    bool bt709 = !clip->interlaced;
    for (int y = 0; y < clip->height; y++) {
        double seconds = line_time(clip, n, y);
        /* 4:2:0 chroma lines of a field lie two picture lines apart. */
        bool has_chroma = clip->interlaced ? y % 4 < 2 : y % 2 == 0;
        int chroma_line = clip->interlaced ? y / 4 * 2 + y % 2 : y / 2;
        for (int x = 0; x < clip->width; x++) {
            double ycbcr[3];
            pixel(clip, x, y, seconds, ycbcr, bt709);
            frame->data[0][y * frame->linesize[0] + x] = (uint8_t)lround(ycbcr[0]);
            if (!has_chroma || x % 2)
                continue;
            frame->data[1][chroma_line * frame->linesize[1] + x / 2] = (uint8_t)lround(ycbcr[1]);
            frame->data[2][chroma_line * frame->linesize[2] + x / 2] = (uint8_t)lround(ycbcr[2]);
        }
    }
}

static void write_picture(struct track *track, AVFormatContext *mux, const struct clip *clip)
{
    need(av_frame_make_writable(track->frame), "frame");
    draw(track->frame, clip, track->next_pts);
    track->frame->interlaced_frame = track->frame->top_field_first = clip->interlaced;
    track->frame->pts = track->next_pts++;
    drain(track, mux, track->frame);
}

static void speak(AVFrame *frame, int64_t from)
{
    for (int i = 0; i < frame->nb_samples; i++)
        for (int c = 0; c < 2; c++) {
            double value = 0.5 * voice((double)(from + i) / RATE, c ? 150 : 120);
            if (frame->format == AV_SAMPLE_FMT_S16)
                ((int16_t *)frame->data[0])[2 * i + c] = (int16_t)lround(value * 32767);
            else
                ((float *)frame->data[c])[i] = (float)value;
        }
}

static void write_sound(struct track *track, AVFormatContext *mux)
{
    need(av_frame_make_writable(track->frame), "sound");
    speak(track->frame, track->next_pts);
    track->frame->pts = track->next_pts;
    track->next_pts += track->frame->nb_samples;
    drain(track, mux, track->frame);
}

static void write_all(struct track *picture, struct track *sound, AVFormatContext *mux,
                      const struct clip *clip)
{
    int64_t samples = av_rescale(clip->frames, (int64_t)RATE * clip->rate_den, clip->rate_num);
    while (picture->next_pts < clip->frames || sound->next_pts < samples) {
        double sound_s = (double)sound->next_pts / RATE;
        if (sound->next_pts >= samples ||
            (picture->next_pts < clip->frames && line_time(clip, picture->next_pts, 0) <= sound_s))
            write_picture(picture, mux, clip);
        else
            write_sound(sound, mux);
    }
    drain(picture, mux, NULL);
    drain(sound, mux, NULL);
}

static void close_track(struct track *track)
{
    avcodec_free_context(&track->encoder);
    av_frame_free(&track->frame);
}

void make_clip(const struct clip *clip)
{
    AVFormatContext *mux = NULL;
    struct track picture = {.next_pts = 0}, sound = {.next_pts = 0};
    av_log_set_level(AV_LOG_ERROR);
    need(avformat_alloc_output_context2(&mux, NULL, clip->muxer, clip->path), clip->path);
    mux->flags |= AVFMT_FLAG_BITEXACT;
    open_picture(&picture, mux, clip);
    open_sound(&sound, mux, clip);
    if (clip->timecode) {
        av_dict_set(&mux->metadata, "timecode", clip->timecode, 0);
        av_dict_set(&mux->metadata, "reel_name", "A001", 0);
    }
    av_dict_set(&mux->metadata, "creation_time", "2026-01-31T10:00:00Z", 0);
    need(avio_open(&mux->pb, clip->path, AVIO_FLAG_WRITE), clip->path);
    need(avformat_write_header(mux, NULL), clip->path);
    write_all(&picture, &sound, mux, clip);
    need(av_write_trailer(mux), clip->path);
    need(avio_closep(&mux->pb), clip->path);
    close_track(&picture);
    close_track(&sound);
    avformat_free_context(mux);
}
