/* SPDX-License-Identifier: GPL-3.0-or-later
 * Writing sound files through libsndfile: WAVE, RF64, AIFF, FLAC. */
#include "sndfile_private.h"

#include "base/unit.h"

#include <math.h>
#include <string.h>

/* RIFF counts its bytes in 32 bits; from here on a file is made as RF64, which becomes RIFF when
 * it ends up smaller. */
static const double RIFF_MAX = 4e9;

static const struct {
    const char *codec;
    int format, bits; /* bits 0: float */
} rows[] = {
    {"pcm_s16le", SF_FORMAT_PCM_16, 16}, {"pcm_s24le", SF_FORMAT_PCM_24, 24},
    {"pcm_s32le", SF_FORMAT_PCM_32, 32}, {"pcm_f32le", SF_FORMAT_FLOAT, 0},
    {"pcm_s16be", SF_FORMAT_PCM_16, 16}, {"pcm_s24be", SF_FORMAT_PCM_24, 24},
    {"flac", SF_FORMAT_PCM_24, 24},
};

struct writing {
    struct sound_io io;
    SNDFILE *file;
    SF_INFO info;
    struct chain *chain;
    struct quantiser quantiser;
    char *codec;
    int bits;
    int64_t samples;
    void *buffer; /* interleaved, of `room` samples of all channels */
    int room;
};

static void writing_destroy(void *state)
{
    struct writing *w = state;
    if (w->file)
        sf_close(w->file);
    g_free(w->codec);
    g_free(w->buffer);
    g_free(w);
}

/* FLAC keeps 16 bits where no more flow, unless a sample format is named. */
static int flac_bits(const struct encode_audio *encode, enum AVSampleFormat flows)
{
    if (encode->sample_format)
        return strncmp(encode->sample_format, "s16", 3) == 0 ? 16 : 24;
    return av_get_bytes_per_sample(flows) <= 2 ? 16 : 24;
}

static bool choose_codec(struct writing *w, const struct sound_writer_setup *setup,
                         struct failure *failure)
{
    w->codec = sound_codec(setup);
    unsigned row = 0;
    while (row < G_N_ELEMENTS(rows) && strcmp(rows[row].codec, w->codec))
        row++;
    if (row == G_N_ELEMENTS(rows) || !container_takes(setup->container, w->codec))
        return fail(failure, FAIL_CONFIG, "a %s file can't hold %s (it takes: %s)",
                    setup->container->name, w->codec, setup->container->audio);
    w->bits = rows[row].bits;
    w->info.format = rows[row].format;
    if (strcmp(w->codec, "flac") == 0) {
        w->bits = flac_bits(&setup->encode->audio, chain_sample_format(w->chain));
        w->info.format = w->bits == 16 ? SF_FORMAT_PCM_16 : SF_FORMAT_PCM_24;
    }
    return true;
}

/* Rate and layout as asked; then whole numbers stay as they are and the rest comes as float. */
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
    if (!chain_deliver_sound(chain, failure, AV_SAMPLE_FMT_NONE, encode->sample_rate,
                             *layout ? layout : NULL))
        return false;
    enum AVSampleFormat packed = av_get_packed_sample_fmt(chain_sample_format(chain));
    bool plain = packed == AV_SAMPLE_FMT_S16 || packed == AV_SAMPLE_FMT_S32 ||
                 packed == AV_SAMPLE_FMT_FLT || packed == AV_SAMPLE_FMT_DBL;
    enum AVSampleFormat to = packed == AV_SAMPLE_FMT_U8    ? AV_SAMPLE_FMT_S16
                             : packed == AV_SAMPLE_FMT_S64 ? AV_SAMPLE_FMT_S32
                                                           : AV_SAMPLE_FMT_FLTP;
    return plain || chain_deliver_sound(chain, failure, to, 0, NULL);
}

static int type_of(const struct writing *w, const struct sound_writer_setup *setup)
{
    const struct sound_shape *shape = chain_sound(w->chain);
    double bytes = shape->duration_s * shape->rate * shape->channels * (w->bits ? w->bits : 32) / 8;
    if (strcmp(setup->container->name, "flac") == 0)
        return SF_FORMAT_FLAC;
    if (strcmp(setup->container->name, "aiff") == 0)
        return SF_FORMAT_AIFF;
    if (!(bytes < RIFF_MAX))
        return SF_FORMAT_RF64;
    return shape->channels > 2 ? SF_FORMAT_WAVEX : SF_FORMAT_WAV;
}

/* Of the encoder's options FLAC has one, the others have none. */
static bool set_options(struct writing *w, const struct encode_audio *encode,
                        struct failure *failure)
{
    bool flac = strcmp(w->codec, "flac") == 0;
    if (encode->bitrate > 0)
        return fail(failure, FAIL_CONFIG, "%s has no use for `bitrate`: remove it", w->codec);
    for (unsigned i = 0; encode->options && i + 1 < encode->options->len; i += 2) {
        const char *key = encode->options->pdata[i], *value = encode->options->pdata[i + 1];
        double level;
        if (!flac || strcmp(key, "compression_level"))
            return fail(failure, FAIL_CONFIG, "%s has no option \"%s\"%s", w->codec, key,
                        flac ? " (it has compression_level)" : "");
        if (!number_parse(value, &level) || level < 0 || level > 8)
            return fail(failure, FAIL_CONFIG, "compression_level: %s: a number, 0 to 8", value);
        level /= 8;
        sf_command(w->file, SFC_SET_COMPRESSION_LEVEL, &level, sizeof level);
    }
    return true;
}

static bool broken(const struct writing *w, const char *doing, struct failure *failure)
{
    if (w->io.error)
        return fail(failure, FAIL_DISK, "%s the file: %s", doing, g_strerror(w->io.error));
    return fail(failure, FAIL_INTERNAL, "%s the file: %s", doing, sf_strerror(w->file));
}

static bool open_file(struct writing *w, const struct sound_writer_setup *setup,
                      struct failure *failure)
{
    const struct sound_shape *shape = chain_sound(w->chain);
    AVChannelLayout layout = {0};
    w->info.format |= type_of(w, setup);
    w->info.samplerate = shape->rate;
    w->info.channels = shape->channels;
    if (shape->channels > SOUND_CHANNELS_MAX || !sf_format_check(&w->info))
        return fail(failure, FAIL_CONFIG, "a %s file can't hold %d channels at %d Hz",
                    setup->container->name, shape->channels, shape->rate);
    w->io.fd = setup->fd;
    w->file = sound_io_open(&w->io, SFM_WRITE, &w->info);
    if (!w->file)
        return broken(w, "starting", failure);
    sf_command(w->file, SFC_RF64_AUTO_DOWNGRADE, NULL, SF_TRUE);
    sf_command(w->file, SFC_SET_CLIPPING, NULL, SF_TRUE);
    sf_command(w->file, SFC_SET_ADD_PEAK_CHUNK, NULL, SF_FALSE);
    if (shape->channels > 2 && av_channel_layout_from_string(&layout, shape->layout) >= 0)
        sound_layout_write(w->file, &layout);
    av_channel_layout_uninit(&layout);
    sound_tags_write(w->file, setup->tags);
    if (setup->from)
        sound_chunks_carry(w->file, setup->from, w->chain);
    return set_options(w, &setup->encode->audio, failure);
}

static void *writing_create(struct chain *chain, const struct sound_writer_setup *setup,
                            struct failure *failure)
{
    struct writing *w = g_new0(struct writing, 1);
    w->chain = chain;
    if (!shape_sound(chain, &setup->encode->audio, failure) || !choose_codec(w, setup, failure) ||
        !open_file(w, setup, failure)) {
        writing_destroy(w);
        return NULL;
    }
    quantiser_init(&w->quantiser, w->bits, chain_sample_format(chain));
    if (w->quantiser.dither)
        chain_note(chain, QUANTISE_DITHERED);
    return w;
}

static bool writing_push(void *state, const AVFrame *frame, struct failure *failure)
{
    struct writing *w = state;
    if (frame->nb_samples > w->room) {
        w->room = frame->nb_samples;
        w->buffer = g_realloc_n(w->buffer, (size_t)w->room * (size_t)w->info.channels, 4);
    }
    bool taken =
        frame->ch_layout.nb_channels == w->info.channels &&
        (w->bits ? quantise(&w->quantiser, frame, w->buffer) : sound_floats(frame, w->buffer));
    if (!taken)
        return fail(failure, FAIL_INTERNAL, "a frame of another format");
    int64_t written = w->bits ? sf_writef_int(w->file, w->buffer, frame->nb_samples)
                              : sf_writef_float(w->file, w->buffer, frame->nb_samples);
    w->samples += frame->nb_samples;
    bool wave = (w->info.format & SF_FORMAT_TYPEMASK) == SF_FORMAT_WAV ||
                (w->info.format & SF_FORMAT_TYPEMASK) == SF_FORMAT_WAVEX ||
                (w->info.format & SF_FORMAT_TYPEMASK) == SF_FORMAT_AIFF;
    if (wave && w->io.size > UINT32_MAX - (1 << 20))
        return fail(failure, FAIL_UNSUPPORTED, "the sound is longer than the file can hold (4 GB)");
    return (written == frame->nb_samples && !w->io.error) || broken(w, "writing", failure);
}

static bool writing_finish(void *state, struct claim *claim, struct failure *failure)
{
    struct writing *w = state;
    int error = sf_close(w->file);
    w->file = NULL;
    if (error || w->io.error)
        return broken(w, "finishing", failure);
    if (w->quantiser.clipped)
        chain_note(w->chain, QUANTISE_CLIPPED, w->quantiser.clipped);
    claim_clear(claim);
    claim->samples = w->samples;
    claim->audio_s = (double)w->samples / w->info.samplerate;
    claim->audio_streams = 1;
    claim->video_streams = 0;
    claim->audio_codec = g_strdup(w->codec);
    claim->sample_rate = w->info.samplerate;
    claim->channels = w->info.channels;
    return true;
}

const struct sound_backend sound_backend_sndfile = {writing_create, writing_push, writing_finish,
                                                    writing_destroy};
