/* SPDX-License-Identifier: GPL-3.0-or-later
 * Encoders: life, frames in, packets out, and what they count. */
#include "media/encoder.h"
#include "media/frame.h"
#include "media/log.h"

#include "../bytes/caption_sei.h"
#include "../bytes/nal.h"
#include "../bytes/vc3_header.h"
#include "../chain/private.h"
#include "../signal/halves.h"
#include "../signal/packet_sound.h"
#include "private.h"

#include <libavformat/avformat.h>
#include <libavutil/opt.h>

const AVCodec *encoder_find(const char *asked, const char *codec, struct failure *failure)
{
    const struct codec *row = codec_find(codec);
    const char *name = asked ? asked : row ? row->encoder : NULL;
    const AVCodec *found = name ? avcodec_find_encoder_by_name(name) : NULL;
    if (!found) {
        fail(failure, FAIL_UNSUPPORTED, "no encoder %s for codec \"%s\" is installed",
             name ? name : "here", codec);
        return NULL;
    }
    if (asked && row && row->encoder) {
        const AVCodec *usual = avcodec_find_encoder_by_name(row->encoder);
        if (usual && usual->id != found->id) {
            fail(failure, FAIL_CONFIG, "encoder %s writes %s, not %s", asked,
                 avcodec_get_name(found->id), codec);
            return NULL;
        }
    }
    return found;
}

void encoder_pin(AVCodecContext *context)
{
    context->flags |= AV_CODEC_FLAG_BITEXACT;
    context->thread_count = 1;
}

struct encoder *encoder_new(const AVCodec *codec, const struct encoder_setup *setup,
                            struct failure *failure)
{
    struct encoder *encoder = g_new0(struct encoder, 1);
    encoder->durations = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, g_free);
    encoder->first = encoder->last_dts = AV_NOPTS_VALUE;
    encoder->context = avcodec_alloc_context3(codec);
    if (!encoder->context) {
        fail(failure, FAIL_MEMORY, "no memory for encoder %s", codec->name);
        encoder_close(encoder);
        return NULL;
    }
    const struct container *container = container_by_name(setup->container);
    const AVOutputFormat *format =
        container && container->muxer ? av_guess_format(container->muxer, NULL, NULL) : NULL;
    if (format && format->flags & AVFMT_GLOBALHEADER)
        encoder->context->flags |= AV_CODEC_FLAG_GLOBAL_HEADER;
    encoder->context->time_base = setup->time_base;
    encoder->context->thread_count = MAX(setup->threads, 1);
    return encoder;
}

/* Those of later releases do. */
static bool leaves_captions_out(const AVCodec *codec)
{
    return codec->id == AV_CODEC_ID_HEVC && !encoder_has_option(codec, "a53cc");
}

static void free_bytes(gpointer bytes)
{
    g_bytes_unref(bytes);
}

/* The option's name of the encoder of OpenEXR: 1 is half. */
static bool writes_halves(const AVCodecContext *context)
{
    enum { HALF = 1 };
    int64_t format = 0;
    return context->codec_id == AV_CODEC_ID_EXR && context->priv_data &&
           av_opt_get_int(context->priv_data, "format", 0, &format) >= 0 && format == HALF;
}

/* What comes to it. */
static char *flows_text(const AVCodecContext *context)
{
    if (context->codec_type == AVMEDIA_TYPE_AUDIO)
        return g_strdup_printf("sound of %d Hz and %d channel%s", context->sample_rate,
                               context->ch_layout.nb_channels,
                               context->ch_layout.nb_channels == 1 ? "" : "s");
    return g_strdup_printf("a picture of %dx%d in %s at %.6g frames a second", context->width,
                           context->height, av_get_pix_fmt_name(context->pix_fmt),
                           av_q2d(context->framerate));
}

static bool refused(const AVCodec *codec, const char *flows, int error, int64_t log,
                    struct failure *failure)
{
    const bool sound = codec->type == AVMEDIA_TYPE_AUDIO;
    g_autofree char *said = media_log_complaint(log);
    return fail(failure, error == AVERROR(ENOMEM) ? FAIL_MEMORY : FAIL_CONFIG,
                "encoder %s refuses %s: \"%s\". Change what it means under `encode.%s`, or leave "
                "it out%s",
                codec->name, flows, said ? said : av_err2str(error), sound ? "audio" : "video",
                sound ? "; or ask for another `sample_rate` or `channels`" : "");
}

bool encoder_start(struct encoder *encoder, struct failure *failure)
{
    const AVCodec *codec = encoder->context->codec;
    bool rated = prores_rate_serves(encoder->context);
    if (rated)
        encoder->context->thread_count = 1; /* it is only asked for its rate */
    const int64_t log = media_log_end();
    g_autofree char *flows = flows_text(encoder->context);
    int error = avcodec_open2(encoder->context, codec, NULL);
    int64_t profile = FF_PROFILE_UNKNOWN;
    if (error >= 0 && codec->id == AV_CODEC_ID_PRORES && /* which MXF files want to know */
        av_opt_get_int(encoder->context->priv_data, "profile", 0, &profile) >= 0)
        encoder->context->profile = (int)profile;
    encoder->halves = writes_halves(encoder->context);
    if (leaves_captions_out(codec))
        encoder->captions = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, free_bytes);
    if (error == AVERROR(ENOSYS) && codec->id == AV_CODEC_ID_FFV1)
        return fail(failure, FAIL_CONFIG,
                    "a picture of %dx%d can't be divided into the slices of ffv1: add a `pad` or "
                    "`resize` step that makes it larger, or give the encoder other `slices`",
                    encoder->context->width, encoder->context->height);
    if (error < 0)
        return refused(codec, flows, error, log, failure);
    if (rated) {
        encoder->rate = prores_rate_new(encoder->context);
        encoder->ready = packet_new();
    }
    return true;
}

void encoder_close(struct encoder *encoder)
{
    if (!encoder)
        return;
    prores_rate_free(encoder->rate);
    av_packet_free(&encoder->ready);
    avcodec_free_context(&encoder->context);
    packet_counter_destroy(encoder->counter);
    avcodec_parameters_free(&encoder->coded);
    g_hash_table_unref(encoder->durations);
    g_clear_pointer(&encoder->captions, g_hash_table_unref);
    g_free(encoder);
}

static void remember(struct encoder *encoder, const AVFrame *frame)
{
    bool sound = encoder->context->codec_type == AVMEDIA_TYPE_AUDIO;
    int64_t lasts = sound ? frame->nb_samples : frame->pkt_duration;
    if (encoder->first == AV_NOPTS_VALUE)
        encoder->first = frame->pts;
    if (!sound && lasts <= 0)
        lasts = frame->pts + 1 - MAX(encoder->last_end, 0);
    encoder->count += sound ? frame->nb_samples : 1;
    encoder->last_end = frame->pts + MAX(lasts, 1);
    if (sound)
        return;
    g_hash_table_replace(encoder->durations, g_memdup2(&frame->pts, sizeof(frame->pts)),
                         g_memdup2(&lasts, sizeof(lasts)));
}

static void remember_captions(struct encoder *encoder, const AVFrame *frame)
{
    const AVFrameSideData *data =
        encoder->captions ? av_frame_get_side_data(frame, AV_FRAME_DATA_A53_CC) : NULL;
    if (data)
        g_hash_table_replace(encoder->captions, g_memdup2(&frame->pts, sizeof(frame->pts)),
                             g_bytes_new(data->data, data->size));
}

static bool put_captions(struct encoder *encoder, AVPacket *packet, struct failure *failure)
{
    const AVCodecContext *context = encoder->context;
    GBytes *triplets =
        encoder->captions ? g_hash_table_lookup(encoder->captions, &packet->pts) : NULL;
    if (!triplets)
        return true;
    gsize size = 0;
    const uint8_t *data = g_bytes_get_data(triplets, &size);
    const AVCodecParameters par = {.codec_id = context->codec_id,
                                   .extradata = context->extradata,
                                   .extradata_size = context->extradata_size};
    bool put = caption_sei_insert(packet, nal_length_bytes(&par), data, size);
    g_hash_table_remove(encoder->captions, &packet->pts);
    return put || fail(failure, FAIL_MEMORY, "no memory for captions");
}

static bool push_rated(struct encoder *encoder, const AVFrame *frame, struct failure *failure)
{
    if (!frame)
        return true;
    if (encoder->ready->size)
        return fail(failure, FAIL_INTERNAL, "a picture was encoded before the last one was taken");
    remember(encoder, frame);
    return prores_rate_encode(encoder->rate, frame, encoder->ready, failure);
}

/* As avcodec_receive_packet(). */
static int receive(struct encoder *encoder, AVPacket *packet)
{
    if (!encoder->rate)
        return avcodec_receive_packet(encoder->context, packet);
    if (!encoder->ready->size)
        return AVERROR(EAGAIN);
    av_packet_move_ref(packet, encoder->ready);
    return 0;
}

/* A chain of no steps lets through what the decoder gives. */
static bool is_as_opened(const struct encoder *encoder, const AVFrame *frame,
                         struct failure *failure)
{
    const AVCodecContext *context = encoder->context;
    if (context->codec_type != AVMEDIA_TYPE_VIDEO ||
        frame_is(frame, context->pix_fmt, context->width, context->height))
        return true;
    return encoder->count ? fail(failure, FAIL_UNSUPPORTED, PICTURE_CHANGES,
                                 (double)frame->pts * av_q2d(context->time_base))
                          : fail(failure, FAIL_INPUT_DAMAGED, FRAME_IS_ANOTHER);
}

static int send_changed(const struct encoder *encoder, AVFrame *changed)
{
    const int error = avcodec_send_frame(encoder->context, changed);
    av_frame_free(&changed);
    return error;
}

static int send(const struct encoder *encoder, const AVFrame *frame)
{
    if (frame && encoder->halves)
        return send_changed(encoder, halves_of(frame));
    if (frame && encoder_keeps_end(encoder->context) &&
        frame->nb_samples < encoder->context->frame_size)
        return send_changed(encoder, encoder_filled(encoder, frame));
    return avcodec_send_frame(encoder->context, frame);
}

bool encoder_push(struct encoder *encoder, const AVFrame *frame, struct failure *failure)
{
    if (!frame && encoder->drained)
        return true;
    encoder->drained = !frame;
    if (!frame && !encoder->count) /* some hang when they are drained without a frame */
        return true;
    if (frame && !is_as_opened(encoder, frame, failure))
        return false;
    if (encoder->rate)
        return push_rated(encoder, frame, failure);
    int error = 0;
    if (!frame && encoder_lacks_end(encoder))
        error = send_changed(encoder, encoder_filled(encoder, NULL));
    if (error >= 0)
        error = send(encoder, frame);
    if (error < 0 && error != AVERROR_EOF)
        return fail_av(failure, FAIL_INTERNAL, error, "encoder %s failed",
                       encoder->context->codec->name);
    if (frame) {
        remember(encoder, frame);
        remember_captions(encoder, frame);
    }
    return true;
}

/* libx265 3.5 gives the packets of a film of two pictures times of decoding from memory that nobody
 * set. No encoder holds back so many pictures. */
static void mend_dts(struct encoder *encoder, AVPacket *packet)
{
    enum { HELD_MOST = 1000 };
    const int64_t lasts = MAX(packet->duration, 1);
    if (packet->dts > packet->pts || packet->dts < packet->pts - HELD_MOST * lasts)
        packet->dts = encoder->last_dts != AV_NOPTS_VALUE
                          ? MIN(encoder->last_dts + 1, packet->pts)
                          : packet->pts - encoder->context->has_b_frames * lasts;
    encoder->last_dts = packet->dts;
}

int encoder_pull(struct encoder *encoder, AVPacket *packet, struct failure *failure)
{
    int error = receive(encoder, packet);
    if (error == AVERROR(EAGAIN) || error == AVERROR_EOF)
        return 0;
    if (error < 0) {
        fail_av(failure, FAIL_INTERNAL, error, "encoder %s failed", encoder->context->codec->name);
        return -1;
    }
    const int64_t *lasts = g_hash_table_lookup(encoder->durations, &packet->pts);
    if (lasts) {
        packet->duration = *lasts;
        g_hash_table_remove(encoder->durations, &packet->pts);
    }
    if (encoder->context->codec_id == AV_CODEC_ID_HEVC)
        mend_dts(encoder, packet);
    if (encoder->context->codec_id == AV_CODEC_ID_DNXHD &&
        !vc3_say_matrix(packet, encoder->context->colorspace)) {
        fail(failure, FAIL_MEMORY, "no memory for a packet");
        return -1;
    }
    return put_captions(encoder, packet, failure) && encoder_end_sound(encoder, packet, failure)
               ? 1
               : -1;
}

const AVCodecContext *encoder_context(const struct encoder *encoder)
{
    return encoder->context;
}

int64_t encoder_count(const struct encoder *encoder)
{
    return encoder->count;
}

double encoder_seconds(const struct encoder *encoder)
{
    if (!encoder->count)
        return 0;
    if (encoder->context->codec_type == AVMEDIA_TYPE_AUDIO)
        return (double)encoder->count / encoder->context->sample_rate;
    return (encoder->last_end - encoder->first) * av_q2d(encoder->context->time_base);
}
