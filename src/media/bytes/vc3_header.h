/* SPDX-License-Identifier: GPL-3.0-or-later
 * Headers of VC-3 (DNxHD and DNxHR). */
#pragma once

#include <libavcodec/avcodec.h>
#include <stdbool.h>

/* Two bits of each picture's, or each field's, header say its colours (SMPTE ST 2019-1): BT.709,
 * BT.2020 with constant luminance or without, or that they are said elsewhere. libavcodec writes
 * BT.709 always. False without memory. */
bool vc3_say_matrix(AVPacket *packet, enum AVColorSpace matrix);
