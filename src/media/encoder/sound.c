/* SPDX-License-Identifier: GPL-3.0-or-later
 * Opening encoders of sound. */
#include "../chain/private.h"
#include "../signal/packet_sound.h"
#include "media/frame.h"
#include "private.h"

#include <libavutil/channel_layout.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static bool takes_format(const AVCodec *codec, enum AVSampleFormat format)
{
    for (const enum AVSampleFormat *one = codec->sample_fmts; one && *one != AV_SAMPLE_FMT_NONE;
         one++)
        if (*one == format)
            return true;
    return !codec->sample_fmts;
}

/* 16 bits stay 16 bits, everything else gets the most the codec takes. */
static enum AVSampleFormat best_format(const AVCodec *codec, enum AVSampleFormat flows)
{
    enum AVSampleFormat best = AV_SAMPLE_FMT_NONE;
    bool small = av_get_bytes_per_sample(flows) <= 2;
    for (const enum AVSampleFormat *one = codec->sample_fmts; one && *one != AV_SAMPLE_FMT_NONE;
         one++) {
        int bytes = av_get_bytes_per_sample(*one), had = av_get_bytes_per_sample(best);
        if (best == AV_SAMPLE_FMT_NONE || (small ? bytes == 2 && had != 2 : bytes > had && had < 4))
            best = *one;
    }
    return best == AV_SAMPLE_FMT_NONE ? flows : best;
}

/* How many bits of 32 the codec keeps; the others it cuts off. */
static int kept_bits(enum AVCodecID id)
{
    bool middle = id == AV_CODEC_ID_FLAC || id == AV_CODEC_ID_ALAC || id == AV_CODEC_ID_PCM_S24LE ||
                  id == AV_CODEC_ID_PCM_S24BE;
    return middle ? 24 : 32;
}

static char *formats_text(const AVCodec *codec)
{
    GString *text = g_string_new(NULL);
    for (const enum AVSampleFormat *one = codec->sample_fmts; one && *one != AV_SAMPLE_FMT_NONE;
         one++)
        g_string_append_printf(text, " %s", av_get_sample_fmt_name(*one));
    return g_string_free(text, FALSE);
}

static bool choose_format(const struct encode_audio *encode, enum AVSampleFormat flows,
                          struct encoder_wants *wants, struct failure *failure)
{
    wants->bits = kept_bits(wants->codec->id);
    wants->sample_format = best_format(wants->codec, flows);
    if (!encode->sample_format)
        return true;
    enum AVSampleFormat asked = av_get_sample_fmt(encode->sample_format);
    enum AVSampleFormat planar = av_get_planar_sample_fmt(asked);
    wants->sample_format = takes_format(wants->codec, asked) ? asked : planar;
    if (takes_format(wants->codec, wants->sample_format))
        return true;
    g_autofree char *formats = formats_text(wants->codec);
    return fail(failure, FAIL_CONFIG, "encoder %s doesn't take sample format %s (allowed:%s)",
                wants->codec->name, encode->sample_format, formats);
}

/* Opus is always played at 48 kHz (RFC 6716), whatever its encoder takes. */
static const int *rates_of(const AVCodec *codec)
{
    static const int opus[] = {48000, 0};
    return codec->id == AV_CODEC_ID_OPUS ? opus : codec->supported_samplerates;
}

/* The rate that was asked for, or the nearest that loses nothing. */
static bool choose_rate(const struct encode_audio *encode, const struct sound_shape *shape,
                        struct encoder_wants *wants, struct failure *failure)
{
    int asked = encode->sample_rate ? encode->sample_rate : shape->rate, best = 0;
    const int *rates = rates_of(wants->codec);
    wants->rate = asked;
    for (const int *one = rates; one && *one; one++) {
        if (*one == asked)
            return true;
        if (!best || (*one > asked ? best < asked || *one < best : *one > best && best < asked))
            best = *one;
    }
    if (!rates)
        return true;
    if (encode->sample_rate)
        return fail(failure, FAIL_CONFIG, "encoder %s doesn't take %d Hz (nearest: %d Hz)",
                    wants->codec->name, asked, best);
    wants->rate = best;
    return true;
}

/* libopus takes those of Vorbis alone (RFC 7845, 5.1.1.2), and doesn't list them. */
static const AVChannelLayout of_opus[] = {
    AV_CHANNEL_LAYOUT_MONO,    AV_CHANNEL_LAYOUT_STEREO,       AV_CHANNEL_LAYOUT_SURROUND,
    AV_CHANNEL_LAYOUT_QUAD,    AV_CHANNEL_LAYOUT_5POINT0_BACK, AV_CHANNEL_LAYOUT_5POINT1_BACK,
    AV_CHANNEL_LAYOUT_6POINT1, AV_CHANNEL_LAYOUT_7POINT1,      {0},
};

/* NULL: any. */
static const AVChannelLayout *layouts_of(const AVCodec *codec)
{
    return codec->id == AV_CODEC_ID_OPUS && !codec->ch_layouts ? of_opus : codec->ch_layouts;
}

/* AAC's channel configurations (ISO/IEC 14496-3, table 1.19) have their surrounds at the back as
 * libavcodec calls it; of those at the side it makes an element of its own, which players don't
 * know, with the LFE as a centre. */
static void call_as_aac(AVChannelLayout *layout)
{
    static const AVChannelLayout calls[][2] = {
        {AV_CHANNEL_LAYOUT_5POINT0, AV_CHANNEL_LAYOUT_5POINT0_BACK},
        {AV_CHANNEL_LAYOUT_5POINT1, AV_CHANNEL_LAYOUT_5POINT1_BACK},
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(calls); i++)
        if (!av_channel_layout_compare(layout, &calls[i][0]))
            *layout = calls[i][1];
}

static bool choose_layout(const struct encode_audio *encode, const struct sound_shape *shape,
                          struct encoder_wants *wants, struct failure *failure)
{
    const AVChannelLayout *layouts = layouts_of(wants->codec);
    AVChannelLayout flows = {0};
    int channels = encode->channels ? encode->channels : shape->channels;
    av_channel_layout_from_string(&flows, shape->layout);
    if (channels != flows.nb_channels || flows.order == AV_CHANNEL_ORDER_UNSPEC) {
        av_channel_layout_uninit(&flows);
        av_channel_layout_default(&flows, channels);
    }
    if (wants->codec->id == AV_CODEC_ID_AAC)
        call_as_aac(&flows);
    const AVChannelLayout *same = NULL, *most = NULL;
    for (const AVChannelLayout *one = layouts; one && one->nb_channels; one++) {
        if (!av_channel_layout_compare(one, &flows))
            most = same = one;
        if (!same && one->nb_channels == channels)
            same = one;
        if (!most || one->nb_channels > most->nb_channels)
            most = one;
        if (most == same && same)
            break;
    }
    int limit = layouts && most ? most->nb_channels : INT_MAX;
    if (layouts && !same) {
        av_channel_layout_uninit(&flows);
        return fail(failure, FAIL_CONFIG,
                    "encoder %s takes at most %d channels, the sound has %d: add a `channels` step",
                    wants->codec->name, limit, channels);
    }
    av_channel_layout_describe(same ? same : &flows, wants->layout, sizeof(wants->layout));
    av_channel_layout_uninit(&flows);
    return true;
}

bool encoder_wants_sound(const struct encode_audio *encode, const struct sound_shape *shape,
                         enum AVSampleFormat flows, const char *codec, struct encoder_wants *wants,
                         struct failure *failure)
{
    *wants = (struct encoder_wants){0};
    wants->codec = encoder_find(NULL, codec, failure);
    return wants->codec && choose_format(encode, flows, wants, failure) &&
           choose_rate(encode, shape, wants, failure) &&
           choose_layout(encode, shape, wants, failure);
}

static void set_bits(AVCodecContext *context)
{
    enum AVSampleFormat packed = av_get_packed_sample_fmt(context->sample_fmt);
    if (packed == AV_SAMPLE_FMT_S32 &&
        (context->codec_id == AV_CODEC_ID_FLAC || context->codec_id == AV_CODEC_ID_ALAC))
        context->bits_per_raw_sample = 24;
}

static bool takes_bitrate(const struct encode_audio *encode, const struct codec *codec,
                          const struct sound_shape *shape, struct failure *failure)
{
    if (!codec || !(encode->bitrate > 0))
        return true;
    if (!codec->lossy)
        return fail(failure, FAIL_CONFIG, "%s has no use for `bitrate`: remove it", codec->name);
    g_autofree char *hint = NULL;
    g_autofree char *why =
        bitrate_refusal(codec, encode->bitrate, shape->rate, shape->channels, &hint);
    return !why || fail(failure, FAIL_CONFIG, "%s; %s", why, hint);
}

struct encoder *encoder_open_sound(const struct encode_audio *encode,
                                   const struct sound_shape *shape,
                                   enum AVSampleFormat sample_format,
                                   const struct encoder_setup *setup, struct failure *failure)
{
    const struct codec *row = codec_find(setup->codec);
    const AVCodec *codec = encoder_find(NULL, setup->codec, failure);
    struct encoder *encoder = codec ? encoder_new(codec, setup, failure) : NULL;
    if (!encoder)
        return NULL;
    AVCodecContext *context = encoder->context;
    g_autoptr(GPtrArray) options = g_ptr_array_new_with_free_func(g_free);
    context->sample_rate = shape->rate;
    context->sample_fmt = sample_format;
    context->thread_count = 1;
    if (encode->strict)
        encoder_pin(context);
    set_bits(context);
    if (encode->bitrate > 0)
        context->bit_rate = llround(encode->bitrate);
    else if (row && row->lossy)
        context->bit_rate = llround(bitrate_usual(row, shape->rate, shape->channels));
    for (guint i = 0; encode->options && i + 1 < encode->options->len; i += 2)
        option_add(options, encode->options->pdata[i], "%s", (char *)encode->options->pdata[i + 1]);
    bool opened = takes_bitrate(encode, row, shape, failure);
    opened = opened && av_channel_layout_from_string(&context->ch_layout, shape->layout) >= 0 &&
             options_apply(context, options, failure) && encoder_start(encoder, failure);
    if (!opened) {
        fail(failure, FAIL_INTERNAL, "channel layout %s", shape->layout);
        encoder_close(encoder);
        return NULL;
    }
    return encoder;
}

bool encoder_wants_delivered(const struct chain *chain, const struct encode_audio *encode,
                             const char *codec, const struct container *container,
                             struct encoder_wants *wants, struct failure *failure)
{
    bool known = encoder_wants_sound(encode, chain_sound(chain), chain_sample_format(chain), codec,
                                     wants, failure);
    int asked = encoder_rate_asked(encode, container);
    wants->rate = asked ? asked : wants->rate;
    return known;
}

static bool make_room(struct chain *chain, int samples, struct failure *failure)
{
    const struct sound_shift start = {.skip = samples};
    if (samples <= 0)
        return true;
    chain_note(chain,
               "dropped: the first %.3f s of sound: without an edit list, the codec's "
               "priming is heard in their place",
               (double)samples / chain->sound.rate);
    return chain_shift(chain, failure, &start);
}

/* Floats are clipped where the codec isn't made to hold what is beyond full scale. */
static bool deliver(struct chain *chain, const struct encoder_wants *wants, const char *codec,
                    struct failure *failure)
{
    const struct codec *row = codec_find(codec);
    const bool clips =
        row && row->lossy && av_get_packed_sample_fmt(wants->sample_format) == AV_SAMPLE_FMT_FLT;
    if (clips &&
        !(chain_deliver_sound(chain, failure, AV_SAMPLE_FMT_FLTP, wants->rate, wants->layout) &&
          chain_clip(chain, failure)))
        return false;
    if (!chain_deliver_sound(chain, failure, wants->sample_format, wants->rate, wants->layout))
        return false;
    chain_deliver_bits(chain, wants->bits);
    if (row && row->lossy && chain->limited)
        chain_note(chain,
                   "the limiter comes before %s, which makes peaks of its own: only `loudness` "
                   "hears those",
                   row->name);
    return true;
}

struct encoder *encoder_open_chain_sound(struct chain *chain, const struct encode_audio *encode,
                                         const char *codec, const struct container *container,
                                         bool bare, struct failure *failure)
{
    struct encoder_wants wants;
    if (!encoder_wants_delivered(chain, encode, codec, container, &wants, failure) ||
        !deliver(chain, &wants, codec, failure))
        return NULL;
    const struct encoder_setup setup = {
        .codec = codec,
        .container = container->name,
        .time_base = chain_time_base(chain),
        .threads = 1,
    };
    g_auto(encoder_ptr) encoder =
        encoder_open_sound(encode, chain_sound(chain), chain_sample_format(chain), &setup, failure);
    if (!encoder)
        return NULL;
    const AVCodecContext *context = encoder_context(encoder);
    if (bare && !make_room(chain, context->initial_padding, failure))
        return NULL;
    bool any = context->codec->capabilities & AV_CODEC_CAP_VARIABLE_FRAME_SIZE;
    return any || chain_frame_size(chain, failure, context->frame_size) ? g_steal_pointer(&encoder)
                                                                        : NULL;
}

bool encoder_keeps_end(const AVCodecContext *context)
{
    const int other = AV_CODEC_CAP_DELAY | AV_CODEC_CAP_VARIABLE_FRAME_SIZE;
    return context->codec_type == AVMEDIA_TYPE_AUDIO && context->initial_padding > 0 &&
           context->frame_size > 0 && !(context->codec->capabilities & other);
}

/* Of the last frame, which it is filled up with. */
static int64_t missing(const struct encoder *encoder)
{
    const int whole = encoder->context->frame_size;
    return (whole - encoder->count % whole) % whole;
}

bool encoder_lacks_end(const struct encoder *encoder)
{
    return encoder_keeps_end(encoder->context) &&
           missing(encoder) < encoder->context->initial_padding;
}

static int64_t behind_the_last(const struct encoder *encoder)
{
    const AVCodecContext *context = encoder->context;
    return encoder->first + av_rescale_q(encoder->count + missing(encoder),
                                         (AVRational){1, context->sample_rate}, context->time_base);
}

AVFrame *encoder_filled(const struct encoder *encoder, const AVFrame *frame)
{
    const AVCodecContext *context = encoder->context;
    const int sounds = frame ? frame->nb_samples : 0, channels = context->ch_layout.nb_channels;
    AVFrame *filled = frame_there(av_frame_alloc());
    filled->format = context->sample_fmt;
    filled->sample_rate = context->sample_rate;
    filled->nb_samples = context->frame_size;
    filled->pts = frame ? frame->pts : behind_the_last(encoder);
    if (av_channel_layout_copy(&filled->ch_layout, &context->ch_layout) < 0 ||
        av_frame_get_buffer(filled, 0) < 0)
        frame_there(NULL);
    if (frame)
        av_samples_copy(filled->extended_data, frame->extended_data, 0, 0, sounds, channels,
                        context->sample_fmt);
    av_samples_set_silence(filled->extended_data, sounds, context->frame_size - sounds, channels,
                           context->sample_fmt);
    return filled;
}

/* Lossless packets say how many samples they have. */
static bool is_filled_up(const AVCodecContext *context)
{
    const AVCodecDescriptor *row = avcodec_descriptor_get(context->codec_id);
    return context->codec_type == AVMEDIA_TYPE_AUDIO && context->frame_size > 0 && row &&
           !(row->props & AV_CODEC_PROP_LOSSLESS);
}

/* Those of Vorbis are of two lengths. */
static int64_t samples_of(struct encoder *encoder, const AVPacket *packet)
{
    if (encoder->context->codec_id != AV_CODEC_ID_VORBIS)
        return encoder->context->frame_size;
    if (!encoder->counter) {
        encoder->coded = frame_there(avcodec_parameters_alloc());
        if (avcodec_parameters_from_context(encoder->coded, encoder->context) < 0)
            frame_there(NULL);
        encoder->counter = packet_counter_create(encoder->coded);
    }
    return packet_counter_samples(encoder->counter, packet);
}

static bool discard(AVPacket *packet, int64_t samples)
{
    if (samples <= 0 || av_packet_get_side_data(packet, AV_PKT_DATA_SKIP_SAMPLES, NULL))
        return true;
    return packet_skip_set(packet, (struct packet_skip){.end = (uint32_t)samples});
}

bool encoder_end_sound(struct encoder *encoder, AVPacket *packet, struct failure *failure)
{
    const AVCodecContext *context = encoder->context;
    if (!is_filled_up(context) || packet->pts == AV_NOPTS_VALUE)
        return true;
    AVRational rate = {1, context->sample_rate};
    int64_t end = encoder->first + av_rescale_q(encoder->count, rate, context->time_base);
    int64_t full = av_rescale_q(samples_of(encoder, packet), rate, context->time_base);
    int64_t lasts = CLAMP(end - packet->pts, 0, full);
    packet->duration = lasts;
    return discard(packet, av_rescale_q(full - lasts, context->time_base, rate)) ||
           fail(failure, FAIL_MEMORY, "no memory for a packet of sound");
}
