/* SPDX-License-Identifier: GPL-3.0-or-later
 * Key pictures, by the types of their NAL units (ITU-T H.264, table 7-1; H.265, table 7-1). */
#include "cut_key.h"

#include "../bytes/nal.h"

static bool is_idr(const AVCodecParameters *par, const AVPacket *packet)
{
    enum { SLICE = 1, IDR = 5 };
    struct nals nals = nals_of_packet(par, packet);
    for (struct nal nal; nal_next(&nals, &nal);) {
        int type = *nal.data & 31;
        if (type >= SLICE && type <= IDR)
            return type == IDR;
    }
    return false;
}

static bool is_irap(const AVCodecParameters *par, const AVPacket *packet)
{
    enum { SLICES_END = 32, IRAP = 16, IRAP_END = 22 };
    struct nals nals = nals_of_packet(par, packet);
    for (struct nal nal; nal_next(&nals, &nal);) {
        int type = *nal.data >> 1 & 63;
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
