/* SPDX-License-Identifier: GPL-3.0-or-later
 * What the headers of slices tell of a coded picture of H.264 (ITU-T H.264, 7.3.3 and 7.4.3). They
 * are read by the sets in the track's header (7.3.2.1.1 and 7.3.2.2). */
#pragma once

#include <libavcodec/avcodec.h>
#include <stdbool.h>

enum { IDR_ID_NONE = -1, IDR_ID_UNKNOWN = -2 };
/* idr_pic_id of a packet, which must differ between two IDR pictures that follow one another. NONE:
 * it isn't one, UNKNOWN: its sets aren't in the header. */
int h264_idr_id(const AVCodecParameters *par, const AVPacket *packet);
/* Whether pictures may be of single fields, frame_mbs_only_flag being 0 in the sets of the track's
 * header; true where these aren't told. */
bool h264_may_be_fields(const AVCodecParameters *par);

/* Whether the sets of a packet's first slice are in the header; only then the two below can tell.
 */
bool h264_is_told(const AVCodecParameters *par, const AVPacket *packet);
struct h264_field {
    bool bottom, idr;
    unsigned frame_num; /* both fields of a frame have the same */
};
/* The field that a packet begins with; false where that is a frame, or not known. */
bool h264_first_field(const AVCodecParameters *par, const AVPacket *packet,
                      struct h264_field *field);
/* False where it is another than a packet's only one. */
bool h264_only_field(const AVCodecParameters *par, const AVPacket *packet,
                     struct h264_field *field);
