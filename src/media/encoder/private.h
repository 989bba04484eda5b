/* SPDX-License-Identifier: GPL-3.0-or-later
 * Inside an encoder. */
#pragma once

#include "media/encoder.h"

struct encoder {
    AVCodecContext *context;
    struct prores_rate *rate; /* NULL: the library's own */
    AVPacket *ready;          /* with `rate`: what was made of the last picture */
    GHashTable *durations;    /* pts → duration of a picture that is inside */
    GHashTable *captions; /* pts → GBytes, its triplets, which the library leaves out; or NULL */
    int64_t count, last_end, first, last_dts;
    struct packet_counter *counter; /* with its `coded`: of Vorbis */
    AVCodecParameters *coded;
    bool drained;
    bool halves; /* it writes halves of the floats that come */
};

/* One row for a codec: which of the common settings mean something to it. */
struct codec_traits {
    const char *codec;
    bool bitrate, rate_control, gop, b_frames, limited_range;
    bool even;                 /* no odd sizes in subsampled formats */
    int min_width, min_height; /* what its encoder takes */
    int max_fps;               /* likewise; 0 = any */
};
const struct codec_traits *codec_traits(const char *codec);

/* encoder/profile.c: what a profile means; profiles that have no row leave it open. */
struct profile_row {
    const char *codec, *profile, *pix_fmt, *alpha;
    const char *option, *value; /* that it is for the encoder; NULL: its profile */
};
const struct profile_row *profile_find(const char *codec, const char *profile);
/* As the encoder writes it, and what is meant where none is given; NULL none. Caller frees. */
char *profile_name(const struct encode_video *encode, const char *codec, const char *pix_fmt);
void profile_add(GPtrArray *options, const char *codec, const char *profile);
/* FAIL_CONFIG with what there is, where a profile or DNxHD's rate has no such picture. */
bool profile_fits(const struct encode_video *encode, const struct video_shape *shape,
                  const char *codec, const char *pix_fmt, struct failure *failure);

/* The same packets on each run: how many threads an encoder has changes what most of them write for
 * a bit rate, and x264 writes the number into its stream. */
void encoder_pin(AVCodecContext *context);

/* The options that go to avcodec: collected first, so that each is set once. */
struct option_list {
    GPtrArray *pairs; /* key, value … */
};
void option_add(GPtrArray *options, const char *key, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
bool option_is_among(const GPtrArray *options, const char *key);
/* Appends to a list option ("x265-params") that may already be there. */
void option_join(GPtrArray *options, const char *key, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* Sets all of them; FAIL_CONFIG names the first that the encoder doesn't take. */
bool options_apply(AVCodecContext *context, const GPtrArray *options, struct failure *failure);
bool encoder_has_option(const AVCodec *codec, const char *name);
/* encoder/choices.c: the names that a value of an option can have, which is `class`'s; `own` is the
 * private class of the encoder or muxer `owner`. Caller frees with g_strfreev(). */
char **option_choices(const char *owner, const AVClass *own, const AVClass *class,
                      const struct AVOption *option);

struct encoder *encoder_new(const AVCodec *codec, const struct encoder_setup *setup,
                            struct failure *failure);
bool encoder_start(struct encoder *encoder, struct failure *failure);
/* A last packet that is filled up with silence lasts as long as the sound in it, and carries how
 * much is to be discarded (AV_PKT_DATA_SKIP_SAMPLES), for codecs whose packets have no length of
 * their own. False without memory. */
bool encoder_end_sound(struct encoder *encoder, AVPacket *packet, struct failure *failure);
/* Encoders that look back (AC-3, MP2) hold their last samples, as many as their priming, until more
 * come, and don't give them out at the end: their last frame is filled up with silence, and where
 * that isn't enough, another is put behind it. */
bool encoder_keeps_end(const AVCodecContext *context);
/* Whether what came lacks such a frame. */
bool encoder_lacks_end(const struct encoder *encoder);
/* A whole frame of what `frame` has, or NULL: behind what came, and silence. Caller frees. */
AVFrame *encoder_filled(const struct encoder *encoder, const AVFrame *frame);
const AVCodec *encoder_find(const char *asked, const char *codec, struct failure *failure);

/* The rate of ProRes. For an opened context, which stays the caller's; its option bits_per_mb, set
 * or the profile's, is the limit. */
enum { PRORES_RATE_VERSION = 1 }; /* raised when the same pictures come out differently */
struct prores_rate;
bool prores_rate_serves(const AVCodecContext *context);
struct prores_rate *prores_rate_new(const AVCodecContext *opened);
void prores_rate_free(struct prores_rate *rate);
/* `packet` is empty before it. */
bool prores_rate_encode(struct prores_rate *rate, const AVFrame *frame, AVPacket *packet,
                        struct failure *failure);

/* x265's notation of HDR10 metadata. */
void hdr_to_x265(const struct hdr_static *hdr, GPtrArray *options);
