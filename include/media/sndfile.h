/* SPDX-License-Identifier: GPL-3.0-or-later
 * Sound files: reading WAV, RF64, BW64, W64, AIFF, AU, CAF and FLAC through libsndfile, and writing
 * any sound-only file, through libsndfile or libav, behind one interface. Files are descriptors,
 * read and written by offset; none is owned, none may be used by others meanwhile. One thread at a
 * time.
 */
#pragma once

#include "media/chain_run.h"
#include "media/meter.h"
#include "media/source.h"
#include "model/encode.h"
#include "model/kind.h"
#include "model/task.h"

struct sound_file;

/* NULL when it isn't a file that libsndfile reads sample-exactly (PCM, float, A-law, u-law,
 * FLAC): open it as a source (media/source.h) then, which also says what is wrong with it. */
struct sound_file *sound_file_open(int fd);
void sound_file_close(struct sound_file *file); /* accepts NULL */
typedef struct sound_file *sound_file_ptr;
G_DEFINE_AUTO_CLEANUP_FREE_FUNC(sound_file_ptr, sound_file_close, NULL)

const struct sound_shape *sound_file_shape(const struct sound_file *file);
/* S16P up to 16 bits, S32P (left-justified) up to 32, FLTP and DBLP for floats. */
enum AVSampleFormat sound_file_format(const struct sound_file *file);

/* The next samples, channels in libav's order; pts counts samples from 0. What source_next says:
 * SOURCE_FRAME, SOURCE_END or SOURCE_FAILED. */
enum source_got sound_file_next(struct sound_file *file, AVFrame *frame, struct failure *failure);
double sound_file_progress(const struct sound_file *file); /* 0 to 1 */
/* For source_damaged(). A file cut anywhere, also behind its samples, has bytes_missing. */
void sound_file_health(const struct sound_file *file, struct source_health *health);
/* Title, artist, date and so on under libav's names, and the texts of a Broadcast Wave chunk
 * ("description" "originator" "originator_reference"). */
const AVDictionary *sound_file_tags(const struct sound_file *file);
/* Of a FLAC file behind `source`, of which `made` are the tags of what is behind `after`: a row
 * (struct carried_row) of those that its comments give more than once, and which are one there. */
void sound_tags_joined(int source, int after, const AVDictionary *made, GPtrArray *rows);

/* What it has beside its samples, for people: "the chunks bext, iXML", "3 cue points"; NULL:
 * nothing. Caller frees. */
char *sound_file_extras(const struct sound_file *file);
unsigned sound_file_cues(const struct sound_file *file); /* how many cue points */

/* A sound-only output: wav by ourselves, w64, caf, aiff and flac through libsndfile, every other
 * container through libav.
 *
 * A WAVE file gets a Broadcast Wave chunk (EBU Tech 3285 v2) before its samples when the source has
 * one or a timecode, or when a step set the loudness; `encode.audio.bext` says otherwise. It has
 * the loudness of what was written, read by our own meter or known from what it read before a gain;
 * a time reference that follows trims and
 * rates to the sample; the source's UMID, texts and coding history, and a line of our own. The
 * source's other chunks come along to the byte, before or behind the samples as they were. Of a
 * part of the programme only those that can be made true of it: iXML (its time stamps), cue points
 * and their labels (moved), texts; the others are dropped, with a note. Beyond 4 GB it is RF64. */
struct sound_writer;

struct sound_writer_setup {
    const struct encode *encode;
    const struct container *container;
    int fd;                        /* the part file; libav reads it back (faststart) */
    const AVDictionary *tags;      /* of the output, under libav's names; may be NULL */
    const AVDictionary *track;     /* language and title of the source's track; may be NULL */
    const struct sound_file *from; /* chunks are carried over from it, to the last; may be NULL */
    const AVFormatContext *film;   /* or its chapters become cue points, to the last; may be NULL */
    const char *timecode; /* of a picture, for a source without a time reference; or NULL */
    struct rational fps;  /* that it counts at */
    double timecode_s;    /* where it stands on the source's time line */
    bool levelled;        /* a step set the loudness */
    const struct loudness *loudness; /* of what comes out of the chain as it is, in a known layout
                                        and rate; NULL: it has to be metered */
    bool placed;                     /* a step gave the channels their layout */
    GHashTable *edits; /* what steps set in `tags`: char *key to char *value, NULL: removed; "*"
                          stands for all that the source says; may be NULL */
};

/* Whether a timecode or time reference has a place in such a file. */
bool sound_container_has_time(const struct encode *encode, const struct container *container);
/* How many cue points have one; 0: none. */
guint sound_container_cues(const struct container *container);

/* Adds the chain's last stages (rate, layout, sample format, frame size) and opens the file. After
 * the steps, before the first frame. Notes go to the chain. NULL with FAIL_CONFIG for settings that
 * the format can't have. The chain has to outlive the writer. */
struct sound_writer *sound_writer_create(struct chain *chain,
                                         const struct sound_writer_setup *setup,
                                         struct failure *failure);
void sound_writer_destroy(struct sound_writer *writer); /* accepts NULL */
typedef struct sound_writer *sound_writer_ptr;
G_DEFINE_AUTO_CLEANUP_FREE_FUNC(sound_writer_ptr, sound_writer_destroy, NULL)

/* A frame as it was pulled from the chain. */
bool sound_writer_push(struct sound_writer *writer, const AVFrame *frame, struct failure *failure);
/* Writes what is left, and the header; fills `claim`. Only after this the file is whole. Clipped
 * samples become a note of the chain. */
bool sound_writer_finish(struct sound_writer *writer, struct claim *claim, struct failure *failure);
