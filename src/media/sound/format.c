/* SPDX-License-Identifier: GPL-3.0-or-later
 * The last stages of a chain that ends in a sound file, and the samples as files have them. */
#include "base/unit.h"
#include "sndfile_private.h"

#include <string.h>

static const struct {
    const char *codec;
    int subtype, bits;
    bool floats;
} rows[] = {
    {"pcm_s16le", SF_FORMAT_PCM_16, 16, false}, {"pcm_s24le", SF_FORMAT_PCM_24, 24, false},
    {"pcm_s32le", SF_FORMAT_PCM_32, 32, false}, {"pcm_f32le", SF_FORMAT_FLOAT, 32, true},
    {"pcm_f64le", SF_FORMAT_DOUBLE, 64, true},  {"pcm_s16be", SF_FORMAT_PCM_16, 16, false},
    {"pcm_s24be", SF_FORMAT_PCM_24, 24, false}, {"pcm_s32be", SF_FORMAT_PCM_32, 32, false},
    {"pcm_f32be", SF_FORMAT_FLOAT, 32, true},   {"flac", SF_FORMAT_PCM_24, 24, false},
};

/* FLAC keeps 16 bits where no more flow, unless a sample format is named. */
static int flac_bits(const struct encode_audio *encode, enum AVSampleFormat flows)
{
    if (encode->sample_format)
        return strncmp(encode->sample_format, "s16", 3) == 0 ? 16 : 24;
    return av_get_bytes_per_sample(flows) <= 2 ? 16 : 24;
}

static bool choose_codec(const struct chain *chain, const struct sound_writer_setup *setup,
                         struct sound_format *format, struct failure *failure)
{
    unsigned row = 0;
    format->codec = sound_codec(setup);
    while (row < G_N_ELEMENTS(rows) && strcmp(rows[row].codec, format->codec))
        row++;
    if (strcmp(format->codec, "copy") == 0)
        return fail(failure, FAIL_CONFIG,
                    "sound isn't copied into a %s file: leave `codec` out, or name one of: %s",
                    setup->container->name, setup->container->audio);
    if (row == G_N_ELEMENTS(rows) || !container_takes(setup->container, format->codec))
        return fail(failure, FAIL_CONFIG, "a %s file can't hold %s (it takes: %s)",
                    setup->container->name, format->codec, setup->container->audio);
    format->bits = rows[row].bits;
    format->floats = rows[row].floats;
    format->subtype = rows[row].subtype;
    if (strcmp(format->codec, "flac") == 0) {
        format->bits = flac_bits(&setup->encode->audio, chain_sample_format(chain));
        format->subtype = format->bits == 16 ? SF_FORMAT_PCM_16 : SF_FORMAT_PCM_24;
    }
    return true;
}

static bool shape_sound(struct chain *chain, const struct encode_audio *encode,
                        struct failure *failure)
{
    char layout[64] = "";
    if (encode->channels && encode->channels != chain_sound(chain)->channels) {
        AVChannelLayout usual = {0};
        av_channel_layout_default(&usual, encode->channels);
        av_channel_layout_describe(&usual, layout, sizeof layout);
        av_channel_layout_uninit(&usual);
    }
    return chain_deliver_sound(chain, failure, AV_SAMPLE_FMT_NONE, encode->sample_rate,
                               *layout ? layout : NULL);
}

static bool shape_samples(struct chain *chain, const struct sound_format *format,
                          struct failure *failure)
{
    enum AVSampleFormat packed = av_get_packed_sample_fmt(chain_sample_format(chain));
    if (format->floats && format->bits == 64)
        return chain_deliver_sound(chain, failure, AV_SAMPLE_FMT_DBL, 0, NULL);
    bool plain = packed == AV_SAMPLE_FMT_S16 || packed == AV_SAMPLE_FMT_S32 ||
                 packed == AV_SAMPLE_FMT_FLT || packed == AV_SAMPLE_FMT_DBL;
    enum AVSampleFormat to = packed == AV_SAMPLE_FMT_U8    ? AV_SAMPLE_FMT_S16
                             : packed == AV_SAMPLE_FMT_S64 ? AV_SAMPLE_FMT_S32
                                                           : AV_SAMPLE_FMT_FLTP;
    return plain || chain_deliver_sound(chain, failure, to, 0, NULL);
}

/* Of the encoder's options FLAC has one, the others have none. */
static bool check_options(const struct sound_format *format, const struct encode_audio *encode,
                          struct failure *failure)
{
    bool flac = strcmp(format->codec, "flac") == 0;
    if (encode->bitrate > 0)
        return fail(failure, FAIL_CONFIG, "%s has no use for `bitrate`: remove it", format->codec);
    for (unsigned i = 0; encode->options && i + 1 < encode->options->len; i += 2) {
        const char *key = encode->options->pdata[i], *value = encode->options->pdata[i + 1];
        double level;
        if (!flac || strcmp(key, "compression_level"))
            return fail(failure, FAIL_CONFIG, "%s has no option \"%s\"%s", format->codec, key,
                        flac ? " (it has compression_level)" : "");
        if (!number_parse(value, &level) || level < 0 || level > SOUND_FLAC_LEVEL_MAX)
            return fail(failure, FAIL_CONFIG, "compression_level: %s: a number, 0 to %d", value,
                        SOUND_FLAC_LEVEL_MAX);
    }
    return true;
}

bool sound_format_choose(struct chain *chain, const struct sound_writer_setup *setup,
                         struct sound_format *format, struct failure *failure)
{
    const struct encode_audio *encode = &setup->encode->audio;
    return shape_sound(chain, encode, failure) && choose_codec(chain, setup, format, failure) &&
           shape_samples(chain, format, failure) && check_options(format, encode, failure);
}

void sound_format_quantiser(const struct sound_format *format, struct chain *chain,
                            struct quantiser *quantiser)
{
    if (format->floats)
        return;
    quantiser_init(quantiser, format->bits, chain_sample_format(chain));
    if (quantiser->dither)
        chain_note(chain, QUANTISE_DITHERED);
}

bool sound_interleave(const struct sound_format *format, struct quantiser *quantiser,
                      const AVFrame *frame, void *out)
{
    if (!format->floats)
        return quantise(quantiser, frame, out);
    if (format->bits == 32)
        return sound_floats(frame, out);
    if (frame->format != AV_SAMPLE_FMT_DBL)
        return false;
    memcpy(out, frame->data[0],
           (size_t)frame->nb_samples * (size_t)frame->ch_layout.nb_channels * sizeof(double));
    return true;
}

void sound_format_note(const struct quantiser *quantiser, struct chain *chain)
{
    if (quantiser->clipped)
        chain_note(chain, QUANTISE_CLIPPED, quantiser->clipped);
}

void sound_format_claim(const struct sound_format *format, const struct sound_shape *shape,
                        int64_t samples, struct claim *claim)
{
    claim_clear(claim);
    claim->samples = samples;
    claim->audio_s = (double)samples / shape->rate;
    claim->audio_streams = 1;
    claim->video_streams = 0;
    claim->audio_codec = g_strdup(format->codec);
    claim->sample_rate = shape->rate;
    claim->channels = shape->channels;
}
