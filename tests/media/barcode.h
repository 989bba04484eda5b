/* SPDX-License-Identifier: GPL-3.0-or-later
 * Films that can be told to the frame and to the sample: frame n shows n as bars of black and
 * white, and the sound is silence with a click of one sample in the middle of every second, at
 * 0.5 s, 1.5 s … They are made, and read back, with libav alone: nothing here goes through our
 * reader, chains or writer.
 *
 * The bars: in the upper half sixteen bits of n, the highest at the left, white is 1; in the lower
 * half the same bits inverted, so that a damaged or mixed picture isn't read as another number.
 * They survive scaling, lossy codecs and a conversion of colours. */
#pragma once

#include "base/rational.h"

#include <glib.h>
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>

enum { BARCODE_RATE = 48000, BARCODE_NONE = -1 /* no number can be read */ };

struct barcode {
    const char *muxer;   /* libav's name: "mov" "mp4" "matroska" "mpegts" "avi" … */
    const char *video;   /* libav's encoder, NULL: "libx264" */
    const char *options; /* of it, "key=value,key=value"; NULL none */
    const char *audio;   /* libav's encoder, NULL: no sound */
    const char *pix_fmt; /* NULL: yuv420p */
    struct rational fps; /* 0/0: 25 */
    int width, height;   /* 0: 320x180 */
    int frames;
    int first;             /* the number that the first frame shows */
    int b_frames;          /* between others */
    int gop;               /* 0: 12 */
    double start_s;        /* of the whole file, on the container's own time line; not negative */
    double sound_late_s;   /* so much later the sound begins, with its sample 0 */
    int64_t samples;       /* 0: as long as the picture */
    int (*time_ms)(int n); /* of a variable rate: when frame n (from 0) is shown; NULL constant */
    int last_ms;           /* of such, how long the last frame lasts; 0: as the one before */
    int change_at;         /* frame from which the size is the other one; 0 never */
    int change_width, change_height;
};
/* The descriptor of an unlinked file, at its start. Where the size changes, `video` has to be an
 * encoder whose packets carry their own headers (mpeg2video, or libx264 into mpegts). */
int barcode_make(const struct barcode *barcode);

struct barcode_seen {
    GArray *numbers;     /* int, in the order in which they are shown; BARCODE_NONE */
    GArray *times_s;     /* double: when, by the container */
    GArray *widths;      /* int */
    GArray *clicks_s;    /* double: of samples over half of full scale */
    int64_t samples;     /* decoded */
    double sound_s;      /* of the first sample; NAN none */
    double last_s;       /* how long the last frame lasts, where the container says so, else 0 */
    int errors;          /* packets that a decoder refused, frames that it marked */
    struct rational fps; /* as the container says */
};
/* Decodes all of a file by libavformat and libavcodec alone, edit lists and priming applied. */
struct barcode_seen *barcode_read(int fd);
void barcode_seen_free(struct barcode_seen *seen);
typedef struct barcode_seen *barcode_seen_ptr;
G_DEFINE_AUTO_CLEANUP_FREE_FUNC(barcode_seen_ptr, barcode_seen_free, NULL)

/* What frame a picture shows. `frame` is 8-bit or 16-bit planar YUV or grey. */
int barcode_number(const AVFrame *frame);
int barcode_at(const struct barcode_seen *seen, unsigned i);
double barcode_time(const struct barcode_seen *seen, unsigned i);
/* Frames first, first + 1 … and no other. */
void barcode_check(const struct barcode_seen *seen, int first, unsigned count);
