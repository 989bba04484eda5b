/* SPDX-License-Identifier: GPL-3.0-or-later
 * Key pictures, by the types of their NAL units (ITU-T H.264, table 7-1; H.265, table 7-1), which
 * stand behind start codes or, in MP4 and Matroska, behind their lengths (ISO/IEC 14496-15). */
#include "cut_key.h"

#include <libavutil/intreadwrite.h>

struct units {
    const uint8_t *at, *end;
    int length_bytes; /* 0: start codes */
};

/* The configuration records of 14496-15 begin with their version, and say the size of lengths. */
static struct units units_of(const AVCodecParameters *par, const AVPacket *packet)
{
    const int where = par->codec_id == AV_CODEC_ID_HEVC ? 21 : 4;
    bool record = par->extradata_size > where && par->extradata[0] == 1;
    return (struct units){packet->data, packet->data + packet->size,
                          record ? (par->extradata[where] & 3) + 1 : 0};
}

static const uint8_t *behind_start_code(const uint8_t *at, const uint8_t *end)
{
    for (; end - at > 3; at++)
        if (AV_RB24(at) == 1)
            return at + 3;
    return NULL;
}

static const uint8_t *behind_length(struct units *units)
{
    uint32_t length = 0;
    if (units->end - units->at <= units->length_bytes)
        return NULL;
    for (int i = 0; i < units->length_bytes; i++)
        length = length << 8 | units->at[i];
    const uint8_t *unit = units->at + units->length_bytes;
    units->at = length < (uint64_t)(units->end - unit) ? unit + length : units->end;
    return unit;
}

/* The first byte of the next unit; NULL when there is none. */
static const uint8_t *next_unit(struct units *units)
{
    if (units->length_bytes)
        return behind_length(units);
    const uint8_t *unit = behind_start_code(units->at, units->end);
    units->at = unit ? unit : units->end;
    return unit;
}

static bool is_idr(const AVCodecParameters *par, const AVPacket *packet)
{
    enum { SLICE = 1, IDR = 5 };
    struct units units = units_of(par, packet);
    for (const uint8_t *unit; (unit = next_unit(&units));) {
        int type = *unit & 31;
        if (type >= SLICE && type <= IDR)
            return type == IDR;
    }
    return false;
}

static bool is_irap(const AVCodecParameters *par, const AVPacket *packet)
{
    enum { SLICES_END = 32, IRAP = 16, IRAP_END = 22 };
    struct units units = units_of(par, packet);
    for (const uint8_t *unit; (unit = next_unit(&units));) {
        int type = *unit >> 1 & 63;
        if (type < SLICES_END)
            return type >= IRAP && type < IRAP_END;
    }
    return false;
}

static bool is_key(const AVCodecParameters *par, const AVPacket *packet)
{
    return packet->flags & AV_PKT_FLAG_KEY;
}

static bool is_any(const AVCodecParameters *par, const AVPacket *packet)
{
    return true;
}

static const struct {
    enum AVCodecID codec;
    bool (*safe)(const AVCodecParameters *par, const AVPacket *packet);
} rules[] = {
    {AV_CODEC_ID_H264, is_idr},       {AV_CODEC_ID_HEVC, is_irap}, {AV_CODEC_ID_MPEG1VIDEO, is_key},
    {AV_CODEC_ID_MPEG2VIDEO, is_key}, {AV_CODEC_ID_VP8, is_key},   {AV_CODEC_ID_VP9, is_key},
    {AV_CODEC_ID_AV1, is_key},        {AV_CODEC_ID_FFV1, is_key},  {AV_CODEC_ID_THEORA, is_key},
};

static bool (*rule_of(const AVCodecParameters *par))(const AVCodecParameters *, const AVPacket *)
{
    const AVCodecDescriptor *row = avcodec_descriptor_get(par->codec_id);
    for (unsigned i = 0; i < sizeof rules / sizeof *rules; i++)
        if (rules[i].codec == par->codec_id)
            return rules[i].safe;
    return row && row->props & AV_CODEC_PROP_INTRA_ONLY ? is_any : NULL;
}

bool cut_key_is_known(const AVCodecParameters *par)
{
    return rule_of(par) != NULL;
}

bool cut_key_is_safe(const AVCodecParameters *par, const AVPacket *packet)
{
    bool (*safe)(const AVCodecParameters *, const AVPacket *) = rule_of(par);
    return safe && packet->size > 0 && safe(par, packet);
}
