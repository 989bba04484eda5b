/* SPDX-License-Identifier: GPL-3.0-or-later
 * Supplemental enhancement information of H.264 and HEVC, messages beside the samples of pictures
 * (ITU-T H.264 and H.265, 7.3.2.3 and annex D). */
#pragma once

#include <glib.h>
#include <libavcodec/avcodec.h>

/* Payload types; the time code is HEVC's alone. */
enum { SEI_PIC_TIMING = 1, SEI_TIME_CODE = 136, SEI_TRANSFER = 147 };

/* The payload of the first message of a type in a packet, else in its track's header; NULL: there
 * is none. Caller unrefs. */
GByteArray *sei_find(const AVCodecParameters *par, const AVPacket *packet, unsigned type);
