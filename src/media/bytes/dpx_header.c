/* SPDX-License-Identifier: GPL-3.0-or-later
 * Fields of a DPX header, in place. */
#include "dpx_header.h"

#include <glib.h>
#include <libavutil/intfloat.h>
#include <libavutil/intreadwrite.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

/* Bytes from the start: the file, image element 1, the film's header, the television's. */
enum {
    AT_PIXELS = 4,
    AT_FILE_BYTES = 16,
    AT_GENERIC_BYTES = 24,
    AT_INDUSTRY_BYTES = 28,
    AT_TRANSFER = 801,
    AT_COLORIMETRIC = 802,
    AT_ELEMENT_PIXELS = 808,
    GENERIC = 1664,
    AT_FILM_RATE = 1724,
    AT_TIMECODE = 1920,
    AT_TV_RATE = 1940,
    HEADER = 2048
};

/* The standard's table 5A; what has no number there is "user defined". */
enum { USER_DEFINED = 0, LINEAR = 2, BT709 = 6, BT601_625 = 7, BT601_525 = 8 };

static uint8_t transfer_of(enum AVColorTransferCharacteristic transfer)
{
    switch (transfer) {
    case AVCOL_TRC_LINEAR:
        return LINEAR;
    case AVCOL_TRC_BT709:
        return BT709;
    case AVCOL_TRC_SMPTE170M:
        return BT601_525;
    default:
        return USER_DEFINED;
    }
}

static uint8_t colorimetric_of(enum AVColorPrimaries primaries)
{
    switch (primaries) {
    case AVCOL_PRI_BT709:
        return BT709;
    case AVCOL_PRI_BT470BG:
        return BT601_625;
    case AVCOL_PRI_SMPTE170M:
        return BT601_525;
    default:
        return USER_DEFINED;
    }
}

static void put32(uint8_t *at, bool big, uint32_t value)
{
    if (big)
        AV_WB32(at, value);
    else
        AV_WL32(at, value);
}

static uint32_t get32(const uint8_t *at, bool big)
{
    return big ? AV_RB32(at) : AV_RL32(at);
}

static bool is_big(const uint8_t *header)
{
    return AV_RB32(header) == MKBETAG('S', 'D', 'P', 'X');
}

/* Whether there is a film's and a television's header before the pixels. */
static bool has_industry(const AVPacket *picture)
{
    return picture->size >= HEADER &&
           get32(picture->data + AT_PIXELS, is_big(picture->data)) >= HEADER;
}

/* Numbers of all ones are undefined, as texts of zeros are. */
static void fill_undefined(uint8_t *header)
{
    static const struct {
        int from, to;
    } texts[] = {{GENERIC, 1712}, {1732, 1920}, {1972, HEADER}};
    memset(header + GENERIC, 0xff, HEADER - GENERIC);
    for (unsigned i = 0; i < G_N_ELEMENTS(texts); i++)
        memset(header + texts[i].from, 0, (size_t)(texts[i].to - texts[i].from));
}

/* FFmpeg's pixels follow the generic header. */
static bool add_industry(AVPacket *picture)
{
    enum { MORE = HEADER - GENERIC };
    const bool big = is_big(picture->data);
    if (get32(picture->data + AT_PIXELS, big) != GENERIC)
        return true;
    if (av_grow_packet(picture, MORE) < 0)
        return false;
    uint8_t *header = picture->data;
    memmove(header + HEADER, header + GENERIC, (size_t)(picture->size - HEADER));
    fill_undefined(header);
    put32(header + AT_PIXELS, big, HEADER);
    put32(header + AT_FILE_BYTES, big, (uint32_t)picture->size);
    put32(header + AT_GENERIC_BYTES, big, GENERIC);
    put32(header + AT_INDUSTRY_BYTES, big, MORE);
    put32(header + AT_ELEMENT_PIXELS, big, HEADER);
    return true;
}

static bool counts_pairs(struct rational fps)
{
    return rational_value(fps) > 30;
}

/* Of the second picture of a pair: the field mark of systems of 50 fields, else that of 60. */
static uint32_t second_of(struct rational fps)
{
    return 1u << (lround(rational_value(fps)) == 50 ? 31 : 15);
}

/* Two decimal digits a byte; bit 6 of the frames says drop-frame (SMPTE ST 12-1). */
static uint32_t packed(const char *timecode, struct rational fps)
{
    unsigned hh, mm, ss, ff;
    char mark;
    if (sscanf(timecode, "%2u:%2u:%2u%c%2u", &hh, &mm, &ss, &mark, &ff) != 5)
        return UINT32_MAX;
    const uint32_t second = counts_pairs(fps) && ff % 2 ? second_of(fps) : 0;
    ff /= counts_pairs(fps) ? 2 : 1;
    uint32_t frames = ff % 10 | ff / 10 << 4 | (mark == ';' ? 1u << 6 : 0);
    return (hh / 10 << 4 | hh % 10) << 24 | (mm / 10 << 4 | mm % 10) << 16 |
           (ss / 10 << 4 | ss % 10) << 8 | frames | second;
}

/* The two digits at a place; -1 where they aren't. */
static int digits(uint32_t word, int shift, uint32_t mask)
{
    uint32_t byte = word >> shift & mask;
    return (byte & 15) < 10 && byte >> 4 < 10 ? (int)(byte >> 4) * 10 + (int)(byte & 15) : -1;
}

char *dpx_timecode(const AVPacket *picture, struct rational fps)
{
    const uint8_t *header = picture->data;
    if (!has_industry(picture))
        return NULL;
    uint32_t all = get32(header + AT_TIMECODE, is_big(header));
    int hh = digits(all, 24, 0x3f), mm = digits(all, 16, 0x7f), ss = digits(all, 8, 0x7f);
    int ff = digits(all, 0, 0x3f);
    if (all == UINT32_MAX || hh < 0 || mm < 0 || ss < 0 || ff < 0)
        return NULL;
    if (counts_pairs(fps))
        ff = 2 * ff + !!(all & second_of(fps));
    if (ff >= lround(rational_value(fps)))
        return NULL;
    return g_strdup_printf("%02d:%02d:%02d%c%02d", hh, mm, ss, all & 1u << 6 ? ';' : ':', ff);
}

bool dpx_describe(AVPacket *picture, const AVCodecParameters *par, struct rational fps,
                  const char *timecode)
{
    if (picture->size < GENERIC)
        return true;
    if (av_packet_make_writable(picture) < 0 || !add_industry(picture))
        return false;
    uint8_t *header = picture->data;
    const bool big = is_big(header);
    header[AT_TRANSFER] = transfer_of(par->color_trc);
    header[AT_COLORIMETRIC] = colorimetric_of(par->color_primaries);
    if (!has_industry(picture))
        return true;
    uint32_t rate = av_float2int((float)rational_value(fps));
    put32(header + AT_FILM_RATE, big, rate);
    put32(header + AT_TV_RATE, big, rate);
    put32(header + AT_TIMECODE, big, timecode ? packed(timecode, fps) : UINT32_MAX);
    return true;
}
