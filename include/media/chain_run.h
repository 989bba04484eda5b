/* SPDX-License-Identifier: GPL-3.0-or-later
 * The other half of a chain: making one for a stream, and running frames through it.
 *
 *     chain = chain_create_video(&(struct chain_input){.time_base = tb, .video = &shape, …});
 *     … faces build it …
 *     chain_push(chain, frame, &failure);          NULL at the end of the stream
 *     while (chain_pull(chain, out, &failure) == CHAIN_FRAME)
 *         …
 *
 * Times that go in are the source's (media/source.h); times that come out start at 0 where the
 * programme starts, in chain_time_base(). A chain without stages only moves the times. Frames are
 * shared by reference: none is written to unless the chain holds the only reference. */
#pragma once

#include "media/chain.h"

#include <libavutil/frame.h>

/* What comes in. One of `video` and `sound` is set; both are copied. */
struct chain_input {
    AVRational time_base;
    double start_s; /* where in the source the programme starts: the start of its picture, for its
                       sound as well. Sound before it is cut, a later start is filled with silence,
                       and so are gaps. */
    int threads;    /* for filters */
    const struct video_shape *video;
    int rotation; /* a picture is turned upright first: degrees clockwise, 0 90 180 270 */
    bool flipped; /* mirrored left to right before turning */
    bool assumed; /* colour was not tagged: noted */
    const struct sound_shape *sound;
    enum AVSampleFormat sample_format;
    struct rational picture_fps; /* of the picture that sound belongs to: trims of both fall on its
                                    frames; 0/1 none */
};

struct chain *chain_create_video(const struct chain_input *input, struct failure *failure);
struct chain *chain_create_sound(const struct chain_input *input, struct failure *failure);
/* Chains of sound for what reads it: a stream of a source, which starts at start_s (NAN: at 0) and
 * belongs to a stream of picture (-1 none); and a sound file. */
struct source;
struct sound_file;
/* For the report: how much sound a programme lacks that begins at start_s; NULL: none to speak of.
 * Caller frees. */
char *source_early_text(const struct source *source, int stream, double start_s);
/* Why a file of sound would be empty, where all of it comes before that. */
#define SOUND_ENDS_EARLY \
    "nothing of the sound is left: it ends before the picture begins, where the programme does"
struct chain *chain_create_source(const struct source *source, int stream, int picture,
                                  double start_s, struct failure *failure);
struct chain *chain_create_file(const struct sound_file *file, struct failure *failure);
/* New, of sound: what the first frame of the picture that it belongs to is labelled. It is moved as
 * that of the picture is, and is chain_video()'s; of a variable rate there is none. */
void chain_sound_timecode(struct chain *chain, const char *timecode);
/* From now on, what changes in the middle of what comes in, the size or format of a picture, the
 * rate of sound, is fitted to what came first, and noted. Else it is a failure that tells when.
 * Other channels of sound are always mixed to the first. */
void chain_fit_changes(struct chain *chain);
/* A branch that goes on where `shared` ends: its shapes and times, its frames as input. Notes of
 * `shared` are not repeated. `shared` has to outlive it. */
struct chain *chain_branch(const struct chain *shared, struct failure *failure);
/* Where `branch` is new and the only one that `trunk` has: a grade at the trunk's end becomes the
 * branch's, and goes from the source's samples to its encoder's in one pass. */
void chain_take_color(struct chain *branch, struct chain *trunk);
void chain_destroy(struct chain *chain);
typedef struct chain *chain_ptr;
G_DEFINE_AUTO_CLEANUP_FREE_FUNC(chain_ptr, chain_destroy, NULL)

enum chain_got {
    CHAIN_FRAME,
    CHAIN_MORE,   /* push another frame first */
    CHAIN_END,    /* drained */
    CHAIN_FAILED, /* `failure` set */
};
/* NULL ends the stream. Takes a new reference. */
bool chain_push(struct chain *chain, const AVFrame *frame, struct failure *failure);
enum chain_got chain_pull(struct chain *chain, AVFrame *out, struct failure *failure);

enum AVMediaType chain_type(const struct chain *chain);
AVRational chain_time_base(const struct chain *chain);
enum AVSampleFormat chain_sample_format(const struct chain *chain);
const GPtrArray *chain_notes(const struct chain *chain); /* char * */
/* How many of these, the first, are about how the source is taken. */
unsigned chain_source_notes(const struct chain *chain);
bool chain_is_empty(const struct chain *chain); /* no step did anything: copying is right */
/* Steps only trimmed: copying a part is right. */
bool chain_only_cuts(const struct chain *chain);
/* True when the pixels' colours were changed or painted over, so that metadata about light levels
 * is stale. */
bool chain_is_graded(const struct chain *chain);
/* True when they are of another colour space, so that metadata about the display is stale. */
bool chain_is_respaced(const struct chain *chain);
/* True when programme time doesn't run as source time (speed): other tracks can't follow. */
bool chain_is_retimed(const struct chain *chain);
/* Seconds of the source in one of the programme. */
double chain_pace(const struct chain *chain);
/* Sound: true while what comes before the source's own start is the silence that was put there: no
 * step moved the sound or added another. */
bool chain_keeps_start(const struct chain *chain);
/* The part of the programme that is used, in seconds on the source's time line: a reader may seek
 * to `from` and stop at `to` (NAN = the end). Known after building. */
void chain_span(const struct chain *chain, double *from_s, double *to_s);
/* The second of the source's time line at which the programme starts, as trims left it: what
 * copied tracks and chapters are moved by. What chain_trim_silence finds to cut at the start is in
 * it at the end only. */
double chain_origin(const struct chain *chain);
/* Where a moment of the source is in the programme, for tracks that follow it: at
 * (t - origin_s) / pace, if that is from 0 to length_s (NAN: there is no end). False where time
 * isn't moved so simply. Known after building. */
struct time_line {
    double origin_s, pace, length_s;
};
bool chain_time_line(const struct chain *chain, struct time_line *line);
/* A span of the source becomes what the programme has of it; false when that is nothing. A span
 * without length is a moment; an end of INFINITY is that of the programme, or stays. */
bool time_line_cut(const struct time_line *line, double *start_s, double *end_s);

/* Behind this source that of others follows, and all is `duration_s` long (NAN unknown): the
 * branches made from now on know it. Frames of the others are pushed into them with times that go
 * on. */
void chain_lengthen(struct chain *chain, double duration_s);
/* A frame of silence as it comes out of a chain of sound; NULL without memory. */
AVFrame *chain_silence(const struct chain *chain, int samples);
/* The samples [skip, skip + keep) of a frame whose times count samples. */
void sound_cut(AVFrame *frame, int skip, int keep);
/* The second of the source's time line up to which the sound is its own; INFINITY: all of it is,
 * NAN unknown. */
double chain_own_end(const struct chain *chain);
/* No more input is needed. */
bool chain_satisfied(const struct chain *chain);
/* True for a chain that ends in chain_pick. */
bool chain_is_still(const struct chain *chain);
/* What is drawn of its moments had transparency, which was laid on a colour. */
bool chain_laid(const struct chain *chain);
/* A picture with a palette had pixels that were neither solid nor clear, and are one of both. */
bool chain_half_solid(const struct chain *chain);

/* The ends of chains, added by the render graph after the faces. */

/* Constant rate: every frame is shown at the nearest k/fps, repeated or dropped as needed; the
 * last one for its whole duration. Of two that are nearest to one moment, one is shown at the
 * moment beside it where that would repeat a frame, and is no more than 1/fps away; else the
 * nearer one stays. Nothing to do when `fps` already flows. */
bool chain_constant_rate(struct chain *chain, struct failure *failure, struct rational fps);
/* As another chain's picture: its colours, all of it inside the other size on black, its format,
 * and its rate where that is constant. Fields that this would mix are made frames. Noted. */
bool chain_conform(struct chain *chain, const struct video_shape *to, struct failure *failure);
/* "3 frames repeated, 0 dropped": what the stages above did so far; NULL nothing. Caller frees. */
char *chain_rate_text(const struct chain *chain);
/* Of a chain from a source's sound that nothing came of yet: it has nothing before this moment of
 * the programme, and gives silence up to there. */
void chain_begin_silent(struct chain *chain, double silent_s);
/* Samples of silence put where the source's sound starts late or has holes, but for those before
 * a moment of the source that it starts behind. */
int64_t chain_sound_filled(const struct chain *chain, double from_s);
/* As chain_format, and full or limited range ("pc" "tv") and a matrix; NULL = as it flows. */
bool chain_deliver_picture(struct chain *chain, struct failure *failure, const char *pix_fmt,
                           const char *range, const char *matrix);
/* A still: planar RGB of 8 or 16 bits packed as rgb24, rgb48le (with alpha rgba, rgba64le). */
bool chain_deliver_still(struct chain *chain, struct failure *failure, int bit_depth);
/* Sound as an encoder wants it: mixed by chain_mix's standard levels (FAIL_CONFIG without a rule),
 * resampled by chain_resample. Whole numbers out of more bits are rounded, clipped and counted the
 * same in every format and for every writer; to 16 bits with triangular dither of a fixed seed, to
 * 24 and 32 without: half a step of 24 bits is below any converter's noise, and a 24-bit source
 * stays as it is. sample_format AV_SAMPLE_FMT_NONE, rate 0, layout NULL = as it flows; a mix and
 * another rate flow in float. */
bool chain_deliver_sound(struct chain *chain, struct failure *failure,
                         enum AVSampleFormat sample_format, int rate, const char *layout);
/* After it: an encoder keeps only the upper `bits` of 32, so the sound is rounded to them. */
void chain_deliver_bits(struct chain *chain, int bits);
/* From here on all frames but the last have this many samples; 0 = nothing to do. */
bool chain_frame_size(struct chain *chain, struct failure *failure, int samples);
