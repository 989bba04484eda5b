/* SPDX-License-Identifier: GPL-3.0-or-later
 * Tracks of silence, as long as the picture. Uncompressed, zeros are their packets; in other codecs
 * zeros are encoded. */
#include "../chain/private.h"
#include "media/frame.h"
#include "private.h"

#include <math.h>

struct silence {
    struct chain *chain;
    struct encoder *encoder;
    int rate_hz;
    int64_t samples; /* that were pushed */
};

void silence_destroy(struct silence *silence)
{
    if (!silence)
        return;
    encoder_close(silence->encoder);
    chain_destroy(silence->chain);
    g_free(silence);
}

static struct silence *silence_open(const struct writer *writer, const struct encode *encode,
                                    const char *codec, int rate_hz, struct failure *failure)
{
    const struct sound_shape shape = {
        .rate = rate_hz, .channels = 1, .layout = "mono", .duration_s = NAN};
    const struct chain_input input = {.time_base = {1, rate_hz},
                                      .threads = 1,
                                      .sound = &shape,
                                      .sample_format = AV_SAMPLE_FMT_S16,
                                      .picture_fps = {0, 1}};
    const bool bare = encode_is_bare(encode, writer->container->name);
    struct silence *silence = g_new0(struct silence, 1);
    silence->rate_hz = rate_hz;
    silence->chain = chain_create_sound(&input, failure);
    if (silence->chain)
        silence->encoder = encoder_open_chain_sound(silence->chain, &encode->audio, codec,
                                                    writer->container, bare, failure);
    if (silence->encoder)
        return silence;
    silence_destroy(silence);
    return NULL;
}

/* --- writing --- */

static bool write_packets(struct writer *writer, guint number, const struct silence *silence,
                          struct failure *failure)
{
    const AVRational tb = encoder_context(silence->encoder)->time_base;
    AVPacket *packet = packet_new();
    int got = -1;
    bool fine = true;
    while (fine && (got = encoder_pull(silence->encoder, packet, failure)) > 0)
        fine = writer_write(writer, (int)number, packet, tb, failure);
    av_packet_free(&packet);
    return fine && got == 0;
}

static bool encode_frame(struct writer *writer, guint number, const struct silence *silence,
                         const AVFrame *frame, struct failure *failure)
{
    return encoder_push(silence->encoder, frame, failure) &&
           write_packets(writer, number, silence, failure);
}

/* NULL: the end. */
static bool push(struct writer *writer, guint number, const struct silence *silence,
                 const AVFrame *frame, struct failure *failure)
{
    AVFrame *out = frame_new();
    enum chain_got got = CHAIN_FAILED;
    bool fine = chain_push(silence->chain, frame, failure);
    while (fine && (got = chain_pull(silence->chain, out, failure)) == CHAIN_FRAME) {
        fine = encode_frame(writer, number, silence, out, failure);
        av_frame_unref(out);
    }
    av_frame_free(&out);
    return fine && got != CHAIN_FAILED &&
           (frame || encode_frame(writer, number, silence, NULL, failure));
}

int64_t silence_lacks(const struct silence *silence, double end_s)
{
    return llround(end_s * silence->rate_hz) - silence->samples;
}

int64_t silence_second(const struct silence *silence)
{
    return silence->rate_hz;
}

bool silence_write(struct writer *writer, guint number, struct silence *silence, int64_t samples,
                   struct failure *failure)
{
    const AVChannelLayout mono = AV_CHANNEL_LAYOUT_MONO;
    AVFrame *frame = sound_silence(&mono, AV_SAMPLE_FMT_S16, silence->rate_hz, samples);
    if (!frame)
        return fail(failure, FAIL_MEMORY, "no memory for silence");
    frame->pts = silence->samples;
    frame->time_base = (AVRational){1, silence->rate_hz};
    silence->samples += samples;
    bool written = push(writer, number, silence, frame, failure);
    av_frame_free(&frame);
    return written;
}

bool silence_end(struct writer *writer, guint number, struct silence *silence,
                 struct failure *failure)
{
    return push(writer, number, silence, NULL, failure);
}

/* --- adding --- */

static int add_encoded(struct writer *writer, const struct encode *encode, const char *codec,
                       int rate_hz, struct failure *failure)
{
    struct silence *silence = silence_open(writer, encode, codec, rate_hz, failure);
    int number = silence ? writer_add_encoded(writer, silence->encoder, NULL, failure) : -1;
    if (number >= 0)
        g_array_index(writer->tracks, struct track, number).silence_of = silence;
    else
        silence_destroy(silence);
    return number;
}

static int add_zeros(struct writer *writer, enum AVCodecID codec, int rate_hz,
                     struct failure *failure)
{
    const int bits = av_get_exact_bits_per_sample(codec);
    AVStream *stream = avformat_new_stream(writer->format, NULL);
    if (!stream) {
        fail(failure, FAIL_MEMORY, "no memory for a track");
        return -1;
    }
    AVCodecParameters *par = stream->codecpar;
    par->codec_type = AVMEDIA_TYPE_AUDIO;
    par->codec_id = codec;
    par->sample_rate = rate_hz;
    par->bits_per_coded_sample = bits;
    par->block_align = bits / 8;
    par->bit_rate = (int64_t)bits * rate_hz;
    av_channel_layout_default(&par->ch_layout, 1);
    stream->time_base = (AVRational){1, rate_hz};
    return writer_add_stream(writer, stream);
}

int writer_add_silence(struct writer *writer, const struct encode *encode, const char *codec,
                       int rate_hz, struct failure *failure)
{
    const AVCodecDescriptor *row = avcodec_descriptor_get_by_name(codec);
    const bool zeros = row && g_str_has_prefix(codec, "pcm_");
    int number = zeros ? add_zeros(writer, row->id, rate_hz, failure)
                       : add_encoded(writer, encode, codec, rate_hz, failure);
    if (number < 0)
        return -1;
    struct track *track = &g_array_index(writer->tracks, struct track, number);
    track->ended = track->silent = true;
    return number;
}
