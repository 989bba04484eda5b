/* SPDX-License-Identifier: GPL-3.0-or-later
 * Films of one programme as a folder to stream from: each cut into segments at the same pictures,
 * one file of fragmented MP4 a segment (CMAF, ISO/IEC 23000-19), and playlists that list them (HLS,
 * RFC 8216; MPEG-DASH, ISO/IEC 23009-1). The folder is a bundle (base/bundle.h):
 *
 *     master.m3u8, or manifest.mpd
 *     v1080_init.mp4 v1080_00001.m4s v1080_00002.m4s …  v1080.m3u8
 *     sound_init.mp4 sound_00001.m4s …                  sound.m3u8
 *     sound-2_init.mp4 …
 *     text_00001.vtt                                    text.m3u8
 *
 * Nothing is encoded here. */
#pragma once

#include "model/failure.h"
#include "model/task.h"

#include <libavformat/avformat.h>

struct package_file {
    int fd;
    const char *name; /* for messages */
};

struct package_opts {
    const char *container; /* "hls" or "dash" */
    const char *name;      /* of the file that players open: "master.m3u8" */
    double segment_s;
};

/* A stream of one of the files that a package could have had. */
struct package_track {
    unsigned file; /* from 0 */
    int stream;
    bool packed;
    char *why; /* it isn't, or a part of it isn't; NULL: nothing to say */
};
void package_track_free(void *track);

/* The pictures of the files are the rungs, from the best on; the sounds are those of the first that
 * has any, and the one that a person means by "the sound" (source_sound) is played by default; text
 * subtitles likewise, as WebVTT of one segment each, and shown when somebody asks for them.
 * Writes the bundle into `out` from its start; `claim` is of the first rung and that sound;
 * `tracks` gets a struct package_track for each stream that was packed or passed over. FAIL_CONFIG
 * in words: a rung has no key picture of a closed group where a segment begins, isn't H.264, or is
 * longer or shorter than the first; that sound isn't AAC, or begins later than the picture: another
 * one is left out. */
bool package_write(const struct package_file *files, unsigned count,
                   const struct package_opts *opts, int out, GPtrArray *tracks, struct claim *claim,
                   struct failure *failure);

/* What of a stream's marks (AV_DISPOSITION_…) the lists have words for. */
int package_marks(const char *container, const AVStream *stream);

/* Reads a finished bundle back: decodes each rung and each sound to the end, reads all
 * subtitles, holds the rungs to the claim's number of pictures, and each segment to begin with what
 * needs nothing before it. `facts` gets those of the first rung with the sounds'. */
bool package_verify(int fd, const struct claim *claim, struct facts *facts,
                    struct failure *failure);
