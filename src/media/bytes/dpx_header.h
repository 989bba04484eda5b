/* SPDX-License-Identifier: GPL-3.0-or-later
 * What FFmpeg's DPX encoder leaves open in a picture's header, by SMPTE ST 268-1: how its colours
 * are meant (it says linear of all), the frame rate and the timecode. */
#pragma once

#include "base/rational.h"

#include <libavcodec/avcodec.h>

/* Its timecode has two bits for the tens of frames: above 30 fps a label stands for two pictures,
 * of which the second has the field mark (SMPTE ST 12-1, 12.1; bit 27 of the code word, at 50 bit
 * 59, where libavutil has them as well). */
enum { DPX_TIMECODE_FPS_MOST = 60 };
/* `picture` is one whole DPX file, written into; it gets the film's and the television's header
 * where the pixels begin before those. `timecode`: of this picture, at a rate that has labels
 * there; NULL none. False without memory. */
bool dpx_describe(AVPacket *picture, const AVCodecParameters *par, struct rational fps,
                  const char *timecode);
/* The timecode in a picture's header, of pictures at this rate; NULL: it has none that is one then.
 * Caller frees. */
char *dpx_timecode(const AVPacket *picture, struct rational fps);
