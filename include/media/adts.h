/* SPDX-License-Identifier: GPL-3.0-or-later
 * AAC as transport streams have it, with a header before each packet (ADTS, ISO/IEC 13818-7, 6.2),
 * as files have it: without, and what it said once for the track (ISO/IEC 14496-3,
 * AudioSpecificConfig). libavformat does so as the first packet is written, which is too late where
 * the track is described before. */
#pragma once

#include "model/failure.h"

#include <libavcodec/avcodec.h>

struct adts;

/* Of a stream of which `first` is a packet, both borrowed for the call. NULL: FAIL_MEMORY, or
 * FAIL_INPUT_DAMAGED when that has no such header. */
struct adts *adts_open(const AVCodecParameters *par, const AVPacket *first,
                       struct failure *failure);
void adts_close(struct adts *adts); /* accepts NULL */
/* The stream's, with its configuration. Borrowed. */
const AVCodecParameters *adts_parameters(const struct adts *adts);
/* False: a packet whose header can't be read, likewise. */
bool adts_take_off(struct adts *adts, AVPacket *packet, struct failure *failure);
