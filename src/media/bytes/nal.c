/* SPDX-License-Identifier: GPL-3.0-or-later
 * Walking over NAL units. */
#include "nal.h"

#include <libavutil/intreadwrite.h>

/* The configuration records of 14496-15 begin with their version, and say the size of lengths. */
int nal_length_bytes(const AVCodecParameters *par)
{
    const int where = par->codec_id == AV_CODEC_ID_HEVC ? 21 : 4;
    bool record = par->extradata_size > where && par->extradata[0] == 1;
    return record ? (par->extradata[where] & 3) + 1 : 0;
}

struct nals nals_of_packet(const AVCodecParameters *par, const AVPacket *packet)
{
    return (struct nals){packet->data, packet->data + packet->size, nal_length_bytes(par)};
}

struct nals nals_of_start_codes(const uint8_t *data, int size)
{
    return (struct nals){data, data ? data + size : NULL, 0};
}

/* The next one, or the end. */
static const uint8_t *start_code(const uint8_t *at, const uint8_t *end)
{
    for (; end - at > 3; at++)
        if (AV_RB24(at) == 1)
            return at;
    return end;
}

/* Zeros may stand before a start code and behind the last unit. */
static bool next_by_start_code(struct nals *nals, struct nal *nal)
{
    const uint8_t *code = start_code(nals->at, nals->end);
    if (code == nals->end)
        return false;
    const uint8_t *end = nals->at = start_code(code + 3, nals->end);
    while (end > code + 4 && end[-1] == 0)
        end--;
    *nal = (struct nal){code + 3, (size_t)(end - code - 3)};
    return true;
}

static bool next_by_length(struct nals *nals, struct nal *nal)
{
    uint32_t length = 0;
    if (nals->end - nals->at <= nals->length_bytes)
        return false;
    for (int i = 0; i < nals->length_bytes; i++)
        length = length << 8 | nals->at[i];
    const uint8_t *unit = nals->at + nals->length_bytes;
    size_t left = (size_t)(nals->end - unit);
    *nal = (struct nal){unit, length < left ? length : left};
    nals->at = unit + nal->size;
    return true;
}

bool nal_next(struct nals *nals, struct nal *nal)
{
    bool got;
    do
        got = nals->length_bytes ? next_by_length(nals, nal) : next_by_start_code(nals, nal);
    while (got && !nal->size);
    return got;
}

size_t nal_unescape(const struct nal *nal, uint8_t *to, size_t most)
{
    size_t size = 0;
    int zeros = 0;
    for (size_t i = 0; i < nal->size && size < most; i++) {
        bool kept = zeros < 2 || nal->data[i] != 3;
        zeros = nal->data[i] ? 0 : zeros + 1;
        if (kept)
            to[size++] = nal->data[i];
    }
    return size;
}
