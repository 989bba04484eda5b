/* SPDX-License-Identifier: GPL-3.0-or-later
 * Inside a writer. */
#pragma once

#include "../signal/sound_clock.h"
#include "../text/timed_text.h"
#include "media/writer.h"

struct track {
    bool copied;
    bool unprimed;        /* of copied sound: nothing at its start is left out */
    const char *language; /* in MOV and MP4, beside its three letters; static; NULL: they say all */
    AVPacket *cover; /* a cover picture of MP4, which is no track there; NULL none or written */
    bool is_cover;
    char timecode[16];
    struct rational fps;        /* of a picture that comes at a constant rate; else num is 0 */
    int64_t lead;               /* taken off its times of decoding */
    int64_t next_sample;        /* of copied sound; see writer/times.c */
    int64_t priming;            /* samples at its start that aren't to be heard */
    int64_t delay;              /* added to all times, in the stream's time base */
    int64_t packets, hidden;    /* packets; of them, those that an edit list doesn't show */
    bool cut_off;               /* some of these at its end */
    bool ended;                 /* no more comes of it */
    bool silent;                /* nothing did: silence, as long as the picture, in any container */
    struct silence *silence_of; /* owned: it is encoded; NULL it isn't */
    int64_t silence;            /* samples that were put behind its own */
    struct packet_counter *counter;   /* owned, of sound; NULL before its first packet; */
    struct packet_listener *listener; /* owned, of copied sound that can't say; else NULL */
    int64_t samples, heard;           /* in the packet at hand, 0 unknown; in all that came */
    struct sound_clock clock;         /* of copied sound; */
    int64_t due;                      /* of its next packet by samples alone, in samples */
    int64_t holes, usual;             /* time within it that has no packet; how long one lasts */
    GQueue *early; /* owned, of copied sound: see writer/early.c; NULL none waits */
    int64_t first, end, first_pts, last_dts, last_step;
    struct timed_text *text; /* owned, of MPEG-4's timed text; NULL it isn't */
    int64_t late;            /* the most by which a copied packet was put behind the one before */
};

struct writer {
    const struct container *container;
    AVFormatContext *format;
    struct io *io;
    int fd; /* of the file behind it */
    AVDictionary *options;
    GArray *tracks; /* struct track, as the format's streams */
    bool started, fragmented;
    bool hides_start; /* what is before the programme, by an edit list */
    struct writer_fit fit;
};

/* True when the container is one of these names, space-separated. */
bool writer_is(const struct writer *writer, const char *names);
/* Whether the finished file has it: libavformat leaves tracks without packets out of MOV and MP4
 * that aren't in fragments, but timed text, which it ends with a packet of its own. */
bool writer_has_track(const struct writer *writer, guint number);

/* writer/fit.c. The seconds that the picture lasts; NAN: there is none. */
double writer_picture_end(const struct writer *writer);
/* Before the trailer of MXF, which holds as many whole frames as each of its tracks lasts: sound
 * that ends before the picture is followed by silence; what is longer is left out by libavformat.
 * In other containers, silent tracks alone. */
bool writer_fit_sound(struct writer *writer, struct failure *failure);
/* The same while pictures are written, behind tracks that have ended, so that the muxer needn't
 * hold the pictures: `number` is the track that got a packet. */
bool writer_fit_on(struct writer *writer, int number, struct failure *failure);

/* writer/tracks.c. A stream that was described, as a track; its number. */
int writer_add_stream(struct writer *writer, AVStream *stream);

/* writer/text.c. What orders a track of timed text; in fragments, sets the stream's time base. */
struct timed_text *writer_text_create(const struct writer *writer, AVStream *stream);
/* A packet of timed text, its times in the stream's time base, is written once it is
 * known with what. */
bool writer_put_text(struct writer *writer, int number, AVPacket *packet, struct failure *failure);
/* Before a packet of another track is written, and before the trailer: what has been shown by then.
 */
bool writer_pass_texts(struct writer *writer, int number, const AVPacket *packet,
                       struct failure *failure);
bool writer_end_texts(struct writer *writer, struct failure *failure);
/* writer/writer.c. A packet whose samples are counted, its times in `time_base`; and one that goes
 * to the muxer, its times in the stream's. */
bool writer_send(struct writer *writer, int number, AVPacket *packet, AVRational time_base,
                 struct failure *failure);
bool writer_mux(struct writer *writer, int number, AVPacket *packet, struct failure *failure);

/* writer/early.c. Copied sound that ends before the programme begins waits, its samples counted;
 * true: it does. Before what is heard first it goes on, each packet up to the next, as much of it
 * as primes a decoder. */
void early_destroy(GQueue *early); /* accepts NULL */
bool writer_hold_early(struct writer *writer, int number, AVPacket *packet, AVRational time_base);
bool writer_pass_early(struct writer *writer, int number, const AVPacket *next,
                       AVRational time_base, struct failure *failure);

/* writer/silence.c. Silence that is encoded: samples go in with silence_write(), at the rate of
 * sound that was asked for, and what its encoder holds comes out with silence_end(). */
struct silence;
void silence_destroy(struct silence *silence); /* accepts NULL */
bool silence_write(struct writer *writer, guint number, struct silence *silence, int64_t samples,
                   struct failure *failure);
bool silence_end(struct writer *writer, guint number, struct silence *silence,
                 struct failure *failure);
/* Those that it lacks up to a moment. */
int64_t silence_lacks(const struct silence *silence, double end_s);
int64_t silence_second(const struct silence *silence);

/* writer/movie.c. After the trailer, in the file itself: language of a MOV's tracks, and the edit
 * lists of sound that starts late and has priming, and of tracks that end before their last packet.
 * Nothing to do for other containers. */
bool writer_mend_movie(const struct writer *writer, struct failure *failure);
/* writer/elng.c. Before and after: a language in full (language_full()) that says more than its
 * three letters is told beside them. `box` is the finished track; false when it can't be written.
 */
struct box;
void writer_elng_begin(AVStream *stream, struct track *track, const char *full);
bool writer_elng_end(const struct writer *writer, const struct track *track, const struct box *box);
/* writer/chapters.c. Where a picture of the finished movie (its moov) refers to a timecode alone,
 * and there are chapters as text: a reference to them as well ("chap", QTFF). Without it readers
 * take them for subtitles. False when it can't be written. */
bool writer_mend_chapters(int fd, const struct box *movie);

/* writer/mxf.c. After the trailer, in the file itself: the width of the picture, and the layout of
 * the fields of one that was encoded. Nothing to do for other containers. */
bool writer_mend_mxf(const struct writer *writer, struct failure *failure);

/* writer/matroska.c. Before the header and after the trailer: a language in full (language_full())
 * that says more than three letters is told beside them. Nothing to do for other containers. */
#define WRITER_MATROSKA "mkv webm mka weba"
void writer_matroska_language(AVStream *stream, const char *full);
bool writer_mend_matroska(const struct writer *writer, struct failure *failure);

/* writer/times.c. Before and after the header is written: that no priming and no order of decoding
 * makes anything start late. */
void writer_keep_start(struct writer *writer);
void writer_find_delays(struct writer *writer);
/* From the source's time base to the stream's, and then to what a muxer takes. */
void writer_fine_times(struct writer *writer, int track, AVPacket *packet, AVRational time_base);
void writer_mend_times(struct writer *writer, int track, AVPacket *packet);
/* Before the trailer: that as many pictures are copied into MXF as its rate has in their time,
 * where they come one by one. */
bool writer_keeps_rate(const struct writer *writer, struct failure *failure);
