/* SPDX-License-Identifier: GPL-3.0-or-later
 * What tells an IDR picture of H.264 from the next: idr_pic_id (ITU-T H.264, 7.4.3), which must
 * differ between two that follow one another. Syntax: 7.3.2.1.1, 7.3.2.2 and 7.3.3. */
#pragma once

#include <libavcodec/avcodec.h>
#include <stdbool.h>

enum { IDR_ID_NONE = -1, IDR_ID_UNKNOWN = -2 };
/* Of a packet, by the sets in its track's header; NONE: it isn't an IDR picture, UNKNOWN: its sets
 * aren't in the header. */
int idr_id(const AVCodecParameters *par, const AVPacket *packet);
/* Whether pictures may be of single fields, frame_mbs_only_flag being 0 in the sets of the track's
 * header; true where these aren't told. */
bool h264_may_be_fields(const AVCodecParameters *par);
