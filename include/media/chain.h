/* SPDX-License-Identifier: GPL-3.0-or-later
 * A chain: the steps of one branch, from decoded frames to frames ready to encode, for moving
 * picture or for sound. Faces build it; the render graph pushes frames in and pulls frames out.
 *
 * A chain is a list of stages. Filters of libavfilter that follow one another share one graph;
 * a kernel is our own code on float samples of sound, a grade our own pass over those of pictures.
 * No stage is ever inserted on its own: a conversion of pixel format, range, matrix, rate or layout
 * is asked for by name, or the chain refuses to link ("no auto-inserted scaler"). The tags of
 * colour travel with the frames.
 *
 * Building happens in one thread, before the first frame. Running a chain is one thread at a
 * time; different chains run in different threads. Every function that can fail returns false
 * and sets `failure` (class and sentence). */
#pragma once

#include "base/rational.h"
#include "base/unit.h"
#include "color/grade.h"
#include "model/facts.h"
#include "model/failure.h"
#include "model/param.h"

/* What flows at this point of a chain of moving picture. Read-only; changed by adding stages. */
struct video_shape {
    int width, height;   /* stored pixels */
    struct rational sar; /* 0/1 unknown = square */
    struct rational fps; /* of constant rate; 0/1 = variable */
    double duration_s;   /* NAN unknown */
    int depth;           /* bits a component */
    bool alpha, interlaced, top_field_first, rgb;
    int chroma_w, chroma_h;                            /* log2 subsampling: 1, 1 for 4:2:0 */
    const char *pix_fmt;                               /* libav's name */
    const char *range, *matrix, *primaries, *transfer; /* "tv" "bt709" …; never unknown: assumed
                                                          by size when untagged, with a note */
    const char
        *siting; /* of chroma: libav's name, "left" "topleft" …; NULL unknown: see shape_siting */
    /* The brightest light by the source's HDR10 metadata, cd/m2: of the display that it was
     * mastered on, and MaxCLL; 0 unknown, or no longer true. */
    double mastering_nit, light_nit;
    char timecode[16]; /* of the first frame, "" none */
};

struct sound_shape {
    int rate, channels;
    const char *layout; /* libav's description: "stereo" "5.1(side)" */
    bool assumed;       /* the layout that so many usually are: the source doesn't say */
    double duration_s;  /* NAN unknown */
};

struct chain;

/* Of sound `fps` and `timecode` alone: those of the picture beside it. */
const struct video_shape *chain_video(const struct chain *chain);
const struct sound_shape *chain_sound(const struct chain *chain);
/* Weights of red and blue in luma, of the matrices of non-constant luminance (H.273, table 4);
 * false for another one. */
bool matrix_luma(const char *matrix, double *red, double *blue);
/* Where chroma of 4:2:0 stands, by libav's name: as the source says, else at the top left in wide
 * gamut (BT.2020, H.265 E.3.1), at the left in all other. What is made of RGB is put there, and
 * encoders tag it so. */
const char *shape_siting(const struct video_shape *shape);
/* What flows as it would be stored: the float RGB of a kernel counts as the format it was made of,
 * so that an encoder's format is chosen by the source's and not by the kernel's. */
void chain_stored_shape(const struct chain *chain, struct video_shape *shape);

/* Adds a filter by name with its options as key, value … NULL (no escaping needed). The shape is
 * updated from what the filter negotiates. Three names are special: `fps` is a stage of our own
 * that keeps the duration of the last frame, before `zscale` a packed format (nv12, rgb24) is
 * reordered into the planar one with the same samples, and `transpose` takes 4:2:2 as well. */
bool chain_filter(struct chain *chain, struct failure *failure, const char *filter, ...)
    __attribute__((sentinel));

/* Picture: converts to a pixel format with zscale, in float where the depth changes, with tagged
 * matrix and range on both sides. A no-op when already there. */
bool chain_format(struct chain *chain, struct failure *failure, const char *pix_fmt);
/* Picture: the 8-bit YUV format nearest to what flows that ordinary filters handle, keeping depth
 * and chroma where it can. Most faces call this first. */
bool chain_plain(struct chain *chain, struct failure *failure);

/* Picture: what flows means other colours from here on, and is tagged so; no sample changes. Of RGB
 * the matrix is that of the YUV which it becomes, YUV keeps its own. Names are libav's; NULL is
 * "unknown". */
struct color_tags {
    const char *matrix, *primaries, *transfer;
};
void chain_color_tags(struct chain *chain, const struct color_tags *tags);

/* Of stills: planar float RGB, 0 to 1 is reference black to white; values outside are kept. Rows of
 * `width` floats. Alpha (plane a) is NULL when there is none. */
struct rgb_rows {
    float *r, *g, *b, *a;
    size_t stride; /* floats from row to row */
    int width, height;
};
/* Planar float sound, full scale = 1.0. */
struct sound_rows {
    float **channel;
    int channels, frames, rate;
    int64_t position; /* samples since the start of the programme at this point */
};

/* Picture: the grade is applied (color/grade.h) to the RGB that the tagged matrix and range give,
 * in one pass from the samples that flow. Grades that follow one another, and a conversion to
 * another format after them, join that pass; what else follows gets float RGB (gbrpf32). Takes the
 * grade over, also on failure. */
bool chain_grade(struct chain *chain, struct failure *failure, struct grade *grade);

/* Adds our own code on sound. `run` works in place, frame after frame. `state` is freed with the
 * chain. */
bool chain_sound_kernel(struct chain *chain, struct failure *failure, const char *name,
                        bool (*run)(void *state, struct sound_rows *rows, struct failure *failure),
                        void *state, void (*free_state)(void *));
/* The same for code that looks ahead: what it leaves in `rows` is what it took `latency` samples
 * before. The chain takes that back, so that no sample is late, lost or added; after the end it
 * runs on `latency` samples of silence. */
bool chain_sound_lookahead(struct chain *chain, struct failure *failure, const char *name,
                           bool (*run)(void *state, struct sound_rows *rows,
                                       struct failure *failure),
                           int latency, void *state, void (*free_state)(void *));

/* Sound: another layout of channels, mixed by a matrix of ours (media/matrix.h), in double, the
 * same in every sample format. What only copies channels copies samples: no bit changes. Nothing to
 * do where the channels are the same already; FAIL_CONFIG where there is no rule. Where the user
 * leaves a level open, an AC-3 source's own is taken (AVDownmixInfo of its frames), else BS.775's.
 */
enum sound_downmix { MIX_AS_SOURCE, MIX_LO_RO, MIX_LT_RT };
struct sound_mix {
    const char *layout; /* of the result, as libav describes it; NULL = the usual one of `picks` */
    const int *pick;    /* its channels are these of the source, from 1; 0 is silence */
    int picks;          /* as many as the layout has; 0: mixed by the layouts' names */
    enum sound_downmix downmix;
    double center_db, surround_db, lfe_db; /* of a mix to one or two channels; NAN = left open */
    bool safe; /* lowered until full scale in all channels is full scale; else the factors of the
                  standard, and what goes over full scale is counted where it is clipped */
    bool told; /* by the caller: nothing is noted */
};
bool chain_mix(struct chain *chain, struct failure *failure, const struct sound_mix *mix);

/* Sound: another rate, by soxr at 28 bits of precision. Sample k is heard at k · to / from, and N
 * samples become round(N · to / from), halves away from zero. */
bool chain_resample(struct chain *chain, struct failure *failure, int rate_hz);

/* Sound: what a kernel gives depends on all that it took, so that a later trim doesn't let the
 * reader skip what comes before. */
void chain_remembers(struct chain *chain);

/* Where something stands on the picture, and when. It keeps to whole samples of chroma. */
struct laid {
    double across, down; /* 0 begin, 0.5 middle, 1 end */
    int margin;          /* pixels from the edge */
    double from_s, to_s; /* seen from, until; NAN = always */
};
/* Picture: a still of sRGB, read from a descriptor, over it, in the depth that flows. `opacity` 0
 * to 1; `width` in pixels scales it (0 = as it is). */
bool chain_overlay_image(struct chain *chain, struct failure *failure, int fd, int width,
                         double opacity, const struct laid *laid);

/* Sound: another file's sound, read from a descriptor as it is needed, added to what flows; mixed
 * to its layout by chain_mix's standard levels and resampled to its rate. What is longer than the
 * programme is cut off; the length that flows stays. FAIL_INPUT_DAMAGED for a file that isn't
 * whole. */
struct sound_over {
    double at_s;    /* where it begins, to the nearest sample */
    double gain_db; /* 0 = as it is */
    double fade_s;  /* its end, or the programme's if that comes first, fades for so long; 0 not */
    double end_s;   /* where the programme ends; NAN unknown */
    bool loop;      /* it begins again when it is through */
};
bool chain_overlay_sound(struct chain *chain, struct failure *failure, int fd,
                         const struct sound_over *over);

/* Sound: later by so many samples, or, when negative, sooner. The length stays: silence comes in at
 * one end, and what is moved beyond the other is cut off. No sample is changed. */
bool chain_delay(struct chain *chain, struct failure *failure, int64_t samples);
/* Sound: steady noise at `floor_dbfs` is softer by `reduction_db`, after its spectrum. No sample is
 * late, lost or added. */
bool chain_denoise_sound(struct chain *chain, struct failure *failure, double reduction_db,
                         double floor_dbfs);
/* Sound: silence before and behind it; longer by both. */
bool chain_surround(struct chain *chain, struct failure *failure, double head_s, double tail_s);
/* Sound: without the silence at its ends. A moment is silent where every channel is below the
 * threshold. Streaming: quiet sound that may be the end is held back, as a count where it is zero,
 * and else up to 64 MB of it; a longer end is cut by that much only, with a note. How long it
 * becomes isn't known before; FAIL_CONFIG at the end when nothing is left. */
struct sound_silence {
    bool start, end; /* start: and is without a timecode, which is told before */
    double threshold_dbfs;
    double keep_s; /* so much of the silence stays at each end that is trimmed */
};
bool chain_trim_silence(struct chain *chain, struct failure *failure,
                        const struct sound_silence *silence);

/* Picture: stands at x, y of a larger canvas; places are multiples of the chroma's steps. Colours
 * are R'G'B' of the picture's own space, here and in fades. */
struct canvas_place {
    int width, height, x, y;
};
bool chain_pad(struct chain *chain, struct failure *failure, const struct canvas_place *place,
               struct rgba color);
/* Picture: linearly from or to a colour; alpha stays. */
bool chain_fade(struct chain *chain, struct failure *failure, bool in, double start_s,
                double length_s, struct rgba color);

#define PICTURE_FONT "DejaVu Sans"
/* Picture: words, and behind them a counter that runs with the frames; on a plate of `box`. Lines
 * that are too long for the picture are broken; what is too high for it is noted. Characters that
 * no font has are refused, fonts besides PICTURE_FONT noted. */
enum text_counter { TEXT_STILL, TEXT_TIMECODE, TEXT_FRAMES, TEXT_TIME };
struct text_look {
    const char *text; /* UTF-8; NULL none */
    enum text_counter counter;
    const char *timecode; /* TEXT_TIMECODE: of the first frame */
    struct rational fps;  /* TEXT_TIMECODE: what it counts; of a variable rate the nominal one */
    int size;             /* pixels */
    struct rgba color, box;
    struct laid laid;
};
bool chain_text(struct chain *chain, struct failure *failure, const struct text_look *look);

/* Picture: subtitles are drawn into it, of a file of their own (SubRip, WebVTT, ASS) or of a text
 * track of the source, both read from a descriptor at once. They follow what was done to time so
 * far. ASS has its own styles; other text gets the look. Characters are as those of chain_text, but
 * fonts that a source brings come first. */
struct subtitle_look {
    const char *words;   /* where they are from, for notes */
    const char *track;   /* a number from 1, or a language; NULL: the default one */
    bool beside;         /* they count from the first picture, not on the source's time line */
    int size, margin;    /* pixels */
    double across, down; /* 0 begin, 0.5 middle, 1 end */
    struct rgba color, box;
};
bool chain_subtitles(struct chain *chain, struct failure *failure, int fd,
                     const struct subtitle_look *look);

/* Picture: stored as two fields, this one shown first. A progressive one is only marked so. Where
 * the other field came first, all of it moves by a row (and 4:2:0 becomes 4:2:2), so that the
 * order in time stays. */
bool chain_fields(struct chain *chain, struct failure *failure, bool top_first);

/* Picture: the film inside 2:3 pulldown (SMPTE RP 197): fields of one frame of film are put
 * together again, what still has two moments in it is deinterlaced, and of five frames the one that
 * is there twice is left out, so that 4 come out of 5. The last two by bwdif and decimate of
 * libavfilter, in the depth that flows. Of an incomplete five at the end none is left out. */
bool chain_film(struct chain *chain, struct failure *failure);

/* Picture: plays `factor` times as fast, at the rate that flows. */
bool chain_speed(struct chain *chain, struct failure *failure, double factor);
/* Sound: the same; its pitch stays, or rises with the speed. */
bool chain_speed_sound(struct chain *chain, struct failure *failure, double factor, bool rising);

/* Keeps [from, to) seconds and starts the times at 0 again; to NAN = the end. Exact to the frame
 * and the sample. The reader seeks where it can. Timecode and duration follow. */
bool chain_trim(struct chain *chain, struct failure *failure, double from_s, double to_s);
/* Where it does so: at the first frame that begins then or later, but for rounding. Sound beside a
 * picture is cut at that one's frames, other sound at any time (a rate of 0). */
double trim_on_frame(double seconds, struct rational fps);
/* A still: the one frame that is shown at `at_s`; ends the branch after it. Unless `within`, which
 * says that it is known to lie in the picture, a moment behind the last frame is FAIL_CONFIG once
 * that has come. */
bool chain_pick(struct chain *chain, struct failure *failure, double at_s, bool within);

/* A sentence for the report: what was applied, with its values. */
void chain_note(struct chain *chain, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* `note` is called once, when all of the programme has come out of the chain: to note what a kernel
 * did. `state` is that of the kernel, and lives as long as the chain. */
void chain_at_end(struct chain *chain, void (*note)(const void *state, struct chain *chain),
                  const void *state);
