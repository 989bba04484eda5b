/* SPDX-License-Identifier: GPL-3.0-or-later
 * How much sound is in packets that don't say it: a decoder hears them. */
#include "media/frame.h"
#include "packet_sound.h"

#include <glib.h>

struct packet_listener {
    AVCodecContext *decoder;
    AVFrame *frame;
};

/* Of Windows Media Audio: frames go on from one packet to the next, and the times of packets are as
 * coarse. */
static bool hides_its_length(enum AVCodecID codec)
{
    return codec == AV_CODEC_ID_WMAV1 || codec == AV_CODEC_ID_WMAV2 ||
           codec == AV_CODEC_ID_WMAPRO || codec == AV_CODEC_ID_WMALOSSLESS ||
           codec == AV_CODEC_ID_WMAVOICE;
}

struct packet_listener *packet_listener_create(const AVCodecParameters *par)
{
    const AVCodec *codec =
        hides_its_length(par->codec_id) ? avcodec_find_decoder(par->codec_id) : NULL;
    AVCodecContext *decoder = codec ? avcodec_alloc_context3(codec) : NULL;
    if (!decoder || avcodec_parameters_to_context(decoder, par) < 0 ||
        avcodec_open2(decoder, codec, NULL) < 0) {
        avcodec_free_context(&decoder);
        return NULL;
    }
    struct packet_listener *listener = g_new0(struct packet_listener, 1);
    listener->decoder = decoder;
    listener->frame = frame_new();
    return listener;
}

void packet_listener_destroy(struct packet_listener *listener)
{
    if (!listener)
        return;
    avcodec_free_context(&listener->decoder);
    av_frame_free(&listener->frame);
    g_free(listener);
}

int64_t packet_listener_hear(struct packet_listener *listener, const AVPacket *packet)
{
    enum { ERRORS_MOST = 100 };
    int64_t samples = 0;
    avcodec_send_packet(listener->decoder, packet);
    for (int errors = 0; errors < ERRORS_MOST;) {
        const int got = avcodec_receive_frame(listener->decoder, listener->frame);
        if (got == AVERROR(EAGAIN) || got == AVERROR_EOF)
            break;
        samples += got < 0 ? 0 : listener->frame->nb_samples;
        errors += got < 0;
    }
    return samples;
}
