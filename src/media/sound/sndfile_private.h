/* SPDX-License-Identifier: GPL-3.0-or-later
 * Inside sound files: libsndfile on descriptors, channel orders, tags, fewer bits. */
#pragma once

#include "../text/cues.h"
#include "bext.h"
#include "media/sndfile.h"
#include "wave_chunks.h"

#include <sndfile.h>

/* --- descriptors: sound/sndfile_io.c --- */

struct sound_io {
    int fd;
    int64_t offset, size;
    int error;                    /* the errno of the first call that failed */
    const struct wave_view *view; /* instead of the file as it is; NULL: none */
    uint8_t *window;              /* bytes of the file as they were last read: libsndfile asks */
    int64_t window_at;            /* for a header byte by byte */
    size_t window_length;
};
/* `size` is of what is read, the file or its view; 0 when writing. `io` must outlive the SNDFILE.
 */
SNDFILE *sound_io_open(struct sound_io *io, int mode, SF_INFO *info);
void sound_io_clear(struct sound_io *io); /* after the SNDFILE */

/* --- channels: sound/sndfile_layout.c --- */

enum { SOUND_CHANNELS_MAX = 64 };

/* The layout of a file, in libav's order, and where each of its channels is in the file. False when
 * the file doesn't say: the usual one then. */
bool sound_layout_read(SNDFILE *file, const SF_INFO *info, AVChannelLayout *layout,
                       int place[SOUND_CHANNELS_MAX]);
/* Tells the file, where its format has room for it; notes where it is read as another one. */
void sound_layout_write(SNDFILE *file, const SF_INFO *info, struct chain *chain);

/* --- words: sound/sndfile_tags.c --- */

/* `bext` may be NULL. */
void sound_tags_read(SNDFILE *file, const struct bext *bext, AVDictionary **tags);
/* As far as the format has texts; what was set and isn't there is noted. */
void sound_tags_write(SNDFILE *file, const SF_INFO *info, const struct sound_writer_setup *setup,
                      struct chain *chain);
/* Notes the tags that `holds` has no place for: those of the source, and those that steps set. */
void sound_tags_lost(const struct sound_writer_setup *setup, struct chain *chain,
                     bool (*holds)(const void *data, const char *key), const void *data);
/* sound/flac_tags.c: all comments of a FLAC file (RFC 9639, 8.6) but its marks, in libav's names
 * and lower case; those of one name in a line. Nothing for any other file, or one that lies. */
void flac_tags_read(int fd, AVDictionary **tags);
bool sound_stripped(const struct sound_writer_setup *setup);

/* --- what else a source has: sound/sndfile.c --- */

SNDFILE *sound_file_handle(const struct sound_file *file);
int sound_file_fd(const struct sound_file *file);
/* Its chunks, when it is a WAVE file; empty for others. */
const GArray *sound_file_chunks(const struct sound_file *file);
GBytes *sound_file_load(const struct sound_file *file, const struct wave_chunk *chunk);
/* Whether the file itself gives its channels places. */
bool sound_file_has_places(const struct sound_file *file);
/* What of it the output is: from start to end, and how samples of the one become those of the
 * other; `frames` is for the end. */
struct sound_part {
    bool whole; /* nothing was cut, at the rate of the source */
    bool same_start;
    int64_t own; /* so many samples of the output are of it; behind them follow other sources */
    struct cue_move move;
};
struct sound_part sound_part_of(const struct sound_file *from, const struct chain *chain);
/* Into formats without chunks: notes what is left behind. */
void sound_chunks_leave(const struct sound_writer_setup *setup, struct chain *chain);

/* --- moments with names: sound/marks.c --- */

struct sound_mark {
    uint32_t sample; /* of the output */
    char *name;      /* "" none */
};
GArray *sound_marks_new(void); /* of struct sound_mark */
void sound_marks_add(GArray *marks, uint32_t sample, const char *name);
/* As WAVE has them; false when there are none. */
bool sound_marks_cues(const GArray *marks, GBytes **cues, GBytes **labels);
/* The cue points of a sound file that are in the output of so many samples, once it is whole.
 * Those that aren't are noted. */
GArray *sound_cue_marks(const struct sound_file *from, struct chain *chain, int64_t frames);
/* The starts of a film's chapters that the programme has a part of; none where they can't follow
 * what the steps do to time. */
GArray *sound_chapter_marks(const AVFormatContext *film, const struct chain *chain, int64_t frames);
/* All that there are, whatever the output is of; those of a film at 0. Either may be NULL. */
GArray *sound_marks_before(const struct sound_file *from, const AVFormatContext *film);
/* The markers of a file that isn't WAVE, as WAVE has them; false when there are none. */
unsigned sound_markers_count(const struct sound_file *from);
bool sound_markers(const struct sound_file *from, GBytes **cues, GBytes **labels);

/* --- sample formats: sound/quantise.c --- */

struct quantiser {
    int bits;                          /* of the file: 16, 24, 32 */
    double top;                        /* full scale in steps of the file */
    bool dither;                       /* triangular, one step of the file to each side */
    uint64_t seed[SOUND_CHANNELS_MAX]; /* of the next value of each channel */
    int64_t clipped;                   /* samples that were beyond full scale */
};
/* What is noted of it. */
#define QUANTISE_DITHERED "sound reduced to 16 bits with triangular dither"
#define QUANTISE_CLIPPED "clipped: %" G_GINT64_FORMAT " samples beyond full scale"
void quantiser_init(struct quantiser *quantiser, int bits, enum AVSampleFormat from);
/* Interleaved, left-justified 32 bits out of a frame of S16, S32, FLT or DBL, planar or packed.
 * False for any other format. */
bool quantise(struct quantiser *quantiser, const AVFrame *frame, int32_t *out);
/* The same in float. */
bool sound_floats(const AVFrame *frame, float *out);

/* --- what an output is: sound/format.c --- */

struct sound_format {
    char *codec;
    int bits; /* of a sample */
    bool floats;
    int subtype; /* libsndfile's */
};
/* Rate and layout as asked, sample format as the codec is written from: whole numbers and floats
 * as they flow, DBL where 64 bits are written. FAIL_CONFIG for what the container can't hold. */
bool sound_format_choose(struct chain *chain, const struct sound_writer_setup *setup,
                         struct sound_format *format, struct failure *failure);
enum { SOUND_FLAC_LEVEL_MAX = 8 };
/* After it: for whole numbers; says what it does to them. */
void sound_format_quantiser(const struct sound_format *format, struct chain *chain,
                            struct quantiser *quantiser);
/* Interleaved: left-justified 32 bits, or floats of `bits`. */
bool sound_interleave(const struct sound_format *format, struct quantiser *quantiser,
                      const AVFrame *frame, void *out);
/* After the last sample: what was clipped. */
void sound_format_note(const struct quantiser *quantiser, struct chain *chain);
void sound_format_claim(const struct sound_format *format, const struct sound_shape *shape,
                        int64_t samples, struct claim *claim);

/* --- the ways to write: sound/wave_write.c, sound/sndfile_write.c, sound/writer_av.c --- */

struct sound_backend {
    void *(*create)(struct chain *chain, const struct sound_writer_setup *setup,
                    struct failure *failure);
    bool (*push)(void *state, const AVFrame *frame, struct failure *failure);
    bool (*finish)(void *state, struct claim *claim, struct failure *failure);
    void (*destroy)(void *state);
};
extern const struct sound_backend sound_backend_wave, sound_backend_sndfile, sound_backend_av;
/* The codec that is named, or else the container's first. */
char *sound_codec(const struct sound_writer_setup *setup);
