/* SPDX-License-Identifier: GPL-3.0-or-later
 * A muxer on a part file: tracks from encoders or copied packets, metadata, chapters, timecode.
 * Every write, flush and trailer is checked; writer_finish is the only success. One thread. */
#pragma once

#include "media/encoder.h"
#include "model/kind.h"
#include "model/task.h"

#include <libavformat/avformat.h>

struct writer;

/* What a track carries over from its source. All may be NULL or 0. */
struct writer_track {
    AVDictionary *metadata; /* language, title … of the source stream; copied */
    int disposition;        /* AV_DISPOSITION_… */
    struct rational fps;    /* of a picture, 0/1 unknown or variable */
    const char *reel;       /* of the picture; with the timecode, where that has a place */
    bool unprimed;          /* of copied sound: it has no priming, or that is left out */
    const char *timecode;   /* of the picture's first frame, or of sound that has none beside it;
                               goes where the container keeps it */
    struct rational timecode_fps; /* of what is copied, and of sound: the frames that it counts, or
                                     0/1 */
    const AVCodecParameters *par; /* of a copied track, instead of its source's */
};

/* The file behind fd is written from its start (borrowed). `files`: of a container that is a
 * folder, how its files are called, "A001.####.dpx"; else NULL. */
struct writer *writer_create(const struct encode *encode, const struct container *container,
                             const char *files, int fd, struct failure *failure);
void writer_destroy(struct writer *writer);
typedef struct writer *writer_ptr;
G_DEFINE_AUTO_CLEANUP_FREE_FUNC(writer_ptr, writer_destroy, NULL)

/* Before writer_start. The number of the new track, or -1. */
int writer_add_encoded(struct writer *writer, const struct encoder *encoder,
                       const struct writer_track *track, struct failure *failure);
/* Packets of `from`, unchanged but for their times. */
int writer_add_copied(struct writer *writer, const AVStream *from, const struct writer_track *track,
                      struct failure *failure);
/* Cues whose packets have times in milliseconds. */
int writer_add_subtitles(struct writer *writer, const AVCodecParameters *par,
                         const struct writer_track *track, struct failure *failure);
/* A channel of silence that is as long as the picture, in a codec (its name) as `encode` says. */
int writer_add_silence(struct writer *writer, const struct encode *encode, const char *codec,
                       int rate_hz, struct failure *failure);
/* What a track is, as the muxer was told. Borrowed. */
const AVStream *writer_stream(const struct writer *writer, int track);
/* A file beside the tracks (a font, a cover picture), with its name. False where the container
 * keeps none; `failure` is set only without memory. */
bool writer_attachment(struct writer *writer, const AVStream *from, struct failure *failure);
/* Whether the container takes the codec; *reason (static) says why not. */
bool writer_takes(const struct container *container, enum AVCodecID codec, const char **reason);

/* The four letters that MOV has for such uncompressed pictures; 0: none. */
unsigned writer_raw_tag(const AVCodecParameters *par);

/* HDR10 metadata of an encoded picture. */
bool writer_light(struct writer *writer, int track, const struct hdr_static *hdr,
                  struct failure *failure);

/* Container metadata; value NULL removes. Replaces earlier values. */
void writer_tag(struct writer *writer, const char *key, const char *value);
bool writer_word_is_own(const char *key); /* it describes the file it was in */
/* All that describes the programme, not the file it was in. */
void writer_tags(struct writer *writer, const AVDictionary *from);
/* In order of time. MOV and MP4 have one without a name where there is none. */
bool writer_chapter(struct writer *writer, double from_s, double to_s, const AVDictionary *metadata,
                    struct failure *failure);

bool writer_start(struct writer *writer, struct failure *failure);
/* `time_base` is of the packet's times; takes the packet's reference. */
bool writer_write(struct writer *writer, int track, AVPacket *packet, AVRational time_base,
                  struct failure *failure);
/* By how many seconds the times of copied sound have run away from its samples so far, later than
 * these (earlier: below 0); 0 where that is a matter of rounding. */
double writer_apart(const struct writer *writer, int track);
/* No more packets of the track will come. In MXF, silence follows the sound from then on. */
void writer_end_track(struct writer *writer, int track);
/* The track that source_sound() chooses of the finished file, -1 without sound: once all are
 * written.
 */
int writer_sound(const struct writer *writer);
/* Trailer, flush, and every error that was ever met. Fills what the container was told into
 * `claim`: stream counts and codecs, sizes, tags, durations and counts of the first picture and of
 * writer_sound (for copied tracks: of packets that are shown). */
bool writer_finish(struct writer *writer, struct claim *claim, struct failure *failure);
/* After writer_finish, of MXF, whose sound is as long as its picture: the most that any track of
 * sound lost behind the picture, and got as silence up to the picture's end. 0 elsewhere. */
struct writer_fit {
    double cut_s, filled_s;
};
struct writer_fit writer_fit(const struct writer *writer);
/* Cues of a track that are shown together with others, where that takes samples of their own (MP4,
 * MOV): after writer_finish. */
int64_t writer_overlaps(const struct writer *writer, int track);
