/* SPDX-License-Identifier: GPL-3.0-or-later
 * The inside of a package while it is written. */
#pragma once

#include "base/bundle.h"
#include "media/package.h"

#include <libavformat/avformat.h>

struct segment {
    int64_t start, duration; /* in the rendition's time base; the first begins at 0 */
    int64_t bytes;
};

/* One rung, or the sound. */
struct rendition {
    char *id; /* "v1080", "sound" */
    AVCodecParameters *par;
    AVRational time_base, fps;
    int64_t offset;   /* priming before the programme's start, in the time base */
    int64_t packets;  /* of a rung: pictures */
    GArray *segments; /* struct segment */
};
static inline bool rendition_is_sound(const struct rendition *rendition)
{
    return rendition->par->codec_type == AVMEDIA_TYPE_AUDIO;
}
double rendition_seconds(const struct rendition *rendition, int64_t ticks);

/* package_lists.c. Bits a second: the highest over neighbouring segments that last half to one and
 * a half times the longest (RFC 8216, 4.1), and the mean. */
int64_t rendition_peak(const struct rendition *rendition);
int64_t rendition_mean(const struct rendition *rendition);
/* RFC 6381, as ISO/IEC 14496-15 and 14496-3 have it: "avc1.640028", "mp4a.40.2". NULL: of a codec
 * that isn't packed here. Caller frees. */
char *rendition_codec(const struct rendition *rendition);
/* Texts; caller frees. `sound` may be NULL. */
char *hls_media(const struct rendition *rendition);
char *hls_master(const GPtrArray *rungs, const struct rendition *sound);
char *dash_manifest(const GPtrArray *rungs, const struct rendition *sound);
