/* SPDX-License-Identifier: GPL-3.0-or-later
 * What containers have a place for besides picture and sound, as we write them: a row a container.
 * It decides what is carried over, what `keep:` may ask for, and what the manual says. */
#pragma once

#include <stdbool.h>

enum holds {
    HOLDS_TIMECODE = 1 << 0,  /* of the first frame or sample */
    HOLDS_CHAPTERS = 1 << 1,  /* or cue points */
    HOLDS_SUBTITLES = 1 << 2, /* in the forms of container_subtitles() */
    HOLDS_CAPTIONS = 1 << 3,  /* within the picture */
    HOLDS_DISPLAY = 1 << 4,   /* the mastering display (SMPTE ST 2086) */
    HOLDS_LIGHT = 1 << 5,     /* MaxCLL and MaxFALL (CTA-861.3) */
    HOLDS_DOLBY = 1 << 6,     /* Dolby Vision's configuration */
    HOLDS_TURN = 1 << 7,      /* how a copied picture is turned for display */
    HOLDS_VIEW = 1 << 8,      /* how it is stereoscopic or spherical */
    HOLDS_FILES = 1 << 9,     /* attached ones */
    HOLDS_COVER = 1 << 10,
    HOLDS_TELEMETRY = 1 << 11, /* a camera's, GoPro's GPMF: the one that libavformat writes */
    HOLDS_LATE = 1 << 12,      /* a track that begins later than the others, without silence */
    HOLDS_EDITS = 1 << 13,     /* lists of what isn't shown of a track */
    HOLDS_ALPHA = 1 << 14,   /* transparency beside a picture of VP8 or VP9, which have no other */
    HOLDS_DEFAULT = 1 << 15, /* which of several tracks is played where nothing is chosen */
    HOLDS_RANGE = 1 << 16,   /* that a picture has full range, whatever its codec says */
};

/* A mask of them, 0 for a container that isn't known. */
unsigned container_holds(const char *name);
/* Whether a picture of this codec may have transparency there; what the codec has itself, any
 * holds.
 */
bool container_holds_alpha(const char *name, const char *codec);
/* The forms of subtitles (libavcodec's names) that a container holds, space-separated: text goes
 * into the first when it comes in another. NULL: it holds none. */
const char *container_subtitles(const char *name);
/* The names of those that hold any of a mask, space-separated; caller frees. */
char *holders(unsigned holds);
