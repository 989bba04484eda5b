/* SPDX-License-Identifier: GPL-3.0-or-later
 * Closed captions put into coded pictures of HEVC, for encoders that write none: a prefix SEI unit
 * (ITU-T H.265, 7.3.2.4 and D.2.6) with user data registered by ITU-T T.35, which is ATSC A/53 part
 * 4, 6.2.3: cc_data() of "GA94". */
#pragma once

#include <libavcodec/avcodec.h>
#include <stdbool.h>

/* Before the first slice of the picture in `packet`, whose units stand behind lengths of so many
 * bytes, or start codes (0). `triplets`: of AV_FRAME_DATA_A53_CC, of which one picture has 31 at
 * most. False without memory. A packet without a slice stays as it is. */
bool caption_sei_insert(AVPacket *packet, int length_bytes, const uint8_t *triplets, size_t size);
