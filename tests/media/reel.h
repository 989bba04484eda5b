/* SPDX-License-Identifier: GPL-3.0-or-later
 * Films of fields made with libav alone, and what libav alone finds in a finished file: nothing
 * here goes through our reader, chains or writer. */
#pragma once

#include <glib.h>
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <stdbool.h>

enum { REEL_MOST = 256 };

/* In Matroska, of FFV1 unless told. Each field is of one grey, which `shade` gives (8-bit code
 * values; field 0 is the upper lines); NULL: the moment it is of, 30 + 3 a field, which wraps after
 * 50 fields. */
struct reel {
    int width, height, frames;
    AVRational fps;
    enum AVPixelFormat format; /* planar YUV of 8 or 10 bits */
    bool interlaced, top_first;
    enum AVColorRange range;
    enum AVColorSpace matrix;
    enum AVColorPrimaries primaries;
    enum AVColorTransferCharacteristic transfer;
    AVRational sar; /* 0/0: not told */
    int alpha;      /* of formats that have it: its code value */
    int (*shade)(const struct reel *reel, int frame, int field);
    const char *codec;        /* libavcodec's encoder */
    const struct reel *coded; /* whose colours the pictures say; NULL: as the container does */
    bool corners; /* instead: each quarter of the picture is of one grey, of reel_corner() */
};
int reel_make(const struct reel *reel); /* the descriptor of an unlinked file */
int reel_shade(int moment);             /* of the `moment`th field */
int reel_corner(bool right, bool low);  /* of a quarter */

struct reel_seen {
    enum AVFieldOrder order;    /* as libavformat tells */
    bool interlaced, top_first; /* of the first frame, told by its own headers alone */
    int frames, interlaced_frames;
    int shade[REEL_MOST][2]; /* of lines 8 and 9 in the middle, 8-bit code values */
    int keys;                /* packets that are keys */
    AVCodecParameters *told; /* by the container alone */
    AVCodecParameters *par;  /* by it and by what libavformat finds in the pictures */
    AVFrame *first;          /* decoded without the container's tags */
    AVRational fps, sar;     /* sar 0/1: not told */
    char timecode[16];       /* "" none */
    bool turned;             /* a display matrix is told */
    char md5[33];            /* of all frames, plane by plane */
};
void reel_look(int fd, struct reel_seen *seen);
void reel_clear(struct reel_seen *seen);
