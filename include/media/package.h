/* SPDX-License-Identifier: GPL-3.0-or-later
 * Films of one programme as a folder to stream from: each cut into segments at the same pictures,
 * one file of fragmented MP4 a segment (CMAF, ISO/IEC 23000-19), and playlists that list them (HLS,
 * RFC 8216; MPEG-DASH, ISO/IEC 23009-1). The folder is a bundle (base/bundle.h):
 *
 *     master.m3u8, or manifest.mpd
 *     v1080_init.mp4 v1080_00001.m4s v1080_00002.m4s …  v1080.m3u8
 *     sound_init.mp4 sound_00001.m4s …                  sound.m3u8
 *
 * Nothing is encoded here. */
#pragma once

#include "model/failure.h"
#include "model/task.h"

struct package_opts {
    const char *container; /* "hls" or "dash" */
    const char *name;      /* of the file that players open: "master.m3u8" */
    double segment_s;
};

/* The pictures of the files behind `fds` are the rungs, from the best on; the sound is that of the
 * first which has any. Writes the bundle into `out` from its start; `claim` is of the first rung
 * and the sound. FAIL_CONFIG in words: a rung has no key picture of a closed group where a segment
 * begins, isn't H.264, or is longer or shorter than the first; sound isn't AAC. `names` is how
 * messages call the files. */
bool package_write(const int *fds, const char *const *names, unsigned count,
                   const struct package_opts *opts, int out, struct claim *claim,
                   struct failure *failure);

/* Reads a finished bundle back: decodes each rung and the sound to the end, holds the rungs to the
 * claim's number of pictures, and each segment to begin with what needs nothing before it. `facts`
 * gets those of the first rung with the sound's. */
bool package_verify(int fd, const struct claim *claim, struct facts *facts,
                    struct failure *failure);
