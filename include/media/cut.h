/* SPDX-License-Identifier: GPL-3.0-or-later
 * Where the picture of a source can be cut without encoding it. Packets are read, none is decoded.
 *
 * It can begin with a picture from which all that are shown later can be decoded: any one of a
 * codec without prediction between pictures; an IDR of H.264 (another I picture only promises an
 * approximate recovery: ITU-T H.264, D.2.8); an IDR, BLA or CRA of HEVC, whose trailing pictures
 * refer to nothing before it (ITU-T H.265, 3.69 and 8.1.3); an I picture of MPEG-1 and MPEG-2,
 * whose later P pictures refer to it or to what follows (ISO/IEC 13818-2, 6.1.1.7); a key frame of
 * VP8, VP9, AV1, FFV1 and Theora. Pictures that are decoded after it and shown before it may refer
 * to what was cut off, and are no part of the cut.
 *
 * It can end where the pictures before are also those that are decoded before. */
#pragma once

#include "media/source.h"

/* The two moments nearest to one that was asked for, on the source's shifted time line: the last at
 * or before it, where half a frame counts as at, and the first behind; NAN: there is none. */
struct cut_moments {
    double before_s, after_s;
};
/* "the nearest are 1.000 s and 2.000 s", less `zero_s`. Caller frees. */
char *cut_words(const struct cut_moments *found, double zero_s);
/* Both leave the source read to somewhere else, its picture used as packets. False with FAIL_CONFIG
 * when this codec can't be cut; the second moment may be left unknown where the first is at the
 * one that was asked for. */
bool cut_begins(struct source *source, double at_s, struct cut_moments *found,
                struct failure *failure);
/* The moments are those of the first picture that isn't in it, or of the end, behind which it may
 * end anywhere: there may be sound. */
bool cut_ends(struct source *source, double at_s, struct cut_moments *found,
              struct failure *failure);

/* Half the length of a frame of the picture: what two times of the same frame differ by at most. */
double cut_slack_s(const struct source *source);

/* Whether a picture, or sound, can begin with this packet. */
bool cut_can_begin(const AVCodecParameters *par, const AVPacket *packet);
