/* SPDX-License-Identifier: GPL-3.0-or-later
 * An encoder of libavcodec, opened from what `encode` says and from what flows out of a chain.
 * Every setting that the encoder doesn't know or doesn't take is FAIL_CONFIG with a sentence.
 * One thread at a time; the encoder itself uses `threads`. */
#pragma once

#include "media/chain.h"
#include "model/carried.h"
#include "model/encode.h"
#include "model/kind.h"

#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>

/* HDR10's static metadata of a source, kept through encoding, and what else it has that isn't.
 * Owned by whoever filled it. */
struct hdr_static {
    bool mastering, light;
    bool hdr10_plus, dolby_vision; /* seen; never carried */
    int lone_profile; /* of a Dolby Vision whose base layer is no picture of its own; else 0 */
    AVRational primaries[3][2], white[2], min_nit, max_nit; /* red, green, blue: x, y */
    unsigned max_cll, max_fall;
};
/* From a frame's or a stream's side data; fields that are there already stay. */
void hdr_from_frame(struct hdr_static *hdr, const AVFrame *frame);
void hdr_from_stream(struct hdr_static *hdr, const AVStream *stream);
/* What is known of light levels and mastering display; the rest of the facts stays. */
void hdr_to_facts(const struct hdr_static *hdr, struct facts *facts);
/* False with FAIL_UNSUPPORTED for a picture that only a Dolby Vision decoder can show. */
bool hdr_is_shown(const struct hdr_static *hdr, struct failure *failure);
/* The brightest light that it tells of, into the shape of what is read. */
void hdr_tell(const struct hdr_static *hdr, struct video_shape *shape);
/* What of it is true of the picture that comes out of a chain. The mastering display is, unless the
 * picture went to another colour space or is SDR; light levels are, where no colour changed and
 * nothing was painted. */
struct hdr_static hdr_after(const struct hdr_static *hdr, const struct chain *chain);
/* What becomes of `source` in a re-encoded output, struct carried_row: dropped is what isn't in
 * `kept`, and what neither the encoder (libav's name) nor the container (model/kind.h's) writes.
 * Caller frees. */
GPtrArray *hdr_fates(const struct hdr_static *source, const struct hdr_static *kept,
                     const char *encoder, const char *container);

/* What an encoder needs of its input, asked before the chain's last stage is built. */
struct encoder_wants {
    const AVCodec *codec;
    const char *pix_fmt;               /* picture */
    int width, height;                 /* picture: what fits the format, at most what flows */
    const char *range;                 /* "tv" "pc", NULL = as it flows */
    const char *matrix;                /* NULL = as it flows */
    bool constant_rate;                /* the codec has no other */
    enum AVSampleFormat sample_format; /* sound */
    int bits;                          /* of its whole numbers that are kept; else 32 */
    int rate;
    char layout[64]; /* libav's description */
};
/* False with FAIL_CONFIG (an impossible format was asked) or FAIL_UNSUPPORTED (no such encoder).
 * Where none is asked for, transparency is kept before depth and chroma. */
bool encoder_wants_picture(const struct encode_video *encode, const struct video_shape *shape,
                           const char *codec, const char *container, struct encoder_wants *wants,
                           struct failure *failure);
bool encoder_wants_sound(const struct encode_audio *encode, const struct sound_shape *shape,
                         enum AVSampleFormat flows, const char *codec, struct encoder_wants *wants,
                         struct failure *failure);

/* The rate that `encode` asks for, or else the container (MXF holds sound of 48 kHz); 0: none. */
int encoder_rate_asked(const struct encode_audio *encode, const struct container *container);
/* The same of what a chain of sound delivers into a container. */
bool encoder_wants_delivered(const struct chain *chain, const struct encode_audio *encode,
                             const char *codec, const struct container *container,
                             struct encoder_wants *wants, struct failure *failure);

struct encoder_setup {
    const char *codec;           /* FFmpeg's name; encode->codec or the container's default */
    const char *container;       /* model/kind.h's name; decides tag and global headers */
    AVRational time_base;        /* of the frames that come */
    struct rational nominal_fps; /* picture: its rate, or the usual one near a variable rate */
    int threads;
    const struct hdr_static *hdr; /* NULL = none */
};

struct encoder;

struct encoder *encoder_open_picture(const struct encode_video *encode,
                                     const struct video_shape *shape,
                                     const struct encoder_setup *setup, struct failure *failure);
struct encoder *encoder_open_sound(const struct encode_audio *encode,
                                   const struct sound_shape *shape,
                                   enum AVSampleFormat sample_format,
                                   const struct encoder_setup *setup, struct failure *failure);
/* Ends a chain of sound as the codec wants it (rate, layout, sample format, frame size), and opens
 * the encoder for it. `bare`: the file won't say that the codec's priming isn't heard; as much of
 * the sound's start is left out, so that what is decoded is where it belongs. */
struct encoder *encoder_open_chain_sound(struct chain *chain, const struct encode_audio *encode,
                                         const char *codec, const struct container *container,
                                         bool bare, struct failure *failure);
void encoder_close(struct encoder *encoder);
typedef struct encoder *encoder_ptr;
G_DEFINE_AUTO_CLEANUP_FREE_FUNC(encoder_ptr, encoder_close, NULL)

/* NULL drains. Then pull until it says no. */
bool encoder_push(struct encoder *encoder, const AVFrame *frame, struct failure *failure);
/* 1 and a packet in encoder_context()->time_base, 0 nothing now (or all drained), -1 failed. */
int encoder_pull(struct encoder *encoder, AVPacket *packet, struct failure *failure);

const AVCodecContext *encoder_context(const struct encoder *encoder);
/* Pictures or samples that were pushed, and the seconds they last. */
int64_t encoder_count(const struct encoder *encoder);
double encoder_seconds(const struct encoder *encoder);
