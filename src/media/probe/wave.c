/* SPDX-License-Identifier: GPL-3.0-or-later
 * Facts by the chunks of a WAVE file. Sources: Multimedia Programming Interface 1.0 (RIFF, WAVE),
 * Microsoft's WAVEFORMATEXTENSIBLE. */
#include "wave.h"

#include "../bytes/little.h"
#include "../sound/wave_chunks.h"

#include <math.h>
#include <string.h>
#include <unistd.h>

enum { FORMAT_PCM = 1, FORMAT_FLOAT = 3, FORMAT_EXTENSIBLE = 0xfffe };
enum { PLAIN = 16, EXTENDED = 40 }; /* bytes of `fmt ` */

struct plain_wave {
    int tag, channels, rate, frame, bits;
    bool extended; /* it says where its channels are: */
    unsigned mask;
    int64_t at, bytes; /* of samples */
    bool endless;      /* and the last may be a piece of one */
};

/* What each form of storage is called. */
static const struct form {
    int tag, bits;
    const char *codec, *format;
} forms[] = {
    {FORMAT_PCM, 8, "pcm_u8", "u8"},        {FORMAT_PCM, 16, "pcm_s16le", "s16"},
    {FORMAT_PCM, 24, "pcm_s24le", "s32"},   {FORMAT_PCM, 32, "pcm_s32le", "s32"},
    {FORMAT_FLOAT, 32, "pcm_f32le", "flt"}, {FORMAT_FLOAT, 64, "pcm_f64le", "dbl"},
};

/* Without a mask it is the usual one. */
static const struct {
    int channels;
    unsigned mask;
    const char *layout;
} layouts[] = {{1, 0x4, "mono"}, {2, 0x3, "stereo"}};

static const struct form *form_of(const struct plain_wave *wave)
{
    for (unsigned i = 0; i < G_N_ELEMENTS(forms); i++)
        if (forms[i].tag == wave->tag && forms[i].bits == wave->bits &&
            wave->frame == wave->channels * wave->bits / 8)
            return &forms[i];
    return NULL;
}

static const char *layout_of(const struct plain_wave *wave)
{
    for (unsigned i = 0; i < G_N_ELEMENTS(layouts); i++)
        if (layouts[i].channels == wave->channels &&
            (!wave->extended || layouts[i].mask == wave->mask))
            return layouts[i].layout;
    return NULL;
}

/* The sub-format is a number followed by the fixed part of a GUID. */
static bool read_extension(struct plain_wave *wave, const uint8_t *format)
{
    static const uint8_t guid[] = {0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xaa, 0, 0x38, 0x9b, 0x71};
    enum { SIZE_AT = 16, BITS_AT = 18, MASK_AT = 20, TAG_AT = 24, GUID_AT = 26 };
    wave->mask = (unsigned)little_get(format + MASK_AT, 4);
    wave->tag = (int)little_get(format + TAG_AT, 2);
    return little_get(format + SIZE_AT, 2) == EXTENDED - BITS_AT &&
           (int)little_get(format + BITS_AT, 2) == wave->bits &&
           memcmp(format + GUID_AT, guid, sizeof guid) == 0;
}

static bool read_format(struct plain_wave *wave, int fd, const struct wave_chunk *chunk)
{
    enum { CHANNELS_AT = 2, RATE_AT = 4, FRAME_AT = 12, BITS_AT = 14 };
    uint8_t format[EXTENDED];
    bool known = chunk && (chunk->length == PLAIN || chunk->length == EXTENDED);
    if (!known || pread(fd, format, (size_t)chunk->length, chunk->at) != chunk->length)
        return false;
    wave->tag = (int)little_get(format, 2);
    wave->channels = (int)little_get(format + CHANNELS_AT, 2);
    wave->rate = (int)MIN(little_get(format + RATE_AT, 4), INT_MAX);
    wave->frame = (int)little_get(format + FRAME_AT, 2);
    wave->bits = (int)little_get(format + BITS_AT, 2);
    wave->extended = wave->tag == FORMAT_EXTENSIBLE;
    return wave->extended == (chunk->length == EXTENDED) &&
           (!wave->extended || read_extension(wave, format));
}

/* A list of texts with none but the name of the program that wrote it. */
static bool says_nothing(int fd, const struct wave_chunk *chunk)
{
    enum { KIND = 4, HEAD = 8, MOST = 4096 };
    g_autoptr(GBytes) bytes = chunk->length <= MOST ? wave_chunk_load(fd, chunk) : NULL;
    gsize length = 0;
    const uint8_t *data = bytes ? g_bytes_get_data(bytes, &length) : NULL;
    if (length < KIND + HEAD || memcmp(data, "INFOISFT", KIND + 4) != 0)
        return false;
    uint64_t text = little_get(data + KIND + 4, 4);
    return KIND + HEAD + text + (text & 1) == length || KIND + HEAD + text == length;
}

static bool read_chunks(struct plain_wave *wave, int fd, int64_t size)
{
    g_autoptr(GArray) chunks = wave_chunks_all(fd, size);
    int64_t end = 0;
    unsigned samples = 0;
    for (guint i = 0; i < chunks->len; i++) {
        const struct wave_chunk *chunk = &g_array_index(chunks, struct wave_chunk, i);
        bool data = strcmp(chunk->id, "data") == 0;
        samples += data;
        end = chunk->at + chunk->length + (chunk->length & 1);
        if (data) {
            wave->at = chunk->at;
            wave->bytes = chunk->length;
            wave->endless = chunk->endless;
        } else if (strcmp(chunk->id, "fmt ") != 0 && strcmp(chunk->id, "ds64") != 0 &&
                   !(strcmp(chunk->id, "LIST") == 0 && says_nothing(fd, chunk)))
            return false;
    }
    return samples == 1 && wave->bytes > 0 && (end == size || wave->endless) &&
           read_format(wave, fd, wave_chunks_find(chunks, "fmt "));
}

static void add_stream(struct facts *facts)
{
    struct stream_facts *row = g_new0(struct stream_facts, 1);
    row->kind = g_strdup("audio");
    row->codec = g_strdup(facts->codec);
    row->start_s = NAN;
    row->duration_s = (double)facts->samples * (1.0 / facts->sample_rate);
    g_ptr_array_add(facts->streams, row);
    facts->languages = g_strdup("und"); /* a WAVE has no word for it */
    facts->subtitle_languages = g_strdup("");
}

/* The first bytes of the samples that libavformat's demuxer guesses from: 32 packets of 4096. */
static bool may_be_wrapped(int fd, const struct plain_wave *wave)
{
    enum { LOOK = 131072 };
    static const uint32_t words[] = {0x7ffe8001, 0xfe7f0180, 0x1fffe800, 0xff1f00e8, 0x72f81f4e};
    g_autofree uint8_t *data = g_malloc(LOOK);
    ssize_t length =
        wave->bits == 16 ? pread(fd, data, (size_t)MIN(wave->bytes, LOOK), wave->at) : 0;
    uint32_t word = 0;
    for (ssize_t i = 0; i < length; i++) {
        word = word << 8 | data[i];
        for (unsigned w = 0; w < G_N_ELEMENTS(words); w++)
            if (word == words[w])
                return true;
    }
    return false;
}

bool media_probe_wave(int fd, int64_t size, struct facts *facts)
{
    struct plain_wave wave = {.mask = 0};
    if (!read_chunks(&wave, fd, size))
        return false;
    const struct form *form = form_of(&wave);
    const char *layout = layout_of(&wave);
    const bool whole = form && (wave.endless || wave.bytes % wave.frame == 0);
    if (!whole || !layout || wave.rate <= 0 || may_be_wrapped(fd, &wave))
        return false;
    facts->kind = KIND_AUDIO;
    facts->container = g_strdup("wav");
    facts->codec = g_strdup(form->codec);
    facts->audio_codec = g_strdup(form->codec);
    facts->sample_format = g_strdup(form->format);
    facts->audio_bit_depth = form->bits;
    facts->channels = wave.channels;
    facts->channel_layout = g_strdup(layout);
    facts->sample_rate = wave.rate;
    facts->samples = wave.bytes / wave.frame;
    facts->audio_tracks = 1;
    /* As libavformat rounds: whole microseconds, whole bits. */
    double us = round((double)facts->samples * 1e6 / wave.rate);
    facts->duration_s = us / 1e6;
    facts->bit_rate = floor((double)size * 8e6 / us);
    add_stream(facts);
    return true;
}
