/* SPDX-License-Identifier: GPL-3.0-or-later
 * Active format description: which part of a picture is of interest (ETSI TS 101 154, annex B, and
 * ATSC A/53 part 4, 6.2.4), in user data of MPEG-2, H.264 and HEVC. */
#pragma once

#include <libavcodec/avcodec.h>

/* Its code, of a packet of coded picture, without decoding it; 0: it has none. */
unsigned active_format_of_packet(const AVPacket *packet);
