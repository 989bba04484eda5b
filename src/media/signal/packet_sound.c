/* SPDX-License-Identifier: GPL-3.0-or-later
 * What a packet of sound says about its length. */
#include "packet_sound.h"

#include <glib.h>
#include <libavcodec/vorbis_parser.h>
#include <libavutil/intreadwrite.h>
#include <libavutil/mathematics.h>
#include <string.h>

/* Of one frame of Opus at its 48 kHz, by the configuration in a packet's first byte: RFC 6716, 3.1.
 */
static int64_t opus_frame(unsigned configuration)
{
    static const int64_t silk[] = {480, 960, 1920, 2880}, hybrid[] = {480, 960},
                         celt[] = {120, 240, 480, 960};
    if (configuration < 12)
        return silk[configuration % 4];
    return configuration < 16 ? hybrid[configuration % 2] : celt[configuration % 4];
}

/* One frame, two, or as many as the second byte says. */
static int64_t opus_samples(const uint8_t *data, int size)
{
    enum { MANY = 3, COUNT = 0x3f };
    unsigned frames = size < 1 ? 0 : (data[0] & 3U) == 0 ? 1 : 2;
    if (size >= 1 && (data[0] & 3U) == MANY)
        frames = size < 2 ? 0 : data[1] & COUNT;
    return frames ? frames * opus_frame(data[0] >> 3) : 0;
}

/* The four bits of a frame's header, or what follows its number, which is coded as UTF-8 is: RFC
 * 9639, 9.1.1 and 9.1.6. */
static int64_t flac_samples(const uint8_t *data, int size)
{
    enum { HEAD = 4, BYTE = 6, WORD = 7 };
    if (size < HEAD + 1 || data[0] != 0xff || (data[1] & 0xfe) != 0xf8)
        return 0;
    const unsigned code = data[2] >> 4;
    int number = 1;
    while (number < 7 && data[HEAD] & 0x80 && data[HEAD] & 0x80 >> number)
        number++;
    const int at = HEAD + number;
    if (code == BYTE || code == WORD)
        return size < at + 2 ? 0 : code == BYTE ? data[at] + 1 : AV_RB16(data + at) + 1;
    return code == 0 ? 0 : code == 1 ? 192 : code < BYTE ? 144 << code : 1 << code;
}

/* Apple's ALAC (ALACDecoder.cpp): an element says by a bit behind its 3 bits of kind, 4 of number
 * and 12 unused whether it has fewer samples than its header's frameLength
 * (ALACMagicCookieDescription), and behind three more how many. */
static int64_t alac_samples(const AVCodecParameters *par, const uint8_t *data, int size)
{
    enum { LENGTH_AT = 12 /* behind the atom's head and its version */ };
    if (size < 8 || par->extradata_size < LENGTH_AT + 4)
        return 0;
    const bool fewer = data[2] & 0x10;
    return fewer ? (int64_t)((AV_RB64(data) << 23) >> 32) : AV_RB32(par->extradata + LENGTH_AT);
}

/* The header of each block (WavPack 4 & 5 Binary File / Block Format, "block_samples"), which
 * libavformat gives back to the blocks of Matroska. */
static int64_t wavpack_samples(const uint8_t *data, int size)
{
    enum { SAMPLES_AT = 20, HEADER = 32 };
    return size < HEADER || memcmp(data, "wvpk", 4) != 0 ? 0 : AV_RL32(data + SAMPLES_AT);
}

/* The core of DTS (ETSI TS 102 114, 5.3.1): NBLKS, behind 7 bits of a frame's header, is blocks of
 * 32 samples but one, at the rate that SFREQ is the number of. What extends the core may double it.
 */
static int64_t dts_samples(const AVCodecParameters *par, const uint8_t *data, int size)
{
    enum { SYNC = 0x7ffe8001, HEADER = 9, BLOCK = 32 };
    static const int rates[16] = {0,     8000, 16000, 32000, 0,     0,     11025, 22050,
                                  44100, 0,    0,     12000, 24000, 48000, 0,     0};
    if (size < HEADER || AV_RB32(data) != SYNC)
        return 0;
    const int blocks = ((data[4] & 1) << 6 | data[5] >> 2) + 1, rate = rates[data[8] >> 2 & 15];
    return rate ? av_rescale(blocks * BLOCK, par->sample_rate, rate) : 0;
}

/* Of Speex, whose header says it of all packets (speex_header.h: frame_size, frames_per_packet). */
static int64_t speex_samples(const AVCodecParameters *par)
{
    enum { FRAME_AT = 56, FRAMES_AT = 64, HEADER = 80, MOST = 1 << 16 };
    const uint8_t *header = par->extradata;
    if (par->extradata_size < HEADER || memcmp(header, "Speex   ", 8) != 0)
        return 0;
    const int64_t frame = AV_RL32(header + FRAME_AT), frames = AV_RL32(header + FRAMES_AT);
    return frame > MOST || frames > MOST ? 0 : frame * MAX(frames, 1);
}

static int64_t vorbis_samples(AVVorbisParseContext *vorbis, const uint8_t *data, int size)
{
    const int samples = vorbis ? av_vorbis_parse_frame(vorbis, data, size) : 0;
    return MAX(samples, 0);
}

struct packet_counter {
    const AVCodecParameters *par;
    AVVorbisParseContext *vorbis;
};

struct packet_counter *packet_counter_create(const AVCodecParameters *par)
{
    struct packet_counter *counter = g_new0(struct packet_counter, 1);
    counter->par = par;
    if (par->codec_id == AV_CODEC_ID_VORBIS)
        counter->vorbis = av_vorbis_parse_init(par->extradata, par->extradata_size);
    return counter;
}

void packet_counter_destroy(struct packet_counter *counter)
{
    if (counter)
        av_vorbis_parse_free(&counter->vorbis);
    g_free(counter);
}

int64_t packet_counter_samples(struct packet_counter *counter, const AVPacket *packet)
{
    switch (counter->par->codec_id) {
    case AV_CODEC_ID_OPUS:
        return opus_samples(packet->data, packet->size);
    case AV_CODEC_ID_FLAC:
        return flac_samples(packet->data, packet->size);
    case AV_CODEC_ID_ALAC:
        return alac_samples(counter->par, packet->data, packet->size);
    case AV_CODEC_ID_WAVPACK:
        return wavpack_samples(packet->data, packet->size);
    case AV_CODEC_ID_DTS:
        return dts_samples(counter->par, packet->data, packet->size);
    case AV_CODEC_ID_SPEEX:
        return speex_samples(counter->par);
    case AV_CODEC_ID_VORBIS:
        return vorbis_samples(counter->vorbis, packet->data, packet->size);
    default:
        return av_get_audio_frame_duration2((AVCodecParameters *)counter->par, packet->size);
    }
}

enum { SIZE = 10, START_AT = 0, END_AT = 4 };

static uint8_t *find(const AVPacket *packet)
{
    size_t size = 0;
    uint8_t *data = av_packet_get_side_data(packet, AV_PKT_DATA_SKIP_SAMPLES, &size);
    return size >= SIZE ? data : NULL;
}

struct packet_skip packet_skip_get(const AVPacket *packet)
{
    const uint8_t *data = find(packet);
    if (!data)
        return (struct packet_skip){0, 0};
    return (struct packet_skip){AV_RL32(data + START_AT), AV_RL32(data + END_AT)};
}

static uint8_t *make(AVPacket *packet)
{
    uint8_t *data = av_packet_new_side_data(packet, AV_PKT_DATA_SKIP_SAMPLES, SIZE);
    if (data)
        memset(data, 0, SIZE);
    return data;
}

bool packet_skip_set(AVPacket *packet, struct packet_skip skip)
{
    uint8_t *found = find(packet), *data = found ? found : make(packet);
    if (!data)
        return false;
    AV_WL32(data + START_AT, skip.start);
    AV_WL32(data + END_AT, skip.end);
    return true;
}
