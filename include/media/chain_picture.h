/* SPDX-License-Identifier: GPL-3.0-or-later
 * More that can be done to moving picture in a chain (media/chain.h). All of it is our own code on
 * planar samples of 8 to 16 bits, with the depth, chroma and tags that flow; what changes no
 * colours leaves them as they are, in whatever space. */
#pragma once

#include "media/chain.h"

/* Looks for black bars at the edges: the smallest box outside of which nothing was ever seen. A row
 * or column is seen in a frame when at least one in 50 of its samples is brighter than black by
 * `threshold` (share of the way to white; of R'G'B' the brightest of the three), and counts when
 * it was seen for a second in all, or for a tenth of the programme where that is less, whole frames
 * of black left out: so neither a flash nor a fade, nor noise below the threshold, moves the box.
 * When the last frame is through, *found is "width height x y frames width0 height0" (to be freed):
 * the box, frames looked at, and the picture's own size; NULL when no frame came. A programme that
 * is black from end to end has a box of 0 by 0. */
bool chain_find_bars(struct chain *chain, struct failure *failure, double threshold, char **found);

/* Unsharp masking of luma; chroma and alpha stay. From luma its Gaussian blur is taken, and of what
 * remains `amount` times (1 = once) is added, less `threshold` (share of the way from black to
 * white), so that less than that, noise, stays as it is. Of R'G'B' luma is BT.709's, or
 * BT.2020's, by its primaries, and the same is added to all three. Each field of interlaced picture
 * alone. */
struct unsharp {
    double amount;
    double radius; /* of the Gaussian: its standard deviation, pixels; 0.1 to 10 */
    double threshold;
};
bool chain_sharpen(struct chain *chain, struct failure *failure, const struct unsharp *unsharp);

/* A Gaussian blur of the code values that flow, of all components; `sigma_px` is its standard
 * deviation, of the picture's pixels also where chroma is subsampled or rows are of two fields,
 * each of which is blurred alone; cut off at three of it. Edges go on. Colours weigh as much as
 * they are seen, for which subsampled chroma is made whole, and goes on as it came. */
bool chain_blur(struct chain *chain, struct failure *failure, double sigma_px);

/* Stands at a place of a larger canvas, before itself: enlarged until the canvas is covered, its
 * middle in the middle, and blurred by a Gaussian of `blur` (standard deviation, share of the
 * canvas's shorter side; rounded with ordered dither). Alpha is blurred as the rest is. Not for
 * interlaced picture. */
bool chain_backdrop(struct chain *chain, struct failure *failure, const struct canvas_place *place,
                    double blur);

/* Moments of the programme drawn into one picture by code of ours: the end of a chain, as a still
 * is. */
struct moment {
    int index;                   /* from 0 */
    double time_s;               /* when the frame that is shown then begins */
    const struct rgb_rows *rows; /* float RGB; of interlaced picture its first field. Valid during
                                    the call */
};
struct moments_maker {
    int width, height;  /* of the picture it draws: 8-bit sRGB */
    struct rgba ground; /* what is transparent is laid on it, and that is noted */
    void *state;
    /* Every moment in order; fewer when nothing was there. */
    bool (*take)(void *state, const struct moment *moment, struct failure *failure);
    /* After the last. Rows of R, G, B, `stride` bytes apart. */
    bool (*draw)(void *state, uint8_t *pixels, size_t stride, struct failure *failure);
    void (*free)(void *state);
};
/* `count` ascending moments in seconds; of those past the end the last frame. Takes the maker's
 * state over, also when it fails. */
bool chain_moments(struct chain *chain, struct failure *failure, const double *at_s, int count,
                   const struct moments_maker *maker);

/* Of a picture with alpha (straight): laid on a colour, which is as of an SDR display; there is no
 * alpha behind it. */
bool chain_flatten(struct chain *chain, struct failure *failure, struct rgba color);

/* Another constant rate, as chain_constant_rate with as many frames: each is the mix of the two
 * frames around its time, by their distance from it, in the code values that flow (gamma light, as
 * editing programs and the FFmpeg filter `framerate` mix); at the time of a frame it is that frame
 * to the bit. The times are the frames' own, but for what containers round (a millisecond) of a
 * constant rate's. Straight alpha is mixed as well, and colours weigh as much as they are seen.
 * Not for interlaced picture. */
bool chain_blend_rate(struct chain *chain, struct failure *failure, struct rational fps);

/* Less noise: libavfilter's hqdn3d with `strength` times its own defaults. Each frame depends on
 * those before it. YUV without alpha (FAIL_CONFIG for others); not for interlaced picture. */
bool chain_denoise_picture(struct chain *chain, struct failure *failure, double strength);

/* Picture: the frame that is shown at `at_s` is held for `length_s`. `insert`: what follows comes
 * so much later, and the programme becomes longer; else what would have been seen meanwhile is
 * lost. `at_s` is the start of a frame, and `length_s` a whole number of them, where the rate is
 * constant. Of interlaced picture its first field is held, the other's lines interpolated
 * (FAIL_CONFIG at a variable rate). */
bool chain_freeze(struct chain *chain, struct failure *failure, double at_s, double length_s,
                  bool insert);
/* Sound: silence for `length_s` from `at_s` on; what follows comes later. It is put behind sound
 * that ends before, but not where there is none at all. */
bool chain_gap(struct chain *chain, struct failure *failure, double at_s, double length_s);

/* Picture: another file's moving picture, read from a descriptor as it is needed, over it, in the
 * matrix, range, depth and chroma that flow; its own transparency is kept. Its first frame is seen
 * from laid->from_s on (NAN: 0), each until its next one's time. The file's picture is turned
 * upright, and in its true shape on what flows. FAIL_CONFIG for one that is interlaced,
 * FAIL_INPUT_DAMAGED when it turns out not to be whole. */
enum over_end { OVER_HOLD, OVER_LOOP, OVER_STOP };
struct video_over {
    int width;      /* on the picture, in its pixels; 0 as it is */
    double opacity; /* 0 to 1 */
    enum over_end at_end;
};
bool chain_overlay_video(struct chain *chain, struct failure *failure, int fd,
                         const struct video_over *over, const struct laid *laid);

/* Picture: measures how the camera moves, frame by frame; text for chain_stabilise, kept in *path
 * (to be freed) when the last frame is through; NULL when none came. Not for interlaced picture. */
bool chain_follow_camera(struct chain *chain, struct failure *failure, char **path);

/* Picture: measures how bright each frame is (media/flicker.h); text for chain_even_light, kept in
 * *found (to be freed) when the last frame is through; NULL when none came. Of R'G'B' the mean of
 * the three. */
bool chain_find_light(struct chain *chain, struct failure *failure, char **found);
struct evened {
    int frames, changed;
    double most; /* that levels were changed by, a share; 0: frames aren't touched */
};
/* Picture: what was found, of the same frames, is smoothed, and each frame's luma above black and
 * chroma (or R'G'B') multiplied by what is missing. What is off by more than `most` stays. */
bool chain_even_light(struct chain *chain, struct failure *failure, const char *found,
                      double smooth_s, double most, struct evened *evened);

/* What is seen where a steadied frame doesn't reach. */
enum steady_border { STEADY_CROP, STEADY_MIRROR, STEADY_BLACK };
struct steady {
    double smooth_s; /* what is quicker is shake: standard deviation of a Gaussian over the way */
    enum steady_border border;
    double zoom_most; /* CROP: at most so many times as large; shots that need more are steadied
                         less */
};
struct steadied {
    int frames;
    bool shakes;       /* the camera does; not so where nothing was to be done */
    double largest_px; /* that a corner is moved by; 0: frames aren't touched */
    double zoom;       /* CROP: how many times as large the picture is shown, all of it */
};
/* Picture: the camera's way (chain_follow_camera, of the same frames) is smoothed and frames are
 * moved, turned and scaled by what is missing, with bicubic interpolation (Keys, a = -0.5) in the
 * depth that flows. Where no corner would move by a sixteenth of a pixel, be it that `zoom_most`
 * leaves no room to, frames aren't touched. */
bool chain_stabilise(struct chain *chain, struct failure *failure, const char *path,
                     const struct steady *steady, struct steadied *steadied);

/* Picture: the outlines of the safe areas, of action and of titles (93 and 90 % of the
 * picture: SMPTE ST 2046-1, EBU R 95), a pixel thick for every 540 lines. Of `laid` only the times
 * count. */
bool chain_safe_areas(struct chain *chain, struct failure *failure, struct rgba color,
                      const struct laid *laid);
