/* SPDX-License-Identifier: GPL-3.0-or-later
 * Reading slice headers up to idr_pic_id. */
#include "h264_slice.h"

#include "../bytes/nal.h"
#include "seam_sets.h"

#include <glib.h>

enum { SLICE = 1, IDR = 5, SPS = 7, PPS = 8, HEAD_BYTES = 512 };

static int type_of(const struct nal *nal)
{
    return *nal->data & 31;
}

/* --- bits --- */

/* The head of a unit, unescaped; zeros follow. */
struct bits {
    uint8_t data[HEAD_BYTES];
    size_t size, at; /* bytes, and the next bit */
};

static struct bits bits_of(const struct nal *nal)
{
    struct bits bits = {.at = 8};
    bits.size = nal_unescape(nal, bits.data, HEAD_BYTES);
    return bits;
}

static unsigned u(struct bits *bits, int count)
{
    unsigned value = 0;
    for (int i = 0; i < count; i++, bits->at++) {
        size_t byte = bits->at / 8;
        value = value << 1 | (byte < bits->size ? bits->data[byte] >> (7 - bits->at % 8) & 1 : 0);
    }
    return value;
}

/* 9.1 */
static unsigned ue(struct bits *bits)
{
    int zeros = 0;
    while (zeros < 31 && !u(bits, 1))
        zeros++;
    return (1U << zeros) - 1 + u(bits, zeros);
}

static unsigned ue_to(struct bits *bits, unsigned most)
{
    const unsigned value = ue(bits);
    return MIN(value, most);
}

/* 9.1.1 */
static int se(struct bits *bits)
{
    unsigned code = ue(bits);
    return code & 1 ? (int)(code / 2) + 1 : -(int)(code / 2);
}

/* --- sets --- */

struct sequence {
    bool separate_planes, only_frames;
    int frame_num_bits;
};

/* 7.3.2.1.1.1 */
static void skip_list(struct bits *bits, int size)
{
    int last = 8, next = 8;
    for (int i = 0; i < size; i++) {
        if (next)
            next = (last + se(bits) + 256) & 255;
        last = next ? next : last;
    }
}

static void skip_chroma(struct bits *bits, struct sequence *sequence)
{
    enum { YUV444 = 3 };
    unsigned chroma = ue(bits);
    sequence->separate_planes = chroma == YUV444 && u(bits, 1);
    ue(bits);
    ue(bits);
    u(bits, 1);
    if (u(bits, 1))
        for (int i = 0; i < (chroma == YUV444 ? 12 : 8); i++)
            if (u(bits, 1))
                skip_list(bits, i < 6 ? 16 : 64);
}

static void skip_order(struct bits *bits)
{
    const unsigned type = ue(bits);
    if (type == 0)
        ue(bits);
    if (type != 1)
        return;
    u(bits, 1);
    se(bits);
    se(bits);
    for (unsigned i = ue_to(bits, 255); i-- > 0;)
        se(bits);
}

static struct sequence read_sequence(const struct nal *nal)
{
    static const uint8_t with_chroma[] = {100, 110, 122, 244, 44,  83, 86,
                                          118, 128, 138, 139, 134, 135};
    struct bits bits = bits_of(nal);
    struct sequence sequence = {false, false, 0};
    const unsigned profile = u(&bits, 8);
    u(&bits, 16);
    ue(&bits);
    if (memchr(with_chroma, (int)profile, sizeof with_chroma))
        skip_chroma(&bits, &sequence);
    sequence.frame_num_bits = (int)ue_to(&bits, 12) + 4;
    skip_order(&bits);
    ue(&bits);
    u(&bits, 1);
    ue(&bits);
    ue(&bits);
    sequence.only_frames = u(&bits, 1);
    return sequence;
}

/* Of the picture parameter set that a slice names. */
static bool find_sequence(const AVCodecParameters *par, unsigned number, struct sequence *sequence)
{
    struct nal pps, sps;
    if (!seam_sets_find(par, PPS, number, &pps))
        return false;
    struct bits bits = bits_of(&pps);
    ue(&bits);
    if (!seam_sets_find(par, SPS, ue(&bits), &sps))
        return false;
    *sequence = read_sequence(&sps);
    return true;
}

/* --- slices --- */

struct slice {
    bool idr, field, bottom;
    unsigned frame_num, idr_id;
};

/* False where the sets aren't known. */
static bool read_slice(const AVCodecParameters *par, const struct nal *nal, struct slice *slice)
{
    struct sequence sequence;
    struct bits bits = bits_of(nal);
    ue(&bits);
    ue(&bits);
    if (!find_sequence(par, ue(&bits), &sequence))
        return false;
    *slice = (struct slice){.idr = type_of(nal) == IDR};
    u(&bits, sequence.separate_planes ? 2 : 0);
    slice->frame_num = u(&bits, sequence.frame_num_bits);
    slice->field = !sequence.only_frames && u(&bits, 1);
    slice->bottom = slice->field && u(&bits, 1);
    slice->idr_id = slice->idr ? ue_to(&bits, 65535) : 0;
    return true;
}

int h264_idr_id(const AVCodecParameters *par, const AVPacket *packet)
{
    struct nals nals = nals_of_packet(par, packet);
    struct slice slice;
    for (struct nal nal; nal_next(&nals, &nal);)
        if (type_of(&nal) == IDR)
            return read_slice(par, &nal, &slice) ? (int)slice.idr_id : IDR_ID_UNKNOWN;
    return IDR_ID_NONE;
}

/* Of the next slice; false where there is none, it is one of a frame, or not known. */
static bool next_field(const AVCodecParameters *par, struct nals *nals, struct h264_field *field)
{
    struct slice slice;
    for (struct nal nal; nal_next(nals, &nal);) {
        if (type_of(&nal) != SLICE && type_of(&nal) != IDR)
            continue;
        if (!read_slice(par, &nal, &slice) || !slice.field)
            return false;
        *field = (struct h264_field){slice.bottom, slice.idr, slice.frame_num};
        return true;
    }
    return false;
}

bool h264_is_told(const AVCodecParameters *par, const AVPacket *packet)
{
    struct nals nals = nals_of_packet(par, packet);
    struct slice slice;
    for (struct nal nal; nal_next(&nals, &nal);)
        if (type_of(&nal) == SLICE || type_of(&nal) == IDR)
            return read_slice(par, &nal, &slice);
    return false;
}

bool h264_first_field(const AVCodecParameters *par, const AVPacket *packet,
                      struct h264_field *field)
{
    struct nals nals = nals_of_packet(par, packet);
    return next_field(par, &nals, field);
}

bool h264_only_field(const AVCodecParameters *par, const AVPacket *packet, struct h264_field *field)
{
    struct nals nals = nals_of_packet(par, packet);
    if (!next_field(par, &nals, field))
        return false;
    for (struct h264_field next; next_field(par, &nals, &next);)
        if (next.bottom != field->bottom)
            return false;
    return true;
}

bool h264_may_be_fields(const AVCodecParameters *par)
{
    enum { NUMBERS = 32 };
    bool told = false, fields = false;
    struct nal sps;
    for (unsigned i = 0; i < NUMBERS; i++)
        if (seam_sets_find(par, SPS, i, &sps)) {
            told = true;
            fields |= !read_sequence(&sps).only_frames;
        }
    return !told || fields;
}
