/* SPDX-License-Identifier: GPL-3.0-or-later
 * Key pictures of coded video that depend on nothing before them; see media/cut.h. */
#pragma once

#include <libavcodec/avcodec.h>
#include <stdbool.h>

/* Whether this codec's key pictures can be told. */
bool cut_key_is_known(const AVCodecParameters *par);
/* Whether all that is shown from this packet's picture on can be decoded from it on. */
bool cut_key_is_safe(const AVCodecParameters *par, const AVPacket *packet);
