/* SPDX-License-Identifier: GPL-3.0-or-later
 * The inside of a package while it is written. */
#pragma once

#include "base/bundle.h"
#include "media/package.h"

#include <libavformat/avformat.h>

struct source_stream;

struct segment {
    int64_t start, duration; /* in the rendition's time base; the first begins at 0 */
    int64_t bytes;
};

/* One rung, a sound, or a track of text. */
struct rendition {
    char *id;             /* owned: "v1080", "sound", "sound-2", "text" */
    const char *language; /* language_full(), static; NULL unknown */
    int disposition;      /* AV_DISPOSITION_… */
    AVCodecParameters *par;
    AVRational time_base, fps;
    int64_t first;    /* pts of its first packet, in the time base */
    int64_t packets;  /* of a rung: pictures */
    GArray *segments; /* struct segment */
};
/* Of `stream`; takes `id`. No segments. */
struct rendition *rendition_new(char *id, const struct source_stream *stream);
void rendition_free(void *rendition);
/* "sound", "sound-2" …; caller frees. */
char *rendition_numbered(const char *word, guint index);
/* Of a segment, from 1: "v1080_00001.m4s", "text_00001.vtt"; caller frees. */
char *rendition_file(const struct rendition *rendition, guint number);
static inline bool rendition_is_sound(const struct rendition *rendition)
{
    return rendition->par->codec_type == AVMEDIA_TYPE_AUDIO;
}
static inline bool rendition_is_text(const struct rendition *rendition)
{
    return rendition->par->codec_type == AVMEDIA_TYPE_SUBTITLE;
}
static inline const struct segment *rendition_segment(const struct rendition *rendition,
                                                      guint index)
{
    return &g_array_index(rendition->segments, struct segment, index);
}
double rendition_seconds(const struct rendition *rendition, int64_t ticks);
double rendition_half_frame(const struct rendition *rendition); /* seconds; 0 of a sound */
/* Priming before the programme's start, in the time base. */
int64_t rendition_offset(const struct rendition *rendition);
double rendition_total(const struct rendition *rendition);   /* seconds, of all segments */
double rendition_length(const struct rendition *rendition);  /* without priming */
double rendition_longest(const struct rendition *rendition); /* segment, seconds */
/* Bits a second: the highest over neighbouring segments that last half to one and a half times the
 * longest (RFC 8216, 4.1), and the mean. */
int64_t rendition_peak(const struct rendition *rendition);
int64_t rendition_mean(const struct rendition *rendition);
/* RFC 6381, as ISO/IEC 14496-15 and 14496-3 have it: "avc1.640028", "mp4a.40.2". NULL: of a codec
 * that isn't packed here. Caller frees. */
char *rendition_codec(const struct rendition *rendition);

/* package/cut.c. Where a stream is cut. */
struct cuts {
    double segment_s;
    const struct rendition *like; /* sound: the rung whose segments it follows; else NULL */
};
/* The stream of the file as files of the bundle, by which the rendition gets its segments. */
bool rendition_cut(struct rendition *rendition, const struct package_file *file, int stream,
                   const struct cuts *cuts, struct bundle_writer *bundle, struct failure *failure);

/* package/text.c. The subtitles of the stream as one segment, which lasts as long as the picture;
 * none where there is nothing in them. *why (caller frees): what isn't there; NULL all is. */
bool rendition_write_text(struct rendition *text, const struct package_file *file, int stream,
                          const struct rendition *picture, struct bundle_writer *bundle, char **why,
                          struct failure *failure);

/* package/marks.c. What it is for: an attribute of EXT-X-MEDIA or a role of DASH, one after another
 * from *at = 0 on; NULL: no more. Static. */
const char *rendition_mark(const struct rendition *rendition, bool hls, unsigned *at);

/* package/files.c. A file of the bundle; of what a muxer has written in memory (avio_open_dyn_buf),
 * which then has no such memory any more; and the end of that muxer, NULL or not. */
bool package_add(struct bundle_writer *bundle, const char *name, const void *data, size_t length,
                 struct failure *failure);
bool package_put(AVFormatContext *mux, struct bundle_writer *bundle, const char *name,
                 int64_t *bytes, struct failure *failure);
void package_drop(AVFormatContext *mux);

/* package/lists.c. What a player chooses from: struct rendition; the first rung and sound
 * by default, and no text. */
struct renditions {
    GPtrArray *rungs, *sounds, *texts;
};
/* Texts; caller frees. */
char *hls_media(const struct rendition *rendition);
char *hls_master(const struct renditions *all);
char *dash_manifest(const struct renditions *all);
