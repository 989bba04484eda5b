/* SPDX-License-Identifier: GPL-3.0-or-later
 * How an output is written: container, codecs and their settings. Described by parameter tables
 * like everything else, so that `encode` is parsed, checked, documented and hashed in one way. */
#pragma once

#include "model/kind.h"
#include "model/param.h"

/* How the picture is stored: as it flows; as whole frames; as two fields of which that one is shown
 * first. A progressive picture may be stored as fields (25PsF in a file of 50i); what was shot as
 * fields becomes whole frames by a `deinterlace` step alone. */
enum encode_fields { FIELDS_AUTO, FIELDS_PROGRESSIVE, FIELDS_TOP, FIELDS_BOTTOM };

struct encode_video {
    char *codec;   /* FFmpeg's name: h264 hevc av1 vp9 prores dnxhd mpeg2video ffv1 …; "copy",
                      "none" */
    char *encoder; /* a certain encoder (libx264, prores_ks); NULL = ours for that codec */
    char *pix_fmt, *profile, *level, *preset, *tune;
    double crf;                       /* the encoder's constant-quality scale; NAN unset */
    double bitrate, maxrate, bufsize; /* bit/s; NAN unset */
    int gop;                          /* frames; 0 = the encoder's own */
    struct position keyint;           /* GOP as time ("2s"); kind NONE = unset; excludes gop */
    int b_frames;                     /* -1 = the encoder's own */
    int fields;                       /* choice: enum encode_fields */
    char *tag;                        /* fourcc: "hvc1" */
    bool strict;                      /* as encode.reproducible */
    GPtrArray *options;               /* the encoder's AVOptions: key, value … */
};

/* The Broadcast Wave chunk of a WAVE file: auto = when there is something to say in it. */
enum { BEXT_AUTO, BEXT_ALWAYS, BEXT_NEVER };

struct encode_audio {
    char *codec;    /* aac opus mp3 ac3 flac pcm_s16le pcm_s24le pcm_f32le …; "copy", "none" */
    double bitrate; /* bit/s, NAN unset */
    int sample_rate, channels; /* 0 = as they come */
    char *sample_format;       /* NULL = the best the codec takes */
    int tracks;                /* choice: enum tracks */
    int mono_tracks;           /* each channel in a track of its own, so many in all; 0 no */
    int bext;                  /* BEXT_… */
    bool strict;               /* as encode.reproducible */
    GPtrArray *options;
};
/* Which sound tracks of a film an output has. AUTO: all in MOV, MKV and MXF, and where the picture
 * is copied; else the one that players take. */
enum tracks { TRACKS_AUTO, TRACKS_ALL, TRACKS_ONE };

/* What a still keeps of what its source says about itself: one of three policies, or a set. */
enum still_metadata {
    META_WEB = 1, /* title, description, artist, copyright, date */
    META_ARCHIVE = 2,
    META_NONE = 4,
    META_TITLE = 8,
    META_DESCRIPTION = 16,
    META_ARTIST = 32,
    META_COPYRIGHT = 64,
    META_DATE = 128,
    META_CAMERA = 256, /* make, model, lens, exposure; no serial or maker's note */
    META_GPS = 512,
    META_XMP = 1024,
    META_IPTC = 2048,
};

struct encode_image {
    char *format;     /* jpeg png webp avif jxl tiff; NULL = by the extension */
    int quality;      /* 1-100, 0 = the format's default; with a target the highest that is tried */
    double max_bytes; /* target: as good as fits; 0 = none */
    double ssim;      /* target: as small as is so much alike, 0-1; 0 = none */
    int bit_depth;    /* 8, 12 or 16; 0 = as it comes, as far as the format can */
    char *compression; /* tiff: none lzw deflate zstd jpeg; png: level 0-9 */
    int tile;          /* tiff: pixels a side, a multiple of 16; 0 = strips, or 256 of a pyramid */
    bool pyramid;      /* tiff: halves of it as further pages */
    int subsampling;   /* choice: auto, 420, 444 */
    bool progressive, lossless;
    int effort;    /* webp, avif, jxl: 0-9, -1 default */
    char *profile; /* srgb display-p3 adobe-rgb grey keep, or a file's path; NULL: sRGB that goes
                      without saying, and what `metadata: archive` keeps */
    unsigned metadata; /* enum still_metadata; 0 as META_WEB */
};
/* Whether a profile is a file (.icc, .icm), not one of those that have a name. */
bool encode_profile_is_file(const char *profile);

struct encode {
    char *container; /* NULL = by the extension */
    struct encode_video video;
    struct encode_audio audio;
    struct encode_image image;
    char *subtitles; /* a number, a language, "all", "none"; NULL as the container's kind has it */
    bool faststart;  /* MP4/MOV: moov before mdat; default true */
    bool edit_lists; /* MP4/MOV: default true */
    struct position segment, /* HLS, DASH: seconds; NONE = 6 s */
        fragment;            /* MP4/MOV: seconds that a fragment lasts at least; NONE = one index */
    int loop;                /* GIF/WebP: times it is played, 0 for ever */
    int first_frame;         /* a sequence's first number */
    int reproducible;        /* choice: normal, strict */
};

extern const struct params encode_video_params, encode_audio_params, encode_image_params;
/* The rows of `encode` itself: container, faststart, subtitles, edit_lists; its parts are the
 * tables above. */
extern const struct params encode_params;

struct encode *encode_create(void);
void encode_destroy(struct encode *encode);
typedef struct encode *encode_ptr; /* for `g_auto(encode_ptr)` */
G_DEFINE_AUTO_CLEANUP_FREE_FUNC(encode_ptr, encode_destroy, NULL)
/* From the merged map of presets and overrides. */
bool encode_parse(const struct node *node, bool templates, struct encode *encode,
                  struct diag *diag);
struct node *encode_print(const struct encode *encode); /* canonical; parses back to the same */
JsonNode *encode_schema(void);
/* Whether a file goes without the edit lists that its container could hold: all packets of its
 * tracks are shown, from the file's start on. */
bool encode_is_bare(const struct encode *encode, const char *container);

/* A codec we offer: the row behind `codec:`, the manual and the defaults. */
struct codec {
    const char *name;
    enum kind kind;
    const char *encoder;  /* libavcodec's encoder, or NULL when another library writes it */
    const char *pix_fmts; /* or sample formats, preferred first, space-separated */
    bool lossy;
    double crf_default; /* NAN = no constant-quality scale */
    double crf_min, crf_max;
    double seconds_per_mpx; /* rough cost on one core, for predictions; audio: per million samples
                               of one channel */
    double bits_per_pixel;  /* rough size at the defaults; audio: bits per second per channel */
    const char *help;
    int channels; /* of sound, at most; 0 = any that files have */
};
extern const struct codec codecs[];
extern const unsigned codec_count;
const struct codec *codec_find(const char *name);
/* Why an encoder of sound has no such bitrate (bit/s, of all channels together; NAN: none is asked
 * for) at this sample rate, and in *hint what to do; NULL: it has, or says so itself. Caller frees
 * both. */
char *bitrate_refusal(const struct codec *codec, double bitrate, int rate_hz, int channels,
                      char **hint);
/* What is meant where none is asked for; 0: the encoder's own quality, for it has no such one. */
double bitrate_usual(const struct codec *codec, int rate_hz, int channels);
/* Whether what is written so can hold two fields in a frame, and be marked so. */
bool encode_holds_fields(const struct codec *codec, const struct encode_video *encode);
/* A profile as the codec's encoder spells it: "DNxHR HQX" is "dnxhr_hqx". NULL stays. Caller
 * frees. */
char *encode_profile(const char *codec, const char *profile);
/* Whether its frames are equally long, of whatever source. */
bool codec_is_steady(const struct codec *codec);
/* What its pictures mean to those who open them. */
enum codec_colors {
    CODEC_TELLS_COLORS, /* what their tags or those of their container say */
    CODEC_HAS_NO_TAGS,  /* nothing says it */
    CODEC_IS_SRGB,      /* they are shown as sRGB */
    CODEC_IS_LINEAR,    /* linear light ("Technical Introduction to OpenEXR") */
};
enum codec_colors codec_colors(const struct codec *codec);
/* The frame rates that what is written so has, joined by spaces; NULL: any. Those of AVC-Intra are
 * the ones that x264 has frames of the right size for (SMPTE RP 2027). Static. */
const char *encode_rates(const struct encode_video *encode, bool interlaced);
/* Whether this rate is one of them. */
bool encode_has_rate(const char *rates, struct rational fps);
/* The one that is named, or else the first of a container's list; NULL: there is no such row. */
const struct codec *codec_chosen(const char *name, const char *container_list);
