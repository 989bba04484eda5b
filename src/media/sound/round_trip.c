/* SPDX-License-Identifier: GPL-3.0-or-later
 * Sound through a codec and back. */
#include "media/round_trip.h"

#include "../chain/private.h"
#include "media/encoder.h"
#include "media/frame.h"

#include <libswresample/swresample.h>
#include <string.h>

struct round_trip {
    struct encoder *encoder; /* NULL: what is pushed is what is heard */
    AVCodecContext *decoder;
    AVPacket *packet;
    AVFrame *decoded, *floats;
    SwrContext *convert;
    int64_t pushed, given;
    int priming; /* samples still to be passed over */
};

static bool open_decoder(struct round_trip *trip, struct failure *failure)
{
    const AVCodecContext *encoder = encoder_context(trip->encoder);
    const AVCodec *codec = avcodec_find_decoder(encoder->codec_id);
    AVCodecParameters *parameters = avcodec_parameters_alloc();
    trip->decoder = avcodec_alloc_context3(codec);
    bool good = codec && parameters && trip->decoder &&
                avcodec_parameters_from_context(parameters, encoder) >= 0 &&
                avcodec_parameters_to_context(trip->decoder, parameters) >= 0;
    avcodec_parameters_free(&parameters);
    trip->priming = encoder->initial_padding;
    if (good) {
        trip->decoder->pkt_timebase = encoder->time_base;
        trip->decoder->flags2 |= AV_CODEC_FLAG2_SKIP_MANUAL;
        good = avcodec_open2(trip->decoder, codec, NULL) >= 0;
    }
    return good ||
           fail(failure, FAIL_UNSUPPORTED, "no decoder hears what %s writes", encoder->codec->name);
}

/* A lossless codec changes nothing: its rate and layout do. */
static bool stay_float(struct chain *chain, const struct encode_audio *encode, const char *codec,
                       const struct container *container, struct failure *failure)
{
    struct encoder_wants wants;
    return encoder_wants_delivered(chain, encode, codec, container, &wants, failure) &&
           chain_deliver_sound(chain, failure, AV_SAMPLE_FMT_FLTP, wants.rate, wants.layout);
}

struct round_trip *round_trip_create(struct chain *chain, const struct encode_audio *encode,
                                     const struct container *container, struct failure *failure)
{
    const struct codec *codec = codec_chosen(encode->codec, container->audio);
    struct round_trip *trip = g_new0(struct round_trip, 1);
    trip->packet = packet_new();
    trip->decoded = frame_new();
    trip->floats = frame_new();
    trip->convert = swr_alloc();
    if (!codec)
        fail(failure, FAIL_CONFIG, "a %s file holds no sound", container->name);
    else if (codec->lossy)
        trip->encoder =
            encoder_open_chain_sound(chain, encode, codec->name, container, false, failure);
    if (trip->encoder
            ? open_decoder(trip, failure)
            : codec && !codec->lossy && stay_float(chain, encode, codec->name, container, failure))
        return trip;
    round_trip_destroy(trip);
    return NULL;
}

void round_trip_destroy(struct round_trip *trip)
{
    if (!trip)
        return;
    encoder_close(trip->encoder);
    avcodec_free_context(&trip->decoder);
    av_packet_free(&trip->packet);
    av_frame_free(&trip->decoded);
    av_frame_free(&trip->floats);
    swr_free(&trip->convert);
    g_free(trip);
}

static bool as_floats(struct round_trip *trip, AVFrame *frame, struct failure *failure)
{
    av_frame_unref(trip->floats);
    trip->floats->format = AV_SAMPLE_FMT_FLTP;
    trip->floats->sample_rate = frame->sample_rate;
    if (frame->format == AV_SAMPLE_FMT_FLTP) {
        av_frame_move_ref(trip->floats, frame);
        return true;
    }
    int error = av_channel_layout_copy(&trip->floats->ch_layout, &frame->ch_layout);
    if (error >= 0)
        error = swr_convert_frame(trip->convert, trip->floats, frame);
    return error >= 0 ||
           fail_av(failure, FAIL_UNSUPPORTED, error, "the codec's sound can't be read");
}

static bool give(struct round_trip *trip, round_trip_take *take, void *data,
                 struct failure *failure)
{
    if (!as_floats(trip, trip->decoded, failure))
        return false;
    AVFrame *frame = trip->floats;
    int skip = MIN(trip->priming, frame->nb_samples);
    int64_t left = MIN(frame->nb_samples - skip, trip->pushed - trip->given);
    trip->priming -= skip;
    if (left <= 0)
        return true;
    sound_cut(frame, skip, (int)left);
    frame->pts = trip->given;
    trip->given += left;
    return take(data, frame, failure);
}

/* NULL: what the decoder still holds. */
static bool decode(struct round_trip *trip, const AVPacket *packet, round_trip_take *take,
                   void *data, struct failure *failure)
{
    int error = avcodec_send_packet(trip->decoder, packet);
    while (error >= 0 && (error = avcodec_receive_frame(trip->decoder, trip->decoded)) >= 0)
        if (!give(trip, take, data, failure))
            return false;
    return error == AVERROR(EAGAIN) || error == AVERROR_EOF ||
           fail_av(failure, FAIL_INTERNAL, error, "what was encoded can't be decoded");
}

bool round_trip_push(struct round_trip *trip, const AVFrame *frame, round_trip_take *take,
                     void *data, struct failure *failure)
{
    int got;
    if (!trip->encoder)
        return !frame || take(data, frame, failure);
    trip->pushed += frame ? frame->nb_samples : 0;
    if (!encoder_push(trip->encoder, frame, failure))
        return false;
    while ((got = encoder_pull(trip->encoder, trip->packet, failure)) > 0) {
        bool heard = decode(trip, trip->packet, take, data, failure);
        av_packet_unref(trip->packet);
        if (!heard)
            return false;
    }
    return got == 0 &&
           (frame || !encoder_count(trip->encoder) || decode(trip, NULL, take, data, failure));
}
