/* SPDX-License-Identifier: GPL-3.0-or-later
 * Inside sound files: libsndfile on descriptors, channel orders, tags, fewer bits. */
#pragma once

#include "media/sndfile.h"

#include <sndfile.h>

/* --- descriptors: sndfile_io.c --- */

struct sound_io {
    int fd;
    int64_t offset, size;
    int error; /* the errno of the first call that failed */
};
/* `size` is of the file when reading, 0 when writing. `io` must outlive the SNDFILE. */
SNDFILE *sound_io_open(struct sound_io *io, int mode, SF_INFO *info);

/* --- channels: sndfile_layout.c --- */

enum { SOUND_CHANNELS_MAX = 64 };

/* The layout of a file, in libav's order, and where each of its channels is in the file. */
void sound_layout_read(SNDFILE *file, const SF_INFO *info, AVChannelLayout *layout,
                       int place[SOUND_CHANNELS_MAX]);
/* Tells the file, where its format has room for it. */
void sound_layout_write(SNDFILE *file, const AVChannelLayout *layout);

/* --- words: sndfile_tags.c --- */

void sound_tags_read(SNDFILE *file, AVDictionary **tags);
void sound_tags_write(SNDFILE *file, const AVDictionary *tags);
/* The Broadcast Wave chunk with its time reference at the programme's new start, and chunks that
 * are true of any part of the programme. What stays behind is noted. */
void sound_chunks_carry(SNDFILE *to, const struct sound_file *from, struct chain *chain);
SNDFILE *sound_file_handle(const struct sound_file *file);

/* --- sample formats: quantise.c --- */

struct quantiser {
    int bits;        /* of the file: 16, 24, 32 */
    double top;      /* full scale in steps of the file */
    bool dither;     /* triangular, one step of the file to each side */
    uint64_t seed;   /* of the next value */
    int64_t clipped; /* samples that were beyond full scale */
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

/* --- the two ways to write: sndfile_write.c, sound_writer_av.c --- */

struct sound_backend {
    void *(*create)(struct chain *chain, const struct sound_writer_setup *setup,
                    struct failure *failure);
    bool (*push)(void *state, const AVFrame *frame, struct failure *failure);
    bool (*finish)(void *state, struct claim *claim, struct failure *failure);
    void (*destroy)(void *state);
};
extern const struct sound_backend sound_backend_sndfile, sound_backend_av;
/* The codec that is named, or else the container's first. */
char *sound_codec(const struct sound_writer_setup *setup);
