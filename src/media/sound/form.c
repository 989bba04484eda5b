/* SPDX-License-Identifier: GPL-3.0-or-later
 * What a packet of sound says of its own form. */
#include "media/sound_form.h"

#include <glib.h>
#include <libavutil/intreadwrite.h>
#include <string.h>

enum { HEADER = 7 }; /* bytes that all of these have at least */

static unsigned bits(const uint8_t *data, unsigned from, unsigned count)
{
    return (unsigned)(AV_RB64(data) << from >> (64 - count));
}

static struct sound_form of_mpeg(const uint8_t *data)
{
    static const int rates[] = {44100, 48000, 32000, 0};
    static const enum AVCodecID layers[] = {AV_CODEC_ID_NONE, AV_CODEC_ID_MP3, AV_CODEC_ID_MP2,
                                            AV_CODEC_ID_MP1};
    static const int halvings[] = {2, 0, 1, 0}; /* MPEG-2.5, none, MPEG-2, MPEG-1 */
    const unsigned version = bits(data, 11, 2);
    const int rate_hz = rates[bits(data, 20, 2)] >> halvings[version];
    if (bits(data, 0, 11) != 0x7ff || version == 1 || !rate_hz)
        return (struct sound_form){AV_CODEC_ID_NONE, 0, 0};
    return (struct sound_form){layers[bits(data, 13, 2)], rate_hz, bits(data, 24, 2) == 3 ? 1 : 2};
}

static struct sound_form of_adts(const uint8_t *data)
{
    static const int rates[16] = {96000, 88200, 64000, 48000, 44100, 32000, 24000,
                                  22050, 16000, 12000, 11025, 8000,  7350};
    static const int channels[] = {0, 1, 2, 3, 4, 5, 6, 8}; /* 0: said within */
    const int rate_hz = rates[bits(data, 18, 4)];
    if (bits(data, 0, 12) != 0xfff || bits(data, 13, 2) != 0 || !rate_hz)
        return (struct sound_form){AV_CODEC_ID_NONE, 0, 0};
    return (struct sound_form){AV_CODEC_ID_AAC, rate_hz, channels[bits(data, 23, 3)]};
}

/* By the three bits of acmod, and lfeon. */
static int ac3_channels(unsigned mode, unsigned low)
{
    static const int channels[] = {2, 1, 2, 3, 3, 4, 4, 5};
    return channels[mode] + (int)low;
}

/* Mix levels of two bits each stand between acmod and lfeon: where there is a centre, surround, or
 * both, and for stereo that of Dolby Surround. */
static struct sound_form of_ac3(const uint8_t *data)
{
    static const int rates[] = {48000, 44100, 32000, 0};
    const unsigned mode = bits(data, 48, 3), stereo = 2;
    const bool centre = mode & 1 && mode != 1, surround = mode & 4;
    const unsigned levels = 2U * ((unsigned)centre + surround + (mode == stereo));
    return (struct sound_form){AV_CODEC_ID_AC3, rates[bits(data, 32, 2)],
                               ac3_channels(mode, bits(data, 51 + levels, 1))};
}

static struct sound_form of_eac3(const uint8_t *data)
{
    static const int rates[] = {48000, 44100, 32000, 0}, halves[] = {24000, 22050, 16000, 0};
    const unsigned code = bits(data, 32, 2);
    const int rate_hz = code == 3 ? halves[bits(data, 34, 2)] : rates[code];
    return (struct sound_form){AV_CODEC_ID_EAC3, rate_hz,
                               ac3_channels(bits(data, 36, 3), bits(data, 39, 1))};
}

static struct sound_form of_dolby(const uint8_t *data)
{
    enum { AC3_MOST = 8, EAC3_LEAST = 11, EAC3_MOST = 16 }; /* bsid; others have halved rates */
    const unsigned bsid = bits(data, 40, 5);
    const struct sound_form form = bsid <= AC3_MOST ? of_ac3(data) : of_eac3(data);
    const bool known = bsid <= AC3_MOST || (bsid >= EAC3_LEAST && bsid <= EAC3_MOST &&
                                            bits(data, 16, 2) != 1 /* depends on another */);
    if (bits(data, 0, 16) != 0x0b77 || !known || !form.rate_hz)
        return (struct sound_form){AV_CODEC_ID_NONE, 0, 0};
    return form;
}

struct sound_form sound_form_of(const AVCodecParameters *par, const AVPacket *packet)
{
    uint8_t data[8] = {0};
    if (packet->size >= HEADER)
        memcpy(data, packet->data, HEADER);
    switch (par->codec_id) {
    case AV_CODEC_ID_MP1:
    case AV_CODEC_ID_MP2:
    case AV_CODEC_ID_MP3:
        return of_mpeg(data);
    case AV_CODEC_ID_AC3:
    case AV_CODEC_ID_EAC3:
        return of_dolby(data);
    case AV_CODEC_ID_AAC:
        if (par->extradata_size == 0)
            return of_adts(data);
        break;
    default:
        break;
    }
    return (struct sound_form){AV_CODEC_ID_NONE, 0, 0};
}

bool sound_form_fits(const struct sound_form *one, const struct sound_form *other)
{
    return one->codec == other->codec && one->rate_hz == other->rate_hz &&
           (one->codec != AV_CODEC_ID_AAC || one->channels == other->channels);
}

bool sound_form_is(const struct sound_form *one, const struct sound_form *other)
{
    return sound_form_fits(one, other) && one->channels == other->channels;
}

char *sound_form_words(const struct sound_form *form)
{
    const char *codec = avcodec_get_name(form->codec);
    if (!form->channels)
        return g_strdup_printf("%s, %d Hz", codec, form->rate_hz);
    return g_strdup_printf("%s, %d Hz, %d channel%s", codec, form->rate_hz, form->channels,
                           form->channels == 1 ? "" : "s");
}
