/* SPDX-License-Identifier: GPL-3.0-or-later
 * What a packet of sound says about its length. */
#include "packet_sound.h"

#include <libavutil/intreadwrite.h>
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

int64_t packet_samples(const AVCodecParameters *par, const AVPacket *packet)
{
    if (par->codec_id == AV_CODEC_ID_OPUS)
        return opus_samples(packet->data, packet->size);
    return av_get_audio_frame_duration2((AVCodecParameters *)par, packet->size);
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
