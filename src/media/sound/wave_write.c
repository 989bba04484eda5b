/* SPDX-License-Identifier: GPL-3.0-or-later
 * Writing WAVE and RF64 files: samples, their loudness, and the chunks around them. */
#include "wave_carry.h"

#include <math.h>
#include <string.h>

struct wave_writing {
    struct wave_file file;
    struct wave_carry carry;
    struct chain *chain;
    struct sound_format format;
    struct quantiser quantiser;
    struct loudness_meter *meter; /* NULL: nobody asks, it is known, or it can't be measured */
    struct loudness loudness;
    bool known;   /* that is it */
    int room;     /* samples of all channels, in both: */
    void *buffer; /* interleaved */
    float *channel[SOUND_CHANNELS_MAX];
};

static void wave_destroy(void *state)
{
    struct wave_writing *w = state;
    wave_carry_clear(&w->carry);
    loudness_meter_destroy(w->meter);
    g_free(w->format.codec);
    g_free(w->buffer);
    g_free(w->channel[0]);
    g_free(w);
}

/* The places that WAVEFORMATEXTENSIBLE has names for, which are libav's first 18. */
static const uint64_t places = (UINT64_C(1) << 18) - 1;

/* Whether the layout that flows is only what a count usually means: the file didn't say. */
static bool is_nowhere(const struct sound_writer_setup *setup, const struct sound_shape *shape)
{
    return setup->from && !setup->placed && !sound_file_has_places(setup->from) &&
           strcmp(sound_file_shape(setup->from)->layout, shape->layout) == 0;
}

/* Mono, stereo and what has no places in one or two channels need no mask. */
static struct wave_format format_of(const struct wave_writing *w,
                                    const struct sound_writer_setup *setup)
{
    const struct sound_shape *shape = chain_sound(w->chain);
    AVChannelLayout layout = {0};
    struct wave_format format = {
        .rate = shape->rate,
        .channels = shape->channels,
        .bits = w->format.bits,
        .floats = w->format.floats,
        .extensible = shape->channels > 2,
    };
    if (av_channel_layout_from_string(&layout, shape->layout) >= 0 &&
        layout.order == AV_CHANNEL_ORDER_NATIVE && !is_nowhere(setup, shape)) {
        if (layout.u.mask & ~places)
            chain_note(w->chain, "dropped: the names of the channels (%s): WAVE has none for them",
                       shape->layout);
        else
            format.mask = (uint32_t)layout.u.mask;
    }
    format.extensible |=
        format.mask && strcmp(shape->layout, "mono") != 0 && strcmp(shape->layout, "stereo") != 0;
    av_channel_layout_uninit(&layout);
    return format;
}

static bool open_meter(struct wave_writing *w, struct failure *failure)
{
    const struct sound_shape *shape = chain_sound(w->chain);
    struct failure why = {FAIL_NONE, NULL};
    AVChannelLayout layout = {0};
    if (av_channel_layout_from_string(&layout, shape->layout) < 0 ||
        layout.nb_channels != shape->channels)
        av_channel_layout_default(&layout, shape->channels);
    w->meter = loudness_meter_create(shape->rate, &layout, &why);
    av_channel_layout_uninit(&layout);
    if (!w->meter && why.class == FAIL_MEMORY)
        return fail(failure, why.class, "%s", why.message);
    if (!w->meter)
        chain_note(w->chain, "loudness isn't measured: %s", why.message);
    failure_clear(&why);
    return true;
}

static bool open_file(struct wave_writing *w, const struct sound_writer_setup *setup,
                      struct failure *failure)
{
    if (chain_sound(w->chain)->channels > SOUND_CHANNELS_MAX)
        return fail(failure, FAIL_CONFIG, "a wav file can't hold %d channels (at most %d)",
                    chain_sound(w->chain)->channels, SOUND_CHANNELS_MAX);
    struct wave_format format = format_of(w, setup);
    w->carry = (struct wave_carry){.setup = setup, .chain = w->chain};
    bool begun = wave_file_begin(&w->file, setup->fd, &format, failure) &&
                 wave_carry_front(&w->carry, &w->file, failure) &&
                 wave_file_data(&w->file, failure);
    w->carry.setup = NULL;
    return begun && (!w->carry.has_bext || w->known || open_meter(w, failure));
}

/* Rounding to 24 bits adds noise 79 dB below the absolute gate; dither isn't. */
static bool keeps_loudness(const struct wave_writing *w, const struct sound_shape *before)
{
    const struct sound_shape *shape = chain_sound(w->chain);
    return shape->rate == before->rate && shape->channels == before->channels &&
           (w->format.floats || w->format.bits >= 24);
}

static void *wave_create(struct chain *chain, const struct sound_writer_setup *setup,
                         struct failure *failure)
{
    struct wave_writing *w = g_new0(struct wave_writing, 1);
    struct sound_shape before = *chain_sound(chain);
    w->chain = chain;
    bool chosen = sound_format_choose(chain, setup, &w->format, failure);
    w->known = chosen && setup->loudness && keeps_loudness(w, &before);
    if (w->known)
        w->loudness = *setup->loudness;
    if (!chosen || !open_file(w, setup, failure)) {
        wave_destroy(w);
        return NULL;
    }
    sound_format_quantiser(&w->format, chain, &w->quantiser);
    return w;
}

static void make_room(struct wave_writing *w, int frames)
{
    int channels = w->file.format.channels;
    if (frames <= w->room)
        return;
    w->room = frames;
    w->buffer = g_realloc_n(w->buffer, (size_t)frames * (size_t)channels, sizeof(double));
    w->channel[0] = g_realloc_n(w->channel[0], (size_t)frames * (size_t)channels, sizeof(float));
    for (int c = 1; c < channels; c++)
        w->channel[c] = w->channel[0] + (size_t)c * (size_t)frames;
}

/* The samples as they are written. */
static bool measure(struct wave_writing *w, int frames, struct failure *failure)
{
    const struct wave_format *format = &w->file.format;
    for (int c = 0; w->meter && c < format->channels; c++)
        for (int i = 0; i < frames; i++) {
            size_t at = (size_t)i * (size_t)format->channels + (size_t)c;
            if (!format->floats)
                w->channel[c][i] = (float)(((const int32_t *)w->buffer)[at] * 0x1p-31);
            else if (format->bits == 32)
                w->channel[c][i] = ((const float *)w->buffer)[at];
            else
                w->channel[c][i] = (float)((const double *)w->buffer)[at];
        }
    return !w->meter ||
           loudness_meter_feed(w->meter, (const float *const *)w->channel, frames, failure);
}

/* `bytes` is a constant where this is called, so that each width is a loop of its own. */
static inline void pack_whole(const int32_t *from, uint8_t *to, size_t count, size_t bytes)
{
    for (size_t i = 0; i < count; i++) {
        uint32_t sample = (uint32_t)from[i] >> (32 - 8 * bytes);
        for (size_t b = 0; b < bytes; b++)
            to[i * bytes + b] = (uint8_t)(sample >> 8 * b);
    }
}

/* In place: the upper bytes of each left-justified sample, little-endian. */
static size_t pack(const struct wave_writing *w, int frames)
{
    const struct wave_format *format = &w->file.format;
    size_t count = (size_t)frames * (size_t)format->channels, bytes = (size_t)format->bits / 8;
    if (!format->floats && bytes == 3)
        pack_whole(w->buffer, w->buffer, count, 3);
    else if (!format->floats && bytes == 2)
        pack_whole(w->buffer, w->buffer, count, 2);
    else if (!format->floats)
        pack_whole(w->buffer, w->buffer, count, bytes);
    return count * bytes;
}

static bool wave_push(void *state, const AVFrame *frame, struct failure *failure)
{
    struct wave_writing *w = state;
    make_room(w, frame->nb_samples);
    if (frame->ch_layout.nb_channels != w->file.format.channels ||
        !sound_interleave(&w->format, &w->quantiser, frame, w->buffer))
        return fail(failure, FAIL_INTERNAL, "a frame of another format");
    return measure(w, frame->nb_samples, failure) &&
           wave_file_samples(&w->file, w->buffer, pack(w, frame->nb_samples), failure);
}

static void note_loudness(struct chain *chain, const struct loudness *loudness)
{
    if (isnan(loudness->integrated_lufs))
        chain_note(chain, "Broadcast Wave chunk: loudness unknown (silence, or too short)");
    else
        chain_note(chain, "Broadcast Wave chunk: %.2f LUFS, true peak %.2f dBTP",
                   loudness->integrated_lufs, loudness->true_peak_dbtp);
}

static bool wave_finish(void *state, struct claim *claim, struct failure *failure)
{
    struct wave_writing *w = state;
    bool known = w->carry.has_bext && (w->known || w->meter);
    if (w->meter)
        loudness_meter_read(w->meter, &w->loudness);
    if (known)
        note_loudness(w->chain, &w->loudness);
    if (!wave_file_data_end(&w->file, failure) ||
        !wave_carry_back(&w->carry, &w->file, known ? &w->loudness : NULL, failure) ||
        !wave_file_end(&w->file, failure))
        return false;
    sound_format_note(&w->quantiser, w->chain);
    sound_format_claim(&w->format, chain_sound(w->chain), wave_file_frames(&w->file), claim);
    return true;
}

const struct sound_backend sound_backend_wave = {wave_create, wave_push, wave_finish, wave_destroy};
