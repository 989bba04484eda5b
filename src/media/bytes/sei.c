/* SPDX-License-Identifier: GPL-3.0-or-later
 * Looking for messages. */
#include "sei.h"

#include "nal.h"

#include <libavutil/intreadwrite.h>

struct rest {
    const uint8_t *at, *end;
};

/* Bytes of 255 and one that is less are added up (7.3.2.3.1 of H.264, 7.3.5 of H.265). */
static bool read_sum(struct rest *rest, size_t *sum)
{
    *sum = 0;
    while (rest->at < rest->end) {
        *sum += *rest->at;
        if (*rest->at++ != UINT8_MAX)
            return true;
    }
    return false;
}

static GByteArray *find_message(struct rest rest, unsigned wanted)
{
    size_t type, size;
    while (read_sum(&rest, &type) && read_sum(&rest, &size) &&
           size <= (size_t)(rest.end - rest.at)) {
        if (type == wanted)
            return g_byte_array_append(g_byte_array_new(), rest.at, (guint)size);
        rest.at += size;
    }
    return NULL;
}

/* How long the header of such a unit is; 0: it isn't one. */
static size_t header_of(enum AVCodecID codec, const struct nal *nal)
{
    enum { H264_SEI = 6, HEVC_PREFIX_SEI = 39 };
    if (codec == AV_CODEC_ID_H264)
        return (nal->data[0] & 31) == H264_SEI ? 1 : 0;
    return (nal->data[0] >> 1 & 63) == HEVC_PREFIX_SEI ? 2 : 0;
}

static GByteArray *find_in(enum AVCodecID codec, struct nals nals, unsigned type)
{
    GByteArray *found = NULL;
    for (struct nal nal; !found && nal_next(&nals, &nal);) {
        const size_t header = header_of(codec, &nal);
        if (!header || nal.size <= header)
            continue;
        g_autofree uint8_t *unit = g_malloc(nal.size);
        const size_t size = nal_unescape(&nal, unit, nal.size);
        found = find_message((struct rest){unit + header, unit + size}, type);
    }
    return found;
}

/* Arrays of units behind lengths of two bytes (ISO/IEC 14496-15, 8.3.3.1.2). */
static GByteArray *find_in_record(const AVCodecParameters *par, unsigned type)
{
    enum { ARRAYS_AT = 22, ARRAY_HEAD = 3, LENGTH = 2 };
    const uint8_t *at = par->extradata + ARRAYS_AT, *end = par->extradata + par->extradata_size;
    GByteArray *found = NULL;
    for (int arrays = *at++; !found && arrays > 0 && end - at > ARRAY_HEAD; arrays--) {
        const uint8_t *from = at + ARRAY_HEAD;
        int units = AV_RB16(at + 1);
        for (at = from; units > 0 && end - at > LENGTH; units--)
            at += MIN(LENGTH + AV_RB16(at), end - at);
        found = find_in(par->codec_id, (struct nals){from, at, LENGTH}, type);
    }
    return found;
}

static GByteArray *find_in_header(const AVCodecParameters *par, unsigned type)
{
    if (!nal_length_bytes(par))
        return find_in(par->codec_id, nals_of_start_codes(par->extradata, par->extradata_size),
                       type);
    return par->codec_id == AV_CODEC_ID_HEVC ? find_in_record(par, type) : NULL;
}

GByteArray *sei_find(const AVCodecParameters *par, const AVPacket *packet, unsigned type)
{
    GByteArray *found = find_in(par->codec_id, nals_of_packet(par, packet), type);
    return found ? found : find_in_header(par, type);
}
