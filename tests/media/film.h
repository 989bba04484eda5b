/* SPDX-License-Identifier: GPL-3.0-or-later
 * Films made with libav alone, and what libav alone finds in a file: nothing here goes through our
 * reader, chains or writer. */
#pragma once

#include <glib.h>
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>

enum { FILM_RATE = 48000, FILM_SOUNDS = 3, FILM_CLICK = 5000 /* the sample that is loudest */ };

/* H.264 of 64x48 at 25 fps with two B frames between others, and tracks of sound: a soft tone of
 * the same kind in each, and one loud click. */
struct film {
    const char *muxer, *codec; /* libav's names; of the sound the encoder */
    int frames, samples, sounds;
    double late_s; /* of all sound */
    const char *languages[FILM_SOUNDS];
    int default_sound;
    int movie_timescale; /* MOV and MP4; 0 as it is */
};
/* The descriptor of an unlinked file. */
int film_make(const struct film *film);

/* One stream of a file, packet by packet. */
struct cert_stream {
    enum AVMediaType type;
    char codec[32], language[16], md5[33]; /* of all packets' data, one after the other */
    int disposition, rate, channels;
    double start_s, duration_s; /* as libavformat tells; NAN unknown */
    GArray *pts_s, *dts_s;      /* double; NAN unknown */
    int64_t decoded, loudest;   /* samples that libavcodec gives, and the place of the loudest */
};
struct cert {
    GPtrArray *streams; /* struct cert_stream */
    unsigned chapters;
};
struct cert *cert_of(int fd);
void cert_free(struct cert *cert);
typedef struct cert *cert_ptr;
G_DEFINE_AUTO_CLEANUP_FREE_FUNC(cert_ptr, cert_free, NULL)
/* The n-th stream of a type. */
const struct cert_stream *cert_stream(const struct cert *cert, enum AVMediaType type, unsigned n);
