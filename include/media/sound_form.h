/* SPDX-License-Identifier: GPL-3.0-or-later
 * What a packet of sound says of its own form. */
#pragma once

#include <libavcodec/avcodec.h>
#include <stdbool.h>

/* Of those whose packets have a header: MPEG audio (ISO/IEC 11172-3, 2.4.2.3, and 13818-3), AAC
 * with one (ADTS, ISO/IEC 13818-7, 6.2), AC-3 and E-AC-3 (ETSI TS 102 366, 4.3 and E.1.2). */
struct sound_form {
    enum AVCodecID codec; /* AV_CODEC_ID_NONE: it says nothing */
    int rate_hz;
    int channels; /* 0 unknown */
};
struct sound_form sound_form_of(const AVCodecParameters *par, const AVPacket *packet);
bool sound_form_is(const struct sound_form *one, const struct sound_form *other);
/* Whether a track of a file may have both: its codec and rate are said once, and so are the
 * channels of AAC, whose packets lose their header there. */
bool sound_form_fits(const struct sound_form *one, const struct sound_form *other);
/* "aac, 48000 Hz, 2 channels"; caller frees. */
char *sound_form_words(const struct sound_form *form);
